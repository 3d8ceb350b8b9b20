"""Accounts as those who may see and do things, where nobody is signed in: for mails and calendar feeds."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole, Actor, Grant
from skillsmatrix.models import Account, AccountGrant, AccountSession, Organisation, Service, Staff
from skillsmatrix.queries.holder_names import HOLDER_NAME


def actors(session: Session, *, on: date, account_ids: Collection[int] | None = None) -> dict[int, Actor]:
    """Account id → actor, for the accounts that may be used on the day; of these ids, or of all.

    Left out: accounts that are shut or were never taken up, those of people who have left, and those that
    have ended.
    """
    statement = (
        select(Account.id, HOLDER_NAME, Staff.code, Staff.employed_from, Staff.employed_to)
        .outerjoin(Staff, Staff.id == Account.staff_id)
        .where(
            Account.disabled_at.is_(None),
            Account.password_hash.is_not(None),
            or_(Staff.employed_to.is_(None), Staff.employed_to >= on),
            or_(Account.ends_on.is_(None), Account.ends_on >= on),
        )
        .order_by(Account.id)
    )
    granted = _granted(session, account_ids)
    if account_ids is not None:
        statement = statement.where(Account.id.in_(list(account_ids)))
    found = {}
    for number, name, code, employed_from, employed_to in session.execute(statement):
        grants = tuple(granted[number])
        if code is not None:
            grants = (Grant(AccessRole.STAFF, from_on=employed_from, to_on=employed_to), *grants)
        found[number] = Actor(number, code, name, grants)
    return found


def account_of_session(session: Session, token_hash: str) -> int | None:
    """Whose session it is or was, ended or not; None for one that there never was."""
    return session.scalar(select(AccountSession.account_id).where(AccountSession.token_hash == token_hash))


def _granted(session: Session, account_ids: Collection[int] | None) -> defaultdict[int, list[Grant]]:
    statement = (
        select(AccountGrant, Service.code, Organisation.code)
        .outerjoin(Service, Service.id == AccountGrant.service_id)
        .outerjoin(Organisation, Organisation.id == AccountGrant.organisation_id)
        .order_by(AccountGrant.id)
    )
    if account_ids is not None:
        statement = statement.where(AccountGrant.account_id.in_(list(account_ids)))
    found: defaultdict[int, list[Grant]] = defaultdict(list)
    for row, service, organisation in session.execute(statement):
        grant = Grant(
            AccessRole(row.role), row.from_on, row.to_on, (service,) if service else (), organisation
        )
        found[row.account_id].append(grant)
    return found
