"""How a competency is seen in practice: what to look for, what was observed, and doubts about a sign-off."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Day, Fact, Instant, YesNo, at_least, one_of, order, refers_to


class AssessmentRule(Fact):
    """What a competency asks of an assessment: how many observations, where, a second signature."""

    __tablename__ = "assessment_rules"
    __table_args__ = (at_least("observations", 1), STRICT)

    competency_id: Mapped[int] = mapped_column(Integer, ForeignKey("competencies.id"), unique=True)
    observations: Mapped[int] = mapped_column(Integer, default=1)
    settings: Mapped[str | None] = mapped_column(Text)
    needs_countersign: Mapped[bool] = mapped_column(YesNo, default=False)


class AssessmentCriterion(Fact):
    """One thing to see; end-dated when it changes, so that an assessment keeps the wording it was made on."""

    __tablename__ = "assessment_criteria"
    __table_args__ = (
        UniqueConstraint("competency_id", "position", "in_force_from", name="uq_assessment_criteria_key"),
        order("in_force_from", "in_force_to"),
        at_least("position", 1),
        STRICT,
    )

    competency_id: Mapped[int] = refers_to("competencies", index=False)
    position: Mapped[int] = mapped_column(Integer)
    wording: Mapped[str] = mapped_column(Text)
    in_force_from: Mapped[date] = mapped_column(Day)
    in_force_to: Mapped[date | None] = mapped_column(Day)


class AssessmentRequest(Fact):
    """Somebody named to assess a person in a competency; while it is open the assessor may see the person.

    `reopens`: a manager allowed further attempts after the last ones failed, and said why.
    """

    __tablename__ = "assessment_requests"
    __table_args__ = (
        CheckConstraint("assessor_id <> staff_id", name="not_of_oneself"),
        CheckConstraint("reopens = 0 OR reason IS NOT NULL", name="reopened_for_a_reason"),
        order("starts_on", "ends_on"),
        at_least("level", 1),
        STRICT,
    )

    staff_id: Mapped[int] = refers_to("staff")
    competency_id: Mapped[int] = refers_to("competencies")
    level: Mapped[int] = mapped_column(Integer)
    assessor_id: Mapped[int] = refers_to("staff")
    wanted_by: Mapped[date | None] = mapped_column(Day)
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date | None] = mapped_column(Day)
    reopens: Mapped[bool] = mapped_column(YesNo, default=False)
    reason: Mapped[str | None] = mapped_column(Text)


class Assessment(Fact):
    """One observation of one person: what was seen, who was there, competent or what to do next."""

    __tablename__ = "assessments"
    __table_args__ = (
        CheckConstraint("assessor_id <> staff_id", name="not_of_oneself"),
        CheckConstraint("outcome = 'competent' OR next_steps IS NOT NULL", name="not_yet_says_what_next"),
        CheckConstraint(
            "(countersigned_at IS NULL) = (countersigned_by IS NULL)", name="countersigned_by_somebody"
        ),
        one_of("outcome", "competent", "not_yet"),
        at_least("level", 1),
        STRICT,
    )

    staff_id: Mapped[int] = refers_to("staff")
    competency_id: Mapped[int] = refers_to("competencies")
    level: Mapped[int] = mapped_column(Integer)
    assessor_id: Mapped[int] = refers_to("staff")
    assessed_on: Mapped[date] = mapped_column(Day)
    setting: Mapped[str | None] = mapped_column(Text)
    present: Mapped[str | None] = mapped_column(Text)
    criteria_seen: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    next_steps: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    countersigned_by: Mapped[str | None] = mapped_column(Text)
    countersigned_at: Mapped[datetime | None] = mapped_column(Instant)
    sign_off_id: Mapped[int | None] = refers_to("sign_offs")


class SignOffReview(Fact):
    """A doubt about a sign-off: opened with a reason, closed by somebody who let it stand or withdrew it."""

    __tablename__ = "sign_off_reviews"
    __table_args__ = (
        one_of("outcome", "stands", "withdrawn"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_with_an_outcome"),
        STRICT,
    )

    sign_off_id: Mapped[int] = refers_to("sign_offs")
    reason: Mapped[str] = mapped_column(Text)
    suspension_id: Mapped[int | None] = refers_to("suspensions")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
