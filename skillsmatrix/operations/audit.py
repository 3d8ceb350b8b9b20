"""The log: every change, who, when, before and after, in the same transaction, each chained to the last."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from skillsmatrix.foundation.chain import canonical, link_hash
from skillsmatrix.models import AuditEntry, Ledger


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
) -> AuditEntry:
    """Write one line of the log. `kind` is in the past tense: `sign_off_recorded`.

    The caller's transaction must have begun as a writing one (`begin_writing`), so that two writers
    cannot both follow the same entry.
    """
    session.flush()
    entries, last_hash = session.execute(select(Ledger.entries, Ledger.last_hash).where(Ledger.id == 1)).one()
    entry = AuditEntry(
        id=entries + 1,
        at=at.astimezone(UTC),
        by=by,
        kind=kind,
        subject_table=subject[0] if subject else None,
        subject_id=subject[1] if subject else None,
        staff_id=staff_id,
        before=canonical(before),
        after=canonical(after),
        previous_hash=last_hash,
    )
    entry.hash = link_hash(entry.link())
    session.add(entry)
    session.execute(update(Ledger).where(Ledger.id == 1).values(entries=entry.id, last_hash=entry.hash))
    session.flush()
    return entry
