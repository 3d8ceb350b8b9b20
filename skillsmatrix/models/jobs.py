"""Work that outlives a request: what is wanted, how far it is, and who holds it just now."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Base, Instant, at_least, one_of


class Job(Base):
    """One piece of background work. A worker holds it until `leased_until`; then another may take it."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("kind", "key", name="uq_jobs_key"),
        one_of("state", "waiting", "running", "done", "failed", "cancelled"),
        CheckConstraint("(leased_until IS NULL) = (leased_by IS NULL)", name="leased_by_somebody"),
        at_least("attempts", 0),
        Index("ix_jobs_next", "state", "not_before"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    wanted_by: Mapped[str] = mapped_column(Text)
    wanted_at: Mapped[datetime] = mapped_column(Instant)
    not_before: Mapped[datetime] = mapped_column(Instant)
    leased_by: Mapped[str | None] = mapped_column(Text)
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    outcome: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
