"""The generated columns as rows of the product's own tables, and as the facts of the rules."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, insert

from benchmarks.data import BASES, BLANK, EACH, Column, Table
from skillsmatrix import models
from skillsmatrix.domain import records
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.models.base import Fact

BODY = "NMC"
KIND = "clinical"
RECORDED_AT = datetime(2025, 12, 31, tzinfo=UTC)
BY = "command:benchmark"
ROWS_AT_ONCE = 20_000
CODED = {
    "organisations": ("organisation", "O"),
    "services": ("service", "S"),
    "roles": ("role", "R"),
    "staff": ("staff", "P"),
    "competencies": ("competency", "C"),
    "requirements": ("requirement", "Q"),
}
TABLES: dict[str, type[Fact]] = {
    "organisations": models.Organisation,
    "services": models.Service,
    "roles": models.Role,
    "staff": models.Staff,
    "competencies": models.Competency,
    "requirements": models.Requirement,
    "posts": models.Post,
    "absences": models.Absence,
    "learning": models.Learning,
    "sign_offs": models.SignOff,
    "supervision": models.SupervisionSession,
    "registrations": models.Registration,
    "exemptions": models.Exemption,
    "suspensions": models.Suspension,
}
DAYS = frozenset(
    (
        "starts_on", "ends_on", "employed_from", "employed_to", "completed_on", "assessed_on",
        "withdrawn_on", "held_on", "registered_on", "valid_to", "in_force_from",
    )
)  # fmt: skip
TEXTS = {
    "cover": lambda value: "each" if value == EACH else "percent",
    "basis": lambda value: BASES[value],
}
ALIKE: dict[str, dict[str, Any]] = {
    "competencies": {
        "learning_level": 1,
        "renewal": "reset",
        "early_window_days": 0,
        "cumulative": True,
    },
    "absences": {"kind": "sickness"},
    "learning": {"reference": ""},
    "sign_offs": {"outcome": "competent"},
    "supervision": {"kind": KIND},
    "registrations": {"body": BODY},
    "exemptions": {"approved_by": "P0000001"},
}
REFERENCES = ("organisation", "service", "role", "staff", "competency", "employer")


def code(table: str, number: int) -> str:
    """The code of a row: codes sort as their numbers do."""
    return f"{CODED[table][1]}{number:07d}"


def rows(tables: dict[str, Table], table: str) -> list[dict[str, Any]]:
    """The rows of one table by the names of the model's columns, references as ids."""
    columns = {name: _values(name, column) for name, column in tables[table].items()}
    found = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    for row in found:
        _complete(table, row)
    return found


def _values(name: str, column: Column) -> list[Any]:
    if name in DAYS:
        return [None if each == BLANK else date.fromordinal(each) for each in column.tolist()]
    if name in TEXTS:
        return [TEXTS[name](each) for each in column.tolist()]
    return [None if each == BLANK else each for each in column.tolist()]


def _complete(table: str, row: dict[str, Any]) -> None:
    """What the generator leaves out because it is the same in every row, or follows from another column."""
    for name in REFERENCES:
        if name in row:
            row[f"{name}_id"] = row.pop(name)
    if table in CODED:
        row["code"] = code(table, row["id"])
    if table == "competencies":
        row["registration_body"] = BODY if row.pop("registration") else None
        row["supervision_kind"] = KIND if row["supervision_lapse_days"] is not None else None
        row |= {"title": row["code"]} | {
            name: bool(row[name]) for name in ("needs_learning", "needs_sign_off")
        }
    elif table == "requirements":
        row["strength"] = "hard_stop" if row.pop("hard_stop") else "target"
    elif table == "sign_offs":
        row["assessor_id"] = somebody_else(row["staff_id"])
    elif table == "supervision":
        row["supervisee_id"] = row.pop("staff_id")
        row["supervisor_id"] = somebody_else(row["supervisee_id"])
    elif table in ("organisations", "services", "roles"):
        row["name"] = row["code"]
    elif table == "staff":
        row["family_name"] = row["code"]
    row |= ALIKE.get(table, {})


def somebody_else(staff_id: int) -> int:
    return 2 if staff_id == 1 else 1


def workforce(tables: dict[str, Table]) -> Workforce:
    """The facts as the rules take them."""
    return records.workforce(
        {table: [packaged(table, row) for row in rows(tables, table)] for table in TABLES}
    )


def packaged(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row as a data package has it: codes in place of ids."""
    points_to = {
        "organisation": "organisations",
        "service": "services",
        "role": "roles",
        "staff": "staff",
        "competency": "competencies",
        "employer": "organisations",
        "assessor": "staff",
        "supervisee": "staff",
        "supervisor": "staff",
    }
    found = {}
    for name, value in row.items():
        target = points_to.get(name.removesuffix("_id")) if name.endswith("_id") else None
        found[name.removesuffix("_id") if target else name] = code(target, value) if target else value
    if table in CODED:
        found[CODED[table][0]] = found.pop("code")
    return found


def store(tables: dict[str, Table], engine: Engine) -> None:
    """Fill the tables of an empty, migrated database."""
    recorded = {"recorded_at": RECORDED_AT, "version_from": RECORDED_AT, "recorded_by": BY}
    for table, model in TABLES.items():
        found = rows(tables, table)
        for first in range(0, len(found), ROWS_AT_ONCE):
            some = [{**row, **recorded} for row in found[first : first + ROWS_AT_ONCE]]
            with engine.begin() as connection:
                connection.execute(insert(model), some)
