"""A matrix for paper: cut into sheets that are no wider than the paper, each with the names down its side."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

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
    """One row: its name, what stands under the name, and its cells on this sheet."""

    name: str
    under: str
    cells: Sequence[Printed | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """So many columns as fit, with every row that says something in them."""

    headings: Sequence[str]
    lines: Sequence[Line]


def paper() -> str:
    """The paper asked for; A3 where none is, or none that we know."""
    asked = request.args.get("paper", "a3").lower()
    return asked if asked in COLUMNS else "a3"


def organisation_sheets(grid: OrganisationGrid, hides: Callable[[int], bool]) -> list[Sheet]:
    """Services × competencies, in the order shown."""
    lines = []
    texts = Drawing(hides).texts(grid.cells)
    for entry, states, words in zip(grid.services, grid.cells.state.tolist(), texts, strict=True):
        cells = [
            Printed(f"pages-cover--{NAMES[state]}", *_parts(text)) if state else None
            for state, text in zip(states, words, strict=True)
        ]
        lines.append(Line(entry.name, "", cells))
    return _sheets([each.title for each in grid.competencies], lines)


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


def _sheets(headings: Sequence[str], lines: Iterable[Line]) -> list[Sheet]:
    width, every = COLUMNS[paper()], list(lines)
    found = []
    for start in range(0, len(headings), width):
        cut = [Line(line.name, line.under, line.cells[start : start + width]) for line in every]
        found.append(Sheet(headings[start : start + width], [line for line in cut if any(line.cells)]))
    return found
