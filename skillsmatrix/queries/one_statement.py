"""Several tables about a few people in one statement: what costs when a fact is written is the way there.

Every row comes in the same shape, its columns in slots of their type, with the number of its table first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Double,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    literal_column,
    null,
    select,
)
from sqlalchemy import union_all as laid_together
from sqlalchemy.sql.elements import KeyedColumnElement
from sqlalchemy.sql.selectable import CompoundSelect
from sqlalchemy.types import TypeEngine

from skillsmatrix.models.base import Day, Fact, Instant

Sources = tuple[tuple[str, type[Fact], tuple[str, ...], bool], ...]
KINDS: tuple[type[TypeEngine[Any]], ...] = (Integer, Text, Day, Instant, Double)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The statement, and for each table where the slots of its columns are in a row."""

    statement: CompoundSelect[Any]
    places: tuple[tuple[int, ...], ...]


def read_together(
    connection: Connection,
    sources: Mapping[str, tuple[type[Fact], tuple[str, ...]]],
    *,
    staff_ids: Collection[int],
    competency_ids: Collection[int] | None,
) -> dict[str, Sequence[tuple[Any, ...]]]:
    """Table → rows of these people; `sources`: model and columns of each, of which the first is the person.

    With `competency_ids`, of the tables that have a competency only the rows about those.
    """
    wanted = tuple(
        (table, model, names, competency_ids is not None and "competency_id" in names)
        for table, (model, names) in sources.items()
    )
    reading = _reading(wanted)
    values: dict[str, Any] = {"staff_ids": list(staff_ids)}
    if any(narrowed for *_rest, narrowed in wanted):
        values["competency_ids"] = list(competency_ids or ())
    found: dict[str, list[tuple[Any, ...]]] = {table: [] for table in sources}
    tables = list(found.values())
    for row in connection.execute(reading.statement, values):
        tables[row[0]].append(tuple(row[place] for place in reading.places[row[0]]))
    return dict(found)


@cache
def _reading(sources: Sources) -> _Reading:
    slots = _slots(sources)
    firsts = {kind: 1 + sum(slots[each] for each in KINDS[: KINDS.index(kind)]) for kind in KINDS}
    parts: list[Select[Any]] = []
    places = []
    for number, (_table, model, names, narrowed) in enumerate(sources):
        columns = [model.__table__.c[name] for name in names]
        part, where = _part(number, columns, slots, firsts)
        part = part.where(columns[0].in_(bindparam("staff_ids", expanding=True)))
        if narrowed:
            part = part.where(
                model.__table__.c.competency_id.in_(bindparam("competency_ids", expanding=True))
            )
        parts.append(part)
        places.append(where)
    return _Reading(laid_together(*parts), tuple(places))


def _slots(sources: Sources) -> dict[type[TypeEngine[Any]], int]:
    """How many columns of each type the widest table has."""
    return {
        kind: max(
            sum(_kind(model.__table__.c[name]) is kind for name in names)
            for _table, model, names, _ in sources
        )
        for kind in KINDS
    }


def _kind(column: KeyedColumnElement[Any]) -> type[TypeEngine[Any]]:
    return next(kind for kind in KINDS if isinstance(column.type, kind))


def _part(
    number: int,
    columns: Sequence[KeyedColumnElement[Any]],
    slots: Mapping[type[TypeEngine[Any]], int],
    firsts: Mapping[type[TypeEngine[Any]], int],
) -> tuple[Select[Any], tuple[int, ...]]:
    """One table in the common shape, and the place of each of its columns."""
    taken = dict.fromkeys(KINDS, 0)
    shape: list[Any] = [cast(null(), kind()) for kind in KINDS for _slot in range(slots[kind])]
    places = []
    for column in columns:
        kind = _kind(column)
        place = firsts[kind] + taken[kind]
        taken[kind] += 1
        shape[place - 1] = column
        places.append(place)
    labelled = [each.label(f"slot_{at}") for at, each in enumerate(shape)]
    return select(literal_column(str(number), Integer).label("source"), *labelled), tuple(places)
