"""Two images side by side: what the lines of cover say in each, and on which day each first falls short."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.domain.effect import CoverChange
from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.engine.catalogue import Catalogue
from skillsmatrix.engine.counting import Counts, single_points
from skillsmatrix.engine.days import day_number
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.over_days import lines_by_day

Places = NDArray[np.int64]
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class ServiceCover:
    """The cover of one service on a day. `hard_stops`: not met; `short`: lines not met, those included;
    `missing`: people, summed over the lines."""

    lines: int
    hard_stops: int
    short: int
    missing: int


@dataclass(frozen=True, slots=True)
class FirstShort:
    """A line of cover, and the first of some days on which it is short in each image; None: on none."""

    service: str
    requirement: Requirement
    before: date | None
    after: date | None


class SideBySide:
    """Two images, their lines put side by side by requirement and service.

    `renamed`: code of a row of the second image → code of the row of the first that it goes on for.
    `days`: those that are searched for the first on which a line is short; after `today` supervision is
    taken to go on (V8). `like`: another comparison with the same first image and days, to save the search.
    """

    def __init__(
        self,
        before: Image,
        after: Image,
        *,
        renamed: Mapping[str, str],
        days: Sequence[date],
        today: date,
        like: "SideBySide | None" = None,
    ) -> None:
        self.before = before
        self.after = after
        self.days = days
        self._today = today
        self._pair = _pairs(before.catalogue, after.catalogue, renamed)
        known = like is not None and like.before is before and like.days == days
        self._first_before: Places = like._first_before if known and like else _first(before, days, today)
        self._first_after = self._first_before if after is before else _first(after, days, today)

    def changed(
        self, *, on: date, supervision_on: date | None, services: Collection[str] | None
    ) -> list[CoverChange]:
        """The lines that read differently on the day, what becomes unsafe first; `services` None is all."""
        old, new = _Day(self.before, on, supervision_on), _Day(self.after, on, supervision_on)
        shown = np.flatnonzero(new.shown_at(services))
        pair = self._pair[shown]
        was = old.shown_at(services)
        same = pair >= 0
        same[same] = was[pair[same]]
        same[same] = (old.figures[:, pair[same]] == new.figures[:, shown[same]]).all(axis=0)
        gone = was.copy()
        gone[pair[pair >= 0]] = False
        found = [
            _change(new.line(line), old.line(place) if place >= 0 and was[place] else None)
            for line, place in zip(shown[~same].tolist(), pair[~same].tolist(), strict=True)
        ]
        found += [_ended(old.line(line)) for line in np.flatnonzero(gone).tolist()]
        return sorted(found, key=_weight)

    def first_short(self, services: Collection[str] | None) -> list[FirstShort]:
        """The lines that first fall short on another of the days than before, soonest first."""
        old, new, never = self._first_before, self._first_after, len(self.days)
        paired = self._pair >= 0
        then = np.full(len(old), never, dtype=np.int64)
        np.minimum.at(then, self._pair[paired], new[paired])
        moved = np.flatnonzero((then != old) & _at(self.before.catalogue, services))
        added = np.flatnonzero(~paired & (new < never) & _at(self.after.catalogue, services))
        found = [self._first_short(self.before, line, old[line], then[line]) for line in moved.tolist()]
        found += [self._first_short(self.after, line, never, new[line]) for line in added.tolist()]
        return sorted(found, key=_soonest)

    def first_differing(self, services: Collection[str] | None) -> date | None:
        """The first of the days on which what is asked or held differs in a line; None: on none."""
        here, there = (_at(image.catalogue, services) for image in (self.before, self.after))
        olds = lines_by_day(self.before, self.days, today=self._today)
        news = lines_by_day(self.after, self.days, today=self._today)
        for old, new in zip(olds, news, strict=True):
            shown = np.flatnonzero(new.shown & there)
            pair = self._pair[shown]
            gone = old.shown & here
            if (pair < 0).any() or not gone[pair].all():
                return old.on
            same = (old.required[pair] == new.required[shown]) & (old.held[pair] == new.held[shown])
            gone[pair] = False
            if gone.any() or not same.all():
                return old.on
        return None

    def first_below(self) -> tuple[dict[str, date | None], dict[str, date | None]]:
        """Service → the first of the days on which a line of it is short, before and after; None: on none."""
        return self._by_service(self.before, self._first_before), self._by_service(
            self.after, self._first_after
        )

    def _by_service(self, image: Image, first: Places) -> dict[str, date | None]:
        codes = image.catalogue.service_codes
        soonest = np.full(len(codes), len(self.days), dtype=np.int64)
        np.minimum.at(soonest, image.catalogue.lines.service, first)
        return {code: self._day(number) for code, number in zip(codes, soonest.tolist(), strict=True)}

    def _first_short(self, image: Image, line: int, before: int, after: int) -> FirstShort:
        lines = image.catalogue.lines
        return FirstShort(
            image.catalogue.service_codes[lines.service[line]],
            image.catalogue.requirements.rows[lines.row[line]],
            self._day(before),
            self._day(after),
        )

    def _day(self, number: int) -> date | None:
        return self.days[number] if number < len(self.days) else None


def cover_by_service(image: Image, *, on: date, supervision_on: date | None) -> dict[str, ServiceCover]:
    """Service → its cover on the day; those without a line are absent."""
    day, lines = _Day(image, on, supervision_on), image.catalogue.lines
    shown = day.counts.shown
    shortfall = day.counts.shortfall
    columns = (shown, lines.hard_stop & (shortfall > 0), shortfall > 0, shortfall)
    table = [np.bincount(lines.service, each, len(image.catalogue.service_codes)) for each in columns]
    rows = zip(image.catalogue.service_codes, *(each.astype(int).tolist() for each in table), strict=True)
    return {code: ServiceCover(*figures) for code, *figures in rows if figures[0]}


def team_sizes(image: Image, *, on: date) -> dict[str, int]:
    """Service → how many people have a post there on the day."""
    posts = image.columns.posts
    here = posts.on(day_number(on))
    pairs = np.unique(np.stack([posts.service[here], posts.person[here]]), axis=1)
    sizes = np.bincount(pairs[0], minlength=len(image.catalogue.service_codes))
    return dict(zip(image.catalogue.service_codes, sizes.tolist(), strict=True))


class _Day:
    """The lines of an image on a day."""

    def __init__(self, image: Image, on: date, supervision_on: date | None) -> None:
        self.catalogue = image.catalogue
        self.counts: Counts = image.counts(on=on, supervision_on=supervision_on)
        self.alone = single_points(image.catalogue.lines, self.counts)
        self.figures = np.stack([self.counts.in_scope, self.counts.required, self.counts.held, self.alone])

    def shown_at(self, services: Collection[str] | None) -> NDArray[np.bool_]:
        """Which lines are shown, at some services."""
        return self.counts.shown & _at(self.catalogue, services)

    def line(self, line: int) -> CoverLine:
        """One line as the rules have it."""
        lines, counts = self.catalogue.lines, self.counts
        return CoverLine(
            service=self.catalogue.service_codes[lines.service[line]],
            requirement=self.catalogue.requirements.rows[lines.row[line]],
            in_scope=int(counts.in_scope[line]),
            required=int(counts.required[line]),
            held=int(counts.held[line]),
            expiring_30=int(counts.expiring_30[line]),
            expiring_60=int(counts.expiring_60[line]),
            expiring_90=int(counts.expiring_90[line]),
            single_point_of_failure=bool(self.alone[line]),
        )


def _pairs(before: Catalogue, after: Catalogue, renamed: Mapping[str, str]) -> Places:
    """For each line of the second catalogue the line of the first; NOWHERE where it has none."""
    lines = after.lines
    if before is after:
        return np.arange(len(lines), dtype=np.int64)
    rows = {row.code: number for number, row in enumerate(before.requirements.rows)}
    places = {code: number for number, code in enumerate(before.service_codes)}
    codes = [row.code for row in after.requirements.rows]
    row = np.array([rows.get(renamed.get(code, code), NOWHERE) for code in codes], dtype=np.int64)[lines.row]
    at = np.array([places.get(code, NOWHERE) for code in after.service_codes], dtype=np.int64)[lines.service]
    old = before.lines
    if not len(old):
        return np.full(len(lines), NOWHERE, dtype=np.int64)
    wanted = row * old.services + at
    place = np.minimum(np.searchsorted(old.keys, wanted), len(old.keys) - 1)
    there = (row >= 0) & (at >= 0) & (old.keys[place] == wanted)
    return np.where(there, old.order[place], NOWHERE)


def _at(catalogue: Catalogue, services: Collection[str] | None) -> NDArray[np.bool_]:
    if services is None:
        return np.ones(len(catalogue.lines), dtype=np.bool_)
    wanted = np.array([code in services for code in catalogue.service_codes], dtype=np.bool_)
    return wanted[catalogue.lines.service]


def _first(image: Image, days: Sequence[date], today: date) -> Places:
    """By line: the number of the first day on which it is short; as many as there are days: on none."""
    first = np.full(len(image.catalogue.lines), len(days), dtype=np.int64)
    for number, each in enumerate(lines_by_day(image, days, today=today)):
        np.minimum(first, np.where(each.shortfall > 0, number, len(days)), out=first)
    return first


def _change(after: CoverLine, before: CoverLine | None) -> CoverChange:
    return CoverChange(after.service, after.requirement, before, after)


def _ended(before: CoverLine) -> CoverChange:
    return CoverChange(before.service, before.requirement, before, None)


def _weight(change: CoverChange) -> tuple[bool, bool, bool, str, str]:
    return (
        not change.becomes_unsafe,
        not change.falls,
        not change.mended,
        change.service,
        change.requirement.code,
    )


def _soonest(each: FirstShort) -> tuple[date, date, str, str]:
    return each.after or date.max, each.before or date.max, each.service, each.requirement.code
