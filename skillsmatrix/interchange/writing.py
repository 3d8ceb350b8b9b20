"""Writing a data package: folder, zip or workbook, the same bytes for the same facts.

Cells are written as they are, without an apostrophe before a formula sign: a package is for machines, and
what goes out must come back equal. The workbook stores each cell as text, so nothing in it can run; files
for people to open as CSV go through `cells.py`.
"""

import csv
import io
import os
import secrets
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import xlsxwriter

from skillsmatrix.interchange.tables import BY_NAME, TABLES, Column, Kind, Table, Value
from skillsmatrix.interchange.values import text_of

FactRow = Mapping[str, Value] | Sequence[Value]
Tables = Mapping[str, Iterable[FactRow]]

_REMEMBERED = 50_000
_LONGEST_CELL = 32_767
# The zip format has no instant before this one; a fixed one makes equal packages equal files.
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def write_package(tables: Tables, path: Path) -> None:
    """Write to a zip or a workbook when the name ends in .zip or .xlsx, else to a folder."""
    write = {".zip": write_zip, ".xlsx": write_workbook}.get(path.suffix.lower(), write_folder)
    write(tables, path)


def write_folder(tables: Tables, path: Path) -> None:
    """One CSV file per table of the contract, in a folder that appears all at once.

    An earlier package at `path` is replaced; raises FileExistsError when anything else is there.
    """
    _require_known(tables)
    _require_replaceable(path)
    with _beside(path) as draft:
        draft.mkdir()
        for table in TABLES:
            with (draft / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as out:
                _write_csv(table, tables.get(table.name, ()), out)
                out.flush()
                os.fsync(out.fileno())
        if path.is_dir():
            with _beside(path) as earlier:
                path.rename(earlier)
                draft.rename(path)
        else:
            draft.rename(path)


def write_zip(tables: Tables, path: Path) -> None:
    """A zip of the same files, at its top; an earlier file at `path` is replaced at once."""
    _require_known(tables)
    with _beside(path) as draft:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for table in TABLES:
                info = zipfile.ZipInfo(f"{table.name}.csv", _ZIP_DAY)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                with (
                    archive.open(info, "w") as binary,
                    io.TextIOWrapper(binary, encoding="utf-8", newline="") as out,
                ):
                    _write_csv(table, tables.get(table.name, ()), out)
        _put_in_place(draft, path)


def write_workbook(tables: Tables, path: Path) -> None:
    """One workbook with a sheet per table, every cell stored as text; replaced at once.

    Raises ValueError when a text is longer than a cell of a workbook can hold.
    """
    _require_known(tables)
    with _beside(path) as draft:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(str(draft), options) as book:
            book.set_properties({"title": "Data package", "created": datetime(*_ZIP_DAY)})  # noqa: DTZ001
            text, heading = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
            for table in TABLES:
                _write_sheet(book, table, tables.get(table.name, ()), text, heading)
        _put_in_place(draft, path)


def sorted_texts(table: Table, rows: Iterable[FactRow]) -> list[tuple[str, ...]]:
    """The rows as text in the order of the contract's columns, sorted by key in code-point order.

    A row is column → value (what is not there is blank), or the values in the order of the columns.
    """
    names = table.names
    memories = [_Memory(column) for column in table.columns]
    texts: list[tuple[str, ...]] = []
    known = set(names)
    for row in rows:
        values: Iterable[Value] = row if not isinstance(row, Mapping) else map(row.get, names)
        if isinstance(row, Mapping) and not row.keys() <= known:
            raise ValueError(f"{table.name} has no column {', '.join(sorted(row.keys() - known))}")
        texts.append(tuple([memory[value] for memory, value in zip(memories, values, strict=True)]))
    places = [names.index(name) for name in table.key]
    texts.sort(key=lambda cells: ([cells[place] for place in places], cells))
    return texts


class _Memory(dict[Value, str]):
    """Value → text of one column, so that the same value is written out once."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._decimal = column.kind is Kind.DECIMAL

    def __missing__(self, value: Value) -> str:
        text = text_of(float(value) if self._decimal and isinstance(value, int) else value)
        if len(self) < _REMEMBERED:
            self[value] = text
        return text


def _write_csv(table: Table, rows: Iterable[FactRow], out: IO[str]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows(sorted_texts(table, rows))


def _write_sheet(
    book: xlsxwriter.Workbook, table: Table, rows: Iterable[FactRow], text: object, heading: object
) -> None:
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(table.names) - 1, 18, text)  # a code typed in later stays text as well
    for place, name in enumerate(table.names):
        sheet.write_string(0, place, name, heading)
    line = 0
    for line, cells in enumerate(sorted_texts(table, rows), start=1):
        for place, cell in enumerate(cells):
            if cell:
                if len(cell) > _LONGEST_CELL:
                    raise ValueError(f"{table.name}, {table.names[place]}: too long for a cell of a workbook")
                sheet.write_string(line, place, cell, text)
    sheet.ignore_errors({"number_stored_as_text": f"A1:Z{line + 1}"})


def _require_known(tables: Tables) -> None:
    if unknown := sorted(set(tables) - set(BY_NAME)):
        raise ValueError(f"no table of a data package: {', '.join(unknown)}")


def _require_replaceable(path: Path) -> None:
    """Nothing but an earlier package may be swept away by an export."""
    if not path.exists():
        return
    package = {f"{table.name}.csv" for table in TABLES}
    if not path.is_dir() or not {entry.name for entry in path.iterdir()} <= package:
        raise FileExistsError(f"{path} holds other things than a data package; name a new or empty folder")


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A name for a draft in the same folder, so that it can be renamed at once; gone afterwards."""
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    draft = path.absolute().parent / f".{path.name}.{secrets.token_hex(6)}"
    try:
        yield draft
    finally:
        if draft.is_dir():
            shutil.rmtree(draft)
        else:
            draft.unlink(missing_ok=True)


def _put_in_place(draft: Path, path: Path) -> None:
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(path)
