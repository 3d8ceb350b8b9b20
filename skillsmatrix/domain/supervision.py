"""Supervision that keeps a competency usable, and the day on which it has lapsed (contract S3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from skillsmatrix.domain.calendar import ONE_DAY, Period, cut, merged
from skillsmatrix.domain.competency import Competency

# Kinds whose code is not what people call them.
_CALLED: Final = {"cbt": "CBT", "emdr": "EMDR", "sup_of_sup": "supervisors'"}


def kind_in_words(kind: str) -> str:
    """A kind of supervision as it is read before the word: case_management is "case management"."""
    return _CALLED.get(kind, kind.replace("_", " "))


@dataclass(frozen=True, slots=True)
class Session:
    """One person attending one session of supervision. `group_size` 1 is one-to-one."""

    held_on: date
    kind: str
    supervisor: str
    group_size: int = 1


def counts(session: Session, competency: Competency, *, supervisee: str) -> bool:
    """Is it of the kind asked for, in a group that is small enough, and not with oneself."""
    cap = competency.supervision_max_group
    return (
        session.kind == competency.supervision_kind
        and (cap is None or session.group_size <= cap)
        and session.supervisor != supervisee
    )


def clock_start(held_since: date, sessions: Iterable[date], *, on: date) -> date:
    """The later of the first day of the run now held and the last countable session by the day (S3)."""
    return max([day for day in sessions if held_since <= day <= on], default=held_since)


def lapses_on(start: date, lapse_days: int, absences: Iterable[Period]) -> date | None:
    """The first day on which supervision has lapsed, if no further session is held; None: never.

    Days after `start` are counted, leaving out those that an absence covers; exactly `lapse_days` of them
    is still in time. Started 1 January with 56 days: 26 February is in time, 27 February has lapsed.
    """
    return _day_after(start, lapse_days, merged(absences))


def _day_after(start: date, days: int, away: Iterable[Period]) -> date | None:
    """The first day after so many days that nobody is away on; `away` in order, without overlaps."""
    left = days + 1
    reached = start
    for absence in away:
        if absence.ends_on is not None and absence.ends_on <= reached:
            continue
        present = max((absence.starts_on - reached).days - 1, 0)
        if left <= present:
            break
        left -= present
        if absence.ends_on is None:
            return None
        reached = absence.ends_on
    try:
        return reached + timedelta(days=left)
    except OverflowError:
        return None


def lapses(
    run: Period, sessions: Iterable[date], lapse_days: int, absences: Iterable[Period]
) -> Iterator[Period]:
    """The days of an unbroken run on which supervision has lapsed: each session in it starts the clock."""
    away = merged(absences)
    for start, end in cut(run.starts_on, run.ends_on, sessions):
        lapse = _day_after(start, lapse_days, away)
        if lapse is not None and (end is None or lapse <= end):
            yield Period(lapse, end)


def next_due_on(start: date, every_days: int, absences: Iterable[Period]) -> date | None:
    """The last day on which the next session is in time: `every_days` counted days after the last one."""
    lapse = lapses_on(start, every_days, absences)
    return None if lapse is None else lapse - ONE_DAY
