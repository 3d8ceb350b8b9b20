"""Services × competencies on a day, out of the image: what each cell needs, has, lacks and will soon lose."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from skillsmatrix.engine.matrix import matrix
from skillsmatrix.queries.ahead import supervised_on
from skillsmatrix.queries.conclusions import current


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One competency at one service: its worst line, and how many lines there are. Counts are of people."""

    required: int
    held: int
    shortfall: int
    expiring_30: int
    expiring_60: int
    expiring_90: int
    hard_stop: bool
    in_scope: int
    lines: int

    @property
    def unsafe(self) -> bool:
        """A hard stop that is not met."""
        return self.hard_stop and self.shortfall > 0

    @property
    def short_in(self) -> int:
        """Within how many days it is short when nothing is renewed: 0 now, 30, 60 or 90; -1 not so soon."""
        ends = ((0, 0), (30, self.expiring_30), (60, self.expiring_60), (90, self.expiring_90))
        return next((days for days, ending in ends if self.held - ending < self.required), -1)


def organisation_matrix(
    session: Session, services: Collection[str], *, on: date, today: date
) -> Mapping[str, Mapping[str, MatrixCell]]:
    """Service code → competency code → cell, for those of `services` of which anything is asked.

    Past `today`, supervision is taken to go on (contract V8).
    """
    image = current(session)
    supervision_on = supervised_on(on=on, today=today)
    found = matrix(image, on=on, supervision_on=supervision_on)
    in_scope = image.counts(on=on, supervision_on=supervision_on).in_scope[found.line]
    numbers = [number for number, code in enumerate(image.catalogue.service_codes) if code in services]
    chosen = np.isin(found.service, numbers)
    columns = (
        found.required,
        found.held,
        found.shortfall,
        found.expiring_30,
        found.expiring_60,
        found.expiring_90,
        found.hard_stop,
        in_scope,
        found.lines,
    )
    cells: dict[str, dict[str, MatrixCell]] = {}
    for service, competency, *values in zip(
        found.service[chosen].tolist(),
        found.competency[chosen].tolist(),
        *(column[chosen].tolist() for column in columns),
        strict=True,
    ):
        row = cells.setdefault(image.catalogue.service_codes[service], {})
        row[image.catalogue.competency_codes[competency]] = MatrixCell(*values)
    return cells
