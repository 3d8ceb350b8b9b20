"""How far each account sees, for every action there is, against the matrix read on its own."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole, Actor, Decision, Grant, decide, decide_service
from skillsmatrix.domain.sign_in import SessionLimits
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import make_engine, writing
from skillsmatrix.models import Account, Staff
from skillsmatrix.operations.accounts import sign_in, token_digest
from skillsmatrix.queries import access
from skillsmatrix.queries.accounts import signed_in
from tests.databases import Databases, migrate
from tests.web import oracle, world

LIMITS = SessionLimits(idle=timedelta(hours=1), absolute=timedelta(hours=1))
OPEN = [name for name, persona in world.PERSONAS.items() if not persona.shut_out]
STATUS = {Decision.ALLOWED: 200, Decision.REFUSED: 403, Decision.HIDDEN: 404}


def _fill(url: str) -> None:
    migrate(url)
    engine = make_engine(url)
    with writing(engine) as session:
        world.build(session)
    engine.dispose()


@pytest.fixture
def session(databases: Databases) -> Iterator[Session]:
    with databases.copy(databases.template("world", _fill)) as url:
        engine = make_engine(url)
        with Session(engine) as session:
            yield session
        engine.dispose()


def actor_of(session: Session, persona: str) -> Actor | None:
    account = session.scalars(select(Account).where(Account.email == world.email_of(persona))).one()
    token = sign_in(
        session, account_id=account.id, checked_hash=str(account.password_hash), by="test", at=clock.now()
    )
    found = signed_in(session, token_digest(token), on=clock.today(), at=clock.now(), limits=LIMITS)
    return found.actor if found else None


def within(persona: str, action: str) -> set[str]:
    """Whom the matrix lets the persona see, of those the world keeps account of."""
    return set(oracle.people_within(world.PERSONAS[persona], action)) & set(world.STAFF)


def actors(session: Session) -> list[tuple[str, Actor]]:
    found = [(name, actor_of(session, name)) for name in OPEN]
    return [(name, actor) for name, actor in found if actor is not None]


def test_every_account_that_is_not_shut_out_is_somebody(session: Session) -> None:
    assert [name for name, _ in actors(session)] == OPEN


def test_lists_show_whom_the_matrix_says_and_nobody_else(session: Session) -> None:
    today = clock.today()

    for persona, actor in actors(session):
        for action in oracle.matrix():
            reach = access.visible_staff(session, actor, action, on=today)

            shown = {code for code in world.STAFF if code in reach}
            assert shown == within(persona, action), (persona, action)


def test_a_query_narrowed_by_a_reach_finds_the_same_people(session: Session) -> None:
    for persona, actor in actors(session):
        reach = access.visible_staff(session, actor, "matrix.view", on=clock.today())

        found = set(session.scalars(select(Staff.code).where(reach.narrow(Staff.code)))) & set(world.STAFF)

        assert found == within(persona, "matrix.view"), persona


def test_lists_of_services_show_what_the_matrix_says(session: Session) -> None:
    for persona, actor in actors(session):
        for action in oracle.matrix():
            reach = access.visible_services(session, actor, action, on=clock.today())

            shown = {code for code in world.SERVICES if code in reach}
            assert shown == oracle.services_within(world.PERSONAS[persona], action), (persona, action)


def test_one_person_is_decided_as_the_matrix_says(session: Session) -> None:
    today = clock.today()
    people = {code: access.person(session, code, on=today) for code in (*world.STAFF, "zoe")}

    for persona, actor in actors(session):
        for action in oracle.matrix():
            for code, person in people.items():
                decided = STATUS[decide(actor, action, person, on=today)]
                expected = oracle.answer_about_person(world.PERSONAS[persona], action, code)
                assert decided == expected, (persona, action, code)


def test_one_service_is_decided_as_the_matrix_says(session: Session) -> None:
    today = clock.today()
    places = {code: access.place(session, code, on=today) for code in (*world.SERVICES, "zinc")}

    for persona, actor in actors(session):
        for action in oracle.matrix():
            for code, place in places.items():
                decided = STATUS[decide_service(actor, action, place, on=today)]
                expected = oracle.answer_about_service(world.PERSONAS[persona], action, code)
                assert decided == expected, (persona, action, code)


def test_a_leaver_is_nobody_from_the_day_after(session: Session) -> None:
    assert actor_of(session, "leaver") is None


def test_an_organisation_limits_a_role_to_its_employees_and_the_people_at_its_services(
    session: Session,
) -> None:
    grants = (Grant(AccessRole.HUMAN_RESOURCES, world.LONG_AGO, organisation="SMALL"),)
    narrowed = Actor(1, None, "HR of Small Steps", grants)

    people = access.visible_staff(session, narrowed, "person.list", on=clock.today())
    places = access.visible_services(session, narrowed, "matrix.view", on=clock.today())

    assert people.codes == {"dot", "hal"}
    assert places.codes == {"quay"}
