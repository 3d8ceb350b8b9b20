"""Scenarios kept, changed, shared and put away. Nothing here touches a fact about anybody."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from skillsmatrix.domain.scenario import MOST_CHANGES, Change, stored
from skillsmatrix.models import Scenario
from skillsmatrix.operations.keeping import KeepingRefused, found
from skillsmatrix.operations.versions import correct, record


class NotTheirs(KeepingRefused):
    """Only whoever made a scenario changes it; anybody who reads it may copy it."""


class PutAway(KeepingRefused):
    """It is archived: bring it back first."""


class TooManyChanges(KeepingRefused):
    """A scenario is a short list."""


def save_scenario(
    session: Session, *, owner_id: int, name: str, changes: Sequence[Change] = (), by: str, at: datetime
) -> int:
    """Keep a new scenario, shared with nobody; returns its id. Raises TooManyChanges."""
    row = Scenario(owner_id=owner_id, name=name, changes=_text(changes), shared=False, archived=False)
    return record(session, row, "scenario_saved", by=by, at=at)


def rename_scenario(
    session: Session, *, scenario_id: int, name: str, version: datetime, by: str, at: datetime
) -> bool:
    """Give it another name; False when it has it. Raises KeepingRefused, ChangedMeanwhile, Gone."""
    row = _own(session, scenario_id, version=version, by=by)
    return correct(session, row, {"name": name}, "scenario_renamed", by=by, at=at, reason=None)


def change_scenario(
    session: Session,
    *,
    scenario_id: int,
    changes: Sequence[Change],
    version: datetime,
    by: str,
    at: datetime,
) -> bool:
    """Give it other changes; the earlier list stays readable. Raises as `rename_scenario`."""
    row = _own(session, scenario_id, version=version, by=by)
    values: Mapping[str, Any] = {"changes": _text(changes)}
    return correct(session, row, values, "scenario_changed", by=by, at=at, reason=None)


def share_scenario(
    session: Session, *, scenario_id: int, shared: bool, version: datetime, by: str, at: datetime
) -> bool:
    """Let those read it who may see all that it names, or nobody else any more. Raises as above."""
    row = _own(session, scenario_id, version=version, by=by)
    kind = "scenario_shared" if shared else "scenario_shared_no_longer"
    return correct(session, row, {"shared": shared}, kind, by=by, at=at, reason=None)


def archive_scenario(
    session: Session, *, scenario_id: int, archived: bool, version: datetime, by: str, at: datetime
) -> bool:
    """Put it away, or bring it back; nothing of it is lost. Raises NotTheirs, ChangedMeanwhile, Gone."""
    row = found(session, Scenario, scenario_id, version=version)
    _require_theirs(row, by=by)
    kind = "scenario_archived" if archived else "scenario_brought_back"
    return correct(session, row, {"archived": archived}, kind, by=by, at=at, reason=None)


def _own(session: Session, scenario_id: int, *, version: datetime, by: str) -> Scenario:
    row = found(session, Scenario, scenario_id, version=version)
    _require_theirs(row, by=by)
    if row.archived:
        raise PutAway
    return row


def _require_theirs(row: Scenario, *, by: str) -> None:
    if by != f"account:{row.owner_id}":
        raise NotTheirs


def _text(changes: Sequence[Change]) -> str:
    if len(changes) > MOST_CHANGES:
        raise TooManyChanges
    return json.dumps(stored(changes), sort_keys=True)
