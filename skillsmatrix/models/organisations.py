"""Employers and partners, and the supported services they run."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Day, Fact, code, order, refers_to


class Organisation(Fact):
    """An employer, a partner, or a host of seconded staff."""

    __tablename__ = "organisations"
    __table_args__ = (STRICT,)

    code: Mapped[str] = code()
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)


class Service(Fact):
    """A place or team where people are supported; opens, closes, and may be followed by a successor.

    `region`: where it lies, in the organisation's own words. No package has it (decision 0028).
    """

    __tablename__ = "services"
    __table_args__ = (order("opens_on", "closes_on"), STRICT)

    code: Mapped[str] = code()
    name: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[int] = refers_to("organisations")
    kind: Mapped[str | None] = mapped_column(Text)
    opens_on: Mapped[date | None] = mapped_column(Day)
    closes_on: Mapped[date | None] = mapped_column(Day)
    successor_id: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("services.id", deferrable=True, initially="DEFERRED")
    )
    escalation_contact: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(
        Text, CheckConstraint("trim(region) <> ''", name="region_given")
    )
