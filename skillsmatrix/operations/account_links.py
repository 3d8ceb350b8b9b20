"""One-time links with which people set their own password: made, mailed, asked for. Nobody sets another's.

Only a digest of a link's token is kept, also of one that goes by mail: the mail as it is stored holds a
number instead, from which the token follows only with the installation's secret key.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from skillsmatrix.documents.account_mail import link_address, link_mail, password_set_mail
from skillsmatrix.domain.trust import LINK_LASTS
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Account, AccountLink
from skillsmatrix.operations.accounts import email_digest, token_digest
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.jobs import want_job
from skillsmatrix.operations.mails import write_mail
from skillsmatrix.queries.account_list import account_line, holds_wide_role, open_link, roles_of

LINK_JOB: Final = "password_link"
MAILED_AGAIN_AFTER: Final = timedelta(minutes=5)  # whoever asks in a row gets one mail
COMMAND: Final = "command:"

_PLACE: Final = re.compile(r"\[\[([A-Za-z0-9_-]{43})\]\]")


class AccountShut(Exception):
    """The account is disabled, or its last day is over: there is no way into it."""


class MailOnly(Exception):
    """The link would let a third person act as somebody who reaches everybody: it is not handed over."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What this installation puts into its mails about accounts."""

    secret_key: str
    public_url: str
    host: str
    organisation: str


def make_link(
    session: Session, *, account_id: int, secret_key: str, by: str, at: datetime, by_mail: bool = False
) -> str:
    """Make the only link that works for an account from now on; returns the number its token follows from.

    Raises AccountShut. Raises MailOnly for a link that would be handed over, to an account with a role that
    reaches everybody: only the account's own mail, or a command on the machine, gives such a one.
    """
    line = account_line(session, account_id, on=london_day(at))
    if line is None or not line.usable:
        raise AccountShut
    if not by_mail and not by.startswith(COMMAND) and _is_wide(session, account_id, at):
        raise MailOnly
    session.execute(
        update(AccountLink)
        .where(AccountLink.account_id == account_id, AccountLink.ended_at.is_(None))
        .values(ended_at=at, ended_because="replaced")
    )
    number = secrets.token_urlsafe(32)
    link = AccountLink(
        account_id=account_id,
        token_hash=token_digest(link_token(secret_key, number)),
        by_mail=by_mail,
        made_at=at,
        made_by=by,
        expires_at=at + LINK_LASTS,
    )
    session.add(link)
    session.flush()
    audit(
        session,
        "account_link_made",
        by=by,
        at=at,
        subject=("account_links", link.id),
        after={"account_id": account_id, "by_mail": by_mail, "expires_at": link.expires_at},
    )
    return number


def mail_link(session: Session, sender: Sender, *, account_id: int, by: str, at: datetime) -> None:
    """Make a link and write the mail that carries it to the account's own address. Raises AccountShut."""
    number = make_link(
        session, account_id=account_id, secret_key=sender.secret_key, by=by, at=at, by_mail=True
    )
    account = session.get_one(Account, account_id)
    mail = link_mail(
        organisation=sender.organisation,
        address=f"[[{number}]]",
        expires_at=at + LINK_LASTS,
        first=account.password_hash is None,
        email=account.email,
    )
    key = f"account-link:{token_digest(number)}"
    write_mail(
        session,
        account_id=account_id,
        key=key,
        subject=mail.subject,
        body=mail.body,
        host=sender.host,
        by=by,
        at=at,
    )


def tell_password_set(session: Session, sender: Sender, *, account_id: int, by: str, at: datetime) -> None:
    """Write to whoever owns the account that its password was set through a link."""
    mail = password_set_mail(organisation=sender.organisation, at=at, public_url=sender.public_url)
    write_mail(
        session,
        account_id=account_id,
        key=f"password-set:{account_id}:{at.isoformat()}",
        subject=mail.subject,
        body=mail.body,
        host=sender.host,
        by=by,
        at=at,
    )


def ask_for_link(session: Session, *, email: str, by: str, at: datetime) -> None:
    """Note that somebody at this address forgot their password; what becomes of it, the worker finds out.

    The same work whether there is such an account or not. Only a digest of the address is kept.
    """
    want_job(session, LINK_JOB, f"{email_digest(email)}:{at.isoformat()}", by=by, at=at)


def answer_request(
    session: Session, sender: Sender, key: str, *, by: str, at: datetime
) -> Mapping[str, object]:
    """Mail a link to the account that a noted request is about, where there is one that may be used."""
    digest = key.partition(":")[0]
    rows = session.execute(select(Account.id, Account.email))
    account_id = next((number for number, email in rows if email_digest(email) == digest), None)
    if account_id is None:
        return {"mail": False}
    line = account_line(session, account_id, on=london_day(at))
    if line is None or not line.usable:
        return {"mail": False}
    last = open_link(session, account_id, at=at)
    if last is not None and last.by_mail and at - last.made_at < MAILED_AGAIN_AFTER:
        return {"mail": False, "why": "one was mailed a moment ago"}
    mail_link(session, sender, account_id=account_id, by=by, at=at)
    return {"mail": True}


def _is_wide(session: Session, account_id: int, at: datetime) -> bool:
    given = roles_of(session, [account_id]).get(account_id, [])
    return holds_wide_role(given, on=london_day(at))


def link_token(secret_key: str, number: str) -> str:
    """The token that belongs to a link's number; 256 bits that nobody finds without the secret key."""
    digest = hmac.new(secret_key.encode(), b"account link " + number.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def with_links(body: str, *, secret_key: str, public_url: str) -> str:
    """The text of a mail as it leaves: every number in it replaced by the address it stands for."""
    return _PLACE.sub(lambda found: link_address(public_url, link_token(secret_key, found[1])), body)
