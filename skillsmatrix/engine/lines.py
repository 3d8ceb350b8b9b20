"""The lines of cover that a catalogue can ever show, as columns: each requirement row at each service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.domain.calendar import earlier_end
from skillsmatrix.domain.requirement import Cover, Requirement, Requirements, Service
from skillsmatrix.engine.days import Days, ordinal, short

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lines:
    """Sorted by service, competency and requirement; all of them numbered in the order of their codes.

    `team` numbers the people a row can count: those of one role at a service, or of any (role 0).
    So many are required: `share` per cent of those in scope, rounded up, and `fixed`; of `each` the exempt
    are taken off. `named`: the row names its service, so the line shows even when nobody is in scope.
    """

    row: Numbers
    service: Numbers
    competency: Numbers
    team: Numbers
    share: NDArray[np.int32]
    fixed: NDArray[np.int32]
    each: Flags
    hard_stop: Flags
    named: Flags
    starts_on: Days
    ends_on: Days
    keys: Numbers  # row and service in one, sorted; `order` is the line of each
    order: Numbers
    services: int
    teams: int
    cells: Numbers  # the first line of each cell, service × competency
    lines_of_cell: Numbers

    def __len__(self) -> int:
        return len(self.row)

    def of(self, row: Numbers, service: Numbers) -> Numbers:
        """The line of each pair of row and service."""
        wanted = row * self.services + service
        found = np.searchsorted(self.keys, wanted)
        if len(wanted) and (found.max() >= len(self.keys) or (self.keys[found] != wanted).any()):
            raise LookupError("kept conclusions name a line that the catalogue does not have")
        return self.order[found]


def lines(
    requirements: Requirements,
    services: Sequence[str],
    competencies: Sequence[str],
    role_ids: Mapping[str, int],
    roles: int,
) -> Lines:
    """Every line: of a row that names a service one, of a row with a blank service one at each."""
    number_of = {code: number for number, code in enumerate(competencies)}
    places = {code: number for number, code in enumerate(services)}
    table = sorted(
        (place, number_of[row.competency], number)
        for number, row in enumerate(requirements.rows)
        for place in (places.values() if row.service is None else (places[row.service],))
    )
    place, competency, number = (np.array([each[at] for each in table], dtype=np.int64) for at in range(3))
    rows = [requirements.rows[each] for each in number]
    role = np.array([0 if row.role is None else role_ids[row.role] for row in rows], dtype=np.int64)
    days = [_days(row, requirements.services[services[at]]) for row, at in zip(rows, place, strict=True)]
    keys = number * len(services) + place
    order = np.argsort(keys, kind="stable")
    cells = np.flatnonzero(np.diff(place * len(competencies) + competency, prepend=-1))
    return Lines(
        row=number,
        service=place,
        competency=competency,
        team=place * roles + role,
        share=np.array([_share(row) for row in rows], dtype=np.int32),
        fixed=np.array([_fixed(row) for row in rows], dtype=np.int32),
        each=np.array([row.cover is Cover.EACH for row in rows], dtype=np.bool_),
        hard_stop=np.array([row.hard_stop for row in rows], dtype=np.bool_),
        named=np.array([row.service is not None for row in rows], dtype=np.bool_),
        starts_on=short(np.array([first for first, _ in days], dtype=np.int32)),
        ends_on=short(np.array([last for _, last in days], dtype=np.int32)),
        keys=keys[order],
        order=order,
        services=len(services),
        teams=len(services) * roles,
        cells=cells,
        lines_of_cell=np.diff(cells, append=len(place)),
    )


def _share(row: Requirement) -> int:
    if row.cover is Cover.EACH:
        return 100
    return (row.amount or 0) if row.cover is Cover.PERCENT else 0


def _fixed(row: Requirement) -> int:
    return 0 if row.cover in (Cover.EACH, Cover.PERCENT) else row.amount or 0


def _days(row: Requirement, service: Service) -> tuple[int, int]:
    """The days on which the row is in force and the service open (R2), as ordinals."""
    first = max(row.in_force_from, service.opens_on or date.min)
    return ordinal(first), ordinal(earlier_end(row.in_force_to, service.closes_on))
