"""The product and the oracle answer alike, over random packages and the days on which rules turn.

Where they do not, the seed and the day in the message make the case again; the contract's text decides.
"""

from random import Random
from typing import Any

import pytest

from tests.contract import product
from tests.oracle import rules
from tests.oracle.form import Tables
from tests.oracle.packages import edge_days, random_package
from tests.oracle.world import World

PACKAGES = 200
DAYS = 5
BATCH = 20
KEYS = {
    "standings": ("staff", "competency"),
    "cover": ("service", "requirement"),
    "compliance": ("key",),
}


def randomness(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - drawn from a seed on purpose


def questions(tables: Tables, random: Random) -> list[tuple[str, dict[str, Any]]]:
    """Each command over everything, and with each of the ways to narrow or divide it."""
    service = random.choice(tables["services"])["service"]
    staff = random.choice(tables["staff"])["staff"]
    return [
        ("standings", {}),
        ("standings", {"service": service}),
        ("standings", {"staff": staff}),
        ("cover", {}),
        ("cover", {"service": service}),
        ("compliance", {}),
        *(("compliance", {"by": by}) for by in ("competency", "service", "organisation")),
    ]


@pytest.mark.parametrize("first", range(0, PACKAGES, BATCH))
def test_product_and_oracle_answer_alike(first: int) -> None:
    for seed in range(first, first + BATCH):
        tables, random = random_package(seed), randomness(seed)
        facts = product.workforce(tables)
        for on in random.sample(edge_days(tables), DAYS):
            for command, question in questions(tables, random):
                ours = getattr(rules, command)(tables, on=on, **question)
                theirs = product.answers_of(facts, tables, command, on=on, **question)
                found = product.differences(ours, theirs, KEYS[command])

                assert ours == theirs, (seed, on, command, question, found[:3])


@pytest.mark.parametrize("seed", range(500, 560))
def test_product_and_oracle_name_the_same_unsafe_services_and_single_points_of_failure(seed: int) -> None:
    tables, random = random_package(seed, competencies=3), randomness(seed)
    facts = product.workforce(tables)
    for on in random.sample(edge_days(tables), DAYS):
        lines = facts.cover(on=on)
        ours = rules.cover(tables, on=on)

        assert {
            (line.service, line.requirement.code) for line in lines if line.single_point_of_failure
        } == rules.single_points(tables, on=on)
        assert sorted((line.service, line.requirement.code) for line in lines if line.unsafe) == [
            (row["service"], row["requirement"])
            for row in ours
            if row["strength"] == "hard_stop" and row["met"] == "no"
        ]


@pytest.mark.parametrize("seed", range(1000, 1030))
def test_all_reasons_for_a_suspension_are_given_in_the_same_order(seed: int) -> None:
    tables, random = random_package(seed), randomness(seed)
    facts = product.workforce(tables)
    for on in random.sample(edge_days(tables), DAYS):
        world = World(tables, on=on)
        satisfied = [
            (row["staff"], row["competency"]) for row in rules.standings(tables, on=on) if row["held_since"]
        ]
        reasons = {pair: world.suspensions(*pair) for pair in satisfied}

        assert product.suspended_by(facts, on=on) == {pair: why for pair, why in reasons.items() if why}
