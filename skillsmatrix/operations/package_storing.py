"""Writing one table's differences: many rows at a time, by code where the package says code."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby, islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from skillsmatrix.interchange.tables import Value
from skillsmatrix.operations.package_comparison import Cells, Corrected, Differences
from skillsmatrix.operations.versions import earlier_version
from skillsmatrix.queries.packages import SHAPES, codes_by_id

_BATCH = 2_000

Item = TypeVar("Item")


def store(
    session: Session, differences: Differences, *, by: str, at: datetime, reason: str | None
) -> frozenset[int]:
    """Add what is new and correct what differs, both of one table; returns the ids of the people concerned.

    The tables that this one refers to must have been stored before.
    """
    writer = _Writer(session, differences, by=by, at=at, reason=reason)
    writer.add()
    writer.link()
    writer.correct()
    return writer.people()


class _Writer:
    def __init__(
        self, session: Session, differences: Differences, *, by: str, at: datetime, reason: str | None
    ) -> None:
        self._session = session
        self._differences = differences
        self._rows = differences.rows
        self._by, self._at, self._reason = by, at, reason
        self._name = self._rows.table.name
        self._shape = SHAPES[self._name]
        self._own = [name for name, table in self._shape.refers.items() if table == self._name]
        self._ids = {
            table: self._ids_by_code(table) for table in {*self._shape.refers.values()} - {self._name}
        }

    def add(self) -> None:
        """Insert the new rows; what they say of rows of their own table follows in `link`."""
        rows = self._rows
        absent = {
            self._shape.columns[column.name].name: self._stored(column.name, column.default)
            for column in rows.table.columns
            if column.name not in rows.columns
        }
        stated = [
            (place, self._shape.columns[name].name, rows.table.column(name).default, self._ids_for(name))
            for place, name in enumerate(rows.columns)
        ]
        for batch in _batches(self._differences.added):
            new = []
            for index in batch:
                values = dict(absent)
                cells = rows.cells[index]
                for place, column, default, ids in stated:
                    value = default if cells[place] is None else cells[place]
                    values[column] = value if ids is None or value is None else ids.get(value)
                recorded_at = values.get("recorded_at") or self._at
                values.update(recorded_at=recorded_at, version_from=recorded_at, recorded_by=self._by)
                if "reference" in values:
                    values["reference"] = values["reference"] or ""
                new.append(values)
            self._session.execute(sa.insert(self._shape.table), new)

    def link(self) -> None:
        """Now that every row of the table has its id: say which follows which among the new ones."""
        if self._rows.table.code is None:
            return
        self._ids[self._name] = self._ids_by_code(self._name)
        code = self._rows.table.key[0]
        for name in self._own:
            if name not in self._rows.columns:
                continue
            links = [
                {"row_id": self._stored_id(cells, code), "other_id": self._ids[self._name][str(other)]}
                for cells, other in self._new_values(name)
                if other is not None
            ]
            if links:
                self._update({self._shape.columns[name].name: sa.bindparam("other_id")}, links)

    def correct(self) -> None:
        """Keep the stored version of each row that differs, then give it its new values."""
        by_columns = sorted(self._differences.corrected, key=lambda one: sorted(one.after))
        for names, alike in groupby(by_columns, key=lambda one: sorted(one.after)):
            values: dict[str, Any] = {"version_from": self._at, "recorded_by": self._by}
            values |= {self._shape.columns[name].name: sa.bindparam(f"new_{name}") for name in names}
            for batch in _batches(alike):
                self._keep_versions(batch)
                changes = [
                    {"row_id": one.row_id}
                    | {f"new_{name}": self._stored(name, value) for name, value in one.after.items()}
                    for one in batch
                ]
                self._update(values, changes)

    def people(self) -> frozenset[int]:
        """Ids of the staff whom the rows are about: the first column of the key, where that is a person."""
        first = self._rows.table.key[0]
        if self._name != "staff" and self._shape.refers.get(first) != "staff":
            return frozenset()
        place = self._rows.columns.index(first)
        cells = self._rows.cells
        indexes = [*self._differences.added, *(one.index for one in self._differences.corrected)]
        return frozenset(self._ids["staff"][str(cells[index][place])] for index in indexes)

    def _keep_versions(self, batch: list[Corrected]) -> None:
        table = self._shape.table
        rows = self._session.execute(sa.select(table).where(table.c.id.in_([one.row_id for one in batch])))
        self._session.add_all(
            earlier_version(self._name, dict(row), by=self._by, at=self._at, reason=self._reason)
            for row in rows.mappings()
        )
        self._session.flush()

    def _update(self, values: Mapping[str, Any], rows: list[dict[str, Any]]) -> None:
        table = self._shape.table
        statement = sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(values)
        # Through the connection: the session would take this for an update by primary key of its objects.
        self._session.connection().execute(statement, rows)

    def _new_values(self, name: str) -> Iterator[tuple[Cells, Value]]:
        place = self._rows.columns.index(name)
        for index in self._differences.added:
            cells = self._rows.cells[index]
            yield cells, cells[place]

    def _stored_id(self, cells: Cells, code: str) -> int:
        return self._ids[self._name][str(cells[self._rows.columns.index(code)])]

    def _stored(self, name: str, value: Value) -> Any:
        """A value as the database has it: the id for a code, empty text for no reference."""
        if name == "reference" and self._name == "learning":
            return value or ""
        ids = self._ids_for(name)
        return value if ids is None or value is None else ids[value]

    def _ids_for(self, name: str) -> Mapping[Any, int] | None:
        """Code → id for a column that refers to a table, empty while that is this table itself."""
        table = self._shape.refers.get(name)
        return None if table is None else self._ids.get(table, {})

    def _ids_by_code(self, table: str) -> dict[str, int]:
        return {code: row_id for row_id, code in codes_by_id(self._session, table).items()}


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
