"""The log of every change, the earlier versions of facts, and what keeps a retry from doing it twice."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from skillsmatrix.models.base import STRICT, Base, Instant


class Ledger(Base):
    """The one row that every writing transaction holds: the data version and where the log ends."""

    __tablename__ = "ledger"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), STRICT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    data_version: Mapped[int] = mapped_column(Integer)
    entries: Mapped[int] = mapped_column(Integer)
    last_hash: Mapped[str] = mapped_column(Text)


class AuditEntry(Base):
    """Who did what to which row, when, before and after; each carries the hash of the one before."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_subject", "subject_table", "subject_id"), STRICT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    subject_table: Mapped[str | None] = mapped_column(Text)
    subject_id: Mapped[int | None] = mapped_column(Integer)
    staff_id: Mapped[int | None] = mapped_column(Integer, index=True)
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text, unique=True)

    def link(self) -> tuple[object, ...]:
        """All that this entry says, in the order in which it is hashed."""
        return (
            self.id,
            self.at,
            self.by,
            self.kind,
            self.subject_table,
            self.subject_id,
            self.staff_id,
            self.before,
            self.after,
            self.previous_hash,
        )


class EarlierVersion(Base):
    """A version of a fact that was corrected: its values as JSON, and when it was believed."""

    __tablename__ = "earlier_versions"
    __table_args__ = (
        Index("ix_earlier_versions_row", "table_name", "row_id"),
        Index("ix_earlier_versions_believed", "known_from", "known_to"),
        CheckConstraint("known_to >= known_from", name="known_to_not_before_known_from"),
        STRICT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    table_name: Mapped[str] = mapped_column(Text)
    row_id: Mapped[int] = mapped_column(Integer)
    known_from: Mapped[datetime] = mapped_column(Instant)
    known_to: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[str] = mapped_column(Text)
    corrected_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    row: Mapped[str] = mapped_column("values", Text)


class IdempotencyKey(Base):
    """A request that must not happen twice, and what came of it."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("operation", "key", name="uq_idempotency_keys_key"), STRICT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    operation: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
