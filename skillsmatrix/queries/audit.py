"""Reading the log, and finding out whether it is still what was written."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.foundation.chain import FIRST_HASH, link_hash
from skillsmatrix.models import AuditEntry, Ledger


def broken_links(session: Session) -> list[str]:
    """What is wrong with the log, in words, first fault first; empty when the chain holds."""
    faults: list[str] = []
    expected_id, previous = 1, FIRST_HASH
    entries = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)
    for entry in session.scalars(entries):
        if entry.id != expected_id:
            faults.append(f"entry {expected_id} is missing: the next one found is {entry.id}")
        elif entry.previous_hash != previous:
            faults.append(f"entry {entry.id} does not follow the entry before it")
        if entry.hash != link_hash(entry.link()):
            faults.append(f"entry {entry.id} was changed after it was written")
        expected_id, previous = entry.id + 1, entry.hash
    ledger = session.get_one(Ledger, 1)
    if (ledger.entries, ledger.last_hash) != (expected_id - 1, previous):
        faults.append(f"the log ends at entry {expected_id - 1}, but {ledger.entries} were written")
    return faults
