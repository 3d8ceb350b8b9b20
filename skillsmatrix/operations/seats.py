"""Freed seats: offered to whoever is next in line, and taken back when nobody answers."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.booking import BookingState, Place, offer_until
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Booking, CourseDate
from skillsmatrix.operations.jobs import want_job
from skillsmatrix.operations.versions import correct
from skillsmatrix.queries.seats import free_seats, hindrances, waiting_line

OFFER_JOB = "seat_offer"
RAN_OUT = "offer_ran_out"


def fill_seats(session: Session, course_date_id: int, *, by: str, at: datetime) -> int:
    """Take back offers that ran out, then offer every free seat to whoever is next; returns how many.

    Whoever cannot come as things stand is left in their place on the list. A date that is called off or has
    begun offers nothing.
    """
    course_date = session.get_one(CourseDate, course_date_id)
    _take_back(session, course_date_id, by=by, at=at)
    if course_date.cancelled_at is not None or course_date.starts_at <= at:
        return 0
    offered = 0
    for place in _can_come(session, course_date, at=at, most=free_seats(session, course_date)):
        _offer(session, course_date, place, by=by, at=at)
        offered += 1
    return offered


def settle_offers(session: Session, *, by: str, at: datetime) -> int:
    """Look at every date with an offer that has run out, and pass the seats on; returns how many dates."""
    due = session.scalars(
        select(Booking.course_date_id)
        .where(Booking.state == BookingState.OFFERED, Booking.offered_until <= at)
        .distinct()
        .order_by(Booking.course_date_id)
    ).all()
    for course_date_id in due:
        fill_seats(session, course_date_id, by=by, at=at)
    return len(due)


def _take_back(session: Session, course_date_id: int, *, by: str, at: datetime) -> None:
    over = session.scalars(
        select(Booking)
        .where(
            Booking.course_date_id == course_date_id,
            Booking.state == BookingState.OFFERED,
            Booking.offered_until <= at,
        )
        .order_by(Booking.id)
    ).all()
    for booking in over:
        values = {"state": BookingState.CANCELLED.value, "offered_until": None, "reason": RAN_OUT}
        _change(session, booking, values, "offer_ran_out", by=by, at=at)


def _can_come(session: Session, course_date: CourseDate, *, at: datetime, most: int) -> list[Place]:
    today = london_day(at)
    line = waiting_line(session, course_date, on=today) if most else []
    staff = dict(
        session.execute(
            select(Booking.id, Booking.staff_id).where(Booking.id.in_([each.booking for each in line]))
        ).all()
    )
    hindered = hindrances(session, course_date, list(staff.values()), on=today)
    return [each for each in line if not hindered[staff[each.booking]]][:most]


def _offer(session: Session, course_date: CourseDate, place: Place, *, by: str, at: datetime) -> None:
    booking = session.get_one(Booking, place.booking)
    until = offer_until(at=at, starts_at=course_date.starts_at)
    values = {
        "state": BookingState.OFFERED.value,
        "offered_until": until,
        "reason": reason_of(place),
    }
    _change(session, booking, values, "seat_offered", by=by, at=at)
    want_job(session, OFFER_JOB, f"{booking.id}:{until.isoformat()}", by=by, at=at, not_before=until)


def reason_of(place: Place) -> str:
    """Why this person was next, as it is kept beside the booking."""
    need = place.need
    return json.dumps(
        {
            "why": place.why.value,
            "service": need.service,
            "competency": need.competency,
            "hard_stop": need.hard_stop,
            "shortfall": need.shortfall,
            "runs_out_on": need.runs_out_on.isoformat() if need.runs_out_on else None,
        }
    )


def _change(
    session: Session, booking: Booking, values: Mapping[str, Any], kind: str, *, by: str, at: datetime
) -> None:
    correct(session, booking, values, kind, by=by, at=at, reason=None, staff_id=booking.staff_id)
