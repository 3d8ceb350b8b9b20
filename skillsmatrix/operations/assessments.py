"""Assessments: asked for and recorded. What completes them becomes a sign-off in the same transaction."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.sign_off import Refusal, refusals
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import (
    Assessment,
    AssessmentRequest,
    Competency,
    SignOff,
    Staff,
)
from skillsmatrix.operations.once import once
from skillsmatrix.operations.sign_offs import record_decision
from skillsmatrix.operations.versions import correct, record
from skillsmatrix.queries.assessments import Task, assessors, task


class AssessmentRefused(Exception):
    """The assessment cannot be recorded so; `about` names the fact that is wrong."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


class AssessorRefused(AssessmentRefused):
    """The assessor may not assess this person at this level on this day; `reasons` says why."""

    def __init__(self, reasons: Sequence[Refusal]) -> None:
        super().__init__("assessor")
        self.reasons = tuple(reasons)


class AssessedInFuture(AssessmentRefused):
    """Nobody has been seen doing it tomorrow, nor before they were employed."""


class NotAssessed(AssessmentRefused):
    """The competency needs no sign-off."""


class AttemptsUsed(AssessmentRefused):
    """Three times "not yet": a manager has to reopen it first (domain S16)."""


class NotAllSeen(AssessmentRefused):
    """Competent means that everything on the list was seen."""


class NextStepsMissing(AssessmentRefused):
    """A "not yet" says what to do next."""


class SettingUnknown(AssessmentRefused):
    """The competency lists its settings, and this is none of them."""


class AlreadySignedOff(AssessmentRefused):
    """Somebody signed it off on this day or later; `sign_off_id` is the decision that stands."""

    def __init__(self, sign_off_id: int) -> None:
        super().__init__("outcome")
        self.sign_off_id = sign_off_id


