"""Why a standing is what it is, and what would change it."""

import pytest

from skillsmatrix.domain.evidence import Evidence
from skillsmatrix.domain.explanation import explain, next_step
from skillsmatrix.domain.standing import Holding, standing
from tests.builders import competency, day, holding, learnt, signed

ON = day("2025-06-15")
BOTH = competency(needs_sign_off=True, sign_off_months=24)
SUPERVISED = competency(registration_body="NMC", supervision_kind="clinical_group", supervision_lapse_days=30)


NOTHING_IN_FORCE = (
    "No NMC registration covers this day. Clinical group supervision lapsed on 4 March 2025:"
    " the last session that counts was on 1 February 2025."
)


def said(facts: Holding, level: int = 1, *, in_induction: bool = False) -> tuple[str, str]:
    verdict = standing(facts, level=level, on=ON, in_induction=in_induction)
    return explain(verdict, facts, on=ON), next_step(verdict, facts, on=ON)


@pytest.mark.parametrize(
    ("facts", "why", "step"),
    [
        (
            holding(learning=[learnt("2025-01-31")]),
            "Held since 31 January 2025, valid to 31 January 2026.",
            "",
        ),
        (holding(learning=[learnt("2025-01-31", None)]), "Held since 31 January 2025, with no end.", ""),
        (
            holding(learning=[learnt("2024-06-15")]),
            "Held since 15 June 2024, valid to 15 June 2025: the last day.",
            "Renew the learning by 15 June 2025.",
        ),
        (
            holding(learning=[learnt("2024-06-16")]),
            "Held since 16 June 2024, valid to 16 June 2025: 1 more day.",
            "Renew the learning by 16 June 2025.",
        ),
        (
            holding(
                rules=competency(needs_learning=False, needs_sign_off=True, sign_off_months=12),
                sign_offs=[signed("2024-07-01")],
            ),
            "Held since 1 July 2024, valid to 1 July 2025: 16 more days.",
            "Be assessed again by 1 July 2025.",
        ),
        (
            holding(rules=BOTH, learning=[learnt("2025-01-01")], sign_offs=[signed("2023-07-01")]),
            "Held since 1 January 2025, valid to 1 July 2025: 16 more days.",
            "Be assessed again by 1 July 2025.",
        ),
        (
            holding(rules=BOTH, learning=[learnt("2024-07-01")], sign_offs=[signed("2025-01-01")]),
            "Held since 1 January 2025, valid to 1 July 2025: 16 more days.",
            "Renew the learning by 1 July 2025.",
        ),
        (
            holding(exemptions="2025-06-01..2025-12-31"),
            "Approved exemption to 31 December 2025.",
            "",
        ),
        (holding(exemptions="2025-06-01.."), "Approved exemption.", ""),
        (
            holding(learning=[learnt("2025-01-01")], suspensions="2025-06-01..2025-07-01"),
            "Stopped by decision from 1 June 2025 to 1 July 2025.",
            "Ask whoever stopped it what must happen before it can be lifted.",
        ),
        (
            holding(learning=[learnt("2025-01-01")], suspensions="2025-06-01.."),
            "Stopped by decision from 1 June 2025 until further notice.",
            "Ask whoever stopped it what must happen before it can be lifted.",
        ),
        (
            holding(rules=SUPERVISED, learning=[learnt("2025-01-01")], sessions=["2025-02-01"]),
            NOTHING_IN_FORCE,
            "Record a registration with NMC that is in force.",
        ),
        (
            holding(rules=SUPERVISED, learning=[learnt("2025-01-01")], registrations="2025-01-01.."),
            "Clinical group supervision lapsed on 1 February 2025: no session counts.",
            "Hold and record a clinical group supervision session.",
        ),
        (
            holding(),
            "Nothing recorded that counts.",
            "Complete the learning.",
        ),
        (
            holding(rules=BOTH, sign_offs=[signed("2025-01-01")]),
            "Signed off, but the learning is missing.",
            "Complete the learning and be signed off at level 1.",
        ),
        (
            holding(
                rules=competency(needs_learning=False, needs_sign_off=True),
                sign_offs=[signed("2025-01-01", competent=False)],
            ),
            "Assessed, and not yet competent.",
            "Be signed off at level 1.",
        ),
        (
            holding(rules=BOTH, learning=[learnt("2025-01-01")]),
            "Learning is complete. Nobody has signed it off yet.",
            "Be observed and signed off at level 1 by an assessor.",
        ),
        (
            holding(
                rules=BOTH,
                learning=[learnt("2025-01-01")],
                sign_offs=[signed("2025-02-01", withdrawn="2025-06-01")],
            ),
            "The sign-off was withdrawn on 1 June 2025.",
            "Be observed and signed off at level 1 by an assessor.",
        ),
        (
            holding(learning=[learnt("2024-01-01")]),
            "Last held on 1 January 2025.",
            "Complete the learning.",
        ),
        (
            holding(
                older=[Evidence(competency("OLD", superseded_on=day("2025-01-01")), [learnt("2025-01-01")])]
            ),
            "Holds OLD, which this one has replaced.",
            "Complete the learning.",
        ),
    ],
)
def test_each_standing_says_why_and_what_next(facts: Holding, why: str, step: str) -> None:
    assert said(facts) == (why, step)


def test_below_level_names_both_levels() -> None:
    learning = holding(learning=[learnt("2025-01-01", level=1)])
    signing = holding(rules=BOTH, learning=[learnt("2025-01-01")], sign_offs=[signed("2025-01-01", 2)])

    assert said(learning, 3) == ("Held at level 1; level 3 is required.", "Complete learning at level 3.")
    assert said(signing, 3)[1] == "Be signed off at level 3."


def test_in_induction_and_below_the_level() -> None:
    facts = holding(learning=[learnt("2025-06-10", level=1)])

    assert said(facts, 3, in_induction=True)[1] == "Complete learning at level 3."


def test_in_induction_says_what_is_left_to_do() -> None:
    facts = holding(rules=BOTH, learning=[learnt("2025-06-10")])

    assert said(facts, 2, in_induction=True) == (
        "Still in induction, and not held yet.",
        "Be signed off at level 2.",
    )
