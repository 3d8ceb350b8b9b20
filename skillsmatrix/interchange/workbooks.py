"""Sheets of a workbook as the rows of text that the same tables would have as CSV.

openpyxl reads the cells. What it passes over in silence (rows and cells out of order, a workbook in the
strict form, merged cells) is looked for beforehand in the parts of the file itself, and is refused.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.cell.read_only import EmptyCell
from openpyxl.xml.functions import fromstring

from skillsmatrix.interchange.archives import part
from skillsmatrix.interchange.csv_tables import Rows
from skillsmatrix.interchange.faults import FaultList, UnreadablePackage
from skillsmatrix.interchange.tables import BY_NAME, Kind
from skillsmatrix.interchange.values import ALREADY_TOLD

MOST_SHEET_BYTES = 400 << 20
MOST_STRINGS_BYTES = 48 << 20  # openpyxl keeps them all in memory
MOST_OTHER_BYTES = 8 << 20
MOST_COLUMNS = 64
MOST_EMPTY_ROWS = 10_000
LARGEST_EXACT = 10**15  # Excel keeps fifteen digits

_CHUNK = 1 << 18
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:]+)[\"']")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class _Scan(NamedTuple):
    cells: int
    merged: dict[str, str]  # part → first merged range


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether the archive is an office document rather than a zip of CSV files."""
    names = archive.namelist()
    if "[Content_Types].xml" in names:
        if "xl/workbook.bin" in names:
            raise UnreadablePackage("This is a binary workbook (.xlsb). Save it as .xlsx.")
        return True
    if "mimetype" in names:
        raise UnreadablePackage("This is an OpenDocument file. Save it as .xlsx, or its sheets as CSV.")
    return False


def sheets(archive: zipfile.ZipFile, faults: FaultList) -> Iterator[tuple[str, Rows]]:
    """(name, rows) of each sheet, to be read in this order; cells that cannot be told are `faults`."""
    with _quietly():
        scan = _scan(archive)
        try:
            archive.fp.seek(0)  # type: ignore[union-attr]
            book = load_workbook(archive.fp, read_only=True, data_only=False, keep_links=False)
        except Exception as error:  # the library raises whatever a damaged part leads to
            raise UnreadablePackage(f"The workbook is damaged: {error}.") from error
        if not book.worksheets:
            raise UnreadablePackage("The workbook has no sheets that can be read.")
        titles = _titles(archive)
        for name, merged in scan.merged.items():
            faults.add(titles.get(name, name), None, "", merged, "no merged cells: each row on its own")
        seen = _Seen()
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what a file says about its own size is not believed
            yield sheet.title.strip(), _rows(sheet, faults, seen)
        if not faults.faults and seen.cells != scan.cells:
            raise UnreadablePackage(
                f"The workbook holds {scan.cells:,} cells, of which {seen.cells:,} can be placed: rows or "
                "cells are out of order. Open it in a spreadsheet program and save it again."
            )


