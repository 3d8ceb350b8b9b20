"""The trend and the forecast say on each day what the cover of that day says."""

from datetime import date, timedelta
from random import Random

import pytest

from benchmarks.data import Size, generate
from benchmarks.facts import workforce
from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.engine.over_days import BelowCover, TrendDay, first_below_cover, lines_by_day, trend
from tests.builders import day
from tests.engine.house import facts_of, image_of
from tests.oracle.packages import edge_days, random_package

TODAY = day("2025-06-15")


def totals(on: date, lines: list[CoverLine]) -> TrendDay:
    return TrendDay(
        on=on,
        lines=len(lines),
        met=sum(line.met for line in lines),
        unsafe=sum(line.unsafe for line in lines),
        required=sum(line.required for line in lines),
        held=sum(line.required - line.shortfall for line in lines),
        shortfall=sum(line.shortfall for line in lines),
        services_short=len({line.service for line in lines if not line.met}),
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_trend_is_the_cover_of_each_day(seed: int) -> None:
    tables = random_package(seed)
    facts = facts_of(tables)
    days = sorted(Random(seed).sample(edge_days(tables), 25))  # noqa: S311 - drawn from a seed on purpose

    found = trend(image_of(facts), days)

    assert found == [totals(on, facts.cover(on=on)) for on in days]


@pytest.mark.parametrize("seed", range(12))
def test_after_today_a_forecast_leaves_supervision_as_it_is(seed: int) -> None:
    tables = random_package(seed)
    image = image_of(facts_of(tables))
    days = sorted(Random(seed).sample(edge_days(tables), 25))  # noqa: S311 - drawn from a seed on purpose

    found = trend(image, days, today=TODAY)

    assert found == [totals(on, image.cover(on=on, supervision_on=min(on, TODAY))) for on in days]


def test_lines_that_are_always_in_force_take_the_short_way_to_the_same_trend() -> None:
    facts = workforce(generate(Size(staff=50, services=3, competencies=15, organisations=1, records_each=30)))
    days = [TODAY + timedelta(days=30 * number) for number in range(8)]
    every = trend(image_of(facts), days)
    some = trend(image_of(facts), days, services=["S0000002"])

    assert every == [totals(on, facts.cover(on=on)) for on in days]
    assert some == [totals(on, facts.cover(on=on, service="S0000002")) for on in days]
    assert every[0].shortfall > 0


def test_no_days_have_no_trend() -> None:
    assert trend(image_of(facts_of(random_package(6))), []) == []


def test_a_trend_of_some_services_counts_their_lines_only() -> None:
    facts = facts_of(random_package(6))
    image = image_of(facts)
    days = [TODAY + timedelta(days=30 * number) for number in range(12)]
    for service in facts.requirements.services:
        wanted = [totals(on, facts.cover(on=on, service=service)) for on in days]

        assert trend(image, days, services=[service]) == wanted


def test_each_line_is_told_day_by_day() -> None:
    facts = facts_of(random_package(7))
    image = image_of(facts)
    lines = image.catalogue.lines
    days = [day("2024-01-31") + timedelta(days=number) for number in range(60)]

    for found in lines_by_day(image, days):
        cover = {(line.service, line.requirement.code): line for line in facts.cover(on=found.on)}
        told = {
            (
                image.catalogue.service_codes[lines.service[at]],
                image.catalogue.requirements.rows[lines.row[at]].code,
            ): (found.required[at], found.held[at], found.shortfall[at])
            for at in range(len(lines))
            if found.shown[at]
        }
        assert told == {key: (line.required, line.held, line.shortfall) for key, line in cover.items()}


@pytest.mark.parametrize("hard_stops_only", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_services_come_in_the_order_in_which_they_first_fall_below_cover(
    seed: int, hard_stops_only: bool
) -> None:
    facts = facts_of(random_package(seed))
    image = image_of(facts)
    days = [day("2023-06-01") + timedelta(days=7 * number) for number in range(60)]
    wanted = {}
    for on in days:
        for line in facts.cover(on=on):
            if (line.unsafe if hard_stops_only else not line.met) and line.service not in wanted:
                wanted[line.service] = on

    found = first_below_cover(image, days, hard_stops_only=hard_stops_only)

    assert [(each.on, each.service) for each in found] == sorted((on, code) for code, on in wanted.items())
    for each in found:
        assert_short(image, each)


def assert_short(image, each: BelowCover) -> None:  # type: ignore[no-untyped-def]
    code = image.catalogue.requirements.rows[image.catalogue.lines.row[each.line]].code
    lines = {line.requirement.code: line for line in image.cover(on=each.on, service=each.service)}
    assert not lines[code].met
