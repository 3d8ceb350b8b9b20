"""What assessments are made of: rules and criteria, what was seen so far, who may assess, who is asked to."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.sign_off import (
    AssessmentRules,
    Assessor,
    Criteria,
    Observation,
    Progress,
    Refusal,
    counts_as_supervised,
    criteria_for,
    failed_attempts,
    is_locked,
    progress,
    refusals,
)
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.models import (
    Account,
    AccountGrant,
    Assessment,
    AssessmentCriterion,
    AssessmentRequest,
    AssessmentRule,
    Competency,
    SignOff,
    Staff,
    SupervisionAgreement,
    SupervisionSession,
)
from skillsmatrix.queries.known_people import workforce_now


def rules_of(session: Session, competency_id: int) -> AssessmentRules:
    """What the competency asks of its assessments; one observation where it says nothing."""
    row = session.scalar(select(AssessmentRule).where(AssessmentRule.competency_id == competency_id))
    if row is None:
        return AssessmentRules()
    settings = tuple(line for line in (row.settings or "").splitlines() if line)
    return AssessmentRules(row.observations, settings, row.needs_countersign)


def criteria_versions(session: Session, competency_id: int) -> list[Criteria]:
    """Every version of the competency's own criteria, oldest first; may be empty."""
    rows = session.scalars(
        select(AssessmentCriterion)
        .where(AssessmentCriterion.competency_id == competency_id)
        .order_by(AssessmentCriterion.in_force_from, AssessmentCriterion.position)
    )
    versions: dict[date, list[AssessmentCriterion]] = {}
    for row in rows:
        versions.setdefault(row.in_force_from, []).append(row)
    return [
        Criteria(version, tuple(row.wording for row in found), found[0].in_force_to)
        for version, found in versions.items()
    ]


def observations(session: Session, staff_id: int, competency_id: int) -> list[Observation]:
    """All assessments of a person in a competency, those that came with a data package included."""
    made = session.scalars(
        select(Assessment).where(Assessment.staff_id == staff_id, Assessment.competency_id == competency_id)
    ).all()
    known = {row.sign_off_id for row in made}
    arrived = session.scalars(
        select(SignOff).where(SignOff.staff_id == staff_id, SignOff.competency_id == competency_id)
    )
    return [_observation(row) for row in made] + [
        Observation(
            row.recorded_at,
            row.assessed_on,
            row.level,
            row.outcome == "competent",
            settled=row.outcome == "competent",
        )
        for row in arrived
        if row.id not in known
    ]


def _observation(row: Assessment) -> Observation:
    version = json.loads(row.criteria_seen).get("version")
    return Observation(
        row.recorded_at,
        row.assessed_on,
        row.level,
        row.outcome == "competent",
        date.fromisoformat(version) if version else None,
        row.setting,
        settled=row.outcome == "competent" and row.sign_off_id is not None,
    )


def reopened_at(session: Session, staff_id: int, competency_id: int) -> list[datetime]:
    """The instants at which a manager allowed further attempts."""
    rows = session.execute(
        select(AssessmentRequest.recorded_at, AssessmentRequest.reopens).where(
            AssessmentRequest.staff_id == staff_id, AssessmentRequest.competency_id == competency_id
        )
    )
    return [asked_at for asked_at, reopens in rows if reopens]


@dataclass(frozen=True, slots=True)
class Task:
    """What there is to assess: one person, one competency, one level, on a day."""

    rules: AssessmentRules
    criteria: Criteria
    progress: Progress
    attempts: int
    locked: bool


def task(session: Session, *, staff_id: int, competency_id: int, level: int, on: date) -> Task:
    """The rules, the version of the criteria, and how far the person has come."""
    rules = rules_of(session, competency_id)
    made = observations(session, staff_id, competency_id)
    reopened = reopened_at(session, staff_id, competency_id)
    reached = progress(made, rules, level=level)
    return Task(
        rules=rules,
        criteria=criteria_for(
            criteria_versions(session, competency_id), on=on, started=reached.started_on_version
        ),
        progress=reached,
        attempts=failed_attempts(made, reopened),
        locked=is_locked(made, reopened),
    )


