"""Claims of learning done elsewhere, what speaks for and against each, and the agreements with others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.prior_learning import (
    Agreement,
    Certificate,
    Doubt,
    Worth,
    agreement_for,
    worth,
)
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import (
    Account,
    Assessment,
    Claim,
    Competency,
    EarlierVersion,
    Equivalence,
    Learning,
    SignOff,
    Staff,
    Upload,
)
from skillsmatrix.queries.access import Reach

RULE = "rule:equivalence:"


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules make of a claim: the agreement that fits it, if any, and what it counts for."""

    agreement: Agreement | None
    worth: Worth


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim in a list. `number` counts the person's claims from 1; it is in the address of its page."""

    id: int
    number: int
    staff: str
    name: str
    competency: str
    competency_title: str
    title: str
    provider: str
    completed_on: date
    state: str
    recorded_at: datetime
    recorded_by: str
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The file that was handed in with a claim."""

    name: str
    given_name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One claim with everything that whoever decides needs to see.

    `learning_months`, `levelled`: of the competency. `entered_by`, `decided_by`: names; `by_rule`: the
    agreement decided.
    """

    line: ClaimLine
    reference: str
    level: int | None
    valid_months: int | None
    evidence: Evidence | None
    judged: Judged
    learning_months: int | None
    doubts: tuple[Doubt, ...]
    observed: bool
    entered_by: str
    entered_by_account: str
    decided_by: str | None
    by_rule: bool
    decided_at: datetime | None
    decision_reason: str | None


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One agreement in the list of all."""

    agreement: Agreement
    competency_title: str


def judged(session: Session, claim: Claim) -> Judged:
    """The agreement that fits a claim, and what the claim counts for by the rules L5 to L7."""
    competency = session.get_one(Competency, claim.competency_id)
    certificate = Certificate(
        provider=claim.provider,
        title=claim.title,
        competency=competency.code,
        completed_on=claim.completed_on,
        level=claim.level,
        valid_months=claim.valid_months,
    )
    found = agreement_for(certificate, (each.agreement for each in agreements(session)))
    return Judged(found, worth(certificate, found, our_months=competency.learning_months))


def doubts(session: Session, claim: Claim, *, on: date) -> tuple[Doubt, ...]:
    """What should be looked at before the claim is accepted, in the order of the list of doubts."""
    found = []
    if claim.upload_id is None:
        found.append(Doubt.NO_EVIDENCE)
    elif _same_file(session, claim):
        found.append(Doubt.SAME_FILE)
    if claim.reference and _same_reference(session, claim):
        found.append(Doubt.SAME_REFERENCE)
    if _already_recorded(session, claim):
        found.append(Doubt.ALREADY_RECORDED)
    ends = judged(session, claim).worth.valid_to
    if ends is not None and ends < on:
        found.append(Doubt.OVER_ALREADY)
    return tuple(sorted(found, key=list(Doubt).index))


def observed(session: Session, claim: Claim) -> bool:
    """Has the person been seen to be competent here since the training, as an agreement may ask."""
    seen = [
        select(func.count()).where(
            table.staff_id == claim.staff_id,
            table.competency_id == claim.competency_id,
            table.outcome == "competent",
            table.assessed_on >= claim.completed_on,
        )
        for table in (Assessment, SignOff)
    ]
    return any(session.scalars(each).one() for each in seen)


def agreements(session: Session) -> list[AgreementLine]:
    """Every agreement, by provider, title and first day."""
    rows = session.execute(
        select(Equivalence, Competency.code, Competency.title)
        .join(Competency, Competency.id == Equivalence.competency_id)
        .order_by(Equivalence.provider, Equivalence.title, Equivalence.in_force_from, Equivalence.id)
    )
    return [
        AgreementLine(
            Agreement(
                id=row.id,
                provider=row.provider,
                title=row.title,
                competency=code,
                level=row.level,
                valid_months=row.valid_months,
                needs_observation=row.needs_observation,
                in_force_from=row.in_force_from,
                in_force_to=row.in_force_to,
            ),
            title,
        )
        for row, code, title in rows
    ]


def claim_lines(
    session: Session, within: Reach, *, state: str | None = None, staff: str | None = None
) -> list[ClaimLine]:
    """Claims of the people within reach, those that wait first, then the latest first."""
    numbered = _numbered().subquery()
    statement = (
        select(Claim, numbered.c.number, Staff, Competency.code, Competency.title)
        .join(numbered, numbered.c.id == Claim.id)
        .join(Staff, Staff.id == Claim.staff_id)
        .join(Competency, Competency.id == Claim.competency_id)
        .where(within.narrow(Staff.code.expression))
        .order_by(Claim.state != "waiting", Claim.id.desc())
    )
    if state is not None:
        statement = statement.where(Claim.state == state)
    if staff is not None:
        statement = statement.where(Staff.code == staff)
    return [_line(*row) for row in session.execute(statement)]


def claim_page(session: Session, staff: str, number: int, *, on: date) -> ClaimPage | None:
    """The claim with this number among the person's; None when there is none."""
    numbered = _numbered().subquery()
    found = session.execute(
        select(Claim, numbered.c.number, Staff, Competency.code, Competency.title, Competency.learning_months)
        .join(numbered, numbered.c.id == Claim.id)
        .join(Staff, Staff.id == Claim.staff_id)
        .join(Competency, Competency.id == Claim.competency_id)
        .where(Staff.code == staff, numbered.c.number == number)
    ).one_or_none()
    if found is None:
        return None
    claim, place, person, code, title, months = found
    decided_by = claim.decided_by or ""
    names = account_names(session, [claim.recorded_by, decided_by, _entered_by(session, claim)])
    return ClaimPage(
        line=_line(claim, place, person, code, title),
        reference=claim.reference,
        level=claim.level,
        valid_months=claim.valid_months,
        evidence=_evidence(session, claim),
        judged=judged(session, claim),
        learning_months=months,
        doubts=doubts(session, claim, on=on) if claim.state == "waiting" else (),
        observed=observed(session, claim),
        entered_by=names.get(_entered_by(session, claim), ""),
        entered_by_account=_entered_by(session, claim),
        decided_by=names.get(decided_by),
        by_rule=decided_by.startswith(RULE),
        decided_at=claim.decided_at,
        decision_reason=claim.decision_reason,
    )


