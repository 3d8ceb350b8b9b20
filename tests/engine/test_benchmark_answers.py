"""The benchmark compares like with like: every way gives the engine's answer, and the engine the rules'."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks import people
from benchmarks.answer import Answer
from benchmarks.data import Size, generate
from benchmarks.facts import workforce
from benchmarks.nation import agrees_with_the_rules as agrees_with_rules
from benchmarks.nation import worked_out
from benchmarks.product import ProductImage, agrees_with_the_rules, day_of
from benchmarks.scale import as_one, drawn
from benchmarks.sql import Sqlite
from benchmarks.tuned import DAYS, tuned
from benchmarks.tuned import add_months as tuned_add_months
from skillsmatrix.domain.calendar import add_months
from tests.engine.house import image_of

SMALL = Size(staff=60, services=4, competencies=20, organisations=1, records_each=30)


def test_sql_over_facts_and_the_engine_answer_alike_and_as_the_rules_do(tmp_path: Path) -> None:
    tables = generate(SMALL)
    facts = workforce(tables)
    ours = ProductImage(image_of(facts))
    theirs = Sqlite(tuned(tables), tmp_path)

    for day in DAYS:
        assert ours.matrix(day).differences(theirs.matrix(day)) == []
        assert ours.matrix(day).held.sum() > 0
    assert agrees_with_the_rules(ours.image, facts, sorted(facts.requirements.services), DAYS)


def test_frames_answer_alike() -> None:
    frames = pytest.importorskip("benchmarks.frames", reason="the benchmark group is not installed")
    tables = generate(SMALL)
    ours = ProductImage(image_of(workforce(tables)))
    others = tuned(tables)

    for way in (frames.Pandas(others), frames.DuckFacts(others), frames.DuckContributions(ours.image)):
        for day in DAYS:
            assert ours.matrix(day).differences(way.matrix(day)) == [], way.name


def test_a_difference_between_two_answers_is_seen() -> None:
    one = Answer.of(*(np.array([5, 6]) for _ in range(6)))
    other = Answer.of(*(np.array([5, 7]) for _ in range(6)))

    assert one.differences(one) == []
    assert "held: 1 rows" in one.differences(other)


def test_organisations_drawn_from_one_count_the_same_apart_and_together() -> None:
    image = image_of(workforce(generate(SMALL)))
    draw = np.random.default_rng(1)
    several = [drawn(image, draw) for _ in range(3)]
    together = as_one(several).matrix(day_of(DAYS[1]))

    apart = [each.matrix(day_of(DAYS[1])) for each in several]

    for name in ("in_scope", "required", "held", "expiring_30", "expiring_90"):
        assert np.array_equal(
            getattr(together, name), np.concatenate([getattr(each, name) for each in apart])
        )


def test_months_are_added_as_the_rules_add_them() -> None:
    days = [date(2024, 2, 29), date(2025, 8, 31), date(2025, 1, 31), date(2024, 12, 15)]
    for months in (1, 6, 12, 36):
        found = add_months_to(days, months)

        assert found == [add_months(day, months).toordinal() for day in days]


def add_months_to(days: list[date], months: int) -> list[int]:
    ordinals = np.array([day.toordinal() for day in days])
    return tuned_add_months(ordinals, np.full(len(days), months)).tolist()


def test_facts_in_memory_are_those_that_the_tables_hold() -> None:
    tables = generate(SMALL)
    rules = people.catalogue(tables)
    stored = workforce(tables)

    assert list(people.people(tables, rules.competencies)) == list(stored.people.values())
    assert (rules.competencies, rules.requirements.rows) == (stored.competencies, stored.requirements.rows)


def test_an_organisation_worked_out_in_memory_counts_what_the_rules_count() -> None:
    first, second = worked_out(SMALL, 2, processes=1)

    assert agrees_with_rules(SMALL, second, 1, services=2)
    assert not agrees_with_rules(SMALL, first, 1, services=2)
    assert (first.people, second.people) == (SMALL.staff, SMALL.staff)
