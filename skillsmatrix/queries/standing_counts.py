"""How many things each of some people must put right, and how many run out soon."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import EXPIRING_DAYS
from skillsmatrix.domain.standing import Standing
from skillsmatrix.engine.packing import ALL_POSTS, STANDINGS
from skillsmatrix.queries.ahead import supervised_on
from skillsmatrix.queries.conclusions import current

_VALID = STANDINGS.index(Standing.VALID)
_EXEMPT = STANDINGS.index(Standing.EXEMPT)


@dataclass(frozen=True, slots=True)
class StandingCounts:
    """Of what is asked of one person: how much there is, is not held, and runs out within 90 days."""

    asked: int
    not_held: int
    expiring: int


def standing_counts(
    session: Session, people: Collection[str], *, on: date, today: date
) -> dict[str, StandingCounts]:
    """Person code → counts, for those of `people` of whom something is asked on the day."""
    image = current(session)
    numbers = [image.numbers[code] for code in people if code in image.numbers]
    asked = image.columns.required
    rows, standing = image.required_on(on, supervision_on=supervised_on(on=on, today=today))
    counted = ((asked.state[rows] & ALL_POSTS) > 0) & np.isin(asked.person[rows], numbers)
    rows, standing = rows[counted], standing[counted]
    valid = standing == _VALID
    expiring = valid & (asked.valid_to[rows] <= on.toordinal() + EXPIRING_DAYS)
    not_held = ~valid & (standing != _EXEMPT)
    size = len(image.people)
    person = asked.person[rows]
    totals = [np.bincount(person[which], minlength=size) for which in (slice(None), not_held, expiring)]
    return {
        image.people.codes[number]: StandingCounts(*(int(total[number]) for total in totals))
        for number in numbers
        if totals[0][number]
    }
