"""Conclusions kept for speed. They can be dropped and worked out anew; the facts are the truth."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Base, Instant


class KeptConclusions(Base):
    """One person's timeline as packed columns (engine/packing.py), and the data version that wrote it."""

    __tablename__ = "kept_conclusions"
    __table_args__ = (STRICT,)

    staff_id: Mapped[int] = mapped_column(
        Integer, ForeignKey("staff.id"), primary_key=True, autoincrement=False
    )
    data_version: Mapped[int] = mapped_column(Integer, index=True)
    worked_out_at: Mapped[datetime] = mapped_column(Instant)
    worked_out_by: Mapped[str] = mapped_column(Text)
    posts: Mapped[bytes] = mapped_column(LargeBinary)
    teams: Mapped[bytes] = mapped_column(LargeBinary)
    covering: Mapped[bytes] = mapped_column(LargeBinary)
    required: Mapped[bytes] = mapped_column(LargeBinary)
    lapsed: Mapped[bytes] = mapped_column(LargeBinary)


class KeptCatalogue(Base):
    """The one row that says when the rules last changed: competencies, courses, services, requirements."""

    __tablename__ = "kept_catalogue"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), STRICT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    data_version: Mapped[int] = mapped_column(Integer)
