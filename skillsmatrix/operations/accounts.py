"""Accounts: making them, trusting them with roles, signing in and out. The caller's transaction commits."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.sign_in import fold_email
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Account, AccountGrant, AccountLink, AccountSession, SignInAttempt
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.passwords import new_password_hash
from skillsmatrix.queries.account_list import account_line, account_with_mailbox, administrators

ATTEMPTS_KEPT: Final = timedelta(days=30)  # long enough to look into a complaint


class EmailTaken(Exception):
    """There is an account already whose mail goes to this address, however it is spelt."""

    def __init__(self, account_id: int) -> None:
        super().__init__(account_id)
        self.account_id = account_id


class Overtaken(Exception):
    """The password was changed, or the account shut, since the password was looked at."""


class LinkDead(Exception):
    """The link is unknown, used, replaced or expired, or its account may not be used."""


class LastAdministrator(Exception):
    """Without this account nobody could look after the others."""


class NotOneself(Exception):
    """Somebody else has to do this to one's own account."""


class RoleRefused(Exception):
    """Nobody gives a role to themself, and `staff` follows from the staff record alone."""


def create_account(
    session: Session,
    *,
    email: str,
    display_name: str,
    by: str,
    at: datetime,
    staff_id: int | None = None,
    password: str | None = None,
    must_change_password: bool = False,
    ends_on: date | None = None,
) -> int:
    """Make a sign-in; returns its id. Without a password it waits to be taken up.

    `ends_on`: the last day of somebody from outside. Raises EmailTaken, PasswordRefused.
    """
    folded = fold_email(email)
    there = account_with_mailbox(session, folded)
    if there is not None:
        raise EmailTaken(there)
    password_hash = None
    if password is not None:
        password_hash = new_password_hash(password, email=folded, display_name=display_name)
    account = Account(
        email=folded,
        display_name=display_name.strip(),
        staff_id=staff_id,
        password_hash=password_hash,
        must_change_password=must_change_password,
        created_at=at,
        created_by=by,
        ends_on=ends_on,
    )
    session.add(account)
    session.flush()
    audit(
        session,
        "account_created",
        by=by,
        at=at,
        subject=("accounts", account.id),
        staff_id=staff_id,
        after={"email": folded, "display_name": account.display_name, "ends_on": ends_on},
    )
    return account.id


def grant_role(
    session: Session,
    *,
    account_id: int,
    role: AccessRole,
    from_on: date,
    by: str,
    at: datetime,
    to_on: date | None = None,
    service_id: int | None = None,
    organisation_id: int | None = None,
) -> int:
    """Trust an account with a role for these days, both ends counted; returns the grant's id.

    A manager is granted one service at a time; auditors and inspectors always until a day. The database
    refuses a grant without these bounds. Raises RoleRefused.
    """
    if role is AccessRole.STAFF or by == f"account:{account_id}":
        raise RoleRefused
    grant = AccountGrant(
        account_id=account_id,
        role=role.value,
        service_id=service_id,
        organisation_id=organisation_id,
        from_on=from_on,
        to_on=to_on,
        granted_at=at,
        granted_by=by,
    )
    session.add(grant)
    session.flush()
    after = {
        "account_id": account_id,
        "role": role.value,
        "service_id": service_id,
        "organisation_id": organisation_id,
        "from_on": from_on,
        "to_on": to_on,
    }
    audit(session, "role_granted", by=by, at=at, subject=("account_grants", grant.id), after=after)
    return grant.id


def end_grant(session: Session, *, grant_id: int, last_on: date, by: str, at: datetime) -> None:
    """Let a role end after this day. A grant that has not begun by then is shortened to its first day."""
    grant = session.get_one(AccountGrant, grant_id)
    before = {"to_on": grant.to_on}
    grant.to_on = max(last_on, grant.from_on)
    after = {"to_on": grant.to_on}
    audit(
        session, "role_ended", by=by, at=at, subject=("account_grants", grant.id), before=before, after=after
    )


