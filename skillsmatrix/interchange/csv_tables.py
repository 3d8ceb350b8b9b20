"""Rows of a CSV file (RFC 4180), with the line on which each starts, in bounded memory.

The file is split into lines before it is decoded, so that a wrong byte can be named by line and place, and
a file of one endless line is refused before it fills the memory.
"""

import codecs
import csv
from collections.abc import Iterator
from typing import BinaryIO

from skillsmatrix.interchange.faults import FaultList

LONGEST_LINE = 1 << 20
_SAVE_AS = "save it as CSV with commas"
Rows = Iterator[tuple[int, list[str]]]

_OTHER_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_OTHER_SEPARATORS = ((b"\t", "a tab"), (b";", "a semicolon"), (b"|", "an upright line"))
_WORDING = (
    ("unexpected end of data", "a closing quote: one that opens on this line is never closed"),
    ("field larger than field limit", "a shorter cell: is a closing quote missing?"),
    ("new-line character", "lines that end in a line feed: this one has a lone carriage return"),
    ("expected after", 'a comma after a closing quote; a quote inside a cell is written ""'),
)


def csv_rows(table: str, stream: BinaryIO, faults: FaultList) -> Rows:
    """(line, cells) of each row that is not empty, the header among them; adds what is wrong to `faults`."""
    reader = csv.reader(_lines(table, stream, faults), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.cut(table, line, _worded(str(error)))
            if "larger" in str(error):
                return  # what follows would be read from the middle of a cell
            continue
        if cells:
            yield line, cells


def _lines(table: str, stream: BinaryIO, faults: FaultList) -> Iterator[str]:
    number = 0
    header_read = False
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        if number == 1:
            if raw.startswith(_OTHER_MARKS):
                faults.cut(table, 1, "text in UTF-8; this is UTF-16 or UTF-32: save it as CSV UTF-8")
                return
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if len(raw) > LONGEST_LINE:
            faults.cut(table, number, f"lines of at most {LONGEST_LINE:,} bytes")
            return
        if b"\0" in raw:
            place = raw.index(b"\0") + 1
            faults.cut(table, number, f"text in UTF-8; byte {place} of this line is NUL: this is not CSV")
            return
        if not header_read and raw.strip():
            header_read = True
            if (separator := _other_separator(raw)) is not None:
                expected = f"commas between the cells; {separator} separates them here: {_SAVE_AS}"
                faults.cut(table, number, expected, raw.decode(errors="replace").strip())
                return
        try:
            yield raw.decode()
        except UnicodeDecodeError as error:
            byte = f"byte {error.start + 1} of this line (0x{raw[error.start]:02X})"
            faults.cut(table, number, f"text in UTF-8; {byte} is not: save it as CSV UTF-8")
            yield raw.decode(errors="replace")


def _other_separator(header: bytes) -> str | None:
    """What stands between the names of the columns, in words, when it is no comma; None when all is well."""
    if b"," in header:
        return None
    return next((words for sign, words in _OTHER_SEPARATORS if sign in header.strip()), None)


def _worded(error: str) -> str:
    for words, expected in _WORDING:
        if words in error:
            return expected
    return f"CSV as in RFC 4180 ({error})"
