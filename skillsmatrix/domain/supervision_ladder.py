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
from skillsmatrix.domain.standing import Holding, supervision_lapses_on
from skillsmatrix.domain.supervision import Session, clock_start, next_due_on

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


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of supervision of one person on a day.

    `due_on`: the last day in time. `lapses_on`: the first day on which what is in `stops` must not be used
    without another session; both None: never. `every_days`: the shortest interval that is asked.
    """

    rung: Rung
    every_days: int | None
    last_on: date | None
    due_on: date | None
    lapses_on: date | None
    stops: tuple[Competency, ...]


def step(
    kind: str,
    *,
    supervisee: str,
    sessions: Iterable[Session],
    agreed: Collection[tuple[date, int | None]],
    holdings: Iterable[Holding],
    absences: Collection[Period],
    on: date,
) -> Step:
    """Where one kind stands: by what was agreed (from a day, every so often), and by what the person holds.

    A competency that caps its groups counts the sessions that were small enough; the agreement counts all.
    """
    days = [each.held_on for each in sessions if _was_held(each, kind, supervisee, on)]
    last_on = max(days, default=None)
    depending = [
        each
        for each in holdings
        if each.competency.supervision_kind == kind and each.evidence.held_since(on) is not None
    ]
    every = [every_days for _, every_days in agreed if every_days is not None]
    agreed_from = min((starts_on for starts_on, _ in agreed), default=None)
    dues = [
        due_on(
            last_on=last_on,
            agreed_from=agreed_from,
            every_days=min(every, default=None),
            absences=absences,
        ),
        *(_due_for(each, absences, on) for each in depending),
    ]
    lapses = [(each.competency, supervision_lapses_on(each, on=on)) for each in depending]
    lapses_on = min((day for _, day in lapses if day is not None), default=None)
    soonest = min((day for day in dues if day is not None), default=None)
    every += [
        each.competency.supervision_every_days
        for each in depending
        if each.competency.supervision_every_days is not None
    ]
    return Step(
        rung=rung(soonest, lapses_on, on=on),
        every_days=min(every, default=None),
        last_on=last_on,
        due_on=soonest,
        lapses_on=lapses_on,
        stops=tuple(competency for competency, day in lapses if day is not None and day == lapses_on),
    )


def _was_held(session: Session, kind: str, supervisee: str, on: date) -> bool:
    return session.kind == kind and session.supervisor != supervisee and session.held_on <= on


def _due_for(holding: Holding, absences: Collection[Period], on: date) -> date | None:
    """When the next session that counts for a competency is due, by the competency's own interval."""
    every_days, held_since = holding.competency.supervision_every_days, holding.evidence.held_since(on)
    if every_days is None or held_since is None:
        return None
    return next_due_on(clock_start(held_since, holding.sessions, on=on), every_days, absences)
