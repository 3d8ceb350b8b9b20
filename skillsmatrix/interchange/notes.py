"""What is worth a second look in a package without a fault: shown before it is imported, never in the way."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from skillsmatrix.interchange.package import Package, PackageTable
from skillsmatrix.interchange.values import text_of

# Things that have happened, by their own account. One dated later counts from its day on (contract C6).
_HAPPENED = (
    ("learning", "completed_on"),
    ("sign_offs", "assessed_on"),
    ("supervision", "held_on"),
)


class Note(NamedTuple):
    """One thing to look at; the package is accepted all the same."""

    table: str
    line: int
    column: str
    value: str
    remark: str


def notes(package: Package, *, on: date) -> list[Note]:
    """Evidence dated after the day `on`, and codes that can be taken for one another; by table and line."""
    found = [note for name in package.present_tables for note in _lookalikes(package.rows[name])]
    for name, column in _HAPPENED:
        found.extend(_to_come(package.rows[name], column, on))
    places = {name: place for place, name in enumerate(package.rows)}
    return sorted(found, key=lambda note: (places[note.table], note.line))


def _to_come(rows: PackageTable, column: str, on: date) -> Iterator[Note]:
    if column not in rows.columns:
        return
    place = rows.columns.index(column)
    for line, cells in zip(rows.lines, rows.cells, strict=True):
        day = cells[place]
        if isinstance(day, date) and day > on:
            yield Note(rows.table.name, line, column, text_of(day), "after today: it counts from that day on")


def _lookalikes(rows: PackageTable) -> Iterator[Note]:
    """Codes that differ only in case, or in how an accent is stored."""
    code = rows.table.code
    if code is None or code not in rows.columns:
        return
    place = rows.columns.index(code)
    seen: dict[str, str] = {}
    for line, cells in zip(rows.lines, rows.cells, strict=True):
        text = str(cells[place])
        other = seen.setdefault(unicodedata.normalize("NFC", text).casefold(), text)
        if other != text:
            yield Note(rows.table.name, line, code, text, f'perhaps the same as "{other}"')
