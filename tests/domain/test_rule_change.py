"""What a change of a rule does to the rows: dated requirements, and lengths for new completions only."""

from datetime import date
from typing import Any

import pytest

from skillsmatrix.domain.rule_change import (
    Deed,
    NoSuchRule,
    RuleChange,
    What,
    next_code,
    row_changes,
    stated_length,
    tables_after,
)

DAY = date(2026, 4, 1)
ROW: dict[str, Any] = {
    "requirement": "R-FIRE",
    "competency": "FIRE",
    "service": None,
    "role": None,
    "level": 1,
    "cover": "each",
    "amount": None,
    "strength": "target",
    "in_force_from": date(2024, 1, 1),
    "in_force_to": None,
    "induction_days": 28,
    "reason": None,
}


def of_requirement(what: What, **values: Any) -> RuleChange:
    return RuleChange("requirements", "R-FIRE", what, values, DAY)


def of_length(new: int | None, *, new_only: bool = True) -> RuleChange:
    return RuleChange("competencies", "FIRE", What.CHANGE, {"learning_months": new}, DAY, new_only)


def test_a_changed_requirement_ends_the_day_before_and_another_follows() -> None:
    ends, follows = row_changes(of_requirement(What.CHANGE, level=2), ROW, taken={"R-FIRE"})

    assert (ends.code, ends.deed, ends.values) == (
        "R-FIRE",
        Deed.CORRECT,
        {"in_force_to": date(2026, 3, 31)},
    )
    assert (follows.code, follows.deed) == ("R-FIRE.2", Deed.ADD)
    assert follows.values["level"] == 2
    assert follows.values["in_force_from"] == DAY
    assert follows.values["induction_days"] == 28


def test_a_requirement_that_has_not_begun_is_changed_in_place_or_goes() -> None:
    unborn = {**ROW, "in_force_from": DAY}

    (changed,) = row_changes(of_requirement(What.CHANGE, level=2), unborn, taken={"R-FIRE"})
    (gone,) = row_changes(of_requirement(What.END), unborn, taken={"R-FIRE"})

    assert (changed.deed, changed.values) == (Deed.CORRECT, {"level": 2})
    assert gone.deed is Deed.REMOVE


@pytest.mark.parametrize(("ended", "gone"), [(date(2026, 3, 31), True), (DAY, False)])
def test_a_requirement_that_has_ended_cannot_be_changed(ended: date, gone: bool) -> None:
    row = {**ROW, "in_force_to": ended}

    if gone:
        with pytest.raises(NoSuchRule):
            row_changes(of_requirement(What.END), row, taken=())
    else:
        assert len(row_changes(of_requirement(What.END), row, taken=())) == 1


def test_codes_go_on_counting_and_never_meet_one_in_use() -> None:
    assert next_code("R", {"R"}) == "R.2"
    assert next_code("R.2", {"R", "R.2", "R.3"}) == "R.4"


def stated(change: RuleChange, *, old: int | None, on: date, **lengths: int | None) -> int | None:
    return stated_length(
        change,
        {"learning_months": old},
        completed_on=on,
        of_record=lengths.get("record"),
        of_course=lengths.get("course"),
    )


BEFORE = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("old", "new", "on", "lengths", "expected"),
    [
        (24, 12, BEFORE, {}, None),  # shorter: what is recorded keeps its end
        (24, 12, DAY, {}, 12),  # and each new one says so itself
        (24, 12, DAY, {"record": 6}, None),  # shorter by its own certificate already
        (24, 12, DAY, {"course": 12}, None),
        (None, 12, BEFORE, {}, None),
        (None, 12, DAY, {}, 12),
        (12, 24, BEFORE, {}, 12),  # longer: what is recorded says what counted
        (12, 24, DAY, {}, None),
        (12, 24, BEFORE, {"record": 6}, None),
        (12, 24, BEFORE, {"course": 12}, None),
        (12, None, BEFORE, {}, 12),  # no end any more (domain R7)
        (12, None, BEFORE, {"course": 36}, 12),
    ],
)
def test_which_completions_state_a_length(
    old: int | None, new: int | None, on: date, lengths: dict[str, int], expected: int | None
) -> None:
    assert stated(of_length(new), old=old, on=on, **lengths) == expected


def test_nothing_is_stated_when_existing_completions_are_meant_too() -> None:
    assert stated(of_length(24, new_only=False), old=12, on=BEFORE) is None


def tables(months: int) -> dict[str, list[dict[str, Any]]]:
    return {
        "requirements": [ROW],
        "competencies": [{"competency": "FIRE", "learning_months": months}],
        "course_grants": [{"course": "C", "competency": "FIRE", "valid_months": 36}],
        "learning": [
            {
                "staff": "ade",
                "competency": "FIRE",
                "course": "C",
                "completed_on": BEFORE,
                "valid_months": None,
            },
            {"staff": "bo", "competency": "OTHER", "completed_on": BEFORE, "valid_months": None},
        ],
    }


def test_a_longer_length_for_new_completions_leaves_the_old_ones_their_ends() -> None:
    after = tables_after(of_length(24), tables(12))

    assert after["competencies"][0]["learning_months"] == 24
    assert [row["valid_months"] for row in after["learning"]] == [12, None]


def test_a_shorter_length_for_new_completions_leaves_the_competency_alone() -> None:
    after = tables_after(of_length(6), tables(12))

    assert after["competencies"][0]["learning_months"] == 12
    assert [row["valid_months"] for row in after["learning"]] == [None, None]


def test_a_shorter_length_for_all_changes_the_competency_and_nothing_else() -> None:
    after = tables_after(of_length(6, new_only=False), tables(12))

    assert after["competencies"][0]["learning_months"] == 6
    assert after["learning"] == tables(12)["learning"]
