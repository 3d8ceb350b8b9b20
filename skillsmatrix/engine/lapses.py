"""Lapsed supervision laid over other rows of the same person and competency (contract S3)."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.engine.columns import Flags, Lapsed
from skillsmatrix.engine.days import OPEN, Days
from skillsmatrix.engine.splice import Splice


@dataclass(frozen=True, slots=True)
class Lapses:
    """Each lapse with each row that it can suspend; the row's own days are not looked at. In order of row."""

    row: NDArray[np.int64]
    starts_on: Days
    ends_on: Days

    @classmethod
    def of(cls, lapsed: Lapsed, person: NDArray[Any], competency: NDArray[Any]) -> Self:
        """The lapses of rows that belong to these people and competencies."""
        base = int(max(competency.max(initial=0), lapsed.competency.max(initial=0))) + 1
        keys = lapsed.person.astype(np.int64) * base + lapsed.competency
        in_order = np.argsort(keys, kind="stable")
        keys = keys[in_order]
        supervised = np.zeros(base, dtype=np.bool_)
        supervised[lapsed.competency] = True
        candidates = np.flatnonzero(supervised[competency])
        wanted = person[candidates].astype(np.int64) * base + competency[candidates]
        first = np.searchsorted(keys, wanted, side="left")
        found = np.searchsorted(keys, wanted, side="right") - first
        within = np.arange(found.sum()) - np.repeat(np.cumsum(found) - found, found)
        which = in_order[np.repeat(first, found) + within]
        return cls(np.repeat(candidates, found), lapsed.starts_on[which], lapsed.ends_on[which])

    def with_replaced(self, splice: Splice, fresh: Self) -> Self:
        """The same when rows are laid end to end so, and `fresh` is about the fresh ones."""
        pieces = []
        length = 0
        for new, first, after in splice.pieces:
            its = fresh if new else self
            here = slice(*its.row.searchsorted(np.array((first, after))))
            pieces.append((its.row[here] + (length - first), its.starts_on[here], its.ends_on[here]))
            length += after - first
        return type(self)(*map(np.concatenate, zip(*pieces, strict=True)))

    def as_on(self, day: int) -> Self:
        """As they are on the day, for ever after: what has lapsed stays so, what has not never does (V8)."""
        known = self.starts_on <= day
        open_now = self.ends_on[known] >= day
        ends_on = np.where(open_now, np.uint16(OPEN), self.ends_on[known])
        return replace(self, row=self.row[known], starts_on=self.starts_on[known], ends_on=ends_on)

    def rows_on(self, day: int) -> NDArray[np.int64]:
        """The rows over which supervision has lapsed on the day."""
        return self.row[np.flatnonzero((self.starts_on <= day) & (self.ends_on >= day))]

    def flags_on(self, day: int, rows: int) -> Flags:
        """The same as a flag for each of so many rows."""
        flags = np.zeros(rows, dtype=np.bool_)
        flags[self.rows_on(day)] = True
        return flags
