"""What a thing to do bears on: the lines of cover it would mend or break, and how long a stop has stood.

Read from the image, for everybody at once.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from skillsmatrix.domain.digest import Bearing, digest_days_before
from skillsmatrix.domain.standing import Standing
from skillsmatrix.engine.days import day_number
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.packing import ALL_POSTS, HARD_STOP, STANDINGS
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.state import kept

StopKey = tuple[str, str]

_NO_STOP = [STANDINGS.index(each) for each in (Standing.VALID, Standing.EXEMPT, Standing.IN_INDUCTION)]
_PLACES = 1 << 16  # competencies in one key with a person or a team
_NONE = -(1 << 30)  # no line of this kind, however many there are to spare


class Bearings:
    """The cover of one day, asked about one person and one competency at a time."""

    def __init__(self, image: Image, *, on: date) -> None:
        lines, teams = image.catalogue.lines, image.columns.teams
        counts = image.counts(on=on)
        self._people = image.numbers
        self._competencies = {code: at for at, code in enumerate(image.catalogue.competency_codes)}
        in_force = np.flatnonzero(teams.on(day_number(on)))
        by_person = in_force[np.argsort(teams.person[in_force], kind="stable")]
        self._person, self._team = teams.person[by_person], teams.team[by_person].astype(np.int64)
        shown = np.flatnonzero(counts.shown)
        keys = lines.team[shown] * _PLACES + lines.competency[shown]
        order = np.argsort(keys, kind="stable")
        self._keys, first = np.unique(keys[order], return_index=True)
        lacking = (counts.required - counts.held)[shown][order].astype(np.int64)
        stops = np.where(lines.hard_stop[shown][order], lacking, _NONE)
        self._lacking = np.maximum.reduceat(lacking, first) if len(first) else lacking
        self._stops = np.maximum.reduceat(stops, first) if len(first) else stops

    def of(self, person: str, competency: str, *, holds: bool) -> Bearing:
        """The worst of the lines the person is in scope of: who is missing now, or, where the person
        `holds` it, would be without them."""
        return self.of_all([(person, competency)], holds=holds)[0]

    def of_all(self, pairs: Sequence[StopKey], *, holds: bool) -> list[Bearing]:
        """The same for many pairs of person and competency, in their order."""
        person = np.array([self._people.get(code, -1) for code, _ in pairs], dtype=np.int64)
        competency = np.array([self._competencies.get(code, -1) for _, code in pairs], dtype=np.int64)
        stops = np.full(len(pairs), _NONE, dtype=np.int64)
        lacking = stops.copy()
        if len(pairs) and len(self._keys):
            first, after = (np.searchsorted(self._person, person + end) for end in (0, 1))
            teams = after - first
            pair = np.repeat(np.arange(len(pairs)), teams)
            row = np.arange(len(pair)) + np.repeat(first - (np.cumsum(teams) - teams), teams)
            wanted = self._team[row] * _PLACES + competency[pair]
            found = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
            there = self._keys[found] == wanted
            np.maximum.at(stops, pair[there], self._stops[found[there]])
            np.maximum.at(lacking, pair[there], self._lacking[found[there]])
        without = int(holds)
        both = zip((stops + without).tolist(), (lacking + without).tolist(), strict=True)
        return [Bearing(max(stop, 0), max(short, 0)) for stop, short in both]


def open_stops(session: Session, *, on: date) -> Mapping[StopKey, int]:
    """(person, competency) of every hard stop that is asked of a person and not met on the day → in how many
    digests before this week's it stood without a break, four at most.

    Whoever is away for long, exempt or still in induction is asked for nothing and not here.
    """
    return kept(session, ("open_stops", on), lambda: _open_stops(current(session), on))


def _open_stops(image: Image, on: date) -> dict[StopKey, int]:
    stand = _stops_on(image, on)
    told = np.zeros(len(stand), dtype=np.int64)
    unbroken = np.ones(len(stand), dtype=np.bool_)
    for monday in digest_days_before(on):
        unbroken &= np.isin(stand, _stops_on(image, monday))
        told += unbroken
    people, competencies = image.people.codes, image.catalogue.competency_codes
    return {
        (people[key // _PLACES], competencies[key % _PLACES]): number
        for key, number in zip(stand.tolist(), told.tolist(), strict=True)
    }


def _stops_on(image: Image, day: date) -> NDArray[np.int64]:
    """The hard stops not met on a day, person and competency in one number."""
    asked = image.columns.required
    rows, standing = image.required_on(day)
    state = asked.state[rows]
    stops = ((state & ALL_POSTS) > 0) & ((state & HARD_STOP) > 0) & ~np.isin(standing, _NO_STOP)
    chosen = rows[stops]
    return np.unique(asked.person[chosen].astype(np.int64) * _PLACES + asked.competency[chosen])
