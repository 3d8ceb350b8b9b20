"""Cover over time: two years back, a year ahead, and the first day on which a service falls below it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import ONE_DAY, add_months
from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.engine.days import day_number
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.over_days import BelowCover, TrendDay, first_below_cover, lines_by_day, trend
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.state import kept

MONTHS_BACK, MONTHS_AHEAD = 24, 12
LAPSES_AHEAD_DAYS = 90


@dataclass(frozen=True, slots=True)
class Fall:
    """The first day on which a line of a service is short. `lost`: who counts for it for the last time the
    day before, by staff code; empty on the first day of all."""

    on: date
    requirement: Requirement
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceAhead:
    """A service that falls below its cover; `hard_stop`: when it first misses a hard stop (None: never)."""

    service: str
    first: Fall
    hard_stop: Fall | None


def months_around(on: date) -> list[date]:
    """The same day of each month, two years back and one ahead."""
    return [add_months(on, months) for months in range(-MONTHS_BACK, MONTHS_AHEAD + 1)]


def cover_over_time(
    session: Session, services: Collection[str] | None, *, on: date, today: date
) -> list[TrendDay]:
    """Totals over the lines of some services (None: all there are) on each of `months_around` the day.

    As recorded now. Past `today`, supervision is taken to go on (contract V8).
    """
    wanted = None if services is None else tuple(sorted(services))

    def answer() -> list[TrendDay]:
        return trend(current(session), months_around(on), today=today, services=wanted)

    return kept(session, ("cover over time", wanted, on, today), answer)


def people_at(session: Session, services: Iterable[str], *, on: date) -> int:
    """How many different people hold a post at one of the services on the day."""
    image = current(session)
    present = np.zeros(len(image.people), dtype=np.bool_)
    for service in services:
        if service in image.catalogue.requirements.services:
            present |= image.in_post(on, service)
    return int(present.sum())


def people_by_service(session: Session, *, on: date) -> Mapping[str, int]:
    """Service code → how many different people hold a post there on the day; none where nobody does."""
    return kept(session, ("people by service", on), lambda: _people_by_service(current(session), on))


def _people_by_service(image: Image, on: date) -> Mapping[str, int]:
    posts, codes = image.columns.posts, image.catalogue.service_codes
    present = posts.on(day_number(on))
    held = np.unique(np.stack((posts.service[present], posts.person[present])), axis=1)
    counts = np.bincount(held[0], minlength=len(codes))
    return {code: number for code, number in zip(codes, counts.tolist(), strict=True) if number}


def falls_ahead(session: Session, *, today: date, days: int = 365) -> Sequence[ServiceAhead]:
    """Services in the order of the first day, today or within so many days, on which a line is short.

    By what is recorded now: ends, leavers and starts that are planned, nothing renewed, supervision going on.
    """
    return kept(session, ("falls ahead", today, days), lambda: _falls(current(session), today, days))


def _falls(image: Image, today: date, days: int) -> list[ServiceAhead]:
    ahead = [today + timedelta(days=number) for number in range(days + 1)]
    unsafe = {
        each.service: _fall(image, each, today)
        for each in first_below_cover(image, ahead, today=today, hard_stops_only=True)
    }
    return [
        ServiceAhead(each.service, _fall(image, each, today), unsafe.get(each.service))
        for each in first_below_cover(image, ahead, today=today)
    ]


def _fall(image: Image, below: BelowCover, today: date) -> Fall:
    lines = image.catalogue.lines
    row = image.catalogue.requirements.rows[lines.row[below.line]]
    lost = () if below.on == today else _last_counted(image, below.line, below.on - ONE_DAY)
    return Fall(below.on, row, lost)


def lapses_ahead(session: Session, *, today: date) -> Mapping[str, date]:
    """Service code → the last day before it first misses a hard stop for want of another supervision session:
    one that it would still meet on that day if sessions went on."""
    return kept(session, ("lapses ahead", today), lambda: _lapses(current(session), today))


def _lapses(image: Image, today: date) -> dict[str, date]:
    lines, codes = image.catalogue.lines, image.catalogue.service_codes
    days = [today + timedelta(days=ahead) for ahead in range(LAPSES_AHEAD_DAYS + 1)]
    found: dict[str, date] = {}
    without, with_sessions = lines_by_day(image, days), lines_by_day(image, days, today=today)
    for lapsing, going_on in zip(without, with_sessions, strict=True):
        broken = lines.hard_stop & (lapsing.shortfall > 0) & (going_on.shortfall == 0)
        for service in np.unique(lines.service[broken]).tolist():
            found.setdefault(codes[service], lapsing.on - ONE_DAY)
    return found


def _last_counted(image: Image, line: int, day: date) -> tuple[str, ...]:
    """Who counts for the line on the day, by evidence and posts, and no longer on the day after."""
    held = image.columns.held
    ends = held.person[(held.line == line) & (held.ends_on == day_number(day))]
    goes_on = set(held.person[(held.line == line) & (held.starts_on == day_number(day) + 1)].tolist())
    return tuple(sorted(image.people.codes[person] for person in set(ends.tolist()) - goes_on))


def by_service(falls: Iterable[ServiceAhead]) -> Mapping[str, ServiceAhead]:
    """Service code → when it falls."""
    return {each.service: each for each in falls}
