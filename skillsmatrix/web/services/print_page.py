"""A matrix for paper: cut into sheets that are no wider than the paper, each with the names down its side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from flask import request

from skillsmatrix.web.services.matrix_drawing import NAMES, Drawing
from skillsmatrix.web.services.organisation_page import OrganisationGrid
from skillsmatrix.web.services.team_page import Grid

COLUMNS = {"a3": 17, "a4": 12}  # that can be read, by size of paper


@dataclass(frozen=True, slots=True)
class Printed:
    """One cell: `style` gives shape and colour, the words say the same."""

    style: str
    word: str
    detail: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its name, what stands under the name, and its cells on this sheet.

    `band`: what rows are put together under; blank where they stand alone.
    """

    name: str
    under: str
    cells: Sequence[Printed | None]
    band: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """So many columns as fit, with every row that says something in them.

    `families`: what columns are put together under, and how many they are; none where they stand alone.
    """

    headings: Sequence[str]
    lines: Sequence[Line]
    families: Sequence[tuple[str, int]] = ()

    @property
    def bands(self) -> list[tuple[str, list[Line]]]:
        """The rows by what they are put together under, in order."""
        return [(name, list(found)) for name, found in groupby(self.lines, key=lambda line: line.band)]


def paper() -> str:
    """The paper asked for; A3 where none is, or none that we know."""
    asked = request.args.get("paper", "a3").lower()
    return asked if asked in COLUMNS else "a3"


def organisation_sheets(grid: OrganisationGrid, fewest: int) -> list[Sheet]:
    """Services × competencies, in the order shown."""
    lines = []
    texts = Drawing(fewest).texts(grid.grid)
    bands = [band.name for band in grid.bands for _row in range(band.count)]
    rows = zip(grid.services, bands, grid.grid.states.tolist(), texts, strict=True)
    for entry, band, states, words in rows:
        cells = [
            Printed(f"pages-cover--{NAMES[state]}", *_parts(text)) if state else None
            for state, text in zip(states, words, strict=True)
        ]
        lines.append(Line(entry.name, "", cells, band))
    families = [family.name for family in grid.families for _column in range(family.count) if family.name]
    return _sheets([each.title for each in grid.competencies], lines, families)


def _parts(text: str) -> tuple[str, str]:
    word, _comma, detail = text.partition(", ")
    return word, detail


def team_sheets(grid: Grid) -> list[Sheet]:
    """People × competencies, in the order shown."""
    lines = [
        Line(
            line.member.name,
            ", ".join(line.member.roles),
            [
                None if cell is None else Printed(f"app-standing--{cell.standing}", cell.word, cell.detail)
                for cell in line.cells
            ],
        )
        for line in grid.lines
    ]
    return _sheets([column.title for column in grid.columns], lines)


def _sheets(headings: Sequence[str], lines: Iterable[Line], families: Sequence[str] = ()) -> list[Sheet]:
    """`families`: what each column stands under; none where columns stand alone."""
    width, every = COLUMNS[paper()], list(lines)
    found = []
    for start in range(0, len(headings), width):
        here = slice(start, start + width)
        cut = [replace(line, cells=line.cells[here]) for line in every]
        found.append(
            Sheet(
                headings[here],
                [line for line in cut if any(line.cells)],
                [(name, len(list(columns))) for name, columns in groupby(families[here])],
            )
        )
    return found
