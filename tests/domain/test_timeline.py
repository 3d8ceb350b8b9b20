"""A timeline says on each day what the rules say on that day."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from skillsmatrix.domain import requirement
from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.cover import in_scope
from skillsmatrix.domain.requirement import Requirement, Wanted, instances
from skillsmatrix.domain.standing import Standing, Verdict, standing, supervision_lapses_on
from skillsmatrix.domain.stretches import edges, seen_as, steps, stretches, within
from skillsmatrix.domain.timeline import Timelines
from skillsmatrix.domain.timeline_rows import Instance, Timeline
from skillsmatrix.domain.workforce import Workforce
from tests.builders import day
from tests.contract import product
from tests.oracle.packages import edge_days, random_package

FEB, MARCH = day("2025-02-01"), day("2025-03-01")


def test_a_state_is_asked_for_on_the_change_days_only_and_equal_neighbours_are_one() -> None:
    asked = []

    def state_on(on: date) -> bool:
        asked.append(on)
        return FEB <= on < MARCH

    found = steps([MARCH, FEB, day("2025-02-10")], state_on)

    assert asked == [date.min, FEB, day("2025-02-10"), MARCH]
    assert found == [(date.min, False), (FEB, True), (MARCH, False)]


def test_steps_become_stretches_with_inclusive_ends() -> None:
    found = list(stretches([(date.min, "a"), (FEB, "b"), (MARCH, "c")]))

    assert found == [
        (date.min, day("2025-01-31"), "a"),
        (FEB, day("2025-02-28"), "b"),
        (MARCH, None, "c"),
    ]


def test_steps_seen_in_another_way_stay_apart_only_where_that_differs() -> None:
    found = seen_as([(date.min, 1), (FEB, 3), (MARCH, 4)], lambda number: number % 2)

    assert found == [(date.min, 1), (MARCH, 0)]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expected"),
    [
        ("2025-01-31", "2025-01-31", [("2025-01-31", "2025-01-31", "a")]),
        ("2025-01-31", "2025-02-01", [("2025-01-31", "2025-01-31", "a"), ("2025-02-01", "2025-02-01", "b")]),
        ("2025-02-10", "2025-02-28", [("2025-02-10", "2025-02-28", "b")]),
        ("2025-02-28", None, [("2025-02-28", "2025-02-28", "b"), ("2025-03-01", None, "c")]),
        ("2025-03-01", None, [("2025-03-01", None, "c")]),
    ],
)
def test_part_of_some_steps_is_cut_at_both_ends(
    starts_on: str, ends_on: str | None, expected: list[tuple[str, str | None, str]]
) -> None:
    whole = list(stretches([(date.min, "a"), (FEB, "b"), (MARCH, "c")]))

    found = within(day(starts_on), ends_on and day(ends_on), whole)

    assert list(found) == [(day(first), last and day(last), state) for first, last, state in expected]


def test_the_edges_of_a_period_are_its_first_day_and_the_day_after_its_last() -> None:
    assert edges(FEB, day("2025-02-28")) == {FEB, MARCH}
    assert edges(FEB, None) == {FEB}
    assert edges(None, date.max) == set()


def test_evidence_for_one_competency_bears_on_itself_and_on_its_successor() -> None:
    facts = workforce(3)
    older = next(each for each in facts.competencies.values() if each.superseded_by is not None)
    last = next(each for each in facts.competencies.values() if each.superseded_by is None)
    timelines = Timelines(facts.competencies, facts.requirements)

    assert timelines.depend_on(older.code) == {older.code, older.superseded_by}
    assert timelines.depend_on(last.code) == {last.code}
    assert older.code in timelines.replaced_by(str(older.superseded_by))
    assert timelines.replaced_by(older.code) == set()


def test_a_timeline_of_some_competencies_is_that_part_of_the_whole() -> None:
    for seed in range(10):
        facts = workforce(seed)
        timelines = Timelines(facts.competencies, facts.requirements)
        some = set(sorted(facts.competencies)[::2])
        for person in facts.people.values():
            whole, part = timelines.of(person), timelines.of(person, some)

            assert (part.posts, part.teams) == (whole.posts, whole.teams)
            for name in ("covering", "lapsed"):
                assert getattr(part, name) == tuple(
                    each for each in getattr(whole, name) if each.competency in some
                )
            assert one_by_one(part) == [each for each in one_by_one(whole) if each[0].competency in some]


@pytest.mark.parametrize("seed", range(40, 56))
def test_on_each_turning_day_a_timeline_says_what_the_rules_say(seed: int) -> None:
    tables = random_package(seed)
    facts = workforce(seed)
    timelines = Timelines(facts.competencies, facts.requirements)
    days = Random(seed).sample(edge_days(tables), 12)  # noqa: S311 - drawn from a seed on purpose
    for code, person in facts.people.items():
        timeline = timelines.of(person)
        for on in days:
            assert required_on(timeline, on) == required_by_the_rules(facts, code, on), (seed, code, on)
            assert covering_on(timeline, on) == covering_by_the_rules(facts, code, on), (seed, code, on)
            assert in_post_on(timeline, on) == {post.service for post in person.posts_in_force(on)}


def test_stretches_of_one_thing_neither_overlap_nor_touch() -> None:
    for seed in range(8):
        facts = workforce(seed)
        timelines = Timelines(facts.competencies, facts.requirements)
        for person in facts.people.values():
            timeline = timelines.of(person)
            for required in timeline.required:
                for before, after in pairwise(required.instances):
                    assert before.ends_on is not None
                    assert before.ends_on < after.starts_on
                    assert before.ends_on + ONE_DAY < after.starts_on or before[2:] != after[2:]


def workforce(seed: int) -> Workforce:
    return product.workforce(random_package(seed))


def one_by_one(timeline: Timeline) -> list[tuple[Wanted, str | None, bool, Sequence[Instance]]]:
    """What is required, each thing that is wanted by itself."""
    found = [
        (wanted, each.service, each.all_posts, each.instances)
        for each in timeline.required
        for wanted in each.wanted
    ]
    return sorted(found, key=lambda each: (each[0], each[1] or "", each[2]))


def on_day(found: Iterable[Any], on: date) -> list[Any]:
    return [each for each in found if each.starts_on <= on and (each.ends_on is None or on <= each.ends_on)]


def in_post_on(timeline: Timeline, on: date) -> set[str]:
    return {each.service for each in on_day(timeline.posts, on)}


def required_on(timeline: Timeline, on: date) -> dict[tuple[str, str | None], tuple[Any, ...]]:
    """Competency and scope → level, hard stop, standing and end, with lapsed supervision counted in."""
    lapsed = {each.competency for each in on_day(timeline.lapsed, on)}
    return {
        (wanted.competency, scope): (
            wanted.level,
            wanted.hard_stop,
            as_shown(wanted.competency, instance, lapsed, on),
            instance.valid_to,
        )
        for wanted, service, all_posts, instances in one_by_one(timeline)
        for instance in on_day(instances, on)
        for scope in ({service, None} if all_posts else {service})
    }


def as_shown(competency: str, each: Instance, lapsed: set[str], on: date) -> Standing:
    if each.standing is Standing.VALID and competency in lapsed:
        return Standing.SUSPENDED
    soon = each.valid_to is not None and each.valid_to <= on + timedelta(days=90)
    return Standing.EXPIRING if each.standing is Standing.VALID and soon else each.standing


def required_by_the_rules(
    facts: Workforce, code: str, on: date
) -> dict[tuple[str, str | None], tuple[Any, ...]]:
    person = facts.people[code]
    found = {}
    for scope in (None, *sorted({post.service for post in person.posts})):
        for competency, each in instances(person, facts.requirements, on=on, service=scope).items():
            verdict = verdict_of(facts, code, each, on)
            found[competency, scope] = (each.level, each.hard_stop, verdict.standing, verdict.valid_to)
    return found


def verdict_of(facts: Workforce, code: str, each: requirement.Instance, on: date) -> Verdict:
    holding = facts.holding(code, each.competency)
    return standing(holding, level=each.level, on=on, in_induction=each.in_induction)


def covering_on(timeline: Timeline, on: date) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Requirement and service → exempt, or held and to when; only where one of the two."""
    lapsed = {each.competency for each in on_day(timeline.lapsed, on)}
    return {
        (each.requirement, each.service): (each.exempt, each.valid_to)
        for each in on_day(timeline.covering, on)
        if each.exempt or each.competency not in lapsed
    }


