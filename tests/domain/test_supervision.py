"""Contract S3: the clock that suspends a competency nobody has supervised."""

import pytest

from skillsmatrix.domain.supervision import (
    Session,
    clock_start,
    counts,
    kind_in_words,
    lapses,
    lapses_on,
    next_due_on,
)
from tests.builders import competency, day, period

RULES = competency(supervision_kind="clinical", supervision_lapse_days=56, supervision_max_group=6)


@pytest.mark.parametrize(
    ("session", "counted"),
    [
        (Session(day("2025-01-01"), "clinical", "bo"), True),
        (Session(day("2025-01-01"), "management", "bo"), False),
        (Session(day("2025-01-01"), "clinical", "bo", 6), True),
        (Session(day("2025-01-01"), "clinical", "bo", 7), False),  # V3
        (Session(day("2025-01-01"), "clinical", "ade"), False),  # with oneself
    ],
)
def test_v3_which_sessions_count(session: Session, counted: bool) -> None:
    assert counts(session, RULES, supervisee="ade") is counted


def test_any_group_counts_where_no_size_is_stated() -> None:
    rules = competency(supervision_kind="clinical", supervision_lapse_days=56)

    assert counts(Session(day("2025-01-01"), "clinical", "bo", 40), rules, supervisee="ade")


@pytest.mark.parametrize(
    ("sessions", "start"),
    [
        ([], "2025-01-01"),
        (["2024-12-01"], "2025-01-01"),  # before it was held: does not matter
        (["2025-02-01", "2025-03-01"], "2025-03-01"),
        (["2025-02-01", "2025-09-01"], "2025-02-01"),  # later than the day asked about
    ],
)
def test_the_clock_starts_with_holding_or_with_the_last_session(sessions: list[str], start: str) -> None:
    found = clock_start(day("2025-01-01"), [day(each) for each in sessions], on=day("2025-06-01"))

    assert found == day(start)


@pytest.mark.parametrize(
    ("lapse_days", "absences", "lapse"),
    [
        (56, "", "2025-02-27"),  # 26 February is exactly 56 days
        (0, "", "2025-01-02"),
        (56, "2025-01-10..2025-01-23", "2025-03-13"),  # 14 days away
        (56, "2025-01-10..2025-01-23 2025-01-20..2025-01-23", "2025-03-13"),  # each day once
        (56, "2024-12-01..2025-01-01", "2025-02-27"),  # over when the clock starts
        (56, "2024-12-01..2025-01-05", "2025-03-03"),  # only the days after the start
        (56, "2025-03-01..2025-03-31", "2025-02-27"),  # after it has lapsed
        (56, "2025-02-26..", "None"),
        (55, "2025-02-26..", "None"),
        (54, "2025-02-26..", "2025-02-25"),
    ],
)
def test_v1_days_away_stop_the_clock(lapse_days: int, absences: str, lapse: str) -> None:
    away = [period(each) for each in absences.split()]

    assert str(lapses_on(day("2025-01-01"), lapse_days, away)) == lapse


@pytest.mark.parametrize(
    ("run", "sessions", "expected"),
    [
        ("2025-01-01..", "", ["2025-02-27.."]),
        ("2025-01-01..2025-02-27", "", ["2025-02-27..2025-02-27"]),
        ("2025-01-01..2025-02-26", "", []),  # in time to the end
        ("2025-01-01..", "2024-12-31", ["2025-02-27.."]),  # before it was held: does not matter
        ("2025-01-01..2025-06-01", "2025-07-01", ["2025-02-27..2025-06-01"]),  # nor after
        ("2025-01-01..", "2025-02-26 2025-02-26", ["2025-04-24.."]),  # twice on the last day in time
        (
            "2025-01-01..",
            "2025-05-01 2025-03-01",
            ["2025-02-27..2025-02-28", "2025-04-27..2025-04-30", "2025-06-27.."],
        ),
    ],
)
def test_supervision_has_lapsed_until_the_next_session(run: str, sessions: str, expected: list[str]) -> None:
    found = lapses(period(run), [day(each) for each in sessions.split()], 56, [])

    assert list(found) == [period(each) for each in expected]


def test_the_next_session_is_due_on_the_last_day_in_time() -> None:
    assert next_due_on(day("2025-09-01"), 42, []) == day("2025-10-13")
    assert next_due_on(day("2025-09-01"), 42, [period("2025-09-10..2025-09-23")]) == day("2025-10-27")
    assert next_due_on(day("2025-09-01"), 42, [period("2025-09-10..")]) is None


def test_a_clock_that_outlasts_the_calendar_never_runs_out() -> None:
    assert lapses_on(day("2025-01-01"), 10**9, []) is None


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("cbt", "CBT"),
        ("emdr", "EMDR"),
        ("sup_of_sup", "supervisors'"),
        ("case_management", "case management"),
        ("line", "line"),
    ],
)
def test_a_kind_of_supervision_is_called_what_people_call_it(kind: str, said: str) -> None:
    assert kind_in_words(kind) == said
