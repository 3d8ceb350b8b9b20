"""Services × competencies on a day, out of the image: what each cell needs, has, lacks and will soon lose."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from skillsmatrix.engine.image import Image
from skillsmatrix.engine.matrix import Matrix, matrix
from skillsmatrix.queries.ahead import supervised_on
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.known_then import image_known_at
from skillsmatrix.queries.state import kept

Cells = NDArray[np.int32]

NOT_SO_SOON = -1
BLANK, UNSAFE, SHORT, SOON, MET = range(5)
_STATE, _REQUIRED, _HELD, _SHORTFALL, _IN_SCOPE, _SHORT_IN = range(6)
_BLANKS = (BLANK, 0, 0, 0, 0, NOT_SO_SOON)


@dataclass(frozen=True, slots=True)
class CellGrid:
    """Tables of one number for each service (down) and competency (across), both as codes.

    A cell speaks for its worst line; counts are of people.
    """

    services: tuple[str, ...]
    competencies: tuple[str, ...]
    tables: Cells

    @property
    def state(self) -> Cells:
        """BLANK where nothing is asked, UNSAFE for a hard stop that is not met, SHORT, SOON for one that will
        be short within 90 days when nothing is renewed, else MET."""
        return self._table(_STATE)

    @property
    def required(self) -> Cells:
        """How many are required."""
        return self._table(_REQUIRED)

    @property
    def held(self) -> Cells:
        """How many hold it."""
        return self._table(_HELD)

    @property
    def shortfall(self) -> Cells:
        """How many are missing."""
        return self._table(_SHORTFALL)

    @property
    def in_scope(self) -> Cells:
        """How many people it is asked of."""
        return self._table(_IN_SCOPE)

    @property
    def short_in(self) -> Cells:
        """Within how many days it is short when nothing is renewed: 0 now, 30, 60, 90, or NOT_SO_SOON."""
        return self._table(_SHORT_IN)

    def _table(self, number: int) -> Cells:
        found: Cells = self.tables[number]
        return found

    def part(self, services: Sequence[int], competencies: Sequence[int]) -> "CellGrid":
        """Some rows and columns, in the order in which their numbers are given."""
        down, across = (np.array(each, dtype=np.int64) for each in (services, competencies))
        return CellGrid(
            tuple(self.services[number] for number in services),
            tuple(self.competencies[number] for number in competencies),
            self.tables.take(down, axis=1).take(across, axis=2),
        )

    def without(self, gone: NDArray[np.bool_]) -> "CellGrid":
        """With nothing in some of the cells."""
        tables = self.tables.copy()
        for table, blank in zip(tables, _BLANKS, strict=True):
            table[gone] = blank
        return CellGrid(self.services, self.competencies, tables)


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
        grid = _cells(current(session), on=on, today=today)
    else:
        grid = kept(
            session,
            ("organisation matrix", known_at, on, today),
            lambda: _cells(image_known_at(session, known_at), on=on, today=today),
        )
    seen = np.array([code in services for code in grid.services], dtype=np.bool_)
    return grid if seen.all() else grid.part(np.flatnonzero(seen).tolist(), range(len(grid.competencies)))


def _cells(image: Image, *, on: date, today: date) -> CellGrid:
    """The cells of every service."""
    found = matrix(image, on=on, supervision_on=supervised_on(on=on, today=today))
    codes = image.catalogue
    tables = np.empty((len(_BLANKS), len(codes.service_codes), len(codes.competency_codes)), dtype=np.int32)
    for table, values, blank in zip(tables, _values(found), _BLANKS, strict=True):
        table.fill(blank)
        table[found.service, found.competency] = values
    return CellGrid(codes.service_codes, codes.competency_codes, tables)


def _values(found: Matrix) -> tuple[NDArray[np.generic], ...]:
    """In the order of the tables."""
    short_in = np.full(len(found), NOT_SO_SOON, dtype=np.int32)
    for days, ending in ((90, found.expiring_90), (60, found.expiring_60), (30, found.expiring_30), (0, 0)):
        short_in[found.held - ending < found.required] = days
    state = np.where(found.shortfall > 0, SHORT, np.where(short_in > 0, SOON, MET))
    state[found.unsafe] = UNSAFE
    return state, found.required, found.held, found.shortfall, found.in_scope, short_in
