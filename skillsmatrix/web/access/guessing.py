"""How long somebody waits after wrong guesses: by account and address, by account, and by address."""

from datetime import datetime
from typing import Final

from flask import g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from skillsmatrix.domain.sign_in import (
    LOOK_BACK,
    PER_ACCOUNT,
    PER_ACCOUNT_AND_ADDRESS,
    PER_ADDRESS,
    waits_until,
)
from skillsmatrix.operations.accounts import count_attempt, email_digest
from skillsmatrix.queries.accounts import wrong_guesses
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.transactions import keep_now, write_now

ANONYMOUS: Final = "anonymous"


def count_try(email: str) -> int:
    """Count this try before the password is looked at; refuse it when too many before it were wrong."""
    write_now()
    own, address = db_session(), request.remote_addr or ""
    wait = wait_over_at(own, email_hash=email_digest(email), address=address, at=g.at)
    if wait is not None:
        raise TooManyRequests(retry_after=wait)
    attempt_id = count_attempt(own, email=email, address=address, by=ANONYMOUS, at=g.at)
    keep_now()
    return attempt_id


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
