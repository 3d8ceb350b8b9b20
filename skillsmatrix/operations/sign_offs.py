"""Sign-offs: given, countersigned and withdrawn; conclusions follow in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.sign_off_reviews import close_review, open_review
from skillsmatrix.operations.versions import correct, record
from skillsmatrix.queries.assessments import assessors, waiting_for_countersign
from skillsmatrix.queries.sign_offs import open_reviews_of

RECIPROCAL = "Each signed the other off on the same day"


class SignOffRefused(Exception):
    """The decision cannot be taken so; `about` names the fact that is wrong."""

    def __init__(self, about: str, reasons: Sequence[Refusal] = ()) -> None:
        super().__init__(about)
        self.about = about
        self.reasons = tuple(reasons)


class NotWaiting(SignOffRefused):
    """Nothing waits for a second signature here: it was given, or more has to be seen first."""


class SecondSignatureOfTheSame(SignOffRefused):
    """The second signature is somebody else's: neither the assessor's nor the person's."""


class AlreadyWithdrawn(SignOffRefused):
    """The sign-off was withdrawn before; what was said then stands."""


class WithdrawnThatDay(SignOffRefused):
    """The assessor's own sign-off of that day was withdrawn: a new one needs another day or assessor (S8)."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the record; `reciprocal`: the two signed each other off on the same day."""

    sign_off_id: int
    reciprocal: bool = False


def record_decision(
    session: Session, assessment: Assessment, *, assessed_on: date, by: str, at: datetime
) -> Decision:
    """Turn an assessment into a decision of the record.

    The assessor's second decision of the same day replaces the first, which stays readable; a "not yet" at a
    higher level leaves a sign-off of that day alone. Raises WithdrawnThatDay.
    """
    fact = _decision_of_the_day(session, assessment, assessed_on)
    competent = assessment.outcome == "competent"
    if fact is None:
        fact = SignOff(
            staff_id=assessment.staff_id,
            competency_id=assessment.competency_id,
            level=assessment.level,
            assessed_on=assessed_on,
            outcome=assessment.outcome,
            assessor_id=assessment.assessor_id,
        )
        record(session, fact, "sign_off_recorded", by=by, at=at, staff_id=fact.staff_id)
    elif fact.withdrawn_on is not None:
        raise WithdrawnThatDay("assessed_on")
    elif competent or fact.outcome != "competent":
        correct(
            session,
            fact,
            {"level": assessment.level, "outcome": assessment.outcome},
            "sign_off_recorded",
            by=by,
            at=at,
            reason="Assessed again",
            staff_id=fact.staff_id,
        )
    for each in _settled_by(session, assessment):
        each.sign_off_id = fact.id
    _close_requests(session, assessment, by=by, at=at)
    reciprocal = competent and _flag_reciprocal(session, fact, by=by, at=at)
    refresh(session, staff_ids=[fact.staff_id], competency_ids=[fact.competency_id], by=by, at=at)
    return Decision(fact.id, reciprocal)


def _decision_of_the_day(session: Session, assessment: Assessment, assessed_on: date) -> SignOff | None:
    return session.scalar(
        select(SignOff).where(
            SignOff.staff_id == assessment.staff_id,
            SignOff.competency_id == assessment.competency_id,
            SignOff.assessed_on == assessed_on,
            SignOff.assessor_id == assessment.assessor_id,
        )
    )


def _settled_by(session: Session, assessment: Assessment) -> list[Assessment]:
    """The observations that the decision uses up: itself, and for a sign-off the ones that led to it."""
    if assessment.outcome != "competent":
        return [assessment]
    return list(
        session.scalars(
            select(Assessment).where(
                Assessment.staff_id == assessment.staff_id,
                Assessment.competency_id == assessment.competency_id,
                Assessment.level == assessment.level,
                Assessment.outcome == "competent",
                Assessment.sign_off_id.is_(None),
            )
        )
    )


