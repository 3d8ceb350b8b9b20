"""Scenarios as they are kept: whose they are, what they change, and what they said before."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.scenario import Change, read
from skillsmatrix.models import Account, EarlierVersion, Scenario


@dataclass(frozen=True, slots=True)
class SavedScenario:
    """One scenario. `owner_id`, `owner`: the account that made it, and its name; `version`: of this list."""

    id: int
    name: str
    owner_id: int
    owner: str
    shared: bool
    archived: bool
    version: datetime
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class EarlierScenario:
    """What a scenario said from one instant to another."""

    name: str
    shared: bool
    changes: tuple[Change, ...]
    known_from: datetime
    known_to: datetime


def saved_scenarios(session: Session) -> list[SavedScenario]:
    """Every scenario of everybody, by name; whoever lists them keeps to those that may be read."""
    rows = session.execute(select(Scenario, Account).join(Account, Account.id == Scenario.owner_id))
    return sorted((_saved(*row) for row in rows), key=lambda each: (each.name.casefold(), each.id))


def saved_scenario(session: Session, scenario_id: int) -> SavedScenario | None:
    """The scenario with this number; None when there is none."""
    row = session.execute(
        select(Scenario, Account)
        .join(Account, Account.id == Scenario.owner_id)
        .where(Scenario.id == scenario_id)
    ).one_or_none()
    return None if row is None else _saved(*row)


def earlier_scenarios(session: Session, scenario_id: int) -> list[EarlierScenario]:
    """The versions that were replaced, latest first."""
    rows = session.scalars(
        select(EarlierVersion)
        .where(EarlierVersion.table_name == "scenarios", EarlierVersion.row_id == scenario_id)
        .order_by(EarlierVersion.id.desc())
    )
    return [_earlier(row) for row in rows]


def _saved(row: Scenario, owner: Account) -> SavedScenario:
    return SavedScenario(
        id=row.id,
        name=row.name,
        owner_id=row.owner_id,
        owner=owner.display_name,
        shared=row.shared,
        archived=row.archived,
        version=row.version_from,
        changes=read(json.loads(row.changes)),
    )


def _earlier(row: EarlierVersion) -> EarlierScenario:
    said = json.loads(row.row or "{}")
    return EarlierScenario(
        name=said["name"],
        shared=said["shared"],
        changes=read(json.loads(said["changes"])),
        known_from=row.known_from,
        known_to=row.known_to,
    )
