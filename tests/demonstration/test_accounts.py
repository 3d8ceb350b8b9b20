"""The sign-ins of the demonstration, and who supervises whom."""

from datetime import date

import pytest

from skillsmatrix.demonstration import demonstration_accounts, demonstration_supervisors
from skillsmatrix.demonstration.package import Package
from skillsmatrix.domain.access import AccessRole
from skillsmatrix.foundation.paths import SEED

WITHOUT_SIGN_IN = {AccessRole.AUDITOR, AccessRole.DATA_PROTECTION}


def test_there_is_a_sign_in_for_every_access_role_of_the_demonstration(day: date) -> None:
    roles = {grant.role for account in demonstration_accounts(SEED, on=day) for grant in account.grants}

    assert roles == set(AccessRole) - WITHOUT_SIGN_IN


def test_sign_ins_belong_to_staff_by_their_work_mail(day: date, package: Package) -> None:
    staff = {row["staff"]: row for row in package["staff"]}

    accounts = demonstration_accounts(SEED, on=day)

    assert len({account.email for account in accounts}) == len(accounts)
    for account in accounts:
        if account.staff_code is not None:
            assert staff[account.staff_code]["work_email"] == account.email
    assert [account.display_name for account in accounts if account.staff_code is None] == [
        "Rosalind Quayle, inspector"
    ]


def test_grants_cover_the_day_and_name_what_exists(day: date, package: Package) -> None:
    services = {row["service"] for row in package["services"]}
    organisations = {row["organisation"] for row in package["organisations"]}

    for account in demonstration_accounts(SEED, on=day):
        for grant in account.grants:
            assert grant.covers(day)
            assert set(grant.services) <= services
            assert grant.organisation is None or grant.organisation in organisations


def test_the_inspection_ends(day: date) -> None:
    inspector = next(each for each in demonstration_accounts(SEED, on=day) if each.staff_code is None)

    assert [(grant.services, (grant.to_on or day) > day) for grant in inspector.grants] == [
        (("LARCH", "WILLOW"), True)
    ]


def test_everybody_at_work_has_a_supervisor_at_work(day: date, package: Package) -> None:
    at_work = {
        row["staff"]
        for row in package["posts"]
        if row["starts_on"] <= day.isoformat() and (not row["ends_on"] or row["ends_on"] >= day.isoformat())
    }

    supervisors = demonstration_supervisors(SEED, on=day)

    assert set(supervisors) == at_work
    assert set(supervisors.values()) <= at_work
    assert [code for code, supervisor in supervisors.items() if code == supervisor] == []


def test_the_supervisor_who_signs_in_has_a_team(day: date) -> None:
    supervisors = demonstration_supervisors(SEED, on=day)

    assert sum(supervisor == "BH1004" for supervisor in supervisors.values()) >= 4


@pytest.mark.parametrize("role", [AccessRole.HUMAN_RESOURCES, AccessRole.ADMINISTRATOR])
def test_what_two_people_must_do_together_can_be_done(day: date, role: AccessRole) -> None:
    holders = {
        account.email
        for account in demonstration_accounts(SEED, on=day)
        for grant in account.grants
        if grant.role is role
    }

    assert len(holders) == 2
