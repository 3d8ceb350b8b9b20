"""Mails that did not get through, for those who look after accounts: to whom and why, not what they said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.digest import DIGEST_KEY
from skillsmatrix.models import Account, Job, Mail, Staff
from skillsmatrix.queries.holder_names import HOLDER_NAME

SINCE: Final = timedelta(days=60)
SEND_JOB: Final = "send_mail"
_STILL_WANTED: Final = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class UnsentMail:
    """One mail that is not sent. `digest`: the weekly one, else about the account itself."""

    account_id: int
    display_name: str
    email: str
    staff: str | None
    digest: bool
    written_at: datetime
    why: str
    tried_again: bool


def unsent_mails(session: Session, *, at: datetime) -> list[UnsentMail]:
    """Those of the last two months, the latest first."""
    rows = session.execute(
        select(Mail, Account, Staff.code, HOLDER_NAME)
        .join(Account, Account.id == Mail.account_id)
        .outerjoin(Staff, Staff.id == Account.staff_id)
        .where(Mail.sent_at.is_(None), Mail.last_error.is_not(None), Mail.written_at > at - SINCE)
        .order_by(Mail.id.desc())
    ).all()
    keys = [str(mail.id) for mail, _account, _staff, _name in rows]
    wanted = set(
        session.scalars(
            select(Job.key).where(Job.kind == SEND_JOB, Job.key.in_(keys), Job.state.in_(_STILL_WANTED))
        )
    )
    return [
        UnsentMail(
            account_id=account.id,
            display_name=name,
            email=account.email,
            staff=staff,
            digest=mail.key.startswith(DIGEST_KEY),
            written_at=mail.written_at,
            why=mail.last_error or "",
            tried_again=str(mail.id) in wanted,
        )
        for mail, account, staff, name in rows
    ]
