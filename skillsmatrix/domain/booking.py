"""Seats on a course date: who may take one, and who is offered the next that comes free.

A freed seat goes to whom the services need most, but nobody waits for ever: whoever has been passed over
often, or has waited long, comes before every need. The two limits are the organisation's own choice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from skillsmatrix.domain.calendar import Period, covers
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.standing import is_expiring

MOST_PASSED_OVER = 3  # later arrivals who may be given a seat before somebody who asked earlier
LONGEST_WAIT_DAYS = 60  # after so many days on the list: first come, first served
OFFER_LASTS = timedelta(hours=48)


class BookingState(StrEnum):
    """Where somebody's wish for a seat has got to."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    PART_ATTENDED = "part_attended"
    DID_NOT_ATTEND = "did_not_attend"
    FAILED = "failed"


OUTCOMES = (
    BookingState.ATTENDED,
    BookingState.PART_ATTENDED,
    BookingState.DID_NOT_ATTEND,
    BookingState.FAILED,
)
TAKES_A_SEAT = (BookingState.OFFERED, BookingState.BOOKED, *OUTCOMES)
STILL_OPEN = (BookingState.WAITING, BookingState.OFFERED, BookingState.BOOKED)


class Obstacle(StrEnum):
    """Why somebody cannot take a seat as things stand."""

    NOT_EMPLOYED = "not_employed"
    NO_POST = "no_post"
    ABSENT = "absent"
    TEACHES = "teaches"
    OTHER_COURSE = "other_course"
    PREREQUISITE = "prerequisite"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One obstacle and what it is about: the other course, or the competency that is missing."""

    obstacle: Obstacle
    about: str = ""
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Sitting:
    """When a course date is held; `days` are the London days from the first to the last."""

    title: str
    starts_at: datetime
    ends_at: datetime
    days: Period

    def clashes_with(self, other: "Sitting") -> bool:
        """Do the two overlap; one that ends when the other begins does not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A competency that must be held by the first day, and whether it is."""

    title: str
    level: int
    held: bool


def hindrances(
    person: Person,
    sitting: Sitting,
    *,
    others: Iterable[Sitting] = (),
    prerequisites: Iterable[Prerequisite] = (),
    teaches: bool = False,
) -> tuple[Hindrance, ...]:
    """Everything that stands in the way, in the order in which it is said; empty when nothing does.

    `others`: course dates the person already has a seat on, or teaches. `teaches`: this very one.
    """
    first, last = sitting.days.starts_on, sitting.days.ends_on or sitting.days.starts_on
    found = []
    if not all(covers(day, person.employed_from, person.employed_to) for day in (first, last)):
        found.append(Hindrance(Obstacle.NOT_EMPLOYED))
    elif not person.posts_in_force(first) or not person.posts_in_force(last):
        found.append(Hindrance(Obstacle.NO_POST))
    if any(_overlap(absence, sitting.days) for absence in person.absences):
        found.append(Hindrance(Obstacle.ABSENT))
    if teaches:
        found.append(Hindrance(Obstacle.TEACHES))
    found += [Hindrance(Obstacle.OTHER_COURSE, each.title) for each in others if sitting.clashes_with(each)]
    found += [
        Hindrance(Obstacle.PREREQUISITE, each.title, each.level) for each in prerequisites if not each.held
    ]
    return tuple(found)


def _overlap(first: Period, second: Period) -> bool:
    starts_in_time = second.ends_on is None or first.starts_on <= second.ends_on
    return starts_in_time and (first.ends_on is None or second.starts_on <= first.ends_on)


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody's attendance would mend, looked up on one day.

    `hard_stop`, `shortfall`: people missing in the worst line of cover that the person would fill, of hard
    stops alone and of all lines. `service` and `competency` (codes) name the worse of the two.
    `runs_out_on`: when what the person holds now, and is counted for, ends first; None: never or nothing.
    """

    hard_stop: int = 0
    shortfall: int = 0
    runs_out_on: date | None = None
    service: str | None = None
    competency: str | None = None

    @property
    def rank(self) -> tuple[int, int, date]:
        """Smaller is needed more: hard stop first, then the size of the gap, then the earliest end."""
        return -self.hard_stop, -self.shortfall, self.runs_out_on or date.max

    def is_pressing(self, *, on: date) -> bool:
        """Is a service short of the person, or does what they hold run out soon (C4)."""
        return self.shortfall > 0 or is_expiring(self.runs_out_on, on=on)


class Why(StrEnum):
    """Why somebody comes where they come on the waiting list."""

    PASSED_OVER = "passed_over"
    LONG_WAIT = "long_wait"
    HARD_STOP = "hard_stop"
    SHORTFALL = "shortfall"
    RUNS_OUT = "runs_out"
    FIRST_COME = "first_come"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody on the list. `asked_on` is the London day of `asked_at`; `passed_over`: see `passed_over`."""

    booking: int
    asked_at: datetime
    asked_on: date
    need: Need
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the list and the reason for it."""

    booking: int
    why: Why
    need: Need


def in_line(waiting: Iterable[Waiting], *, on: date) -> list[Place]:
    """The waiting list in the order in which seats are offered, each place with its reason.

    First those whom fairness puts before every need, as they arrived; then by what they would mend; among
    equals as they arrived.
    """
    placed = sorted(waiting, key=lambda each: _order(each, on))
    return [Place(each.booking, _why(each, on), each.need) for each in placed]


def passed_over(asked: tuple[datetime, int], given_a_seat: Iterable[tuple[datetime, int]]) -> int:
    """How many who asked later hold a seat; each is (when asked, booking), so that no two are equal."""
    return sum(other > asked for other in given_a_seat)


def waits_no_longer(each: Waiting, *, on: date) -> bool:
    """Has fairness been stretched as far as it goes: three passed, or sixty days waited."""
    return each.passed_over >= MOST_PASSED_OVER or (on - each.asked_on).days >= LONGEST_WAIT_DAYS


def offer_until(*, at: datetime, starts_at: datetime) -> datetime:
    """Until when an offer made now can be taken: two days, and never past the start."""
    return min(at + OFFER_LASTS, starts_at)


def cancels_in_time(cut_off_on: date | None, starts_on: date, *, on: date) -> bool:
    """On or before the cut-off; where none is set, before the first day."""
    return on <= cut_off_on if cut_off_on is not None else on < starts_on


def _order(each: Waiting, on: date) -> tuple[bool, tuple[int, int, date], datetime, int]:
    due = waits_no_longer(each, on=on)
    return not due, Need().rank if due else each.need.rank, each.asked_at, each.booking


def _why(each: Waiting, on: date) -> Why:
    reasons = {
        Why.PASSED_OVER: each.passed_over >= MOST_PASSED_OVER,
        Why.LONG_WAIT: waits_no_longer(each, on=on),
        Why.HARD_STOP: each.need.hard_stop > 0,
        Why.SHORTFALL: each.need.shortfall > 0,
        Why.RUNS_OUT: each.need.runs_out_on is not None,
    }
    return next((why for why, holds in reasons.items() if holds), Why.FIRST_COME)
