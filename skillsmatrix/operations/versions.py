"""Corrections: the fact takes its new values, the earlier version stays readable, the log says why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from skillsmatrix.foundation.chain import canonical
from skillsmatrix.models import EarlierVersion
from skillsmatrix.models.base import Fact
from skillsmatrix.operations.audit import audit


def values_of(fact: Fact) -> dict[str, Any]:
    """Column name → value of a fact as it stands."""
    mapper = inspect(type(fact))
    return {attribute.key: getattr(fact, attribute.key) for attribute in mapper.column_attrs}


def record(
    session: Session, fact: Fact, kind: str, *, by: str, at: datetime, staff_id: int | None = None
) -> int:
    """Add a new fact, recorded at this instant, with its line in the log; returns its id."""
    fact.recorded_at = at
    fact.version_from = at
    fact.recorded_by = by
    session.add(fact)
    session.flush()
    audit(session, kind, by=by, at=at, subject=_subject(fact), staff_id=staff_id, after=values_of(fact))
    return fact.id


def correct(
    session: Session,
    fact: Fact,
    values: Mapping[str, Any],
    kind: str,
    *,
    by: str,
    at: datetime,
    reason: str | None,
    staff_id: int | None = None,
) -> bool:
    """Give `fact` new values and keep the old version; False (and nothing written) when nothing differs."""
    before = values_of(fact)
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return False
    session.add(earlier_version(fact.__tablename__, before, by=by, at=at, reason=reason))
    for name, value in changed.items():
        setattr(fact, name, value)
    fact.version_from = at
    fact.recorded_by = by
    session.flush()
    audit(
        session,
        kind,
        by=by,
        at=at,
        subject=_subject(fact),
        staff_id=staff_id,
        before={name: before[name] for name in changed},
        after={**changed, "reason": reason},
    )
    return True


def earlier_version(
    table: str, before: Mapping[str, Any], *, by: str, at: datetime, reason: str | None
) -> EarlierVersion:
    """The row that keeps a version which is about to be replaced; `before`: all its columns."""
    return EarlierVersion(
        table_name=table,
        row_id=before["id"],
        known_from=before["version_from"],
        known_to=max(at, before["version_from"]),
        recorded_by=before["recorded_by"],
        corrected_by=by,
        reason=reason,
        row=canonical(before),
    )


def _subject(fact: Fact) -> tuple[str, int]:
    return fact.__tablename__, fact.id
