"""Roles: one administrator asks for one, another confirms it; only then does it give anything."""

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.trust import RoleFault, RoleTerms, role_fault
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Account, AccountGrant, RoleRequest
from skillsmatrix.operations.accounts import end_grant, grant_role, require_another_administrator
from skillsmatrix.operations.audit import audit
from skillsmatrix.queries.account_list import account_line


class RoleNotGiven(Exception):
    """The role cannot be given so; `fault` says why."""

    def __init__(self, fault: RoleFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class SecondPersonNeeded(Exception):
    """Whoever asked for a role does not confirm it, and nor does whoever gets it."""


class SettledAlready(Exception):
    """The request was confirmed or refused before, or there is none such."""


class NoSuchGrant(Exception):
    """The account was not given this role, or it is over."""


def ask_for_role(session: Session, terms: RoleTerms, *, account_id: int, by: str, at: datetime) -> int:
    """Ask for a role for an account; returns the request's id. It gives nothing yet. Raises RoleNotGiven."""
    on = london_day(at)
    _require_to_be_given(session, terms, account_id, by=by, on=on)
    waiting = session.scalars(
        select(RoleRequest).where(RoleRequest.account_id == account_id, RoleRequest.outcome.is_(None))
    )
    if any(terms.overlaps(terms_of(row)) for row in waiting):
        raise RoleNotGiven(RoleFault.HELD_ALREADY)
    asked = RoleRequest(
        account_id=account_id,
        role=terms.role.value,
        service_id=terms.service_id,
        organisation_id=terms.organisation_id,
        from_on=terms.from_on,
        to_on=terms.to_on,
        asked_at=at,
        asked_by=by,
    )
    session.add(asked)
    session.flush()
    after = {
        "account_id": account_id,
        "role": terms.role.value,
        "service_id": terms.service_id,
        "organisation_id": terms.organisation_id,
        "from_on": terms.from_on,
        "to_on": terms.to_on,
    }
    audit(session, "role_asked_for", by=by, at=at, subject=("role_requests", asked.id), after=after)
    return asked.id


def confirm_role(session: Session, *, request_id: int, by: str, at: datetime) -> int:
    """Give the role that somebody else asked for, from today at the earliest; returns the grant's id.

    Raises SettledAlready, SecondPersonNeeded, RoleNotGiven.
    """
    asked = _waiting(session, request_id)
    if by in (asked.asked_by, f"account:{asked.account_id}"):
        raise SecondPersonNeeded
    on = london_day(at)
    if asked.to_on is not None and asked.to_on < on:
        raise RoleNotGiven(RoleFault.OVER_BY_NOW)
    terms = RoleTerms(
        role=AccessRole(asked.role),
        from_on=max(asked.from_on, on),
        to_on=asked.to_on,
        service_id=asked.service_id,
        organisation_id=asked.organisation_id,
    )
    _require_to_be_given(session, terms, asked.account_id, by=by, on=on)
    _settle(session, asked, "confirmed", by=by, at=at)
    return grant_role(
        session,
        account_id=asked.account_id,
        role=terms.role,
        from_on=terms.from_on,
        to_on=terms.to_on,
        service_id=terms.service_id,
        organisation_id=terms.organisation_id,
        by=by,
        at=at,
    )


def refuse_role(session: Session, *, request_id: int, by: str, at: datetime) -> None:
    """Let a request come to nothing: refused by another, or withdrawn by whoever asked.

    Raises SettledAlready.
    """
    _settle(session, _waiting(session, request_id), "refused", by=by, at=at)


def end_role(
    session: Session, *, account_id: int, grant_id: int, last_on: date, by: str, at: datetime
) -> None:
    """Let a role end after this day; one that would not have had a day by then is taken back whole.

    Raises NoSuchGrant, LastAdministrator.
    """
    on = london_day(at)
    grant = session.get(AccountGrant, grant_id)
    if grant is None or grant.account_id != account_id or (grant.to_on is not None and grant.to_on < on):
        raise NoSuchGrant
    if grant.role == AccessRole.ADMINISTRATOR and grant.organisation_id is None and grant.from_on <= on:
        require_another_administrator(session, account_id, on=on)
    if last_on >= grant.from_on:
        end_grant(session, grant_id=grant_id, last_on=last_on, by=by, at=at)
        return
    before = {
        "account_id": account_id,
        "role": grant.role,
        "service_id": grant.service_id,
        "organisation_id": grant.organisation_id,
        "from_on": grant.from_on,
        "to_on": grant.to_on,
        "granted_by": grant.granted_by,
    }
    session.delete(grant)
    audit(session, "role_taken_back", by=by, at=at, subject=("account_grants", grant_id), before=before)


def terms_of(row: RoleRequest | AccountGrant) -> RoleTerms:
    """A stored row as the rules take it."""
    return RoleTerms(AccessRole(row.role), row.from_on, row.to_on, row.service_id, row.organisation_id)


def _require_to_be_given(session: Session, terms: RoleTerms, account_id: int, *, by: str, on: date) -> None:
    if by == f"account:{account_id}":
        raise RoleNotGiven(RoleFault.NOT_TO_ONESELF)
    line = account_line(session, account_id, on=on)
    if line is None or not line.usable:
        raise RoleNotGiven(RoleFault.ACCOUNT_IS_SHUT)
    fault = role_fault(terms, has_staff_record=line.staff is not None, on=on)
    if fault is not None:
        raise RoleNotGiven(fault)
    held = session.scalars(
        select(AccountGrant).where(
            AccountGrant.account_id == account_id,
            AccountGrant.role == terms.role.value,
            or_(AccountGrant.to_on.is_(None), AccountGrant.to_on >= on),
        )
    )
    if any(terms.overlaps(terms_of(row)) for row in held):
        raise RoleNotGiven(RoleFault.HELD_ALREADY)


def _waiting(session: Session, request_id: int) -> RoleRequest:
    asked = session.get(RoleRequest, request_id)
    if asked is None or asked.outcome is not None:
        raise SettledAlready
    return asked


def _settle(session: Session, asked: RoleRequest, outcome: str, *, by: str, at: datetime) -> None:
    asked.outcome, asked.settled_by, asked.settled_at = outcome, by, at
    account = session.get_one(Account, asked.account_id)
    audit(
        session,
        f"role_{outcome}",
        by=by,
        at=at,
        subject=("role_requests", asked.id),
        staff_id=account.staff_id,
        after={"asked_by": asked.asked_by},
    )
