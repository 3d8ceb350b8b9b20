"""What one account has said about mail, and what became of the last one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.digest import DIGEST_KEY
from skillsmatrix.models import Account, Mail, MailPreference


@dataclass(frozen=True, slots=True)
class MailState:
    """`wanted`: the weekly digest by mail. `sent_at`, `failed`: of the last such mail, if any."""

    address: str
    wanted: bool
    sent_at: datetime | None
    failed: bool


def mail_state(session: Session, account_id: int) -> MailState:
    """How the weekly mail of an account stands."""
    account = session.get_one(Account, account_id)
    wish = session.scalar(select(MailPreference).where(MailPreference.account_id == account_id))
    last = session.scalars(
        select(Mail)
        .where(Mail.account_id == account_id, Mail.key.startswith(DIGEST_KEY))
        .order_by(Mail.id.desc())
        .limit(1)
    ).first()
    return MailState(
        address=account.email,
        wanted=wish is None or wish.weekly_digest,
        sent_at=last.sent_at if last is not None else None,
        failed=last is not None and last.sent_at is None and last.last_error is not None,
    )
