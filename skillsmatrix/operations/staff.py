"""People: somebody starts, what is recorded about their employment is corrected, somebody leaves."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.models import Post, Staff
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.keeping import KeepingRefused, amend, found, take_back
from skillsmatrix.operations.posts import PostPlan, record_post
from skillsmatrix.operations.versions import correct, record


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPlan:
    """Who somebody is at work, and from when they are employed."""

    given_name: str | None
    family_name: str
    work_email: str | None
    employer_id: int
    employed_from: date


class CodeTaken(KeepingRefused):
    """Somebody else has this staff code; people are matched by it (domain P4)."""

    about = "code"


class StartsAfterLeaving(KeepingRefused):
    """The employment would begin after its last day."""

    about = "employed_from"


class LeavesBeforeStarting(KeepingRefused):
    """The last day is before the first day of the employment."""

    about = "employed_to"


def add_starter(
    session: Session, *, code: str, person: PersonPlan, post: PostPlan, by: str, at: datetime
) -> int:
    """Add a person with their first post; returns the staff id. Raises KeepingRefused."""
    if session.scalar(select(Staff.id).where(Staff.code == code)) is not None:
        raise CodeTaken
    fact = Staff(code=code, employed_to=None, **asdict(person))
    staff_id = record(session, fact, "person_added", by=by, at=at)
    record_post(session, staff_id=staff_id, plan=post, by=by, at=at)
    return staff_id


def correct_person(
    session: Session,
    *,
    staff_id: int,
    person: PersonPlan,
    version: datetime,
    reason: str,
    by: str,
    at: datetime,
) -> bool:
    """Correct what is recorded about a person; False when nothing differs. The staff code never changes.

    Raises StartsAfterLeaving, ChangedMeanwhile.
    """
    fact = found(session, Staff, staff_id, version=version)
    if fact.employed_to is not None and fact.employed_to < person.employed_from:
        raise StartsAfterLeaving
    return amend(
        session,
        fact,
        asdict(person),
        "person_corrected",
        staff_id=staff_id,
        reason=reason,
        by=by,
        at=at,
    )


def mark_leaver(
    session: Session,
    *,
    staff_id: int,
    employed_to: date,
    version: datetime,
    reason: str,
    by: str,
    at: datetime,
) -> None:
    """A person leaves: their employment and every post end on the day; posts planned for later go.

    Where another last day stood before, the posts that ended on it move along. What they did, signed and
    taught stays. Raises LeavesBeforeStarting, ChangedMeanwhile.
    """
    fact = found(session, Staff, staff_id, version=version)
    before = fact.employed_to
    if employed_to < fact.employed_from:
        raise LeavesBeforeStarting
    values = {"employed_to": employed_to}
    amend(
        session,
        fact,
        values,
        "leaver_marked",
        staff_id=staff_id,
        reason=reason,
        by=by,
        at=at,
    )
    posts = session.scalars(select(Post).where(Post.staff_id == staff_id).order_by(Post.id)).all()
    for post in posts:
        if post.starts_on > employed_to:
            take_back(
                session,
                post,
                "post_taken_back",
                staff_id=staff_id,
                reason=reason,
                by=by,
                at=at,
            )
        elif post.ends_on is None or post.ends_on > employed_to or post.ends_on == before:
            ends = {"ends_on": employed_to}
            correct(session, post, ends, "post_ended", by=by, at=at, reason=reason, staff_id=staff_id)
    refresh(session, staff_ids=[staff_id], by=by, at=at)


def take_back_leaving(
    session: Session, *, staff_id: int, version: datetime, reason: str, by: str, at: datetime
) -> bool:
    """A person stays after all: the employment is open again; posts that ended are given back one by one.

    Raises ChangedMeanwhile.
    """
    fact = found(session, Staff, staff_id, version=version)
    return amend(
        session,
        fact,
        {"employed_to": None},
        "leaving_taken_back",
        staff_id=staff_id,
        reason=reason,
        by=by,
        at=at,
    )
