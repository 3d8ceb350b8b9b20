"""Counting the lines of cover on a day: who is in scope, who holds, what is short (contract section 6)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.domain.requirement import Cover
from skillsmatrix.engine.columns import Columns, Flags, Numbers
from skillsmatrix.engine.lines import COVERS, Lines

EACH = COVERS.index(Cover.EACH)
PERCENT = COVERS.index(Cover.PERCENT)
BANDS = (30, 60, 90)  # contract V5


@dataclass(frozen=True, slots=True)
class Counts:
    """One number a line, for one day. `shown`: the line has a place in the answer that day."""

    shown: Flags
    in_scope: Numbers
    exempt: Numbers
    required: Numbers
    held: Numbers
    expiring_30: Numbers
    expiring_60: Numbers
    expiring_90: Numbers

    @property
    def shortfall(self) -> Numbers:
        """V4; zero on lines that are not shown."""
        return np.where(self.shown, np.maximum(self.required - self.held, 0), 0)


def required(kind: Numbers, amount: Numbers, in_scope: Numbers, exempt: Numbers) -> Numbers:
    """V2, for many lines: each in scope but the exempt, a share rounded up to whole people, or so many."""
    share = -(-amount * in_scope // 100)
    return np.where(kind == EACH, in_scope - exempt, np.where(kind == PERCENT, share, amount))


def count(lines: Lines, columns: Columns, held_now: NDArray[np.int64], *, day: int) -> Counts:
    """The counts of every line; `held_now`: which rows of `columns.held` count on the day."""
    team_sizes = np.bincount(
        columns.teams.team[columns.teams.on(day)], minlength=int(lines.team.max(initial=0)) + 1
    )
    in_scope = team_sizes[lines.team]
    exempt = np.bincount(columns.exempt.line[columns.exempt.on(day)], minlength=len(lines))
    by_band = _by_band(lines, columns, held_now, day)
    in_force = (lines.starts_on <= day) & (lines.ends_on >= day)
    return Counts(
        shown=in_force & (lines.named | (in_scope > 0)),
        in_scope=in_scope,
        exempt=exempt,
        required=required(lines.kind, lines.amount, in_scope, exempt),
        held=by_band[0],
        expiring_90=by_band[1],
        expiring_60=by_band[2],
        expiring_30=by_band[3],
    )


def _by_band(lines: Lines, columns: Columns, held_now: NDArray[np.int64], day: int) -> Numbers:
    """Held at all, and held with an end within 90, 60 and 30 days: four numbers a line, in one count."""
    valid_to = columns.held.valid_to[held_now]
    band = np.zeros(len(held_now), dtype=np.uint8)
    for days in BANDS:
        band += valid_to <= day + days
    key = columns.held.line[held_now] + band * np.int64(len(lines))
    alone = np.bincount(key, minlength=4 * len(lines)).reshape(4, len(lines))
    return alone[::-1].cumsum(axis=0)[::-1]
