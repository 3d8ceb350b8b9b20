"""An exemption: its longest stretch, and the hard stops that it would waive."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from skillsmatrix.domain.calendar import Period
from skillsmatrix.domain.exemption import latest_end, waived_hard_stops
from skillsmatrix.domain.requirement import Cover, Service
from tests.builders import day, person, post, requirement, requirements

PERIOD = Period(date(2026, 3, 1), date(2026, 8, 31))


@pytest.mark.parametrize(("starts", "latest"), [("2026-03-01", "2027-03-01"), ("2024-02-29", "2025-02-28")])
def test_an_exemption_lasts_twelve_calendar_months_at_most(starts: str, latest: str) -> None:
    assert latest_end(day(starts)) == day(latest)


def waived(**changes: Any) -> list[str]:
    row = requirement(**{"hard_stop": True, **changes})
    return [each.code for each in waived_hard_stops(person(), requirements(row), "SKILL", PERIOD)]


def test_a_hard_stop_on_the_person_is_waived_and_so_named() -> None:
    assert waived() == ["R1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"hard_stop": False},
        {"cover": Cover.COUNT, "amount": 1},
        {"competency": "OTHER"},
        {"service": "BARN"},
        {"in_force_to": date(2026, 2, 28)},
        {"since": "2026-09-01"},
    ],
)
def test_what_does_not_bind_the_person_in_these_days_is_not_waived(changes: dict[str, Any]) -> None:
    assert waived(**changes) == []


@pytest.mark.parametrize(("ends", "found"), [("2026-02-28", []), ("2026-03-01", ["R1"])])
def test_a_post_counts_to_its_last_day(ends: str, found: list[str]) -> None:
    rows = requirements(requirement(hard_stop=True))
    someone = person("ade", post(to=ends))

    assert [each.code for each in waived_hard_stops(someone, rows, "SKILL", PERIOD)] == found


def test_employment_and_the_opening_of_the_service_count_too() -> None:
    row = requirement(hard_stop=True)
    left = replace(person(), employed_to=date(2026, 2, 28))
    unopened = requirements(row, HOUSE=Service("HOUSE", opens_on=date(2026, 9, 1)))

    assert waived_hard_stops(left, requirements(row), "SKILL", PERIOD) == ()
    assert waived_hard_stops(person(), unopened, "SKILL", PERIOD) == ()
