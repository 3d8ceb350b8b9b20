"""Completions: recorded, corrected, voided. Conclusions follow in the same transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Claim, Learning
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.versions import correct, earlier_version, record, values_of
from skillsmatrix.queries.rules import length_to_state

CORRECTED = ("completed_on", "level", "course_id", "provider", "reference", "valid_months")


class LearningRefused(Exception):
    """The completion cannot be recorded so; `about` names the fact that is wrong."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


class CompletedInFuture(LearningRefused):
    """Nobody has completed anything tomorrow."""


class AlreadyRecorded(LearningRefused):
    """The same completion, with the same reference, is there already (domain S11)."""


def record_learning(
    session: Session,
    *,
    staff_id: int,
    competency_id: int,
    completed_on: date,
    by: str,
    at: datetime,
    level: int | None = None,
    course_id: int | None = None,
    provider: str | None = None,
    reference: str = "",
    valid_months: int | None = None,
    refreshing: bool = True,
) -> int:
    """Record one completion; returns its id. Raises CompletedInFuture, AlreadyRecorded.

    `refreshing` False: the caller records several and refreshes once at the end.
    """
    _check(session, staff_id, competency_id, completed_on, reference, at=at)
    limit = length_to_state(
        session,
        competency_id=competency_id,
        completed_on=completed_on,
        course_id=course_id,
        of_record=valid_months,
    )
    fact = Learning(
        staff_id=staff_id,
        competency_id=competency_id,
        completed_on=completed_on,
        level=level,
        course_id=course_id,
        provider=provider,
        reference=reference,
        valid_months=valid_months if limit is None else limit,
    )
    learning_id = record(session, fact, "learning_recorded", by=by, at=at, staff_id=staff_id)
    if refreshing:
        refresh(session, staff_ids=[staff_id], competency_ids=[competency_id], by=by, at=at)
    return learning_id


def correct_learning(
    session: Session, *, learning_id: int, values: Mapping[str, Any], reason: str, by: str, at: datetime
) -> bool:
    """Correct a completion, keeping the earlier version; False when nothing differs.

    `values`: of the columns in CORRECTED. Raises CompletedInFuture, AlreadyRecorded.
    """
    fact = session.get_one(Learning, learning_id)
    wanted = {name: values[name] for name in CORRECTED if name in values}
    completed_on = wanted.get("completed_on", fact.completed_on)
    reference = wanted.get("reference", fact.reference)
    _check(session, fact.staff_id, fact.competency_id, completed_on, reference, at=at, apart_from=fact.id)
    changed = correct(
        session, fact, wanted, "learning_corrected", by=by, at=at, reason=reason, staff_id=fact.staff_id
    )
    if changed:
        refresh(session, staff_ids=[fact.staff_id], competency_ids=[fact.competency_id], by=by, at=at)
    return changed


def void_learning(
    session: Session,
    *,
    learning_id: int,
    reason: str,
    by: str,
    at: datetime,
    refreshing: bool = True,
) -> None:
    """Take back a completion that never was: what it said, and why it went, stays readable.

    A claim that it was accepted from loses its tie to it. `refreshing` as in `record_learning`.
    """
    fact = session.get_one(Learning, learning_id)
    staff_id, competency_id = fact.staff_id, fact.competency_id
    claims = session.scalars(select(Claim).where(Claim.learning_id == learning_id))
    for claim in claims.all():
        values = {"learning_id": None}
        correct(session, claim, values, "claim_untied", by=by, at=at, reason=reason, staff_id=staff_id)
    before = values_of(fact)
    session.add(earlier_version("learning", before, by=by, at=at, reason=reason))
    session.delete(fact)
    session.flush()
    audit(
        session,
        "learning_voided",
        by=by,
        at=at,
        subject=("learning", learning_id),
        staff_id=staff_id,
        before=before,
        after={"reason": reason},
    )
    if refreshing:
        refresh(session, staff_ids=[staff_id], competency_ids=[competency_id], by=by, at=at)


def _check(
    session: Session,
    staff_id: int,
    competency_id: int,
    completed_on: date,
    reference: str,
    *,
    at: datetime,
    apart_from: int | None = None,
) -> None:
    if completed_on > london_day(at):
        raise CompletedInFuture("completed_on")
    same = session.scalar(
        select(Learning.id).where(
            Learning.staff_id == staff_id,
            Learning.competency_id == competency_id,
            Learning.completed_on == completed_on,
            Learning.reference == reference,
        )
    )
    if same is not None and same != apart_from:
        raise AlreadyRecorded("reference")
