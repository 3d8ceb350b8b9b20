"""For everybody on the staff: what they must not do, what runs out, and what else waits for them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from skillsmatrix.domain.access import Actor
from skillsmatrix.domain.booking import BookingState
from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.digest import (
    COURSE_DAYS_AHEAD,
    OVER,
    REFUSAL_DAYS,
    Line,
    Topic,
    digest_day,
    is_said,
)
from skillsmatrix.domain.requirement import instances
from skillsmatrix.domain.standing import Standing
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Booking, Competency, CourseDate, CourseGrant, Staff, SupervisionAction
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.bearings import Bearings, open_stops
from skillsmatrix.queries.claims import ClaimLine, claim_lines
from skillsmatrix.queries.digest_teams import PRESSING, registration_lines, supervision_line
from skillsmatrix.queries.record import PersonRecord, Standpoint, person_record
from skillsmatrix.queries.supervision import ladder, supervisees
from skillsmatrix.queries.training import own_bookings

_WEEK = timedelta(days=7)


def own_lines(session: Session, actor: Actor, bearings: Bearings, on: date, at: datetime) -> Iterator[Line]:
    """What waits for the person behind the account; nothing for an account that is nobody's on the staff."""
    code = actor.staff_code
    record = person_record(session, code, on=on, today=on) if code is not None else None
    if record is None or record.person.out_of_scope(on) or not record.person.posts_in_force(on):
        return
    yield from _standings(session, record, bearings)
    yield from _courses(session, record.code, on=on, at=at)
    yield from _refusals(session, record.code, on=on)
    own = Reach(frozenset({record.code}))
    for line in ladder(session, supervisees(session, within=own, on=on), on=on):
        if line.step.rung in PRESSING:
            yield supervision_line(line, bearings, Topic.OWN_SUPERVISION)
    yield from registration_lines(session, own, bearings, on=on, topic=Topic.OWN_REGISTRATION)
    yield from _actions(session, record.code, on=on)


def _standings(session: Session, record: PersonRecord, bearings: Bearings) -> Iterator[Line]:
    seats = _seats(session, record.code, on=record.on)
    told = open_stops(session, on=record.on)
    for point in record.required:
        code, found = point.competency.code, point.verdict
        expiring = found.standing is Standing.EXPIRING
        if found.standing in (Standing.VALID, Standing.EXEMPT):
            continue
        if expiring and not _runs_out(record, point):
            continue
        yield Line(
            topic=Topic.RUNNING_OUT if expiring else Topic.NOT_HELD,
            staff=record.code,
            competency=code,
            title=point.competency.title,
            detail=_next(point, seats.get(code)),
            on=found.valid_to if expiring else None,
            hard_stop=point.asked is not None and point.asked.hard_stop,
            told=told.get((record.code, code), 0),
            bearing=bearings.of(record.code, code, holds=expiring),
        )


def _runs_out(record: PersonRecord, point: Standpoint) -> bool:
    """Is the end worth a line this week, and will the competency still be asked for the day after it."""
    end = point.verdict.valid_to
    if end is None or not is_said(end, on=record.on):
        return False
    after = instances(record.person, record.facts.requirements, on=end + ONE_DAY)
    return point.competency.code in after


def _next(point: Standpoint, seat: date | None) -> str:
    if seat is None:
        return point.next_step
    day = f"{seat.day} {seat:%B %Y}"
    return f"{point.next_step} You have a seat on a course for it on {day}."


def _seats(session: Session, staff: str, *, on: date) -> dict[str, date]:
    """Competency → the first day of a course date that gives it and on which the person has a seat."""
    rows = session.execute(
        select(Competency.code, CourseDate.starts_at)
        .join(CourseGrant, CourseGrant.competency_id == Competency.id)
        .join(CourseDate, CourseDate.course_id == CourseGrant.course_id)
        .join(Booking, Booking.course_date_id == CourseDate.id)
        .join(Staff, Staff.id == Booking.staff_id)
        .where(
            Staff.code == staff,
            Booking.state == BookingState.BOOKED.value,
            CourseDate.cancelled_at.is_(None),
        )
        .order_by(CourseDate.starts_at.desc())
    )
    return {code: london_day(starts_at) for code, starts_at in rows if london_day(starts_at) >= on}


def _courses(session: Session, staff: str, *, on: date, at: datetime) -> Iterator[Line]:
    """Seats that are offered, and course dates of the next two weeks."""
    for course_date, booking in own_bookings(session, staff, from_at=at):
        starts_on = london_day(course_date.starts_at)
        offered = booking.offer_stands(at=at)
        coming = booking.state is BookingState.BOOKED and starts_on <= on + timedelta(days=COURSE_DAYS_AHEAD)
        if course_date.called_off or not (offered or coming):
            continue
        until = booking.offered_until if offered else None
        yield Line(
            topic=Topic.SEAT_OFFERED if offered else Topic.COURSE,
            staff=staff,
            number=course_date.id,
            title=course_date.title,
            place=course_date.place or "",
            on=london_day(until) if until is not None else starts_on,
            detail="" if offered else f"{starts_on.day} {starts_on:%B %Y}",
        )


def _refusals(session: Session, staff: str, *, on: date) -> Iterator[Line]:
    """Certificates of the person that were refused lately, unless another was handed in for it since.

    Whoever accepts one says so by the record itself.
    """
    latest: dict[str, ClaimLine] = {}
    for claim in claim_lines(session, Reach(frozenset({staff})), staff=staff):
        seen = latest.setdefault(claim.competency, claim)
        latest[claim.competency] = max(seen, claim, key=lambda each: each.id)
    for claim in latest.values():
        decided_on = claim.decided_on
        if claim.state == "refused" and decided_on and decided_on > on - timedelta(days=REFUSAL_DAYS):
            yield Line(
                topic=Topic.CLAIM_REFUSED,
                staff=staff,
                number=claim.number,
                title=claim.competency_title,
                on=decided_on,
            )


def _actions(session: Session, staff: str, *, on: date) -> Iterator[Line]:
    """What the person agreed to do by the end of the week; what it was about is not said in a mail."""
    owner, supervisee = aliased(Staff), aliased(Staff)
    rows = session.execute(
        select(SupervisionAction.due_on, supervisee.code, supervisee.given_name, supervisee.family_name)
        .join(owner, owner.id == SupervisionAction.owner_id)
        .join(supervisee, supervisee.id == SupervisionAction.supervisee_id)
        .where(
            owner.code == staff,
            SupervisionAction.done_on.is_(None),
            SupervisionAction.due_on < digest_day(on) + _WEEK,
        )
        .order_by(SupervisionAction.due_on, SupervisionAction.id)
    )
    for due_on, code, given, family in rows:
        name = "" if code == staff else f"{given} {family}" if given else family
        yield Line(topic=Topic.ACTION, staff=code, name=name, on=due_on, detail=OVER if due_on < on else "")
