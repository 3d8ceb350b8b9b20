"""Changes of rules: drafted by one, approved by another, in force on their day, the past untouched."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.rule_change import RuleChange, What
from skillsmatrix.domain.standing import Standing
from skillsmatrix.foundation.database import begin_writing, make_engine, reading, writing
from skillsmatrix.models import (
    AuditEntry,
    Competency,
    EarlierVersion,
    Job,
    Learning,
    Requirement,
    Role,
    Service,
)
from skillsmatrix.models import RuleChange as Draft
from skillsmatrix.operations import rules
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.operations.keeping import ChangedMeanwhile
from skillsmatrix.operations.learning import record_learning
from skillsmatrix.operations.rules import Proposal, approve_change, draft_change, put_in_force
from skillsmatrix.queries.conclusions import differences
from skillsmatrix.queries.rules import drafted_changes, limits, preview
from skillsmatrix.queries.workforce import workforce
from tests.contract.stored import import_from, write
from tests.facts import add
from tests.operations.training_world import AT, BY, SINCE, TODAY, House, build
from tests.oracle.packages import random_package

SECOND = "account:2"
LATER = AT + timedelta(hours=1)
DAY = date(2026, 4, 1)
ON_THE_DAY = AT + timedelta(days=30)
LEARNT = date(2025, 3, 10)


@pytest.fixture
def session(sqlite_engine: Engine) -> Iterator[Session]:
    with Session(sqlite_engine) as session:
        begin_writing(session)
        yield session


@pytest.fixture
def house(session: Session) -> House:
    """Fire safety lasts 24 months; p0 learned it on 10 March 2025."""
    found = build(session, people=2)
    session.get_one(Competency, found.fire).learning_months = 24
    add(session, Learning(staff_id=found.staff["p0"], competency_id=found.fire, completed_on=LEARNT))
    rebuild(session, by=BY, at=AT)
    return found


def of_requirement(what: What = What.CHANGE, day: date = DAY, **values: Any) -> RuleChange:
    return RuleChange("requirements", "R-FIRE", what, values, day)


def of_length(months: int | None, *, new_only: bool = True, day: date = DAY) -> RuleChange:
    return RuleChange("competencies", "FIRE", What.CHANGE, {"learning_months": months}, day, new_only)


def draft(session: Session, change: RuleChange, by: str = BY) -> int:
    return draft_change(session, Proposal(change=change, why="New fire order"), by=by, at=AT)


def approved(session: Session, change: RuleChange, at: Any = LATER) -> int:
    number = draft(session, change)
    approve_change(session, change_id=number, version=AT, by=SECOND, at=at)
    return number


def standing_of(session: Session, on: date, person: str = "p0") -> Standing:
    rows = workforce(session).standings(on=on, person=person)
    return next(row.verdict.standing for row in rows if row.instance.competency == "FIRE")


def test_a_draft_moves_nobody(session: Session, house: House) -> None:
    draft(session, of_requirement(level=2))

    assert session.scalars(select(Requirement.level).where(Requirement.code == "R-FIRE")).one() == 1
    assert [each.state for each in drafted_changes(session)] == ["draft"]


def test_whoever_drafted_or_redrafted_it_does_not_approve_it(session: Session, house: House) -> None:
    number = draft(session, of_requirement(level=2))
    with pytest.raises(rules.OwnDraft):
        approve_change(session, change_id=number, version=AT, by=BY, at=LATER)
    proposal = Proposal(change=of_requirement(level=3), why="Higher still")
    rules.amend_draft(session, change_id=number, proposal=proposal, version=AT, by=SECOND, at=LATER)

    for by in (BY, SECOND):
        with pytest.raises(rules.OwnDraft):
            approve_change(session, change_id=number, version=LATER, by=by, at=LATER)

    assert session.get_one(Draft, number).state == "draft"


def test_an_approved_requirement_counts_from_its_day_and_the_past_keeps_its_answer(
    session: Session, house: House
) -> None:
    number = approved(session, of_requirement(level=2))

    rows = session.scalars(select(Requirement).where(Requirement.code.startswith("R-FIRE"))).all()
    days = {row.code: (row.in_force_from, row.in_force_to, row.level) for row in rows}
    assert days == {"R-FIRE": (SINCE, date(2026, 3, 31), 1), "R-FIRE.2": (DAY, None, 2)}
    assert standing_of(session, date(2026, 3, 31)) is Standing.VALID
    assert standing_of(session, DAY) is Standing.BELOW_LEVEL
    stored = session.get_one(Draft, number)
    assert (stored.state, stored.recorded_by, stored.approved_by) == ("in_force", BY, SECOND)
    assert differences(session) == []


def test_a_new_requirement_and_its_end(session: Session, house: House) -> None:
    asked = {
        "competency": "MED",
        "service": "HOUSE",
        "role": None,
        "level": 1,
        "cover": "count",
        "amount": 1,
        "strength": "target",
        "induction_days": None,
        "reason": "Night shifts",
    }
    approved(session, RuleChange("requirements", "MED-HOUSE", What.ADD, asked, DAY))
    approved(session, RuleChange("requirements", "MED-HOUSE", What.END, {}, DAY))

    assert session.scalars(select(Requirement).where(Requirement.code == "MED-HOUSE")).all() == []
    kinds = session.scalars(select(AuditEntry.kind)).all()
    assert "requirement_added" in kinds
    assert "requirement_removed" in kinds
    assert differences(session) == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (of_requirement(level=2, day=TODAY - timedelta(days=1)), rules.InThePast),
        (of_requirement(level=1), rules.NothingChanges),
        (of_length(24), rules.NothingChanges),
        (of_requirement(cover="percent"), rules.IncompleteRule),
        (of_requirement(cover="percent", amount=101), rules.IncompleteRule),
        (RuleChange("requirements", "R-GONE", What.END, {}, DAY), rules.RuleGone),
        (
            RuleChange("competencies", "FIRE", What.CHANGE, {"supervision_kind": "clinical"}, DAY),
            rules.IncompleteRule,
        ),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    session: Session, house: House, change: RuleChange, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        draft(session, change)

    assert session.scalars(select(Draft)).all() == []


def test_a_day_that_passed_while_it_waited_is_the_day_of_the_approval(session: Session, house: House) -> None:
    number = approved(session, of_requirement(level=2, day=TODAY), at=ON_THE_DAY)

    assert session.get_one(Draft, number).takes_effect_on == ON_THE_DAY.date()


def test_a_competency_changes_on_its_day_and_only_once(session: Session, house: House) -> None:
    number = approved(session, of_length(12, new_only=False))
    assert put_in_force(session, on=DAY - timedelta(days=1), by="command:night", at=LATER) == 0
    assert session.get_one(Draft, number).state == "approved"

    assert put_in_force(session, on=DAY, by="command:night", at=ON_THE_DAY) == 1
    assert put_in_force(session, on=DAY, by="command:night", at=ON_THE_DAY) == 0

    assert session.get_one(Competency, house.fire).learning_months == 12
    assert standing_of(session, DAY) is Standing.EXPIRED
    assert differences(session) == []


def test_a_shorter_length_for_new_completions_only_is_stated_on_each_of_them(
    session: Session, house: House
) -> None:
    approved(session, of_length(12, day=TODAY))

    assert session.get_one(Competency, house.fire).learning_months == 24
    assert standing_of(session, DAY) is Standing.VALID
    number = record_learning(
        session, staff_id=house.staff["p1"], competency_id=house.fire, completed_on=TODAY, by=BY, at=LATER
    )
    assert session.get_one(Learning, number).valid_months == 12
    earlier = record_learning(
        session,
        staff_id=house.staff["p1"],
        competency_id=house.fire,
        completed_on=TODAY - timedelta(days=1),
        by=BY,
        at=LATER,
    )
    assert session.get_one(Learning, earlier).valid_months is None


def test_what_arrives_without_a_length_is_held_to_it_the_night_after(session: Session, house: House) -> None:
    approved(session, of_length(12, day=TODAY))
    row = add(session, Learning(staff_id=house.staff["p1"], competency_id=house.fire, completed_on=TODAY))

    put_in_force(session, on=TODAY, by="command:night", at=LATER)
    put_in_force(session, on=TODAY, by="command:night", at=LATER)

    assert row.valid_months == 12
    versions = select(EarlierVersion).where(EarlierVersion.table_name == "learning")
    assert len(session.scalars(versions).all()) == 1
    assert differences(session) == []


def nights(session: Session) -> list[tuple[str, datetime]]:
    """The nights on which rules are looked at, as asked for."""
    rows = session.scalars(select(Job).where(Job.kind == rules.RULES_JOB).order_by(Job.key)).all()
    return [(row.key, row.not_before) for row in rows]


def test_the_worker_is_asked_for_the_day_of_a_change(session: Session, house: House) -> None:
    approved(session, of_length(12, new_only=False))

    put_in_force(session, on=DAY, by="worker", at=ON_THE_DAY)

    # British Summer Time began on 29 March: 1 April begins at eleven in the evening, UTC.
    assert nights(session) == [("2026-04-01", datetime(2026, 3, 31, 23, 0, tzinfo=UTC))]


def test_a_length_for_new_completions_is_looked_after_every_night(session: Session, house: House) -> None:
    approved(session, of_length(12, day=TODAY))
    put_in_force(session, on=TODAY + timedelta(days=1), by="worker", at=LATER)

    assert [key for key, _ in nights(session)] == ["2026-03-03", "2026-03-04"]


def test_a_later_length_replaces_the_limit(session: Session, house: House) -> None:
    approved(session, of_length(12, day=TODAY))
    assert limits(session)["FIRE"].values == {"learning_months": 12}

    approved(session, of_length(24, day=TODAY))

    assert limits(session) == {}
    number = record_learning(
        session, staff_id=house.staff["p1"], competency_id=house.fire, completed_on=TODAY, by=BY, at=LATER
    )
    assert session.get_one(Learning, number).valid_months is None


def test_a_longer_length_for_new_completions_leaves_old_ones_their_end(
    session: Session, house: House
) -> None:
    approved(session, of_length(36, day=TODAY))

    assert session.scalars(select(Learning.valid_months)).all() == [24]
    assert session.get_one(Competency, house.fire).learning_months == 36
    assert standing_of(session, date(2027, 3, 10)) is Standing.EXPIRING
    assert standing_of(session, date(2027, 3, 11)) is Standing.EXPIRED
    assert differences(session) == []


def test_a_change_whose_rule_is_gone_is_refused_and_a_dropped_one_stays_dropped(
    session: Session, house: House
) -> None:
    number = draft(session, of_requirement(level=2))
    approved(session, of_requirement(What.END, day=TODAY))

    with pytest.raises(rules.RuleGone):
        approve_change(session, change_id=number, version=AT, by=SECOND, at=LATER)
    session.expire_all()
    version = session.get_one(Draft, number).version_from
    rules.drop_change(session, change_id=number, version=version, by=BY, at=LATER)
    with pytest.raises(rules.NotADraft):
        rules.drop_change(session, change_id=number, version=LATER, by=BY, at=LATER)


def test_the_preview_names_who_turns_red_and_what_it_costs(session: Session, house: House) -> None:
    seen = preview(session, of_length(12, new_only=False), today=TODAY)

    assert [each.on for each in seen.days] == [DAY + timedelta(days=days) for days in (0, 30, 60, 90)]
    assert [[change.person for change in each.red] for each in seen.days] == [["p0"]] * 4
    assert seen.in_training == {"p0"}
    assert [(course.title, course.level) for course in seen.courses] == [("Safe and sound", 1)]
    assert session.get_one(Competency, house.fire).learning_months == 24


def test_a_course_that_does_not_reach_the_level_is_no_cost(session: Session, house: House) -> None:
    seen = preview(session, of_requirement(level=2), today=TODAY)

    assert seen.in_training == {"p0"}  # p1 lacks it already
    assert seen.courses == []


def test_the_preview_of_new_completions_only_says_what_the_other_choice_would_do(
    session: Session, house: House
) -> None:
    seen = preview(session, of_length(12), today=TODAY)

    assert all(each.nothing for each in seen.days)
    assert [[change.person for change in each.red] for each in seen.if_all] == [["p0"]] * 4


def test_a_supervision_rule_shows_whom_it_would_stop(session: Session, house: House) -> None:
    values = {"supervision_kind": "clinical", "supervision_lapse_days": 28}

    seen = preview(session, RuleChange("competencies", "FIRE", What.CHANGE, values, DAY), today=TODAY)

    assert [(change.person, change.after) for change in seen.days[0].red] == [("p0", Standing.SUSPENDED)]


def test_of_two_who_approve_at_once_one_is_kept(database_url: str) -> None:
    engine = make_engine(database_url)
    with writing(engine) as session:
        build(session, people=2)
        number = draft(session, of_requirement(level=2))
    gate, came = threading.Barrier(2), []

    def approve(by: str) -> None:
        own = make_engine(database_url)
        gate.wait()
        try:
            with writing(own) as session:
                approve_change(session, change_id=number, version=AT, by=by, at=LATER)
            came.append("kept")
        except (rules.NotADraft, ChangedMeanwhile) as refused:
            came.append(type(refused).__name__)
        own.dispose()

    threads = [threading.Thread(target=approve, args=(by,)) for by in (SECOND, "account:3")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(came) == ["NotADraft", "kept"]
    with reading(engine) as session:
        rows = session.scalars(select(Requirement).where(Requirement.code.startswith("R-FIRE"))).all()
        assert len(rows) == 2
    engine.dispose()


@pytest.mark.parametrize(
    ("what", "values"),
    [
        (What.CHANGE, {"level": 2}),
        (What.CHANGE, {"service": None, "role": None}),
        (What.CHANGE, {"service": "svc-b", "role": None}),
        (What.CHANGE, {"service": None, "role": "role-b"}),
        (What.END, {}),
    ],
    ids=["of its own", "to everybody", "to another service", "to another role", "of nobody any more"],
)
def test_what_is_kept_follows_whoever_a_requirement_asked_or_asks(
    engine: Engine, tmp_path: Path, what: What, values: dict[str, Any]
) -> None:
    """Each requirement of a random package in turn: of one service or all, of one role or any."""
    import_from(write(random_package(31), tmp_path / "package"), engine, at=AT)
    with writing(engine) as session:
        rebuild(session, by=BY, at=AT)
        services, roles = (session.scalars(select(model.code)).all() for model in (Service, Role))
        moved = {"svc-b": services[-1], "role-b": roles[-1]}
        codes = session.scalars(select(Requirement.code).where(Requirement.in_force_to.is_(None))).all()
    values = {name: moved.get(value, value) for name, value in values.items()}
    changed = 0
    for code in codes:
        with Session(engine) as session:
            begin_writing(session)
            try:
                approved(session, RuleChange("requirements", code, what, values, DAY))
            except rules.NothingChanges:
                continue
            changed += 1
            assert differences(session) == [], code

    assert changed >= 2
