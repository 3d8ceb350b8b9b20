"""Who counted for a line of cover until lately and does not today, for every service at once.

Read from the image; the page of one service says more (queries/team.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.engine.columns import Flags
from skillsmatrix.engine.days import day_number
from skillsmatrix.engine.image import Image

LOOK_BACK_DAYS = 90

LineKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LatelyLost:
    """One person who counted until `last_day`. `left`: they have no post at the service any more."""

    person: str
    last_day: date
    left: bool


def lately_lost(
    image: Image, lines: Iterable[CoverLine], *, on: date, supervision_on: date | None = None
) -> Mapping[LineKey, tuple[LatelyLost, ...]]:
    """(service, requirement) → who stopped counting within the last 90 days, latest first.

    Lines that lost nobody are absent.
    """
    wanted = _numbers(image, lines)
    if not wanted:
        return {}
    day = day_number(on)
    held = image.columns.held
    of_interest = np.isin(held.line, list(wanted))
    last = held.ends_on.astype(np.int64)
    lapses = image.held_lapses
    lapse_day = day_number(supervision_on or on)
    open_now = (lapses.starts_on <= lapse_day) & (lapses.ends_on >= lapse_day)
    np.minimum.at(last, lapses.row[open_now], lapses.starts_on[open_now].astype(np.int64) - 1)
    now = _settled(image, image.held_on(on, supervision_on=supervision_on), of_interest, day)
    rows = np.flatnonzero(
        of_interest & (last < day) & (last >= day - LOOK_BACK_DAYS) & (held.starts_on <= last)
    )
    latest: dict[tuple[int, int], int] = {}
    for row in rows:
        key = (int(held.line[row]), int(held.person[row]))
        if key not in now:
            latest[key] = max(latest.get(key, 0), int(last[row]))
    in_order = sorted((line, -end, person) for (line, person), end in latest.items())
    return {
        wanted[line]: tuple(
            _lost(image, wanted[line][0], person, on - timedelta(days=day + minus_end), on)
            for _line, minus_end, person in group
        )
        for line, group in groupby(in_order, key=lambda each: each[0])
    }


def _settled(image: Image, held_now: NDArray[np.int64], of_interest: Flags, day: int) -> set[tuple[int, int]]:
    """(line, person) of those who count on the day, and of those who are exempt."""
    held, exempt = image.columns.held, image.columns.exempt
    rows = held_now[of_interest[held_now]]
    excused = exempt.on(day)
    return {
        *zip(held.line[rows].tolist(), held.person[rows].tolist(), strict=True),
        *zip(exempt.line[excused].tolist(), exempt.person[excused].tolist(), strict=True),
    }


def _lost(image: Image, service: str, person: int, last_day: date, on: date) -> LatelyLost:
    left = not bool(image.in_post(on, service)[person])
    return LatelyLost(image.people.codes[person], min(last_day, on - ONE_DAY), left)


def _numbers(image: Image, lines: Iterable[CoverLine]) -> dict[int, LineKey]:
    """Number of a line in the image → its service and requirement."""
    rows = {row.code: number for number, row in enumerate(image.catalogue.requirements.rows)}
    places = {code: number for number, code in enumerate(image.catalogue.service_codes)}
    keys = [(line.service, line.requirement.code) for line in lines]
    if not keys:
        return {}
    found = image.catalogue.lines.of(
        np.array([rows[requirement] for _, requirement in keys], dtype=np.int64),
        np.array([places[service] for service, _ in keys], dtype=np.int64),
    )
    return dict(zip(found.tolist(), keys, strict=True))
