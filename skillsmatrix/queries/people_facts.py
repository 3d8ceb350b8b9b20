"""The facts about some people, or about everybody, in few statements: what their conclusions are made from.

Codes come from look-ups that live as long as the catalogue, so that one person is read without reading the
codes of all the others.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select
from sqlalchemy.orm import Session

from skillsmatrix import models
from skillsmatrix.domain import records
from skillsmatrix.domain.competency import Competency
from skillsmatrix.domain.person import Person
from skillsmatrix.models.base import Fact
from skillsmatrix.queries.one_statement import read_together
from skillsmatrix.queries.tables import StoredTables

# Table → model, and the columns that the rules need; the first names the person.
SOURCES: Mapping[str, tuple[type[Fact], tuple[str, ...]]] = {
    "posts": (models.Post, ("staff_id", "service_id", "role_id", "basis", "starts_on", "ends_on")),
    "absences": (models.Absence, ("staff_id", "starts_on", "ends_on")),
    "learning": (
        models.Learning,
        ("staff_id", "competency_id", "completed_on", "level", "course_id", "reference", "valid_months"),
    ),
    "sign_offs": (
        models.SignOff,
        ("staff_id", "competency_id", "level", "assessed_on", "outcome", "assessor_id", "withdrawn_on"),
    ),
    "supervision": (
        models.SupervisionSession,
        ("supervisee_id", "supervisor_id", "kind", "held_on", "group_size"),
    ),
    "registrations": (models.Registration, ("staff_id", "body", "registered_on", "valid_to")),
    "suspensions": (models.Suspension, ("staff_id", "competency_id", "starts_on", "ends_on")),
    "exemptions": (models.Exemption, ("staff_id", "competency_id", "starts_on", "ends_on")),
}
TOO_MANY_TO_NAME = 5_000  # a statement carries only so many values; past this, reading all is as fast
FEW = 20  # of so few people all tables are read in one statement
OTHERS = ("assessor_id", "supervisor_id")  # blank unless it is the person: who else it was does not matter


@dataclass(frozen=True, slots=True)
class Codes:
    """Id → code of what facts about people refer to, and what courses give."""

    by_column: Mapping[str, Mapping[int, str]]
    course_grants: Sequence[Mapping[str, Any]]


def read_codes(session: Session) -> Codes:
    """The look-ups, as the session sees them."""
    stored = StoredTables(session)
    by_column = {
        "service_id": stored.codes("services"),
        "role_id": stored.codes("roles"),
        "competency_id": stored.codes("competencies"),
        "course_id": stored.codes("courses"),
    }
    return Codes(by_column, list(stored.rows("course_grants")))


def people(
    session: Session,
    codes: Codes,
    competencies: Mapping[str, Competency],
    *,
    staff_ids: Collection[int] | None,
    competency_ids: Collection[int] | None = None,
) -> dict[int, Person]:
    """Staff id → facts, of some people or of everybody, and about some competencies or about all."""
    if staff_ids is not None and len(staff_ids) > TOO_MANY_TO_NAME:
        everybody = people(session, codes, competencies, staff_ids=None, competency_ids=competency_ids)
        return {each: everybody[each] for each in staff_ids}
    wanted = {} if staff_ids is None else {"staff_ids": list(staff_ids)}
    connection = session.connection()
    staff = connection.execute(_staff(bool(wanted)), wanted).all()
    idle = _without_bearing(codes, competencies, competency_ids)
    sources = {table: source for table, source in SOURCES.items() if table not in idle}
    found: dict[str, Sequence[Sequence[Any]]] = dict.fromkeys(SOURCES, ())
    if staff_ids is not None and len(staff_ids) <= FEW:
        found |= read_together(connection, sources, staff_ids=staff_ids, competency_ids=competency_ids)
    else:
        found |= {table: _read(connection, table, wanted, competency_ids) for table in sources}
    names = {each.id: each.code for each in staff}
    tables: dict[str, Any] = {
        table: _rows(table, rows, names, codes.by_column) for table, rows in found.items()
    }
    tables["course_grants"] = codes.course_grants
    tables["staff"] = [
        {
            "staff": each.code,
            "employer": each.employer,
            "employed_from": each.employed_from,
            "employed_to": each.employed_to,
        }
        for each in staff
    ]
    known = records.people(tables, competencies)
    return {each.id: known[each.code] for each in staff}


def _without_bearing(
    codes: Codes, competencies: Mapping[str, Competency], competency_ids: Collection[int] | None
) -> set[str]:
    """The tables that have no bearing on these competencies, and need not be read."""
    if competency_ids is None:
        return set()
    wanted = [competencies[codes.by_column["competency_id"][each]] for each in competency_ids]
    idle = set() if any(each.supervision_kind for each in wanted) else {"supervision"}
    return idle if any(each.registration_body for each in wanted) else idle | {"registrations"}


def _read(
    connection: Connection, table: str, wanted: Mapping[str, Any], competency_ids: Collection[int] | None
) -> Sequence[Row[Any]]:
    narrowed = competency_ids is not None and _about(table)
    about = {"competency_ids": list(competency_ids or ())} if narrowed else {}
    return connection.execute(_statement(table, bool(wanted), narrowed), {**wanted, **about}).all()


@cache
def _staff(some: bool) -> Select[Any]:
    table, employer = models.Staff.__table__.c, models.Organisation.__table__.c
    statement = select(
        table.id, table.code, employer.code.label("employer"), table.employed_from, table.employed_to
    ).join(models.Organisation.__table__, employer.id == table.employer_id)
    return statement.where(table.id.in_(bindparam("staff_ids", expanding=True))) if some else statement


@cache
def _statement(table: str, some_people: bool, some_competencies: bool) -> Select[Any]:
    model, names = SOURCES[table]
    columns = model.__table__.c
    statement = select(*(columns[name] for name in names))
    if some_people:
        statement = statement.where(columns[names[0]].in_(bindparam("staff_ids", expanding=True)))
    if some_competencies:
        statement = statement.where(columns.competency_id.in_(bindparam("competency_ids", expanding=True)))
    return statement


def _about(table: str) -> bool:
    return "competency_id" in SOURCES[table][1]


def _rows(
    table: str,
    found: Sequence[Sequence[Any]],
    staff: Mapping[int, str],
    codes: Mapping[str, Mapping[int, str]],
) -> Iterator[dict[str, Any]]:
    """The rows by the names of the package, with codes in place of ids: put in column by column, which takes
    half the time of row by row."""
    if not found:
        return iter(())
    columns = dict(zip(SOURCES[table][1], zip(*found, strict=True), strict=True))
    owner, people = next(iter(columns.items()))
    named: dict[str, Iterable[Any]] = {}
    for name, values in columns.items():
        if name == owner:
            named[name] = [staff[each] for each in people]
        elif name in OTHERS:
            named[name] = [
                staff[each] if other == each else "" for each, other in zip(people, values, strict=True)
            ]
        elif name in codes:
            of = codes[name]
            named[name] = [None if each is None else of[each] for each in values]
        else:
            named[name] = values
    names = [name.removesuffix("_id") for name in named]
    return (dict(zip(names, row, strict=True)) for row in zip(*named.values(), strict=True))
