"""Giving roles: what a role needs to be given, who may never give it, and what state an account is in."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from skillsmatrix.domain.access import AccessRole

LINK_LASTS: Final = timedelta(hours=24)
ENOUGH_ADMINISTRATORS: Final = 2  # one asks, another confirms

# They reach everybody recorded here. Nobody else is handed a way into such an account.
WIDE_ROLES: Final = frozenset(
    {
        AccessRole.HEAD_OF_PRACTICE,
        AccessRole.HUMAN_RESOURCES,
        AccessRole.DATA_PROTECTION,
        AccessRole.ADMINISTRATOR,
    }
)
# Whom they reach follows from their staff record.
NEED_A_STAFF_RECORD: Final = frozenset({AccessRole.SUPERVISOR, AccessRole.ASSESSOR, AccessRole.TRAINER})
ALWAYS_END: Final = frozenset({AccessRole.AUDITOR, AccessRole.INSPECTOR})


class AccountState(StrEnum):
    """Whether an account can be used, and why not; the first that applies."""

    DISABLED = "disabled"
    LEFT = "left"  # the last day of employment, or of somebody from outside, is over
    NOT_ACTIVATED = "not_activated"
    ACTIVE = "active"


class RoleFault(StrEnum):
    """Why a role cannot be given so; the wording is the page's."""

    NOT_TO_ONESELF = "not_to_oneself"
    FOLLOWS_FROM_THE_RECORD = "follows_from_the_record"
    NEEDS_A_STAFF_RECORD = "needs_a_staff_record"
    NEEDS_A_SERVICE = "needs_a_service"
    NEEDS_AN_ORGANISATION = "needs_an_organisation"
    NEEDS_BOUNDS = "needs_bounds"
    ONE_BOUND_ONLY = "one_bound_only"
    NO_SERVICE_HERE = "no_service_here"
    NO_ORGANISATION_HERE = "no_organisation_here"
    NEEDS_A_LAST_DAY = "needs_a_last_day"
    BEGINS_IN_THE_PAST = "begins_in_the_past"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    HELD_ALREADY = "held_already"
    ACCOUNT_IS_SHUT = "account_is_shut"
    OVER_BY_NOW = "over_by_now"


@dataclass(frozen=True, slots=True)
class RoleTerms:
    """A role, what it is limited to, and its first and last day, both counted."""

    role: AccessRole
    from_on: date
    to_on: date | None = None
    service_id: int | None = None
    organisation_id: int | None = None

    def overlaps(self, other: "RoleTerms") -> bool:
        """True when both give the same role in the same bounds on some day."""
        same = (self.role, self.service_id, self.organisation_id) == (
            other.role,
            other.service_id,
            other.organisation_id,
        )
        mine, theirs = self.to_on or date.max, other.to_on or date.max
        return same and self.from_on <= theirs and other.from_on <= mine


def account_state(*, disabled: bool, activated: bool, last_day: date | None, on: date) -> AccountState:
    """The state on the day. `last_day`: of employment or of the account, whichever applies; None: no end."""
    if disabled:
        return AccountState.DISABLED
    if last_day is not None and last_day < on:
        return AccountState.LEFT
    return AccountState.ACTIVE if activated else AccountState.NOT_ACTIVATED


def role_fault(terms: RoleTerms, *, has_staff_record: bool, on: date) -> RoleFault | None:
    """What is wrong with giving a role so, the first thing that applies; None when it will do."""
    role = terms.role
    by_service, by_organisation = terms.service_id is not None, terms.organisation_id is not None
    faults = (
        (role is AccessRole.STAFF, RoleFault.FOLLOWS_FROM_THE_RECORD),
        (role in NEED_A_STAFF_RECORD and not has_staff_record, RoleFault.NEEDS_A_STAFF_RECORD),
        (by_service and by_organisation, RoleFault.ONE_BOUND_ONLY),
        (by_service and not takes_a_service(role), RoleFault.NO_SERVICE_HERE),
        (by_organisation and not takes_an_organisation(role), RoleFault.NO_ORGANISATION_HERE),
        (role is AccessRole.SERVICE_MANAGER and not by_service, RoleFault.NEEDS_A_SERVICE),
        (role is AccessRole.HOST_PARTNER and not by_organisation, RoleFault.NEEDS_AN_ORGANISATION),
        (role in ALWAYS_END and not (by_service or by_organisation), RoleFault.NEEDS_BOUNDS),
        (role in ALWAYS_END and terms.to_on is None, RoleFault.NEEDS_A_LAST_DAY),
        (terms.from_on < on, RoleFault.BEGINS_IN_THE_PAST),
        (terms.to_on is not None and terms.to_on < terms.from_on, RoleFault.ENDS_BEFORE_IT_BEGINS),
    )
    return next((fault for applies, fault in faults if applies), None)


def takes_a_service(role: AccessRole) -> bool:
    """True for the roles that may be limited to one service."""
    return role is AccessRole.SERVICE_MANAGER or role in ALWAYS_END


def takes_an_organisation(role: AccessRole) -> bool:
    """True for the roles that may be limited to one organisation."""
    return role not in {AccessRole.SERVICE_MANAGER, AccessRole.STAFF, *NEED_A_STAFF_RECORD}
