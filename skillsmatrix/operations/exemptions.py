"""Exemptions: approved by somebody else, for at most a year, and never from a hard stop (decision 0010)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import Period
from skillsmatrix.domain.exemption import latest_end, waived_hard_stops
from skillsmatrix.models import Competency, Exemption, Staff
from skillsmatrix.operations.keeping import (
    KeepingRefused,
    amend,
    enter,
    found,
    require_apart,
    require_order,
    take_back,
)
from skillsmatrix.queries.workforce import workforce


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionPlan:
    """From what, from when to when, and the restricted kind of reason (None: not stated)."""

    competency_id: int
    starts_on: date
    ends_on: date
    reason_kind: str | None


@dataclass(frozen=True, slots=True)
class Approver:
    """Who approves: the name that is kept, and their own staff record where they have one."""

    name: str
    staff_id: int | None


class OwnExemption(KeepingRefused):
    """Nobody approves an exemption for themself."""


class TooLong(KeepingRefused):
    """More than twelve months."""

    about = "ends_on"


class WaivesHardStop(KeepingRefused):
    """A hard stop asks it of the person in these days; `detail`: the requirements, by code."""

    about = "competency"


def approve_exemption(
    session: Session, *, staff_id: int, plan: ExemptionPlan, approver: Approver, by: str, at: datetime
) -> int:
    """Exempt a person from a competency for a while; returns its id. Raises KeepingRefused."""
    _check(session, staff_id, plan, approver, apart_from=None)
    exemption = Exemption(
        staff_id=staff_id,
        competency_id=plan.competency_id,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        approved_by=approver.name,
        reason_kind=plan.reason_kind,
    )
    return enter(session, exemption, "exemption_approved", staff_id=staff_id, by=by, at=at)


def correct_exemption(
    session: Session,
    *,
    exemption_id: int,
    plan: ExemptionPlan,
    approver: Approver,
    version: datetime,
    reason: str,
    by: str,
    at: datetime,
) -> bool:
    """Correct, shorten or prolong an exemption; whoever does so approves it as it then is.

    The competency stays. False when nothing differs. Raises KeepingRefused, ChangedMeanwhile, Gone.
    """
    exemption = found(session, Exemption, exemption_id, version=version)
    _check(session, exemption.staff_id, plan, approver, apart_from=exemption_id)
    values = {
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "reason_kind": plan.reason_kind,
        "approved_by": approver.name,
    }
    return amend(
        session,
        exemption,
        values,
        "exemption_corrected",
        staff_id=exemption.staff_id,
        reason=reason,
        by=by,
        at=at,
    )


def take_back_exemption(
    session: Session, *, exemption_id: int, version: datetime, reason: str, by: str, at: datetime
) -> None:
    """Take back an exemption that never was. Raises ChangedMeanwhile, Gone."""
    exemption = found(session, Exemption, exemption_id, version=version)
    take_back(
        session,
        exemption,
        "exemption_taken_back",
        staff_id=exemption.staff_id,
        reason=reason,
        by=by,
        at=at,
    )


def _check(
    session: Session, staff_id: int, plan: ExemptionPlan, approver: Approver, *, apart_from: int | None
) -> None:
    if approver.staff_id == staff_id:
        raise OwnExemption
    require_order(plan.starts_on, plan.ends_on)
    if plan.ends_on > latest_end(plan.starts_on):
        raise TooLong
    require_apart(
        session,
        Exemption,
        Exemption.staff_id == staff_id,
        Exemption.competency_id == plan.competency_id,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        apart_from=apart_from,
    )
    facts = workforce(session, staff_ids=[staff_id])
    rows = waived_hard_stops(
        facts.people[session.get_one(Staff, staff_id).code],
        facts.requirements,
        session.get_one(Competency, plan.competency_id).code,
        Period(plan.starts_on, plan.ends_on),
    )
    if rows:
        raise WaivesHardStop(detail=[row.code for row in rows])
