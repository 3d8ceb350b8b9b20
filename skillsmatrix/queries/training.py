"""Course dates and bookings as pages show them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.booking import TAKES_A_SEAT, BookingState
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import (
    Account,
    AccountGrant,
    Booking,
    Competency,
    Course,
    CourseDate,
    CourseGrant,
    CoursePrerequisite,
    EarlierVersion,
    Staff,
)
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.people import folded


@dataclass(frozen=True, slots=True)
class DateLine:
    """One course date. `taken`: seats that are held, offers included. Money in pence."""

    id: int
    course: str
    title: str
    trainer: str | None
    trainer_name: str | None
    starts_at: datetime
    ends_at: datetime
    place: str | None
    link: str | None
    seats: int
    minimum: int
    seat_pence: int
    run_pence: int
    cut_off_on: date | None
    cancelled_reason: str | None
    called_off: bool
    taken: int
    waiting: int

    @property
    def free(self) -> int:
        return max(self.seats - self.taken, 0)

    def takes_bookings(self, *, at: datetime) -> bool:
        """Not called off, not begun, and not past the cut-off."""
        past = self.cut_off_on is not None and london_day(at) > self.cut_off_on
        return not (self.called_off or self.starts_at <= at or past)


@dataclass(frozen=True, slots=True)
class BookingLine:
    """One person on a course date; `reason` as `operations/seats.py` keeps it, or as somebody gave it."""

    id: int
    staff_id: int
    staff: str
    name: str
    state: BookingState
    asked_at: datetime
    offered_until: datetime | None
    reason: str | None
    override: bool

    def offer_stands(self, *, at: datetime) -> bool:
        """Is the seat offered, and can it still be taken."""
        until = self.offered_until
        return self.state is BookingState.OFFERED and until is not None and until > at


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course. `gives`: (competency code, title, level, months; None: the competency's own);
    `asks_first`: (number of the prerequisite, title of the competency, level)."""

    id: int
    code: str
    title: str
    provider: str | None
    mode: str | None
    hours: float | None
    fee_pence: int | None
    capacity: int | None
    gives: tuple[tuple[str, str, int | None, int | None], ...]
    asks_first: tuple[tuple[int, str, int], ...]


def date_lines(
    session: Session, *, from_at: datetime, course: str | None = None, past: bool = False
) -> list[DateLine]:
    """Dates that end after the instant, soonest first; or, `past`, those that have ended, latest first."""
    statement = _dates()
    if past:
        statement = statement.where(CourseDate.ends_at <= from_at).order_by(CourseDate.ends_at.desc())
    else:
        statement = statement.where(CourseDate.ends_at > from_at).order_by(CourseDate.starts_at)
    if course is not None:
        statement = statement.where(Course.code == course)
    return [_date(*row) for row in session.execute(statement)]


def open_registers(
    session: Session, *, since: datetime, until: datetime, trainer: str | None = None
) -> list[DateLine]:
    """Dates that ended between the two and on which somebody still stands as booked, the oldest first.

    `trainer`: only the dates of this member of staff.
    """
    unentered = select(Booking.course_date_id).where(Booking.state == BookingState.BOOKED)
    statement = _dates().where(
        CourseDate.ends_at > since,
        CourseDate.ends_at <= until,
        CourseDate.cancelled_at.is_(None),
        CourseDate.id.in_(unentered),
    )
    if trainer is not None:
        teacher = select(Staff.id).where(Staff.code == trainer)
        statement = statement.where(CourseDate.trainer_id.in_(teacher))
    return [_date(*row) for row in session.execute(statement.order_by(CourseDate.ends_at))]


def date_line(session: Session, number: int) -> DateLine | None:
    """The course date with this number; None when there is none."""
    found = session.execute(_dates().where(CourseDate.id == number)).one_or_none()
    return None if found is None else _date(*found)


def booking_lines(session: Session, number: int) -> list[BookingLine]:
    """Everybody who ever asked for a seat on a date, by name."""
    rows = session.execute(
        select(Booking, Staff)
        .join(Staff, Staff.id == Booking.staff_id)
        .where(Booking.course_date_id == number)
    )
    return sorted(
        (_booking(booking, person) for booking, person in rows), key=lambda each: each.name.casefold()
    )


def own_bookings(session: Session, staff: str, *, from_at: datetime) -> list[tuple[DateLine, BookingLine]]:
    """A person's seats, offers and places on lists on dates still to come, soonest first."""
    rows = session.execute(
        select(Booking, Staff)
        .join(Staff, Staff.id == Booking.staff_id)
        .join(CourseDate, CourseDate.id == Booking.course_date_id)
        .where(
            Staff.code == staff,
            CourseDate.ends_at > from_at,
            Booking.state.in_((BookingState.WAITING, BookingState.OFFERED, BookingState.BOOKED)),
        )
    )
    bookings = {booking.course_date_id: _booking(booking, person) for booking, person in rows}
    dates = session.execute(_dates().where(CourseDate.id.in_(list(bookings))).order_by(CourseDate.starts_at))
    return [(line, bookings[line.id]) for line in (_date(*row) for row in dates)]


