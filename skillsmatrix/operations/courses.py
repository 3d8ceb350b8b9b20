"""Course dates: planned, changed, called off; and what a course asks for first."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.booking import STILL_OPEN, TAKES_A_SEAT, BookingState
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Booking, CourseDate, CoursePrerequisite
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.seats import fill_seats
from skillsmatrix.operations.versions import correct, earlier_version, record, values_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is laid down about a course date. Instants are aware; money is pence."""

    course_id: int
    trainer_id: int | None
    starts_at: datetime
    ends_at: datetime
    place: str | None
    link: str | None
    seats: int
    minimum: int
    seat_pence: int
    run_pence: int
    cut_off_on: date | None


class DateRefused(Exception):
    """The date cannot be planned so; `about` names the fact that is wrong."""

    about = ""


class EndsBeforeItStarts(DateRefused):
    """The end is not after the start."""

    about = "ends_at"


class StartsInThePast(DateRefused):
    """Nobody can be booked on yesterday."""

    about = "starts_at"


class NowhereToGo(DateRefused):
    """Neither a place nor a link."""

    about = "place"


class CutOffTooLate(DateRefused):
    """The cut-off is after the first day."""

    about = "cut_off_on"


class MinimumAboveSeats(DateRefused):
    """Fewer seats than the course needs to run."""

    about = "minimum"


class SeatsTaken(DateRefused):
    """More people hold a seat than would be left."""

    about = "seats"


class CalledOff(DateRefused):
    """The date is called off already."""


class AlreadyBegun(DateRefused):
    """It has begun: what came of it goes into the register."""


def plan_date(session: Session, plan: Plan, *, by: str, at: datetime) -> int:
    """Plan a course date; returns its id. Raises DateRefused."""
    _check(plan, at=at)
    return record(session, CourseDate(**asdict(plan)), "course_date_planned", by=by, at=at)


def change_date(
    session: Session, *, course_date_id: int, plan: Plan, reason: str, by: str, at: datetime
) -> bool:
    """Change a planned date; seats that come free are offered. False when nothing differs.

    The course itself stays. Raises DateRefused.
    """
    found = session.get_one(CourseDate, course_date_id)
    _require_open(found, at=at)
    _check(plan, at=at)
    if plan.seats < _taken(session, course_date_id):
        raise SeatsTaken
    values: dict[str, Any] = {name: value for name, value in asdict(plan).items() if name != "course_id"}
    changed = correct(session, found, values, "course_date_changed", by=by, at=at, reason=reason)
    fill_seats(session, course_date_id, by=by, at=at)
    return changed


def call_off_date(session: Session, *, course_date_id: int, reason: str, by: str, at: datetime) -> int:
    """Call a date off; everybody on it is taken off, and told why. Returns how many. Raises DateRefused."""
    found = session.get_one(CourseDate, course_date_id)
    _require_open(found, at=at)
    values: Mapping[str, Any] = {"cancelled_at": at, "cancelled_reason": reason}
    correct(session, found, values, "course_date_called_off", by=by, at=at, reason=reason)
    of_date = select(Booking).where(Booking.course_date_id == course_date_id, Booking.state.in_(STILL_OPEN))
    bookings = session.scalars(of_date.order_by(Booking.id)).all()
    for booking in bookings:
        correct(
            session,
            booking,
            {"state": BookingState.CANCELLED.value, "offered_until": None, "reason": reason},
            "booking_cancelled",
            by=by,
            at=at,
            reason=reason,
            staff_id=booking.staff_id,
        )
    return len(bookings)


def ask_first(
    session: Session, *, course_id: int, competency_id: int, level: int, by: str, at: datetime
) -> int:
    """Ask for a competency, at a level, before the course; asking again changes the level."""
    found = session.scalar(
        select(CoursePrerequisite).where(
            CoursePrerequisite.course_id == course_id, CoursePrerequisite.competency_id == competency_id
        )
    )
    if found is not None:
        correct(session, found, {"level": level}, "prerequisite_changed", by=by, at=at, reason=None)
        return found.id
    fact = CoursePrerequisite(course_id=course_id, competency_id=competency_id, level=level)
    return record(session, fact, "prerequisite_asked", by=by, at=at)


def ask_no_longer(session: Session, *, prerequisite_id: int, by: str, at: datetime) -> None:
    """Ask for it no longer; that it was asked for, and until when, stays readable."""
    fact = session.get_one(CoursePrerequisite, prerequisite_id)
    before = values_of(fact)
    session.add(earlier_version("course_prerequisites", before, by=by, at=at, reason=None))
    session.delete(fact)
    session.flush()
    subject = ("course_prerequisites", prerequisite_id)
    audit(session, "prerequisite_dropped", by=by, at=at, subject=subject, before=before)


def _check(plan: Plan, *, at: datetime) -> None:
    if plan.starts_at <= at:
        raise StartsInThePast
    if plan.ends_at <= plan.starts_at:
        raise EndsBeforeItStarts
    if not plan.place and not plan.link:
        raise NowhereToGo
    if plan.minimum > plan.seats:
        raise MinimumAboveSeats
    if plan.cut_off_on is not None and plan.cut_off_on > london_day(plan.starts_at):
        raise CutOffTooLate


def _require_open(course_date: CourseDate, *, at: datetime) -> None:
    if course_date.cancelled_at is not None:
        raise CalledOff
    if course_date.starts_at <= at:
        raise AlreadyBegun


def _taken(session: Session, course_date_id: int) -> int:
    taken = select(func.count()).where(
        Booking.course_date_id == course_date_id, Booking.state.in_(TAKES_A_SEAT)
    )
    return session.scalars(taken).one()
