"""The log: every change, who, when, before and after, in the same transaction, each chained to the last."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from skillsmatrix.foundation.chain import canonical, link_hash
from skillsmatrix.models import AuditEntry, Ledger

_END = select(Ledger.entries, Ledger.last_hash).where(Ledger.id == 1)
_ADD = insert(AuditEntry)
_MOVE_END = (
    update(Ledger).where(Ledger.id == 1).values(entries=bindparam("number"), last_hash=bindparam("hash"))
)


def audit(
    session: Session,
    kind: str,
    *,
    by: str,
    at: datetime,
    subject: tuple[str, int] | None = None,
    staff_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write one line of the log. `kind` is in the past tense: `sign_off_recorded`.

    The caller's transaction must have begun as a writing one (`begin_writing`), so that two writers
    cannot both follow the same entry.
    """
    session.flush()
    connection = session.connection()
    entries, last_hash = connection.execute(_END).one()
    table, row_id = subject or (None, None)
    said = {
        "id": entries + 1,
        "at": at.astimezone(UTC),
        "by": by,
        "kind": kind,
        "subject_table": table,
        "subject_id": row_id,
        "staff_id": staff_id,
        "before": canonical(before),
        "after": canonical(after),
        "previous_hash": last_hash,
    }
    link = link_hash(AuditEntry(**said).link())
    connection.execute(_ADD, {**said, "hash": link})
    connection.execute(_MOVE_END, {"number": entries + 1, "hash": link})
