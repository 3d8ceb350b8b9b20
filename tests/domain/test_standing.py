"""Contract sections 3 and 5: the first standing that applies."""

import pytest

from skillsmatrix.domain.evidence import Evidence, SignOff
from skillsmatrix.domain.standing import Holding, Standing, SuspendedBy, standing, worst_first
from tests.builders import competency, day, holding, learnt, signed

BOTH = competency(needs_sign_off=True)
ON = "2025-06-15"


def stands(facts: Holding, on: str = ON, level: int = 1, in_induction: bool = False) -> str:
    return standing(facts, level=level, on=day(on), in_induction=in_induction).standing.value


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-12-09", "valid"),
        ("2025-12-10", "expiring"),  # D6: 90 days before
        ("2026-03-10", "expiring"),
        ("2026-03-11", "expired"),
        ("2025-03-09", "not_held"),
    ],
)
def test_d6_valid_then_expiring_then_expired(on: str, expected: str) -> None:
    assert stands(holding(learning=[learnt("2025-03-10")]), on) == expected


def test_v6_exempt_comes_before_everything() -> None:
    facts = holding(
        learning=[learnt("2025-01-01")], exemptions="2025-06-15..2025-06-15", suspensions=f"{ON}.."
    )

    assert stands(facts) == "exempt"
    assert stands(facts, "2025-06-16") == "suspended"
    assert stands(facts, "2025-06-14") == "valid"


@pytest.mark.parametrize(
    ("registrations", "expected"),
    [
        ("2025-01-01..2025-06-15", "valid"),
        ("2025-01-01..2025-06-14", "suspended"),  # P9
        ("2025-06-16..", "suspended"),
        ("", "suspended"),
    ],
)
def test_p9_a_lapsed_registration_suspends_at_once(registrations: str, expected: str) -> None:
    rules = competency(registration_body="NMC")

    assert (
        stands(holding(rules=rules, learning=[learnt("2025-01-01")], registrations=registrations)) == expected
    )


@pytest.mark.parametrize(
    ("on", "sessions", "expected"),
    [
        ("2025-02-26", [], "valid"),
        ("2025-02-27", [], "suspended"),
        ("2025-02-27", ["2025-02-01"], "valid"),
        ("2025-02-27", ["2025-02-27"], "valid"),  # V1: restored by a session on the day
        ("2025-02-27", ["2025-03-01"], "suspended"),  # a later session does not reach back
    ],
)
def test_v1_a_supervision_lapse_suspends_and_a_session_restores(
    on: str, sessions: list[str], expected: str
) -> None:
    rules = competency(supervision_kind="clinical", supervision_lapse_days=56)

    assert stands(holding(rules=rules, learning=[learnt("2025-01-01")], sessions=sessions), on) == expected


def test_all_reasons_are_listed_in_the_order_decision_registration_supervision() -> None:
    rules = competency(registration_body="NMC", supervision_kind="clinical", supervision_lapse_days=0)
    facts = holding(rules=rules, learning=[learnt("2025-01-01")], suspensions=f"{ON}..{ON}")

    verdict = standing(facts, level=1, on=day(ON))

    assert verdict.suspended_by == tuple(SuspendedBy)
    assert verdict.valid_to == day("2026-01-01")  # S9: it keeps its dates


def test_what_is_not_held_is_not_suspended() -> None:
    assert stands(holding(suspensions=f"{ON}..")) == "not_held"


def test_in_induction_until_it_is_held() -> None:
    assert stands(holding(), in_induction=True) == "in_induction"
    assert stands(holding(learning=[learnt("2025-06-01")]), in_induction=True) == "valid"


def test_below_level() -> None:
    assert stands(holding(learning=[learnt("2025-01-01", level=2)]), level=3) == "below_level"
    rules = competency(cumulative=False)
    assert stands(holding(rules=rules, learning=[learnt("2025-01-01", level=3)]), level=2) == "below_level"


def test_p12_a_level_above_the_requirement_is_compliant() -> None:
    verdict = standing(holding(learning=[learnt("2025-01-01", level=4)]), level=2, on=day(ON))

    assert verdict.standing.compliant
    assert (verdict.held_level, verdict.level) == (4, 2)


@pytest.mark.parametrize(
    ("sign_offs", "expected"),
    [
        ([], "awaiting_sign_off"),  # S1
        ([signed("2025-02-01", competent=False)], "awaiting_sign_off"),
        ([signed("2025-02-01", withdrawn="2025-02-01")], "awaiting_sign_off"),  # it never counted
        ([signed("2025-07-01")], "awaiting_sign_off"),  # C6: not there yet
        ([signed("2025-02-01", withdrawn="2025-06-15")], "withdrawn"),  # S7
        ([signed("2025-02-01", withdrawn="2025-06-16")], "valid"),
    ],
)
def test_s1_s7_learning_is_complete_and_then(sign_offs: list[SignOff], expected: str) -> None:
    assert (
        stands(holding(rules=BOTH, learning=[learnt("2025-01-01")], sign_offs=sign_offs), level=3) == expected
    )


def test_s8_withdrawn_and_then_awarded_again() -> None:
    again = [signed("2025-01-10", withdrawn="2025-02-01"), signed("2025-05-01")]

    facts = holding(rules=BOTH, learning=[learnt("2025-01-01")], sign_offs=again)

    assert [stands(facts, on, 3) for on in ("2025-03-01", "2025-05-01")] == ["withdrawn", "valid"]


def test_withdrawn_and_then_the_learning_ran_out_still_says_withdrawn() -> None:
    facts = holding(
        rules=BOTH, learning=[learnt("2025-01-01")], sign_offs=[signed("2025-02-01", withdrawn="2025-03-01")]
    )

    assert stands(facts, "2027-01-01", 3) == "withdrawn"


def test_expired_even_if_it_was_never_held_at_the_level() -> None:
    assert stands(holding(learning=[learnt("2024-01-01")]), level=3) == "expired"


@pytest.mark.parametrize(
    ("superseded_on", "expected"),
    [("2025-06-15", "superseded"), ("2025-06-16", "not_held"), (None, "not_held")],
)
def test_r11_an_older_competency_that_this_one_replaced(superseded_on: str | None, expected: str) -> None:
    rules = competency("OLD", superseded_on=day(superseded_on) if superseded_on else None)
    old = Evidence(rules, [learnt("2025-01-01")])

    assert stands(holding(older=[old])) == expected
    assert stands(holding(older=[old]), level=2) == "not_held"


def test_c6_what_happens_later_does_not_exist_yet() -> None:
    facts = holding(learning=[learnt("2025-01-01"), learnt("2025-12-01")])

    assert stands(facts, "2025-11-15") == "expiring"  # renewed later, but not by then


def test_the_worst_come_first() -> None:
    assert worst_first([Standing.VALID, Standing.EXPIRED, Standing.SUSPENDED])[0] is Standing.SUSPENDED
    assert len(worst_first(Standing)) == len(Standing)
