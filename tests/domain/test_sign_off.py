"""Who may sign off whom, what has to be seen, when it is enough (contract E4; domain S3-S5, S14-S16)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from skillsmatrix.domain.evidence import Evidence, SignOff
from skillsmatrix.domain.sign_off import (
    STANDARD,
    AssessmentRules,
    Assessor,
    Criteria,
    Observation,
    Refusal,
    counts_as_supervised,
    criteria_for,
    failed_attempts,
    held_without,
    is_locked,
    later_not_yet,
    progress,
    refusals,
)
from tests.builders import competency, day, holding, learnt, signed

SKILL = competency(needs_learning=False, needs_sign_off=True, sign_off_months=12)
ON = day("2025-06-10")


def assessor(**changes: Any) -> Assessor:
    facts = {
        "code": "bo",
        "employed_from": day("2020-01-01"),
        "employed_to": None,
        "holding": holding(rules=SKILL, sign_offs=[signed("2025-01-10", level=3)]),
    }
    return Assessor(**{**facts, **changes})


def refused(who: Assessor, *, level: int = 3, assessed_on: date = ON, on: date = ON) -> list[Refusal]:
    return refusals(who, candidate="ade", level=level, assessed_on=assessed_on, on=on)


def test_an_assessor_who_holds_it_at_that_level_may_sign_it_off() -> None:
    assert refused(assessor()) == []
    assert refused(assessor(), level=2) == []


def test_s5_nobody_signs_off_themself() -> None:
    assert refused(assessor(code="ade")) == [Refusal.ONESELF]


def test_e4_the_level_assessed_is_held_by_the_assessor() -> None:
    assert refused(assessor(), level=4) == [Refusal.NOT_HELD]


@pytest.mark.parametrize(
    ("assessed_on", "allowed"),
    [("2025-01-09", False), ("2025-01-10", True), ("2026-01-10", True), ("2026-01-11", False)],
)
def test_s3_it_is_the_day_of_the_assessment_that_decides(assessed_on: str, allowed: bool) -> None:
    found = refused(assessor(), assessed_on=day(assessed_on), on=day("2026-02-01"))

    assert found == ([] if allowed else [Refusal.NOT_HELD])


@pytest.mark.parametrize(
    ("stopped", "allowed"),
    [("2025-06-01..2025-06-09", True), ("2025-06-10..", False), ("2025-06-11..", True)],
)
def test_an_assessor_who_is_stopped_on_the_day_signs_nothing(stopped: str, allowed: bool) -> None:
    facts = holding(rules=SKILL, sign_offs=[signed("2025-01-10")], suspensions=stopped)

    assert refused(assessor(holding=facts)) == ([] if allowed else [Refusal.SUSPENDED])


def test_an_exemption_is_not_holding_it() -> None:
    facts = holding(rules=SKILL, exemptions="2025-01-01..")

    assert refused(assessor(holding=facts)) == [Refusal.NOT_HELD]


@pytest.mark.parametrize(
    ("left", "on", "allowed"),
    [
        ("2025-06-10", "2025-06-10", True),
        ("2025-06-09", "2025-06-10", False),
        ("2025-06-10", "2025-06-11", False),
    ],
)
def test_s14_somebody_who_has_left_signs_nothing_new(left: str, on: str, allowed: bool) -> None:
    found = refused(assessor(employed_to=day(left)), on=day(on))

    assert found == ([] if allowed else [Refusal.NOT_EMPLOYED])


def test_nobody_is_signed_off_by_somebody_they_supervise() -> None:
    assert refused(assessor(supervised_by=frozenset({"ade"}))) == [Refusal.SUPERVISED_BY_THEM]
    assert refused(assessor(supervised_by=frozenset({"cy"}))) == []


def test_every_reason_is_told_the_weightiest_first() -> None:
    who = assessor(code="ade", employed_to=day("2025-06-01"), supervised_by=frozenset({"ade"}))

    assert refused(who, level=5) == [
        Refusal.ONESELF,
        Refusal.NOT_EMPLOYED,
        Refusal.SUPERVISED_BY_THEM,
        Refusal.NOT_HELD,
    ]


@pytest.mark.parametrize(
    ("held_on", "counted"),
    [("2025-06-10", True), ("2025-06-11", False), ("2024-06-11", True), ("2024-06-10", False)],
)
def test_a_session_makes_a_supervisor_for_a_year(held_on: str, counted: bool) -> None:
    assert counts_as_supervised(day(held_on), on=ON) is counted


OLD = Criteria(day("2024-01-01"), ("Old",), in_force_to=day("2025-06-30"))
NEW = Criteria(day("2025-06-01"), ("New",))


@pytest.mark.parametrize(
    ("on", "started", "version"),
    [
        ("2025-05-31", None, OLD),
        ("2025-06-01", None, NEW),
        ("2025-06-30", "2024-01-01", OLD),  # S15: finishes on the version started
        ("2025-07-01", "2024-01-01", NEW),  # until the cut-off
        ("2023-12-31", None, STANDARD),
    ],
)
def test_s15_a_person_finishes_on_the_version_they_started(
    on: str, started: str | None, version: Criteria
) -> None:
    found = criteria_for([NEW, OLD], on=day(on), started=day(started) if started else None)

    assert found == version


def seen(minute: int, competent: bool = True, **facts: Any) -> Observation:
    at = datetime(2025, 6, 1, 9, minute, tzinfo=UTC)
    return Observation(at, at.date(), facts.pop("level", 3), competent, **facts)


def test_as_many_observations_as_the_rule_asks_are_enough() -> None:
    rules = AssessmentRules(observations=3)

    assert progress([seen(1), seen(2)], rules, level=3).observations_left == 1
    assert progress([seen(1), seen(2), seen(3)], rules, level=3).complete


def test_every_setting_has_to_be_seen() -> None:
    rules = AssessmentRules(observations=2, settings=("Day", "Night"))

    found = progress([seen(1, setting="Day"), seen(2, setting="Day")], rules, level=3)

    assert (found.observations_left, found.settings_left, found.complete) == (0, ("Night",), False)


def test_a_not_yet_starts_the_count_again_and_a_sign_off_uses_it_up() -> None:
    rules = AssessmentRules(observations=2)

    assert progress([seen(1), seen(2, False), seen(3)], rules, level=3).observations_left == 1
    assert progress([seen(1, settled=True), seen(2)], rules, level=3).observations_left == 1


def test_observations_at_another_level_neither_count_nor_disturb() -> None:
    found = progress([seen(1), seen(2, level=2), seen(3, False, level=4)], AssessmentRules(), level=3)

    assert len(found.counted) == 1


def test_progress_tells_the_version_that_was_started() -> None:
    rules = AssessmentRules(observations=2)

    assert progress([seen(1, version=OLD.version)], rules, level=3).started_on_version == OLD.version
    assert progress([], rules, level=3).started_on_version is None


def test_s16_three_attempts_lock_it_until_a_manager_reopens_it() -> None:
    tries = [seen(1, False), seen(2, False), seen(3, False)]

    assert not is_locked(tries[:2])
    assert is_locked(tries)
    assert not is_locked(tries, [tries[2].recorded_at])
    assert failed_attempts([*tries, seen(9, False)], [tries[2].recorded_at + timedelta(seconds=1)]) == 1


def test_s16_a_sign_off_wipes_the_slate() -> None:
    assert failed_attempts([seen(1, False), seen(2, settled=True), seen(3, False)]) == 1


def test_a_person_with_another_sign_off_still_holds_it_without_the_one_in_doubt() -> None:
    mine = [signed("2025-01-10"), SignOff(day("2025-02-01"), 3, True, "cy")]

    assert held_without(Evidence(SKILL, (), mine), [(day("2025-01-10"), "assessor")], level=3, on=ON)
    assert not held_without(Evidence(SKILL, (), mine[:1]), [(day("2025-01-10"), "assessor")], level=3, on=ON)


def test_learning_alone_does_not_make_an_assessor_where_both_are_needed() -> None:
    rules = competency(needs_learning=True, needs_sign_off=True)

    assert refused(assessor(holding=holding(rules=rules, learning=[learnt("2025-05-01")]))) == [
        Refusal.NOT_HELD
    ]


def doubted(*decisions: SignOff, on: str = "2025-06-01", **rules: Any) -> tuple[str, str] | None:
    """The days of the "not yet" and of the sign-off it casts doubt on; None: nothing is in doubt."""
    facts = Evidence(competency(needs_learning=False, needs_sign_off=True, **rules), (), decisions)
    found = later_not_yet(facts, on=day(on))
    return None if found is None else (str(found.not_yet.assessed_on), str(found.sign_off.assessed_on))


def failed(on: str, level: int = 3) -> SignOff:
    return signed(on, level, competent=False)


def test_a_not_yet_after_a_sign_off_that_counts_puts_it_in_doubt() -> None:
    assert doubted(signed("2025-01-10"), failed("2025-05-01")) == ("2025-05-01", "2025-01-10")


@pytest.mark.parametrize(
    "decisions",
    [
        [failed("2025-05-01")],  # there is nothing to doubt
        [failed("2025-01-01"), signed("2025-01-10")],  # answered by the sign-off
        [signed("2025-01-10"), failed("2025-05-01"), signed("2025-05-20")],  # answered later
        [signed("2025-01-10"), failed("2025-05-01"), signed("2025-05-01")],  # answered on the same day
        [signed("2025-01-10"), failed("2025-05-01", level=4)],  # about a level never signed off
        [signed("2025-01-10"), failed("2025-06-02")],  # not happened yet (C6)
        [signed("2025-01-10", withdrawn="2025-05-02"), failed("2025-05-01")],  # decided
    ],
)
def test_nothing_is_in_doubt_where_the_two_do_not_contradict(decisions: list[SignOff]) -> None:
    assert doubted(*decisions) is None


def test_a_sign_off_that_has_run_out_is_in_doubt_no_more() -> None:
    decisions = [signed("2025-01-10"), failed("2025-05-01")]

    assert doubted(*decisions, sign_off_months=6, on="2025-07-10") is not None
    assert doubted(*decisions, sign_off_months=6, on="2025-07-11") is None


def test_levels_that_do_not_add_up_are_doubted_one_by_one() -> None:
    decisions = [signed("2025-01-10", level=3), failed("2025-05-01", level=2)]

    assert doubted(*decisions) == ("2025-05-01", "2025-01-10")
    assert doubted(*decisions, cumulative=False) is None


def test_a_not_yet_says_nothing_where_no_sign_off_is_needed() -> None:
    rules = competency(needs_learning=True, needs_sign_off=False)
    facts = Evidence(rules, [learnt("2025-01-01")], [signed("2025-01-10"), failed("2025-05-01")])

    assert later_not_yet(facts, on=ON) is None
