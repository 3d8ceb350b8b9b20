"""Completions of one person as they are put right: each with its number, and what was believed of it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.models import Competency, Course, Learning, Staff


@dataclass(frozen=True, slots=True)
class LearningLine:
    """One completion. `version`: since when it is believed so, as text."""

    id: int
    competency_title: str
    completed_on: date
    level: int | None
    course_title: str | None
    provider: str | None
    reference: str
    valid_months: int | None
    version: str


def learning_lines(session: Session, staff: str) -> list[LearningLine]:
    """Every completion of the person with this code, latest first."""
    rows = session.execute(
        select(Learning, Competency.title, Course.title)
        .join(Staff, Staff.id == Learning.staff_id)
        .join(Competency, Competency.id == Learning.competency_id)
        .outerjoin(Course, Course.id == Learning.course_id)
        .where(Staff.code == staff)
        .order_by(Learning.completed_on.desc(), Competency.title, Learning.id)
    )
    return [
        LearningLine(
            id=row.id,
            competency_title=title,
            completed_on=row.completed_on,
            level=row.level,
            course_title=course,
            provider=row.provider,
            reference=row.reference,
            valid_months=row.valid_months,
            version=row.version_from.isoformat(),
        )
        for row, title, course in rows
    ]
