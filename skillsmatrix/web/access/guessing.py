"""How long somebody waits after wrong guesses: by account and address, by account, and by address."""

from datetime import datetime

from sqlalchemy.orm import Session

from skillsmatrix.domain.sign_in import (
    LOOK_BACK,
    PER_ACCOUNT,
    PER_ACCOUNT_AND_ADDRESS,
    PER_ADDRESS,
    waits_until,
)
from skillsmatrix.queries.accounts import wrong_guesses


def wait_over_at(session: Session, *, email_hash: str, address: str, at: datetime) -> datetime | None:
    """The instant from which a try is looked at again; None when it is now."""
    since = at - LOOK_BACK
    waits = (
        waits_until(
            wrong_guesses(session, since=since, email_hash=email_hash, address=address),
            PER_ACCOUNT_AND_ADDRESS,
        ),
        waits_until(wrong_guesses(session, since=since, email_hash=email_hash), PER_ACCOUNT),
        waits_until(wrong_guesses(session, since=since, address=address), PER_ADDRESS),
    )
    ahead = [wait for wait in waits if wait is not None and wait > at]
    return max(ahead, default=None)
