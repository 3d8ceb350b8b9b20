"""Supervision: who supervises whom, and the sessions held. What was said has no column."""

from datetime import date

from sqlalchemy import CheckConstraint, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Day, Fact, at_least, order, refers_to


class SupervisionSession(Fact):
    """One person attending one session; a group of six is six rows."""

    __tablename__ = "supervision"
    __table_args__ = (
        UniqueConstraint("supervisee_id", "supervisor_id", "kind", "held_on", name="uq_supervision_key"),
        at_least("minutes", 0),
        at_least("group_size", 1),
        STRICT,
    )

    supervisee_id: Mapped[int] = refers_to("staff", index=False)
    supervisor_id: Mapped[int] = refers_to("staff")
    kind: Mapped[str] = mapped_column(Text)
    held_on: Mapped[date] = mapped_column(Day)
    minutes: Mapped[int | None] = mapped_column(Integer)
    group_size: Mapped[int | None] = mapped_column(Integer)


class SupervisionAgreement(Fact):
    """Who supervises whom, in which kind, how often; the ground of a supervisor's access."""

    __tablename__ = "supervision_agreements"
    __table_args__ = (
        UniqueConstraint(
            "supervisee_id", "supervisor_id", "kind", "starts_on", name="uq_supervision_agreements_key"
        ),
        CheckConstraint("supervisor_id <> supervisee_id", name="not_of_oneself"),
        order("starts_on", "ends_on"),
        at_least("every_days", 1),
        STRICT,
    )

    supervisee_id: Mapped[int] = refers_to("staff", index=False)
    supervisor_id: Mapped[int] = refers_to("staff")
    kind: Mapped[str] = mapped_column(Text)
    every_days: Mapped[int | None] = mapped_column(Integer)
    starts_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date | None] = mapped_column(Day)


class SupervisionAction(Fact):
    """Something agreed in supervision: who does what by when. What was talked about has no column."""

    __tablename__ = "supervision_actions"
    __table_args__ = (STRICT,)

    supervisee_id: Mapped[int] = refers_to("staff")
    owner_id: Mapped[int] = refers_to("staff")
    what: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Day)
    done_on: Mapped[date | None] = mapped_column(Day)