class AlreadyAsked(AssessmentRefused):
    """The same assessor has been asked for the same and has not finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What an assessor saw and decided. `criteria`: the wordings that were seen."""

    level: int
    assessed_on: date
    criteria: Collection[str]
    competent: bool
    setting: str | None = None
    present: str | None = None
    next_steps: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an assessment. Neither signed off nor waiting: more observations are wanted.

    `reciprocal`: the person signed the assessor off on the same day; both are flagged for review (S5).
    """

    assessment_id: int
    sign_off_id: int | None = None
    waiting: bool = False
    reciprocal: bool = False


def record_assessment(
    session: Session,
    *,
    staff_id: int,
    competency_id: int,
    assessor_id: int,
    seen: Seen,
    key: str,
    by: str,
    at: datetime,
) -> Outcome:
    """Record one assessment and, when it completes what is asked, the sign-off; the same key only once.

    Raises AssessmentRefused in one of its kinds; then nothing is recorded.
    """

    def do() -> dict[str, object]:
        return asdict(_record(session, staff_id, competency_id, assessor_id, seen, by=by, at=at))

    return Outcome(**once(session, "assessment", key, do, by=by, at=at))


def _record(
    session: Session,
    staff_id: int,
    competency_id: int,
    assessor_id: int,
    seen: Seen,
    *,
    by: str,
    at: datetime,
) -> Outcome:
    asked = task(
        session, staff_id=staff_id, competency_id=competency_id, level=seen.level, on=seen.assessed_on
    )
    _check(session, staff_id, competency_id, assessor_id, seen, asked, on=london_day(at))
    fact = Assessment(
        staff_id=staff_id,
        competency_id=competency_id,
        level=seen.level,
        assessor_id=assessor_id,
        assessed_on=seen.assessed_on,
        setting=seen.setting or None,
        present=seen.present or None,
        criteria_seen=_criteria_seen(asked, seen.criteria),
        outcome="competent" if seen.competent else "not_yet",
        next_steps=seen.next_steps or None,
        note=seen.note or None,
    )
    record(session, fact, "assessment_recorded", by=by, at=at, staff_id=staff_id)
    if not seen.competent:
        record_decision(session, fact, assessed_on=seen.assessed_on, by=by, at=at)
        return Outcome(fact.id)
    reached = task(
        session, staff_id=staff_id, competency_id=competency_id, level=seen.level, on=seen.assessed_on
    )
    if not reached.progress.complete:
        return Outcome(fact.id)
    if reached.rules.needs_countersign:
        return Outcome(fact.id, waiting=True)
    decision = record_decision(session, fact, assessed_on=seen.assessed_on, by=by, at=at)
    return Outcome(fact.id, decision.sign_off_id, reciprocal=decision.reciprocal)


def _criteria_seen(asked: Task, seen: Collection[str]) -> str:
    """The version and its wordings, so that what was looked at stays readable when the list has changed."""
    version, wordings = asked.criteria.version, asked.criteria.wordings
    return json.dumps(
        {
            "version": version.isoformat() if version else None,
            "seen": [each for each in wordings if each in seen],
            "not_seen": [each for each in wordings if each not in seen],
        },
        ensure_ascii=False,
    )


def _check(
    session: Session,
    staff_id: int,
    competency_id: int,
    assessor_id: int,
    seen: Seen,
    asked: Task,
    *,
    on: date,
) -> None:
    """In the order in which a person would want to hear it."""
    person = session.get_one(Staff, staff_id)
    competency = session.get_one(Competency, competency_id)
    if not competency.needs_sign_off:
        raise NotAssessed("competency")
    if not person.employed_from <= seen.assessed_on <= on:
        raise AssessedInFuture("assessed_on")
    found = _refusals(session, person, competency, assessor_id, seen.level, seen.assessed_on, on=on)
    if found:
        raise AssessorRefused(found)
    standing_id = _standing_decision(session, staff_id, competency_id, seen)
    if standing_id is not None:
        raise AlreadySignedOff(standing_id)
    if asked.locked:
        raise AttemptsUsed("outcome")
    if asked.rules.settings and seen.setting not in asked.rules.settings:
        raise SettingUnknown("setting")
    if seen.competent and not set(asked.criteria.wordings) <= set(seen.criteria):
        raise NotAllSeen("criteria")
    if not seen.competent and not seen.next_steps:
        raise NextStepsMissing("next_steps")


def _refusals(
    session: Session,
    person: Staff,
    competency: Competency,
    assessor_id: int,
    level: int,
    assessed_on: date,
    *,
    on: date,
) -> list[Refusal]:
    known = assessors(session, [assessor_id], competency=competency.code, on=assessed_on)
    return refusals(known[assessor_id], candidate=person.code, level=level, assessed_on=assessed_on, on=on)


def _standing_decision(session: Session, staff_id: int, competency_id: int, seen: Seen) -> int | None:
    """A sign-off at this level or above on the day or later, not withdrawn: two at once, or twice."""
    return session.scalar(
        select(SignOff.id)
        .where(
            SignOff.staff_id == staff_id,
            SignOff.competency_id == competency_id,
            SignOff.outcome == "competent",
            SignOff.level >= seen.level,
            SignOff.assessed_on >= seen.assessed_on,
            SignOff.withdrawn_on.is_(None),
        )
        .order_by(SignOff.id)
    )


def request_assessment(
    session: Session,
    *,
    staff_id: int,
    competency_id: int,
    level: int,
    assessor_id: int,
    by: str,
    at: datetime,
    wanted_by: date | None = None,
    reopen_reason: str | None = None,
) -> int:
    """Ask somebody to assess a person; from today until it is done they may see the person. The id of it.

    `reopen_reason`: why a manager allows further attempts after three failed ones (S16). Raises NotAssessed,
    AssessorRefused, AlreadyAsked, AttemptsUsed.
    """
    on = london_day(at)
    person = session.get_one(Staff, staff_id)
    competency = session.get_one(Competency, competency_id)
    if not competency.needs_sign_off:
        raise NotAssessed("competency")
    found = _refusals(session, person, competency, assessor_id, level, on, on=on)
    if found:
        raise AssessorRefused(found)
    same = (
        AssessmentRequest.staff_id == staff_id,
        AssessmentRequest.competency_id == competency_id,
        AssessmentRequest.ends_on.is_(None),
    )
    locked = task(session, staff_id=staff_id, competency_id=competency_id, level=level, on=on).locked
    if locked and not reopen_reason:
        raise AttemptsUsed("reopen_reason")
    asked = session.scalars(select(AssessmentRequest).where(*same)).all()
    if not locked and any(each.assessor_id == assessor_id and each.level == level for each in asked):
        raise AlreadyAsked("assessor")
    fact = AssessmentRequest(
        staff_id=staff_id,
        competency_id=competency_id,
        level=level,
        assessor_id=assessor_id,
        wanted_by=wanted_by,
        starts_on=on,
        reopens=locked,
        reason=reopen_reason if locked else None,
    )
    kind = "assessment_reopened" if locked else "assessment_requested"
    return record(session, fact, kind, by=by, at=at, staff_id=staff_id)


def close_request(session: Session, *, request_id: int, by: str, at: datetime) -> bool:
    """Take a request back: the assessor sees the person to the end of today. False when it was closed."""
    request = session.get_one(AssessmentRequest, request_id)
    if request.ends_on is not None:
        return False
    return correct(
        session,
        request,
        {"ends_on": london_day(at)},
        "assessment_request_closed",
        by=by,
        at=at,
        reason="Taken back",
        staff_id=request.staff_id,
    )
