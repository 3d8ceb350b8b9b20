"""Each case of `cases.py`, asked of the oracle and of the product."""

from collections import Counter

import pytest

from tests.contract import product
from tests.contract.cases import CASES
from tests.contract.house import Case
from tests.oracle import rules
from tests.oracle.form import Row

# What was known when is a question for the database: test_stored.py asks it.
AS_KNOWN_NOW = [case for case in CASES if "known_at" not in case.question]


def by_id(case: Case) -> str:
    return case.id


def given(answer: list[Row], expected: list[Row]) -> list[Row]:
    """The answer, cut down to the values that the case states, row by row."""
    assert len(answer) == len(expected), answer
    return [{name: found[name] for name in wanted} for found, wanted in zip(answer, expected, strict=True)]


@pytest.mark.parametrize("case", CASES, ids=by_id)
def test_the_oracle_answers_the_case(case: Case) -> None:
    answer = getattr(rules, case.command)(case.tables, **case.question)

    assert given(answer, case.expected) == case.expected


@pytest.mark.parametrize("case", AS_KNOWN_NOW, ids=by_id)
def test_the_product_answers_the_case(case: Case) -> None:
    answer = product.answers(case.tables, case.command, **case.question)

    assert given(answer, case.expected) == case.expected


def test_every_case_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(map(by_id, CASES)).items() if times > 1] == []
