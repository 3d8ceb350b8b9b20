"""Who is offered a freed seat, and what keeps somebody from taking one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from skillsmatrix.domain.booking import (
    LONGEST_WAIT_DAYS,
    MOST_PASSED_OVER,
    Hindrance,
    Need,
    Obstacle,
    Prerequisite,
    Sitting,
    Waiting,
    Why,
    cancels_in_time,
    hindrances,
    in_line,
    offer_until,
    passed_over,
)
from skillsmatrix.domain.calendar import Period
from skillsmatrix.domain.person import Basis, Person, Post

TODAY = date(2026, 3, 2)
NINE = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
COURSE_DAY = date(2026, 3, 16)
COURSE = Sitting("Medicines", NINE, NINE + timedelta(hours=6), Period(COURSE_DAY, COURSE_DAY))


def waiting(booking: int, need: Need | None = None, *, days: int = 1, passed: int = 0) -> Waiting:
    asked_on = TODAY - timedelta(days=days)
    at = datetime(asked_on.year, asked_on.month, asked_on.day, 9, 0, booking, tzinfo=UTC)
    return Waiting(booking, at, asked_on, need or Need(), passed)


def order(*those: Waiting) -> list[tuple[int, Why]]:
    return [(place.booking, place.why) for place in in_line(those, on=TODAY)]


def test_an_unmet_hard_stop_comes_before_a_larger_target() -> None:
    target, stop = waiting(1, Need(shortfall=9)), waiting(2, Need(hard_stop=1, shortfall=1))

    assert order(target, stop) == [(2, Why.HARD_STOP), (1, Why.SHORTFALL)]


def test_the_larger_gap_comes_first_then_the_earlier_end_then_who_asked_first() -> None:
    small = waiting(1, Need(shortfall=1))
    large = waiting(2, Need(shortfall=3))
    soon = waiting(3, Need(runs_out_on=date(2026, 4, 1)))
    later = waiting(4, Need(runs_out_on=date(2026, 9, 1)))
    first, second = waiting(5), waiting(6)

    assert order(second, first, later, soon, small, large) == [
        (2, Why.SHORTFALL),
        (1, Why.SHORTFALL),
        (3, Why.RUNS_OUT),
        (4, Why.RUNS_OUT),
        (5, Why.FIRST_COME),
        (6, Why.FIRST_COME),
    ]


@pytest.mark.parametrize(("passed", "first"), [(MOST_PASSED_OVER - 1, 2), (MOST_PASSED_OVER, 1)])
def test_nobody_is_passed_over_more_often_than_the_limit(passed: int, first: int) -> None:
    places = order(waiting(1, passed=passed), waiting(2, Need(hard_stop=5)))

    assert places[0][0] == first
    assert (places[0][1] is Why.PASSED_OVER) == (first == 1)


@pytest.mark.parametrize(("days", "first"), [(LONGEST_WAIT_DAYS - 1, 2), (LONGEST_WAIT_DAYS, 1)])
def test_after_sixty_days_it_is_first_come_first_served(days: int, first: int) -> None:
    places = order(waiting(1, days=days), waiting(2, Need(hard_stop=5)))

    assert places[0][0] == first


def test_among_those_who_waited_too_long_need_no_longer_counts() -> None:
    places = order(waiting(1, days=70), waiting(2, Need(hard_stop=4), days=65))

    assert places == [(1, Why.LONG_WAIT), (2, Why.LONG_WAIT)]


def test_only_those_who_asked_later_and_hold_a_seat_have_passed() -> None:
    asked = (NINE, 5)

    assert passed_over(asked, [(NINE, 4), (NINE, 6), (NINE + timedelta(days=1), 2)]) == 2


@pytest.mark.parametrize(
    ("employed_to", "post_to", "expected"),
    [
        (None, COURSE_DAY, []),
        (None, COURSE_DAY - timedelta(days=1), [Obstacle.NO_POST]),
        (COURSE_DAY, None, []),
        (COURSE_DAY - timedelta(days=1), None, [Obstacle.NOT_EMPLOYED]),
    ],
)
def test_a_post_or_employment_that_has_ended_by_then_is_said(
    employed_to: date | None, post_to: date | None, expected: list[Obstacle]
) -> None:
    assert [each.obstacle for each in hindrances(person(employed_to, post_to), COURSE)] == expected


@pytest.mark.parametrize(("ends_on", "away"), [(date(2026, 3, 15), False), (COURSE_DAY, True), (None, True)])
def test_leave_on_the_day_is_said(ends_on: date | None, away: bool) -> None:
    found = hindrances(person(absences=(Period(date(2026, 3, 9), ends_on),)), COURSE)

    assert found == ((Hindrance(Obstacle.ABSENT),) if away else ())


@pytest.mark.parametrize(("begins", "clash"), [(6, False), (5, True)])
def test_two_courses_clash_only_when_they_overlap(begins: int, clash: bool) -> None:
    starts = NINE + timedelta(hours=begins)
    other = Sitting("Fire", starts, starts + timedelta(hours=2), COURSE.days)

    found = hindrances(person(), COURSE, others=[other])

    assert found == ((Hindrance(Obstacle.OTHER_COURSE, "Fire"),) if clash else ())


def test_whoever_teaches_it_takes_no_seat() -> None:
    assert hindrances(person(), COURSE, teaches=True) == (Hindrance(Obstacle.TEACHES),)


def test_what_must_be_held_first_is_named_with_its_level() -> None:
    asked = [Prerequisite("Medicines 1", 2, held=False), Prerequisite("Fire", 1, held=True)]

    assert hindrances(person(), COURSE, prerequisites=asked) == (
        Hindrance(Obstacle.PREREQUISITE, "Medicines 1", 2),
    )


def test_an_offer_never_outlasts_the_start() -> None:
    assert offer_until(at=NINE - timedelta(days=9), starts_at=NINE) == NINE - timedelta(days=7)
    assert offer_until(at=NINE - timedelta(hours=3), starts_at=NINE) == NINE


@pytest.mark.parametrize(
    ("cut_off", "on", "in_time"),
    [
        (date(2026, 3, 9), date(2026, 3, 9), True),
        (date(2026, 3, 9), date(2026, 3, 10), False),
        (None, date(2026, 3, 15), True),
        (None, COURSE_DAY, False),
    ],
)
def test_cancelling_is_in_time_up_to_the_cut_off(cut_off: date | None, on: date, in_time: bool) -> None:
    assert cancels_in_time(cut_off, COURSE_DAY, on=on) is in_time


def person(
    employed_to: date | None = None, post_to: date | None = None, absences: tuple[Period, ...] = ()
) -> Person:
    post = Post("house", "sw", Basis.PERMANENT, date(2020, 1, 1), post_to)
    return Person("ade", "ORG", date(2020, 1, 1), employed_to, posts=(post,), absences=absences)


@pytest.mark.parametrize(
    ("need", "pressing"),
    [
        (Need(), False),
        (Need(shortfall=1), True),
        (Need(runs_out_on=date(2026, 5, 30)), True),
        (Need(runs_out_on=date(2026, 5, 31)), False),
    ],
)
def test_a_need_presses_when_a_service_is_short_or_an_end_is_at_most_90_days_away(
    need: Need, pressing: bool
) -> None:
    assert need.is_pressing(on=date(2026, 3, 1)) is pressing
