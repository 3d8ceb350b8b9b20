"""What each change means for the record as it is, and which changes do not fit it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.person import Basis
from skillsmatrix.domain.requirement import Cover
from skillsmatrix.domain.scenario import (
    Change,
    CompetencyGained,
    CourseMoves,
    LengthChanged,
    PersonJoins,
    PersonLeaves,
    PostStarts,
    RequirementAdded,
    RequirementChanged,
    RequirementEnded,
    ServiceAdded,
    ServiceCloses,
    ServiceOpens,
)
from skillsmatrix.engine.scenario import Holds
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import make_engine, writing
from skillsmatrix.models import Competency, CourseDate, Learning, Service, Staff
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.queries.access import ALL, Reach
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.scenario_effect import Effect, effect, felt_on
from skillsmatrix.queries.scenario_fit import Fitted, Misfit, Sight, fitted
from tests.facts import add

TODAY = clock.today()
DAY = TODAY + timedelta(days=12)
EVERYTHING = Sight(ALL, ALL, courses=True)
OF_ALDER = Sight(Reach(frozenset({"sid", "mia", "ada", "ben"})), Reach(frozenset({"alder"})), courses=True)


@pytest.fixture
def session(world_engine: Engine) -> Iterator[Session]:
    with Session(world_engine) as session:
        yield session


def fit(session: Session, *changes: Change, sight: Sight = EVERYTHING) -> list[Fitted]:
    return fitted(session, current(session), changes, sight, today=TODAY)


def what_it_does(
    session: Session, *changes: Change, on: date = DAY, services: Reach = ALL
) -> tuple[Effect, dict[tuple[str, str], tuple[int | None, int | None]]]:
    """The effect, and (service, competency) → how many are missing before and after, where it differs."""
    found = effect(session, fit(session, *changes), services, on=on, today=TODAY)
    return found, {
        (line.service, line.requirement.competency): (
            None if line.before is None else line.before.shortfall,
            None if line.after is None else line.after.shortfall,
        )
        for line in found.lines
    }


def test_a_requirement_that_changes_is_one_line_before_and_after_its_day(session: Session) -> None:
    change = RequirementChanged("R-FIRE", 1, Cover.PERCENT, 25, False, DAY)

    found, missing = what_it_does(session, change)
    earlier, unchanged = what_it_does(session, change, on=DAY - timedelta(days=1))

    # at alder four people, one of whom holds it: 25 per cent is one
    assert missing["alder", "fire"] == (3, 0)
    assert unchanged == {}
    assert [each.after for each in found.first_short if each.service == "alder"] == []
    assert earlier.before.cover == earlier.after.cover


def test_a_requirement_that_ends_is_asked_up_to_its_last_day(session: Session) -> None:
    change = RequirementEnded("R-FIRE", DAY)

    assert what_it_does(session, change)[1] == {}
    assert what_it_does(session, change, on=DAY + timedelta(days=1))[1]["birch", "fire"] == (4, None)


def test_a_service_that_closes_asks_nothing_after_its_last_day(session: Session) -> None:
    change = ServiceCloses("birch", DAY)

    assert what_it_does(session, change)[1] == {}
    found, missing = what_it_does(session, change, on=DAY + timedelta(days=1))
    assert missing["birch", "fire"] == (4, None)
    assert found.before.cover.lines - found.after.cover.lines == 3  # medicines by two rows, and fire safety


def test_a_new_service_takes_over_what_another_asks(session: Session) -> None:
    two = RequirementAdded(
        "what-if requirement 1", "fire", "alder", None, 1, Cover.COUNT, 2, True, TODAY, None
    )
    like = ServiceAdded("what-if service 1", "Elm House", DAY, "alder")
    nurse = PersonJoins("what-if person 1", "Nurse", "what-if service 1", "sw", Basis.PERMANENT, DAY, True)

    alone = what_it_does(session, two, like)[1]
    found, with_nurse = what_it_does(session, two, like, nurse)

    assert alone["what-if service 1", "fire"] == (None, 2)
    assert with_nurse["what-if service 1", "med"] == (None, 0)
    copied = [line for line in found.lines if line.service == "what-if service 1" and line.requirement.amount]
    assert [(line.after.held, line.after.required) for line in copied if line.after] == [(1, 2)]


def test_a_course_that_moves_is_felt_between_its_two_days(session: Session) -> None:
    """cyn is booked in ten days. Her learning ends before that, so that the course renews it in time."""
    planned = clock.london_day(session.scalars(select(CourseDate.ends_at)).one())
    later = planned + timedelta(days=20)

    (found,) = fit(session, CourseMoves(1, later))

    assert found.moved is not None
    assert (found.moved.planned_on, found.moved.booked) == (planned, ("cyn",))
    assert found.before == (Holds("cyn", "med", 1, planned, signed_off=False),)
    assert found.after == (Holds("cyn", "med", 1, later, signed_off=False),)
    assert felt_on([found], today=TODAY) == planned
    (unseen,) = fit(session, CourseMoves(1, later), sight=OF_ALDER)
    assert (unseen.before, unseen.after) == ((), ())


def test_the_page_opens_on_the_first_day_on_which_everything_is_felt(session: Session) -> None:
    found = fit(session, PersonLeaves("ada", DAY), CompetencyGained(("ben",), "fire", 1, TODAY))

    assert felt_on(found, today=TODAY) == DAY + timedelta(days=1)
    assert felt_on([], today=TODAY) == TODAY


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (PersonLeaves("nobody", DAY), Misfit.PERSON_GONE),
        (PersonLeaves("gus", DAY), Misfit.PERSON_LEFT),
        (PostStarts("ada", "nowhere", "sw", Basis.BANK, DAY, None), Misfit.SERVICE_GONE),
        (PostStarts("ada", "birch", "cook", Basis.BANK, DAY, None), Misfit.ROLE_GONE),
        (CompetencyGained(("ada",), "flying", 1, DAY), Misfit.COMPETENCY_GONE),
        (CompetencyGained(("what-if person 1",), "fire", 1, DAY), Misfit.NEWCOMER_GONE),
        (CourseMoves(99, DAY), Misfit.DATE_GONE),
        (ServiceOpens("alder", DAY), Misfit.SERVICE_OPEN),
        (ServiceCloses("what-if service 1", DAY), Misfit.SERVICE_GONE),
        (RequirementEnded("R-NONE", DAY), Misfit.REQUIREMENT_GONE),
        (LengthChanged("flying", 3, None), Misfit.COMPETENCY_GONE),
    ],
)
def test_what_the_record_has_not_does_not_fit(session: Session, change: Change, why: Misfit) -> None:
    (found,) = fit(session, change)

    assert found.unfit is not None
    assert found.unfit.why is why
    assert (found.before, found.after) == ((), ())


@pytest.mark.parametrize(
    "change",
    [
        PersonLeaves("cyn", DAY),
        PersonLeaves("nobody", DAY),
        CompetencyGained(("ada", "cyn"), "fire", 1, DAY),
        ServiceCloses("birch", DAY),
        ServiceCloses("nowhere", DAY),
        PostStarts("ada", "birch", "sw", Basis.BANK, DAY, None),
        ServiceAdded("what-if service 1", "Elm", DAY, None),
        RequirementEnded("R-MED", DAY),
        RequirementEnded("R-NONE", DAY),
        RequirementAdded("what-if requirement 1", "fire", None, None, 1, Cover.EACH, None, True, DAY, None),
    ],
)
def test_out_of_sight_and_not_there_look_alike(session: Session, change: Change) -> None:
    (found,) = fit(session, change, sight=OF_ALDER)

    assert found.unfit is not None
    assert (found.unfit.why, found.unfit.day) == (Misfit.OUT_OF_SIGHT, None)


def test_a_course_date_is_out_of_sight_for_those_who_see_no_courses(session: Session) -> None:
    (found,) = fit(session, CourseMoves(1, DAY), sight=Sight(ALL, ALL, courses=False))

    assert found.unfit is not None
    assert found.unfit.why is Misfit.OUT_OF_SIGHT


def test_what_ends_in_the_record_before_the_day_does_not_fit(world_engine: Engine) -> None:
    with writing(world_engine) as session:
        session.scalars(select(Service).where(Service.code == "birch")).one().closes_on = TODAY
        session.scalars(select(Staff).where(Staff.code == "ada")).one().employed_to = TODAY
        date_row = session.scalars(select(CourseDate)).one()
        date_row.cancelled_at, date_row.cancelled_reason = clock.now(), "Nobody came"
        refresh(session, staff_ids=None, by="test", at=clock.now())
    with Session(world_engine) as session:
        found = fit(
            session,
            ServiceCloses("birch", DAY),
            PostStarts("ben", "birch", "sw", Basis.BANK, DAY, None),
            CompetencyGained(("ben", "ada"), "fire", 1, DAY),
            CourseMoves(1, DAY),
            ServiceOpens("birch", DAY),
        )

    said = [(each.unfit.why, each.unfit.day) if each.unfit else None for each in found]
    assert said[:3] == [
        (Misfit.SERVICE_CLOSED, TODAY),
        (Misfit.SERVICE_CLOSED, TODAY),
        (Misfit.PERSON_LEFT, TODAY),
    ]
    assert said[3] is not None
    assert said[3][0] is Misfit.DATE_CALLED_OFF
    assert said[4] is not None  # it is still open today
    assert said[4][0] is Misfit.SERVICE_OPEN


def test_only_the_services_in_sight_are_counted(session: Session) -> None:
    change = LengthChanged("fire", 1, None)

    whole, everywhere = what_it_does(session, change)
    part, here = what_it_does(session, change, services=OF_ALDER.services)

    assert set(here) == {key for key in everywhere if key[0] == "alder"} == {("alder", "fire")}
    assert [each.service for each in part.services] == ["alder"]
    assert part.before.cover.lines == 3
    assert part.before.compliance is None
    assert whole.before.compliance is not None


def test_the_same_questions_are_answered_on_postgresql(postgres_world_url: str) -> None:
    engine = make_engine(postgres_world_url)
    with Session(engine) as session:
        gains = CompetencyGained(("ben", "sid"), "fire", 1, DAY)
        found, missing = what_it_does(session, gains, CourseMoves(1, DAY))
    engine.dispose()

    assert missing["alder", "fire"] == (3, 1)
    assert found.after.cover.missing == found.before.cover.missing - 2


def test_what_is_recorded_meanwhile_shows_at_once(world_engine: Engine) -> None:
    leaves = PersonLeaves("ada", TODAY)
    tomorrow = TODAY + timedelta(days=1)
    with Session(world_engine) as session:
        before = what_it_does(session, leaves, on=tomorrow)[1]
    with writing(world_engine) as session:
        ben = session.scalars(select(Staff.id).where(Staff.code == "ben")).one()
        fire = session.scalars(select(Competency.id).where(Competency.code == "fire")).one()
        add(session, Learning(staff_id=ben, competency_id=fire, completed_on=TODAY))
        refresh(session, staff_ids=[ben], competency_ids=[fire], by="test", at=clock.now())
    with Session(world_engine) as session:
        after = what_it_does(session, leaves, on=tomorrow)[1]

    # three of alder's four lack it, then two; ada, who holds it, leaves
    assert before["alder", "fire"] == (3, 3)
    assert after["alder", "fire"] == (2, 2)
