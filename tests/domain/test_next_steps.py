"""What should be done first: what it does for cover decides, then what it mends by itself, then the day."""

from datetime import date

import pytest

from skillsmatrix.domain.next_steps import Doing, Effect, Place, doing, first, steps_from, weight
from skillsmatrix.domain.standing import Holding, Standing, standing
from tests.builders import competency, holding, learnt, signed

SOON, LATER = date(2026, 11, 25), date(2026, 12, 20)


def test_a_hard_stop_that_is_not_met_comes_before_everything_else() -> None:
    things = {
        "own record only": weight([], by=SOON),
        "keeps a target": weight([Place(hard_stop=False, missing=0, missing_later=1)], by=SOON),
        "fills a target": weight([Place(hard_stop=False, missing=3, missing_later=3)], by=None),
        "keeps it safe": weight([Place(hard_stop=True, missing=0, missing_later=1)], by=LATER),
        "makes it safe": weight([Place(hard_stop=True, missing=4, missing_later=4)], by=None),
    }

    assert first(things, key=things.__getitem__) == [
        "makes it safe",
        "keeps it safe",
        "fills a target",
        "keeps a target",
        "own record only",
    ]


def test_the_worst_line_decides_and_the_others_of_its_kind_are_counted() -> None:
    found = weight(
        [
            Place(hard_stop=True, missing=2, missing_later=2),
            Place(hard_stop=True, missing=1, missing_later=3),
            Place(hard_stop=False, missing=9, missing_later=9),
        ],
        by=None,
    )

    assert found.effect is Effect.MAKES_SAFE
    assert found.others_missing == 0
    assert found.lines == -2


def test_what_makes_a_line_whole_comes_before_what_only_helps() -> None:
    whole = weight([Place(hard_stop=True, missing=1, missing_later=1)], by=None, steps=3)
    helps = weight([Place(hard_stop=True, missing=2, missing_later=2)], by=None, steps=1)

    assert whole < helps


def test_then_the_sooner_day_then_more_lines_then_fewer_steps() -> None:
    keeps = Place(hard_stop=True, missing=0, missing_later=1)

    in_order = [
        weight([keeps], by=SOON, steps=3),
        weight([keeps, keeps], by=LATER, steps=3),
        weight([keeps], by=LATER, steps=1),
        weight([keeps], by=LATER, steps=2),
    ]

    assert sorted(in_order) == in_order


def test_a_line_that_stays_met_does_not_hang_on_it() -> None:
    found = weight([Place(hard_stop=True, missing=0, missing_later=0)], by=SOON)

    assert found == weight([], by=SOON)
    assert found.effect is Effect.NO_COVER


def test_no_more_than_asked_for_are_given() -> None:
    assert first([3, 1, 2], key=lambda day: weight([], by=date(2026, 12, day)), most=2) == [1, 2]


def test_beginning_takes_more_steps_than_renewing() -> None:
    assert steps_from(Standing.EXPIRING) < steps_from(Standing.EXPIRED) < steps_from(Standing.NOT_HELD)


ON = date(2026, 11, 22)
BOTH = competency(needs_learning=True, needs_sign_off=True, sign_off_months=12)
SIGNED_ONLY = competency(needs_learning=False, needs_sign_off=True)
LEARNED_ONLY = competency(needs_learning=True, needs_sign_off=False)
SUPERVISED = competency(
    needs_learning=True, needs_sign_off=False, supervision_kind="clinical", supervision_lapse_days=56
)
REGISTERED = competency(needs_learning=True, needs_sign_off=False, registration_body="NMC")
NOW = learnt("2026-11-01")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (holding(rules=LEARNED_ONLY), Doing.LEARN),
        (holding(rules=SIGNED_ONLY), Doing.SIGN_OFF),
        (holding(rules=BOTH), Doing.LEARN),  # learning comes first
        (holding(rules=BOTH, learning=[NOW]), Doing.SIGN_OFF),
        (holding(rules=BOTH, learning=[NOW], sign_offs=[signed("2025-12-01")]), Doing.SIGN_OFF),
        (holding(rules=BOTH, learning=[learnt("2025-12-01")], sign_offs=[signed("2026-11-01")]), Doing.LEARN),
        (holding(rules=LEARNED_ONLY, learning=[NOW], suspensions="2026-11-10.."), Doing.DECIDE),
        (holding(rules=REGISTERED, learning=[NOW]), Doing.REGISTER),
        (holding(rules=SUPERVISED, learning=[learnt("2026-05-01")]), Doing.SUPERVISE),
    ],
)
def test_what_is_to_be_done_follows_from_what_is_missing(facts: Holding, expected: Doing) -> None:
    assert doing(standing(facts, level=1, on=ON), facts, on=ON) is expected
