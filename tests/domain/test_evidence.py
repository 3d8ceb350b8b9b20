"""Contract section 2: what counts, at which level, and until when."""

import pytest

from skillsmatrix.domain.competency import Renewal
from skillsmatrix.domain.evidence import Evidence, counted_months, learning_terms
from tests.builders import competency, day, learnt, signed

ANNIVERSARY = competency(renewal=Renewal.KEEP_ANNIVERSARY, early_window_days=90)
BOTH = competency(needs_sign_off=True)
SIGN_OFF_ONLY = competency(needs_learning=False, needs_sign_off=True, sign_off_months=24)


def ends(rules, *completions):  # type: ignore[no-untyped-def]
    return [str(term.valid_to) for term in learning_terms(rules, completions)]


@pytest.mark.parametrize(
    ("stated", "counted"),
    [((24, 12, 36), 12), ((None, None, 36), 36), ((None, None, None), None)],
)
def test_e1_l7_the_shortest_length_stated_counts(stated: tuple[int | None, ...], counted: int | None) -> None:
    assert counted_months(*stated) == counted


def test_r2_reset_counts_from_the_renewal() -> None:
    assert ends(competency(), learnt("2024-06-30"), learnt("2025-05-20")) == ["2025-06-30", "2026-05-20"]


@pytest.mark.parametrize(
    ("renewed", "end"),
    [
        ("2025-05-20", "2026-06-30"),  # R1: inside the window
        ("2025-04-01", "2026-06-30"),  # the first day of the window
        ("2025-03-31", "2026-03-31"),  # R3: a day before the window opens
        ("2025-06-30", "2026-06-30"),  # the last valid day
        ("2025-07-01", "2026-07-01"),  # R4: a day late
    ],
)
def test_r1_r3_r4_keeping_the_anniversary(renewed: str, end: str) -> None:
    assert ends(ANNIVERSARY, learnt("2024-06-30"), learnt(renewed))[1] == end


def test_d4_four_yearly_renewals_come_back_to_29_february() -> None:
    yearly = [learnt(on) for on in ("2024-02-29", "2025-02-10", "2026-02-10", "2027-02-10")]

    assert ends(ANNIVERSARY, *yearly) == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


def test_e3_a_completion_without_a_length_ends_the_chain() -> None:
    assert ends(ANNIVERSARY, learnt("2024-06-30"), learnt("2025-06-01", None), learnt("2025-06-10")) == [
        "2025-06-30",
        "None",
        "2026-06-10",
    ]


def test_e3_an_anchor_without_a_length_is_never_renewed() -> None:
    assert ends(ANNIVERSARY, learnt("2024-06-30", None), learnt("2025-06-01")) == ["None", "2026-06-01"]


def test_e3_on_one_day_no_length_comes_first_then_the_longer_then_the_higher_then_the_reference() -> None:
    same_day = [
        learnt("2025-01-01", 6, 1, "b"),
        learnt("2025-01-01", 6, 1, "a"),
        learnt("2025-01-01", 6, 2, "z"),
        learnt("2025-01-01", 24, 1, "y"),
        learnt("2025-01-01", None, 1, "x"),
    ]

    terms = learning_terms(ANNIVERSARY, same_day)

    assert [term.level for term in terms] == [1, 1, 2, 1, 1]
    assert str(terms[0].valid_to) == "None"
    assert str(terms[1].valid_to) == "2027-01-01"


@pytest.mark.parametrize(
    ("on", "level"),
    [("2024-12-31", 0), ("2025-01-01", 3), ("2025-03-09", 3), ("2025-03-10", 0)],
)
def test_e4_s7_a_sign_off_counts_until_the_day_before_it_is_withdrawn(on: str, level: int) -> None:
    evidence = Evidence(SIGN_OFF_ONLY, (), [signed("2025-01-01", withdrawn="2025-03-10")])

    assert evidence.held_level(day(on)) == level


@pytest.mark.parametrize("withdrawn", ["2025-01-01", "2024-12-01"])
def test_e4_withdrawn_on_or_before_its_day_it_never_counted(withdrawn: str) -> None:
    evidence = Evidence(SIGN_OFF_ONLY, (), [signed("2025-01-01", withdrawn=withdrawn)])

    assert evidence.held_level(day("2025-01-01")) == 0
    assert not evidence.was_ever_signed_off(day("2026-01-01"))


def test_s16_a_not_yet_grants_nothing() -> None:
    evidence = Evidence(SIGN_OFF_ONLY, (), [signed("2025-01-01", competent=False)])

    assert evidence.held_level(day("2025-01-01")) == 0


@pytest.mark.parametrize(
    ("learning", "sign_off", "level"),
    [("2025-01-01", "2025-02-01", 3), (None, "2025-02-01", 0), ("2025-01-01", None, 0)],
)
def test_e5_s2_where_both_are_needed_neither_alone_is_held(
    learning: str | None, sign_off: str | None, level: int
) -> None:
    evidence = Evidence(BOTH, [learnt(learning)] if learning else [], [signed(sign_off)] if sign_off else [])

    assert evidence.held_level(day("2025-03-01")) == level
    assert evidence.satisfies(3, day("2025-03-01")) is (level == 3)


@pytest.mark.parametrize(("cumulative", "satisfied"), [(True, True), (False, False)])
def test_l3_e6_a_higher_level_serves_only_where_the_scale_says_so(cumulative: bool, satisfied: bool) -> None:
    evidence = Evidence(competency(cumulative=cumulative), [learnt("2025-01-01", level=3)])

    assert evidence.satisfies(2, day("2025-02-01")) is satisfied
    assert evidence.satisfies(3, day("2025-02-01"))


def test_e7_r12_an_overlapping_record_carries_the_run_on() -> None:
    evidence = Evidence(competency(), [learnt("2025-01-01"), learnt("2025-06-01")])

    assert evidence.valid_to(1, day("2025-05-31")) == day("2026-01-01")  # C6: the renewal is not known yet
    assert evidence.valid_to(1, day("2025-06-01")) == day("2026-06-01")
    assert evidence.held_since(day("2025-09-01"), 1) == day("2025-01-01")


def test_e7_where_both_are_needed_the_earlier_end_governs() -> None:
    evidence = Evidence(BOTH, [learnt("2025-01-01")], [signed("2025-02-01")])

    assert evidence.valid_to(3, day("2025-03-01")) == day("2026-01-01")
    assert evidence.held_since(day("2025-03-01"), 3) == day("2025-02-01")


def test_e8_a_gap_of_one_day_starts_a_new_run() -> None:
    evidence = Evidence(competency(), [learnt("2024-01-01"), learnt("2025-01-03")])

    assert evidence.held_since(day("2025-02-01")) == day("2025-01-03")
    assert evidence.held_since(day("2025-01-02")) is None
    assert evidence.last_day_before(day("2025-01-02")) == day("2025-01-01")


def test_evidence_of_a_kind_that_is_not_needed_is_not_used() -> None:
    evidence = Evidence(competency(needs_sign_off=False), [], [signed("2025-01-01")])

    assert evidence.held_level(day("2025-02-01")) == 0
    assert evidence.change_days() == frozenset()


def test_change_days_are_the_days_on_which_an_answer_may_change() -> None:
    evidence = Evidence(
        BOTH,
        [learnt("2025-01-01"), learnt("2025-01-05", None)],
        [signed("2025-02-01", withdrawn="2025-03-01")],
    )

    assert evidence.change_days() == {
        day(text) for text in ("2025-01-01", "2026-01-02", "2025-01-05", "2025-02-01", "2025-03-01")
    }
