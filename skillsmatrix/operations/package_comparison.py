"""A data package against what is stored: which rows are new, which differ, which rules only both can tell.

Nothing is written here. Blank and absent are not the same: a column that the file has with nothing in it
says that the value is blank (or the contract's default); a column that the file does not have says nothing.
"""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from skillsmatrix.interchange.faults import Fault, PackageFaults, in_order
from skillsmatrix.interchange.package import Package, PackageTable, check_references
from skillsmatrix.interchange.rules import rules_beyond
from skillsmatrix.interchange.tables import Value
from skillsmatrix.interchange.values import text_of
from skillsmatrix.queries.packages import SHAPES, known_codes, stored_rows

FEW = 500  # so many keys are looked up one by one; for more, the whole table is read

Cells = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A stored row that the package states differently. `index`: which row of the package."""

    index: int
    row_id: int
    before: Mapping[str, Value]
    after: Mapping[str, Value]


@dataclass(slots=True)
class Differences:
    """One table: rows of the package that are new (by index), rows that differ, and how many are equal."""

    rows: PackageTable
    added: "array[int]" = field(default_factory=lambda: array("q"))
    corrected: list[Corrected] = field(default_factory=list)
    unchanged: int = 0


def compare(session: Session, package: Package) -> list[Differences]:
    """What importing the package would do, table by table in load order.

    Raises PackageFaults for references that lead nowhere, and for rules between a column of the file and
    one that only the stored row has.
    """
    faults = check_references(package, known_codes(session))
    differences = [_compare_table(session, package.rows[name], faults) for name in package.present_tables]
    if faults:
        raise PackageFaults(in_order(faults))
    return differences


def _compare_table(session: Session, rows: PackageTable, faults: list[Fault]) -> Differences:
    found = Differences(rows)
    if not len(rows):
        return found
    names, width = rows.columns, len(rows.columns)
    checks = _Checks(rows, faults)
    defaults = [
        (place, rows.table.column(name).default)
        for place, name in enumerate(names)
        if rows.table.column(name).default is not None
    ]
    wanted = {key: index for index, key in enumerate(rows.keys())}
    is_stored = bytearray(len(rows))
    key_in = _key_of(rows)
    for row_id, values in _stored(session, rows, names + checks.extra):
        index = wanted.get(key_in(values))
        if index is None:
            continue
        is_stored[index] = True
        cells = _with_defaults(rows.cells[index], defaults)
        checks.take(rows.lines[index], cells, values[width:])
        before = values[:width]
        changed = () if cells == before else _changed(names, before, cells)
        if changed:
            found.corrected.append(
                Corrected(
                    index,
                    row_id,
                    {names[place]: before[place] for place in changed},
                    {names[place]: cells[place] for place in changed},
                )
            )
        else:
            found.unchanged += 1
    found.added.extend(index for index, stored in enumerate(is_stored) if not stored)
    found.corrected.sort(key=lambda one: one.index)
    if checks.needed:
        for index in found.added:
            checks.take(rows.lines[index], _with_defaults(rows.cells[index], defaults), checks.absent)
    return found


def _with_defaults(cells: Cells, defaults: list[tuple[int, Value]]) -> Cells:
    if all(cells[place] is not None for place, _ in defaults):
        return cells
    values = list(cells)
    for place, default in defaults:
        if values[place] is None:
            values[place] = default
    return tuple(values)


def _changed(names: tuple[str, ...], before: Cells, after: Cells) -> tuple[int, ...]:
    """The places that differ. A blank recorded_at states nothing about a row that is there already."""
    return tuple(
        place
        for place, name in enumerate(names)
        if before[place] != after[place] and not (name == "recorded_at" and after[place] is None)
    )


def _key_of(rows: PackageTable) -> Any:
    """The function that gives the key in the values of a stored row, read in the order of the file."""
    places = [rows.columns.index(name) if name in rows.columns else None for name in rows.table.key]
    if None in places:
        return lambda values: tuple([None if place is None else values[place] for place in places])
    if len(places) == 1:
        return lambda values: (values[places[0]],)
    return itemgetter(*places)


def _stored(
    session: Session, rows: PackageTable, names: tuple[str, ...]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The stored rows that the package can mean: all of them, or those of its few people or codes."""
    shape = SHAPES[rows.table.name]
    first = rows.table.key[0]
    named = {key[0] for key in rows.keys()}  # noqa: SIM118  not a dictionary
    where: sa.ColumnElement[bool] | None = None
    if len(named) <= FEW:
        column = shape.columns[first]
        if first in shape.refers:
            referred = SHAPES[shape.refers[first]].table
            where = column.in_(sa.select(referred.c.id).where(referred.c.code.in_(named)))
        else:
            where = column.in_(named)
    if "reference" in rows.table.key and "reference" not in rows.columns:
        # Without the column every row of the package means the record that has no reference.
        unreferenced = shape.columns["reference"] == ""
        where = unreferenced if where is None else where & unreferenced
    return stored_rows(session, rows.table.name, names, where=where)


class _Checks:
    """Rules between a column that the file has and one that it does not: the stored row decides."""

    def __init__(self, rows: PackageTable, faults: list[Fault]) -> None:
        self._table = rows.table.name
        self._faults = faults
        self._rules = rules_beyond(self._table, rows.columns)
        needed = {name for rule in self._rules for name in rule.columns}
        self.extra = tuple(sorted(needed - set(rows.columns)))
        self.absent = tuple(rows.table.column(name).default for name in self.extra)
        self.needed = bool(self._rules)
        self._names = rows.columns + self.extra

    def take(self, line: int, cells: Cells, extra: Cells) -> None:
        """Note what is wrong with one row, as it would be after the import."""
        if not self.needed:
            return
        values = dict(zip(self._names, cells + extra, strict=True))
        for rule in self._rules:
            if rule.broken(*(values[name] for name in rule.columns)):
                column = rule.columns[0]
                self._faults.append(Fault(self._table, line, column, text_of(values[column]), rule.expected))
