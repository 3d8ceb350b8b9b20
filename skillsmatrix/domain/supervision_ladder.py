"""From "due soon" to "lapsed": where a person's supervision stands, and what it will stop and when.

The clock of a competency is contract S3 (`supervision.py`). This is the clock of an agreement beside it, the
steps between the two, why a session would count for nothing, and who is about to be without a supervisor.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from skillsmatrix.domain.calendar import ONE_DAY, Period, covers, earlier_end, merged
from skillsmatrix.domain.competency import Competency
from skillsmatrix.domain.supervision import Session, next_due_on

DUE_SOON_DAYS: Final = 14  # domain section 3, lapse ladder
FIRST_SESSION_DAYS: Final = 14  # domain section 3, counting rule 4: allowance before the first session


class Rung(StrEnum):
    """Where one kind of supervision stands, the worst first."""

    LAPSED = "lapsed"
    OVERDUE = "overdue"
    DUE = "due"
    DUE_SOON = "due_soon"
    IN_TIME = "in_time"
    NO_DAY = "no_day"


def rung(due_on: date | None, lapses_on: date | None, *, on: date) -> Rung:
    """The step of the ladder on the day.

    `due_on`: the last day in time; 13 October is due on the 13th and overdue on the 14th. `lapses_on`: the
    first day on which a competency stops. Without either there is no day to be late for.
    """
    if lapses_on is not None and lapses_on <= on:
        return Rung.LAPSED
    if due_on is None:
        return _before_it_lapses(lapses_on, on)
    if due_on < on:
        return Rung.OVERDUE
    if due_on == on:
        return Rung.DUE
    return Rung.DUE_SOON if due_on - timedelta(days=DUE_SOON_DAYS) <= on else Rung.IN_TIME


def _before_it_lapses(lapses_on: date | None, on: date) -> Rung:
    if lapses_on is None:
        return Rung.NO_DAY
    return rung(lapses_on - ONE_DAY, None, on=on)


def due_on(
    *, last_on: date | None, agreed_from: date | None, every_days: int | None, absences: Iterable[Period]
) -> date | None:
    """The last day on which the next session is in time; None when none is asked for, or there is no end.

    Counted from the last session that counts; before the first one from the start, with the allowance.
    1 September and 42 days: 13 October; 14 days away in between: 27 October.
    """
    if every_days is None:
        return None
    if last_on is not None:
        return next_due_on(last_on, every_days, absences)
    if agreed_from is None:
        return None
    return next_due_on(agreed_from, every_days + FIRST_SESSION_DAYS, absences)


class NotCounted(StrEnum):
    """Why a session does nothing for a person, or for one of their competencies."""

    WITH_ONESELF = "with_oneself"
    KIND_NOT_ASKED = "kind_not_asked"
    GROUP_TOO_LARGE = "group_too_large"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason, and the competency it is about; None: the session as a whole."""

    reason: NotCounted
    competency: Competency | None = None


def doubts(
    session: Session, *, supervisee: str, agreed_kinds: Collection[str], held: Iterable[Competency]
) -> list[Doubt]:
    """Why a session would not count, to be said before it is saved; empty when it counts everywhere it can.

    `held`: what the person holds. Source: contract S3, domain section 3 (counting rules).
    """
    if session.supervisor == supervisee:
        return [Doubt(NotCounted.WITH_ONESELF)]
    asking = [each for each in held if each.supervision_kind == session.kind]
    if not asking and session.kind not in agreed_kinds:
        return [Doubt(NotCounted.KIND_NOT_ASKED)]
    return [
        Doubt(NotCounted.GROUP_TOO_LARGE, each)
        for each in asking
        if each.supervision_max_group is not None and session.group_size > each.supervision_max_group
    ]


@dataclass(frozen=True, slots=True)
class Supervising:
    """An agreement, with the last day of its supervisor's own employment (None: none is known)."""

    starts_on: date
    ends_on: date | None
    supervisor_employed_to: date | None = None

    @property
    def period(self) -> Period | None:
        """The days on which there is somebody to hold the session; None when there is not one."""
        ends_on = earlier_end(self.ends_on, self.supervisor_employed_to)
        return None if ends_on is not None and ends_on < self.starts_on else Period(self.starts_on, ends_on)


def unsupervised_from(
    agreements: Iterable[Supervising], *, on: date, employed_to: date | None = None
) -> date | None:
    """The first day from `on` without a supervisor of one kind, as soon as it is known (V2); None: never.

    `employed_to`: the last day of the person supervised, after whom nobody is missed.
    """
    runs = merged(each.period for each in agreements if each.period is not None)
    run = next((each for each in runs if each.covers(on)), None)
    if run is not None and run.ends_on is None:
        return None
    day = on if run is None or run.ends_on is None else run.ends_on + ONE_DAY
    return day if covers(day, None, employed_to) else None
