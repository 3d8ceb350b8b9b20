"""The oracle's own short cuts, held to the longhand; and the packages it draws, held to section 8."""

from datetime import date, timedelta
from random import Random

import pytest

from tests.oracle.days import ONE_DAY, add_months, day, known_day
from tests.oracle.form import COLUMNS, KEYS, REFERENCES, Tables
from tests.oracle.packages import edge_days, random_package
from tests.oracle.rules import compliance, cover, standings
from tests.oracle.world import World

PERIODS = (
    ("services", "opens_on", "closes_on"),
    ("staff", "employed_from", "employed_to"),
    ("posts", "starts_on", "ends_on"),
    ("absences", "starts_on", "ends_on"),
    ("registrations", "registered_on", "valid_to"),
    ("suspensions", "starts_on", "ends_on"),
    ("requirements", "in_force_from", "in_force_to"),
    ("exemptions", "starts_on", "ends_on"),
)


@pytest.mark.parametrize("seed", range(12))
def test_a_drawn_package_is_a_valid_package(seed: int) -> None:
    tables = random_package(seed)

    assert set(tables) == set(COLUMNS)
    for table, rows in tables.items():
        assert all(tuple(row) == COLUMNS[table] for row in rows)
        keys = [tuple(row[name] for name in KEYS[table]) for row in rows]
        assert len(set(keys)) == len(keys)
    for table, column, other in REFERENCES:
        codes = {row[KEYS[other][0]] for row in tables[other]}
        assert {row[column] for row in tables[table]} - {""} <= codes
    for table, first, last in PERIODS:
        for row in tables[table]:
            start, end = day(row[first]), day(row[last])
            assert start is None or end is None or start <= end
    assert all(row["staff"] != row["assessor"] for row in tables["sign_offs"])
    assert all(row["amount"] for row in tables["requirements"] if row["cover"] != "each")


def random_days(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - drawn from a seed on purpose


def test_the_same_seed_draws_the_same_package() -> None:
    assert random_package(7) == random_package(7)
    assert random_package(7) != random_package(8)


def test_every_standing_turns_up_among_drawn_packages() -> None:
    found = {row["standing"] for row in drawn_standings(range(40))}

    assert found == {
        "exempt", "suspended", "expiring", "valid", "in_induction", "below_level",
        "awaiting_sign_off", "withdrawn", "expired", "superseded", "not_held",
    }  # fmt: skip


def drawn_standings(seeds: range) -> list[dict[str, str]]:
    found = []
    for seed in seeds:
        tables = random_package(seed)
        for on in random_days(seed).sample(edge_days(tables), 6):
            found += standings(tables, on=on)
    return found


@pytest.mark.parametrize("seed", range(100, 104))
def test_runs_found_by_changes_are_those_found_day_by_day(seed: int) -> None:
    tables = random_package(seed, people=3, competencies=4)
    on = random_days(seed).choice(edge_days(tables))
    world = World(tables, on=on)

    for staff in world.staff:
        for competency in world.competencies:
            for level in (1, 2, 3):
                compare_runs(world, staff, competency, level)


def compare_runs(world: World, staff: str, competency: str, level: int) -> None:
    """Nothing in a drawn package happens before 2020 or runs out after 2045."""
    evidence = world.evidence(staff, competency)
    first, last = date(2020, 1, 1), date(2046, 1, 1)
    met = [
        first + timedelta(days=n)
        for n in range((last - first).days)
        if evidence.satisfies(level, first + timedelta(days=n))
    ]
    earlier = [x for x in met if x < world.on]
    assert evidence.last_earlier_day(lambda x: evidence.satisfies(level, x)) == max(earlier, default=None)
    if world.on not in met:
        return
    start = end = world.on
    days = set(met)
    while start - ONE_DAY in days:
        start -= ONE_DAY
    while end + ONE_DAY in days:
        end += ONE_DAY
    assert evidence.held_since(level) == start
    assert evidence.valid_to(level) == (None if end == last - ONE_DAY else end)


def without_later_facts(tables: Tables, on: date) -> Tables:
    """The package as it could have been written on that day, planned ends apart."""
    happened = {"learning": "completed_on", "sign_offs": "assessed_on", "supervision": "held_on"}
    kept = dict(tables)
    for table, column in happened.items():
        kept[table] = [row for row in tables[table] if known_day(row[column]) <= on]
    kept["sign_offs"] = [
        {**row, "withdrawn_on": "", "withdrawn_reason": ""} if row["withdrawn_on"] > on.isoformat() else row
        for row in kept["sign_offs"]
    ]
    return kept


@pytest.mark.parametrize("seed", range(200, 208))
def test_an_answer_never_uses_what_happened_later(seed: int) -> None:
    tables = random_package(seed)
    for on in random_days(seed).sample(edge_days(tables), 4):
        before = without_later_facts(tables, on)

        assert standings(tables, on=on) == standings(before, on=on)
        assert cover(tables, on=on) == cover(before, on=on)
        assert compliance(tables, on=on) == compliance(before, on=on)


def test_months_keep_the_day_or_take_the_last_of_a_shorter_month() -> None:
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2024, 2, 29), 48) == date(2028, 2, 29)
    assert add_months(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert add_months(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert add_months(date(2024, 12, 31), 1) == date(2025, 1, 31)
