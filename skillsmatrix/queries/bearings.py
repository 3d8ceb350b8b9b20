"""What a thing to do bears on: the lines of cover it would mend or break, and how long a stop has stood.

Read from the image, for everybody at once.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from skillsmatrix.domain.digest import NO_BEARING, Bearing, digest_days_before
from skillsmatrix.domain.standing import Standing
from skillsmatrix.engine.days import day_number
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.packing import ALL_POSTS, HARD_STOP, STANDINGS
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.state import kept

StopKey = tuple[str, str]

_NO_STOP = [STANDINGS.index(each) for each in (Standing.VALID, Standing.EXEMPT, Standing.IN_INDUCTION)]
_PLACES = 1 << 16  # competencies in one key with a person


class Bearings:
    """The cover of one day, asked about one person and one competency at a time."""

    def __init__(self, image: Image, *, on: date) -> None:
        self._image = image
        self._counts = image.counts(on=on)
        self._day = day_number(on)
        self._competencies = {code: at for at, code in enumerate(image.catalogue.competency_codes)}

    def of(self, person: str, competency: str, *, holds: bool) -> Bearing:
        """The worst of the lines the person is in scope of: who is missing now, or, where the person
        `holds` it, would be without them."""
        number, wanted = self._image.numbers.get(person), self._competencies.get(competency)
        if number is None or wanted is None:
            return NO_BEARING
        lines, teams = self._image.catalogue.lines, self._image.columns.teams
        theirs = teams.team[(teams.person == number) & teams.on(self._day)]
        touched = self._counts.shown & (lines.competency == wanted) & np.isin(lines.team, theirs)
        missing = np.maximum(self._counts.required - self._counts.held + int(holds), 0)[touched]
        if not len(missing):
            return NO_BEARING
        return Bearing(int((missing * lines.hard_stop[touched]).max()), int(missing.max()))


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
