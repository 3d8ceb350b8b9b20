"""Seats: what each person's attendance would mend, what stands in their way, who is next in line."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from skillsmatrix.domain import booking
from skillsmatrix.domain.booking import (
    TAKES_A_SEAT,
    BookingState,
    Hindrance,
    Need,
    Place,
    Prerequisite,
    Sitting,
    Waiting,
)
from skillsmatrix.domain.calendar import Period
from skillsmatrix.domain.competency import Competency
from skillsmatrix.domain.cover import CoverLine, in_scope
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.standing import Holding, Standing, standing, suspended
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Booking, Course, CourseDate, CourseGrant, CoursePrerequisite, Staff
from skillsmatrix.models import Competency as CompetencyRow
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.known_people import workforce_now


def needs(session: Session, course_id: int, staff_ids: Collection[int], *, on: date) -> dict[int, Need]:
    """Staff id → what their attendance of the course would mend, as cover stands on the day."""
    taught = _taught(session, course_id)
    if not taught or not staff_ids:
        return {staff_id: Need() for staff_id in staff_ids}
    lines = [line for line in current(session).cover(on=on) if line.requirement.competency in taught]
    facts = workforce_now(session, staff_ids)
    return {
        staff_id: _need(facts, facts.people[code], taught, lines, on)
        for staff_id, code in _codes(session, staff_ids).items()
    }


def hindrances(
    session: Session, course_date: CourseDate, staff_ids: Collection[int], *, on: date
) -> dict[int, tuple[Hindrance, ...]]:
    """Staff id → what stands in the way of a seat, as things are known now; empty where nothing does.

    `on`: today; a competency asked for first must be held on the first day of the course and not be
    stopped today.
    """
    if not staff_ids:
        return {}
    facts = workforce_now(session, staff_ids)
    asked_first = session.execute(
        select(CompetencyRow.code, CompetencyRow.title, CoursePrerequisite.level)
        .join(CoursePrerequisite, CoursePrerequisite.competency_id == CompetencyRow.id)
        .where(CoursePrerequisite.course_id == course_date.course_id)
        .order_by(CompetencyRow.title)
    )
    wanted = asked_first.all()
    elsewhere = _other_sittings(session, course_date, staff_ids)
    sitting = sitting_of(course_date, "")
    return {
        staff_id: booking.hindrances(
            facts.people[code],
            sitting,
            others=elsewhere[staff_id],
            prerequisites=[
                Prerequisite(title, level, _holds(facts.holding(code, competency), level, sitting, on))
                for competency, title, level in wanted
            ],
            teaches=staff_id == course_date.trainer_id,
        )
        for staff_id, code in _codes(session, staff_ids).items()
    }


def waiting_line(session: Session, course_date: CourseDate, *, on: date) -> list[Place]:
    """Those who wait for a seat, in the order in which seats are offered; may be empty."""
    rows = session.scalars(select(Booking).where(Booking.course_date_id == course_date.id)).all()
    waiting = [row for row in rows if row.state == BookingState.WAITING]
    if not waiting:
        return []
    seated = [(row.asked_at, row.id) for row in rows if row.state in TAKES_A_SEAT]
    wanted = needs(session, course_date.course_id, [row.staff_id for row in waiting], on=on)
    return booking.in_line(
        (
            Waiting(
                booking=row.id,
                asked_at=row.asked_at,
                asked_on=london_day(row.asked_at),
                need=wanted[row.staff_id],
                passed_over=booking.passed_over((row.asked_at, row.id), seated),
            )
            for row in waiting
        ),
        on=on,
    )


def free_seats(session: Session, course_date: CourseDate) -> int:
    """Seats that nobody holds; one that is offered is held."""
    taken = select(func.count()).where(
        Booking.course_date_id == course_date.id, Booking.state.in_(TAKES_A_SEAT)
    )
    return max(course_date.seats - session.scalars(taken).one(), 0)


def sitting_of(course_date: CourseDate, title: str) -> Sitting:
    """When a course date is held."""
    days = Period(london_day(course_date.starts_at), london_day(course_date.ends_at))
    return Sitting(title, course_date.starts_at, course_date.ends_at, days)


def _taught(session: Session, course_id: int) -> dict[str, int | None]:
    """Competency code → level that the course gives; None: the competency's own."""
    rows = session.execute(
        select(CompetencyRow.code, CourseGrant.level)
        .join(CourseGrant, CourseGrant.competency_id == CompetencyRow.id)
        .where(CourseGrant.course_id == course_id)
    )
    return dict(rows.all())


