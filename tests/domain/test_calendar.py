from datetime import date

import pytest

from skillsmatrix.domain.calendar import Period, add_months, covers, cut, merged, shared
from tests.builders import day, period


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-02-29", 12, "2025-02-28"),  # D1
        ("2024-02-29", 36, "2027-02-28"),  # D2
        ("2024-02-29", 48, "2028-02-29"),  # D2
        ("2025-08-31", 6, "2026-02-28"),  # D3
        ("2025-11-30", 3, "2026-02-28"),  # D3
        ("2024-01-31", 2, "2024-03-31"),  # D5: from the anchor, not through February
        ("2025-03-31", 12, "2026-03-31"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-01-15", 0, "2025-01-15"),
    ],
)
def test_months_keep_the_day_or_take_the_last_of_a_shorter_month(start: str, months: int, end: str) -> None:
    assert add_months(day(start), months) == day(end)


def test_a_length_beyond_the_calendar_ends_on_its_last_day() -> None:
    assert add_months(day("2025-01-01"), 12 * 9000) == date.max


@pytest.mark.parametrize(
    ("on", "covered"),
    [("2025-01-31", False), ("2025-02-01", True), ("2025-02-28", True), ("2025-03-01", False)],
)
def test_both_ends_of_a_period_count(on: str, covered: bool) -> None:
    assert Period(day("2025-02-01"), day("2025-02-28")).covers(day(on)) is covered
    assert covers(day(on), day("2025-02-01"), day("2025-02-28")) is covered


def test_a_blank_end_is_open() -> None:
    assert Period(day("2025-02-01")).covers(day("2999-01-01"))
    assert covers(day("1999-01-01"), None, None)


@pytest.mark.parametrize(
    ("whole", "days", "parts"),
    [
        ("2025-01-01..2025-01-31", "2025-02-20 2025-01-10", "2025-01-01..2025-01-09 2025-01-10..2025-01-31"),
        ("2025-01-01..2025-01-31", "2025-01-01 2025-02-01", "2025-01-01..2025-01-31"),  # neither cuts
        ("2025-01-01..2025-01-31", "2025-01-31", "2025-01-01..2025-01-30 2025-01-31..2025-01-31"),
        ("2025-01-01..", "2025-03-01 2025-03-01", "2025-01-01..2025-02-28 2025-03-01.."),
        ("2025-01-01..", "", "2025-01-01.."),
    ],
)
def test_each_day_within_a_period_begins_a_part_of_it(whole: str, days: str, parts: str) -> None:
    found = cut(period(whole).starts_on, period(whole).ends_on, [day(each) for each in days.split()])

    assert [Period(*each) for each in found] == [period(each) for each in parts.split()]


@pytest.mark.parametrize(
    ("periods", "runs"),
    [
        ("2025-01-01..2025-01-10 2025-01-11..2025-01-20", "2025-01-01..2025-01-20"),  # they touch
        (
            "2025-01-01..2025-01-10 2025-01-12..2025-01-20",
            "2025-01-01..2025-01-10 2025-01-12..2025-01-20",
        ),
        ("2025-01-05..2025-01-06 2025-01-01..2025-01-31", "2025-01-01..2025-01-31"),
        ("2025-01-01.. 2025-06-01..2025-07-01", "2025-01-01.."),
        ("2025-01-01..2025-02-01 2025-01-15..", "2025-01-01.."),
    ],
)
def test_periods_that_overlap_or_touch_become_one(periods: str, runs: str) -> None:
    assert merged(period(each) for each in periods.split()) == tuple(period(each) for each in runs.split())


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("2025-01-01..2025-01-31", "2025-01-10..2025-02-10", "2025-01-10..2025-01-31"),
        ("2025-01-01..2025-01-31", "2025-02-01..", ""),
        ("2025-01-01..", "2025-02-01..", "2025-02-01.."),
        (
            "2025-01-01..2025-12-31",
            "2025-01-05..2025-01-06 2025-03-01..",
            "2025-01-05..2025-01-06 2025-03-01..2025-12-31",
        ),
        ("", "2025-01-01..", ""),
    ],
)
def test_days_that_lie_in_both(first: str, second: str, both: str) -> None:
    found = shared([period(each) for each in first.split()], [period(each) for each in second.split()])

    assert found == tuple(period(each) for each in both.split())
