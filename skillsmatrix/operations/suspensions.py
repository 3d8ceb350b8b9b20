"""A competency stopped by decision, and allowed again; the dates of the evidence stay as they are (S1)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.models import Suspension
from skillsmatrix.operations.keeping import KeepingRefused, amend, enter, found, require_apart, require_order


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionPlan:
    """What is stopped, from when, until when (None: until further notice), and why."""

    competency_id: int
    starts_on: date
    ends_on: date | None
    reason: str


class NotStopped(KeepingRefused):
    """It is allowed again by then, or was not stopped yet the day before."""

    about = "allowed_from"


class OwnSuspension(KeepingRefused):
    """Nobody lifts what was stopped for themself."""


def suspend(session: Session, *, staff_id: int, plan: SuspensionPlan, by: str, at: datetime) -> int:
    """Stop a person from using a competency; returns the id of the decision. Raises KeepingRefused."""
    require_order(plan.starts_on, plan.ends_on)
    require_apart(
        session,
        Suspension,
        Suspension.staff_id == staff_id,
        Suspension.competency_id == plan.competency_id,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        apart_from=None,
    )
    decision = Suspension(staff_id=staff_id, **asdict(plan))
    return enter(session, decision, "competency_suspended", staff_id=staff_id, by=by, at=at)


def lift_suspension(
    session: Session,
    *,
    suspension_id: int,
    allowed_from: date,
    actor_staff_id: int | None,
    version: datetime,
    reason: str,
    by: str,
    at: datetime,
) -> bool:
    """Allow it again from a day, after the first day on which it was stopped.

    Raises OwnSuspension, NotStopped, ChangedMeanwhile, Gone.
    """
    decision = found(session, Suspension, suspension_id, version=version)
    if decision.staff_id == actor_staff_id:
        raise OwnSuspension
    last_day = allowed_from - ONE_DAY
    if last_day < decision.starts_on or (decision.ends_on is not None and last_day > decision.ends_on):
        raise NotStopped
    return amend(
        session,
        decision,
        {"ends_on": last_day},
        "suspension_lifted",
        staff_id=decision.staff_id,
        reason=reason,
        by=by,
        at=at,
    )