def disable_account(session: Session, *, account_id: int, by: str, at: datetime) -> None:
    """Shut an account and end every session and link it has; doing it again changes nothing.

    Raises NotOneself, LastAdministrator.
    """
    account = session.get_one(Account, account_id)
    if account.disabled_at is not None:
        return
    if by == f"account:{account_id}":
        raise NotOneself
    require_another_administrator(session, account_id, on=london_day(at))
    account.disabled_at = at
    account.disabled_by = by
    _end_sessions(session, account_id, because="disabled", at=at)
    _end_links(session, account_id, because="disabled", at=at)
    audit(
        session, "account_disabled", by=by, at=at, subject=("accounts", account_id), staff_id=account.staff_id
    )


def enable_account(session: Session, *, account_id: int, by: str, at: datetime) -> None:
    """Open a shut account again, with the roles and the password it had; raises NotOneself."""
    account = session.get_one(Account, account_id)
    if account.disabled_at is None:
        return
    if by == f"account:{account_id}":
        raise NotOneself
    account.disabled_at = account.disabled_by = None
    subject = ("accounts", account_id)
    audit(session, "account_enabled", by=by, at=at, subject=subject, staff_id=account.staff_id)


def change_last_day(
    session: Session, *, account_id: int, ends_on: date | None, by: str, at: datetime
) -> None:
    """Let the account of somebody from outside end after another day. Raises LastAdministrator."""
    account = session.get_one(Account, account_id)
    if ends_on is not None and ends_on < london_day(at):
        require_another_administrator(session, account_id, on=london_day(at))
    before, account.ends_on = {"ends_on": account.ends_on}, ends_on
    subject, after = ("accounts", account_id), {"ends_on": ends_on}
    audit(session, "account_end_changed", by=by, at=at, subject=subject, before=before, after=after)


def sign_out_everywhere(session: Session, *, account_id: int, by: str, at: datetime) -> int:
    """End every session of an account, whoever opened it; returns how many there were."""
    ended = _end_sessions(session, account_id, because="revoked", at=at)
    audit(
        session,
        "signed_out_everywhere",
        by=by,
        at=at,
        subject=("accounts", account_id),
        after={"sessions": ended},
    )
    return ended


def count_attempt(session: Session, *, email: str, address: str, by: str, at: datetime) -> int:
    """Count a try at signing in before the password is looked at; returns its id.

    Old tries are cleared away here, where they are made.
    """
    del by  # nobody has signed in yet; the table itself is the log of refusals
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < at - ATTEMPTS_KEPT))
    attempt = SignInAttempt(email_hash=email_digest(email), address=address, at=at, succeeded=False)
    session.add(attempt)
    session.flush()
    return attempt.id


def settle_attempt(session: Session, *, attempt_id: int, by: str, at: datetime) -> None:
    """Note that a counted try was right, which forgives the wrong ones before it."""
    del by, at
    session.execute(update(SignInAttempt).where(SignInAttempt.id == attempt_id).values(succeeded=True))


def sign_in(
    session: Session,
    *,
    account_id: int,
    checked_hash: str,
    by: str,
    at: datetime,
    new_hash: str | None = None,
) -> str:
    """Open a session for an account whose password was right; returns the token for the browser.

    `checked_hash`: what the password was looked at against. `new_hash`: the same password with today's
    parameters, when the kept hash is outdated. Raises Overtaken.
    """
    account = _unchanged(session, account_id, checked_hash)
    if new_hash is not None:
        account.password_hash = new_hash
    token = _open_session(session, account_id, at=at)
    audit(session, "signed_in", by=by, at=at, subject=("accounts", account_id), staff_id=account.staff_id)
    return token


def sign_out(session: Session, *, session_id: int, by: str, at: datetime) -> None:
    """End one session; its token is dead from this instant."""
    _end(session, AccountSession.id == session_id, because="signed_out", at=at)
    audit(session, "signed_out", by=by, at=at, subject=("account_sessions", session_id))


def revoke_session(session: Session, *, account_id: int, session_id: int, by: str, at: datetime) -> bool:
    """End one of an account's own sessions elsewhere; False when it has none such that is open."""
    found = session.scalar(
        select(AccountSession.id).where(
            AccountSession.id == session_id,
            AccountSession.account_id == account_id,
            AccountSession.ended_at.is_(None),
        )
    )
    if found is None:
        return False
    _end(session, AccountSession.id == session_id, because="revoked", at=at)
    audit(session, "session_revoked", by=by, at=at, subject=("account_sessions", session_id))
    return True