def course_lines(session: Session, code: str | None = None) -> list[CourseLine]:
    """Every course by title, or the one with this code."""
    statement = select(Course) if code is None else select(Course).where(Course.code == code)
    of_grant = select(
        CourseGrant.course_id, Competency.code, Competency.title, CourseGrant.level, CourseGrant.valid_months
    )
    gives = _listed(session, of_grant.join(Competency, Competency.id == CourseGrant.competency_id))
    asked = CoursePrerequisite
    of_prerequisite = select(asked.course_id, asked.id, Competency.title, asked.level)
    asks = _listed(session, of_prerequisite.join(Competency, Competency.id == asked.competency_id))
    found = [
        CourseLine(
            id=row.id,
            code=row.code,
            title=row.title,
            provider=row.provider,
            mode=row.mode,
            hours=row.hours,
            fee_pence=row.fee_pence,
            capacity=row.capacity,
            gives=gives.get(row.id, ()),
            asks_first=asks.get(row.id, ()),
        )
        for row in session.scalars(statement)
    ]
    return sorted(found, key=lambda each: each.title.casefold())


def trainers(session: Session, *, on: date) -> list[tuple[str, str]]:
    """(staff code, name) of those trusted with teaching on the day, by name."""
    rows = session.scalars(
        select(Staff)
        .join(Account, Account.staff_id == Staff.id)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(
            AccountGrant.role == AccessRole.TRAINER.value,
            AccountGrant.from_on <= on,
            or_(AccountGrant.to_on.is_(None), AccountGrant.to_on >= on),
            Account.disabled_at.is_(None),
        )
        .distinct()
    )
    return sorted(((row.code, row.name) for row in rows), key=lambda each: each[1].casefold())


def planned_by(session: Session, number: int) -> str | None:
    """The signature of whoever planned the date; a change signs the row anew, the first version keeps it."""
    first = session.scalar(
        select(EarlierVersion.recorded_by)
        .where(EarlierVersion.table_name == "course_dates", EarlierVersion.row_id == number)
        .order_by(EarlierVersion.id)
        .limit(1)
    )
    return first or session.scalar(select(CourseDate.recorded_by).where(CourseDate.id == number))


def course_date_row(session: Session, number: int) -> CourseDate:
    """The stored row, for the rules that look at seats."""
    return session.get_one(CourseDate, number)


def staff_ids(session: Session, codes: Collection[str]) -> dict[str, int]:
    """Staff code → id, for those there are."""
    rows = session.execute(select(Staff.code, Staff.id).where(Staff.code.in_(list(codes))))
    return dict(rows.all())


def competency_ids(session: Session) -> dict[str, int]:
    """Competency code → id."""
    return dict(session.execute(select(Competency.code, Competency.id)).all())


def _dates() -> Select[Any]:
    trainer = aliased(Staff)
    seats = (
        select(
            Booking.course_date_id,
            func.sum(case((Booking.state.in_(TAKES_A_SEAT), 1), else_=0)).label("taken"),
            func.sum(case((Booking.state == BookingState.WAITING, 1), else_=0)).label("waiting"),
        )
        .group_by(Booking.course_date_id)
        .subquery()
    )
    return (
        select(CourseDate, Course, trainer, seats.c.taken, seats.c.waiting)
        .join(Course, Course.id == CourseDate.course_id)
        .outerjoin(trainer, trainer.id == CourseDate.trainer_id)
        .outerjoin(seats, and_(seats.c.course_date_id == CourseDate.id))
    )


def _date(
    row: CourseDate, course: Course, trainer: Staff | None, taken: int | None, waiting: int | None
) -> DateLine:
    return DateLine(
        id=row.id,
        course=course.code,
        title=course.title,
        trainer=trainer.code if trainer else None,
        trainer_name=trainer.name if trainer else None,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        link=row.link,
        seats=row.seats,
        minimum=row.minimum,
        seat_pence=row.seat_pence,
        run_pence=row.run_pence,
        cut_off_on=row.cut_off_on,
        cancelled_reason=row.cancelled_reason,
        called_off=row.cancelled_at is not None,
        taken=int(taken or 0),
        waiting=int(waiting or 0),
    )


def _booking(row: Booking, person: Staff) -> BookingLine:
    return BookingLine(
        id=row.id,
        staff_id=person.id,
        staff=person.code,
        name=person.name,
        state=BookingState(row.state),
        asked_at=row.asked_at,
        offered_until=row.offered_until,
        reason=row.reason,
        override=row.override,
    )


def _listed(session: Session, statement: Any) -> Mapping[int, tuple[Any, ...]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for course_id, *values in session.execute(statement.order_by(Competency.title)):
        found.setdefault(course_id, []).append(tuple(values))
    return {course_id: tuple(rows) for course_id, rows in found.items()}


def bookable(
    session: Session, within: Reach, *, search: str, on: date, most: int
) -> list[tuple[int, str, str]]:
    """(id, code, name) of the people within reach who are employed on the day and match, by name.

    At most so many and one more, so that the caller sees that there are others.
    """
    statement = (
        select(Staff)
        .where(
            within.narrow(Staff.code.expression),
            Staff.employed_from <= on,
            or_(Staff.employed_to.is_(None), Staff.employed_to >= on),
        )
        .order_by(Staff.family_name, Staff.given_name, Staff.code)
    )
    found = []
    wanted = folded(search).split()
    for row in session.scalars(statement):
        words = folded(f"{row.name} {row.code}")
        if all(part in words for part in wanted):
            found.append((row.id, row.code, row.name))
        if len(found) > most:
            break
    return found
