"""A package put into a database row by row, as an import would leave it, and the answers from there."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from skillsmatrix import models
from skillsmatrix.queries import answers
from tests.contract.product import typed
from tests.oracle.form import KEYS, REFERENCES, Row, Tables

MODELS: dict[str, type[Any]] = {
    "organisations": models.Organisation,
    "services": models.Service,
    "roles": models.Role,
    "staff": models.Staff,
    "posts": models.Post,
    "absences": models.Absence,
    "competencies": models.Competency,
    "courses": models.Course,
    "course_grants": models.CourseGrant,
    "learning": models.Learning,
    "sign_offs": models.SignOff,
    "supervision": models.SupervisionSession,
    "registrations": models.Registration,
    "suspensions": models.Suspension,
    "requirements": models.Requirement,
    "exemptions": models.Exemption,
}
# `approved_by` may be anybody's name: it is kept as text.
NAMED = {(table, column): other for table, column, other in REFERENCES if column != "approved_by"}
HEADERS = {
    "standings": answers.STANDINGS,
    "cover": answers.COVER,
    "compliance": answers.COMPLIANCE,
}


def store(engine: Engine, tables: Tables, *, at: datetime) -> None:
    """Store a package in an empty database; what does not say when it was recorded, at that instant."""
    with Session(engine) as session:
        ids: dict[tuple[str, str], int] = {}
        for table, model in MODELS.items():
            rows = [stored_values(table, row, at) for row in tables[table]]
            codes = [row[KEYS[table][0]] for row in tables[table]]
            for number, (values, code) in enumerate(zip(rows, codes, strict=True), start=1):
                if len(KEYS[table]) == 1:
                    values["code"] = values.pop(KEYS[table][0])
                    ids[table, code] = number
                values["id"] = number
            for values in rows:
                session.add(model(**with_ids(table, values, ids)))
            session.flush()
        session.commit()


def stored_values(table: str, row: Row, at: datetime) -> dict[str, Any]:
    """The stated values of a row; blanks are left to the model's defaults."""
    stated = {name: value for name, value in typed(row).items() if value is not None}
    recorded_at = stated.get("recorded_at", at)
    return {**stated, "recorded_at": recorded_at, "version_from": recorded_at, "recorded_by": "import"}


def with_ids(table: str, values: dict[str, Any], ids: dict[tuple[str, str], int]) -> dict[str, Any]:
    """The values with ids where the package has codes."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        other = NAMED.get((table, name))
        found.update({f"{name}_id": ids[other, value]} if other else {name: value})
    return found


def answer(session: Session, command: str, **question: Any) -> list[Row]:
    """The answer to one command of contract section 9 out of the database, without `reason`."""
    header = HEADERS[command]
    rows = [dict(zip(header, row, strict=True)) for row in getattr(answers, command)(session, **question)]
    return [{name: text for name, text in row.items() if name != "reason"} for row in rows]
