"""What keeping any fact about a person has in common: entered once, corrected with a reason, taken back.

Each write carries the version it was made on (`version_from` of what the page showed). When somebody else was
quicker, nothing is written and both versions can be shown.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from skillsmatrix.models import Staff
from skillsmatrix.models.base import Fact
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.versions import correct, earlier_version, record, values_of

F = TypeVar("F", bound=Fact)


class KeepingRefused(Exception):
    """It cannot be recorded so; `about` names the fact that is wrong."""

    about = ""

    def __init__(self, about: str = "", detail: Sequence[str] = ()) -> None:
        super().__init__(about)
        self.about = about or self.about
        self.detail = tuple(detail)


class EndsBeforeItStarts(KeepingRefused):
    """The last day is before the first."""

    about = "ends_on"


class AlreadyRecorded(KeepingRefused):
    """There is one already on the same first day."""

    about = "starts_on"


class Overlaps(KeepingRefused):
    """It shares days with one that is recorded."""

    about = "starts_on"


class OutsideEmployment(KeepingRefused):
    """The person is not employed on that day."""

    about = "starts_on"


class ChangedMeanwhile(Exception):
    """Somebody else changed `fact` after the page was made."""

    def __init__(self, fact: Fact) -> None:
        super().__init__(fact.__tablename__, fact.id)
        self.fact = fact


class Gone(Exception):
    """Somebody else took it back after the page was made."""


def enter(session: Session, fact: Fact, kind: str, *, staff_id: int, by: str, at: datetime) -> int:
    """Store a new fact about a person, and let the conclusions follow; returns its id."""
    fact_id = record(session, fact, kind, by=by, at=at, staff_id=staff_id)
    refresh(session, staff_ids=[staff_id], by=by, at=at)
    return fact_id


def amend(
    session: Session,
    fact: Fact,
    values: Mapping[str, Any],
    kind: str,
    *,
    staff_id: int,
    reason: str,
    by: str,
    at: datetime,
) -> bool:
    """Correct a fact that `found` gave, and let the conclusions follow; False when nothing differs."""
    changed = correct(session, fact, values, kind, by=by, at=at, reason=reason, staff_id=staff_id)
    if changed:
        refresh(session, staff_ids=[staff_id], by=by, at=at)
    return changed


def take_back(
    session: Session,
    fact: Fact,
    kind: str,
    *,
    staff_id: int,
    reason: str,
    by: str,
    at: datetime,
) -> None:
    """Take back what was entered by mistake; what it said, and why it went, stays readable."""
    before = values_of(fact)
    session.add(earlier_version(fact.__tablename__, before, by=by, at=at, reason=reason))
    session.delete(fact)
    session.flush()
    audit(
        session,
        kind,
        by=by,
        at=at,
        subject=(fact.__tablename__, before["id"]),
        staff_id=staff_id,
        before=before,
        after={"reason": reason},
    )
    refresh(session, staff_ids=[staff_id], by=by, at=at)


def found(session: Session, model: type[F], fact_id: int, *, version: datetime) -> F:
    """The fact with this id, as the page showed it (`version`: its `version_from` then).

    Raises Gone, ChangedMeanwhile.
    """
    fact = session.get(model, fact_id, populate_existing=True)
    if fact is None:
        raise Gone
    if fact.version_from != version:
        raise ChangedMeanwhile(fact)
    return fact


def require_order(starts_on: date, ends_on: date | None) -> None:
    """Raises EndsBeforeItStarts."""
    if ends_on is not None and ends_on < starts_on:
        raise EndsBeforeItStarts


def require_employed(session: Session, staff_id: int, day: date) -> None:
    """Raises OutsideEmployment unless the person is employed on the day."""
    person = session.get_one(Staff, staff_id)
    if day < person.employed_from or (person.employed_to is not None and day > person.employed_to):
        raise OutsideEmployment


def require_apart(
    session: Session,
    model: Any,
    *where: ColumnElement[bool],
    starts_on: date,
    ends_on: date | None,
    apart_from: int | None,
) -> None:
    """Raises AlreadyRecorded or Overlaps when one of the rows that meet `where` shares a day."""
    for row in session.scalars(select(model).where(*where)):
        if row.id == apart_from:
            continue
        if row.starts_on == starts_on:
            raise AlreadyRecorded
        if (ends_on is None or row.starts_on <= ends_on) and (
            row.ends_on is None or row.ends_on >= starts_on
        ):
            raise Overlaps
