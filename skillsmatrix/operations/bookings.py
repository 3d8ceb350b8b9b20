"""Bookings: asked for, taken up, given up, given out of turn, and what came of them.

Every function here begins by taking back offers that have run out, so that an answer does not depend on a
worker having run.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.booking import OUTCOMES, BookingState, Hindrance, cancels_in_time
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Booking, CourseDate, CourseGrant, Learning
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.learning import record_learning, void_learning
from skillsmatrix.operations.seats import fill_seats
from skillsmatrix.operations.versions import correct, record
from skillsmatrix.queries.seats import free_seats, hindrances

GONE = (BookingState.CANCELLED,)


class BookingRefused(Exception):
    """It cannot be done as things stand."""


class DateClosed(BookingRefused):
    """The date is called off, has begun, or is past its cut-off."""


class Hindered(BookingRefused):
    """Somebody cannot come; `by_staff`: staff id → what stands in the way."""

    def __init__(self, by_staff: Mapping[int, tuple[Hindrance, ...]]) -> None:
        super().__init__(by_staff)
        self.by_staff = by_staff


class NotBooked(BookingRefused):
    """The person is not on this date, or no longer."""


class NoOffer(BookingRefused):
    """There is no offer to take up: it ran out, or was never made."""


class NoSeat(BookingRefused):
    """Every seat is held, and no open offer was named to take back."""


class NotHeldYet(BookingRefused):
    """The last day of the course has not come."""


class OwnAttendance(BookingRefused):
    """Nobody says of themself that they attended."""


def book(
    session: Session, *, course_date_id: int, staff_ids: Sequence[int], by: str, at: datetime
) -> dict[int, BookingState]:
    """Book people on a date: seats while there are any and nobody waits, then the waiting list.

    All or nobody. Who is on the date already keeps what they have. Returns staff id → state. Raises
    DateClosed, Hindered.
    """
    course_date = _open_date(session, course_date_id, at=at)
    today = london_day(at)
    fill_seats(session, course_date_id, by=by, at=at)
    kept = _bookings(session, course_date_id)
    fresh = [each for each in staff_ids if each not in kept or kept[each].state in GONE]
    found = hindrances(session, course_date, fresh, on=today)
    hindered = {staff_id: each for staff_id, each in found.items() if each}
    if hindered:
        raise Hindered(hindered)
    somebody_waits = any(booking.state == BookingState.WAITING for booking in kept.values())
    for staff_id in fresh:
        free = not somebody_waits and free_seats(session, course_date) > 0
        state = BookingState.BOOKED if free else BookingState.WAITING
        _ask(session, course_date_id, staff_id, kept.get(staff_id), state, by=by, at=at)
    fill_seats(session, course_date_id, by=by, at=at)
    now = _bookings(session, course_date_id)
    return {staff_id: BookingState(now[staff_id].state) for staff_id in staff_ids}


def accept_offer(session: Session, *, course_date_id: int, staff_id: int, by: str, at: datetime) -> None:
    """Take up an offered seat; doing it again changes nothing. Raises NoOffer, Hindered."""
    fill_seats(session, course_date_id, by=by, at=at)
    booking = _bookings(session, course_date_id).get(staff_id)
    if booking is not None and booking.state == BookingState.BOOKED:
        return
    if booking is None or booking.state != BookingState.OFFERED:
        raise NoOffer
    course_date = session.get_one(CourseDate, course_date_id)
    found = hindrances(session, course_date, [staff_id], on=london_day(at))[staff_id]
    if found:
        raise Hindered({staff_id: found})
    _move(session, booking, BookingState.BOOKED, "seat_taken", by=by, at=at, reason=booking.reason)


class GivenUp(NamedTuple):
    """What became of a seat that was given up; `passed_on`: somebody who waits has it offered now."""

    in_time: bool
    passed_on: bool


def cancel_booking(
    session: Session, *, course_date_id: int, staff_id: int, reason: str | None, by: str, at: datetime
) -> GivenUp:
    """Give up a seat, an offer or a place on the list, and pass the seat on.

    Raises NotBooked, DateClosed once the course has begun.
    """
    course_date = session.get_one(CourseDate, course_date_id)
    booking = _bookings(session, course_date_id).get(staff_id)
    open_states = (BookingState.WAITING, BookingState.OFFERED, BookingState.BOOKED)
    if booking is None or booking.state not in open_states:
        raise NotBooked
    if course_date.starts_at <= at:
        raise DateClosed
    first_day = london_day(course_date.starts_at)
    held_no_seat = booking.state == BookingState.WAITING
    in_time = held_no_seat or cancels_in_time(course_date.cut_off_on, first_day, on=london_day(at))
    kind = "booking_cancelled" if in_time else "booking_cancelled_late"
    _move(session, booking, BookingState.CANCELLED, kind, by=by, at=at, reason=reason)
    return GivenUp(in_time, passed_on=fill_seats(session, course_date_id, by=by, at=at) > 0)


def give_seat(
    session: Session,
    *,
    course_date_id: int,
    staff_id: int,
    reason: str,
    by: str,
    at: datetime,
    instead_of: int | None = None,
) -> None:
    """Give somebody who waits a seat out of turn; who did so and why is recorded.

    `instead_of`: staff id whose open offer is taken back for it; they return to their place on the list.
    Raises NotBooked, NoSeat, DateClosed, Hindered.
    """
    course_date = session.get_one(CourseDate, course_date_id)
    if course_date.cancelled_at is not None or course_date.starts_at <= at:
        raise DateClosed
    fill_seats(session, course_date_id, by=by, at=at)
    bookings = _bookings(session, course_date_id)
    booking = bookings.get(staff_id)
    if booking is None or booking.state not in (BookingState.WAITING, BookingState.OFFERED):
        raise NotBooked
    found = hindrances(session, course_date, [staff_id], on=london_day(at))[staff_id]
    if found:
        raise Hindered({staff_id: found})
    if booking.state == BookingState.WAITING and free_seats(session, course_date) == 0:
        other = bookings.get(instead_of) if instead_of is not None else None
        if other is None or other.state != BookingState.OFFERED:
            raise NoSeat
        _move(session, other, BookingState.WAITING, "offer_taken_back", by=by, at=at, reason=reason)
    _move(
        session, booking, BookingState.BOOKED, "seat_given_out_of_turn", by=by, at=at, reason=reason,
        override=True,
    )  # fmt: skip


def record_attendance(
    session: Session,
    *,
    course_date_id: int,
    outcomes: Mapping[int, BookingState],
    by: str,
    at: datetime,
    recorder_staff_id: int | None = None,
) -> int:
    """Enter what came of a group; staff id → outcome, or `booked` to take an entry back.

    Who attended and passed gets the learning of every competency that the course gives, in the same
    transaction; an entry that is changed takes it back. Returns how many entries changed. Raises NotHeldYet,
    OwnAttendance, NotBooked, DateClosed.
    """
    course_date = session.get_one(CourseDate, course_date_id)
    held_on = london_day(course_date.ends_at)
    if course_date.cancelled_at is not None:
        raise DateClosed
    if held_on > london_day(at):
        raise NotHeldYet
    fill_seats(session, course_date_id, by=by, at=at)
    bookings = _bookings(session, course_date_id)
    changed, competencies = [], set[int]()
    for staff_id, outcome in sorted(outcomes.items()):
        booking = bookings.get(staff_id)
        if booking is None or booking.state not in (BookingState.BOOKED, *OUTCOMES):
            raise NotBooked
        if booking.state == outcome:
            continue
        if staff_id == recorder_staff_id:
            raise OwnAttendance
        before = booking.state
        _move(session, booking, outcome, "attendance_recorded", by=by, at=at, reason=booking.reason)
        if outcome is BookingState.ATTENDED:
            competencies |= _learnt(session, course_date.course_id, booking, held_on, by=by, at=at)
        elif before == BookingState.ATTENDED:
            competencies |= _not_learnt(session, booking, outcome, by=by, at=at)
        changed.append(staff_id)
    if competencies:
        refresh(session, staff_ids=changed, competency_ids=sorted(competencies), by=by, at=at)
    return len(changed)


def reference_of(booking_id: int) -> str:
    """What ties the learning of a course date to the booking it came from."""
    return f"booking-{booking_id}"


def _open_date(session: Session, course_date_id: int, *, at: datetime) -> CourseDate:
    course_date = session.get_one(CourseDate, course_date_id)
    past = course_date.cut_off_on is not None and london_day(at) > course_date.cut_off_on
    if course_date.cancelled_at is not None or course_date.starts_at <= at or past:
        raise DateClosed
    return course_date


def _bookings(session: Session, course_date_id: int) -> dict[int, Booking]:
    rows = session.scalars(
        select(Booking).where(Booking.course_date_id == course_date_id).order_by(Booking.id)
    )
    return {row.staff_id: row for row in rows}


def _ask(
    session: Session,
    course_date_id: int,
    staff_id: int,
    before: Booking | None,
    state: BookingState,
    *,
    by: str,
    at: datetime,
) -> None:
    kind = "seat_booked" if state is BookingState.BOOKED else "waiting_list_joined"
    if before is not None:
        values = {"asked_at": at, "state": state.value, "reason": None, "override": False}
        correct(session, before, values, kind, by=by, at=at, reason=None, staff_id=staff_id)
        return
    fact = Booking(course_date_id=course_date_id, staff_id=staff_id, state=state.value, asked_at=at)
    record(session, fact, kind, by=by, at=at, staff_id=staff_id)


def _move(
    session: Session,
    booking: Booking,
    state: BookingState,
    kind: str,
    *,
    by: str,
    at: datetime,
    reason: str | None,
    override: bool | None = None,
) -> None:
    values: dict[str, Any] = {"state": state.value, "offered_until": None, "reason": reason}
    if override is not None:
        values["override"] = override
    correct(session, booking, values, kind, by=by, at=at, reason=reason, staff_id=booking.staff_id)


def _learnt(
    session: Session, course_id: int, booking: Booking, held_on: date, *, by: str, at: datetime
) -> set[int]:
    """Level and length are written down as the course gives them today: what is earned stays earned when
    the course gives something else later (domain L1)."""
    grants = session.scalars(
        select(CourseGrant).where(CourseGrant.course_id == course_id).order_by(CourseGrant.competency_id)
    ).all()
    for grant in grants:
        record_learning(
            session,
            staff_id=booking.staff_id,
            competency_id=grant.competency_id,
            completed_on=held_on,
            level=grant.level,
            course_id=course_id,
            reference=reference_of(booking.id),
            valid_months=grant.valid_months,
            by=by,
            at=at,
            refreshing=False,
        )
    return {grant.competency_id for grant in grants}


def _not_learnt(
    session: Session, booking: Booking, outcome: BookingState, *, by: str, at: datetime
) -> set[int]:
    found = session.execute(
        select(Learning.id, Learning.competency_id).where(
            Learning.staff_id == booking.staff_id, Learning.reference == reference_of(booking.id)
        )
    )
    rows = found.all()
    for learning_id, _competency in rows:
        reason = f"Attendance corrected to {outcome.value}"
        void_learning(session, learning_id=learning_id, reason=reason, by=by, at=at, refreshing=False)
    return {competency for _id, competency in rows}
