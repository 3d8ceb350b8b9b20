"""The lines of cover over many days: the trend, the forecast, and the first day below cover.

Each row of the image adds one on its first of those days and takes it away after its last: two additions a
row and a running sum, whatever the number of days.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.engine.columns import Flags
from skillsmatrix.engine.counting import required
from skillsmatrix.engine.days import OPEN, Days, day_number
from skillsmatrix.engine.image import Image

Row = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class LinesOn:
    """One day: a number for each line of cover. Nothing is required where a line is not `shown`."""

    on: date
    shown: Flags
    required: Row
    held: Row
    shortfall: Row


def lines_by_day(image: Image, days: Sequence[date], *, today: date | None = None) -> Iterator[LinesOn]:
    """The lines on each of the days, in order; after `today` supervision is assumed to go on (V8)."""
    if not days:
        return
    lines, columns = image.catalogue.lines, image.columns
    sheet = _Sheet([day_number(on) for on in days])
    in_teams = sheet.table(lines.teams)
    sheet.lay(in_teams, columns.teams.starts_on, columns.teams.ends_on, columns.teams.team)
    holding = sheet.table(len(lines))
    sheet.lay(holding, columns.held.starts_on, columns.held.ends_on, columns.held.line)
    sheet.lay(holding, *_lapses_of_held(image, today), sign=-1)
    counted = columns.exempt.kept(lines.each[columns.exempt.line])
    touched, column = np.unique(counted.line, return_inverse=True)  # few lines have anybody exempt
    excused = sheet.table(len(touched))
    sheet.lay(excused, counted.starts_on, counted.ends_on, column)
    always = _always_shown(image, sheet.numbers)
    team, held, exempt = in_teams[0], holding[0], excused[0]
    for at, on in enumerate(days):
        if at > 0:
            team, held, exempt = team + in_teams[at], held + holding[at], exempt + excused[at]
        in_scope = team[lines.team]
        needed = required(lines, in_scope)
        needed[touched] -= exempt
        shown = always
        if shown is None:
            number = sheet.numbers[at]
            shown = (lines.starts_on <= number) & (lines.ends_on >= number)
            shown &= lines.named | (in_scope > 0)
            needed *= shown
        shortfall = needed - held
        np.maximum(shortfall, 0, out=shortfall)
        yield LinesOn(on, shown, needed, held, shortfall)


def _always_shown(image: Image, numbers: Sequence[int]) -> Flags | None:
    """Every line, where all of them name their service and are in force on all of the days; else None."""
    lines = image.catalogue.lines
    inside = (lines.starts_on <= numbers[0]) & (lines.ends_on >= numbers[-1]) & lines.named
    return inside if inside.all() else None


class _Sheet:
    """Some days in order, and for each day there is, how many of them come before it, or not after it.

    Such a look-up is faster than a search for each row.
    """

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        marks = np.zeros(OPEN + 2, dtype=np.int16)
        np.add.at(marks, np.array(numbers, dtype=np.int64) + 1, 1)
        self.before = np.cumsum(marks, dtype=np.int16)
        self.up_to = self.before[1:]

    def table(self, width: int) -> Row:
        """One row a day and one more, for what ends after the last."""
        return np.zeros((len(self.numbers) + 1, width), dtype=np.int32)

    def lay(self, table: Row, starts_on: Days, ends_on: Days, column: NDArray[Any], *, sign: int = 1) -> None:
        """Add one on the first day of each row and take it away after its last."""
        first, after = self.before[starts_on], self.up_to[ends_on]
        seen = np.flatnonzero(first < after)
        flat, at, width = table.reshape(-1), column[seen].astype(np.int64), np.int64(table.shape[1])
        np.add.at(flat, first[seen] * width + at, np.int32(sign))
        np.subtract.at(flat, after[seen] * width + at, np.int32(sign))


def _lapses_of_held(image: Image, today: date | None) -> tuple[Days, Days, NDArray[np.int32]]:
    """The days on which lapsed supervision takes a holder off a line."""
    lapses = image.held_lapses if today is None else image.held_lapses.as_on(day_number(today))
    rows = image.columns.held
    starts_on = np.maximum(rows.starts_on[lapses.row], lapses.starts_on)
    ends_on = np.minimum(rows.ends_on[lapses.row], lapses.ends_on)
    return starts_on, ends_on, rows.line[lapses.row]


@dataclass(frozen=True, slots=True)
class TrendDay:
    """Totals of one day over all lines shown. `held` counts no more than a line requires.

    `unsafe`: hard stops not met. `services_short`: services with a line that is short.
    """

    on: date
    lines: int
    met: int
    unsafe: int
    required: int
    held: int
    shortfall: int
    services_short: int


def trend(
    image: Image, days: Sequence[date], *, today: date | None = None, services: Sequence[str] | None = None
) -> list[TrendDay]:
    """Totals on each of the days, in order; `services` keeps to the lines of those."""
    lines = image.catalogue.lines
    wanted = None if services is None else _at(image, services)
    hard_stops = np.flatnonzero(lines.hard_stop)
    first_of_service = np.flatnonzero(np.diff(lines.service, prepend=-1))
    found = []
    for each in lines_by_day(image, days, today=today):
        shown = each.shown if wanted is None else each.shown & wanted
        short = each.shortfall if wanted is None else each.shortfall * wanted
        by_service = np.maximum.reduceat(short, first_of_service) if len(short) else short
        needed = each.required if wanted is None else each.required * wanted
        total, missing = int(needed.sum()), int(short.sum())
        count = int(np.count_nonzero(shown))
        found.append(
            TrendDay(
                on=each.on,
                lines=count,
                met=count - int(np.count_nonzero(short)),
                unsafe=int(np.count_nonzero(short[hard_stops])),
                required=total,
                held=total - missing,
                shortfall=missing,
                services_short=int(np.count_nonzero(by_service)),
            )
        )
    return found


def _at(image: Image, services: Sequence[str]) -> Flags:
    """Which lines are of one of the services."""
    numbers = [image.catalogue.service_codes.index(code) for code in services]
    return np.isin(image.catalogue.lines.service, numbers)


@dataclass(frozen=True, slots=True)
class BelowCover:
    """A service, the first of the days on which one of its lines is short, and the first such line."""

    service: str
    on: date
    line: int


def first_below_cover(
    image: Image, days: Sequence[date], *, today: date | None = None, hard_stops_only: bool = False
) -> list[BelowCover]:
    """Services in the order in which they first fall below cover on one of the days; ties by code.

    Services that never do are left out.
    """
    lines = image.catalogue.lines
    found: dict[int, BelowCover] = {}
    for each in lines_by_day(image, days, today=today):
        short = each.shortfall > 0
        if hard_stops_only:
            short &= lines.hard_stop
        lacking = np.flatnonzero(short)
        first = lacking[np.diff(lines.service[lacking], prepend=-1) > 0]
        for line in first.tolist():
            service = int(lines.service[line])
            if service not in found:
                found[service] = BelowCover(image.catalogue.service_codes[service], each.on, line)
    return sorted(found.values(), key=lambda each: (each.on, each.service))
