"""The image of an instant says what the facts say as they were believed then."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix import models
from skillsmatrix.domain.rule_change import RuleChange, What
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.operations.learning import correct_learning, record_learning, void_learning
from skillsmatrix.operations.rules import Proposal, approve_change, draft_change
from skillsmatrix.operations.staff import mark_leaver
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.known_then import believed_otherwise, image_known_at
from skillsmatrix.queries.workforce import workforce
from tests.contract.stored import import_from, write
from tests.engine.house import disagreements
from tests.oracle.packages import TURNING_DAYS, random_package

IMPORTED_AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
BY = "account:1"
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def filled(engine: Engine, tmp_path: Path) -> Engine:
    import_from(write(random_package(21), tmp_path / "package"), engine, at=IMPORTED_AT)
    with writing(engine) as session:
        rebuild(session, by=BY, at=IMPORTED_AT)
    return engine


def some_learning(session: Session, place: int) -> models.Learning:
    rows = session.scalars(select(models.Learning).order_by(models.Learning.id)).all()
    return rows[place % len(rows)]


# Each makes one change, and gives the id of the person it is about.


def learned(session: Session, at: datetime) -> int:
    staff_id = session.scalars(select(models.Staff.id).order_by(models.Staff.id)).all()[3]
    about = {"staff_id": staff_id, "competency_id": 1}
    day = date(2026, 8, 20)
    record_learning(session, **about, completed_on=day, level=2, reference="late", by=BY, at=at)
    return staff_id


def put_right(session: Session, at: datetime) -> int:
    row = some_learning(session, 7)
    values = {"completed_on": date(2025, 1, 6)}
    correct_learning(session, learning_id=row.id, values=values, reason="typing", by=BY, at=at)
    return row.staff_id


def taken_back(session: Session, at: datetime) -> int:
    row = some_learning(session, 11)
    staff_id = row.staff_id
    void_learning(session, learning_id=row.id, reason="not theirs", by=BY, at=at)
    return staff_id


def left(session: Session, at: datetime) -> int:
    leaver = session.scalars(
        select(models.Staff).where(models.Staff.employed_to.is_(None)).order_by(models.Staff.id)
    ).first()
    assert leaver is not None
    leaving = {"staff_id": leaver.id, "version": leaver.version_from, "employed_to": at.date()}
    mark_leaver(session, **leaving, reason="moves", by=BY, at=at)  # type: ignore[arg-type]
    return leaver.id


CHANGES: list[Callable[[Session, datetime], int]] = [learned, put_right, taken_back, left]


def changed(engine: Engine) -> tuple[list[datetime], list[int]]:
    """An instant before the first change, and one after each; and whom each is about."""
    instants, people = [IMPORTED_AT + timedelta(hours=1)], []
    for each in CHANGES:
        at = instants[-1] + timedelta(days=1)
        with writing(engine) as session:
            people.append(each(session, at))
        instants.append(at)
    return instants, people


def test_at_every_instant_it_agrees_with_the_facts_believed_then(filled: Engine) -> None:
    random = Random(1)  # noqa: S311 - drawn from a seed on purpose
    for number, at in enumerate(changed(filled)[0]):
        for instant in (at - MOMENT, at):
            with reading(filled) as session:
                image, facts = image_known_at(session, instant), workforce(session, known_at=instant)
                for on in random.sample(TURNING_DAYS, 4):
                    assert disagreements(image, facts, on=on) == [], (number, instant, on)


def test_only_those_are_worked_out_anew_about_whom_something_else_was_believed(filled: Engine) -> None:
    instants, people = changed(filled)
    with reading(filled) as session:
        found = [believed_otherwise(session, instant) for instant in instants]

    assert not any(each.rules for each in found)
    assert len(set(people)) >= 3
    assert [set(each.staff_ids) for each in found] == [set(people[number:]) for number in range(5)]


def test_before_a_change_of_the_rules_everybody_is_worked_out_by_the_rules_of_then(filled: Engine) -> None:
    at = IMPORTED_AT + timedelta(days=1)
    with writing(filled) as session:
        asked = models.Requirement
        code = session.scalars(
            select(asked.code).where(asked.in_force_to.is_(None)).order_by(asked.id)
        ).first()
        assert code is not None
        change = RuleChange("requirements", code, What.END, {}, at.date())
        number = draft_change(session, Proposal(change=change, why="Done elsewhere"), by=BY, at=at)
        approve_change(session, change_id=number, version=at, by="account:2", at=at)

    with reading(filled) as session:
        everybody = session.scalars(select(models.Staff.id).order_by(models.Staff.id)).all()
        assert believed_otherwise(session, at - MOMENT).rules
        assert believed_otherwise(session, at - MOMENT).staff_ids == tuple(everybody)
        assert not believed_otherwise(session, at).rules
        for instant in (at - MOMENT, at):
            image, facts = image_known_at(session, instant), workforce(session, known_at=instant)
            assert disagreements(image, facts, on=at.date() + timedelta(days=1)) == []


def test_of_what_nobody_has_changed_since_it_is_the_image_of_now(filled: Engine) -> None:
    with reading(filled) as session:
        assert image_known_at(session, IMPORTED_AT + MOMENT) is current(session)
