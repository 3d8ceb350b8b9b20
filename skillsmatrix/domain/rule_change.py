"""A change to a rule: what it does to the rows of the record, told before and done after by the same words.

Requirements carry their days, so a changed one ends and another begins, and the past keeps its answer. The
lengths and supervision rules of a competency carry none: changing them changes every day asked about as known
now. What "new completions only" can mean is decision 0011.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.evidence import counted_months

Row = Mapping[str, Any]
Tables = Mapping[str, Iterable[Row]]

OF_REQUIREMENT: Final = (
    "service",
    "role",
    "competency",
    "level",
    "cover",
    "amount",
    "strength",
    "induction_days",
    "reason",
)
OF_COMPETENCY: Final = (
    "learning_months",
    "sign_off_months",
    "supervision_kind",
    "supervision_every_days",
    "supervision_lapse_days",
    "supervision_max_group",
)
_NUMBERED: Final = re.compile(r"(.*)\.(\d+)", re.ASCII)


class What(StrEnum):
    """What becomes of the rule."""

    ADD = "add"
    CHANGE = "change"
    END = "end"


class Deed(StrEnum):
    """What becomes of one row."""

    ADD = "add"
    CORRECT = "correct"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A change to one requirement or competency. `values`: only what differs, by package column."""

    table: str
    code: str
    what: What
    values: Mapping[str, Any]
    takes_effect_on: date
    new_completions_only: bool = True


@dataclass(frozen=True, slots=True)
class RowChange:
    """What becomes of one row of requirements or competencies, by code."""

    table: str
    code: str
    deed: Deed
    values: Mapping[str, Any]


class NoSuchRule(Exception):
    """The rule is not there, or has ended by then."""


def row_changes(change: RuleChange, row: Row | None, *, taken: Collection[str]) -> list[RowChange]:
    """What becomes of the rows behind a rule. `row`: the rule as it stands; `taken`: codes in use.

    Lengths of single completions are in `stated_length`. Raises NoSuchRule.
    """
    if change.table == "competencies":
        return _of_competency(change, row)
    if change.what is What.ADD:
        values = {**change.values, "in_force_from": change.takes_effect_on, "in_force_to": None}
        code = next_code(change.code, taken) if change.code in taken else change.code
        return [RowChange("requirements", code, Deed.ADD, values)]
    day = change.takes_effect_on
    if row is None or (row["in_force_to"] is not None and row["in_force_to"] < day):
        raise NoSuchRule(change.code)
    if row["in_force_from"] >= day:
        deed = Deed.REMOVE if change.what is What.END else Deed.CORRECT
        return [RowChange("requirements", change.code, deed, dict(change.values))]
    ends = RowChange("requirements", change.code, Deed.CORRECT, {"in_force_to": day - ONE_DAY})
    if change.what is What.END:
        return [ends]
    follows = {name: value for name, value in row.items() if name != "requirement"}
    follows |= {**change.values, "in_force_from": day}
    return [ends, RowChange("requirements", next_code(change.code, taken), Deed.ADD, follows)]


def _of_competency(change: RuleChange, row: Row | None) -> list[RowChange]:
    if row is None:
        raise NoSuchRule(change.code)
    values = dict(change.values)
    if limits_new_completions(change, row):
        del values["learning_months"]
    return [RowChange("competencies", change.code, Deed.CORRECT, values)] if values else []


def next_code(code: str, taken: Collection[str]) -> str:
    """A code for the row that follows: R-FIRE, R-FIRE.2, R-FIRE.3 (codes never change, contract 8)."""
    numbered = _NUMBERED.fullmatch(code)
    stem, number = (numbered[1], int(numbered[2])) if numbered else (code, 1)
    while (found := f"{stem}.{number + 1}") in taken:
        number += 1
    return found


def is_shorter(new: int | None, old: int | None) -> bool:
    """Is a length in months shorter than another; None is without end."""
    return new is not None and (old is None or new < old)


def limits_new_completions(change: RuleChange, row: Row) -> bool:
    """A shorter length that is to leave existing completions alone: stated on each new one instead (E1)."""
    return (
        change.new_completions_only
        and "learning_months" in change.values
        and is_shorter(change.values["learning_months"], row["learning_months"])
    )


def stated_length(
    change: RuleChange,
    row: Row,
    *,
    completed_on: date,
    of_record: int | None,
    of_course: int | None,
) -> int | None:
    """The length that a completion must state for the change to leave it as it was meant to be.

    None: it says nothing new. A longer length, for new completions only: existing ones state what counted. A
    shorter one: those from the day on state the new length.
    """
    if not change.new_completions_only or "learning_months" not in change.values:
        return None
    old, new = row["learning_months"], change.values["learning_months"]
    is_new = completed_on >= change.takes_effect_on
    counted_before = counted_months(of_record, of_course, old)
    counted_after = counted_months(of_record, of_course, new)
    if is_shorter(new, old):
        return counted_after if is_new and counted_after != counted_before else None
    return counted_before if not is_new and counted_after != counted_before else None


def tables_after(change: RuleChange, tables: Tables) -> dict[str, list[Row]]:
    """The tables of a package as the change leaves them; nothing else is touched. Raises NoSuchRule."""
    found: dict[str, list[Row]] = {name: list(rows) for name, rows in tables.items()}
    key = "requirement" if change.table == "requirements" else "competency"
    by_code = {row[key]: row for row in found[change.table]}
    row = by_code.get(change.code)
    for each in row_changes(change, row, taken=by_code):
        if each.deed is Deed.REMOVE:
            del by_code[each.code]
        else:
            by_code[each.code] = {key: each.code, **by_code.get(each.code, {}), **each.values}
    found[change.table] = list(by_code.values())
    if change.table == "competencies" and row is not None:
        found["learning"] = [
            _restated(change, row, each, found["course_grants"]) for each in found["learning"]
        ]
    return found


def _restated(change: RuleChange, row: Row, learning: Row, grants: Iterable[Row]) -> Row:
    if learning["competency"] != change.code:
        return learning
    of_course = next(
        (
            each["valid_months"]
            for each in grants
            if (each["course"], each["competency"]) == (learning.get("course"), change.code)
        ),
        None,
    )
    stated = stated_length(
        change,
        row,
        completed_on=learning["completed_on"],
        of_record=learning.get("valid_months"),
        of_course=of_course,
    )
    return learning if stated is None else {**learning, "valid_months": stated}
