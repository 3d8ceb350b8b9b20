"""Changes to the rules that are drafted, looked at, approved by a second person, and take effect on a day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Day, Fact, Instant, YesNo, one_of


class RuleChange(Fact):
    """A drafted change to a requirement or a competency; `changes` is JSON of new values."""

    __tablename__ = "rule_changes"
    __table_args__ = (
        one_of("table_name", "requirements", "competencies"),
        one_of("state", "draft", "approved", "in_force", "dropped"),
        CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approved_by_somebody"),
        CheckConstraint("approved_by IS NULL OR approved_by <> recorded_by", name="approved_by_another"),
        CheckConstraint(
            "state NOT IN ('approved', 'in_force') OR approved_by IS NOT NULL",
            name="approved_before_in_force",
        ),
        STRICT,
    )

    table_name: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    changes: Mapped[str] = mapped_column(Text)
    takes_effect_on: Mapped[date] = mapped_column(Day)
    new_completions_only: Mapped[bool] = mapped_column(YesNo, default=True)
    why: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
