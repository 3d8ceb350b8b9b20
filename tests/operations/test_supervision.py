"""Supervision: agreed, held by one or many, put right; what hangs on it follows at once."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.supervision import Session as HeldSession
from skillsmatrix.domain.supervision_ladder import NotCounted, Rung
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import (
    AuditEntry,
    EarlierVersion,
    Staff,
    SupervisionAction,
    SupervisionAgreement,
    SupervisionSession,
)
from skillsmatrix.operations.supervision import (
    AlreadyAgreed,
    AlreadyHeld,
    HeldInFuture,
    NobodyThere,
    NotEmployedThen,
    SupervisionRefused,
    WithOneself,
    add_action,
    agree_supervision,
    change_agreement,
    correct_session,
    finish_action,
    record_session,
    void_session,
)
from skillsmatrix.queries.access import ALL
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.supervision import (
    actions,
    ladder,
    loads,
    losing_supervisor,
    session_doubts,
    sessions,
    supervisees,
)
from tests.operations.practice import BY, NOW, TODAY, House, house, signed_off, standing_of

CLINICAL: dict[str, Any] = {
    "supervision_kind": "clinical",
    "supervision_every_days": 42,
    "supervision_lapse_days": 56,
    "supervision_max_group": 6,
}
LATELY = TODAY - timedelta(days=2)


def clinical_house(session: Session) -> House:
    """Ade was signed off 100 days ago and has had no session since: suspended."""
    at_house = house(session, **CLINICAL)
    signed_off(session, at_house.ade, at_house.skill, at_house.bo, on=TODAY - timedelta(days=100))
    return at_house


def hold(
    session: Session, at_house: House, *supervisee_ids: int, key: str = "k", **changes: Any
) -> list[int]:
    facts: dict[str, Any] = {
        "supervisor_id": at_house.dee,
        "supervisee_ids": supervisee_ids or (at_house.ade,),
        "kind": "clinical",
        "held_on": LATELY,
        "minutes": 60,
        "others": 0,
    }
    return record_session(session, **{**facts, **changes}, key=key, by=BY, at=NOW)


def test_v1_a_session_brings_back_what_the_lapse_had_suspended(engine: Engine) -> None:
    with writing(engine) as session:
        at_house = clinical_house(session)
        before = standing_of(session, "ade")

        hold(session, at_house)

    with reading(engine) as session:
        kept = {row.person: row.standing.value for row in current(session).standings(on=TODAY)}
        (row,) = session.scalars(select(SupervisionSession))
        assert (before, standing_of(session, "ade"), kept["ade"]) == ("suspended", "valid", "valid")
        assert (row.minutes, row.group_size, row.held_on) == (60, None, LATELY)


def test_a_whole_group_is_recorded_at_once_with_its_size(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)

        ids = hold(session, at_house, at_house.ade, at_house.bo, others=2)

        rows = session.scalars(select(SupervisionSession)).all()
        assert len(ids) == 2
        assert {(row.supervisee_id, row.group_size) for row in rows} == {(at_house.ade, 4), (at_house.bo, 4)}


def test_v3_seven_in_a_group_are_stored_and_count_for_nobody(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)
        held = HeldSession(LATELY, "clinical", "dee", 7)
        people = supervisees(session, within=ALL, on=TODAY)

        told = session_doubts(session, people, held, on=TODAY)
        hold(session, at_house, others=6)

        assert [(each.staff, each.doubt.reason) for each in told if each.staff == "ade"] == [
            ("ade", NotCounted.GROUP_TOO_LARGE)
        ]
        assert standing_of(session, "ade") == "suspended"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, HeldInFuture),
        ({"supervisee_ids": ()}, NobodyThere),
        ({"held_on": date(2023, 12, 31)}, NotEmployedThen),
    ],
)
def test_what_was_not_held_is_not_recorded(
    sqlite_engine: Engine, changes: dict[str, Any], error: type[SupervisionRefused]
) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)

        with pytest.raises(error):
            hold(session, at_house, **changes)

        assert session.scalars(select(SupervisionSession)).all() == []


def test_nobody_supervises_themself(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)

        with pytest.raises(WithOneself):
            hold(session, at_house, at_house.ade, at_house.dee)


def test_the_same_session_is_not_recorded_twice(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)
        first = hold(session, at_house, key="a")

        assert hold(session, at_house, key="a") == first
        with pytest.raises(AlreadyHeld) as refused:
            hold(session, at_house, at_house.ade, at_house.bo, key="b")

        assert refused.value.staff_ids == (at_house.ade,)
        assert len(session.scalars(select(SupervisionSession)).all()) == 1


def test_two_clicks_at_once_leave_one_session(engine: Engine) -> None:
    with writing(engine) as session:
        at_house = clinical_house(session)
    gate = threading.Barrier(3)
    answers: list[list[int]] = []

    def click() -> None:
        gate.wait()
        with writing(engine) as session:
            answers.append(hold(session, at_house, key="same"))

    threads = [threading.Thread(target=click) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with reading(engine) as session:
        (row,) = session.scalars(select(SupervisionSession)).all()
        assert answers == [[row.id]] * 3


def test_a_session_is_put_right_with_a_reason(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)
        (session_id,) = hold(session, at_house)
        facts: dict[str, Any] = {
            "session_id": session_id,
            "minutes": 60,
            "reason": "Wrong day",
            "by": BY,
            "at": NOW,
        }

        changed = correct_session(session, **facts, held_on=TODAY - timedelta(days=60), group_size=None)

        before = session.scalars(
            select(EarlierVersion).where(EarlierVersion.table_name == "supervision")
        ).one()
        assert changed
        assert before.reason == "Wrong day"
        assert standing_of(session, "ade") == "suspended"
        with pytest.raises(HeldInFuture):
            correct_session(session, **facts, held_on=TODAY + timedelta(days=1), group_size=None)


def test_a_session_that_never_was_is_taken_back_and_stays_readable(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)
        (session_id,) = hold(session, at_house)

        void_session(session, session_id=session_id, reason="She was ill", by=BY, at=NOW)

        assert sessions(session, at_house.ade, on=TODAY) == []
        assert standing_of(session, "ade") == "suspended"
        assert "supervision_voided" in session.scalars(select(AuditEntry.kind)).all()


def agree(session: Session, at_house: House, **changes: Any) -> int:
    facts: dict[str, Any] = {
        "supervisee_id": at_house.ade,
        "supervisor_id": at_house.dee,
        "kind": "line",
        "every_days": 42,
        "starts_on": date(2025, 1, 1),
    }
    return agree_supervision(session, **{**facts, **changes}, by=BY, at=NOW)


def test_an_agreement_sets_a_person_on_the_ladder(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)
        agree(session, at_house)

        lines = ladder(session, supervisees(session, within=ALL, on=TODAY, supervisor="dee"), on=TODAY)

        assert [(line.staff, line.kind, line.step.rung) for line in lines] == [
            ("ade", "clinical", Rung.LAPSED),
            ("ade", "line", Rung.OVERDUE),
        ]
        assert [each.title for each in lines[0].step.stops] == ["Medicines"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, AlreadyAgreed),
        ({"starts_on": date(2025, 5, 1), "ends_on": date(2025, 5, 2)}, AlreadyAgreed),
        ({"kind": "clinical", "ends_on": date(2024, 12, 31)}, SupervisionRefused),
        ({"kind": "clinical", "starts_on": date(2023, 12, 31)}, NotEmployedThen),
    ],
)
def test_what_cannot_be_agreed_is_refused(
    sqlite_engine: Engine, changes: dict[str, Any], error: type[SupervisionRefused]
) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)
        agree(session, at_house)

        with pytest.raises(error):
            agree(session, at_house, **changes)

        assert len(session.scalars(select(SupervisionAgreement)).all()) == 1


def test_nobody_agrees_to_supervise_themself(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)

        with pytest.raises(WithOneself):
            agree(session, at_house, supervisor_id=at_house.ade)


def test_an_agreement_ends_and_another_follows(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)
        agreement_id = agree(session, at_house)

        with pytest.raises(SupervisionRefused):
            change_agreement(
                session, agreement_id=agreement_id, every_days=42, ends_on=date(2024, 1, 1), by=BY, at=NOW
            )
        change_agreement(session, agreement_id=agreement_id, every_days=28, ends_on=TODAY, by=BY, at=NOW)
        agree(session, at_house, starts_on=TODAY + timedelta(days=1))

        assert session.get_one(SupervisionAgreement, agreement_id).every_days == 28
        assert losing_supervisor(session, within=ALL, on=TODAY) == []


def test_v2_people_are_flagged_from_the_day_their_supervisors_end_is_known(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)
        agree(session, at_house)
        before = losing_supervisor(session, within=ALL, on=TODAY)
        leaves_on = TODAY + timedelta(days=60)
        session.get_one(Staff, at_house.dee).employed_to = leaves_on
        session.flush()

        (line,) = losing_supervisor(session, within=ALL, on=TODAY)
        (load,) = loads(session, within=ALL, on=TODAY)

        assert before == []
        assert (line.staff, line.kind, line.from_on) == ("ade", "line", leaves_on + timedelta(days=1))
        assert (load.supervisor, load.people, load.leaves_on) == ("dee", 1, leaves_on)


def test_an_action_has_an_owner_and_a_day_and_is_done_once(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = clinical_house(session)
        facts: dict[str, Any] = {
            "supervisee_id": at_house.ade,
            "owner_id": at_house.dee,
            "what": "Book the refresher",
            "due_on": TODAY,
        }
        action_id = add_action(session, **facts, key="a", by=BY, at=NOW)
        add_action(session, **facts, key="a", by=BY, at=NOW)

        (line,) = actions(session, at_house.ade)
        assert (line.action_id, line.owner, line.what, line.due_on) == (
            action_id,
            "dee",
            "Book the refresher",
            TODAY,
        )
        assert finish_action(session, action_id=action_id, by=BY, at=NOW)
        assert not finish_action(session, action_id=action_id, by=BY, at=NOW)
        assert actions(session, at_house.ade) == []
        assert session.get_one(SupervisionAction, action_id).done_on == TODAY


def test_what_was_said_in_supervision_has_no_column() -> None:
    columns = {column.name for column in SupervisionSession.__table__.columns}

    assert columns == {
        "id",
        "recorded_at",
        "version_from",
        "recorded_by",
        "supervisee_id",
        "supervisor_id",
        "kind",
        "held_on",
        "minutes",
        "group_size",
    }
