"""What a service needs: a competency, at a level, from how many."""

from datetime import date

from sqlalchemy import CheckConstraint, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Day, Fact, at_least, code, one_of, order, refers_to


class Requirement(Fact):
    """One rule of cover. A blank service or role means every service or role."""

    __tablename__ = "requirements"
    __table_args__ = (
        order("in_force_from", "in_force_to"),
        one_of("cover", "each", "percent", "count", "named"),
        one_of("strength", "hard_stop", "target"),
        CheckConstraint("cover = 'each' OR amount IS NOT NULL", name="amount_stated"),
        CheckConstraint("cover <> 'percent' OR amount <= 100", name="percent_at_most_100"),
        at_least("amount", 0),
        at_least("level", 1),
        at_least("induction_days", 0),
        STRICT,
    )

    code: Mapped[str] = code()
    service_id: Mapped[int | None] = refers_to("services")
    role_id: Mapped[int | None] = refers_to("roles")
    competency_id: Mapped[int] = refers_to("competencies")
    level: Mapped[int] = mapped_column(Integer, default=1)
    cover: Mapped[str] = mapped_column(Text)
    amount: Mapped[int | None] = mapped_column(Integer)
    strength: Mapped[str] = mapped_column(Text)
    in_force_from: Mapped[date] = mapped_column(Day)
    in_force_to: Mapped[date | None] = mapped_column(Day)
    induction_days: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str | None] = mapped_column(Text)
