"""What a role card allows: by the level held on the day, and never what is stopped, exempt or run out."""

import pytest

from skillsmatrix.domain.role_card import Practice, lasts_to, practice
from skillsmatrix.domain.standing import Holding
from tests.builders import competency, day, holding, learnt, signed

ON = "2025-06-15"


def allowed(facts: Holding, *, asked: int = 0, on: str = ON) -> str:
    return practice(facts, asked_level=asked, on=day(on))[0].value


@pytest.mark.parametrize(
    ("level", "expected"), [(1, "aware"), (2, "supervised"), (3, "alone"), (4, "alone"), (5, "alone")]
)
def test_the_level_held_says_how_far_somebody_goes(level: int, expected: str) -> None:
    assert allowed(holding(learning=[learnt("2025-06-01", level=level)])) == expected


def test_nothing_recorded_allows_nothing() -> None:
    assert allowed(holding()) == "not_now"


def test_whoever_only_knows_about_what_they_were_asked_to_do_does_not_do_it() -> None:
    knows = holding(learning=[learnt("2025-06-01", level=1)])

    assert allowed(knows, asked=2) == "not_now"
    assert allowed(knows, asked=1) == "aware"


def test_whoever_is_asked_to_do_it_alone_and_holds_less_does_it_with_somebody() -> None:
    assert allowed(holding(learning=[learnt("2025-06-01", level=2)]), asked=3) == "supervised"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-05-31", "not_now"),  # not learnt yet
        ("2025-06-01", "alone"),
        ("2026-06-01", "alone"),  # the last day counts
        ("2026-06-02", "not_now"),
    ],
)
def test_a_card_is_about_its_day(on: str, expected: str) -> None:
    assert allowed(holding(learning=[learnt("2025-06-01", level=3)]), on=on) == expected


@pytest.mark.parametrize(
    "stopped", [{"suspensions": f"{ON}..{ON}"}, {"exemptions": f"{ON}..{ON}"}], ids=["suspended", "exempt"]
)
def test_what_is_stopped_or_waived_is_not_done(stopped: dict[str, str]) -> None:
    facts = holding(learning=[learnt("2025-06-01", level=3)], **stopped)

    assert allowed(facts) == "not_now"
    assert allowed(facts, on="2025-06-16") == "alone"


def test_a_withdrawn_sign_off_is_no_longer_on_the_card() -> None:
    rules = competency(needs_learning=False, needs_sign_off=True)

    assert allowed(holding(rules=rules, sign_offs=[signed("2025-06-01", withdrawn="2025-06-16")])) == "alone"
    assert allowed(holding(rules=rules, sign_offs=[signed("2025-06-01", withdrawn=ON)])) == "not_now"


def lasts(facts: Holding) -> str:
    end = lasts_to(facts, practice(facts, asked_level=0, on=day(ON))[1], on=day(ON))
    return end.isoformat() if end else "no end"


def test_it_lasts_to_the_first_end_that_is_recorded() -> None:
    once = [learnt("2025-06-01", months=None, level=3)]
    supervised = competency(supervision_kind="clinical", supervision_lapse_days=56)
    registered = competency(registration_body="NMC")

    assert lasts(holding(learning=once)) == "no end"
    assert lasts(holding(learning=[learnt("2025-06-01", months=12)])) == "2026-06-01"
    assert lasts(holding(learning=once, suspensions="2025-07-01..")) == "2025-06-30"
    assert lasts(holding(rules=supervised, learning=once, sessions=["2025-06-10"])) == "2025-08-05"
    registrations = "2025-01-01..2025-08-31 2025-09-01..2026-08-31"
    assert lasts(holding(rules=registered, learning=once, registrations=registrations)) == "2026-08-31"


def test_a_stop_of_the_past_ends_nothing() -> None:
    facts = holding(
        learning=[learnt("2025-01-01", months=None, level=3)], suspensions="2025-02-01..2025-02-09"
    )

    assert lasts(facts) == "no end"
    assert allowed(facts) == Practice.ALONE
