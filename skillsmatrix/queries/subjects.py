"""What a page about assessing or supervising is about: codes in the address to ids and names."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.models import (
    Assessment,
    AssessmentRequest,
    Competency,
    SignOff,
    SignOffReview,
    Staff,
    SupervisionAction,
    SupervisionAgreement,
    SupervisionSession,
)

# Table → the column that says whom a row is about.
_ABOUT = {
    "assessments": (Assessment, Assessment.staff_id),
    "assessment_requests": (AssessmentRequest, AssessmentRequest.staff_id),
    "sign_offs": (SignOff, SignOff.staff_id),
    "supervision": (SupervisionSession, SupervisionSession.supervisee_id),
    "supervision_agreements": (SupervisionAgreement, SupervisionAgreement.supervisee_id),
    "supervision_actions": (SupervisionAction, SupervisionAction.supervisee_id),
}


@dataclass(frozen=True, slots=True)
class Someone:
    """One member of staff."""

    staff_id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Skill:
    """One competency that may be assessed."""

    competency_id: int
    code: str
    title: str
    needs_sign_off: bool
    boundary: str | None


def someone(session: Session, code: str | None) -> Someone | None:
    """The member of staff with this code; None when there is none."""
    row = session.scalar(select(Staff).where(Staff.code == code)) if code is not None else None
    return None if row is None else Someone(row.id, row.code, row.name)


def everyone(session: Session, codes: Collection[str]) -> list[Someone]:
    """The members of staff with these codes, by name."""
    rows = session.scalars(select(Staff).where(Staff.code.in_(codes)))
    found = [Someone(row.id, row.code, row.name) for row in rows]
    return sorted(found, key=lambda each: (each.name.casefold(), each.code))


def skill(session: Session, code: str | None) -> Skill | None:
    """The competency with this code; None when there is none."""
    row = session.scalar(select(Competency).where(Competency.code == code)) if code else None
    return None if row is None else _skill(row)


def assessed_skills(session: Session) -> list[Skill]:
    """Every competency that needs a sign-off and has not been replaced, by title."""
    rows = session.scalars(select(Competency).where(Competency.superseded_on.is_(None)))
    found = (_skill(row) for row in rows if row.needs_sign_off)
    return sorted(found, key=lambda each: (each.title.casefold(), each.code))


def _skill(row: Competency) -> Skill:
    return Skill(row.id, row.code, row.title, row.needs_sign_off, row.boundary)


def is_about(session: Session, table: str, row_id: int, *, staff_id: int) -> bool:
    """Is the row of this table about the person: an address that mixes two people leads nowhere."""
    model, column = _ABOUT[table]
    return session.scalar(select(column).where(model.id == row_id)) == staff_id


def review_is_about(session: Session, review_id: int, *, staff_id: int) -> bool:
    """Is the review about a sign-off of the person."""
    about = (
        select(SignOff.staff_id)
        .join(SignOffReview, SignOffReview.sign_off_id == SignOff.id)
        .where(SignOffReview.id == review_id)
    )
    return session.scalar(about) == staff_id
