"""What the preview is given: counts, first rows, faults grouped; or why the file cannot be read at all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from sqlalchemy.orm import Session

from skillsmatrix.interchange.faults import Fault, PackageFaults, UnreadablePackage, fault_counts, visible
from skillsmatrix.interchange.notes import Note, notes
from skillsmatrix.interchange.package import Package, read_package
from skillsmatrix.interchange.tables import Value
from skillsmatrix.interchange.values import text_of
from skillsmatrix.operations.imports import Preview, TableCounts, preview_package
from skillsmatrix.operations.package_comparison import compare
from skillsmatrix.operations.package_review import Change, RuleRow, changes
from skillsmatrix.queries.packages import known_codes
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.wording import gettext as _

MOST_ROWS = 50
MOST_FAULTS = 100
MOST_GROUPS = 30
CHANGES = ("line", "table", "what", "key", "column", "before", "after")


@dataclass(frozen=True, slots=True)
class AddedLine:
    """A row that would be new, in one line of text."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class CorrectedLine:
    """A row that would be corrected: which, and (column, before, after) for each column that differs."""

    line: int
    text: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class TablePage:
    """One table of the preview: whole counts, the first rows."""

    name: str
    counts: TableCounts
    added: tuple[AddedLine, ...]
    corrected: tuple[CorrectedLine, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking at a file: unreadable (`message`), faults, or a preview."""

    message: str = ""
    faults: Sequence[Fault] = ()
    complete: bool = True
    tables: tuple[TablePage, ...] = ()
    second_look: Sequence[Note] = ()
    rules: Sequence[RuleRow] = ()
    own: Sequence[tuple[str, int]] = ()
    digest: str = ""

    @property
    def first_rules(self) -> list[tuple[str, int, str, str]]:
        """(table, line, which, what would change), the first of them."""
        return [
            (row.table, row.line, _key(row.key), ", ".join(name.replace("_", " ") for name in row.columns))
            for row in self.rules[:MOST_ROWS]
        ]

    @property
    def empty(self) -> bool:
        """Whether the file has not one row."""
        return not any(
            table.counts.added or table.counts.corrected or table.counts.unchanged for table in self.tables
        )

    @property
    def groups(self) -> list[tuple[str, str, str, int]]:
        """(table, column, expected, how often), the most frequent first."""
        return fault_counts(self.faults)[:MOST_GROUPS]

    @property
    def group_rows(self) -> list[tuple[str, ...]]:
        return [
            (table, column or _("whole line"), expected, f"{number:,}")
            for table, column, expected, number in self.groups
        ]

    @property
    def fault_rows(self) -> list[tuple[str, ...]]:
        return [
            (_place(fault), fault.column, fault.value or _("nothing"), fault.expected)
            for fault in self.first_faults
        ]

    @property
    def table_rows(self) -> list[tuple[str, ...]]:
        return [
            (
                table.name.replace("_", " ").capitalize(),
                *(
                    f"{number:,}"
                    for number in (table.counts.added, table.counts.corrected, table.counts.unchanged)
                ),
            )
            for table in self.tables
        ]

    @property
    def first_faults(self) -> Sequence[Fault]:
        return self.faults[:MOST_FAULTS]

    @property
    def changes(self) -> bool:
        return any(table.counts.added or table.counts.corrected for table in self.tables)

    @property
    def corrects(self) -> bool:
        return any(table.counts.corrected for table in self.tables)


def read(session: Session, path: Path) -> Package:
    """The package, its references checked against what is stored. Raises as `read_package` does."""
    return read_package(path, known=known_codes(session))


def look(session: Session, path: Path, *, on: date, staff: str | None, called: str = "") -> Look:
    """Read the file and say what importing it on this day would do; writes nothing.

    `staff`: the code of whoever looks. `called`: the name under which it was handed in, which is the one that
    its owner knows.
    """
    try:
        package = read(session, path)
        preview = preview_package(session, package, staff=staff, most_rows=MOST_ROWS)
    except UnreadablePackage as error:
        return Look(message=str(error).replace(path.name, visible(called) if called else _("The file")))
    except PackageFaults as error:
        return Look(faults=error.faults, complete=error.complete)
    return Look(
        tables=_tables(preview, package),
        second_look=notes(package, on=on)[:MOST_FAULTS],
        rules=preview.review.rules,
        own=tuple(preview.review.own.items()),
        digest=preview.review.digest,
    )


def change_rows(session: Session, path: Path) -> Iterator[tuple[str, ...]]:
    """Every cell that importing the file would store, in the columns `CHANGES`, as a package writes them.

    The session is asked before the first row is given. Raises as `read_package` does.
    """
    return map(_change_row, changes(compare(session, read(session, path))))


def _change_row(change: Change) -> tuple[str, ...]:
    return (
        str(change.line),
        change.table,
        "added" if change.added else "corrected",
        _key(change.key),
        change.column,
        text_of(change.before),
        text_of(change.after),
    )


def _tables(preview: Preview, package: Package) -> tuple[TablePage, ...]:
    return tuple(
        TablePage(
            name=name,
            counts=table.counts,
            added=tuple(AddedLine(row.line, _in_line(row.values)) for row in table.added),
            corrected=tuple(
                CorrectedLine(row.line, _in_line(row.key), _changes(row.before, row.after))
                for row in table.corrected
            ),
        )
        for name, table in preview.tables.items()
        if name in package.present_tables
    )


def _in_line(values: Mapping[str, Value]) -> str:
    said = ((name, value) for name, value in values.items() if value is not None)
    return "; ".join(f"{name.replace('_', ' ')} {_said(value)}" for name, value in islice(said, 8))


def _place(fault: Fault) -> str:
    line = _("line %(line)s", line=fault.line) if fault.line else ""
    return f"{fault.table}, {line}" if line else fault.table


def _key(key: tuple[Value, ...]) -> str:
    return ", ".join(visible(text_of(part)) for part in key if part is not None)


def _changes(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, _said(before.get(name)), _said(after[name])) for name in after)


def _said(value: Value) -> str:
    if value is None:
        return _("blank")
    if type(value) is date:
        return formats.day(value)
    return visible(text_of(value))
