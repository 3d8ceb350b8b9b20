"""What is recorded about a person or a service, row by row, with the version a correction starts from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from skillsmatrix.models import Account, Competency, Registration, Staff
from skillsmatrix.models.base import Fact
from skillsmatrix.queries.tables import TABLES

OF_A_PERSON = ("posts", "absences", "registrations", "suspensions", "exemptions")
_FIRST_DAY = {"registrations": "registered_on"}


@dataclass(frozen=True, slots=True)
class Kept:
    """One row. `values`: column → value, codes in place of ids and without `_id` in the name.

    `version`: since when it is believed as it is; `staff`: whom it is about (None: nobody).
    """

    table: str
    id: int
    version: datetime
    recorded_by: str
    staff: str | None
    values: Mapping[str, Any]


def kept_about(session: Session, staff: str) -> dict[str, list[Kept]]:
    """Table → what is recorded about the person with this code, latest first day first."""
    owner = select(Staff.id).where(Staff.code == staff).scalar_subquery()
    found: dict[str, list[Kept]] = {}
    for table in OF_A_PERSON:
        model: Any = TABLES[table]
        rows = session.scalars(
            select(model)
            .where(model.staff_id == owner)
            .order_by(getattr(model, _FIRST_DAY.get(table, "starts_on")).desc(), model.id)
        )
        found[table] = [_kept(session, row) for row in rows.all()]
    return found


def kept_row(session: Session, table: str, row_id: int) -> Kept | None:
    """One row of a table of the contract as it stands; None when there is none."""
    row: Fact | None = session.get(TABLES[table], row_id)
    return None if row is None else _kept(session, row)


def kept_coded(session: Session, table: str, code: str) -> Kept | None:
    """The row with this code; None when there is none."""
    number = id_of(session, table, code)
    return None if number is None else kept_row(session, table, number)


def id_of(session: Session, table: str, code: str) -> int | None:
    """The id behind a code; None when the table does not have it."""
    model: Any = TABLES[table]
    found: int | None = session.scalar(select(model.id).where(model.code == code))
    return found


def registers(session: Session) -> list[str]:
    """The professional registers that a competency or a person's entry names, in text order."""
    asked = session.scalars(select(Competency.registration_body).distinct()).all()
    entered: Sequence[str] = session.scalars(select(Registration.body).distinct()).all()
    return sorted({*(body for body in asked if body), *entered})


def signed_by(session: Session, signature: str) -> str:
    """The name behind the signature of a write: the account's, or the signature itself."""
    kind, _, number = signature.partition(":")
    name = None
    if kind == "account" and number.isdigit():
        name = session.scalar(select(Account.display_name).where(Account.id == int(number)))
    return name or signature


def _kept(session: Session, row: Fact) -> Kept:
    values: dict[str, Any] = {}
    for attribute in inspect(type(row)).column_attrs:
        keys = list(attribute.columns[0].foreign_keys)
        value = getattr(row, attribute.key)
        if keys:
            target: Any = TABLES.get(keys[0].column.table.name)
            coded = None if value is None else session.get(target, value)
            values[attribute.key.removesuffix("_id")] = None if coded is None else coded.code
        else:
            values[attribute.key] = value
    return Kept(row.__tablename__, row.id, row.version_from, row.recorded_by, values.get("staff"), values)
