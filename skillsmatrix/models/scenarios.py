"""What somebody tries out before doing it. Nothing here is a fact about anybody."""

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Fact, YesNo, refers_to


class Scenario(Fact):
    """A named list of changes (JSON, see domain/scenario.py), of one account; archived, never deleted."""

    __tablename__ = "scenarios"
    __table_args__ = (CheckConstraint("length(name) > 0", name="has_a_name"), STRICT)

    owner_id: Mapped[int] = refers_to("accounts")
    name: Mapped[str] = mapped_column(Text)
    changes: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool] = mapped_column(YesNo, default=False)
    archived: Mapped[bool] = mapped_column(YesNo, default=False)
