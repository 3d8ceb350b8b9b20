"""The organisation's matrix as one picture: a square a cell, each state with a sign as well as a colour."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skillsmatrix.queries.organisation_matrix import BLANK, MET, SHORT, SOON, UNSAFE, CellGrid
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.web.services.matrix_drawing import NAMES
from skillsmatrix.web.services.organisation_page import OrganisationGrid

SIDE, STEP = 14, 16  # of a square, and from one to the next
LEFT, TOP = 250, 230  # room for names
LONGEST = 34  # letters of a name that fit

# From the corner of a square: a cross, a slash, a dash; nothing where it is met or not asked.
SIGNS = {"unsafe": "m3 3l8 8m0-8l-8 8", "short": "m3 11l8-8", "soon": "m3 7h8", "met": ""}


@dataclass(frozen=True, slots=True)
class Squares:
    """All cells in one state: their squares and signs, as paths."""

    name: str
    squares: str
    signs: str


@dataclass(frozen=True, slots=True)
class Named:
    """A row or a column: its name and where it goes."""

    name: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The picture in numbers."""

    states: tuple[Squares, ...]
    rows: tuple[Named, ...]
    columns: tuple[Named, ...]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Row:
    """One service in figures: how many of its cells are in each state."""

    entry: ServiceEntry
    unsafe: int
    short: int
    soon: int
    met: int


def heat_map(grid: OrganisationGrid) -> HeatMap:
    """The picture of the matrix as it is shown: the same rows and columns in the same order."""
    middle = STEP // 2 + 4
    return HeatMap(
        states=tuple(_squares(grid.grid, state, name) for state, name in ((BLANK, "none"), *NAMES.items())),
        rows=tuple(
            Named(_short(each.name), LEFT - 6, TOP + number * STEP + middle - 1)
            for number, each in enumerate(grid.services)
        ),
        columns=tuple(
            Named(_short(each.title), LEFT + number * STEP + middle, TOP - 6)
            for number, each in enumerate(grid.competencies)
        ),
        width=LEFT + len(grid.competencies) * STEP + 130,  # the last names lean over the edge
        height=TOP + len(grid.services) * STEP + 8,
    )


def _squares(grid: CellGrid, state: int, name: str) -> Squares:
    rows, columns = np.nonzero(grid.states == state)
    places = list(zip((columns * STEP + LEFT).tolist(), (rows * STEP + TOP).tolist(), strict=True))
    sign = SIGNS.get(name)
    return Squares(
        name,
        "".join(f"M{x} {y}h{SIDE}v{SIDE}h-{SIDE}z" for x, y in places),
        "".join(f"M{x} {y}{sign}" for x, y in places) if sign else "",
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


def in_figures(grid: OrganisationGrid) -> Sequence[Row]:
    """The same by service, in the order of the picture."""
    states = grid.grid.states
    counts = [(states == state).sum(axis=1).tolist() for state in (UNSAFE, SHORT, SOON, MET)]
    return [Row(entry, *figures) for entry, *figures in zip(grid.services, *counts, strict=True)]