def assessors(
    session: Session, staff_ids: Collection[int], *, competency: str, on: date
) -> dict[int, Assessor]:
    """Staff id → what the rule needs to know about them as assessors of a competency on a day."""
    facts = workforce_now(session, staff_ids)
    supervised = _supervised_by(session, staff_ids, on=on)
    rows = session.scalars(select(Staff).where(Staff.id.in_(staff_ids)))
    return {row.id: _assessor(row, facts, competency, supervised.get(row.id, set())) for row in rows}


def _assessor(row: Staff, facts: Workforce, competency: str, supervised_by: set[str]) -> Assessor:
    return Assessor(
        code=row.code,
        employed_from=row.employed_from,
        employed_to=row.employed_to,
        holding=facts.holding(row.code, competency),
        supervised_by=frozenset(supervised_by),
    )


def _supervised_by(session: Session, staff_ids: Collection[int], *, on: date) -> dict[int, set[str]]:
    """Supervisors of these people on the day: by agreement in force, or by sessions in the year before."""
    found: dict[int, set[str]] = {}
    agreed = select(SupervisionAgreement.supervisee_id, Staff.code).where(
        SupervisionAgreement.supervisee_id.in_(staff_ids),
        Staff.id == SupervisionAgreement.supervisor_id,
        SupervisionAgreement.starts_on <= on,
        or_(SupervisionAgreement.ends_on.is_(None), SupervisionAgreement.ends_on >= on),
    )
    for supervisee, code in session.execute(agreed):
        found.setdefault(supervisee, set()).add(code)
    held = select(SupervisionSession.supervisee_id, Staff.code, SupervisionSession.held_on).where(
        SupervisionSession.supervisee_id.in_(staff_ids), Staff.id == SupervisionSession.supervisor_id
    )
    for supervisee, code, held_on in session.execute(held):
        if counts_as_supervised(held_on, on=on):
            found.setdefault(supervisee, set()).add(code)
    return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with an assessor's account, and why they may not assess this person; empty when they may."""

    staff_id: int
    code: str
    name: str
    refusals: tuple[Refusal, ...]


def candidates(session: Session, *, person: str, competency: str, level: int, on: date) -> list[Candidate]:
    """Everybody trusted as an assessor on the day, those who may assess this person first, then by name."""
    named = session.scalars(
        select(Staff)
        .join(Account, Account.staff_id == Staff.id)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(
            AccountGrant.role == AccessRole.ASSESSOR.value,
            AccountGrant.from_on <= on,
            or_(AccountGrant.to_on.is_(None), AccountGrant.to_on >= on),
            Account.disabled_at.is_(None),
        )
        .distinct()
    ).all()
    known = assessors(session, [row.id for row in named], competency=competency, on=on)
    found = [
        Candidate(
            row.id,
            row.code,
            row.name,
            tuple(refusals(known[row.id], candidate=person, level=level, assessed_on=on, on=on)),
        )
        for row in named
    ]
    return sorted(found, key=lambda each: (len(each.refusals) > 0, each.name))


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One open request: who is to be seen in what, by whom, and by when."""

    request_id: int
    staff: str
    staff_name: str
    competency: str
    title: str
    level: int
    assessor: str
    assessor_name: str
    wanted_by: date | None
    starts_on: date


def open_requests(
    session: Session, *, on: date, staff_ids: Sequence[int] | None = None, assessor: str | None = None
) -> list[RequestLine]:
    """The requests that are open, of some people or of one assessor, the most pressing first."""
    by = aliased(Staff)
    statement = (
        select(AssessmentRequest, Staff, Competency.code, Competency.title, by)
        .join(Staff, Staff.id == AssessmentRequest.staff_id)
        .join(by, by.id == AssessmentRequest.assessor_id)
        .join(Competency, Competency.id == AssessmentRequest.competency_id)
        .where(AssessmentRequest.starts_on <= on, AssessmentRequest.ends_on.is_(None))
    )
    if staff_ids is not None:
        statement = statement.where(AssessmentRequest.staff_id.in_(staff_ids))
    if assessor is not None:
        statement = statement.where(by.code == assessor)
    lines = [
        RequestLine(
            row.id,
            person.code,
            person.name,
            code,
            title,
            row.level,
            of.code,
            of.name,
            row.wanted_by,
            row.starts_on,
        )
        for row, person, code, title, of in session.execute(statement)
    ]
    return sorted(lines, key=lambda each: (each.wanted_by or date.max, each.staff_name, each.title))


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One assessment as it was made. `seen`, `not_seen`: criteria in the wording of their version."""

    assessment_id: int
    competency: str
    title: str
    level: int
    assessed_on: date
    assessor: str
    setting: str | None
    present: str | None
    version: date | None
    seen: tuple[str, ...]
    not_seen: tuple[str, ...]
    competent: bool
    next_steps: str | None
    note: str | None
    sign_off_id: int | None
    countersigned_by: str | None
    countersigned_at: datetime | None