def change_password(
    session: Session, *, account_id: int, checked_hash: str, new_hash: str, by: str, at: datetime
) -> str:
    """Take a new password, end every session there is and open a new one; returns its token.

    `checked_hash`: what the password in use was looked at against. Raises Overtaken.
    """
    account = _unchanged(session, account_id, checked_hash)
    account.password_hash = new_hash
    account.must_change_password = False
    _end_sessions(session, account_id, because="password_changed", at=at)
    token = _open_session(session, account_id, at=at)
    subject = ("accounts", account_id)
    audit(session, "password_changed", by=by, at=at, subject=subject, staff_id=account.staff_id)
    return token


def take_up_link(session: Session, *, token_hash: str, new_hash: str, by: str, at: datetime) -> str:
    """Set the password of the account whose link this is, once; returns the token of a new session.

    Every session that was open ends, and so does every other link. Raises LinkDead.
    """
    link = session.scalars(
        select(AccountLink).where(
            AccountLink.token_hash == token_hash,
            AccountLink.ended_at.is_(None),
            AccountLink.expires_at > at,
        )
    ).one_or_none()
    line = None if link is None else account_line(session, link.account_id, on=london_day(at))
    if link is None or line is None or not line.usable:
        raise LinkDead
    account = session.get_one(Account, link.account_id)
    first = account.password_hash is None
    account.password_hash = new_hash
    account.must_change_password = False
    link.ended_at, link.ended_because = at, "used"
    session.flush()
    _end_links(session, account.id, because="replaced", at=at)
    _end_sessions(session, account.id, because="password_changed", at=at)
    token = _open_session(session, account.id, at=at)
    audit(
        session,
        "account_activated" if first else "password_set_through_link",
        by=by,
        at=at,
        subject=("accounts", account.id),
        staff_id=account.staff_id,
        after={"link": link.id, "link_made_by": link.made_by},
    )
    return token


def require_another_administrator(session: Session, account_id: int, *, on: date) -> None:
    """Raises LastAdministrator when no other administrator has taken up their account."""
    able = administrators(session, on=on)
    is_one = any(line.account_id == account_id for line in able)
    if is_one and not any(line.activated for line in able if line.account_id != account_id):
        raise LastAdministrator


def note_seen(session: Session, *, session_id: int, by: str, at: datetime) -> None:
    """Note that a session is in use; not a line in the log, which would grow with every page."""
    del by
    table = AccountSession.__table__
    session.connection().execute(
        update(table).where(table.c.id == session_id).values(last_seen_at=at)  # type: ignore[arg-type]
    )


def token_digest(token: str) -> str:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def email_digest(email: str) -> str:
    """What is kept of the e-mail that somebody tried to sign in with."""
    return hashlib.sha256(fold_email(email).encode()).hexdigest()


def _unchanged(session: Session, account_id: int, checked_hash: str) -> Account:
    account = session.get_one(Account, account_id)
    if account.password_hash != checked_hash or account.disabled_at is not None:
        raise Overtaken
    return account


def _open_session(session: Session, account_id: int, *, at: datetime) -> str:
    token = secrets.token_urlsafe(32)  # 256 bits
    session.add(
        AccountSession(account_id=account_id, token_hash=token_digest(token), created_at=at, last_seen_at=at)
    )
    session.flush()
    return token


def _end_sessions(session: Session, account_id: int, *, because: str, at: datetime) -> int:
    return _end(session, AccountSession.account_id == account_id, because=because, at=at)


def _end(session: Session, which: ColumnElement[bool], *, because: str, at: datetime) -> int:
    ended = update(AccountSession).where(which, AccountSession.ended_at.is_(None))
    values = ended.values(ended_at=at, ended_because=because).returning(AccountSession.id)
    return len(session.execute(values).all())


def _end_links(session: Session, account_id: int, *, because: str, at: datetime) -> None:
    ended = update(AccountLink).where(AccountLink.account_id == account_id, AccountLink.ended_at.is_(None))
    session.execute(ended.values(ended_at=at, ended_because=because))
