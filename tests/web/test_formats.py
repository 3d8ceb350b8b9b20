"""Days, instants and figures as they are written."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.moment import read_day


def test_days_are_written_out(app: Flask) -> None:
    with app.test_request_context():
        assert formats.day(date(2027, 2, 28)) == "28 February 2027"
        assert formats.short_day(date(2027, 2, 8)) == "8 Feb 2027"
        assert formats.typed_day(date(2027, 2, 8)) == "8/2/2027"


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "29 March 2026 at 00:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 March 2026 at 02:00"),
        (datetime(2026, 7, 31, 23, 30, tzinfo=UTC), "1 August 2026 at 00:30"),
    ],
)
def test_instants_are_shown_in_london_time(app: Flask, instant: datetime, written: str) -> None:
    with app.test_request_context():
        assert formats.instant(instant) == written


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [(37, 41, "90.2%"), (1899, 2000, "94.9%"), (1, 1, "100.0%"), (1999, 2000, "99.9%"), (0, 3, "0.0%")],
)
def test_percentages_are_rounded_down(part: int, whole: int, written: str) -> None:
    assert formats.tenths(part, whole) == written


@pytest.mark.parametrize(
    ("text", "shown"), [("supported housing", "Supported housing"), ("NHS ward", "NHS ward")]
)
def test_a_capital_at_the_start_changes_nothing_else(text: str, shown: str) -> None:
    assert formats.capital(text) == shown


def test_a_percentage_never_stands_without_its_count(app: Flask) -> None:
    with app.test_request_context():
        assert "1,899 of 2,000" in formats.fraction(1899, 2000)
        assert formats.fraction(0, 0).striptags() == "not required"


def test_counts_come_with_their_noun() -> None:
    assert formats.count(1, "person", "people") == "1 person"
    assert formats.count(1200, "person", "people") == "1,200 people"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("28/2/2027", date(2027, 2, 28)),
        (" 1.12.2026 ", date(2026, 12, 1)),
        ("2027-02-28", date(2027, 2, 28)),
        ("29/2/2027", None),
        ("1/1/1949", None),
        ("1/1/2101", None),
        ("12/2027", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_it_is_written_here(text: str, day: date | None) -> None:
    assert read_day(text) == day
