"""The first ways into an installation, made on the machine itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.trust import ENOUGH_ADMINISTRATORS
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Staff
from skillsmatrix.operations.account_links import AccountShut, make_link
from skillsmatrix.operations.accounts import create_account, grant_role
from skillsmatrix.queries.account_list import (
    AccountLine,
    account_line,
    account_of_staff,
    account_with_mailbox,
    administrators,
)

__all__ = [
    "AccountShut",
    "EnoughAdministrators",
    "NoSuchAccount",
    "NoSuchStaff",
    "StaffHasAccount",
    "WayIn",
    "make_administrator",
    "make_way_in_again",
]


class EnoughAdministrators(Exception):
    """There are as many administrators as are needed to make the next one on the site."""

    def __init__(self, lines: Sequence[AccountLine]) -> None:
        super().__init__(len(lines))
        self.lines = tuple(lines)


class NoSuchStaff(Exception):
    """Nobody has this staff code."""


class NoSuchAccount(Exception):
    """No account has this address."""


class StaffHasAccount(Exception):
    """The member of staff has an account, under another address."""

    def __init__(self, line: AccountLine) -> None:
        super().__init__(line.account_id)
        self.line = line


@dataclass(frozen=True, slots=True)
class WayIn:
    """An account, and the number of its new link; None for one that is in use and keeps its password."""

    line: AccountLine
    number: str | None


def make_administrator(
    session: Session,
    *,
    email: str,
    display_name: str,
    secret_key: str,
    by: str,
    at: datetime,
    staff: str | None = None,
) -> WayIn:
    """Make the account of an administrator, or give the role to the account with this address.

    Raises EnoughAdministrators, NoSuchStaff, StaffHasAccount, AccountShut.
    """
    on = london_day(at)
    there = administrators(session, on=on)
    account_id = account_with_mailbox(session, email)
    if len(there) >= ENOUGH_ADMINISTRATORS or any(line.account_id == account_id for line in there):
        raise EnoughAdministrators(there)
    if account_id is None:
        staff_id = None if staff is None else _free_staff(session, staff, at)
        account_id = create_account(
            session, email=email, display_name=display_name, staff_id=staff_id, by=by, at=at
        )
    line = _usable(session, account_id, at)
    role = AccessRole.ADMINISTRATOR
    grant_role(session, account_id=account_id, role=role, from_on=on, by=by, at=at)
    if line.activated:
        return WayIn(line, None)
    return WayIn(line, make_link(session, account_id=account_id, secret_key=secret_key, by=by, at=at))


def make_way_in_again(session: Session, *, email: str, secret_key: str, by: str, at: datetime) -> WayIn:
    """A new link for an account that there is; the last one works no longer.

    Raises NoSuchAccount, AccountShut.
    """
    account_id = account_with_mailbox(session, email)
    if account_id is None:
        raise NoSuchAccount
    line = _usable(session, account_id, at)
    return WayIn(line, make_link(session, account_id=account_id, secret_key=secret_key, by=by, at=at))


def _usable(session: Session, account_id: int, at: datetime) -> AccountLine:
    line = account_line(session, account_id, on=london_day(at))
    if line is None or not line.usable:
        raise AccountShut
    return line


def _free_staff(session: Session, code: str, at: datetime) -> int:
    staff_id = session.scalar(select(Staff.id).where(Staff.code == code))
    if staff_id is None:
        raise NoSuchStaff
    held = account_of_staff(session, staff_id)
    line = None if held is None else account_line(session, held, on=london_day(at))
    if line is not None:
        raise StaffHasAccount(line)
    return staff_id
