"""People start and leave; services open, close and stay open."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import begin_writing
from skillsmatrix.models import (
    EarlierVersion,
    Organisation,
    Post,
    Role,
    Service,
    Staff,
    SupervisionAgreement,
)
from skillsmatrix.operations import services, staff
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.operations.keeping import ChangedMeanwhile
from skillsmatrix.operations.posts import PostPlan, record_post
from skillsmatrix.queries.conclusions import differences, kept_of
from skillsmatrix.queries.effects import lost_supervision
from tests.facts import AT as RECORDED
from tests.facts import add
from tests.operations.training_world import AT, BY, SINCE, TODAY, House, build

LATER = AT + timedelta(hours=1)
LAST = date(2026, 6, 30)
WHY = "Contract ends"


@pytest.fixture
def session(sqlite_engine: Engine) -> Iterator[Session]:
    with Session(sqlite_engine) as session:
        begin_writing(session)
        yield session


@pytest.fixture
def house(session: Session) -> House:
    return build(session, people=2)


def place(session: Session, code: str = "HOUSE") -> Service:
    return session.scalars(select(Service).where(Service.code == code)).one()


def post_at(service: Service, session: Session, first: date, role: str = "sw") -> PostPlan:
    return PostPlan(
        service_id=service.id,
        role_id=session.scalars(select(Role.id).where(Role.code == role)).one(),
        basis="permanent",
        wte=1.0,
        starts_on=first,
        ends_on=None,
    )


def person(session: Session, **changes: Any) -> staff.PersonPlan:
    usual = {
        "given_name": "Cy",
        "family_name": "Reed",
        "work_email": None,
        "employer_id": session.scalars(select(Organisation.id)).one(),
        "employed_from": TODAY,
    }
    return staff.PersonPlan(**{**usual, **changes})


def leave(
    session: Session, house: House, who: str = "p0", last: date = LAST, version: datetime = RECORDED
) -> None:
    staff.mark_leaver(
        session,
        staff_id=house.staff[who],
        employed_to=last,
        version=version,
        reason="Moves away",
        by=BY,
        at=LATER,
    )


@pytest.mark.parametrize("moved_to", [LAST + timedelta(days=90), LAST - timedelta(days=30)])
def test_where_the_last_day_moves_the_posts_that_ended_on_it_move_along(
    session: Session, house: House, moved_to: date
) -> None:
    leave(session, house)

    leave(session, house, last=moved_to, version=session.get_one(Staff, house.staff["p0"]).version_from)

    posts = select(Post.ends_on).where(Post.staff_id == house.staff["p0"])
    assert session.scalars(posts).all() == [moved_to]
    assert differences(session) == []


def test_a_starter_has_a_post_from_the_first_day(session: Session, house: House) -> None:
    plan = post_at(place(session), session, TODAY)

    number = staff.add_starter(session, code="c1", person=person(session), post=plan, by=BY, at=LATER)

    assert session.get_one(Staff, number).code == "c1"
    assert session.scalars(select(Post.starts_on).where(Post.staff_id == number)).all() == [TODAY]
    assert differences(session) == []


def test_a_staff_code_belongs_to_one_person(session: Session, house: House) -> None:
    plan = post_at(place(session), session, TODAY)

    with pytest.raises(staff.CodeTaken):
        staff.add_starter(session, code="p0", person=person(session), post=plan, by=BY, at=LATER)


def test_a_correction_of_a_name_keeps_the_old_one(session: Session, house: House) -> None:
    plan = person(session, family_name="Reed-Ali", employed_from=SINCE)

    staff.correct_person(
        session,
        staff_id=house.staff["p0"],
        person=plan,
        version=RECORDED,
        reason="Married",
        by=BY,
        at=LATER,
    )

    assert session.get_one(Staff, house.staff["p0"]).family_name == "Reed-Ali"
    assert session.scalars(select(EarlierVersion.reason)).all() == ["Married"]


def test_a_leaver_takes_their_posts_along_and_planned_ones_go(session: Session, house: House) -> None:
    service = place(session)
    own = house.staff["p0"]
    planned = post_at(service, session, date(2026, 9, 1), role="rn")
    record_post(session, staff_id=own, plan=planned, by=BY, at=AT)

    leave(session, house)

    assert session.get_one(Staff, own).employed_to == LAST
    assert session.scalars(select(Post.ends_on).where(Post.staff_id == own)).all() == [LAST]
    kept = session.scalars(select(EarlierVersion.table_name).order_by(EarlierVersion.id)).all()
    assert kept == ["staff", "posts", "posts"]
    assert differences(session) == []


def test_nobody_leaves_before_they_start_or_over_the_head_of_another(session: Session, house: House) -> None:
    with pytest.raises(staff.LeavesBeforeStarting):
        leave(session, house, last=SINCE - timedelta(days=1))
    leave(session, house)
    with pytest.raises(ChangedMeanwhile):
        leave(session, house, last=TODAY)
    with pytest.raises(staff.StartsAfterLeaving):
        staff.correct_person(
            session,
            staff_id=house.staff["p0"],
            person=person(session, employed_from=LAST + timedelta(days=1)),
            version=LATER,
            reason="Wrong year",
            by=BY,
            at=LATER,
        )


def test_a_leaver_who_stays_is_employed_again(session: Session, house: House) -> None:
    leave(session, house)

    assert staff.take_back_leaving(
        session, staff_id=house.staff["p0"], version=LATER, reason="Stays", by=BY, at=LATER
    )

    assert session.get_one(Staff, house.staff["p0"]).employed_to is None


@pytest.mark.parametrize(("ends", "named"), [(None, ["p1"]), (LAST, []), (date(2026, 7, 1), ["p1"])])
def test_whom_a_leaver_supervises_is_said(
    session: Session, house: House, ends: date | None, named: list[str]
) -> None:
    agreement = SupervisionAgreement(
        supervisee_id=house.staff["p1"],
        supervisor_id=house.staff["p0"],
        kind="management",
        starts_on=SINCE,
        ends_on=ends,
    )
    add(session, agreement)

    assert [each.supervisee for each in lost_supervision(session, "p0", after=LAST)] == named


def close(session: Session, override: services.Override | None = None) -> None:
    services.close_service(
        session,
        service_id=place(session).id,
        closes_on=LAST,
        override=override,
        version=place(session).version_from,
        reason=WHY,
        by=BY,
        at=LATER,
    )


@pytest.fixture
def barn(session: Session, house: House) -> Service:
    """What follows the house; p0 and p1 move there as nurses, for whom medicines are a hard stop."""
    org = session.scalars(select(Organisation.id)).one()
    found: Service = add(session, Service(code="BARN", name="The Barn", organisation_id=org, opens_on=SINCE))
    place(session).successor_id = found.id
    for who in ("p0", "p1"):
        plan = post_at(found, session, LAST, role="rn")
        record_post(session, staff_id=house.staff[who], plan=plan, by=BY, at=AT)
    return found


def test_a_service_with_people_who_have_nowhere_to_go_does_not_close(session: Session, house: House) -> None:
    with pytest.raises(services.PeopleAttached) as refused:
        close(session)

    assert refused.value.detail == ("p0", "p1")
    assert place(session).closes_on is None


def test_a_service_does_not_close_before_its_successor_is_open(
    session: Session, house: House, barn: Service
) -> None:
    barn.opens_on = LAST + timedelta(days=2)

    with pytest.raises(services.SuccessorNotOpen):
        close(session)


def test_a_service_does_not_close_before_its_successor_is_safe(
    session: Session, house: House, barn: Service
) -> None:
    with pytest.raises(services.SuccessorUnsafe) as refused:
        close(session)

    assert refused.value.detail == ("R-MED",)


def test_somebody_named_may_answer_for_it_and_the_posts_end(
    session: Session, house: House, barn: Service
) -> None:
    close(session, services.Override("Head of practice", "The building is condemned"))

    assert place(session).closes_on == LAST
    there = select(Post.ends_on).where(Post.service_id == place(session).id)
    assert session.scalars(there).all() == [LAST, LAST]
    reason = session.scalars(
        select(EarlierVersion.reason).where(EarlierVersion.table_name == "services")
    ).one()
    assert "Head of practice: The building is condemned" in str(reason)
    assert differences(session) == []


def test_nobody_answers_for_people_with_nowhere_to_go(session: Session, house: House) -> None:
    with pytest.raises(services.PeopleAttached):
        close(session, services.Override("Head of practice", "The building is condemned"))


def test_a_service_that_closes_can_stay_open(session: Session, house: House, barn: Service) -> None:
    close(session, services.Override("Head of practice", "The building is condemned"))

    assert services.reopen_service(
        session, service_id=place(session).id, version=LATER, reason="Saved", by=BY, at=LATER
    )

    assert place(session).closes_on is None


def test_what_is_kept_follows_the_days_of_a_service(session: Session, house: House, barn: Service) -> None:
    rebuild(session, by=BY, at=AT)
    assert differences(session) == []
    correct(session, plan_of(session, opens_on=SINCE + timedelta(days=40)))
    opened_later = list(kept_of(session, None).values())
    assert differences(session) == []
    close(session, services.Override("Head of practice", "The building is condemned"))
    assert list(kept_of(session, None).values()) != opened_later
    assert differences(session) == []
    services.reopen_service(
        session, service_id=place(session).id, version=LATER, reason="Saved", by=BY, at=LATER
    )
    assert differences(session) == []


def plan_of(session: Session, **changes: Any) -> services.ServicePlan:
    usual = {
        "name": "The House",
        "opens_on": SINCE,
        "successor_id": None,
        "escalation_contact": "Crisis line",
        "region": None,
    }
    return services.ServicePlan(**{**usual, **changes})


def correct(session: Session, plan: services.ServicePlan) -> bool:
    own = place(session)
    return services.correct_service(
        session,
        service_id=own.id,
        plan=plan,
        version=own.version_from,
        reason="New contact",
        by=BY,
        at=LATER,
    )


def test_an_escalation_contact_is_recorded_once(session: Session, house: House) -> None:
    assert correct(session, plan_of(session))
    assert place(session).escalation_contact == "Crisis line"
    assert not correct(session, plan_of(session))


def test_a_service_follows_another_and_opens_before_it_closes(
    session: Session, house: House, barn: Service
) -> None:
    with pytest.raises(services.FollowsItself):
        correct(session, plan_of(session, successor_id=place(session).id))
    close(session, services.Override("Head of practice", "The building is condemned"))
    with pytest.raises(services.OpensAfterClosing):
        correct(session, plan_of(session, opens_on=LAST + timedelta(days=1)))
    with pytest.raises(services.ClosesBeforeOpening):
        services.close_service(
            session,
            service_id=place(session).id,
            closes_on=SINCE - timedelta(days=1),
            override=None,
            version=place(session).version_from,
            reason=WHY,
            by=BY,
            at=LATER,
        )
