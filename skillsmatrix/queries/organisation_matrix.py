"""Services × competencies on a day, out of the image: what each cell needs, has, lacks and will soon lose."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from skillsmatrix.engine.columns import Numbers
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.matrix import matrix
from skillsmatrix.queries.ahead import supervised_on
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.known_then import image_known_at
from skillsmatrix.queries.state import kept

BLANK, UNSAFE, SHORT, SOON, MET = range(5)
NOT_SO_SOON, IN_90, IN_60, IN_30, NOW = range(5)


@dataclass(frozen=True, slots=True)
class Cells:
    """One number for each cell where something is asked, row by row; a cell speaks for its worst line.

    `row` and `column`: places in the codes of a CellGrid. `state`: UNSAFE for a hard stop that is not met,
    SHORT, SOON for one that will be short within 90 days when nothing is renewed, else MET. `soon`: within
    how many days it is short when nothing is renewed, from NOT_SO_SOON to NOW. The rest count people.
    """

    row: Numbers
    column: Numbers
    state: Numbers
    required: Numbers
    held: Numbers
    shortfall: Numbers
    in_scope: Numbers
    soon: Numbers

    def __len__(self) -> int:
        return len(self.row)

    def chosen(self, numbers: Numbers) -> "Cells":
        """Some of them, in the order of these numbers."""
        return Cells(**{each.name: getattr(self, each.name)[numbers] for each in fields(self)})


@dataclass(frozen=True, slots=True)
class CellGrid:
    """What is asked of services (down) by competency (across), both as codes."""

    services: tuple[str, ...]
    competencies: tuple[str, ...]
    cells: Cells

    def table(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """These, one for each of the cells, as rows of columns; zero or nothing in cells that are blank."""
        table = np.zeros((len(self.services), len(self.competencies)), dtype=values.dtype)
        table[self.cells.row, self.cells.column] = values
        return table

    @property
    def states(self) -> NDArray[np.generic]:
        """The state of every cell; BLANK where nothing is asked."""
        return self.table(self.cells.state)

    def part(self, services: Sequence[int], competencies: Sequence[int]) -> "CellGrid":
        """Some rows and columns, in the order in which their numbers are given."""
        row = _places(services, len(self.services))[self.cells.row]
        column = _places(competencies, len(self.competencies))[self.cells.column]
        inside = np.flatnonzero((row >= 0) & (column >= 0))
        table = np.full(len(services) * len(competencies), -1)
        table[(row * len(competencies) + column)[inside]] = inside
        numbers = table[np.flatnonzero(table >= 0)]
        return CellGrid(
            tuple(self.services[number] for number in services),
            tuple(self.competencies[number] for number in competencies),
            replace(self.cells, row=row, column=column).chosen(numbers),
        )

    def only(self, wanted: NDArray[np.bool_]) -> "CellGrid":
        """The same with only some of the cells, by a flag for each."""
        return self if wanted.all() else replace(self, cells=self.cells.chosen(np.flatnonzero(wanted)))


def _places(numbers: Sequence[int], size: int) -> Numbers:
    """The place of each of so many numbers among these; -1 for one that is not among them."""
    places = np.full(size, -1)
    places[np.array(numbers, dtype=np.int64)] = np.arange(len(numbers))
    return places


def organisation_matrix(
    session: Session,
    services: Collection[str],
    *,
    on: date,
    today: date,
    known_at: datetime | None = None,
) -> CellGrid:
    """The cells of these services and of every competency; as known at an instant, or now.

    Past `today`, supervision is taken to go on (contract V8).
    """
    if known_at is None:
        grid = _grid(current(session), on=on, today=today)
    else:
        grid = kept(
            session,
            ("organisation matrix", known_at, on, today),
            lambda: _grid(image_known_at(session, known_at), on=on, today=today),
        )
    seen = [number for number, code in enumerate(grid.services) if code in services]
    return grid if len(seen) == len(grid.services) else grid.part(seen, range(len(grid.competencies)))


def _grid(image: Image, *, on: date, today: date) -> CellGrid:
    """The cells of every service."""
    found = matrix(image, on=on, supervision_on=supervised_on(on=on, today=today))
    spare = found.held - found.required
    soon = np.zeros(len(found), dtype=np.int64)
    for ending in (found.expiring_90, found.expiring_60, found.expiring_30, 0):  # each counts the next in
        soon += spare < ending
    state = np.where(found.shortfall > 0, SHORT, np.where(soon > NOT_SO_SOON, SOON, MET))
    state[found.unsafe] = UNSAFE
    return CellGrid(
        image.catalogue.service_codes,
        image.catalogue.competency_codes,
        Cells(
            row=found.service,
            column=found.competency,
            state=state,
            required=found.required,
            held=found.held,
            shortfall=found.shortfall,
            in_scope=found.in_scope,
            soon=soon,
        ),
    )
