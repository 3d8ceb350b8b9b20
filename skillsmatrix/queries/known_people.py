"""The facts about some people as they are now; about whom nothing has changed, nobody is asked again.

What this process has read about a person holds until the conclusions kept about that person are newer, or the
catalogue is: whoever changes a fact writes the conclusions of all whom it concerns in the same transaction.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, bindparam, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.person import Person
from skillsmatrix.domain.standing import Holding
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.foundation.database import is_writing
from skillsmatrix.models import KeptConclusions
from skillsmatrix.queries.conclusions import people_of, rules, versions
from skillsmatrix.queries.people_facts import TOO_MANY_TO_NAME

MOST_KEPT = 500  # people; with what is gathered about each, some 50 kB a person


@dataclass(frozen=True, slots=True)
class Known:
    """One person's facts at a version of the conclusions, and what has been gathered from them."""

    version: int
    person: Person
    holdings: dict[str, Holding]


@dataclass(slots=True)
class _Kept:
    """Whom this process knows of one database, under the catalogue of one version; longest unasked first."""

    catalogue_version: int = 0
    people: OrderedDict[int, Known] = field(default_factory=OrderedDict)


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_lock = threading.Lock()


def workforce_now(session: Session, staff_ids: Collection[int]) -> Workforce:
    """The facts about these people under the catalogue, as the session sees them."""
    catalogue_version = versions(session)[1]
    catalogue, _codes = rules(session, catalogue_version)
    newest = _newest(session, staff_ids)
    known = {} if is_writing(session) else _known(session, catalogue_version, newest)
    unknown = [each for each in staff_ids if each not in known]
    if unknown:
        read = {
            each: Known(newest.get(each, 0), person, {})
            for each, person in people_of(session, catalogue, unknown).items()
        }
        known |= read
        if not is_writing(session):
            _keep(session, catalogue_version, {each: read[each] for each in read if each in newest})
    of_all = sorted(known.values(), key=lambda each: each.person.code)
    return Workforce(
        {each.person.code: each.person for each in of_all},
        catalogue.competencies,
        catalogue.requirements,
        {each.person.code: each.holdings for each in of_all},
    )


def _newest(session: Session, staff_ids: Collection[int]) -> dict[int, int]:
    """Staff id → version of the conclusions kept."""
    by_name = len(staff_ids) <= TOO_MANY_TO_NAME
    asked = {"staff_ids": list(staff_ids)} if by_name else {}
    found = session.connection().execute(_versions_statement(by_name), asked)
    wanted = set(staff_ids)
    return {each.staff_id: each.data_version for each in found if each.staff_id in wanted}


@cache
def _versions_statement(by_name: bool) -> Select[Any]:
    table = KeptConclusions.__table__.c
    statement = select(table.staff_id, table.data_version)
    return (
        statement.where(table.staff_id.in_(bindparam("staff_ids", expanding=True))) if by_name else statement
    )


def _known(session: Session, catalogue_version: int, newest: Mapping[int, int]) -> dict[int, Known]:
    """Those of them whom this process knows as they are."""
    with _lock:
        kept = _kept.get(session.get_bind().engine)
        if kept is None or kept.catalogue_version != catalogue_version:
            return {}
        found = {
            each: kept.people[each]
            for each, version in newest.items()
            if each in kept.people and kept.people[each].version == version
        }
        for each in found:
            kept.people.move_to_end(each)
        return found


def _keep(session: Session, catalogue_version: int, read: Mapping[int, Known]) -> None:
    with _lock:
        kept = _kept.setdefault(session.get_bind().engine, _Kept())
        if kept.catalogue_version > catalogue_version:
            return
        if kept.catalogue_version < catalogue_version:
            kept.catalogue_version = catalogue_version
            kept.people.clear()
        for each, known in read.items():
            if each not in kept.people or kept.people[each].version <= known.version:
                kept.people[each] = known
                kept.people.move_to_end(each)
        while len(kept.people) > MOST_KEPT:
            kept.people.popitem(last=False)
