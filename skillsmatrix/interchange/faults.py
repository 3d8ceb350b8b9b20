"""What is wrong with a data package: said in full, as text and as CSV, for the person who has to mend it."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from skillsmatrix.interchange.cells import safe_cell
from skillsmatrix.interchange.tables import BY_NAME, TABLES

MOST_LISTED = 500_000  # beyond it the file is not a package with slips but another thing altogether
LONGEST_SHOWN = 200

_TABLE_ORDER = {table.name: number for number, table in enumerate(TABLES)}


class Fault(NamedTuple):
    """One thing to mend. `line`: as an editor or Excel counts it; None when the whole table is meant.

    `column` and `value` are empty when the whole line or table is meant.
    """

    table: str
    line: int | None
    column: str
    value: str
    expected: str


class PackageFaults(Exception):
    """The package is at fault; nothing of it may be stored. `faults`: sorted by table, line, column.

    `complete`: False when there were more than the half million that are listed, and reading stopped.
    """

    def __init__(self, faults: list[Fault], *, complete: bool = True) -> None:
        self.faults = faults
        self.complete = complete
        more = "" if complete else "more than "
        s = "" if len(faults) == 1 else "s"
        super().__init__(f"{more}{len(faults):,} fault{s} in the package.")


class UnreadablePackage(Exception):
    """The file or folder is not a data package, or is built to do harm; the message says which and why."""


class TooManyFaults(Exception):
    """Reading stops here: the list is full."""


class FaultList:
    """Collects faults while a package is read; stops the reading when there are too many to list."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.incomplete: set[str] = set()

    def add(self, table: str, line: int | None, column: str, value: str, expected: str) -> None:
        """Note one fault; raises TooManyFaults when the list is full."""
        if len(self.faults) >= MOST_LISTED:
            raise TooManyFaults
        shown = value if len(value) <= LONGEST_SHOWN else value[: LONGEST_SHOWN - 1] + "…"
        self.faults.append(Fault(table, line, column, shown, expected))

    def cut(self, table: str, line: int, expected: str, value: str = "") -> None:
        """Note a line that cannot be read as a row, so that not every code of the table is known."""
        self.incomplete.add(table)
        self.add(table, line, "", value, expected)

    def extend(self, faults: Iterable[Fault]) -> None:
        """Note several; raises TooManyFaults when the list is full."""
        for fault in faults:
            self.add(*fault)


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Faults by table (in load order), line and column."""
    return sorted(faults, key=_place)


def faults_as_text(faults: Iterable[Fault]) -> Iterator[str]:
    """One line of text for each fault, without line ends; control characters are shown, never sent."""
    for fault in faults:
        place = fault.table if fault.line is None else f"{fault.table}, line {fault.line}"
        if fault.column:
            place += f", {fault.column}"
        value = f' "{visible(fault.value)}" ' if fault.value else " "
        yield f"{visible(place)}:{value}- expected {visible(fault.expected)}"


def faults_as_csv(faults: Iterable[Fault]) -> str:
    """The faults as a CSV file with a header, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Fault._fields)
    for table, line, column, value, expected in faults:
        writer.writerow(
            (
                safe_cell(visible(table)),
                "" if line is None else line,
                safe_cell(visible(column)),
                safe_cell(visible(value)),
                visible(expected),
            )
        )
    return out.getvalue()


def fault_counts(faults: Iterable[Fault]) -> list[tuple[str, str, str, int]]:
    """(table, column, expected, how often), the most frequent first, then by name."""
    counts = Counter((fault.table, fault.column, fault.expected) for fault in faults)
    return sorted(((*what, number) for what, number in counts.items()), key=lambda row: (-row[3], row[:3]))


def visible(text: str) -> str:
    """`text` on one line: line breaks, control and invisible characters as escapes such as \\n."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )


def _place(fault: Fault) -> tuple[int, str, int, int, str]:
    table = BY_NAME.get(fault.table)
    position = table.names.index(fault.column) if table and fault.column in table.names else -1
    return (_TABLE_ORDER.get(fault.table, -1), fault.table, fault.line or 0, position, fault.column)
