"""Accounts: who is signed in where, and what a sign-in is checked against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole, Actor, Grant, has_left
from skillsmatrix.domain.sign_in import SessionLimits
from skillsmatrix.foundation.said import Question
from skillsmatrix.models import (
    Account,
    AccountGrant,
    AccountLink,
    AccountSession,
    KeptCatalogue,
    Ledger,
    Organisation,
    Service,
    SignInAttempt,
    Staff,
)
from skillsmatrix.queries.holder_names import HOLDER_NAME


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session and whose it is.

    `versions`: those of the record and of the catalogue (`queries/conclusions.py`) when it was looked at.
    """

    session_id: int
    actor: Actor
    must_change_password: bool
    created_at: datetime
    last_seen_at: datetime
    versions: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in is checked against."""

    account_id: int
    email: str
    display_name: str
    password_hash: str | None
    usable: bool


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Whose password a one-time link sets; `first` when the account was never used."""

    account_id: int
    email: str
    display_name: str
    first: bool


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One line of the list of places where an account is signed in."""

    session_id: int
    created_at: datetime
    last_seen_at: datetime


def signed_in(
    session: Session, token_hash: str, *, on: date, at: datetime, limits: SessionLimits
) -> SignedIn | None:
    """Who a session belongs to; None when it has ended or is over, or its account may not be used."""
    asked = session_question(token_hash)
    rows = session.connection().execute(asked.statement, asked.values).all()
    if not rows:
        return None
    found = rows[0]
    over = limits.passed(created_at=found.created_at, last_seen_at=found.last_seen_at, at=at)
    if over or found.disabled_at is not None or has_left(found.employed_to, on=on):
        return None
    if has_left(found.ends_on, on=on):
        return None
    grants = tuple(_grant(*row[-_GRANT_COLUMNS:]) for row in rows if row.role is not None)
    if found.staff_code is not None:
        grants = (Grant(AccessRole.STAFF, from_on=found.employed_from, to_on=found.employed_to), *grants)
    return SignedIn(
        session_id=found.session_id,
        actor=Actor(found.account_id, found.staff_code, found.display_name, grants),
        must_change_password=found.must_change_password,
        created_at=found.created_at,
        last_seen_at=found.last_seen_at,
        versions=(found.of_record, found.of_catalogue),
    )


_GRANT_COLUMNS = 5


def session_question(token_hash: str) -> Question:
    """What `signed_in` asks: all that it answers by, but the day and the instant."""
    return Question(_session_with_grants(), {"token_hash": token_hash})


@cache
def _session_with_grants() -> Select[*tuple[Any, ...]]:
    """A row for each grant of the account, one with blanks where it has none.

    Asked on every request, so put together once and asked in one go.
    """
    sign_in, account, grant, staff, service, organisation = (
        model.__table__ for model in (AccountSession, Account, AccountGrant, Staff, Service, Organisation)
    )
    record, catalogue = Ledger.__table__, KeptCatalogue.__table__
    return (
        select(
            sign_in.c.id.label("session_id"),
            sign_in.c.created_at,
            sign_in.c.last_seen_at,
            record.c.data_version.label("of_record"),
            catalogue.c.data_version.label("of_catalogue"),
            account.c.id.label("account_id"),
            HOLDER_NAME.label("display_name"),
            account.c.disabled_at,
            account.c.ends_on,
            account.c.must_change_password,
            staff.c.code.label("staff_code"),
            staff.c.employed_from,
            staff.c.employed_to,
            grant.c.role,
            grant.c.from_on,
            grant.c.to_on,
            service.c.code,
            organisation.c.code,
        )
        .join_from(sign_in, account, account.c.id == sign_in.c.account_id)
        .join(record, record.c.id == 1)
        .join(catalogue, catalogue.c.id == 1)
        .outerjoin(staff, staff.c.id == account.c.staff_id)
        .outerjoin(grant, grant.c.account_id == account.c.id)
        .outerjoin(service, service.c.id == grant.c.service_id)
        .outerjoin(organisation, organisation.c.id == grant.c.organisation_id)
        .where(sign_in.c.token_hash == bindparam("token_hash"), sign_in.c.ended_at.is_(None))
        .order_by(grant.c.id)
    )


def _grant(
    role: str, from_on: date, to_on: date | None, service: str | None, organisation: str | None
) -> Grant:
    return Grant(AccessRole(role), from_on, to_on, (service,) if service else (), organisation)


def credentials(session: Session, email: str, *, on: date) -> Credentials | None:
    """What the account with this folded e-mail signs in with; None when there is no such account."""
    found = session.execute(
        select(Account, Staff.employed_to, HOLDER_NAME)
        .outerjoin(Staff, Staff.id == Account.staff_id)
        .where(Account.email == email)
    ).one_or_none()
    return None if found is None else _credentials(*found, on=on)


def own_credentials(session: Session, account_id: int, *, on: date) -> Credentials:
    """What an account that is signed in signs in with."""
    found = session.execute(
        select(Account, Staff.employed_to, HOLDER_NAME)
        .outerjoin(Staff, Staff.id == Account.staff_id)
        .where(Account.id == account_id)
    ).one()
    return _credentials(*found, on=on)


def link_holder(session: Session, token_hash: str, *, on: date, at: datetime) -> LinkHolder | None:
    """Whose link this is; None when it is unknown, ended or expired, or its account may not be used."""
    found = session.execute(
        select(Account, Staff.employed_to, HOLDER_NAME)
        .join(AccountLink, AccountLink.account_id == Account.id)
        .outerjoin(Staff, Staff.id == Account.staff_id)
        .where(
            AccountLink.token_hash == token_hash,
            AccountLink.ended_at.is_(None),
            AccountLink.expires_at > at,
        )
    ).one_or_none()
    if found is None:
        return None
    own = _credentials(*found, on=on)
    if not own.usable:
        return None
    return LinkHolder(own.account_id, own.email, own.display_name, own.password_hash is None)


def _credentials(account: Account, employed_to: date | None, name: str, *, on: date) -> Credentials:
    return Credentials(
        account_id=account.id,
        email=account.email,
        display_name=name,
        password_hash=account.password_hash,
        usable=account.disabled_at is None
        and not has_left(employed_to, on=on)
        and not has_left(account.ends_on, on=on),
    )


def open_sessions(
    session: Session, account_id: int, *, at: datetime, limits: SessionLimits
) -> list[OpenSession]:
    """Where the account is signed in, latest use first."""
    rows = session.scalars(
        select(AccountSession)
        .where(AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
        .order_by(AccountSession.last_seen_at.desc(), AccountSession.id)
    )
    return [
        OpenSession(row.id, row.created_at, row.last_seen_at)
        for row in rows
        if not limits.passed(created_at=row.created_at, last_seen_at=row.last_seen_at, at=at)
    ]


def bounds_by_name(session: Session, grants: Iterable[Grant]) -> dict[str, str]:
    """Code → name of every service and organisation that one of the grants is limited to."""
    grants = list(grants)
    services = {code for grant in grants for code in grant.services}
    organisations = {grant.organisation for grant in grants if grant.organisation}
    named = [
        *session.execute(select(Service.code, Service.name).where(Service.code.in_(services))),
        *session.execute(
            select(Organisation.code, Organisation.name).where(Organisation.code.in_(organisations))
        ),
    ]
    return dict(tuple(row) for row in named)


def wrong_guesses(
    session: Session,
    *,
    since: datetime,
    email_hash: str | None = None,
    address: str | None = None,
) -> list[datetime]:
    """Instants of the failed sign-ins since the last one that succeeded for the same e-mail or address.

    Counts only those that match every one of the two that is given. May be empty.
    """
    wrong, right = (
        [SignInAttempt.at >= since, SignInAttempt.succeeded == outcome] for outcome in (False, True)
    )
    for same in (wrong, right):
        if email_hash is not None:
            same.append(SignInAttempt.email_hash == email_hash)
        if address is not None:
            same.append(SignInAttempt.address == address)
    if email_hash is not None:
        last = session.scalar(select(func.max(SignInAttempt.id)).where(*right))
        wrong.append(SignInAttempt.id > (last or 0))
    return list(session.scalars(select(SignInAttempt.at).where(*wrong)))
