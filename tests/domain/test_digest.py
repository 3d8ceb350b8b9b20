"""What a digest says, in which order, and what it keeps quiet about."""

from datetime import date, timedelta

import pytest

from skillsmatrix.domain.digest import (
    MOST_LINES,
    Bearing,
    Line,
    Section,
    Topic,
    digest_day,
    digest_days_before,
    is_said,
    parts,
)

MONDAY = date(2026, 11, 16)


@pytest.mark.parametrize("day", ["2026-11-16", "2026-11-18", "2026-11-22"])
def test_the_digest_of_a_week_belongs_to_its_monday(day: str) -> None:
    assert digest_day(date.fromisoformat(day)) == MONDAY


def test_the_four_digests_before_are_those_of_the_mondays_before() -> None:
    assert digest_days_before(date(2026, 11, 19)) == (
        date(2026, 11, 9),
        date(2026, 11, 2),
        date(2026, 10, 26),
        date(2026, 10, 19),
    )


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (0, True),
        (30, True),
        (31, False),
        (53, False),
        (54, True),
        (60, True),
        (61, False),
        (83, False),
        (84, True),
        (90, True),
        (91, False),
    ],
)
def test_an_end_is_said_twice_from_afar_and_every_week_in_the_last_month(left: int, said: bool) -> None:
    assert is_said(MONDAY + timedelta(days=left), on=MONDAY) is said


def test_whatever_the_weekday_of_its_end_everything_is_said_seven_times_at_most_and_six_at_least() -> None:
    for shift in range(7):
        end = date(2027, 6, 1) + timedelta(days=shift)
        weeks = [
            end - timedelta(days=ago) for ago in range(100) if (end - timedelta(days=ago)).weekday() == 0
        ]
        times = sum(is_said(end, on=monday) for monday in weeks)
        assert 6 <= times <= 7, end


def test_the_week_decides_and_not_the_day_on_which_the_digest_is_made() -> None:
    end = MONDAY + timedelta(days=84)
    assert [is_said(end, on=MONDAY + timedelta(days=day)) for day in range(7)] == [True] * 7


def line(topic: Topic, title: str, **values: object) -> Line:
    return Line(topic=topic, title=title, **values)  # type: ignore[arg-type]


def test_lines_stand_by_their_effect_on_cover_and_then_by_day() -> None:
    soon, later = date(2026, 11, 20), date(2026, 12, 20)
    lines = [
        line(Topic.NOT_HELD, "nothing hangs on it"),
        line(Topic.RUNNING_OUT, "later", on=later),
        line(Topic.RUNNING_OUT, "soon", on=soon),
        line(Topic.NOT_HELD, "a stop that others fill", hard_stop=True),
        line(Topic.NOT_HELD, "two are missing", bearing=Bearing(0, 2)),
        line(Topic.NOT_HELD, "a stop is short", bearing=Bearing(1, 1), hard_stop=True),
    ]

    (only,) = parts(lines)

    assert [each.title for each in only.lines] == [
        "a stop is short",
        "two are missing",
        "a stop that others fill",
        "soon",
        "later",
        "nothing hangs on it",
    ]


def test_services_come_first_and_oneself_last_and_empty_sections_are_left_out() -> None:
    found = parts([line(Topic.COURSE, "own"), line(Topic.CLAIM, "claim"), line(Topic.UNSAFE, "unsafe")])

    assert [part.section for part in found] == [Section.COVER, Section.DECISIONS, Section.YOU]


def test_a_long_section_is_cut_and_says_how_much_more_there_is() -> None:
    (only,) = parts([line(Topic.CLAIM, f"claim {number:02}") for number in range(MOST_LINES + 3)])

    assert (len(only.lines), only.more) == (MOST_LINES, 3)


def test_nothing_to_say_makes_no_section() -> None:
    assert parts([]) == []


def test_an_offered_seat_waits_for_an_answer_before_all_else_because_it_lapses_first() -> None:
    lines = [
        line(Topic.CLAIM, "claim", bearing=Bearing(1, 2), hard_stop=True),
        line(Topic.SEAT_OFFERED, "seat", on=date(2026, 11, 24)),
    ]

    (only,) = parts(lines)

    assert only.section is Section.DECISIONS
    assert [each.title for each in only.lines] == ["seat", "claim"]
