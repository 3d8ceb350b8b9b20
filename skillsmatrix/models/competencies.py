"""What people can be asked to be able to do, and the courses that teach it."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import (
    STRICT,
    Day,
    Fact,
    Number,
    YesNo,
    at_least,
    code,
    one_of,
    refers_to,
)


class Competency(Fact):
    """A named thing a person is able to do, with all the rules by which it is held and kept."""

    __tablename__ = "competencies"
    __table_args__ = (
        CheckConstraint("needs_learning + needs_sign_off > 0", name="needs_some_evidence"),
        CheckConstraint(
            "(supervision_kind IS NULL) = (supervision_lapse_days IS NULL)",
            name="supervision_kind_with_lapse_days",
        ),
        one_of("renewal", "reset", "keep_anniversary"),
        at_least("learning_level", 1),
        at_least("learning_months", 1),
        at_least("sign_off_months", 1),
        at_least("early_window_days", 0),
        at_least("supervision_every_days", 1),
        at_least("supervision_lapse_days", 0),
        at_least("supervision_max_group", 1),
        STRICT,
    )

    code: Mapped[str] = code()
    title: Mapped[str] = mapped_column(Text)
    framework: Mapped[str | None] = mapped_column(Text)
    group: Mapped[str | None] = mapped_column(Text)
    needs_learning: Mapped[bool] = mapped_column(YesNo)
    needs_sign_off: Mapped[bool] = mapped_column(YesNo)
    learning_level: Mapped[int] = mapped_column(Integer, default=1)
    learning_months: Mapped[int | None] = mapped_column(Integer)
    sign_off_months: Mapped[int | None] = mapped_column(Integer)
    renewal: Mapped[str] = mapped_column(Text, default="reset")
    early_window_days: Mapped[int] = mapped_column(Integer, default=0)
    cumulative: Mapped[bool] = mapped_column(YesNo, default=True)
    supervision_kind: Mapped[str | None] = mapped_column(Text)
    supervision_every_days: Mapped[int | None] = mapped_column(Integer)
    supervision_lapse_days: Mapped[int | None] = mapped_column(Integer)
    supervision_max_group: Mapped[int | None] = mapped_column(Integer)
    registration_body: Mapped[str | None] = mapped_column(Text)
    superseded_on: Mapped[date | None] = mapped_column(Day)
    superseded_by_id: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("competencies.id", deferrable=True, initially="DEFERRED")
    )
    boundary: Mapped[str | None] = mapped_column(Text)


class Course(Fact):
    """A course as it is offered."""

    __tablename__ = "courses"
    __table_args__ = (
        CheckConstraint("hours >= 0", name="hours_not_negative"),
        at_least("fee_pence", 0),
        at_least("capacity", 0),
        STRICT,
    )

    code: Mapped[str] = code()
    title: Mapped[str] = mapped_column(Text)
    provider: Mapped[str | None] = mapped_column(Text)
    mode: Mapped[str | None] = mapped_column(Text)
    hours: Mapped[float | None] = mapped_column(Number)
    fee_pence: Mapped[int | None] = mapped_column(Integer)
    capacity: Mapped[int | None] = mapped_column(Integer)


class CourseGrant(Fact):
    """A competency that a course gives, at what level and for how long."""

    __tablename__ = "course_grants"
    __table_args__ = (
        UniqueConstraint("course_id", "competency_id", name="uq_course_grants_key"),
        at_least("level", 1),
        at_least("valid_months", 1),
        STRICT,
    )

    course_id: Mapped[int] = refers_to("courses", index=False)
    competency_id: Mapped[int] = refers_to("competencies")
    level: Mapped[int | None] = mapped_column(Integer)
    valid_months: Mapped[int | None] = mapped_column(Integer)
