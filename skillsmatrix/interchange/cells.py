"""Cells of CSV files that people open in a spreadsheet, where a name must never run as a formula.

Data packages are not written this way: they are for machines and come back exactly as they went out.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final

# What Excel and LibreOffice take for the start of a formula, full-width forms included.
# Source: OWASP, "CSV Injection".
_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
_LINES: Final = 1_000  # in one part of a long file


def safe_cell(text: str) -> str:
    """`text` so that a spreadsheet shows it and runs nothing: an apostrophe goes before a formula sign."""
    return f"'{text}" if _would_run(text.lstrip("'")) else text


def plain_cell(text: str) -> str:
    """What `safe_cell` was given: takes off the apostrophe that it put there, and no other."""
    return text[1:] if text.startswith("'") and _would_run(text.lstrip("'")) else text


def csv_for_people(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV file to be opened in a spreadsheet: every cell safe and in quotes, lines end in `\\n`.

    All cells are quoted, so that a comma or semicolon inside one cannot start another.
    """
    return "".join(csv_parts_for_people(header, rows))


def csv_parts_for_people(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The same in parts, for a file that is too long to be held whole."""
    lines = chain([header], rows)
    while part := list(islice(lines, _LINES)):
        out = io.StringIO()
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([safe_cell(cell) for cell in row] for row in part)
        yield out.getvalue()


def _would_run(text: str) -> bool:
    return text[:1] in _STARTS or text.lstrip()[:1] in _STARTS
