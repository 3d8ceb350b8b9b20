"""Reading a data package whole: every table checked, every fault told at once (contract section 8)."""

import re
from array import array
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, overload

from skillsmatrix.interchange.csv_tables import Rows
from skillsmatrix.interchange.faults import (
    MOST_LISTED,
    Fault,
    FaultList,
    PackageFaults,
    TooManyFaults,
    UnreadablePackage,
    in_order,
)
from skillsmatrix.interchange.rules import RowRule, rules_within
from skillsmatrix.interchange.sources import source_of
from skillsmatrix.interchange.tables import BY_NAME, TABLES, Column, Table, Value
from skillsmatrix.interchange.values import ALREADY_TOLD, Unfit, reader_for, text_of

Cells = tuple[Value, ...]

_REMEMBERED = 50_000  # values of a column that are kept so that the same text is read once


class Row(NamedTuple):
    """One row: the line on which it starts, and column → value for the columns that the file has."""

    line: int
    values: dict[str, Value]


@dataclass(slots=True)
class PackageTable(Sequence[Row]):
    """The rows of one table in the order of the file, packed: half a million of them fit in 100 MB.

    `columns`: those that the file has, in its order; a column that is not there says nothing. `codes`: the
    codes that the table defines, also by rows that are at fault elsewhere.
    """

    table: Table
    columns: tuple[str, ...] = ()
    lines: "array[int]" = field(default_factory=lambda: array("q"))
    cells: list[Cells] = field(default_factory=list)
    codes: set[Value] = field(default_factory=set)
    was_read: bool = True

    def __len__(self) -> int:
        return len(self.cells)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        return Row(self.lines[index], dict(zip(self.columns, self.cells[index], strict=True)))

    def __iter__(self) -> Iterator[Row]:
        for line, cells in zip(self.lines, self.cells, strict=True):
            yield Row(line, dict(zip(self.columns, cells, strict=True)))

    def keys(self) -> Iterator[Cells]:
        """The key of each row, None for a part that is blank or has no column."""
        places = [self.columns.index(name) if name in self.columns else None for name in self.table.key]
        for cells in self.cells:
            yield tuple([None if place is None else cells[place] for place in places])


@dataclass(frozen=True, slots=True)
class Package:
    """A data package without a fault in itself. `digest`: SHA-256 of what was read, in hexadecimal.

    `rows` has every table of the contract; those that the package does not have are empty.
    """

    rows: Mapping[str, PackageTable]
    present_tables: tuple[str, ...]
    digest: str


def read_package(path: Path, *, known: Mapping[str, Container[str]] | None = None) -> Package:
    """The package at `path`: a folder of CSV files, a zip of it, or a workbook.

    `known`: table → codes that exist already. With it, references are checked in the same breath, so that
    all faults are told at once; without it, `check_references` has to be asked. Raises PackageFaults with
    every fault, or UnreadablePackage when it is no data package or is built to do harm.
    """
    faults = FaultList()
    rows = {table.name: PackageTable(table) for table in TABLES}
    present: list[str] = []
    try:
        with source_of(Path(path), faults) as source:
            for name, file_rows in source.tables:
                if name not in BY_NAME:
                    meant = _MEANT.get(_letters(name), "")
                    faults.add(name, None, "", name if meant else "", _name_expected(meant))
                    if meant and meant not in present:
                        rows[meant].was_read = False
                elif name in present:
                    faults.add(name, None, "", "", "each table once")
                else:
                    present.append(name)
                    _read_table(rows[name], file_rows, faults)
            digest = source.digest
        tables = tuple(table.name for table in TABLES if table.name in present)
        package = Package(rows, tables, digest)
        if known is not None:
            faults.extend(check_references(package, known))
    except TooManyFaults:
        raise PackageFaults(in_order(faults.faults), complete=False) from None
    if faults.faults:
        raise PackageFaults(in_order(faults.faults))
    if not present:
        raise UnreadablePackage("There is no table in it: a data package has tables such as staff.")
    return package


def _letters(name: str) -> str:
    """What is left of a name when capitals, spaces and what stands for them make no difference."""
    return re.sub(r"[\s_-]+", "", name).casefold()


_MEANT = {_letters(name): name for name in BY_NAME}


def _name_expected(meant: str) -> str:
    if meant:
        return f"the name {meant}, in small letters and with _ for a space"
    return "a table of a data package: " + ", ".join(BY_NAME)


def check_references(package: Package, known: Mapping[str, Container[str]]) -> list[Fault]:
    """A fault for each code that is neither in the package nor in `known` (table → codes), sorted."""
    found: Iterator[Fault] = (
        fault
        for name in package.present_tables
        for column in package.rows[name].table.columns
        if column.references and column.name in package.rows[name].columns
        for fault in _unknown_codes(package, package.rows[name], column, known.get(column.references, ()))
    )
    return in_order(islice(found, MOST_LISTED))


def _unknown_codes(
    package: Package, rows: PackageTable, column: Column, known: Container[str]
) -> Iterator[Fault]:
    referred = package.rows[str(column.references)]
    if not referred.was_read:
        return  # its own fault is told; a line for each row that refers to it would bury that
    place = rows.columns.index(column.name)
    named = {cells[place] for cells in rows.cells}
    unknown = {code for code in named - referred.codes if isinstance(code, str) and code not in known}
    if not unknown:
        return
    expected = f"a code of {column.references}, in the package or stored already"
    for line, cells in zip(rows.lines, rows.cells, strict=True):
        if cells[place] in unknown:
            yield Fault(rows.table.name, line, column.name, str(cells[place]), expected)


