"""Keeping the conclusions right, in the transaction that changes a fact."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Executable, delete, event, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import get_history

from skillsmatrix import models
from skillsmatrix.engine.packing import PARTS, Packed
from skillsmatrix.models import KeptCatalogue, KeptConclusions, Ledger
from skillsmatrix.models.base import Base
from skillsmatrix.operations.audit import audit
from skillsmatrix.queries import conclusions
from skillsmatrix.queries.people_facts import read_codes

OF_THE_CATALOGUE = (
    models.Competency,
    models.Course,
    models.CourseGrant,
    models.Requirement,
    models.Role,
    models.Service,
)
NAMES_COMPETENCIES: dict[type[Base], str] = {
    models.Competency: "superseded_by_id",
    models.CourseGrant: "competency_id",
    models.Requirement: "competency_id",
}
TOUCHED = "skillsmatrix_catalogue_touched"  # in session.info: ids of competencies that changed rows named
ROWS_AT_ONCE = 500
RAISE_VERSION = (
    update(Ledger)
    .values(data_version=Ledger.data_version + 1)
    .returning(
        Ledger.__table__.c.data_version,
        select(KeptCatalogue.__table__.c.data_version).where(KeptCatalogue.id == 1).scalar_subquery(),
    )
)


@event.listens_for(Session, "after_flush")
def _note_catalogue_changes(session: Session, _context: object) -> None:
    """So that no change of the rules can pass for a change of some people's facts.

    What a changed row named before counts as well: a requirement that moves from one competency to another
    concerns both.
    """
    for changed in (session.new, session.dirty, session.deleted):
        for each in changed:
            if isinstance(each, OF_THE_CATALOGUE):
                session.info[conclusions.RULES_CHANGED] = True
                touched: set[int] = session.info.setdefault(TOUCHED, set())
                name = NAMES_COMPETENCIES.get(type(each))
                if name is not None:
                    touched |= {*get_history(each, name).sum()} - {None}


def refresh(
    session: Session,
    *,
    staff_ids: Collection[int] | None,
    competency_ids: Collection[int] | None = None,
    by: str,
    at: datetime,
    processes: int = 1,
) -> None:
    """Work out anew what is kept about these people, and raise the data version; None is everybody.

    Call it in the transaction that changed the facts, after them. Posts, absences, roles, a new member of
    staff: name the person. Learning, a sign-off, an exemption: naming the competency as well is faster.
    A service, a course, a requirement or a competency: name everybody it can concern, or None. A command may
    give everybody's to several `processes`.
    """
    session.flush()
    version, of_catalogue = session.connection().execute(RAISE_VERSION).one()
    touched: set[int] | None = session.info.pop(TOUCHED, None)
    if touched is not None or (staff_ids is None and competency_ids is None):
        catalogue, codes = conclusions.read_catalogue(session), read_codes(session)
        session.info[conclusions.RULES_CHANGED] = True
        session.execute(update(KeptCatalogue).where(KeptCatalogue.id == 1).values(data_version=version))
    else:
        catalogue, codes = conclusions.rules(session, of_catalogue)
    if competency_ids is not None:
        competency_ids = {*competency_ids, *(touched or ())}
    found = conclusions.fresh(session, catalogue, codes, staff_ids, competency_ids, processes=processes)
    _keep(session, found, everybody=staff_ids is None, version=version, by=by, at=at)


def rebuild(session: Session, *, by: str, at: datetime, processes: int = 1) -> None:
    """Drop everything that is kept and work it out anew, with a line in the log."""
    refresh(session, staff_ids=None, by=by, at=at, processes=processes)
    audit(session, "conclusions_rebuilt", by=by, at=at)


def _keep(
    session: Session,
    found: Iterable[tuple[int, Packed]],
    *,
    everybody: bool,
    version: int,
    by: str,
    at: datetime,
) -> None:
    if everybody:
        found = list(found)
        session.execute(delete(KeptConclusions))
    rows = (
        {
            "staff_id": staff_id,
            "data_version": version,
            "worked_out_at": at,
            "worked_out_by": by,
            **{part: packed.part(part) for part in PARTS},
        }
        for staff_id, packed in found
    )
    statement = _upsert(session.get_bind().dialect.name)
    for some in _in_pieces(rows):
        session.connection().execute(statement, some)


@cache
def _upsert(dialect: str) -> Executable:
    statement = (postgresql if dialect == "postgresql" else sqlite).insert(KeptConclusions.__table__)
    values = ("data_version", "worked_out_at", "worked_out_by", *PARTS)
    changed = {name: statement.excluded[name] for name in values}
    upsert: Executable = statement.on_conflict_do_update(index_elements=["staff_id"], set_=changed)
    return upsert


def _in_pieces(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while some := list(islice(rows, ROWS_AT_ONCE)):
        yield some
