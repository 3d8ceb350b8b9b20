"""The life of a service: opened, given an escalation contact and a successor, closed when it is safe to."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.models import Post, Service
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.keeping import KeepingRefused, found
from skillsmatrix.operations.versions import correct
from skillsmatrix.queries.closing import closing_obstacles


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """What is laid down about a service, besides its closing. `region`: where it lies; None: not stated."""

    name: str
    opens_on: date | None
    successor_id: int | None
    escalation_contact: str | None
    region: str | None


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody named answers for closing before the successor is ready, and says why."""

    approver: str
    reason: str


class OpensAfterClosing(KeepingRefused):
    """It would open after its last day."""

    about = "opens_on"


class ClosesBeforeOpening(KeepingRefused):
    """Its last day would be before its first."""

    about = "closes_on"


class FollowsItself(KeepingRefused):
    """A service does not follow itself."""

    about = "successor"


class PeopleAttached(KeepingRefused):
    """People have neither a post elsewhere nor a leaving date (domain P15); `detail`: staff codes."""

    about = "closes_on"


class SuccessorNotOpen(KeepingRefused):
    """What follows it is not open on the day after (domain 004-d)."""

    about = "closes_on"


class SuccessorUnsafe(KeepingRefused):
    """What follows it would not meet its hard stops the day after; `detail`: the requirements, by code."""

    about = "closes_on"


def correct_service(
    session: Session,
    *,
    service_id: int,
    plan: ServicePlan,
    version: datetime,
    reason: str,
    by: str,
    at: datetime,
    refreshing: bool = True,
) -> bool:
    """Change what is laid down about a service; False when nothing differs.

    `refreshing` False: to look at what it would change, not to keep it. Raises KeepingRefused,
    ChangedMeanwhile, Gone.
    """
    service = found(session, Service, service_id, version=version)
    if plan.successor_id == service_id:
        raise FollowsItself
    if plan.opens_on and service.closes_on and service.closes_on < plan.opens_on:
        raise OpensAfterClosing
    changed = correct(session, service, asdict(plan), "service_corrected", by=by, at=at, reason=reason)
    if changed and refreshing:
        _refresh_whoever_works_there(session, service_id, by=by, at=at)
    return changed


def close_service(
    session: Session,
    *,
    service_id: int,
    closes_on: date,
    override: Override | None,
    version: datetime,
    reason: str,
    by: str,
    at: datetime,
    refreshing: bool = True,
) -> None:
    """Close a service after a day, its last; posts there that would outlast it end on that day.

    Blocked by people with nowhere to go, always; by a successor that is closed or not safe, unless somebody
    named answers for it. `refreshing` as in `correct_service`. Raises KeepingRefused, ChangedMeanwhile.
    """
    service = found(session, Service, service_id, version=version)
    if service.opens_on is not None and closes_on < service.opens_on:
        raise ClosesBeforeOpening
    in_the_way = closing_obstacles(session, service.code, closes_on=closes_on)
    if in_the_way.stranded:
        raise PeopleAttached(detail=in_the_way.stranded)
    if override is None and in_the_way.successor_closed:
        raise SuccessorNotOpen
    if override is None and in_the_way.unsafe:
        raise SuccessorUnsafe(detail=[line.requirement.code for line in in_the_way.unsafe])
    if override is not None and in_the_way.of_successor:
        reason = f"{reason} Approved before its successor is ready by {override.approver}: {override.reason}"
    correct(session, service, {"closes_on": closes_on}, "service_closed", by=by, at=at, reason=reason)
    ending = select(Post).where(Post.service_id == service_id).order_by(Post.id)
    for post in session.scalars(ending).all():
        if post.starts_on <= closes_on and (post.ends_on is None or post.ends_on > closes_on):
            correct(
                session,
                post,
                {"ends_on": closes_on},
                "post_ended",
                by=by,
                at=at,
                reason=reason,
                staff_id=post.staff_id,
            )
    if refreshing:
        _refresh_whoever_works_there(session, service_id, by=by, at=at)


def reopen_service(
    session: Session,
    *,
    service_id: int,
    version: datetime,
    reason: str,
    by: str,
    at: datetime,
    refreshing: bool = True,
) -> bool:
    """Take back that a service closes; posts that ended with it are given back one by one.

    `refreshing` as in `correct_service`. Raises ChangedMeanwhile, Gone.
    """
    service = found(session, Service, service_id, version=version)
    changed = correct(
        session, service, {"closes_on": None}, "service_closing_taken_back", by=by, at=at, reason=reason
    )
    if changed and refreshing:
        _refresh_whoever_works_there(session, service_id, by=by, at=at)
    return changed


def _refresh_whoever_works_there(session: Session, service_id: int, *, by: str, at: datetime) -> None:
    """The days of a service bear on the conclusions about those who have a post there at some time."""
    there = session.scalars(select(Post.staff_id).where(Post.service_id == service_id).distinct()).all()
    refresh(session, staff_ids=there, by=by, at=at)
