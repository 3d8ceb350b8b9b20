"""What each person would take along is what the cover of everybody else says."""

from random import Random

import pytest

from skillsmatrix.domain.cover import CoverLine, required
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.engine.leavers import every_leaver, losses
from tests.engine.house import facts_of, image_of
from tests.oracle.packages import edge_days, random_package


def without(facts: Workforce, person: str) -> Workforce:
    people = {code: each for code, each in facts.people.items() if code != person}
    return Workforce(people, facts.competencies, facts.requirements)


def by_key(lines: list[CoverLine]) -> dict[tuple[str, str], CoverLine]:
    return {(line.service, line.requirement.code): line for line in lines}


def shortfall_then(line: CoverLine, then: CoverLine | None) -> int:
    """A row for every service shows no line where nobody is left, yet what it asks for is missing (V7)."""
    if then is not None:
        return then.shortfall
    row = line.requirement
    return required(row.cover, row.amount, in_scope=0, exempt=0)


@pytest.mark.parametrize("seed", range(16))
def test_the_effect_of_each_leaver_is_the_cover_without_them(seed: int) -> None:
    tables = random_package(seed, people=7, services=2, competencies=4)
    facts = facts_of(tables)
    image = image_of(facts)
    lines = image.catalogue.lines
    for on in Random(seed).sample(edge_days(tables), 6):  # noqa: S311 - drawn from a seed on purpose
        now = by_key(facts.cover(on=on))
        effects = every_leaver(image, on=on)
        for code, number in image.numbers.items():
            then = by_key(without(facts, code).cover(on=on))
            worse = {
                key: (line.shortfall, shortfall_then(line, then.get(key)))
                for key, line in now.items()
                if shortfall_then(line, then.get(key)) > line.shortfall
            }
            broken = [key for key, (before, _) in worse.items() if before == 0]

            assert effects.broken[number] == len(broken)
            assert effects.hard_stops[number] == sum(now[key].requirement.hard_stop for key in broken)
            assert effects.shortfall[number] == sum(after - before for before, after in worse.values())
            told = {
                (
                    image.catalogue.service_codes[lines.service[loss.line]],
                    image.catalogue.requirements.rows[lines.row[loss.line]].code,
                ): (loss.shortfall_now, loss.shortfall_then)
                for loss in losses(image, code, on=on)
            }
            assert told == worse


def test_hard_stops_no_longer_met_come_first() -> None:
    seen = 0
    for seed in range(40):
        facts = facts_of(random_package(seed, people=7, services=2, competencies=4))
        image = image_of(facts)
        for on in Random(seed).sample(edge_days(random_package(seed)), 3):  # noqa: S311 - on purpose
            for code in facts.people:
                found = losses(image, code, on=on)
                order = [
                    (not (each.hard_stop and each.shortfall_now == 0), each.shortfall_now > 0)
                    for each in found
                ]
                assert order == sorted(order)
                seen += len(found) > 1

    assert seen > 0
