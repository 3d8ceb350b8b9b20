"""Calendar feeds: an address that only its owner is told, once, and that can be taken back at any time."""

import secrets
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from skillsmatrix.models import CalendarFeed
from skillsmatrix.operations.audit import audit
from skillsmatrix.queries.calendar import feed_digest

TOKEN_BYTES = 32


def make_feed(session: Session, *, account_id: int, by: str, at: datetime) -> str:
    """The token of a new feed; one that was there before works no longer. Only a digest of it is kept."""
    _revoke(session, account_id, at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(CalendarFeed(account_id=account_id, token_hash=feed_digest(token), created_at=at))
    session.flush()
    audit(session, "calendar_feed_made", by=by, at=at, subject=("accounts", account_id))
    return token


def revoke_feed(session: Session, *, account_id: int, by: str, at: datetime) -> bool:
    """Take the feed of an account back; False when it has none."""
    if not _revoke(session, account_id, at):
        return False
    audit(session, "calendar_feed_revoked", by=by, at=at, subject=("accounts", account_id))
    return True


def _revoke(session: Session, account_id: int, at: datetime) -> bool:
    revoked = session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.account_id == account_id, CalendarFeed.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(CalendarFeed.id)
    )
    return bool(revoked.scalars().all())
