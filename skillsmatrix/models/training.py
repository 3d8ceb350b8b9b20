"""Course dates and who is coming; what a course asks for first; learning claimed from elsewhere."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Day, Fact, Instant, YesNo, at_least, one_of, refers_to

BOOKING_STATES = (
    "waiting",
    "offered",
    "booked",
    "cancelled",
    "attended",
    "part_attended",
    "did_not_attend",
    "failed",
)


class CourseDate(Fact):
    """One run of a course: when, where, who teaches, how many seats, what it costs."""

    __tablename__ = "course_dates"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
        CheckConstraint("minimum <= seats", name="minimum_fits_the_seats"),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_reason IS NULL)", name="cancelled_for_a_reason"),
        at_least("seats", 1),
        at_least("minimum", 0),
        at_least("seat_pence", 0),
        at_least("run_pence", 0),
        Index("ix_course_dates_starts_at", "starts_at"),
        STRICT,
    )

    course_id: Mapped[int] = refers_to("courses")
    trainer_id: Mapped[int | None] = refers_to("staff")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    place: Mapped[str | None] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(Text)
    seats: Mapped[int] = mapped_column(Integer)
    minimum: Mapped[int] = mapped_column(Integer, default=0)
    seat_pence: Mapped[int] = mapped_column(Integer, default=0)
    run_pence: Mapped[int] = mapped_column(Integer, default=0)
    cut_off_on: Mapped[date | None] = mapped_column(Day)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_reason: Mapped[str | None] = mapped_column(Text)


class Booking(Fact):
    """One person and one course date, from asking to what came of it. The id is the order of asking."""

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("course_date_id", "staff_id", name="uq_bookings_key"),
        one_of("state", *BOOKING_STATES),
        CheckConstraint("(state = 'offered') = (offered_until IS NOT NULL)", name="offered_until_an_instant"),
        STRICT,
    )

    course_date_id: Mapped[int] = refers_to("course_dates", index=False)
    staff_id: Mapped[int] = refers_to("staff")
    state: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    offered_until: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None] = mapped_column(Text)
    override: Mapped[bool] = mapped_column(YesNo, default=False)


class CoursePrerequisite(Fact):
    """A competency that must be held on the day before a course may be taken."""

    __tablename__ = "course_prerequisites"
    __table_args__ = (
        UniqueConstraint("course_id", "competency_id", name="uq_course_prerequisites_key"),
        at_least("level", 1),
        STRICT,
    )

    course_id: Mapped[int] = refers_to("courses", index=False)
    competency_id: Mapped[int] = refers_to("competencies")
    level: Mapped[int] = mapped_column(Integer, default=1)


class Upload(Fact):
    """A file somebody handed in; kept under our own name outside the web root, never served as a page."""

    __tablename__ = "uploads"
    __table_args__ = (at_least("size", 1), STRICT)

    name: Mapped[str] = mapped_column(Text, unique=True)
    given_name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(Text)
    staff_id: Mapped[int] = refers_to("staff")


class Claim(Fact):
    """Learning done elsewhere, waiting for a named person to accept or refuse it."""

    __tablename__ = "claims"
    __table_args__ = (
        one_of("state", "waiting", "accepted", "refused"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_at_an_instant"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint("state <> 'refused' OR decision_reason IS NOT NULL", name="refused_for_a_reason"),
        at_least("level", 1),
        at_least("valid_months", 1),
        STRICT,
    )

    staff_id: Mapped[int] = refers_to("staff")
    competency_id: Mapped[int] = refers_to("competencies")
    completed_on: Mapped[date] = mapped_column(Day)
    title: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text, default="")
    level: Mapped[int | None] = mapped_column(Integer)
    valid_months: Mapped[int | None] = mapped_column(Integer)
    upload_id: Mapped[int | None] = refers_to("uploads")
    equivalence_id: Mapped[int | None] = refers_to("equivalences")
    state: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decision_reason: Mapped[str | None] = mapped_column(Text)
    learning_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("learning.id"))


class Equivalence(Fact):
    """Whose course counts as ours: for which competency, at what level, how long, and after what."""

    __tablename__ = "equivalences"
    __table_args__ = (
        UniqueConstraint("provider", "title", "competency_id", "in_force_from", name="uq_equivalences_key"),
        CheckConstraint(
            "in_force_to IS NULL OR in_force_to >= in_force_from",
            name="in_force_to_not_before_in_force_from",
        ),
        at_least("level", 1),
        at_least("valid_months", 1),
        STRICT,
    )

    provider: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    competency_id: Mapped[int] = refers_to("competencies")
    level: Mapped[int] = mapped_column(Integer, default=1)
    valid_months: Mapped[int | None] = mapped_column(Integer)
    needs_observation: Mapped[bool] = mapped_column(YesNo, default=False)
    in_force_from: Mapped[date] = mapped_column(Day)
    in_force_to: Mapped[date | None] = mapped_column(Day)
