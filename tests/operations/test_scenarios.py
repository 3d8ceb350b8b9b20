"""Scenarios are kept with their versions, by whoever made them, and touch no fact."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.scenario import PersonLeaves
from skillsmatrix.foundation.database import begin_writing, reading, writing
from skillsmatrix.models import AuditEntry, Ledger, Scenario
from skillsmatrix.operations.accounts import create_account
from skillsmatrix.operations.keeping import ChangedMeanwhile
from skillsmatrix.operations.scenarios import (
    NotTheirs,
    PutAway,
    TooManyChanges,
    archive_scenario,
    change_scenario,
    rename_scenario,
    save_scenario,
    share_scenario,
)
from skillsmatrix.queries.scenarios import SavedScenario, earlier_scenarios, saved_scenario, saved_scenarios

AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
LEAVES = PersonLeaves("ada", date(2027, 3, 3))
ALSO = PersonLeaves("ben", date(2027, 3, 3))


def an_owner(session: Session) -> int:
    return create_account(session, email="ann@example.org", display_name="Ann Lee", by="command:test", at=AT)


def saved(engine: Engine) -> tuple[SavedScenario, str]:
    """A scenario with one leaver, and the signature of its owner."""
    with writing(engine) as session:
        owner = an_owner(session)
        by = f"account:{owner}"
        number = save_scenario(session, owner_id=owner, name="Without Ada", changes=[LEAVES], by=by, at=AT)
    with reading(engine) as session:
        found = saved_scenario(session, number)
    assert found is not None
    return found, by


def test_a_scenario_is_kept_as_it_was_made_and_shared_with_nobody(engine: Engine) -> None:
    found, _by = saved(engine)

    assert (found.name, found.owner, found.changes) == ("Without Ada", "Ann Lee", (LEAVES,))
    assert (found.shared, found.archived) == (False, False)


def test_the_earlier_lists_of_changes_and_names_stay_readable(engine: Engine) -> None:
    found, by = saved(engine)
    with writing(engine) as session:
        change_scenario(
            session, scenario_id=found.id, changes=[LEAVES, ALSO], version=found.version, by=by, at=LATER
        )
        rename_scenario(session, scenario_id=found.id, name="Without both", version=LATER, by=by, at=LATER)

    with reading(engine) as session:
        now = saved_scenario(session, found.id)
        before = earlier_scenarios(session, found.id)

    assert now is not None
    assert (now.name, now.changes) == ("Without both", (LEAVES, ALSO))
    assert [(each.name, each.changes) for each in before] == [
        ("Without Ada", (LEAVES, ALSO)),
        ("Without Ada", (LEAVES,)),
    ]


def test_it_is_put_away_and_brought_back_and_never_lost(engine: Engine) -> None:
    found, by = saved(engine)
    with writing(engine) as session:
        archive_scenario(session, scenario_id=found.id, archived=True, version=found.version, by=by, at=LATER)
        with pytest.raises(PutAway):
            rename_scenario(session, scenario_id=found.id, name="x", version=LATER, by=by, at=LATER)
        archive_scenario(session, scenario_id=found.id, archived=False, version=LATER, by=by, at=LATER)
        share_scenario(session, scenario_id=found.id, shared=True, version=LATER, by=by, at=LATER)

    with reading(engine) as session:
        assert [(each.archived, each.shared) for each in saved_scenarios(session)] == [(False, True)]
        kinds = session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all()
    assert kinds[-4:] == [
        "scenario_saved",
        "scenario_archived",
        "scenario_brought_back",
        "scenario_shared",
    ]


def test_nobody_else_changes_it(sqlite_engine: Engine) -> None:
    found, _by = saved(sqlite_engine)
    with Session(sqlite_engine) as session:
        begin_writing(session)
        given = {"scenario_id": found.id, "version": found.version, "by": "account:77", "at": LATER}
        with pytest.raises(NotTheirs):
            rename_scenario(session, name="Mine now", **given)  # type: ignore[arg-type]
        with pytest.raises(NotTheirs):
            archive_scenario(session, archived=True, **given)  # type: ignore[arg-type]


def test_what_was_changed_in_another_window_is_not_overwritten(sqlite_engine: Engine) -> None:
    found, by = saved(sqlite_engine)
    with Session(sqlite_engine) as session:
        begin_writing(session)
        rename_scenario(session, scenario_id=found.id, name="One", version=found.version, by=by, at=LATER)
        with pytest.raises(ChangedMeanwhile):
            rename_scenario(session, scenario_id=found.id, name="Two", version=found.version, by=by, at=LATER)


def test_a_scenario_is_a_short_list(sqlite_engine: Engine) -> None:
    with Session(sqlite_engine) as session:
        begin_writing(session)
        owner = an_owner(session)
        with pytest.raises(TooManyChanges):
            save_scenario(session, owner_id=owner, name="All", changes=[LEAVES] * 31, by="account:1", at=AT)


def test_saving_and_changing_raises_no_data_version(sqlite_engine: Engine) -> None:
    found, by = saved(sqlite_engine)
    with writing(sqlite_engine) as session:
        change_scenario(session, scenario_id=found.id, changes=[], version=found.version, by=by, at=LATER)

    with reading(sqlite_engine) as session:
        assert session.scalar(select(Ledger.data_version)) == 0
        assert session.scalar(select(func.count()).select_from(Scenario)) == 1
