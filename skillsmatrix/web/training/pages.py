"""What the pages of training are given: whom one may see on a date, the list in order, what one may do."""

from dataclasses import dataclass

from flask import abort, g

from skillsmatrix.domain.access import Scope, may
from skillsmatrix.domain.booking import OUTCOMES, BookingState, Hindrance
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.queries.access import TRAINER_SEES_AFTER
from skillsmatrix.queries.labels import labels
from skillsmatrix.queries.seats import hindrances, needs, waiting_line
from skillsmatrix.queries.training import (
    BookingLine,
    DateLine,
    bookable,
    booking_lines,
    course_date_row,
    course_lines,
    date_line,
    open_registers,
    planned_by,
)
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import visible_staff
from skillsmatrix.web.training import words
from skillsmatrix.web.training.words import Names

MOST_LISTED = 60


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody with a seat, an offer or an outcome; `warning`: what has come in the way since."""

    booking: BookingLine
    state: str
    reason: str
    warning: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Queued:
    """A place on the waiting list; `booking` None: somebody one may not see."""

    place: int
    booking: BookingLine | None
    reason: str
    warning: str
    mine: bool


@dataclass(frozen=True, slots=True)
class DatePage:
    """One date as whoever is signed in may see it."""

    line: DateLine
    attendees: list[Attendee]
    queue: list[Queued]
    unseen: int
    own: BookingLine | None
    closed: str
    runs: bool
    register_open: bool
    register_taken: bool
    may_book: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who might be booked: what it would mend, and what stands in the way.

    `pressing`: a service is short of them, or what they hold runs out soon.
    """

    staff_id: int
    code: str
    name: str
    need: str
    obstacle: str
    pressing: bool


def wanted_date(number: int) -> DateLine:
    """The course date of the address, or the page that says there is none."""
    line = date_line(db_session(), number)
    if line is None:
        abort(404)
    return line


def runs(line: DateLine, action: str) -> bool:
    """Does whoever is signed in run this date: teaches it, planned it, or may run them all."""
    reach = may(g.actor, action, on=g.today)
    me = g.actor.staff_code
    teaches = me is not None and line.trainer == me and bool(reach & {Scope.OWN, Scope.SESSIONS})
    planned = Scope.SERVICES in reach and planned_by(db_session(), line.id) == g.actor.by
    return Scope.ORGANISATION in reach or teaches or planned


def registers_to_take() -> list[DateLine]:
    """Courses that are over and not entered yet: one's own, or everybody's for whoever enters them all."""
    reach = may(g.actor, "training.record_attendance", on=g.today)
    if not reach or (Scope.ORGANISATION not in reach and g.actor.staff_code is None):
        return []
    return open_registers(
        db_session(),
        since=g.at - TRAINER_SEES_AFTER,
        until=g.at,
        trainer=None if Scope.ORGANISATION in reach else g.actor.staff_code,
    )


def names() -> Names:
    """Names of services and competencies."""
    found = labels(db_session(), ())
    return Names(found.services, found.competencies)


def date_page(line: DateLine) -> DatePage:
    """The page of one date."""
    asked = booking_lines(db_session(), line.id)
    every = [each for each in asked if each.state is not BookingState.CANCELLED]
    seen = visible_staff("training.read")
    shown = [each for each in every if each.staff in seen or each.staff == g.actor.staff_code]
    here = [each for each in shown if each.state is not BookingState.WAITING]
    own = [each for each in every if each.staff == g.actor.staff_code]
    return DatePage(
        line=line,
        attendees=_attendees(line, here),
        queue=_queue(line, shown),
        unseen=len(every) - len(shown),
        own=own[0] if own else None,
        closed=words.closed_because(line, at=g.at),
        runs=runs(line, "session.create"),
        register_open=runs(line, "training.record_attendance") and register_open(line),
        register_taken=not any(each.state is BookingState.BOOKED for each in here),
        may_book=_may_book(already=bool(own)),
    )


def _may_book(*, already: bool) -> bool:
    """Is there anybody whom whoever is signed in may still put on a date: themself, or somebody else."""
    reach = visible_staff("booking.create")
    oneself = {g.actor.staff_code} if already else set()
    return reach.everything or bool(reach.codes - oneself)


def register_open(line: DateLine) -> bool:
    """From the last day on, unless the date is called off."""
    return not line.called_off and london_day(line.ends_at) <= g.today


def _attendees(line: DateLine, here: list[BookingLine]) -> list[Attendee]:
    open_now = [each.staff_id for each in here if each.state not in OUTCOMES]
    found = _hindered(line, open_now)
    known = names()
    return [
        Attendee(
            booking=each,
            state=_state(each),
            reason=words.kept_reason(each.reason, known),
            warning=words.hindrances(found.get(each.staff_id, ())),
            mine=each.staff == g.actor.staff_code,
        )
        for each in here
    ]


def _state(each: BookingLine) -> str:
    ran_out = each.state is BookingState.OFFERED and not each.offer_stands(at=g.at)
    return words.ran_out() if ran_out else str(words.STATES[each.state])


def _queue(line: DateLine, shown: list[BookingLine]) -> list[Queued]:
    if not line.waiting:
        return []
    known = names()
    by_id = {each.id: each for each in shown}
    in_line = waiting_line(db_session(), course_date_row(db_session(), line.id), on=g.today)
    found = _hindered(line, [each.staff_id for each in shown if each.state is BookingState.WAITING])
    queue = []
    for number, place in enumerate(in_line, start=1):
        booking = by_id.get(place.booking)
        queue.append(
            Queued(
                place=number,
                booking=booking,
                reason=words.reason_of(place.why, place.need, known) if booking else "",
                warning=words.hindrances(found.get(booking.staff_id, ())) if booking else "",
                mine=booking is not None and booking.staff == g.actor.staff_code,
            )
        )
    return queue


def _hindered(line: DateLine, staff_ids: list[int]) -> dict[int, tuple[Hindrance, ...]]:
    if not staff_ids or line.called_off or line.ends_at <= g.at:
        return {}
    return hindrances(db_session(), course_date_row(db_session(), line.id), staff_ids, on=g.today)


def people_to_book(line: DateLine, search: str) -> tuple[list[Choice], bool]:
    """Whom one may book and who is not on the date, those whom a service needs most first; and whether
    there are more than are listed."""
    session = db_session()
    taken = {
        each.staff for each in booking_lines(session, line.id) if each.state is not BookingState.CANCELLED
    }
    within = visible_staff("booking.create")
    found = bookable(session, within, search=search, on=g.today, most=MOST_LISTED)
    listed = [each for each in found[:MOST_LISTED] if each[1] not in taken]
    row = course_date_row(session, line.id)
    ids = [staff_id for staff_id, _code, _name in listed]
    mends = needs(session, row.course_id, ids, on=g.today)
    hindered = hindrances(session, row, ids, on=g.today)
    known = names()
    listed.sort(key=lambda each: mends[each[0]].rank)
    return [
        Choice(
            staff_id,
            code,
            name,
            words.need(mends[staff_id], known),
            words.hindrances(hindered[staff_id]),
            mends[staff_id].is_pressing(on=g.today),
        )
        for staff_id, code, name in listed
    ], len(found) > MOST_LISTED


def course_choices() -> list[tuple[str, str]]:
    """(code, title) of every course."""
    return [(each.code, each.title) for each in course_lines(db_session())]
