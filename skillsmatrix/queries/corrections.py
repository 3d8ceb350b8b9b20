"""Earlier versions of what is recorded about a person: what it said, until when it was believed, and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, inspect, or_, select
from sqlalchemy.orm import Session

from skillsmatrix.foundation.chain import canonical
from skillsmatrix.models import Account, EarlierVersion, Staff
from skillsmatrix.models.base import Fact
from skillsmatrix.queries.tables import CODED, TABLES

_ABOUT_A_PERSON = (
    "staff",
    "posts",
    "absences",
    "learning",
    "sign_offs",
    "supervision",
    "registrations",
    "suspensions",
    "exemptions",
)
_NOT_SAID = frozenset({"id", "recorded_at", "version_from", "recorded_by"})


@dataclass(frozen=True, slots=True)
class Change:
    """One column that a correction changed; values as text, codes in place of ids, None is blank."""

    column: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """One version that was replaced. `row`: the replaced version, column → text."""

    table: str
    row: Mapping[str, str | None]
    changes: tuple[Change, ...]
    known_from: datetime
    known_to: datetime
    corrected_by: str
    reason: str | None


def corrections(session: Session, code: str) -> list[Correction]:
    """Every correction to the record of the person with this code, latest first; may be empty."""
    number = session.scalar(select(Staff.id).where(Staff.code == code))
    if number is None:
        return []
    versions = session.scalars(
        select(EarlierVersion)
        .where(or_(*(_of_person(table, number) for table in _ABOUT_A_PERSON)))
        .order_by(EarlierVersion.known_to, EarlierVersion.id)
    ).all()
    if not versions:
        return []
    codes = _Codes(session)
    names = _actors(session, {version.corrected_by for version in versions})
    found = []
    for place, version in enumerate(versions):
        later = next(
            (each for each in versions[place + 1 :] if _same_row(each, version)),
            None,
        )
        after = json.loads(later.row) if later else _as_it_stands(session, version)
        found.append(
            _correction(version, after, codes, names.get(version.corrected_by, version.corrected_by))
        )
    return sorted(found, key=lambda each: each.known_to, reverse=True)


def _of_person(table: str, number: int) -> Any:
    model: Any = TABLES[table]
    if table == "staff":
        return and_(EarlierVersion.table_name == table, EarlierVersion.row_id == number)
    owner = model.supervisee_id if table == "supervision" else model.staff_id
    rows = select(model.id).where(owner == number)
    return and_(EarlierVersion.table_name == table, EarlierVersion.row_id.in_(rows))


def _same_row(one: EarlierVersion, other: EarlierVersion) -> bool:
    return (one.table_name, one.row_id) == (other.table_name, other.row_id)


def _as_it_stands(session: Session, version: EarlierVersion) -> Mapping[str, Any]:
    fact: Fact | None = session.get(TABLES[version.table_name], version.row_id)
    if fact is None:
        return {}
    values = {each.key: getattr(fact, each.key) for each in inspect(type(fact)).column_attrs}
    read: Mapping[str, Any] = json.loads(canonical(values) or "{}")
    return read


def _correction(
    version: EarlierVersion, after: Mapping[str, Any], codes: "_Codes", corrected_by: str
) -> Correction:
    before = json.loads(version.row)
    row = {
        codes.column(version.table_name, name): codes.text(version.table_name, name, value)
        for name, value in before.items()
        if name not in _NOT_SAID
    }
    changes = tuple(
        Change(
            codes.column(version.table_name, name),
            codes.text(version.table_name, name, before[name]),
            codes.text(version.table_name, name, after.get(name)),
        )
        for name in before
        if name not in _NOT_SAID and before[name] != after.get(name)
    )
    return Correction(
        version.table_name,
        row,
        changes,
        version.known_from,
        version.known_to,
        corrected_by,
        version.reason,
    )


class _Codes:
    """What an id in a stored version stands for; each table is read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tables: dict[str, dict[int, str]] = {}

    def column(self, table: str, name: str) -> str:
        """The name of a column as a package spells it."""
        if name == "code":
            return CODED[table]
        return name.removesuffix("_id") if self._target(table, name) else name

    def text(self, table: str, name: str, value: object) -> str | None:
        """A value as text; an id as the code it stands for."""
        target = self._target(table, name)
        if value is None or value == "":
            return None
        if target is None:
            return str(value)
        if target not in self._tables:
            model: Any = TABLES[target]
            self._tables[target] = dict(self._session.execute(select(model.id, model.code)).all())
        return self._tables[target].get(int(str(value)), str(value))

    def _target(self, table: str, name: str) -> str | None:
        column = inspect(TABLES[table]).column_attrs[name].columns[0]
        keys = list(column.foreign_keys)
        return str(keys[0].column.table.name) if keys else None


def _actors(session: Session, signed: set[str]) -> dict[str, str]:
    """How a write is signed → the name of the account, for the signatures that are accounts."""
    numbers = {
        int(each.partition(":")[2]): each
        for each in signed
        if each.startswith("account:") and each.partition(":")[2].isdigit()
    }
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(numbers)))
    return {numbers[number]: name for number, name in rows}
