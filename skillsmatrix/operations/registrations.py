"""Entries on professional registers; without one in force the competencies that hang on it stop (S2)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.models import Registration
from skillsmatrix.operations.keeping import (
    AlreadyRecorded,
    EndsBeforeItStarts,
    amend,
    enter,
    found,
    take_back,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationPlan:
    """An entry on a register; `valid_to` None has no end."""

    body: str
    number: str | None
    registered_on: date
    valid_to: date | None


def record_registration(
    session: Session, *, staff_id: int, plan: RegistrationPlan, by: str, at: datetime
) -> int:
    """Record an entry on a register; returns its id. Raises KeepingRefused."""
    _check(session, staff_id, plan, apart_from=None)
    entry = Registration(staff_id=staff_id, **asdict(plan))
    return enter(session, entry, "registration_recorded", staff_id=staff_id, by=by, at=at)


def correct_registration(
    session: Session,
    *,
    registration_id: int,
    plan: RegistrationPlan,
    version: datetime,
    reason: str,
    by: str,
    at: datetime,
) -> bool:
    """Correct or renew an entry; False when nothing differs.

    Raises KeepingRefused, ChangedMeanwhile, Gone.
    """
    entry = found(session, Registration, registration_id, version=version)
    _check(session, entry.staff_id, plan, apart_from=registration_id)
    return amend(
        session,
        entry,
        asdict(plan),
        "registration_corrected",
        staff_id=entry.staff_id,
        reason=reason,
        by=by,
        at=at,
    )


def take_back_registration(
    session: Session, *, registration_id: int, version: datetime, reason: str, by: str, at: datetime
) -> None:
    """Take back an entry that never was. Raises ChangedMeanwhile, Gone."""
    entry = found(session, Registration, registration_id, version=version)
    take_back(
        session,
        entry,
        "registration_taken_back",
        staff_id=entry.staff_id,
        reason=reason,
        by=by,
        at=at,
    )


def _check(session: Session, staff_id: int, plan: RegistrationPlan, *, apart_from: int | None) -> None:
    if plan.valid_to is not None and plan.valid_to < plan.registered_on:
        raise EndsBeforeItStarts("valid_to")
    same = session.scalar(
        select(Registration.id).where(
            Registration.staff_id == staff_id,
            Registration.body == plan.body,
            Registration.registered_on == plan.registered_on,
        )
    )
    if same is not None and same != apart_from:
        raise AlreadyRecorded("registered_on")
