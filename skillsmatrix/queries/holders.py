"""Who holds several competencies at once, all of them in date and none suspended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from skillsmatrix.domain import records
from skillsmatrix.domain.standing import Verdict, holding, standing
from skillsmatrix.models import Competency, Course, Learning, SignOff, Staff
from skillsmatrix.queries.ahead import looking_ahead
from skillsmatrix.queries.tables import StoredTables

# Whatever can suspend or excuse, besides the evidence itself.
_AROUND_IT = ("absences", "registrations", "suspensions", "exemptions")


@dataclass(frozen=True, slots=True)
class Holder:
    """One person who holds all that was asked for; verdicts in the order of the question."""

    person: str
    verdicts: tuple[Verdict, ...]


def holders(
    session: Session, asked: Sequence[str], *, on: date, today: date, level: int = 1
) -> dict[str, Holder]:
    """Person code → holder, for those who hold every one of the competencies `asked` at `level` or above.

    Codes that the catalogue does not have are held by nobody.
    """
    catalogue = StoredTables(session)
    competencies = {row["competency"]: records.competency(row) for row in catalogue.rows("competencies")}
    if not all(code in competencies for code in asked):
        return {}
    learning, sign_offs = list(_learning(session, asked)), list(_sign_offs(session, asked))
    shown = {row["staff"] for row in (*learning, *sign_offs)}
    number = {code: number for number, code in catalogue.codes("staff").items()}
    stored = StoredTables(session, staff_ids=[number[code] for code in shown])
    needed = ["staff", "course_grants", *_AROUND_IT]
    if any(competencies[code].supervision_kind for code in asked):
        needed.append("supervision")
    tables: dict[str, Any] = {table: stored.rows(table) for table in needed}
    people = records.people({**tables, "learning": learning, "sign_offs": sign_offs}, competencies)
    found = {}
    for code, person in people.items():
        facts = (holding(person, competencies[each], competencies) for each in asked)
        verdicts = tuple(
            standing(looking_ahead(each, on=on, today=today), level=level, on=on) for each in facts
        )
        if all(verdict.standing.compliant for verdict in verdicts):
            found[code] = Holder(code, verdicts)
    return found


def _learning(session: Session, asked: Sequence[str]) -> Iterator[dict[str, Any]]:
    rows = session.execute(
        select(
            Staff.code,
            Competency.code,
            Learning.completed_on,
            Learning.level,
            Course.code,
            Learning.valid_months,
            Learning.reference,
        )
        .join(Staff, Staff.id == Learning.staff_id)
        .join(Competency, Competency.id == Learning.competency_id)
        .outerjoin(Course, Course.id == Learning.course_id)
        .where(Competency.code.in_(asked))
    )
    names = ("staff", "competency", "completed_on", "level", "course", "valid_months", "reference")
    return (dict(zip(names, row, strict=True)) for row in rows)


def _sign_offs(session: Session, asked: Sequence[str]) -> Iterator[dict[str, Any]]:
    assessor = aliased(Staff)
    rows = session.execute(
        select(
            Staff.code,
            Competency.code,
            SignOff.assessed_on,
            SignOff.level,
            SignOff.outcome,
            assessor.code,
            SignOff.withdrawn_on,
        )
        .join(Staff, Staff.id == SignOff.staff_id)
        .join(Competency, Competency.id == SignOff.competency_id)
        .join(assessor, assessor.id == SignOff.assessor_id)
        .where(Competency.code.in_(asked))
    )
    names = ("staff", "competency", "assessed_on", "level", "outcome", "assessor", "withdrawn_on")
    return (dict(zip(names, row, strict=True)) for row in rows)
