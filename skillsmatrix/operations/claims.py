"""Learning done elsewhere: claimed, accepted or refused by a named person or by an agreed rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.prior_learning import Agreement, accepted_by_rule
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Claim, Equivalence
from skillsmatrix.operations.learning import CompletedInFuture, record_learning
from skillsmatrix.operations.uploads import StoredFile, record_upload
from skillsmatrix.operations.versions import correct, record
from skillsmatrix.queries.claims import doubts, judged, observed


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What is claimed: the competency, and what the certificate says. Blank `reference`: it has none."""

    competency_id: int
    completed_on: date
    title: str
    provider: str
    reference: str = ""
    level: int | None = None
    valid_months: int | None = None


class ClaimRefused(Exception):
    """It cannot be done as things stand."""


class NotForOneself(ClaimRefused):
    """Nobody decides about their own learning, nor about a claim they entered themself."""


class Decided(ClaimRefused):
    """Somebody has decided it already."""


class NoReason(ClaimRefused):
    """A refusal says why; an acceptance answers both questions."""


class NeedsObservation(ClaimRefused):
    """The agreement counts it only after an observation here, and none is on record."""


def claim_learning(
    session: Session,
    claimed: Claimed,
    *,
    staff_id: int,
    by: str,
    at: datetime,
    evidence: StoredFile | None = None,
) -> int:
    """Claim learning done elsewhere for a person; returns the claim's id. Raises CompletedInFuture.

    An agreement that fits is noted. It accepts the claim by itself when it asks for no observation, the
    evidence is there, and nothing about it is doubtful; otherwise the claim waits for a named person.
    """
    if claimed.completed_on > london_day(at):
        raise CompletedInFuture("completed_on")
    upload_id = None
    if evidence is not None:
        upload_id = record_upload(session, evidence, staff_id=staff_id, by=by, at=at)
    claim = Claim(
        staff_id=staff_id,
        competency_id=claimed.competency_id,
        completed_on=claimed.completed_on,
        title=claimed.title,
        provider=claimed.provider,
        reference=claimed.reference,
        level=claimed.level,
        valid_months=claimed.valid_months,
        upload_id=upload_id,
        state="waiting",
    )
    claim_id = record(session, claim, "learning_claimed", by=by, at=at, staff_id=staff_id)
    found = judged(session, claim)
    if found.agreement is not None:
        values = {"equivalence_id": found.agreement.id}
        correct(session, claim, values, "agreement_found", by=by, at=at, reason=None, staff_id=staff_id)
    wary = doubts(session, claim, on=london_day(at))
    if accepted_by_rule(found.agreement, found.worth, doubts=wary, on=london_day(at)):
        _accept(session, claim, found.worth.level, found.worth.months, by=_rule(found.agreement), at=at)
    return claim_id


def accept_claim(
    session: Session,
    *,
    claim_id: int,
    decider_staff_id: int | None,
    recent_enough: bool,
    equal_standard: bool,
    by: str,
    at: datetime,
    level: int | None = None,
    note: str = "",
) -> int:
    """Accept a claim; it becomes learning from the day it was completed. Returns the learning's id.

    Both questions are answered with yes by whoever decides (domain L8): is it recent enough, and of equal
    standard. `level` wins over the claim's where no agreement states one. Raises ClaimRefused,
    AlreadyRecorded.
    """
    claim = _open_claim(session, claim_id, decider_staff_id, by=by)
    if not (recent_enough and equal_standard):
        raise NoReason
    found = judged(session, claim)
    if found.agreement is not None and found.agreement.needs_observation and not observed(session, claim):
        raise NeedsObservation
    counted = found.worth.level if found.agreement is not None else level or found.worth.level
    reason = "; ".join(part for part in ("recent enough; equal standard", note.strip()) if part)
    return _accept(session, claim, counted, found.worth.months, by=by, at=at, reason=reason)


def refuse_claim(
    session: Session, *, claim_id: int, decider_staff_id: int | None, reason: str, by: str, at: datetime
) -> None:
    """Refuse a claim, and say why. Raises ClaimRefused."""
    claim = _open_claim(session, claim_id, decider_staff_id, by=by)
    if not reason.strip():
        raise NoReason
    values = {
        "state": "refused",
        "decided_by": by,
        "decided_at": at,
        "decision_reason": reason.strip(),
    }
    correct(session, claim, values, "claim_refused", by=by, at=at, reason=reason, staff_id=claim.staff_id)


def agree_equivalence(
    session: Session,
    *,
    provider: str,
    title: str,
    competency_id: int,
    level: int,
    valid_months: int | None,
    needs_observation: bool,
    in_force_from: date,
    by: str,
    at: datetime,
) -> int:
    """Agree that another provider's course counts as ours; returns the agreement's id.

    Agreed again with the same first day, it is corrected. What was accepted under it stays as it is.
    """
    values = {"level": level, "valid_months": valid_months, "needs_observation": needs_observation}
    key = {"provider": provider, "title": title, "competency_id": competency_id}
    same = session.scalar(select(Equivalence).filter_by(**key, in_force_from=in_force_from))
    if same is not None:
        correct(session, same, values, "equivalence_corrected", by=by, at=at, reason=None)
        return same.id
    fact = Equivalence(**key, **values, in_force_from=in_force_from)
    return record(session, fact, "equivalence_agreed", by=by, at=at)


def end_equivalence(session: Session, *, equivalence_id: int, last_on: date, by: str, at: datetime) -> None:
    """Let an agreement end after a day, for training completed later; not before it began."""
    fact = session.get_one(Equivalence, equivalence_id)
    values = {"in_force_to": max(last_on, fact.in_force_from)}
    correct(session, fact, values, "equivalence_ended", by=by, at=at, reason=None)


def _open_claim(session: Session, claim_id: int, decider_staff_id: int | None, *, by: str) -> Claim:
    claim = session.get_one(Claim, claim_id)
    if claim.state != "waiting":
        raise Decided
    if claim.staff_id == decider_staff_id or claim.recorded_by == by:
        raise NotForOneself
    return claim


def _rule(agreement: Agreement | None) -> str:
    return f"rule:equivalence:{agreement.id}" if agreement else "rule"


def _accept(
    session: Session,
    claim: Claim,
    level: int | None,
    months: int | None,
    *,
    by: str,
    at: datetime,
    reason: str | None = None,
) -> int:
    learning_id = record_learning(
        session,
        staff_id=claim.staff_id,
        competency_id=claim.competency_id,
        completed_on=claim.completed_on,
        level=level,
        provider=claim.provider,
        reference=claim.reference,
        valid_months=months,
        by=by,
        at=at,
    )
    values: Mapping[str, Any] = {
        "state": "accepted",
        "decided_by": by,
        "decided_at": at,
        "decision_reason": reason,
        "learning_id": learning_id,
    }
    correct(session, claim, values, "claim_accepted", by=by, at=at, reason=reason, staff_id=claim.staff_id)
    return learning_id
