"""Giving roles: what each needs, and what state an account is in."""

from datetime import date

import pytest

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.trust import (
    AccountState,
    RoleFault,
    RoleTerms,
    account_state,
    role_fault,
    takes_a_service,
    takes_an_organisation,
)

ON = date(2026, 11, 22)
INSPECTOR, MANAGER, HOST = AccessRole.INSPECTOR, AccessRole.SERVICE_MANAGER, AccessRole.HOST_PARTNER
SUPERVISOR, HR = AccessRole.SUPERVISOR, AccessRole.HUMAN_RESOURCES


@pytest.mark.parametrize(
    ("disabled", "activated", "last_day", "state"),
    [
        (False, True, None, AccountState.ACTIVE),
        (False, True, ON, AccountState.ACTIVE),
        (False, True, date(2026, 11, 21), AccountState.LEFT),
        (False, False, ON, AccountState.NOT_ACTIVATED),
        (False, False, date(2026, 11, 21), AccountState.LEFT),
        (True, True, date(2026, 11, 21), AccountState.DISABLED),
    ],
)
def test_an_account_works_up_to_and_including_its_last_day(
    disabled: bool, activated: bool, last_day: date | None, state: AccountState
) -> None:
    assert account_state(disabled=disabled, activated=activated, last_day=last_day, on=ON) is state


@pytest.mark.parametrize(
    ("terms", "fault"),
    [
        (RoleTerms(HR, ON), None),
        (RoleTerms(HR, ON, organisation_id=1), None),
        (RoleTerms(MANAGER, ON, service_id=1), None),
        (RoleTerms(INSPECTOR, ON, ON, organisation_id=1), None),
        (RoleTerms(SUPERVISOR, ON), None),
        (RoleTerms(SUPERVISOR, ON, organisation_id=1), RoleFault.NO_ORGANISATION_HERE),
        (RoleTerms(HOST, ON, service_id=1), RoleFault.NO_SERVICE_HERE),
        (RoleTerms(HR, date(2026, 11, 21)), RoleFault.BEGINS_IN_THE_PAST),
    ],
)
def test_a_role_has_the_bounds_it_needs_and_no_others(terms: RoleTerms, fault: RoleFault | None) -> None:
    assert role_fault(terms, has_staff_record=True, on=ON) is fault


def test_two_of_a_role_overlap_when_they_share_a_day_and_their_bounds() -> None:
    this_month = RoleTerms(MANAGER, ON, date(2026, 11, 30), service_id=1)

    assert this_month.overlaps(RoleTerms(MANAGER, date(2026, 11, 30), service_id=1))
    assert not this_month.overlaps(RoleTerms(MANAGER, date(2026, 12, 1), service_id=1))
    assert not this_month.overlaps(RoleTerms(MANAGER, ON, service_id=2))
    assert not this_month.overlaps(RoleTerms(INSPECTOR, ON, ON, service_id=1))


def test_every_role_that_needs_a_bound_may_be_given_one() -> None:
    by_service = {role for role in AccessRole if takes_a_service(role)}
    by_organisation = {role for role in AccessRole if takes_an_organisation(role)}

    assert by_service == {MANAGER, INSPECTOR, AccessRole.AUDITOR}
    assert {HOST, INSPECTOR, AccessRole.AUDITOR, HR} <= by_organisation
    assert not by_organisation & {MANAGER, SUPERVISOR, AccessRole.STAFF}