class _Memory(dict[str, Value]):
    """Text → value of one column; notes in `unfit` what cannot be read, as (column, text, expected)."""

    def __init__(self, column: Column, unfit: list[tuple[str, str, str]]) -> None:
        super().__init__()
        self._column = column.name
        self._read = reader_for(column)
        self._unfit = unfit

    def __missing__(self, text: str) -> Value:
        if text == ALREADY_TOLD:
            self._unfit.append((self._column, text, ""))
            return None
        try:
            value = self._read(text)
        except Unfit as unfit:
            self._unfit.append((self._column, text, str(unfit)))
            return None
        if len(self) < _REMEMBERED:
            self[text] = value
        return value


def _read_table(rows: PackageTable, file_rows: Rows, faults: FaultList) -> None:
    name = rows.table.name
    first = next(file_rows, None)
    if first is None:
        rows.was_read = name not in faults.incomplete  # a table may be empty, header and all
        return
    header_line, header = first
    places = _columns(rows.table, header_line, [cell.strip() for cell in header], faults)
    rows.columns = tuple(column.name for column, _ in places)
    unfit: list[tuple[str, str, str]] = []
    memories = [(_Memory(column, unfit), place) for column, place in places]
    checker = _Checker(rows, rules_within(name, rows.columns), faults)
    for line, texts in file_rows:
        if len(texts) != len(header):
            if any(map(str.strip, texts)):
                expected = f"{len(header)} cells, as in the header; this row has {len(texts)}"
                faults.add(name, line, "", "", expected)
                rows.codes.update(_code_of(rows.table, header, texts))  # do not blame those who refer to it
            continue
        cells = tuple([memory[texts[place]] for memory, place in memories])
        if unfit:
            if not any(map(str.strip, texts)):
                unfit.clear()  # a row of blanks, as spreadsheets leave them at the end, states nothing
                continue
            bad = _told(name, line, unfit, faults)
            checker.take(line, cells, bad)
        elif any(value is not None for value in cells):
            checker.take(line, cells, frozenset())
    rows.was_read = name not in faults.incomplete and rows.table.key[0] in rows.columns


def _code_of(table: Table, header: list[str], texts: list[str]) -> list[str]:
    """The code in a row that cannot be used otherwise, as a list of one or none."""
    return [text.strip() for name, text in zip(header, texts, strict=False) if name.strip() == table.code]


def _told(table: str, line: int, unfit: list[tuple[str, str, str]], faults: FaultList) -> frozenset[str]:
    for column, text, expected in unfit:
        if text != ALREADY_TOLD:
            faults.add(table, line, column, text, expected)
    bad = frozenset(column for column, _, _ in unfit)
    unfit.clear()
    return bad


def _columns(table: Table, line: int, header: list[str], faults: FaultList) -> list[tuple[Column, int]]:
    """The columns that the file has, each with its place; unknown, doubled and missing ones are faults."""
    known = {column.name: column for column in table.columns}
    places: list[tuple[Column, int]] = []
    for place, name in enumerate(header):
        column = known.get(name)
        if column is None:
            expected = f"a column of {table.name}: {', '.join(known)}"
            faults.add(table.name, line, name, name or f"column {place + 1} without a name", expected)
        elif name in header[:place]:
            faults.add(table.name, line, name, name, "each column once")
        else:
            places.append((column, place))
    for column in table.columns:
        if column.required and column.name not in header:
            faults.add(table.name, line, column.name, "", "this column: it is required")
    return places


class _Checker:
    """What has to be compared between the cells of a row, and between the rows of a table."""

    def __init__(self, rows: PackageTable, rules: tuple[RowRule, ...], faults: FaultList) -> None:
        self._rows = rows
        self._faults = faults
        self._rules: list[tuple[RowRule, Callable[[Cells], Cells]]] = [
            (rule, itemgetter(*map(rows.columns.index, rule.columns))) for rule in rules
        ]
        self._key = rows.table.key
        self._key_places = [rows.columns.index(name) if name in rows.columns else -1 for name in self._key]
        self._seen: dict[Cells, int] = {}
        self._has_code = rows.table.code is not None and rows.table.code in rows.columns

    def take(self, line: int, cells: Cells, bad: frozenset[str]) -> None:
        """Keep the row, and note what is wrong with it; `bad`: columns whose value could not be read."""
        rows = self._rows
        for rule, values_in in self._rules:
            values = values_in(cells)
            if rule.broken(*values) and bad.isdisjoint(rule.columns):
                self._fault(line, rule.columns[0], values[0], rule.expected)
        if bad.isdisjoint(self._key):
            key = tuple([cells[place] if place >= 0 else None for place in self._key_places])
            first = self._seen.setdefault(key, line)
            if first != line:
                shown = ", ".join(text_of(part) for part in key)
                expected = f"each {', '.join(self._key)} once; line {first} has the same"
                self._faults.add(rows.table.name, line, self._key[-1], shown, expected)
        if self._has_code:
            rows.codes.add(cells[self._key_places[0]])
        rows.lines.append(line)
        rows.cells.append(cells)

    def _fault(self, line: int, column: str, value: Value, expected: str) -> None:
        self._faults.add(self._rows.table.name, line, column, text_of(value), expected)
