"""Days as small numbers: the engine counts them from DAY_ZERO in 16 bits, kept rows as ordinals in 32.

16 bits halve what a matrix has to read. They reach from 1950 to 2128; a question about any other day is
refused, so a clipped end can never change an answer.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.uint16]

DAY_ZERO = date(1949, 12, 31).toordinal()
EARLIEST = date(1950, 1, 1)
LATEST = date(2128, 12, 31)
OPEN = 65_535  # no end; beyond LATEST and its windows
OPEN_ORDINAL = 2**31 - 1  # no end, in kept rows
NOT_STATED = 0


class DayOutOfReach(ValueError):
    """The engine does not answer for a day so far away; the facts do."""


def day_number(on: date) -> int:
    """The day as the engine counts it."""
    if not EARLIEST <= on <= LATEST:
        raise DayOutOfReach(f"{on} is outside {EARLIEST} to {LATEST}")
    return on.toordinal() - DAY_ZERO


def ordinal(day: date | None) -> int:
    """The day as kept rows hold it; None is open."""
    return OPEN_ORDINAL if day is None else day.toordinal()


def short(ordinals: NDArray[np.int32]) -> Days:
    """Kept days as the engine counts them, clipped to its reach."""
    clipped: Days = np.minimum(np.maximum(ordinals, DAY_ZERO) - DAY_ZERO, OPEN).astype(np.uint16)
    return clipped


def as_date(number: int) -> date | None:
    """The date of an ordinal; None where it is open."""
    return None if number == OPEN_ORDINAL else date.fromordinal(number)