def _codes(session: Session, staff_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(Staff.id, Staff.code).where(Staff.id.in_(staff_ids)).order_by(Staff.id))
    return dict(rows.all())


def _need(
    facts: Workforce,
    person: Person,
    taught: Mapping[str, int | None],
    lines: Iterable[CoverLine],
    on: date,
) -> Need:
    found = Need()
    for line in lines:
        row = line.requirement
        if not in_scope(person, row, line.service, on=on):
            continue
        held = facts.holding(person.code, row.competency)
        verdict = standing(held, level=row.level, on=on)
        if verdict.standing.compliant:
            ends = [day for day in (found.runs_out_on, verdict.valid_to) if day is not None]
            found = replace(found, runs_out_on=min(ends, default=None))
        elif line.shortfall and _mends(held, verdict.standing, taught[row.competency], row.level, on):
            found = _worse(found, line)
    return found


def _worse(found: Need, line: CoverLine) -> Need:
    hard_stop = line.shortfall if line.requirement.hard_stop else 0
    if (hard_stop, line.shortfall) <= (found.hard_stop, found.shortfall):
        return found
    return replace(
        found,
        hard_stop=max(hard_stop, found.hard_stop),
        shortfall=max(line.shortfall, found.shortfall),
        service=line.service,
        competency=line.requirement.competency,
    )


def _mends(held: Holding, now: Standing, gives: int | None, level: int, on: date) -> bool:
    """Would the course's learning bring the person nearer to the level: not where only the sign-off is
    missing, where a stop stands in the way, or where the course gives too little."""
    competency = held.competency
    if now in (Standing.EXEMPT, Standing.SUSPENDED) or not competency.needs_learning:
        return False
    if competency.needs_sign_off:
        return not held.evidence.has_learning(on)
    return _reaches(competency, competency.learning_level if gives is None else gives, level)


def _reaches(competency: Competency, gives: int, level: int) -> bool:
    return gives >= level if competency.cumulative else gives == level


def _holds(held: Holding, level: int, sitting: Sitting, on: date) -> bool:
    return held.evidence.satisfies(level, sitting.days.starts_on) and not suspended(held, on=on)


def _other_sittings(
    session: Session, course_date: CourseDate, staff_ids: Collection[int]
) -> defaultdict[int, list[Sitting]]:
    at_that_time = (
        CourseDate.id != course_date.id,
        CourseDate.cancelled_at.is_(None),
        CourseDate.starts_at < course_date.ends_at,
        CourseDate.ends_at > course_date.starts_at,
    )
    rows = session.execute(
        select(Booking.staff_id, CourseDate, Course.title)
        .join(CourseDate, CourseDate.id == Booking.course_date_id)
        .join(Course, Course.id == CourseDate.course_id)
        .where(
            Booking.staff_id.in_(staff_ids),
            Booking.state.in_((BookingState.OFFERED, BookingState.BOOKED)),
            *at_that_time,
        )
        .order_by(CourseDate.starts_at)
    )
    taught = session.execute(
        select(CourseDate.trainer_id, CourseDate, Course.title)
        .join(Course, Course.id == CourseDate.course_id)
        .where(CourseDate.trainer_id.in_(staff_ids), *at_that_time)
        .order_by(CourseDate.starts_at)
    )
    found: defaultdict[int, list[Sitting]] = defaultdict(list)
    for staff_id, other, title in [*rows, *taught]:
        found[staff_id].append(sitting_of(other, title))
    return found
