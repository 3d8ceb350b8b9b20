"""What a change of the facts changes: standings, cover, single points; and what is left out."""

from dataclasses import replace
from datetime import date

from skillsmatrix.domain.calendar import Period
from skillsmatrix.domain.effect import DayEffect, effect
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.requirement import Cover, Requirement
from skillsmatrix.domain.standing import Standing
from skillsmatrix.domain.workforce import Workforce
from tests.builders import competency, learnt, person, requirement, requirements

ON = date(2026, 3, 2)
HELD = {"SKILL": (learnt("2026-01-05"),)}
ADE, BO = person("ade", completions=HELD), person("bo", completions=HELD)


def workforce(*people: Person, row: Requirement | None = None) -> Workforce:
    rows = requirements(row or requirement(hard_stop=True))
    return Workforce({each.code: each for each in people}, {"SKILL": competency()}, rows)


def between(before: Workforce, after: Workforce) -> DayEffect:
    return effect(before, after, on=ON, people={*before.people, *after.people}, services=["HOUSE"])


def test_the_same_facts_change_nothing() -> None:
    assert between(workforce(ADE, BO), workforce(ADE, BO)).nothing


def test_a_stopped_competency_turns_red_and_its_hard_stop_unsafe() -> None:
    stopped = replace(ADE, suspensions={"SKILL": (Period(date(2026, 3, 1)),)})

    found = between(workforce(ADE), workforce(stopped))

    (change,), (line,) = found.red, found.cover
    assert (change.person, change.before, change.after) == ("ade", Standing.VALID, Standing.SUSPENDED)
    assert line.becomes_unsafe
    assert line.falls
    assert line.matters


def test_the_way_back_mends_both() -> None:
    stopped = replace(ADE, suspensions={"SKILL": (Period(date(2026, 3, 1)),)})

    found = between(workforce(stopped), workforce(ADE))

    assert [change.mended for change in found.standings] == [True]
    assert [line.mended for line in found.cover] == [True]
    assert found.red == ()


def test_a_leaver_is_asked_nothing_and_leaves_one_person_to_hang_on() -> None:
    row = requirement(cover=Cover.COUNT, amount=1)
    left = replace(BO, employed_to=date(2026, 2, 28))

    found = between(workforce(ADE, BO, row=row), workforce(ADE, left, row=row))

    (line,) = found.cover
    assert line.becomes_single_point
    assert not line.falls
    assert (line.before.held, line.after.held) == (2, 1)  # type: ignore[union-attr]


def test_a_shortfall_that_is_only_smaller_does_not_fall() -> None:
    row = requirement(cover=Cover.COUNT, amount=5)

    found = between(workforce(ADE, row=row), workforce(ADE, BO, row=row))

    assert [line.falls for line in found.cover] == [False]
    assert [line.matters for line in found.cover] == [False]


def test_a_person_or_a_service_that_is_not_there_yet_is_no_fault() -> None:
    found = effect(workforce(), workforce(ADE), on=ON, people=["ade", "zoe"], services=["HOUSE", "ZINC"])

    assert [(change.before, change.after) for change in found.standings] == [(None, Standing.VALID)]
    assert found.standings[0].matters is False


def test_only_the_competencies_asked_about_are_compared() -> None:
    stopped = replace(ADE, suspensions={"SKILL": (Period(date(2026, 3, 1)),)})

    found = effect(
        workforce(ADE), workforce(stopped), on=ON, people=["ade"], services=[], competencies=["OTHER"]
    )

    assert found.nothing
