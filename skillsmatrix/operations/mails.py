"""Mails: written once, in the transaction that wants them, and handed over at most once.

A mail is marked just before its text goes to the server, and marked again when the server has taken it. When
the program dies between the two, nobody can know whether it was taken: it is not sent again, and says so
(decision record 0021).
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from skillsmatrix.domain.digest import DIGEST_KEY
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.foundation.smtp import MailInDoubt, MailNotTaken, MailServer, hand_over
from skillsmatrix.models import Account, Mail, MailPreference
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.jobs import want_job
from skillsmatrix.queries.unsent_mails import SEND_JOB

TOO_OLD: Final = timedelta(days=7)  # by then there is a newer digest
IN_DOUBT: Final = "The program stopped while the mail was being handed over. It is not sent again."
STALE: Final = "The account was shut, or the mail too old, before it could be sent."
NO_ADDRESS: Final = "The address of the account cannot be used for mail."


class InOtherHands(Exception):
    """Another worker is handing this mail over, or has."""


@dataclass(frozen=True, slots=True)
class PostOffice:
    """How this installation sends mail. `page`: the address where somebody sees and stops what is sent.

    `completed`: what must not lie in the database is put into the text as it leaves.
    """

    server: MailServer
    sender: str
    sender_name: str
    page: str
    completed: Callable[[str], str] = str


def write_mail(
    session: Session, *, account_id: int, key: str, subject: str, body: str, host: str, by: str, at: datetime
) -> int | None:
    """Write a mail and ask for its sending; None when one with this key is written already.

    `host`: the right side of its Message-ID.
    """
    if session.scalar(select(Mail.id).where(Mail.key == key)) is not None:
        return None
    mail = Mail(
        account_id=account_id,
        key=key,
        message_id=f"<{secrets.token_hex(16)}@{host}>",
        subject=subject,
        body=body,
        written_at=at,
    )
    session.add(mail)
    session.flush()
    want_job(session, SEND_JOB, str(mail.id), by=by, at=at)
    return mail.id


def set_weekly_digest(session: Session, *, account_id: int, wanted: bool, by: str, at: datetime) -> None:
    """Switch the weekly mail on or off for an account."""
    row = session.scalar(select(MailPreference).where(MailPreference.account_id == account_id))
    before = row.weekly_digest if row is not None else True
    if row is None:
        session.add(MailPreference(account_id=account_id, weekly_digest=wanted, changed_at=at))
    else:
        row.weekly_digest, row.changed_at = wanted, at
    if before != wanted:
        audit(
            session,
            "weekly_digest_switched",
            by=by,
            at=at,
            subject=("accounts", account_id),
            before={"weekly_digest": before},
            after={"weekly_digest": wanted},
        )
    session.flush()


def send_mail(
    engine: Engine,
    office: PostOffice,
    mail_id: int,
    *,
    go_on: Callable[[], bool],
    now: Callable[[], datetime],
) -> Mapping[str, object]:
    """Hand one mail over, unless that was done or begun before; says what became of it.

    Raises MailNotTaken when it is worth another try later, and InOtherHands.
    """
    with reading(engine) as session:
        mail = session.get_one(Mail, mail_id)
        account = session.get_one(Account, mail.account_id)
        begun, sent = mail.sending_at is not None, mail.sent_at is not None
        stale = account.disabled_at is not None or now() - mail.written_at > TOO_OLD
        message = _message(mail, to=account.email, office=office)
    if begun:
        if not sent:
            _settle(engine, mail_id, last_error=IN_DOUBT)
        return {"sent": sent, "why": "begun before"}
    if stale:
        _settle(engine, mail_id, last_error=STALE)
        return {"sent": False, "why": STALE}
    if message is None:
        _settle(engine, mail_id, last_error=NO_ADDRESS)
        return {"sent": False, "why": NO_ADDRESS}
    return _hand_over(engine, office, mail_id, message, go_on=go_on, now=now)


def _hand_over(
    engine: Engine,
    office: PostOffice,
    mail_id: int,
    message: EmailMessage,
    *,
    go_on: Callable[[], bool],
    now: Callable[[], datetime],
) -> Mapping[str, object]:
    begun = False

    def begin() -> None:
        nonlocal begun
        if not go_on():
            raise InOtherHands
        _begin(engine, mail_id, at=now())
        begun = True

    try:
        hand_over(message, office.server, before_the_text=begin)
    except MailNotTaken as error:
        _note(engine, mail_id, last_error=str(error), **({"sending_at": None} if begun else {}))
        if not error.lasting:
            raise
        _settle(engine, mail_id)
        return {"sent": False, "why": str(error)}
    except MailInDoubt as error:
        _settle(engine, mail_id, last_error=str(error))
        return {"sent": False, "why": str(error)}
    _settle(engine, mail_id, last_error=None, sent_at=now())
    return {"sent": True}


def _begin(engine: Engine, mail_id: int, *, at: datetime) -> None:
    """Mark that the text goes now; of two workers one succeeds."""
    with writing(engine) as session:
        begun = session.execute(
            update(Mail)
            .where(Mail.id == mail_id, Mail.sending_at.is_(None))
            .values(sending_at=at, attempts=Mail.attempts + 1)
            .returning(Mail.id)
        )
        if begun.scalar_one_or_none() is None:
            raise InOtherHands


def _settle(engine: Engine, mail_id: int, **values: object) -> None:
    """It is never sent again: what it said about people, and any link in it, is kept no longer."""
    _note(engine, mail_id, body="", **values)


def _note(engine: Engine, mail_id: int, **values: object) -> None:
    with writing(engine) as session:
        session.execute(update(Mail).where(Mail.id == mail_id).values(**values))


def _message(mail: Mail, *, to: str, office: PostOffice) -> EmailMessage | None:
    """The mail with its headers; None when it is not one plain address that every server can carry.

    A line break in a header is an error of `email`, and never a header more.
    """
    message = EmailMessage()
    try:
        message["To"] = Address(addr_spec=to if to.isascii() else "")
    except (ValueError, IndexError, MessageError):  # what `email` makes of an address that is none
        return None
    message["From"] = Address(office.sender_name, addr_spec=office.sender)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # nobody's out-of-office note answers it (RFC 3834)
    if mail.key.startswith(DIGEST_KEY):
        message["List-Unsubscribe"] = f"<{office.page}>"
    message.set_content(office.completed(mail.body), cte="quoted-printable")
    return message
