"""Counting the lines of cover on a day: who is in scope, who holds, what is short (contract section 6)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.engine.columns import Columns, Flags, Numbers
from skillsmatrix.engine.lines import Lines

BANDS = (30, 60, 90)  # contract V5


@dataclass(frozen=True, slots=True)
class Needs:
    """One number a line, for one day. `shown`: the line has a place in the answer that day."""

    shown: Flags
    in_scope: Numbers
    exempt: Numbers
    required: Numbers
    held: Numbers

    @property
    def shortfall(self) -> Numbers:
        """V4; zero on lines that are not shown."""
        return np.where(self.shown, np.maximum(self.required - self.held, 0), 0)


@dataclass(frozen=True, slots=True)
class Counts(Needs):
    """The same, and how many of those held run out within so many days (V5)."""

    expiring_30: Numbers
    expiring_60: Numbers
    expiring_90: Numbers


def required(lines: Lines, in_scope: NDArray[Any]) -> NDArray[Any]:
    """V2, for many lines, before the exempt are taken off those of `each`.

    A share is rounded up to whole people; each is a share of 100 %, so many a share of none.
    """
    needed: NDArray[Any] = lines.share * in_scope
    needed += 99
    needed //= 100
    needed += lines.fixed
    return needed


def count(lines: Lines, columns: Columns, held_now: NDArray[np.int64], *, day: int) -> Counts:
    """The counts of every line; `held_now`: which rows of `columns.held` count on the day."""
    held, within_90, within_60, within_30 = _by_band(lines, columns, held_now, day)
    return Counts(*_scope(lines, columns, day), held, within_30, within_60, within_90)


def needs(lines: Lines, columns: Columns, held_lines: NDArray[Any], *, day: int) -> Needs:
    """The same without what is running out; `held_lines`: of each row that counts on the day, its line."""
    held = np.bincount(held_lines, minlength=len(lines))
    return Needs(*_scope(lines, columns, day), held)


def _scope(lines: Lines, columns: Columns, day: int) -> tuple[Flags, Numbers, Numbers, Numbers]:
    """Shown, in scope, exempt and required, of every line."""
    team_sizes = np.bincount(columns.teams.team[columns.teams.on(day)], minlength=lines.teams)
    exempt = np.bincount(columns.exempt.line[columns.exempt.on(day)], minlength=len(lines))
    return asked_of(lines, team_sizes[lines.team], exempt, day)


def asked_of(
    lines: Lines, in_scope: Numbers, exempt: Numbers, day: int
) -> tuple[Flags, Numbers, Numbers, Numbers]:
    """The same, where so many are in scope and exempt."""
    shown = (lines.starts_on <= day) & (lines.ends_on >= day) & (lines.named | (in_scope > 0))
    return shown, in_scope, exempt, required(lines, in_scope) - lines.each * exempt


def _by_band(
    lines: Lines, columns: Columns, held_now: NDArray[np.int64], day: int
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """By line: held at all, and held with an end within 90, 60 and 30 days; all of it in one count."""
    valid_to = columns.held.valid_to[held_now]
    band = np.zeros(len(held_now), dtype=np.uint8)
    for days in BANDS:
        band += valid_to <= day + days
    key = (columns.held.line[held_now] << 2) + band
    later, soon, sooner, soonest = np.bincount(key, minlength=4 * len(lines)).reshape(-1, 4).T
    within_60 = sooner + soonest
    within_90 = soon + within_60
    return later + within_90, within_90, within_60, soonest


def single_points(lines: Lines, found: Needs) -> Flags:
    """V7, for every line: met, and it would not be met without one of the people who hold it."""
    without_one = required(lines, found.in_scope - 1) - lines.each * found.exempt
    met = (found.held > 0) & (found.held >= found.required)
    alone: Flags = met & (found.held - 1 < without_one)
    return alone
