"""My record asks the database the same number of things however large the organisation is."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import Engine, select

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Competency, Organisation, Post, Requirement, Role, Service, Staff
from skillsmatrix.operations.conclusions import refresh
from tests.facts import add
from tests.statements import statements_of_site
from tests.web import world
from tests.web.conftest import CheckedClient


def asked_for(app: Flask, client: CheckedClient) -> int:
    client.get("/me")  # what the process keeps has been read
    with statements_of_site(app) as said:
        client.get("/me")
    return len(said)


def test_the_number_of_statements_does_not_grow_with_the_organisation(
    app: Flask, browser_of: Callable[[str], CheckedClient], world_engine: Engine
) -> None:
    client = browser_of("staff")
    before = asked_for(app, client)
    with writing(world_engine) as session:
        employer = session.scalars(select(Organisation.id)).first()
        service, role = session.scalars(select(Service.id)).first(), session.scalars(select(Role.id)).first()
        for number in range(30):
            someone = add(
                session,
                Staff(
                    code=f"n{number}", family_name="New", employer_id=employer, employed_from=world.LONG_AGO
                ),
            )
            asked = add(
                session,
                Competency(
                    code=f"n{number}", title=f"New {number}", needs_learning=True, needs_sign_off=False
                ),
            )
            add(
                session,
                Post(
                    staff_id=someone.id,
                    service_id=service,
                    role_id=role,
                    basis="permanent",
                    starts_on=world.LONG_AGO,
                ),
            )
            add(
                session,
                Requirement(
                    code=f"n{number}",
                    competency_id=asked.id,
                    cover="each",
                    strength="target",
                    in_force_from=world.LONG_AGO,
                ),
            )
        refresh(session, staff_ids=None, by="command:test", at=clock.now())

    after = asked_for(app, client)

    assert "New 29" in client.get("/me").text
    assert after == before
    assert before <= 11
