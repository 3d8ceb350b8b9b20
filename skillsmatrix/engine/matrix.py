"""Services × competencies on a day: required, held, short, running out.

A cell speaks for its worst line: an unmet hard stop before anything else, then the largest shortfall, then
the largest need. Adding its lines up would count a person twice.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.engine.columns import Flags, Numbers
from skillsmatrix.engine.counting import Counts, single_points
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.lines import Lines

PLACES = 20  # bits for a number of people, and for the place of a line in its cell
MOST = (1 << PLACES) - 1


@dataclass(frozen=True, slots=True)
class Matrix:
    """The cells with a line on the day, in order of service and competency (both by number).

    `line` is the line each cell speaks for, `lines` how many it has.
    """

    shape: tuple[int, int]
    service: Numbers
    competency: Numbers
    line: Numbers
    lines: Numbers
    in_scope: Numbers
    required: Numbers
    held: Numbers
    shortfall: Numbers
    expiring_30: Numbers
    expiring_60: Numbers
    expiring_90: Numbers
    hard_stop: Flags
    unsafe: Flags
    single_point_of_failure: Flags

    def __len__(self) -> int:
        return len(self.line)

    def grid(self, values: NDArray[np.generic], *, blank: int = -1) -> NDArray[np.int64]:
        """One value a cell as services × competencies; `blank` where nothing is required."""
        table = np.full(self.shape, blank, dtype=np.int64)
        table[self.service, self.competency] = values
        return table


def matrix(image: Image, *, on: date, supervision_on: date | None = None) -> Matrix:
    """The matrix of any day; `supervision_on` as in engine/image.py."""
    lines = image.catalogue.lines
    found = image.counts(on=on, supervision_on=supervision_on)
    shortfall = found.shortfall
    line, how_many = _worst(lines, found, shortfall)
    short, hard_stop = shortfall[line], lines.hard_stop[line]
    return Matrix(
        shape=(len(image.catalogue.service_codes), len(image.catalogue.competency_codes)),
        service=lines.service[line],
        competency=lines.competency[line],
        line=line,
        lines=how_many,
        in_scope=found.in_scope[line],
        required=found.required[line],
        held=found.held[line],
        shortfall=short,
        expiring_30=found.expiring_30[line],
        expiring_60=found.expiring_60[line],
        expiring_90=found.expiring_90[line],
        hard_stop=hard_stop,
        unsafe=hard_stop & (short > 0),
        single_point_of_failure=single_points(lines, found)[line],
    )


def _worst(lines: Lines, found: Counts, shortfall: Numbers) -> tuple[Numbers, Numbers]:
    """The line that each cell speaks for, and the number of its lines; cells without one are left out."""
    if len(lines.cells) == len(lines):
        alone = np.flatnonzero(found.shown)
        return alone, np.ones(len(alone), dtype=np.int64)
    order = MOST - (np.arange(len(lines)) - np.repeat(lines.cells, lines.lines_of_cell))
    score = np.minimum(found.required, MOST) << PLACES | order
    score |= np.minimum(shortfall, MOST) << 2 * PLACES
    score |= ((shortfall > 0) & lines.hard_stop).astype(np.int64) << 3 * PLACES
    best = np.maximum.reduceat(np.where(found.shown, score, -1), lines.cells)
    shown = best >= 0
    line = lines.cells[shown] + MOST - (best[shown] & MOST)
    return line, np.add.reduceat(found.shown.astype(np.int64), lines.cells)[shown]
