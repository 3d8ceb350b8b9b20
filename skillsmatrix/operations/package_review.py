"""What a page asks of an import and the command does not: that it does what was looked at, changes no rule
alone, and signs nobody off at their own hand.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from skillsmatrix.interchange.faults import Fault, PackageFaults
from skillsmatrix.interchange.package import Package
from skillsmatrix.interchange.tables import Value
from skillsmatrix.operations.package_comparison import Corrected, Differences
from skillsmatrix.queries.packages import courses_taken_for, has_requirements

# What a competency is called and where it stands; everything else about it is a rule.
NAMING: Final = frozenset({"title", "framework", "group", "boundary"})
# What is recorded about a person, and the column that says about whom.
ABOUT: Final = {
    "learning": "staff",
    "sign_offs": "staff",
    "supervision": "supervisee",
    "registrations": "staff",
    "suspensions": "staff",
    "exemptions": "staff",
}
_NOBODY_FOR_THEMSELF: Final = (
    "somebody else: nobody puts their own competence on record. Another person of human resources can import "
    "this row, or whoever runs the server with the import command"
)


class Change(NamedTuple):
    """One cell that an import would store. `added`: the row is new, so that nothing was there before."""

    line: int
    table: str
    added: bool
    key: tuple[Value, ...]
    column: str
    before: Value
    after: Value


class RuleRow(NamedTuple):
    """A row by which an import would change a rule. `columns`: what differs; none for a new row."""

    table: str
    line: int
    key: tuple[Value, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """That somebody looked at a preview and asks for just that. `staff`: their own code, if they have one."""

    digest: str
    staff: str | None


@dataclass(frozen=True, slots=True)
class Review:
    """What there is to say about an import before one person carries it out on a page.

    `digest`: of everything that it would do. `rules`: rows that are not one person's to change. `own`: table
    → how many rows speak for whoever imports.
    """

    digest: str
    rules: Sequence[RuleRow]
    own: Mapping[str, int]


class ChangedSince(Exception):
    """The import would do something else than what was looked at: the record has changed meanwhile."""


class RulesNeedTwo(Exception):
    """The import would change rules, which takes a second person."""


def review(session: Session, package: Package, found: list[Differences], *, staff: str | None) -> Review:
    """The review of what `compare` found, for the person with this staff code.

    Raises PackageFaults where it would sign off that person as competent.
    """
    faults = [fault for one in found for fault in _own_sign_offs(one, staff)]
    if faults:
        raise PackageFaults(faults)
    own = {one.rows.table.name: _about(one, staff) for one in found}
    rules = _rules(session, found) if has_requirements(session) else []
    return Review(_digest(package, found), rules, {name: number for name, number in own.items() if number})


def require_reviewed(
    session: Session, package: Package, found: list[Differences], *, reviewed: Reviewed
) -> None:
    """Raise ChangedSince or RulesNeedTwo where an import may not be carried out as it was looked at.

    And PackageFaults, as `review` does.
    """
    now = review(session, package, found, staff=reviewed.staff)
    if now.digest != reviewed.digest:
        raise ChangedSince
    if now.rules:
        raise RulesNeedTwo


def changes(found: list[Differences]) -> Iterator[Change]:
    """Every cell that the import would store, table by table in the order of the file; blanks only where
    they take a value away.
    """
    for one in found:
        name, keys = one.rows.table.name, list(one.rows.keys())
        for correction in one.corrected:
            line, key = one.rows.lines[correction.index], keys[correction.index]
            for column, after in correction.after.items():
                yield Change(line, name, False, key, column, correction.before[column], after)
        for index in one.added:
            row = one.rows[index]
            for column, after in row.values.items():
                if after is not None:
                    yield Change(row.line, name, True, keys[index], column, None, after)


def _digest(package: Package, found: list[Differences]) -> str:
    """The content of the file, which of its rows are new, and what each correction replaces by what."""
    digest = hashlib.sha256(package.digest.encode())
    for one in found:
        digest.update(f"\n{one.rows.table.name} {len(one.added)} {len(one.corrected)}\n".encode())
        digest.update(one.added.tobytes())
        for correction in one.corrected:
            cells = (correction.index, *correction.before.items(), *correction.after.items())
            digest.update(repr(cells).encode())
    return digest.hexdigest()


def _rules(session: Session, found: list[Differences]) -> list[RuleRow]:
    rows: list[RuleRow] = []
    for one in found:
        name = one.rows.table.name
        if name not in ("competencies", "course_grants", "requirements"):
            continue
        keys = list(one.rows.keys())
        added: list[int] = []
        columns: dict[int, tuple[str, ...]] = {}
        if name == "requirements":
            added, columns = list(one.added), {each.index: tuple(each.after) for each in one.corrected}
        elif name == "course_grants":
            # A new grant decides about records that are there already, if somebody has taken the course.
            taken = courses_taken_for(session, {str(keys[index][0]) for index in one.added})
            added = [index for index in one.added if keys[index] in taken]
            columns = {each.index: tuple(each.after) for each in one.corrected}
        else:
            columns = {each.index: _without_naming(each) for each in one.corrected}
        which = dict.fromkeys(added, ()) | {index: names for index, names in columns.items() if names}
        rows += [RuleRow(name, one.rows.lines[index], keys[index], which[index]) for index in sorted(which)]
    return rows


def _without_naming(correction: Corrected) -> tuple[str, ...]:
    return tuple(name for name in correction.after if name not in NAMING)


def _own_sign_offs(one: Differences, staff: str | None) -> Iterator[Fault]:
    if one.rows.table.name != "sign_offs" or staff is None:
        return
    for index in sorted([*one.added, *(each.index for each in one.corrected)]):
        row = one.rows[index]
        if row.values["staff"] == staff and row.values["outcome"] == "competent":
            yield Fault("sign_offs", row.line, "staff", staff, _NOBODY_FOR_THEMSELF)


def _about(one: Differences, staff: str | None) -> int:
    """How many rows of a table would speak for this person; of suspensions, those that end sooner."""
    column = ABOUT.get(one.rows.table.name)
    if column is None or staff is None or column not in one.rows.columns:
        return 0
    place = one.rows.columns.index(column)
    lifts = one.rows.table.name == "suspensions"
    indices = [each.index for each in one.corrected if not lifts or _ends_sooner(each)]
    if not lifts:
        indices += one.added
    return sum(one.rows.cells[index][place] == staff for index in indices)


def _ends_sooner(correction: Corrected) -> bool:
    before, after = correction.before.get("ends_on"), correction.after.get("ends_on")
    return isinstance(after, date) and (not isinstance(before, date) or after < before)