class _Seen:
    def __init__(self) -> None:
        self.cells = 0


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the library's warnings: that it passes over a style or a filter is no matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _scan(archive: zipfile.ZipFile) -> _Scan:
    cells, sheet_bytes = 0, 0
    merged: dict[str, str] = {}
    for info in archive.infolist():
        is_sheet = "/worksheets/" in info.filename and info.filename.endswith(".xml")
        if is_sheet:
            sheet_bytes += info.file_size
            allowed = MOST_SHEET_BYTES - sheet_bytes + info.file_size
        else:
            allowed = MOST_STRINGS_BYTES if "sharedStrings" in info.filename else MOST_OTHER_BYTES
        if info.file_size > allowed:
            raise UnreadablePackage(
                f"{info.filename!r} in the workbook has {info.file_size:,} bytes; {allowed:,} are allowed. "
                "Use a zip of CSV files for a package of this size."
            )
        if not info.filename.endswith((".xml", ".rels")):
            continue
        for text in _chunks(archive, info):
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise UnreadablePackage(
                    f"{info.filename!r} in the workbook declares entities, which is refused."
                )
            if _STRICT in text:
                raise UnreadablePackage(
                    "The workbook is in the strict form (ISO 29500). Save it as a usual Excel workbook."
                )
            if is_sheet:
                cells += len(_CELL.findall(text))
                if info.filename not in merged and (found := _MERGE.search(text)):
                    merged[info.filename] = found[1].decode()
    return _Scan(cells, merged)


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that never cut a tag in two, so that each is found and counted once."""
    rest = b""
    with part(archive, info) as stream:
        while block := stream.read(_CHUNK):
            text = rest + block
            cut = text.rfind(b">") + 1
            if not cut and len(text) > 4 * _CHUNK:
                cut = len(text)  # no tag is that long
            yield text[:cut]
            rest = text[cut:]
    yield rest


def _titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part name → sheet name, for the usual layout of a workbook; empty for another."""
    try:
        book = fromstring(archive.read("xl/workbook.xml"))
        relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except Exception:  # noqa: BLE001  only the wording of a message depends on it
        return {}
    targets = {one.get("Id"): str(one.get("Target")).removeprefix("/xl/") for one in relations}
    return {
        f"xl/{targets.get(one.get(_RELATION))}": str(one.get("name"))
        for one in book.iter()
        if one.tag.endswith("}sheet")
    }


def _rows(sheet: Any, faults: FaultList, seen: _Seen) -> Rows:
    table = sheet.title.strip()
    header: list[str] = []
    instants: set[int] = set()
    empty = line = 0
    rows = sheet.iter_rows()
    while True:
        line += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except Exception as error:  # the library raises whatever a damaged cell leads to
            raise UnreadablePackage(f"The sheet {table!r} is damaged at row {line}: {error}.") from error
        if len(cells) > MOST_COLUMNS:
            faults.cut(table, line, f"nothing to the right of the table (column {MOST_COLUMNS} at most)")
            return
        placed = [cell for cell in cells if not isinstance(cell, EmptyCell)]
        seen.cells += len(placed)
        if any(cell.row != line for cell in placed):
            raise UnreadablePackage(f"The sheet {table!r} is damaged at row {line}: cells of another row.")
        texts = [_text(cell, table, line, i, header, i in instants, faults) for i, cell in enumerate(cells)]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            empty += 1
            if empty > MOST_EMPTY_ROWS:
                faults.cut(table, line, f"no gap of more than {MOST_EMPTY_ROWS:,} empty rows")
                return
            continue
        empty = 0
        if not header:
            header = [text.strip() for text in texts]
            instants = _instant_columns(table, header)
        yield line, texts + [""] * (len(header) - len(texts))


def _instant_columns(table: str, header: list[str]) -> set[int]:
    columns = BY_NAME[table].columns if table in BY_NAME else ()
    instants = {column.name for column in columns if column.kind is Kind.INSTANT}
    return {i for i, name in enumerate(header) if name in instants}


def _text(
    cell: Any, table: str, line: int, place: int, header: list[str], instant: bool, faults: FaultList
) -> str:
    value = cell.value
    if value is None:
        return ""
    expected = None
    if cell.data_type == "f":
        value, expected = (
            str(getattr(value, "text", value)),
            "a value, not a formula: paste the values instead",
        )
    elif cell.data_type == "e":
        expected = "a value, not an error of the spreadsheet"
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= LARGEST_EXACT:
        expected = "a cell formatted as text: a spreadsheet loses the last digits of a number this long"
    if expected is None:
        return _plain(value, instant)
    faults.add(table, line, header[place] if place < len(header) else "", str(value), expected)
    return ALREADY_TOLD


def _plain(value: Any, instant: bool) -> str:
    """What the CSV would say for a cell that is text, a number, a yes or no, a day or an instant."""
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        if value.time() == time.min and not instant:
            return value.date().isoformat()
        return value.isoformat() + ("" if value.tzinfo else "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return format(value, ".15g")  # as Excel shows it: 0.1 + 0.2 is 0.3
    return str(value)
