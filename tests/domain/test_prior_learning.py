"""What a certificate from elsewhere is worth here (domain L4 to L7)."""

from dataclasses import replace
from datetime import date

import pytest

from skillsmatrix.domain.prior_learning import (
    Agreement,
    Certificate,
    Doubt,
    accepted_by_rule,
    agreement_for,
    worth,
)

AGREED = Agreement(7, "Fenland Trust", "De-escalation 2", "PMVA", 2, 18, False, date(2025, 1, 1))
DONE = Certificate("fenland  trust", "DE-ESCALATION 2", "PMVA", date(2025, 6, 30))
ON = date(2026, 1, 5)


def test_names_are_compared_without_case_accents_and_spacing() -> None:
    assert agreement_for(DONE, [AGREED]) == AGREED
    assert agreement_for(replace(DONE, title="De-escalation 3"), [AGREED]) is None
    assert agreement_for(replace(DONE, competency="FIRE"), [AGREED]) is None


@pytest.mark.parametrize(
    ("completed_on", "fits"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
    ],
)
def test_the_agreement_counts_by_the_day_of_the_training(completed_on: date, fits: bool) -> None:
    ended = replace(AGREED, in_force_to=date(2025, 12, 31))

    assert (agreement_for(replace(DONE, completed_on=completed_on), [ended]) is not None) is fits


def test_the_latest_agreement_governs_where_two_fit() -> None:
    newer = replace(AGREED, id=8, in_force_from=date(2025, 5, 1))

    assert agreement_for(DONE, [newer, AGREED]) == newer


def test_the_end_is_counted_from_the_training_by_the_shortest_length() -> None:
    found = worth(replace(DONE, valid_months=36), AGREED, our_months=12)

    assert (found.level, found.months, found.valid_to) == (2, 18, date(2026, 6, 30))
    assert found.shortened


def test_without_an_agreement_the_certificate_speaks_for_itself_within_our_length() -> None:
    found = worth(replace(DONE, level=3), None, our_months=24)

    assert (found.level, found.months, found.valid_to) == (3, None, date(2027, 6, 30))
    assert not found.shortened


def test_nothing_stated_anywhere_has_no_end() -> None:
    assert worth(DONE, None, our_months=None).valid_to is None


@pytest.mark.parametrize(
    ("agreement", "doubts", "on", "accepted"),
    [
        (AGREED, (), ON, True),
        (AGREED, (), date(2026, 12, 30), True),
        (AGREED, (), date(2026, 12, 31), False),
        (AGREED, (Doubt.NO_EVIDENCE,), ON, False),
        (replace(AGREED, needs_observation=True), (), ON, False),
        (None, (), ON, False),
    ],
)
def test_a_rule_accepts_only_what_is_agreed_in_date_and_beyond_doubt(
    agreement: Agreement | None, doubts: tuple[Doubt, ...], on: date, accepted: bool
) -> None:
    found = worth(DONE, agreement, our_months=None)

    assert accepted_by_rule(agreement, found, doubts=doubts, on=on) is accepted