def account_names(session: Session, signatures: Iterable[str]) -> dict[str, str]:
    """ "account:12" → the account's name; signatures of jobs and rules are left out."""
    ids = {int(each[8:]): each for each in signatures if each.startswith("account:")}
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(list(ids))))
    return {ids[number]: name for number, name in rows}


def _numbered() -> Select[tuple[int, int]]:
    place = func.row_number().over(partition_by=Claim.staff_id, order_by=Claim.id)
    return select(Claim.id, place.label("number"))


def _line(claim: Claim, number: int, person: Staff, code: str, title: str) -> ClaimLine:
    return ClaimLine(
        id=claim.id,
        number=number,
        staff=person.code,
        name=person.name,
        competency=code,
        competency_title=title,
        title=claim.title,
        provider=claim.provider,
        completed_on=claim.completed_on,
        state=claim.state,
        recorded_at=claim.recorded_at,
        recorded_by=claim.recorded_by,
        decided_on=london_day(claim.decided_at) if claim.decided_at else None,
    )


def _evidence(session: Session, claim: Claim) -> Evidence | None:
    if claim.upload_id is None:
        return None
    upload = session.get_one(Upload, claim.upload_id)
    return Evidence(upload.name, upload.given_name, upload.media_type, upload.size)


def _entered_by(session: Session, claim: Claim) -> str:
    """Whoever entered it: a decision signs the row anew, and the first version keeps the first name."""
    first = session.scalar(
        select(EarlierVersion.recorded_by)
        .where(EarlierVersion.table_name == "claims", EarlierVersion.row_id == claim.id)
        .order_by(EarlierVersion.id)
        .limit(1)
    )
    return first or claim.recorded_by


def _same_file(session: Session, claim: Claim) -> bool:
    """The same bytes were handed in for somebody else (domain S12)."""
    own = session.get_one(Upload, claim.upload_id)
    same = select(func.count()).where(Upload.sha256 == own.sha256, Upload.id != own.id)
    return bool(session.scalars(same.where(Upload.staff_id != own.staff_id)).one())


def _same_reference(session: Session, claim: Claim) -> bool:
    """The same certificate number with the same provider for somebody else."""
    provider = func.lower(claim.provider)
    claimed = select(func.count()).where(
        Claim.reference == claim.reference,
        func.lower(Claim.provider) == provider,
        Claim.staff_id != claim.staff_id,
        Claim.state != "refused",
    )
    learnt = select(func.count()).where(
        Learning.reference == claim.reference,
        func.lower(Learning.provider) == provider,
        Learning.staff_id != claim.staff_id,
    )
    return bool(session.scalars(claimed).one() or session.scalars(learnt).one())


def _already_recorded(session: Session, claim: Claim) -> bool:
    same = select(func.count()).where(
        Learning.staff_id == claim.staff_id,
        Learning.competency_id == claim.competency_id,
        or_(
            Learning.completed_on == claim.completed_on,
            (Learning.reference == claim.reference) & (Learning.reference != ""),
        ),
    )
    return bool(session.scalars(same).one())
