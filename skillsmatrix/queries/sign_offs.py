"""Sign-offs of a person or by an assessor, and the doubts about them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from skillsmatrix.domain.sign_off import failed_attempts, is_locked
from skillsmatrix.models import Competency, SignOff, SignOffReview, Staff
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.assessments import observations, reopened_at


@dataclass(frozen=True, slots=True)
class SignOffLine:
    """One competent sign-off. `review_id`: of the doubt about it that is open; None: there is none."""

    sign_off_id: int
    staff_id: int
    staff: str
    staff_name: str
    competency: str
    title: str
    level: int
    assessed_on: date
    assessor: str
    assessor_name: str
    withdrawn_on: date | None
    withdrawn_reason: str | None
    review_id: int | None


def sign_offs(
    session: Session,
    *,
    within: Reach,
    staff: str | None = None,
    assessor: str | None = None,
    ids: Collection[int] | None = None,
) -> list[SignOffLine]:
    """Competent sign-offs of a person, by an assessor, or of these ids; the latest first.

    `within`: the people about whom they may be shown.
    """
    by = aliased(Staff)
    statement = (
        select(SignOff, Staff, Competency.code, Competency.title, by, SignOffReview.id)
        .join(Staff, Staff.id == SignOff.staff_id)
        .join(by, by.id == SignOff.assessor_id)
        .join(Competency, Competency.id == SignOff.competency_id)
        .outerjoin(
            SignOffReview, (SignOffReview.sign_off_id == SignOff.id) & SignOffReview.closed_at.is_(None)
        )
        .where(SignOff.outcome == "competent", within.narrow(Staff.code.expression))
        .order_by(SignOff.assessed_on.desc(), Staff.code, Competency.code)
    )
    if staff is not None:
        statement = statement.where(Staff.code == staff)
    if assessor is not None:
        statement = statement.where(by.code == assessor)
    if ids is not None:
        statement = statement.where(SignOff.id.in_(ids))
    return [
        SignOffLine(
            sign_off_id=row.id,
            staff_id=person.id,
            staff=person.code,
            staff_name=person.name,
            competency=code,
            title=title,
            level=row.level,
            assessed_on=row.assessed_on,
            assessor=of.code,
            assessor_name=of.name,
            withdrawn_on=row.withdrawn_on,
            withdrawn_reason=row.withdrawn_reason,
            review_id=review_id,
        )
        for row, person, code, title, of, review_id in session.execute(statement)
    ]


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A doubt that is open. `suspends`: the person must not use the competency meanwhile."""

    review_id: int
    sign_off: SignOffLine
    reason: str
    opened_at: datetime
    suspends: bool


def open_reviews(session: Session, *, within: Reach, staff: str | None = None) -> list[ReviewLine]:
    """The doubts that are open about these people's sign-offs, the oldest first."""
    rows = session.scalars(
        select(SignOffReview).where(SignOffReview.closed_at.is_(None)).order_by(SignOffReview.id)
    ).all()
    known = {
        line.sign_off_id: line
        for line in sign_offs(session, within=within, staff=staff, ids={row.sign_off_id for row in rows})
    }
    return [
        ReviewLine(row.id, known[row.sign_off_id], row.reason, row.recorded_at, row.suspension_id is not None)
        for row in rows
        if row.sign_off_id in known
    ]


def open_reviews_of(session: Session, sign_off_ids: Iterable[int]) -> list[SignOffReview]:
    """The doubts that are open about these sign-offs, as rows to be closed."""
    return list(
        session.scalars(
            select(SignOffReview).where(
                SignOffReview.sign_off_id.in_(set(sign_off_ids)), SignOffReview.closed_at.is_(None)
            )
        )
    )


@dataclass(frozen=True, slots=True)
class AssessorLine:
    """Somebody who signed people off, and how many of those sign-offs have not been withdrawn."""

    code: str
    name: str
    sign_offs: int


def signing_assessors(session: Session, *, within: Reach) -> list[AssessorLine]:
    """Everybody who signed off somebody in reach, by name."""
    person = aliased(Staff)
    rows = session.execute(
        select(Staff, func.count(SignOff.id))
        .join(SignOff, SignOff.assessor_id == Staff.id)
        .join(person, person.id == SignOff.staff_id)
        .where(
            SignOff.outcome == "competent",
            SignOff.withdrawn_on.is_(None),
            within.narrow(person.code.expression),
        )
        .group_by(Staff.id)
    )
    found = [AssessorLine(row.code, row.name, number) for row, number in rows]
    return sorted(found, key=lambda each: (each.name.casefold(), each.code))


@dataclass(frozen=True, slots=True)
class Locked:
    """All attempts are used: a manager decides whether there are more (S16)."""

    staff: str
    staff_name: str
    competency: str
    title: str
    level: int
    failed: int


def locked(session: Session, *, within: Reach) -> list[Locked]:
    """People in reach whose attempts in a competency are used up, by name."""
    tried = (
        select(Staff, Competency, func.max(SignOff.level))
        .join(SignOff, SignOff.staff_id == Staff.id)
        .join(Competency, Competency.id == SignOff.competency_id)
        .where(SignOff.outcome == "not_yet", within.narrow(Staff.code.expression))
        .group_by(Staff.id, Competency.id)
    )
    found = []
    for person, competency, level in session.execute(tried).all():
        made = observations(session, person.id, competency.id)
        reopened = reopened_at(session, person.id, competency.id)
        if is_locked(made, reopened):
            failed = failed_attempts(made, reopened)
            found.append(Locked(person.code, person.name, competency.code, competency.title, level, failed))
    return sorted(found, key=lambda each: (each.staff_name.casefold(), each.title))
