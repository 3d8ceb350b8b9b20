"""The image of the kept conclusions, never older than the database, and whether the facts agree with them."""

import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from itertools import chain
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine, Select, bindparam, select
from sqlalchemy.orm import Session

from skillsmatrix import models
from skillsmatrix.domain import records
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.requirement import Requirements
from skillsmatrix.engine.catalogue import Catalogue
from skillsmatrix.engine.columns import Columns, columns
from skillsmatrix.engine.image import Image, People
from skillsmatrix.engine.packing import PARTS, Ids, Packed, pack, with_replaced
from skillsmatrix.foundation.database import is_writing
from skillsmatrix.foundation.processes import shared_out, without_collecting
from skillsmatrix.models import KeptCatalogue, KeptConclusions, Ledger
from skillsmatrix.queries.people_facts import TOO_MANY_TO_NAME, Codes, people, read_codes
from skillsmatrix.queries.tables import StoredTables

PEOPLE_AT_ONCE = 250  # a piece of work for one process
RULES_CHANGED = "skillsmatrix_rules_changed"  # in session.info: it wrote rules, which may never be saved

VERSIONS = select(Ledger.__table__.c.data_version, KeptCatalogue.__table__.c.data_version).join(
    KeptCatalogue.__table__, KeptCatalogue.__table__.c.id == Ledger.__table__.c.id
)


