"""Days and months. Every date is a Europe/London day; every end is inclusive (contract C1 to C4)."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)
EXPIRING_DAYS = 90  # contract C4


@lru_cache(maxsize=1 << 16)  # a few lengths from the days of some years: asked for over and over
def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later, or the last day of a shorter month (contract C3).

    29 February 2024 and 12 months: 28 February 2025. 31 August 2025 and 6 months: 28 February 2026.
    A day past the year 9999 is the last day of the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included; `ends_on` None is open."""

    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def covers(day: date, starts_on: date | None, ends_on: date | None) -> bool:
    """Is `day` within the period, both ends included; None is open at that end."""
    return (starts_on is None or starts_on <= day) and (ends_on is None or day <= ends_on)


def covered(day: date, periods: Iterable[Period]) -> bool:
    """Does any of the periods cover the day."""
    for period in periods:  # noqa: SIM110 - half the time of any() where there is none, as there mostly is
        if period.covers(day):
            return True
    return False


def cut(starts_on: date, ends_on: date | None, days: Iterable[date]) -> Iterator[tuple[date, date | None]]:
    """The time between two days, both included, in parts, so that each of `days` within it begins one.

    January, cut on the 10th and on 20 February: 1 to 9 January, 10 to 31 January.
    """
    within = {day for day in days if starts_on < day and (ends_on is None or day <= ends_on)}
    first_days = [starts_on, *sorted(within)]
    last_days = [*[day - ONE_DAY for day in first_days[1:]], ends_on]
    return zip(first_days, last_days, strict=True)


def merged(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The same days as fewest periods, in order: those that overlap or touch become one."""
    in_order = list(periods)
    if len(in_order) < 2:
        return tuple(in_order)
    in_order.sort(key=lambda period: period.starts_on)
    runs: list[Period] = []
    for period in in_order:
        last = runs[-1] if runs else None
        if last is not None and (last.ends_on is None or period.starts_on <= last.ends_on + ONE_DAY):
            if last.ends_on is not None:
                runs[-1] = Period(last.starts_on, later_end(last.ends_on, period.ends_on))
        else:
            runs.append(period)
    return tuple(runs)


def shared(first: Iterable[Period], second: Iterable[Period]) -> tuple[Period, ...]:
    """The days that lie in both; each argument sorted and without overlaps, and so is the result."""
    left, right = list(first), list(second)
    both: list[Period] = []
    i = j = 0
    while i < len(left) and j < len(right):
        starts_on = max(left[i].starts_on, right[j].starts_on)
        ends_on = earlier_end(left[i].ends_on, right[j].ends_on)
        if ends_on is None or starts_on <= ends_on:
            both.append(Period(starts_on, ends_on))
        if ends_on == left[i].ends_on:
            i += 1
        else:
            j += 1
    return tuple(both)


def later_end(first: date | None, second: date | None) -> date | None:
    """The later of two inclusive ends; None is open."""
    return None if first is None or second is None else max(first, second)


def earlier_end(first: date | None, second: date | None) -> date | None:
    """The earlier of two inclusive ends; None is open."""
    if first is None or second is None:
        return second if first is None else first
    return min(first, second)
