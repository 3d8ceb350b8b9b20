"""Stretches of days in each of which a rule says the same, found by asking the rule on few days."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import TypeVar

from skillsmatrix.domain.calendar import ONE_DAY

S = TypeVar("S")
T = TypeVar("T")
Steps = list[tuple[date, S]]  # each state holds from its day until the next; the first day is `date.min`
Stretch = tuple[date, date | None, S]  # first day, last day (None: open), state


def steps(days: Iterable[date], state_on: Callable[[date], S]) -> Steps[S]:
    """The state on each of the days and before them, given that it changes on no other."""
    found: Steps[S] = []
    for day in sorted({date.min, *days}):
        state = state_on(day)
        if not found or found[-1][1] != state:
            found.append((day, state))
    return found


def seen_as(found: Steps[S], look: Callable[[S], T]) -> Steps[T]:
    """What `look` makes of each state, where it is not the same as before."""
    seen: Steps[T] = []
    for day, state in found:
        what = look(state)
        if not seen or seen[-1][1] != what:
            seen.append((day, what))
    return seen


def stretches(found: Steps[S]) -> Iterator[Stretch[S]]:
    """First day, last day (None: open) and state of each step."""
    for (starts_on, state), (following, _) in pairwise(found):
        yield starts_on, following - ONE_DAY, state
    yield found[-1][0], None, found[-1][1]


def within(starts_on: date, ends_on: date | None, found: Iterable[Stretch[S]]) -> Iterator[Stretch[S]]:
    """The part of some stretches, in order of day, that lies between two days, both included."""
    for begins, ends, state in found:
        if ends_on is not None and begins > ends_on:
            return
        if ends is None or ends >= starts_on:
            last = ends_on if ends is None or (ends_on is not None and ends_on < ends) else ends
            yield (begins if begins > starts_on else starts_on), last, state


def edges(starts_on: date | None, ends_on: date | None) -> set[date]:
    """The first day of a period and the first day after it, so far as they are stated."""
    days = set() if starts_on is None else {starts_on}
    if ends_on is not None and ends_on != date.max:
        days.add(ends_on + ONE_DAY)
    return days
