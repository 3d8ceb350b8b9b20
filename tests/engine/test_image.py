"""The image answers any day as the facts do, over random packages crowded with turning days."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from skillsmatrix.domain.standing import Standing, supervision_lapses_on
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.engine.days import EARLIEST, LATEST, DayOutOfReach
from tests.builders import day
from tests.engine.house import disagreements, facts_of, image_of, standing_rows
from tests.oracle.packages import edge_days, random_package

PACKAGES = 80
BATCH = 10
DAYS = 10


def some_days(seed: int, days: list[date], count: int) -> list[date]:
    return Random(seed).sample(days, min(count, len(days)))  # noqa: S311 - drawn from a seed on purpose


@pytest.mark.parametrize("first", range(0, PACKAGES, BATCH))
def test_the_image_and_the_facts_answer_alike(first: int) -> None:
    for seed in range(first, first + BATCH):
        tables = random_package(seed)
        facts = facts_of(tables)
        image = image_of(facts)

        for on in some_days(seed, edge_days(tables), DAYS):
            assert disagreements(image, facts, on=on) == [], (seed, on)


@pytest.mark.parametrize("seed", [500, 501])
def test_every_single_day_of_a_stretch_of_months_agrees(seed: int) -> None:
    facts = facts_of(random_package(seed, people=4, services=2, competencies=5))
    image = image_of(facts)

    for number in range(120):
        on = day("2025-01-20") + timedelta(days=number)
        assert disagreements(image, facts, on=on) == [], on


def test_looking_ahead_supervision_stays_as_it_is_today() -> None:
    """V8, as a page reads it: a clock that would run out after today has not run out."""
    suspended = 0
    for seed in range(20):
        facts = facts_of(random_package(seed))
        image = image_of(facts)
        today, ahead = day("2026-01-15"), day("2026-08-01")
        literal = {(row.person, row.competency): row for row in image.standings(on=ahead)}
        assumed = image.standings(on=ahead, supervision_on=today)
        now = lapsed(facts, today)
        for row in assumed:
            before = literal[row.person, row.competency]
            if row.standing is not before.standing:
                assert Standing.SUSPENDED in (row.standing, before.standing)
                assert ((row.person, row.competency) in now) is (row.standing is Standing.SUSPENDED)
                suspended += 1

    assert suspended > 0, "no case in which a clock ran out between the two days"


def lapsed(facts: Workforce, on: date) -> set[tuple[str, str]]:
    """The pairs over which supervision has lapsed on the day, whoever asks for them."""
    pairs = [(person, code) for person in facts.people for code in facts.competencies]
    lapses = {pair: supervision_lapses_on(facts.holding(*pair), on=on) for pair in pairs}
    return {pair for pair, lapse in lapses.items() if lapse is not None and lapse <= on}


@pytest.mark.parametrize("on", [EARLIEST - timedelta(days=1), LATEST + timedelta(days=1)])
def test_a_day_out_of_reach_is_refused_rather_than_answered_wrongly(on: date) -> None:
    image = image_of(facts_of(random_package(1)))

    with pytest.raises(DayOutOfReach):
        image.cover(on=on)


@pytest.mark.parametrize("on", [EARLIEST, LATEST])
def test_the_first_and_last_day_within_reach_are_answered(on: date) -> None:
    facts = facts_of(random_package(2))

    assert disagreements(image_of(facts), facts, on=on) == []


def test_dates_far_out_of_reach_do_not_disturb_the_days_within() -> None:
    facts = facts_of(random_package(3))
    old = date(1900, 1, 1)
    people = {
        code: replace(
            person, employed_from=old, posts=tuple(replace(post, starts_on=old) for post in person.posts)
        )
        for code, person in facts.people.items()
    }
    aged = Workforce(people, facts.competencies, facts.requirements)

    assert standing_rows(aged, on=day("2025-03-01"))
    assert disagreements(image_of(aged), aged, on=day("2025-03-01")) == []