@dataclass(slots=True)
class _Kept:
    """What this process holds of one database."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    image: Image | None = None
    rules: tuple[int, Catalogue, Codes] | None = None


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_kept_lock = threading.Lock()


def current(session: Session) -> Image:
    """The image at the data version that the session sees; made anew, or from the last one, when it is not.

    A session that writes sees its own changes; what it makes is not shared.
    """
    version, catalogue_version = versions(session)
    kept = _of_process(session)
    with kept.lock:
        last = kept.image
        if last is not None and last.version == version:
            return last
        if last is None or last.version > version or last.version < catalogue_version:
            image = _image(session, rules(session, catalogue_version)[0], version)
        else:
            image = _next_image(session, last, version)
        if not is_writing(session) and (last is None or last.version < version):
            kept.image = image
        return image


def versions(session: Session) -> tuple[int, int]:
    """The data version of the record, and the one at which the catalogue last changed."""
    version, catalogue_version = session.connection().execute(VERSIONS).one()
    return version, catalogue_version


def rules(session: Session, version: int) -> tuple[Catalogue, Codes]:
    """Competencies, services and requirements with their ids, and codes, as the session sees them.

    `version`: that of the catalogue, as `versions` has it. A session that writes shares what it reads as
    any other does, unless it wrote rules itself: whoever else writes waits, so no rule moves beside it.
    """
    kept = _of_process(session)
    if kept.rules is not None and kept.rules[0] == version:
        return kept.rules[1:]
    found = read_catalogue(session), read_codes(session)
    if RULES_CHANGED not in session.info:
        kept.rules = version, *found
    return found


def read_catalogue(session: Session) -> Catalogue:
    """The same, read from the tables whatever this process holds."""
    stored = StoredTables(session)
    competencies = {row["competency"]: records.competency(row) for row in stored.rows("competencies")}
    services = {row["service"]: records.service(row) for row in stored.rows("services")}
    rows = [records.requirement(row) for row in stored.rows("requirements")]
    return Catalogue(competencies, Requirements(rows, services), read_ids(stored))


def read_ids(stored: StoredTables) -> Ids:
    """The ids behind the codes that kept rows refer to."""
    return Ids(
        **{
            each.name: {code: number for number, code in stored.codes(each.name).items()}
            for each in fields(Ids)
        }
    )


def _of_process(session: Session) -> _Kept:
    with _kept_lock:
        return _kept.setdefault(session.get_bind().engine, _Kept())


def _image(session: Session, catalogue: Catalogue, version: int) -> Image:
    people, found = _read(session, catalogue, newer_than=None)
    return Image(catalogue, people, found, version=version)


def _next_image(session: Session, last: Image, version: int) -> Image:
    """The last image, with everything about the people whose conclusions are newer replaced."""
    fresh, found = _read(session, last.catalogue, newer_than=last.version)
    return last.with_replaced(fresh, found, version=version)


def _read(session: Session, catalogue: Catalogue, *, newer_than: int | None) -> tuple[People, Columns]:
    some = newer_than is not None
    found = session.connection().execute(_read_statement(some), {"version": newer_than} if some else {}).all()
    ids, codes, employers, *pieces = zip(*found, strict=True) if found else ((),) * (3 + len(PARTS))
    numbers = np.arange(len(ids), dtype=np.int32)
    packed = dict(zip(PARTS, pieces, strict=True))
    return People(ids, codes, employers), columns(packed, numbers, catalogue)


@cache
def _read_statement(some: bool) -> Select[Any]:
    kept, staff, employer = (
        model.__table__ for model in (KeptConclusions, models.Staff, models.Organisation)
    )
    statement: Select[Any] = (
        select(staff.c.id, staff.c.code, employer.c.code, *(kept.c[part] for part in PARTS))
        .join_from(kept, staff, kept.c.staff_id == staff.c.id)
        .join(employer, employer.c.id == staff.c.employer_id)
        .order_by(staff.c.code)
    )
    return statement.where(kept.c.data_version > bindparam("version")) if some else statement


def people_of(
    session: Session,
    catalogue: Catalogue,
    staff_ids: Collection[int] | None,
    competencies: Collection[str] | None = None,
) -> dict[int, Person]:
    """Staff id → facts under the catalogue; of everybody, and about every competency, where None."""
    wanted = None if competencies is None else [catalogue.ids.competencies[code] for code in competencies]
    codes = rules(session, versions(session)[1])[1]
    return people(session, codes, catalogue.competencies, staff_ids=staff_ids, competency_ids=wanted)


def fresh(
    session: Session,
    catalogue: Catalogue,
    codes: Codes,
    staff_ids: Collection[int] | None,
    competency_ids: Collection[int] | None = None,
    *,
    processes: int = 1,
) -> Iterator[tuple[int, Packed]]:
    """Staff id and conclusions, worked out from the facts.

    With `competency_ids` the rest is taken as it is kept; of whom nothing is kept, all is worked out.
    `processes`: so many share the work, where it is done for commands (foundation/processes.py).
    """
    if competency_ids is None:
        with without_collecting():
            found = people(session, codes, catalogue.competencies, staff_ids=staff_ids)
        yield from zip(found, _packed(list(found.values()), catalogue, processes), strict=True)
        return
    old = kept_of(session, staff_ids)
    some, needed = _concerned(catalogue, competency_ids)
    ids = [catalogue.ids.competencies[code] for code in some]
    found = people(session, codes, catalogue.competencies, staff_ids=staff_ids, competency_ids=needed)
    for staff_id, person in found.items():
        if staff_id in old:
            part = pack(catalogue.timelines.of(person, some), catalogue.ids)
            yield staff_id, with_replaced(old[staff_id], part, ids)
    if unknown := found.keys() - old.keys():
        yield from fresh(session, catalogue, codes, unknown)


def _packed(everybody: Sequence[Person], catalogue: Catalogue, processes: int) -> Iterator[Packed]:
    def some(piece: int) -> list[Packed]:
        first = piece * PEOPLE_AT_ONCE
        people = everybody[first : first + PEOPLE_AT_ONCE]
        return [pack(catalogue.timelines.of(person), catalogue.ids) for person in people]

    pieces = -(-len(everybody) // PEOPLE_AT_ONCE)
    return chain.from_iterable(shared_out(some, pieces, processes=processes))


def _concerned(
    catalogue: Catalogue, competency_ids: Collection[int]
) -> tuple[frozenset[str], frozenset[int]]:
    """Codes of these competencies and their successors; ids of all whose evidence bears on those."""
    timelines, ids = catalogue.timelines, catalogue.ids.competencies
    codes = [code for code, number in ids.items() if number in competency_ids]
    some = frozenset().union(*(timelines.depend_on(code) for code in codes))
    needed = some.union(*(timelines.replaced_by(code) for code in some))
    return some, frozenset(ids[code] for code in needed)


def kept_of(session: Session, staff_ids: Collection[int] | None) -> dict[int, Packed]:
    """Staff id → conclusions as they are kept, of these people at least; without those that have none."""
    some = staff_ids is not None and len(staff_ids) <= TOO_MANY_TO_NAME
    found = session.connection().execute(
        _kept_statement(some), {"staff_ids": list(staff_ids or ())} if some else {}
    )
    return {staff_id: Packed(*parts) for staff_id, *parts in found}


@cache
def _kept_statement(some: bool) -> Select[Any]:
    table = KeptConclusions.__table__.c
    statement: Select[Any] = select(table.staff_id, *(table[part] for part in PARTS))
    return statement.where(table.staff_id.in_(bindparam("staff_ids", expanding=True))) if some else statement


def differences(session: Session, *, processes: int = 1) -> list[str]:
    """What the kept conclusions say that the facts do not, a line each; empty when they agree.

    Works everything out anew, without changing anything; `processes` as in `fresh`.
    """
    codes = StoredTables(session).codes("staff")
    found = kept_of(session, None)
    lines = []
    catalogue = read_catalogue(session)
    for staff_id, wanted in fresh(session, catalogue, read_codes(session), None, processes=processes):
        if staff_id not in found:
            lines.append(f"staff {codes[staff_id]}: nothing is kept")
        elif found[staff_id] != wanted:
            parts = [part for part in PARTS if found[staff_id].part(part) != wanted.part(part)]
            lines.append(f"staff {codes[staff_id]}: {', '.join(parts)} not as the facts say")
    return lines
