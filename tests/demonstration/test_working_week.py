"""What is under way in the demonstration: something for the assessor, the trainer, HR and others."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.demonstration import demonstration_week
from skillsmatrix.domain.scenario import read
from skillsmatrix.foundation.database import reading
from skillsmatrix.foundation.paths import SEED
from skillsmatrix.models import (
    AssessmentRequest,
    Booking,
    Claim,
    Course,
    CourseDate,
    RuleChange,
    Scenario,
    Staff,
    SupervisionAction,
)
from tests.conftest import DEMONSTRATION_DAY, DEMONSTRATION_LOADED_AT

ON, AT = DEMONSTRATION_DAY, DEMONSTRATION_LOADED_AT


@pytest.fixture
def session(demonstration: Engine) -> Iterator[Session]:
    with reading(demonstration) as session:
        yield session


def staff_of(session: Session, code: str) -> int:
    return session.scalars(select(Staff.id).where(Staff.code == code)).one()


def test_the_same_day_gives_the_same_week_and_every_day_is_a_working_day(day: date) -> None:
    week = demonstration_week(SEED, on=day)

    assert demonstration_week(SEED, on=day) == week
    assert {planned.starts_at.weekday() for planned in week.dates} <= {0, 1, 2, 3, 4}
    assert all(planned.planned_at < planned.starts_at < planned.ends_at for planned in week.dates)
    assert any(planned.ends_at.date() < day for planned in week.dates)
    assert any(planned.starts_at.date() > day for planned in week.dates)


def test_the_trainer_has_registers_to_take_and_courses_to_come(session: Session) -> None:
    trainer = staff_of(session, "BH1008")
    rows = session.execute(
        select(Course.code, CourseDate.starts_at, Booking.state)
        .join(Course, Course.id == CourseDate.course_id)
        .outerjoin(Booking, Booking.course_date_id == CourseDate.id)
        .where(CourseDate.trainer_id == trainer)
    ).all()
    past = Counter((course, state) for course, starts_at, state in rows if starts_at < AT)
    coming = Counter((course, state) for course, starts_at, state in rows if starts_at > AT)

    assert past == {("BLS", "booked"): 8, ("CONFLICT", "booked"): 9}
    assert coming["BLS", "booked"] == 6
    assert coming["BLS", "waiting"] == 4
    assert coming["EFAW-1", "booked"] == 3
    assert coming["CONFLICT", None] == 1


def test_nobody_is_on_two_dates_of_one_course(session: Session) -> None:
    seats = session.execute(
        select(CourseDate.course_id, Booking.staff_id).join(Booking, Booking.course_date_id == CourseDate.id)
    ).all()

    assert len(set(seats)) == len(seats) > 30


def test_the_assessor_has_people_to_see_and_none_of_them_twice(session: Session) -> None:
    rows = session.execute(
        select(
            AssessmentRequest.staff_id, AssessmentRequest.competency_id, AssessmentRequest.wanted_by
        ).where(
            AssessmentRequest.assessor_id == staff_of(session, "BH1002"), AssessmentRequest.ends_on.is_(None)
        )
    ).all()

    assert len(rows) == len({(person, competency) for person, competency, _wanted in rows}) >= 6
    assert any(wanted < ON for _person, _competency, wanted in rows)


def test_claims_actions_and_drafts_wait_for_somebody(session: Session) -> None:
    claims = session.scalars(select(Claim)).all()
    actions = session.scalars(select(SupervisionAction)).all()
    drafts = session.scalars(select(RuleChange)).all()

    assert [claim.state for claim in claims] == ["waiting"] * 3
    assert all(claim.recorded_by.startswith("account:") for claim in claims)
    assert [action.done_on for action in actions] == [None] * 4
    assert any(action.due_on < ON for action in actions)
    assert {draft.state for draft in drafts} == {"draft"}
    assert len({draft.recorded_by for draft in drafts}) == 2  # each may approve the other's


def test_two_scenarios_of_one_leaver_are_shared_to_be_compared(session: Session) -> None:
    kept = session.scalars(select(Scenario).order_by(Scenario.id)).all()
    changes = [read(json.loads(each.changes)) for each in kept]

    assert [each.shared for each in kept] == [True, True]
    assert [type(change).__name__ for change in changes[0]] == ["PersonLeaves"]
    assert [type(change).__name__ for change in changes[1]] == ["PersonLeaves", "PersonJoins"]
    assert changes[0][0] == changes[1][0]