def attempts(session: Session, staff_id: int, *, competency: str | None = None) -> list[AttemptLine]:
    """A person's assessments, the latest first; of one competency, or of all."""
    statement = (
        select(Assessment, Competency.code, Competency.title, Staff)
        .join(Competency, Competency.id == Assessment.competency_id)
        .join(Staff, Staff.id == Assessment.assessor_id)
        .where(Assessment.staff_id == staff_id)
        .order_by(Assessment.assessed_on.desc(), Assessment.id.desc())
    )
    if competency is not None:
        statement = statement.where(Competency.code == competency)
    return [_attempt(*row) for row in session.execute(statement)]


def _attempt(row: Assessment, code: str, title: str, assessor: Staff) -> AttemptLine:
    seen = json.loads(row.criteria_seen)
    return AttemptLine(
        assessment_id=row.id,
        competency=code,
        title=title,
        level=row.level,
        assessed_on=row.assessed_on,
        assessor=assessor.name,
        setting=row.setting,
        present=row.present,
        version=date.fromisoformat(seen["version"]) if seen["version"] else None,
        seen=tuple(seen["seen"]),
        not_seen=tuple(seen["not_seen"]),
        competent=row.outcome == "competent",
        next_steps=row.next_steps,
        note=row.note,
        sign_off_id=row.sign_off_id,
        countersigned_by=row.countersigned_by,
        countersigned_at=row.countersigned_at,
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """Enough was seen, and a second signature is missing. `assessment_id`: the last observation."""

    assessment_id: int
    staff: str
    staff_name: str
    competency: str
    title: str
    level: int
    assessor_id: int
    assessor_name: str
    assessed_on: date


def waiting_for_countersign(session: Session, *, staff_id: int | None = None) -> list[Waiting]:
    """Assessments that become a sign-off with a second signature, the longest waiting first."""
    by = aliased(Staff)
    unsettled = and_(Assessment.outcome == "competent", Assessment.sign_off_id.is_(None))
    statement = (
        select(Assessment, Staff, Competency.code, Competency.title, by.given_name, by.family_name)
        .join(Staff, Staff.id == Assessment.staff_id)
        .join(by, by.id == Assessment.assessor_id)
        .join(Competency, Competency.id == Assessment.competency_id)
        .where(unsettled)
        .order_by(Assessment.recorded_at, Assessment.id)
    )
    if staff_id is not None:
        statement = statement.where(Assessment.staff_id == staff_id)
    last: dict[tuple[int, int, int], Waiting] = {}
    for row, person, code, title, given, family in session.execute(statement):
        name = f"{given} {family}" if given else family
        last[row.staff_id, row.competency_id, row.level] = Waiting(
            row.id, person.code, person.name, code, title, row.level, row.assessor_id, name, row.assessed_on
        )
    return [each for key, each in last.items() if _complete(session, *key)]


def _complete(session: Session, staff_id: int, competency_id: int, level: int) -> bool:
    return progress(
        observations(session, staff_id, competency_id), rules_of(session, competency_id), level=level
    ).complete
