"""What is under way about some gaps: seats on courses to come, assessments asked for, dates planned.

Each question is asked once, for all people and competencies together. None of it is kept: bookings and
requests come and go while the record stays as it is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from skillsmatrix.domain.booking import BookingState
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import AssessmentRequest, Booking, Competency, Course, CourseDate, CourseGrant, Staff

Pair = tuple[str, str]  # staff code, competency code


@dataclass(frozen=True, slots=True)
class Given:
    """What attending a course gives. `level` None: the sign-off says the level, any learning will do."""

    level: int | None
    cumulative: bool

    def reaches(self, level: int) -> bool:
        """Is it enough where this level is asked."""
        if self.level is None:
            return True
        return self.level >= level if self.cumulative else self.level == level


@dataclass(frozen=True, slots=True)
class Teaching:
    """A course that grants a competency; `next_on`: its next day, None where no date is planned."""

    course: str
    given: Given
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat that is booked on a date to come of a course that grants a competency."""

    course_date: int
    day: date
    given: Given


@dataclass(frozen=True, slots=True)
class Asked:
    """An assessment that was asked for and has not been made."""

    level: int
    assessor_name: str


def teaching(
    session: Session, competencies: Collection[str], *, at: datetime
) -> Mapping[str, Sequence[Teaching]]:
    """Competency code → the courses that grant it, the one held next first, those without a date last."""
    coming = (
        select(CourseDate.course_id, func.min(CourseDate.starts_at).label("starts_at"))
        .where(CourseDate.starts_at > at, CourseDate.cancelled_at.is_(None))
        .group_by(CourseDate.course_id)
        .subquery()
    )
    rows = session.execute(
        select(Competency, CourseGrant.level, Course.code, coming.c.starts_at)
        .join(CourseGrant, CourseGrant.competency_id == Competency.id)
        .join(Course, Course.id == CourseGrant.course_id)
        .outerjoin(coming, coming.c.course_id == Course.id)
        .where(Competency.code.in_(sorted(competencies)))
        .order_by(coming.c.starts_at.is_(None), coming.c.starts_at, Course.title, Course.code)
    )
    return _together(
        (of.code, Teaching(course, _given(of, level), None if starts_at is None else london_day(starts_at)))
        for of, level, course, starts_at in rows
    )


def seats(
    session: Session, people: Collection[str], competencies: Collection[str], *, at: datetime
) -> Mapping[Pair, Sequence[Seat]]:
    """(staff, competency) → the seats these people have on dates to come, the soonest first."""
    rows = session.execute(
        select(Staff.code, Competency, CourseGrant.level, CourseDate.id, CourseDate.starts_at)
        .join(Booking, Booking.staff_id == Staff.id)
        .join(CourseDate, CourseDate.id == Booking.course_date_id)
        .join(CourseGrant, CourseGrant.course_id == CourseDate.course_id)
        .join(Competency, Competency.id == CourseGrant.competency_id)
        .where(
            Staff.code.in_(sorted(people)),
            Competency.code.in_(sorted(competencies)),
            Booking.state == BookingState.BOOKED,
            CourseDate.cancelled_at.is_(None),
            CourseDate.ends_at > at,
        )
        .order_by(CourseDate.starts_at, CourseDate.id)
    )
    return _together(
        ((staff, of.code), Seat(number, london_day(starts_at), _given(of, level)))
        for staff, of, level, number, starts_at in rows
    )


def asked(
    session: Session, people: Collection[str], competencies: Collection[str], *, on: date
) -> Mapping[Pair, Sequence[Asked]]:
    """(staff, competency) → the assessments asked for that are open on the day, the earliest first."""
    assessor = aliased(Staff)
    rows = session.execute(
        select(Staff.code, Competency.code, AssessmentRequest.level, assessor)
        .join(AssessmentRequest, AssessmentRequest.staff_id == Staff.id)
        .join(assessor, assessor.id == AssessmentRequest.assessor_id)
        .join(Competency, Competency.id == AssessmentRequest.competency_id)
        .where(
            Staff.code.in_(sorted(people)),
            Competency.code.in_(sorted(competencies)),
            AssessmentRequest.starts_on <= on,
            AssessmentRequest.ends_on.is_(None),
        )
        .order_by(AssessmentRequest.starts_on, AssessmentRequest.id)
    )
    return _together(((person, of), Asked(level, row.name)) for person, of, level, row in rows)


def _given(competency: Competency, level: int | None) -> Given:
    gives = competency.learning_level if level is None else level
    return Given(None if competency.needs_sign_off else gives, competency.cumulative)


def _together(found: Any) -> dict[Any, list[Any]]:
    listed: dict[Any, list[Any]] = {}
    for key, each in found:
        listed.setdefault(key, []).append(each)
    return listed
