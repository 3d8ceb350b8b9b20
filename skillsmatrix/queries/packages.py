"""What a data package says of the stored facts: which column is which, and every row of every table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from skillsmatrix.models.base import Base
from skillsmatrix.queries.tables import CODED, STATES_WHEN_RECORDED, TABLES, kept_to_ourselves

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table of the package is stored. `refers`: column → the table whose code it gives."""

    table: sa.Table
    columns: Mapping[str, sa.Column[Any]]
    refers: Mapping[str, str]


def _shape(name: str) -> Shape:
    table = Base.metadata.tables[TABLES[name].__tablename__]
    columns: dict[str, sa.Column[Any]] = {}
    refers: dict[str, str] = {}
    ours = kept_to_ourselves(name) | {"recorded_at"}
    for column in table.columns:
        if column.name in ours:
            continue
        stated_as = CODED[name] if column.name == "code" else column.name.removesuffix("_id")
        columns[stated_as] = column
        for key in column.foreign_keys:
            refers[stated_as] = key.column.table.name
    if name in STATES_WHEN_RECORDED:
        columns["recorded_at"] = table.c.recorded_at
    return Shape(table, MappingProxyType(columns), MappingProxyType(refers))


SHAPES: Mapping[str, Shape] = MappingProxyType({name: _shape(name) for name in TABLES})


def package_tables(session: Session) -> dict[str, Iterator[dict[str, Any]]]:
    """Table → its rows as column → value, in no order; each is read when it is asked for.

    Codes stand where ids are stored. The session must stay open, and reading, until the last row is taken.
    """
    return {name: _rows(session, shape) for name, shape in SHAPES.items()}


def codes_by_id(session: Session, table: str) -> dict[int, str]:
    """Id → code of every row of a table that has codes."""
    stored = SHAPES[table].table
    return dict(session.execute(sa.select(stored.c.id, stored.c.code)).all())


def known_codes(session: Session) -> dict[str, set[str]]:
    """Table → the codes that exist in it; what a package may refer to besides itself."""
    return {table: set(codes_by_id(session, table).values()) for table in CODED}


def has_requirements(session: Session) -> bool:
    """Whether any requirement is recorded: until then the installation is new and nothing follows rules."""
    return session.scalar(sa.select(sa.exists(sa.select(SHAPES["requirements"].table.c.id)))) is True


def courses_taken_for(session: Session, courses: set[str]) -> set[tuple[str, str]]:
    """(course, competency) of all learning that somebody has recorded from one of these courses."""
    if not courses:
        return set()
    course, competency = SHAPES["courses"].table, SHAPES["competencies"].table
    learning = SHAPES["learning"].table
    taken = (
        sa.select(course.c.code, competency.c.code)
        .select_from(learning)
        .join(course, learning.c.course_id == course.c.id)
        .join(competency, learning.c.competency_id == competency.c.id)
        .distinct()
    )
    return {(a, b) for a, b in session.execute(taken) if a in courses}


def stored_rows(
    session: Session, table: str, names: tuple[str, ...], *, where: sa.ColumnElement[bool] | None = None
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(id, values of the columns `names` as a package states them) of each row, in no order."""
    shape = SHAPES[table]
    statement = sa.select(shape.table.c.id, *(shape.columns[name] for name in names))
    if where is not None:
        statement = statement.where(where)
    codes = {
        place: codes_by_id(session, shape.refers[name])
        for place, name in enumerate(names)
        if name in shape.refers
    }
    # A reference of learning that is not stated is kept as empty text: a key cannot hold a null.
    blank = names.index("reference") if table == "learning" and "reference" in names else None
    for row_id, *values in session.execute(statement.execution_options(yield_per=_BATCH)):
        for place, code in codes.items():
            if values[place] is not None:
                values[place] = code[values[place]]
        if blank is not None:
            values[blank] = values[blank] or None
        yield row_id, tuple(values)


def _rows(session: Session, shape: Shape) -> Iterator[dict[str, Any]]:
    names = tuple(shape.columns)
    for _, values in stored_rows(session, shape.table.name, names):
        yield dict(zip(names, values, strict=True))