def covering_by_the_rules(facts: Workforce, code: str, on: date) -> dict[tuple[str, str], tuple[Any, ...]]:
    person = facts.people[code]
    found = {}
    for service in facts.requirements.services:
        for row in facts.requirements.rows:
            if in_scope(person, row, service, on=on):
                verdict = standing(facts.holding(code, row.competency), level=row.level, on=on)
                if verdict.standing is Standing.EXEMPT:
                    found[row.code, service] = (True, None)
                elif verdict.standing.compliant:
                    found[row.code, service] = (False, verdict.valid_to)
    return found


def test_supervision_lapses_on_the_days_the_rule_says_and_on_no_others() -> None:
    lapsed_days = 0
    for seed in range(12):
        facts = workforce(seed)
        timelines = Timelines(facts.competencies, facts.requirements)
        for code, person in facts.people.items():
            timeline = timelines.of(person)
            asked = {row.competency for post in person.posts for row in facts.requirements.of_post(post)}
            for number in range(0, 900, 7):
                on = day("2024-01-01") + timedelta(days=number)
                said = {each.competency for each in on_day(timeline.lapsed, on)}
                lapses = {each: supervision_lapses_on(facts.holding(code, each), on=on) for each in asked}
                assert said == {each for each, lapse in lapses.items() if lapse is not None and lapse <= on}
                lapsed_days += len(said)

    assert lapsed_days > 0


def test_the_team_of_a_role_is_who_the_rules_put_in_scope() -> None:
    for seed in range(8):
        facts = workforce(seed)
        timelines = Timelines(facts.competencies, facts.requirements)
        for person in facts.people.values():
            teams = timelines.of(person).teams
            for on in (day("2024-02-29"), day("2025-03-31"), day("2026-02-28")):
                said = {(each.service, each.role) for each in on_day(teams, on)}
                asked = {(post.service, role) for post in person.posts for role in (None, post.role)}
                rows = {
                    (service, role): Requirement("", "", date.min, service=service, role=role)
                    for service, role in asked
                }
                assert said == {team for team, row in rows.items() if in_scope(person, row, team[0], on=on)}