def _close_requests(session: Session, assessment: Assessment, *, by: str, at: datetime) -> None:
    """What was asked for is answered: its assessors see the person to the end of today.

    A sign-off answers every request at its level or below. A "not yet" answers what this assessor was asked
    at its level or above; the next attempt is asked for anew (decision 0016).
    """
    asked = select(AssessmentRequest).where(
        AssessmentRequest.staff_id == assessment.staff_id,
        AssessmentRequest.competency_id == assessment.competency_id,
        AssessmentRequest.ends_on.is_(None),
    )
    if assessment.outcome == "competent":
        reason, asked = "Signed off", asked.where(AssessmentRequest.level <= assessment.level)
    else:
        reason = "Assessed as not yet"
        asked = asked.where(
            AssessmentRequest.level >= assessment.level,
            AssessmentRequest.assessor_id == assessment.assessor_id,
        )
    for request in session.scalars(asked):
        correct(
            session,
            request,
            {"ends_on": london_day(at)},
            "assessment_request_closed",
            by=by,
            at=at,
            reason=reason,
            staff_id=request.staff_id,
        )


def _flag_reciprocal(session: Session, fact: SignOff, *, by: str, at: datetime) -> bool:
    """Open a review of both when the person signed the assessor off, in anything, on the same day (S5)."""
    others = session.scalars(
        select(SignOff).where(
            SignOff.staff_id == fact.assessor_id,
            SignOff.assessor_id == fact.staff_id,
            SignOff.assessed_on == fact.assessed_on,
            SignOff.outcome == "competent",
            SignOff.withdrawn_on.is_(None),
        )
    ).all()
    if others:
        for each in (fact, *others):
            if not open_reviews_of(session, [each.id]):
                open_review(session, each, RECIPROCAL, None, by=by, at=at)
    return bool(others)


def countersign(
    session: Session, *, assessment_id: int, countersigner_id: int | None, by: str, at: datetime
) -> int:
    """Give the second signature; the sign-off counts from today. Returns its id.

    The assessor has to hold the competency on this day as well, for this is the day it counts from (E4).
    Raises NotWaiting, SecondSignatureOfTheSame, SignOffRefused with the assessor's refusals.
    """
    assessment = session.get_one(Assessment, assessment_id)
    waiting = {each.assessment_id for each in waiting_for_countersign(session, staff_id=assessment.staff_id)}
    if assessment_id not in waiting:
        raise NotWaiting("assessment")
    if countersigner_id in (assessment.assessor_id, assessment.staff_id) or by == assessment.recorded_by:
        raise SecondSignatureOfTheSame("countersigner")
    on = london_day(at)
    competency = session.get_one(Competency, assessment.competency_id).code
    known = assessors(session, [assessment.assessor_id], competency=competency, on=on)
    found = refusals(
        known[assessment.assessor_id],
        candidate=session.get_one(Staff, assessment.staff_id).code,
        level=assessment.level,
        assessed_on=on,
        on=on,
    )
    if found:
        raise SignOffRefused("assessor", found)
    correct(
        session,
        assessment,
        {"countersigned_by": by, "countersigned_at": at},
        "sign_off_countersigned",
        by=by,
        at=at,
        reason=None,
        staff_id=assessment.staff_id,
    )
    return record_decision(session, assessment, assessed_on=on, by=by, at=at).sign_off_id


def withdraw_sign_off(
    session: Session, *, sign_off_id: int, withdrawn_on: date, reason: str, by: str, at: datetime
) -> None:
    """Withdraw a sign-off from a day on (the day it was given: it never counted); the row stays (S7).

    Doubts about it that are open are closed with it. Raises AlreadyWithdrawn; SignOffRefused about the day
    when that is later than today.
    """
    fact = session.get_one(SignOff, sign_off_id)
    if fact.withdrawn_on is not None:
        raise AlreadyWithdrawn("withdrawn_on")
    if not fact.assessed_on <= withdrawn_on <= london_day(at):
        raise SignOffRefused("withdrawn_on")
    correct(
        session,
        fact,
        {"withdrawn_on": withdrawn_on, "withdrawn_reason": reason},
        "sign_off_withdrawn",
        by=by,
        at=at,
        reason=reason,
        staff_id=fact.staff_id,
    )
    for review in open_reviews_of(session, [sign_off_id]):
        close_review(session, review, fact, "withdrawn", by=by, at=at)
    refresh(session, staff_ids=[fact.staff_id], competency_ids=[fact.competency_id], by=by, at=at)
