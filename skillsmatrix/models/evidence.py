"""What people have shown: learning, sign-offs, and what stands in the way or excuses them."""

from datetime import date

from sqlalchemy import CheckConstraint, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Day, Fact, at_least, one_of, order, refers_to


class Learning(Fact):
    """A completion: says nothing about competence where a sign-off is asked for as well."""

    __tablename__ = "learning"
    __table_args__ = (
        UniqueConstraint("staff_id", "competency_id", "completed_on", "reference", name="uq_learning_key"),
        at_least("level", 1),
        at_least("valid_months", 1),
        STRICT,
    )

    staff_id: Mapped[int] = refers_to("staff", index=False)
    competency_id: Mapped[int] = refers_to("competencies")
    completed_on: Mapped[date] = mapped_column(Day)
    level: Mapped[int | None] = mapped_column(Integer)
    course_id: Mapped[int | None] = refers_to("courses")
    provider: Mapped[str | None] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text, default="")  # part of the key, so blank and never null
    valid_months: Mapped[int | None] = mapped_column(Integer)


class SignOff(Fact):
    """An assessor's dated decision. Nobody signs off their own competence (contract E4)."""

    __tablename__ = "sign_offs"
    __table_args__ = (
        UniqueConstraint("staff_id", "competency_id", "assessed_on", "assessor_id", name="uq_sign_offs_key"),
        CheckConstraint("assessor_id <> staff_id", name="not_of_oneself"),
        one_of("outcome", "competent", "not_yet"),
        at_least("level", 1),
        STRICT,
    )

    staff_id: Mapped[int] = refers_to("staff", index=False)
    competency_id: Mapped[int] = refers_to("competencies")
    level: Mapped[int] = mapped_column(Integer)
    assessed_on: Mapped[date] = mapped_column(Day)
    outcome: Mapped[str] = mapped_column(Text)
    assessor_id: Mapped[int] = refers_to("staff")
    withdrawn_on: Mapped[date | None] = mapped_column(Day)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)


class Suspension(Fact):
    """A decision that a person must not use a competency for a while (contract S1)."""

    __tablename__ = "suspensions"
    __table_args__ = (
        UniqueConstraint("staff_id", "competency_id", "starts_on", name="uq_suspensions_key"),
        order("starts_on", "ends_on"),
        STRICT,
    )

    staff_id: Mapped[int] = refers_to("staff", index=False)
    competency_id: Mapped[int] = refers_to("competencies")
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date | None] = mapped_column(Day)
    reason: Mapped[str | None] = mapped_column(Text)


class Exemption(Fact):
    """A decision that a person need not hold a competency for a while; the reason is restricted."""

    __tablename__ = "exemptions"
    __table_args__ = (
        UniqueConstraint("staff_id", "competency_id", "starts_on", name="uq_exemptions_key"),
        order("starts_on", "ends_on"),
        STRICT,
    )

    staff_id: Mapped[int] = refers_to("staff", index=False)
    competency_id: Mapped[int] = refers_to("competencies")
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date] = mapped_column(Day)
    approved_by: Mapped[str] = mapped_column(Text)
    reason_kind: Mapped[str | None] = mapped_column(Text)
