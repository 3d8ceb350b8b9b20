"""One person's rows of every table that is about people, as believed now, without reading anybody else's.

The same rows as `StoredTables` gives; codes of the catalogue come from what the process keeps, names of
colleagues from one statement about those who are mentioned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from skillsmatrix import models
from skillsmatrix.models.base import Fact
from skillsmatrix.queries.one_statement import read_together
from skillsmatrix.queries.people_facts import Codes
from skillsmatrix.queries.tables import TABLES, Column, package_columns

OF_A_PERSON: Mapping[str, str] = {
    "posts": "starts_on",
    "absences": "starts_on",
    "learning": "completed_on",
    "sign_offs": "assessed_on",
    "supervision": "held_on",
    "registrations": "registered_on",
    "suspensions": "starts_on",
    "exemptions": "starts_on",
}
COLLEAGUE = ("assessor_id", "supervisor_id")


@dataclass(frozen=True, slots=True)
class PersonRows:
    """Table → rows; `names`: of the person and of every colleague in the rows, by staff code."""

    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    names: Mapping[str, str]


def person_rows(session: Session, code: str, codes: Codes) -> PersonRows | None:
    """All that is recorded about the person with this code; None when there is no such person."""
    connection = session.connection()
    own = connection.execute(_own(), {"code": code}).one_or_none()
    if own is None:
        return None
    found = read_together(connection, _sources(), staff_ids=[own.id], competency_ids=None)
    people = {own.id: code}
    names = {code: _name(own.given_name, own.family_name)}
    wanted = {each for table, rows in found.items() for each in _colleagues(table, rows)} - people.keys()
    if wanted:
        for row in connection.execute(_named(), {"staff_ids": sorted(wanted)}):
            people[row.id] = row.code
            names[row.code] = _name(row.given_name, row.family_name)
    look_ups = {**codes.by_column, **dict.fromkeys(("staff_id", "supervisee_id", *COLLEAGUE), people)}
    tables: dict[str, Any] = {
        table: _as_package(package_columns(table), rows, look_ups) for table, rows in found.items()
    }
    tables["staff"] = [{**{name: own._mapping[name] for name in _STAFF}, "staff": code}]
    return PersonRows(tables, names)


_STAFF = ("given_name", "family_name", "work_email", "employer", "employed_from", "employed_to")


def _name(given: str | None, family: str) -> str:
    return f"{given} {family}" if given else family


@cache
def _own() -> Select[Any]:
    table, employer = models.Staff.__table__.c, models.Organisation.__table__.c
    return (
        select(
            table.id,
            table.given_name,
            table.family_name,
            table.work_email,
            employer.code.label("employer"),
            table.employed_from,
            table.employed_to,
        )
        .join(models.Organisation.__table__, employer.id == table.employer_id)
        .where(table.code == bindparam("code"))
    )


@cache
def _named() -> Select[Any]:
    table = models.Staff.__table__.c
    return select(table.id, table.code, table.given_name, table.family_name).where(
        table.id.in_(bindparam("staff_ids", expanding=True))
    )


@cache
def _sources() -> Mapping[str, tuple[type[Fact], tuple[str, ...]]]:
    """Model and columns of every table about a person; the first column is the person."""
    return {
        table: (TABLES[table], tuple(column.attribute for column in package_columns(table)))
        for table in OF_A_PERSON
    }


def _colleagues(table: str, rows: Sequence[tuple[Any, ...]]) -> set[int]:
    places = [at for at, column in enumerate(package_columns(table)) if column.attribute in COLLEAGUE]
    return {row[at] for row in rows for at in places}


def _as_package(
    columns: Sequence[Column], rows: Sequence[tuple[Any, ...]], look_ups: Mapping[str, Mapping[int, str]]
) -> list[dict[str, Any]]:
    """By the names of the package, with codes in place of ids, and None where the text is blank."""
    names = [column.name for column in columns]
    codes = [look_ups[column.attribute] if column.refers_to else None for column in columns]
    found = []
    for values in rows:
        row = {
            name: value if of is None or value is None else of[value]
            for name, value, of in zip(names, values, codes, strict=True)
        }
        if row.get("reference") == "":
            row["reference"] = None
        found.append(row)
    return found
