"""Posts: a person in a role at a service; second posts, secondments and acting up are posts of their own."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from skillsmatrix.domain.person import MOST_WTE
from skillsmatrix.models import Post, Service
from skillsmatrix.operations.keeping import (
    KeepingRefused,
    amend,
    enter,
    found,
    require_apart,
    require_employed,
    require_order,
    take_back,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPlan:
    """What is laid down about a post. Both days are counted; `ends_on` None has no end."""

    service_id: int
    role_id: int
    basis: str
    wte: float
    starts_on: date
    ends_on: date | None


class ServiceClosed(KeepingRefused):
    """The service is not open on the first day of the post."""

    about = "service"


class WteOutOfReach(KeepingRefused):
    """Less than nothing, or more than a data package may say of a post."""

    about = "wte"


def record_post(session: Session, *, staff_id: int, plan: PostPlan, by: str, at: datetime) -> int:
    """Give a person a post; returns its id. Raises KeepingRefused."""
    _check(session, staff_id, plan, apart_from=None)
    return enter(
        session, Post(staff_id=staff_id, **asdict(plan)), "post_recorded", staff_id=staff_id, by=by, at=at
    )


def correct_post(
    session: Session, *, post_id: int, plan: PostPlan, version: datetime, reason: str, by: str, at: datetime
) -> bool:
    """Correct or end a post; False when nothing differs. Raises KeepingRefused, ChangedMeanwhile, Gone."""
    post = found(session, Post, post_id, version=version)
    _check(session, post.staff_id, plan, apart_from=post_id)
    return amend(
        session,
        post,
        asdict(plan),
        "post_corrected",
        staff_id=post.staff_id,
        reason=reason,
        by=by,
        at=at,
    )


def take_back_post(
    session: Session, *, post_id: int, version: datetime, reason: str, by: str, at: datetime
) -> None:
    """Take back a post that never was. Raises ChangedMeanwhile, Gone."""
    post = found(session, Post, post_id, version=version)
    take_back(
        session,
        post,
        "post_taken_back",
        staff_id=post.staff_id,
        reason=reason,
        by=by,
        at=at,
    )


def _check(session: Session, staff_id: int, plan: PostPlan, *, apart_from: int | None) -> None:
    require_order(plan.starts_on, plan.ends_on)
    require_employed(session, staff_id, plan.starts_on)
    if not 0 <= plan.wte <= MOST_WTE:
        raise WteOutOfReach
    service = session.get_one(Service, plan.service_id)
    if service.closes_on is not None and service.closes_on < plan.starts_on:
        raise ServiceClosed
    require_apart(
        session,
        Post,
        Post.staff_id == staff_id,
        Post.service_id == plan.service_id,
        Post.role_id == plan.role_id,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        apart_from=apart_from,
    )
