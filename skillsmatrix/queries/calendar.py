"""What stands in somebody's calendar feed, and whose feed an address is."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import Actor
from skillsmatrix.domain.booking import BookingState
from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.requirement import instances
from skillsmatrix.models import CalendarFeed
from skillsmatrix.queries.actors import actors
from skillsmatrix.queries.record import person_record
from skillsmatrix.queries.training import own_bookings

LOOK_BACK = timedelta(days=30)
LOOK_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Seat:
    """A course date the person is on. `sure`: the seat is theirs; otherwise it is only offered."""

    course_date: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    sure: bool
    called_off: bool


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last day on which a competency that is asked for is valid."""

    competency: str
    title: str
    on: date


@dataclass(frozen=True, slots=True)
class OwnDates:
    """One person's bookings and the ends of what they hold, by day."""

    staff: str
    seats: tuple[Seat, ...]
    last_days: tuple[LastDay, ...]


def feed_digest(token: str) -> str:
    """What is kept of the token in the address of a feed."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed_owner(session: Session, token: str, *, on: date) -> Actor | None:
    """Whose feed the token opens; None for one that is unknown or revoked, or whose account is shut."""
    account_id = session.scalar(
        select(CalendarFeed.account_id).where(
            CalendarFeed.token_hash == feed_digest(token), CalendarFeed.revoked_at.is_(None)
        )
    )
    return None if account_id is None else actors(session, on=on, account_ids=[account_id]).get(account_id)


def feed_since(session: Session, account_id: int) -> datetime | None:
    """Since when the account has a feed that works; None when it has none."""
    return session.scalar(
        select(CalendarFeed.created_at).where(
            CalendarFeed.account_id == account_id, CalendarFeed.revoked_at.is_(None)
        )
    )


def own_dates(session: Session, staff: str, *, on: date, at: datetime) -> OwnDates:
    """Bookings from a month ago on, and the ends of the year to come of what is asked for beyond them."""
    seats = [
        Seat(
            course_date=line.id,
            title=line.title,
            starts_at=line.starts_at,
            ends_at=line.ends_at,
            place=line.place or "",
            sure=booking.state is BookingState.BOOKED,
            called_off=line.called_off,
        )
        for line, booking in own_bookings(session, staff, from_at=at - LOOK_BACK)
        if booking.state is BookingState.BOOKED or booking.offer_stands(at=at)
    ]
    return OwnDates(staff, tuple(seats), tuple(_last_days(session, staff, on)))


def _last_days(session: Session, staff: str, on: date) -> list[LastDay]:
    record = person_record(session, staff, on=on, today=on)
    if record is None:
        return []
    found = []
    for point in record.required:
        end = point.verdict.valid_to if point.verdict.standing.compliant else None
        if end is None or end > on + LOOK_AHEAD:
            continue
        if point.competency.code in instances(record.person, record.facts.requirements, on=end + ONE_DAY):
            found.append(LastDay(point.competency.code, point.competency.title, end))
    return sorted(found, key=lambda each: (each.on, each.title))
