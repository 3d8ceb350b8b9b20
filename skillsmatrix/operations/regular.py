"""Work that comes round by itself: asked for by any worker that is running, once for each day or week.

A worker that was down on the Monday does the digest of the week when it is up again: late, and still one. An
installation that has never asked begins with the next Monday that comes.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.digest import digest_day
from skillsmatrix.foundation.clock import LONDON, london_day
from skillsmatrix.models import Job
from skillsmatrix.operations.digests import DIGEST_JOB
from skillsmatrix.operations.jobs import want_job

STRAYS_JOB: Final = "clear_strays"
REGULAR_JOBS: Final = (DIGEST_JOB, STRAYS_JOB)
DIGEST_HOUR: Final = time(7)  # in London: there when the working day begins
STRAYS_HOUR: Final = time(3)


def want_regular_work(session: Session, *, by: str, at: datetime) -> None:
    """Ask for what is due today and this week, and for the next of each, so that one call a day is enough."""
    today = london_day(at)
    monday = digest_day(today)
    earlier = select(Job.id).where(Job.kind == DIGEST_JOB, Job.key <= monday.isoformat())
    begun = session.scalar(earlier.limit(1)) is not None
    for week in (monday, monday + timedelta(days=7)):
        due = _london(week, DIGEST_HOUR)
        if begun or due >= at:
            want_job(session, DIGEST_JOB, week.isoformat(), by=by, at=at, not_before=due)
    for day in (today, today + timedelta(days=1)):
        want_job(session, STRAYS_JOB, day.isoformat(), by=by, at=at, not_before=_london(day, STRAYS_HOUR))


def _london(day: date, hour: time) -> datetime:
    """The instant at which it is this hour in London; whole hours after 2 exist once on every day."""
    return datetime.combine(day, hour, tzinfo=LONDON).astimezone(UTC)
