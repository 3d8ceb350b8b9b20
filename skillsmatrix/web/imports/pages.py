"""What the preview is given: counts, first rows, faults grouped; or why the file cannot be read at all."""

from collections.abc import Mapping, Sequence
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
from skillsmatrix.queries.packages import known_codes
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.wording import gettext as _

MOST_ROWS = 50
MOST_FAULTS = 100
MOST_GROUPS = 30


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

    @property
    def groups(self) -> list[tuple[str, str, str, int]]:
        """(table, column, expected, how often), the most frequent first."""
        return fault_counts(self.faults)[:MOST_GROUPS]

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


def look(session: Session, path: Path, *, on: date, called: str = "") -> Look:
    """Read the file and say what importing it on this day would do; writes nothing.

    `called`: the name under which it was handed in, which is the one that its owner knows.
    """
    try:
        package = read(session, path)
        preview = preview_package(session, package, most_rows=MOST_ROWS)
    except UnreadablePackage as error:
        return Look(message=str(error).replace(path.name, visible(called) if called else _("The file")))
    except PackageFaults as error:
        return Look(faults=error.faults, complete=error.complete)
    return Look(tables=_tables(preview, package), second_look=notes(package, on=on)[:MOST_FAULTS])


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


def _changes(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[tuple[str, str, str], ...]:
    return tuple((name, _said(before.get(name)), _said(after[name])) for name in after)


def _said(value: Value) -> str:
    if value is None:
        return _("blank")
    if type(value) is date:
        return formats.day(value)
    return visible(text_of(value))
