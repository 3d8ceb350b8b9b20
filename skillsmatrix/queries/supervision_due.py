"""When each kind of supervision that a person needs was last held, is due, and runs out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.supervision_ladder import Rung, step
from skillsmatrix.models import Staff, SupervisionAgreement
from skillsmatrix.models.base import Day
from skillsmatrix.queries.record import PersonRecord, Standpoint


@dataclass(frozen=True, slots=True)
class Agreed:
    """Who supervises the person in one kind, and how often (None: not stated)."""

    kind: str
    supervisor: str
    every_days: int | None
    starts_on: date


@dataclass(frozen=True, slots=True)
class SupervisionDue:
    """One kind of supervision. `due_on`: the last day that is in time; `stops_on`: the day from which a
    competency in `stops` must not be used without another session; `rung`: where that leaves it."""

    kind: str
    rung: Rung
    supervisors: tuple[str, ...]
    every_days: int | None
    last_on: date | None
    last_with: str | None
    due_on: date | None
    stops_on: date | None
    stops: tuple[str, ...]


@cache
def _agreed() -> Select[Any]:
    agreement = SupervisionAgreement.__table__
    supervisee, supervisor = Staff.__table__.alias(), Staff.__table__.alias()
    on = bindparam("on", type_=Day())
    return (
        select(
            agreement.c.kind,
            agreement.c.every_days,
            agreement.c.starts_on,
            supervisor.c.given_name,
            supervisor.c.family_name,
        )
        .join(supervisee, supervisee.c.id == agreement.c.supervisee_id)
        .join(supervisor, supervisor.c.id == agreement.c.supervisor_id)
        .where(
            supervisee.c.code == bindparam("code"),
            agreement.c.starts_on <= on,
            or_(agreement.c.ends_on.is_(None), agreement.c.ends_on >= on),
        )
        .order_by(agreement.c.kind, agreement.c.id)
    )


def agreements(session: Session, code: str, *, on: date) -> list[Agreed]:
    """The agreements in force on the day for the person with this code, by kind and supervisor."""
    rows = session.connection().execute(_agreed(), {"code": code, "on": on})
    return [
        Agreed(kind, f"{given} {family}" if given else family, every_days, starts_on)
        for kind, every_days, starts_on, given, family in rows
    ]


def supervision_due(record: PersonRecord, agreed: Iterable[Agreed]) -> list[SupervisionDue]:
    """Every kind of supervision that is agreed, or that something the person holds depends on.

    Sorted by the day it is due, the soonest first; kinds without a day last.
    """
    by_kind: dict[str, list[Agreed]] = {}
    for each in agreed:
        by_kind.setdefault(each.kind, []).append(each)
    depends: dict[str, list[Standpoint]] = {}
    for point in (*record.required, *record.also_held):
        if point.competency.supervision_kind and point.supervision_lapses_on:
            depends.setdefault(point.competency.supervision_kind, []).append(point)
    found = [
        _due(record, kind, by_kind.get(kind, []), depends.get(kind, []))
        for kind in sorted({*by_kind, *depends})
    ]
    return sorted(found, key=lambda each: (each.due_on or each.stops_on or date.max, each.kind))


def _due(record: PersonRecord, kind: str, agreed: list[Agreed], depends: list[Standpoint]) -> SupervisionDue:
    sessions = [row for row in record.rows("supervision") if row["kind"] == kind]
    last = sessions[0] if sessions else None
    now = step(
        kind,
        supervisee=record.code,
        sessions=record.person.sessions,
        agreed=[(each.starts_on, each.every_days) for each in agreed],
        holdings=[record.holding(point.competency.code) for point in depends],
        absences=record.person.absences,
        on=min(record.on, record.today),  # for a day to come it is taken to go on as it stands today (V8)
    )
    stops_on = min(
        (point.supervision_lapses_on for point in depends if point.supervision_lapses_on), default=None
    )
    return SupervisionDue(
        kind=kind,
        rung=now.rung,
        supervisors=tuple(dict.fromkeys(each.supervisor for each in agreed)),
        every_days=now.every_days,
        last_on=last["held_on"] if last else None,
        last_with=record.name_of(last["supervisor"]) if last else None,
        due_on=now.due_on,
        stops_on=stops_on,
        stops=tuple(point.competency.title for point in depends if point.supervision_lapses_on == stops_on),
    )
