"""Changes, single points, leavers and the week, against the rule over the demonstration's facts."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from skillsmatrix.domain.changes import Asked
from skillsmatrix.domain.next_steps import Doing, Effect
from skillsmatrix.domain.standing import Standing
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading
from skillsmatrix.queries.access import ALL, Reach
from skillsmatrix.queries.changes import (
    changes_as_known,
    changes_between,
    rule_changes,
)
from skillsmatrix.queries.effects import Ahead
from skillsmatrix.queries.outlook import (
    cover_over_time,
    falls_ahead,
    lapses_ahead,
    months_around,
    people_at,
    people_by_service,
)
from skillsmatrix.queries.services import service_entry
from skillsmatrix.queries.single_points import few_assessors, hanging_lines, leavers, lost_with
from skillsmatrix.queries.week import week
from skillsmatrix.queries.workforce import workforce
from tests.conftest import DEMONSTRATION_DAY

TODAY = DEMONSTRATION_DAY
A_MONTH_AGO = TODAY - timedelta(days=31)


@pytest.fixture(scope="module")
def session(demonstration: Engine) -> Iterator[Session]:
    with reading(demonstration) as session:
        yield session


@pytest.fixture(scope="module")
def facts(session: Session) -> Workforce:
    return workforce(session)


def asked_of_everybody(facts: Workforce, on: date) -> dict[tuple[str, str], Asked]:
    return {
        (row.person, row.instance.competency): Asked(row.verdict.standing, row.instance.level)
        for row in facts.standings(on=on)
    }


def test_everybody_who_stands_differently_is_told_and_nobody_else(session: Session, facts: Workforce) -> None:
    before, after = asked_of_everybody(facts, A_MONTH_AGO), asked_of_everybody(facts, TODAY)
    differ = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}

    found = changes_between(session, start=A_MONTH_AGO, end=TODAY, today=TODAY)

    assert len(differ) > 20
    assert {(each.person, each.competency) for each in found.changes} == differ
    for each in found.changes:
        for told, known in ((each.before, before), (each.after, after)):
            stated = known.get((each.person, each.competency))
            assert (told and told.standing) == (stated and stated.standing)


def test_places_are_those_of_either_day(session: Session, facts: Workforce) -> None:
    found = changes_between(session, start=A_MONTH_AGO, end=TODAY, today=TODAY)

    for code, places in found.places.items():
        posts = {
            post.service for on in (A_MONTH_AGO, TODAY) for post in facts.people[code].posts_in_force(on)
        }
        assert places == posts


def test_as_known_now_and_as_known_at_this_instant_are_the_same(session: Session) -> None:
    entry = service_entry(session, "LARCH")
    assert entry is not None
    days = {"start": A_MONTH_AGO, "end": TODAY, "today": TODAY}

    known = changes_as_known(session, entry, known_at=clock.now(), **days)  # type: ignore[arg-type]
    now = changes_between(session, **days)  # type: ignore[arg-type]

    here = {code for code, places in now.places.items() if "LARCH" in places}
    assert list(known.changes) == [each for each in now.changes if each.person in here]
    assert known.before == {"LARCH": now.before["LARCH"]}
    assert known.after == {"LARCH": now.after["LARCH"]}
    assert changes_between(session, known_at=clock.now(), **days) == now  # type: ignore[arg-type]


def test_the_tally_of_a_service_is_that_of_its_cover(session: Session, facts: Workforce) -> None:
    tallies = changes_between(session, start=A_MONTH_AGO, end=TODAY, today=TODAY).after

    for service in facts.requirements.services:
        lines = facts.cover(on=TODAY, service=service)
        counted = (len(lines), sum(line.unsafe for line in lines), sum(not line.met for line in lines))
        assert (tallies[service].lines, tallies[service].unsafe, tallies[service].short) == counted


def test_a_rule_that_begins_or_ends_between_the_days_is_told(session: Session, facts: Workforce) -> None:
    first = min(row.in_force_from for row in facts.requirements.rows)

    found = rule_changes(session, ["LARCH"], start=first - timedelta(days=1), end=TODAY)

    expected = {
        row.code for row in facts.requirements.rows if row.service in (None, "LARCH") and row.in_force(TODAY)
    }
    assert {each.requirement.code for each in found if each.began} == expected
    assert all(each.on == each.requirement.in_force_from for each in found if each.began)


def test_lines_that_hang_on_somebody_are_those_of_the_rule_with_their_holders(
    session: Session, facts: Workforce
) -> None:
    expected = {
        (line.service, line.requirement.code)
        for line in facts.cover(on=TODAY)
        if line.single_point_of_failure
    }

    found = hanging_lines(session, ALL, on=TODAY, today=TODAY)

    assert expected
    assert {(each.line.service, each.line.requirement.code) for each in found} == expected
    assert all(len(each.holders) == each.line.held for each in found)


def test_whoever_leaves_is_missed_where_the_rule_says(session: Session) -> None:
    everybody = leavers(session, ALL, ALL, on=TODAY, today=TODAY)
    places = Reach(frozenset({"LARCH", "WILLOW"}))

    for each in everybody[:10]:
        lost = lost_with(session, each.person, ALL, on=TODAY, today=TODAY)
        assert each.lines == sum(line.broken for line in lost)
        assert each.hard_stops == sum(line.broken and line.requirement.hard_stop for line in lost)
        assert each.missing == sum(line.missing_then - line.missing_now for line in lost)
    some = leavers(session, places, ALL, on=TODAY, today=TODAY)
    assert {each.person for each in some} <= {each.person for each in everybody}


def test_an_assessor_holds_what_they_sign_off(session: Session, facts: Workforce) -> None:
    found = few_assessors(session, ALL, on=TODAY, most=99)

    assert any(each.assessors for each in found)
    for each in found:
        for code in each.assessors:
            assert facts.holding(code, each.competency).evidence.held_level(TODAY) >= each.level


def test_the_first_fall_of_each_service_is_the_first_day_on_which_the_rule_finds_it_short(
    session: Session, facts: Workforce
) -> None:
    """Looked at for the services that keep their hard stops today, on the day itself and the day before."""
    found = [each for each in falls_ahead(session, today=TODAY) if each.hard_stop is not None]
    coming = [each for each in found if each.hard_stop and each.hard_stop.on > TODAY]

    def unsafe(service: str, on: date) -> set[str]:
        ahead = Ahead(facts, on=on, today=TODAY)  # supervision goes on (contract V8)
        return {line.requirement.code for line in ahead.cover(on=on, service=service) if line.unsafe}

    assert coming
    for each in coming:
        assert each.hard_stop is not None
        on = each.hard_stop.on
        assert unsafe(each.service, on - timedelta(days=1)) == set()
        assert each.hard_stop.requirement.code in unsafe(each.service, on)


def test_what_a_lapse_of_supervision_breaks_is_what_the_rule_finds_met_with_sessions_only(
    session: Session, facts: Workforce
) -> None:
    found = lapses_ahead(session, today=TODAY)

    def broken(service: str, on: date) -> set[str]:
        going_on = Ahead(facts, on=on, today=TODAY).cover(on=on, service=service)
        met = {line.requirement.code for line in going_on if line.met}
        lapsing = facts.cover(on=on, service=service)
        return {line.requirement.code for line in lapsing if line.unsafe} & met

    assert found["WILLOW"] == date(2026, 12, 4)
    for service, last_day in found.items():
        assert broken(service, last_day) == set()
        assert broken(service, last_day + timedelta(days=1))


def test_the_trend_of_one_service_counts_its_own_lines(session: Session, facts: Workforce) -> None:
    found = cover_over_time(session, ["LARCH"], on=TODAY, today=TODAY)
    lines = facts.cover(on=TODAY, service="LARCH")

    assert [each.on for each in found] == months_around(TODAY)
    today = next(each for each in found if each.on == TODAY)
    assert (today.lines, today.met) == (len(lines), sum(line.met for line in lines))
    assert today.unsafe == sum(line.unsafe for line in lines)


def test_people_with_two_posts_are_counted_once(session: Session, facts: Workforce) -> None:
    both = {
        person.code
        for person in facts.people.values()
        if {"LARCH", "COPPER"} & {post.service for post in person.posts_in_force(TODAY)}
    }

    assert people_at(session, ["LARCH", "COPPER"], on=TODAY) == len(both)


@pytest.mark.parametrize("days", [-400, 0, 60])
def test_people_are_counted_once_at_each_service(session: Session, facts: Workforce, days: int) -> None:
    on = TODAY + timedelta(days=days)
    there: dict[str, set[str]] = {}
    for person in facts.people.values():
        for post in person.posts_in_force(on):
            there.setdefault(post.service, set()).add(person.code)

    found = people_by_service(session, on=on)

    assert found == {service: len(people) for service, people in there.items()}
    assert all(people_at(session, [service], on=on) == number for service, number in found.items())


def test_the_week_asks_of_people_who_do_not_count_or_soon_will_not(
    session: Session, facts: Workforce
) -> None:
    found = week(session, ALL, today=TODAY, most=10).steps

    assert len(found) == 10
    assert sorted(found, key=lambda each: each.weight) == list(found)
    unsafe = {(line.service, line.requirement.competency) for line in facts.cover(on=TODAY) if line.unsafe}
    told = {(each.service, each.competency) for each in found if each.weight.effect is Effect.MAKES_SAFE}
    assert told == unsafe  # six of them in the demonstration: all come within the ten
    for each in found:
        if each.person is None:
            assert each.doing is Doing.REPLACE
        elif each.by is None:
            assert each.standing not in (Standing.VALID, Standing.EXPIRING, Standing.EXEMPT)
        else:
            assert TODAY <= each.by <= TODAY + timedelta(days=30)
