"""The stored facts as the tables of a data package: package column → value, codes in place of ids.

`known_at` gives them as they were believed at an instant: rows not yet recorded are left out, corrected
ones have the values they had (decision 0001).
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, inspect, literal, select, union_all
from sqlalchemy.orm import Session

from skillsmatrix import models
from skillsmatrix.models import EarlierVersion
from skillsmatrix.models.base import Day, Fact, Instant, YesNo

TABLES: dict[str, type[Fact]] = {
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
CODED = {
    "organisations": "organisation",
    "services": "service",
    "roles": "role",
    "staff": "staff",
    "competencies": "competency",
    "courses": "course",
    "requirements": "requirement",
}
STATES_WHEN_RECORDED = ("learning", "sign_offs", "supervision")  # these carry `recorded_at` in a package
_IN_NO_PACKAGE = {"services": frozenset({"region"})}  # ours beside the package (decision 0028)
NEEDED_FOR_ANY_ANSWER = ("organisations", "services", "staff", "posts", "competencies", "requirements")
OF_ONE_PERSON = ("staff_id", "supervisee_id")
OF_ONE_COMPETENCY = "competency_id"


@dataclass(frozen=True, slots=True)
class Column:
    """A package column, the model attribute behind it, and the table its id points to."""

    name: str
    attribute: str
    refers_to: str | None


def kept_to_ourselves(table: str) -> frozenset[str]:
    """The columns of a stored table that a package neither gives nor takes."""
    ours = _IN_NO_PACKAGE.get(table, frozenset()) | {"id", "version_from", "recorded_by"}
    return ours if table in STATES_WHEN_RECORDED else ours | {"recorded_at"}


@cache
def package_columns(table: str) -> tuple[Column, ...]:
    """The columns of a package table, in the order of the model."""
    ours = kept_to_ourselves(table)
    columns = []
    for attribute in inspect(TABLES[table]).column_attrs:
        if attribute.key in ours:
            continue
        keys = list(attribute.columns[0].foreign_keys)
        target = keys[0].column.table.name if keys else None
        name = CODED[table] if attribute.key == "code" else attribute.key
        columns.append(Column(name.removesuffix("_id") if target else name, attribute.key, target))
    return tuple(columns)


class StoredTables:
    """Reads the tables of one database, by the codes they had when this was made.

    `staff_ids` keeps to the rows of some people, where a table is about people, and `competency_ids` to those
    of some competencies, where it is about those; None is all of them.
    """

    def __init__(
        self,
        session: Session,
        *,
        known_at: datetime | None = None,
        staff_ids: Collection[int] | None = None,
        competency_ids: Collection[int] | None = None,
    ) -> None:
        self.session = session
        self.known_at = known_at
        self.staff_ids = staff_ids
        self.competency_ids = competency_ids
        self._codes: dict[str, dict[int, str]] = {}

    def codes(self, table: str) -> dict[int, str]:
        """Id → code of a table that has codes."""
        if table not in self._codes:
            model: Any = TABLES[table]
            found = self.session.execute(select(model.id, model.code))
            self._codes[table] = {row.id: row.code for row in found}
        return self._codes[table]

    def all(self) -> dict[str, list[dict[str, Any]]]:
        """Every table with its rows, in no particular order."""
        return {table: list(self.rows(table)) for table in TABLES}

    def rows(self, table: str, attributes: Collection[str] | None = None) -> Iterator[dict[str, Any]]:
        """The rows of one table, as package column → value (None where blank).

        `attributes` of the model, where not all columns are needed.
        """
        every = package_columns(table)
        columns = [each for each in every if attributes is None or each.attribute in attributes]
        names = [column.name for column in columns]
        codes = [self.codes(column.refers_to) if column.refers_to else None for column in columns]
        for values in self._stored(table, [column.attribute for column in columns]):
            row = {
                name: value if of is None or value is None else of[value]
                for name, value, of in zip(names, values, codes, strict=True)
            }
            if row.get("reference") == "":
                row["reference"] = None
            yield row

    def _stored(self, table: str, attributes: list[str]) -> Iterator[tuple[Any, ...]]:
        model: Any = TABLES[table]
        statement = self._of_these(model, select(*(getattr(model, name) for name in attributes)))
        if self.known_at is None:
            yield from self.session.execute(statement)
            return
        instant = self._instant_of(table, self.known_at)
        yield from self.session.execute(statement.where(model.version_from <= instant))
        for before in self._earlier(table, instant):
            yield tuple(before[name] for name in attributes)

    def recorded_since(self, table: str, attribute: str, known_at: datetime) -> set[Any]:
        """What this attribute says, then and now, in the rows recorded or corrected after `known_at`.

        Nothing: at that instant the table was believed to say what it says now.
        """
        model: Any = TABLES[table]
        instant = self._instant_of(table, known_at)
        now = self.session.scalars(
            select(getattr(model, attribute)).where(model.version_from > instant).distinct()
        )
        before = self.session.scalars(
            select(EarlierVersion.row).where(
                EarlierVersion.table_name == table, EarlierVersion.known_to > instant
            )
        )
        return {*now, *(json.loads(text)[attribute] for text in before)}

    def _of_these(self, model: Any, statement: Select[Any]) -> Select[Any]:
        for name in OF_ONE_PERSON:
            if self.staff_ids is not None and hasattr(model, name):
                statement = statement.where(getattr(model, name).in_(self.staff_ids))
        if self.staff_ids is not None and model is models.Staff:
            statement = statement.where(model.id.in_(self.staff_ids))
        if self.competency_ids is not None and hasattr(model, OF_ONE_COMPETENCY):
            statement = statement.where(model.competency_id.in_(self.competency_ids))
        return statement

    def _instant_of(self, table: str, known_at: datetime) -> datetime:
        """The instant at which a table is read.

        Where rows do not state when they were recorded, not before the record first held all that any answer
        needs.
        """
        if table in STATES_WHEN_RECORDED or self._first_whole is None:
            return known_at
        return max(known_at, self._first_whole)

    @cached_property
    def _first_whole(self) -> datetime | None:
        """When each of the tables that any answer needs first held something; None: none ever did."""
        firsts: dict[str, list[datetime]] = {}
        for table, *found in self.session.execute(_first_versions()):
            firsts[table] = [each for each in found if each is not None]
        return max((min(each) for each in firsts.values() if each), default=None)

    def _earlier(self, table: str, instant: datetime) -> Iterator[Mapping[str, Any]]:
        model = TABLES[table]
        readers = {
            attribute.key: _READERS.get(type(attribute.columns[0].type), _unchanged)
            for attribute in inspect(model).column_attrs
        }
        versions = select(EarlierVersion.row).where(
            EarlierVersion.table_name == table,
            EarlierVersion.known_from <= instant,
            EarlierVersion.known_to > instant,
        )
        for text in self.session.scalars(versions):
            values = json.loads(text)  # without the columns that came after it was written
            row = {
                name: None if (value := values.get(name)) is None else read(value)
                for name, read in readers.items()
            }
            person = next((row[name] for name in OF_ONE_PERSON if name in row), None)
            if model is models.Staff:
                person = row["id"]
            about = row.get(OF_ONE_COMPETENCY)
            of_these = self.staff_ids is None or person is None or person in self.staff_ids
            if of_these and (self.competency_ids is None or about is None or about in self.competency_ids):
                yield row


@cache
def _first_versions() -> CompoundSelect[Any]:
    """Table, its oldest version still believed, and its oldest corrected one: a line a table."""
    return union_all(
        *(
            select(
                literal(table),
                select(func.min(TABLES[table].version_from)).scalar_subquery(),
                select(func.min(EarlierVersion.known_from))
                .where(EarlierVersion.table_name == table)
                .scalar_subquery(),
            )
            for table in NEEDED_FOR_ANY_ANSWER
        )
    )


def _unchanged(value: Any) -> Any:
    return value


_READERS: dict[type[Any], Callable[[Any], Any]] = {
    Day: date.fromisoformat,
    Instant: lambda text: datetime.fromisoformat(text).astimezone(UTC),
    YesNo: bool,
}
