"""Where supervision stands, what makes a session count for nothing, who will be without a supervisor."""

from typing import Any

import pytest

from skillsmatrix.domain.supervision import Session
from skillsmatrix.domain.supervision_ladder import (
    Doubt,
    NotCounted,
    Rung,
    Supervising,
    doubts,
    due_on,
    rung,
    step,
    unsupervised_from,
)
from tests.builders import competency, day, holding, period, signed


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-09-28", Rung.IN_TIME),
        ("2025-09-29", Rung.DUE_SOON),
        ("2025-10-12", Rung.DUE_SOON),
        ("2025-10-13", Rung.DUE),
        ("2025-10-14", Rung.OVERDUE),
        ("2025-10-26", Rung.OVERDUE),
        ("2025-10-27", Rung.LAPSED),
    ],
)
def test_the_ladder_from_two_weeks_before_to_the_day_it_stops(on: str, expected: Rung) -> None:
    assert rung(day("2025-10-13"), day("2025-10-27"), on=day(on)) is expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-10-11", Rung.IN_TIME),
        ("2025-10-12", Rung.DUE_SOON),
        ("2025-10-26", Rung.DUE),
        ("2025-10-27", Rung.LAPSED),
    ],
)
def test_where_nothing_is_agreed_the_lapse_alone_is_warned_of(on: str, expected: Rung) -> None:
    assert rung(None, day("2025-10-27"), on=day(on)) is expected


def test_what_nobody_asks_for_has_no_day() -> None:
    assert rung(None, None, on=day("2025-01-01")) is Rung.NO_DAY


def due(
    last: str | None, since: str | None = "2025-01-01", every: int | None = 42, away: str = ""
) -> str | None:
    found = due_on(
        last_on=day(last) if last else None,
        agreed_from=day(since) if since else None,
        every_days=every,
        absences=[period(each) for each in away.split()],
    )
    return found.isoformat() if found else None


def test_the_next_session_is_due_so_many_days_after_the_last() -> None:
    assert due("2025-09-01") == "2025-10-13"


def test_absence_moves_the_day() -> None:
    assert due("2025-09-01", away="2025-09-10..2025-09-23") == "2025-10-27"
    assert due("2025-09-01", away="2025-09-10..") is None


def test_the_first_session_has_two_weeks_more() -> None:
    assert due(None, since="2025-01-01") == "2025-02-26"  # 42 + 14 days


def test_without_an_interval_or_a_start_there_is_no_day() -> None:
    assert due("2025-09-01", every=None) is None
    assert due(None, since=None) is None


EMDR = competency("EMDR", supervision_kind="emdr", supervision_lapse_days=45, supervision_max_group=6)


def told(
    kind: str = "emdr", group: int = 1, supervisor: str = "bo", agreed: tuple[str, ...] = ()
) -> list[Doubt]:
    session = Session(day("2025-01-01"), kind, supervisor, group)
    return doubts(session, supervisee="ade", agreed_kinds=agreed, held=[EMDR])


def test_v3_a_group_of_seven_where_six_is_the_most_counts_for_nobody() -> None:
    assert told(group=6) == []
    assert told(group=7) == [Doubt(NotCounted.GROUP_TOO_LARGE, EMDR)]


def test_a_kind_that_nothing_asks_for_counts_for_nothing() -> None:
    assert told(kind="line") == [Doubt(NotCounted.KIND_NOT_ASKED)]
    assert told(kind="line", agreed=("line",)) == []


def test_a_session_with_oneself_counts_for_nothing() -> None:
    assert told(supervisor="ade") == [Doubt(NotCounted.WITH_ONESELF)]


def agreed(text: str, left: str | None = None) -> Supervising:
    dates = period(text)
    return Supervising(dates.starts_on, dates.ends_on, day(left) if left else None)


@pytest.mark.parametrize(
    ("agreements", "expected"),
    [
        ([agreed("2025-01-01..")], None),
        ([agreed("2025-01-01..", left="2025-06-30")], "2025-07-01"),  # V2: known from the notice on
        ([agreed("2025-01-01..", left="2025-06-30"), agreed("2025-07-01..")], None),
        ([agreed("2025-01-01..", left="2025-06-30"), agreed("2025-07-02..")], "2025-07-01"),
        ([agreed("2025-01-01..2025-06-30")], "2025-07-01"),
        ([agreed("2025-01-01..", left="2025-02-28")], "2025-05-01"),
        ([agreed("2025-04-01..", left="2025-02-28")], "2025-05-01"),
    ],
)
def test_v2_the_day_from_which_nobody_supervises(agreements: list[Supervising], expected: str | None) -> None:
    assert unsupervised_from(agreements, on=day("2025-05-01")) == (day(expected) if expected else None)


def test_somebody_who_leaves_with_their_supervisor_is_not_missed() -> None:
    leaving = [agreed("2025-01-01..", left="2025-06-30")]

    assert unsupervised_from(leaving, on=day("2025-05-01"), employed_to=day("2025-06-30")) is None
    assert unsupervised_from(leaving, on=day("2025-05-01"), employed_to=day("2025-07-01")) == day(
        "2025-07-01"
    )


CLINICAL = competency(
    "PSY",
    needs_learning=False,
    needs_sign_off=True,
    supervision_kind="clinical",
    supervision_every_days=42,
    supervision_lapse_days=56,
    supervision_max_group=6,
)


def test_a_group_that_is_too_large_moves_the_agreement_and_not_the_competency() -> None:
    psy = holding(rules=CLINICAL, sign_offs=[signed("2025-01-01")], sessions=["2025-02-01"])
    sessions = [Session(day("2025-02-01"), "clinical", "bo"), Session(day("2025-03-01"), "clinical", "bo", 7)]
    facts: dict[str, Any] = {"supervisee": "ade", "sessions": sessions, "holdings": [psy], "absences": ()}

    found = step("clinical", agreed=[(day("2025-01-01"), 50)], on=day("2025-03-10"), **facts)

    assert (found.last_on, found.every_days) == (day("2025-03-01"), 42)
    assert found.due_on == day("2025-03-15")  # 42 days after 1 February, not 50 after 1 March
    assert (found.lapses_on, found.stops) == (day("2025-03-30"), (CLINICAL,))
    assert found.rung is Rung.DUE_SOON
    assert step("clinical", agreed=[], on=day("2025-03-30"), **facts).rung is Rung.LAPSED


def test_what_is_not_held_asks_for_no_supervision() -> None:
    nothing = holding(rules=CLINICAL)

    found = step(
        "clinical",
        supervisee="ade",
        sessions=[],
        agreed=[],
        holdings=[nothing],
        absences=(),
        on=day("2025-03-10"),
    )

    assert (found.rung, found.due_on, found.lapses_on, found.stops) == (Rung.NO_DAY, None, None, ())


def test_sessions_with_oneself_or_still_to_come_do_not_move_the_day() -> None:
    sessions = [Session(day("2025-03-01"), "line", "ade"), Session(day("2025-04-01"), "line", "bo")]

    found = step(
        "line",
        supervisee="ade",
        sessions=sessions,
        agreed=[(day("2025-01-01"), 42)],
        holdings=[],
        absences=(),
        on=day("2025-03-10"),
    )

    assert (found.last_on, found.due_on, found.rung) == (None, day("2025-02-26"), Rung.OVERDUE)
