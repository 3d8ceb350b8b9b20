"""Absences: first and last day; 28 days or longer, or without an end, takes a person out of scope (R5)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from skillsmatrix.models import Absence
from skillsmatrix.operations.keeping import (
    amend,
    enter,
    found,
    require_apart,
    require_employed,
    require_order,
    take_back,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsencePlan:
    """An absence; `ends_on` is the last day away, None while the return is not known."""

    kind: str
    starts_on: date
    ends_on: date | None


def record_absence(session: Session, *, staff_id: int, plan: AbsencePlan, by: str, at: datetime) -> int:
    """Record that a person is or will be away; returns its id. Raises KeepingRefused."""
    _check(session, staff_id, plan, apart_from=None)
    absence = Absence(staff_id=staff_id, **asdict(plan))
    return enter(session, absence, "absence_recorded", staff_id=staff_id, by=by, at=at)


def correct_absence(
    session: Session,
    *,
    absence_id: int,
    plan: AbsencePlan,
    version: datetime,
    reason: str,
    by: str,
    at: datetime,
) -> bool:
    """Correct an absence, or say when it ends; False when nothing differs.

    Raises KeepingRefused, ChangedMeanwhile, Gone.
    """
    absence = found(session, Absence, absence_id, version=version)
    _check(session, absence.staff_id, plan, apart_from=absence_id)
    return amend(
        session,
        absence,
        asdict(plan),
        "absence_corrected",
        staff_id=absence.staff_id,
        reason=reason,
        by=by,
        at=at,
    )


def take_back_absence(
    session: Session, *, absence_id: int, version: datetime, reason: str, by: str, at: datetime
) -> None:
    """Take back an absence that never was. Raises ChangedMeanwhile, Gone."""
    absence = found(session, Absence, absence_id, version=version)
    take_back(
        session,
        absence,
        "absence_taken_back",
        staff_id=absence.staff_id,
        reason=reason,
        by=by,
        at=at,
    )


def _check(session: Session, staff_id: int, plan: AbsencePlan, *, apart_from: int | None) -> None:
    require_order(plan.starts_on, plan.ends_on)
    require_employed(session, staff_id, plan.starts_on)
    require_apart(
        session,
        Absence,
        Absence.staff_id == staff_id,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        apart_from=apart_from,
    )
