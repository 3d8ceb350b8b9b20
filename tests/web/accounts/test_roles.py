"""Roles on the site: one administrator asks, another confirms, and it takes effect at once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import Account, AccountGrant, Organisation, RoleRequest, Service
from tests.web import world
from tests.web.accounts.test_accounts import id_of, limit_to, typed
from tests.web.conftest import CheckedClient

Browsers = Callable[[str], CheckedClient]


@pytest.fixture
def bound(world_engine: Engine) -> dict[str, str]:
    """The ids, as a form sends them, of services and organisations by code."""
    with reading(world_engine) as session:
        rows = [
            *session.execute(select(Service.code, Service.id)),
            *session.execute(select(Organisation.code, Organisation.id)),
        ]
    return {code: str(number) for code, number in rows}


def ask(client: CheckedClient, account_id: int, role: str, **more: str) -> int:
    fields = {"role": role, "service": "", "organisation": "", "from_on": typed(0), "to_on": "", **more}
    return client.send(f"/accounts/{account_id}/roles/new", once=f"{role}{more}", **fields).status_code


def waiting(engine: Engine) -> list[int]:
    with reading(engine) as session:
        return list(session.scalars(select(RoleRequest.id).where(RoleRequest.outcome.is_(None))))


def test_a_role_takes_effect_when_another_administrator_confirms_it(
    browser_of: Browsers, world_engine: Engine, bound: dict[str, str]
) -> None:
    nobody = browser_of("nobody")
    first, second = browser_of("adm"), browser_of("hr_adm")
    account_id = id_of(world_engine, "nobody")

    assert ask(first, account_id, "insp", service=bound["alder"], to_on=typed(9)) == 302
    (number,) = waiting(world_engine)
    assert nobody.get("/services").status_code == 403
    page = first.get("/accounts").text
    assert "1 role waits for a second administrator" in page
    assert "You asked for it" in page
    assert "Confirm: Inspector" not in page
    first.send(f"/accounts/roles/{number}/confirm")
    assert nobody.get("/services").status_code == 403

    assert "Confirm: Inspector" in second.get("/accounts").text
    second.send(f"/accounts/roles/{number}/confirm")

    assert nobody.get("/services").status_code == 200
    assert waiting(world_engine) == []


@pytest.mark.parametrize("answer", ["confirm", "refuse"])
def test_an_answer_pressed_twice_leads_to_the_account_and_says_that_it_was_given_already(
    browser_of: Browsers, world_engine: Engine, bound: dict[str, str], answer: str
) -> None:
    first, second = browser_of("adm"), browser_of("hr_adm")
    account_id = id_of(world_engine, "nobody")
    ask(first, account_id, "insp", service=bound["alder"], to_on=typed(9))
    (number,) = waiting(world_engine)

    answers = [second.send(f"/accounts/roles/{number}/{answer}") for _ in range(2)]

    assert [each.location for each in answers] == [f"/accounts/{account_id}"] * 2
    assert "This request was confirmed or refused already." in second.get(f"/accounts/{account_id}").text
    with reading(world_engine) as session:
        given = session.scalars(select(AccountGrant).where(AccountGrant.account_id == account_id)).all()
    assert len(given) == (1 if answer == "confirm" else 0)
    assert second.send(f"/accounts/roles/{number + 1}/{answer}").status_code == 404


def test_an_answered_request_out_of_reach_is_not_there(
    browser_of: Browsers, world_engine: Engine, bound: dict[str, str]
) -> None:
    first, second = browser_of("adm"), browser_of("hr_adm")
    ask(first, id_of(world_engine, "nobody"), "hcp")
    (number,) = waiting(world_engine)
    second.send(f"/accounts/roles/{number}/refuse")
    limit_to(world_engine, "hr_adm", "SMALL")

    assert second.send(f"/accounts/roles/{number}/confirm").status_code == 404


def test_nobody_gives_or_confirms_a_role_of_their_own(browser_of: Browsers, world_engine: Engine) -> None:
    first, second = browser_of("adm"), browser_of("hr_adm")
    own = id_of(world_engine, "adm")

    assert ask(first, own, "hcp") == 302
    assert waiting(world_engine) == []
    assert ask(second, own, "hcp") == 302
    (number,) = waiting(world_engine)
    assert "It is for yourself" in first.get("/accounts").text
    first.send(f"/accounts/roles/{number}/confirm")

    assert waiting(world_engine) == [number]


def test_a_request_is_withdrawn_or_refused(browser_of: Browsers, world_engine: Engine) -> None:
    first, second = browser_of("adm"), browser_of("hr_adm")
    account_id = id_of(world_engine, "nobody")
    for client, button in ((first, "Withdraw: "), (second, "Refuse: ")):
        assert ask(first, account_id, "hcp", once_more=button) == 302
        (number,) = waiting(world_engine)
        assert button in client.get(f"/accounts/{account_id}").text
        client.send(f"/accounts/roles/{number}/refuse")
        assert waiting(world_engine) == []

    assert browser_of("nobody").get("/services").status_code == 403


def test_hr_invites_and_sees_roles_but_gives_none(browser_of: Browsers, world_engine: Engine) -> None:
    client, path = browser_of("hr"), f"/accounts/{id_of(world_engine, 'svc')}"

    page = client.get(path).text

    assert "Service manager: Alder" in page
    assert "End this role" not in page
    assert "Ask for a role" not in page
    assert client.get(f"{path}/roles/new").status_code == 403
    assert client.send("/accounts/roles/1/confirm").status_code == 403


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"role": ""}, "Choose a role"),
        ({"role": "svc"}, "Choose the service that they manage"),
        ({"role": "host"}, "Choose the organisation of the host partner"),
        ({"role": "insp", "to_on": "+9"}, "Choose the service or the organisation"),
        ({"role": "ass"}, "This role is for members of staff"),
        ({"role": "hr", "from_on": "-1"}, "Enter today or a later day"),
        ({"role": "hr", "to_on": "-1"}, "not before the first"),
        ({"role": "hr", "from_on": "soon"}, "Enter a real date"),
    ],
)
def test_what_cannot_be_given_so_is_said_at_its_field(
    browser_of: Browsers, world_engine: Engine, fields: dict[str, str], message: str
) -> None:
    days = {name: typed(int(value)) for name, value in fields.items() if value[:1] in ("+", "-")}
    asked = {"service": "", "organisation": "", "from_on": typed(0), "to_on": "", **fields, **days}
    path = f"/accounts/{id_of(world_engine, 'nobody')}/roles/new"

    page = browser_of("adm").send(path, once="1", **asked)

    assert (page.status_code, message in page.text) == (200, True)
    assert waiting(world_engine) == []


def test_the_only_administrator_is_told_how_to_make_a_second(
    browser_of: Browsers, world_engine: Engine
) -> None:
    client = browser_of("adm")
    assert "only one technical administrator" not in client.get("/accounts").text
    with writing(world_engine) as session:
        session.execute(
            update(AccountGrant)
            .where(AccountGrant.account_id == id_of(world_engine, "hr_adm"), AccountGrant.role == "adm")
            .values(to_on=clock.today() - timedelta(days=1))
        )

    page = client.get("/accounts").text

    assert "only one technical administrator" in page
    assert "python3 -m skillsmatrix account EMAIL" in page


def test_a_role_ends_at_once_or_after_a_day(browser_of: Browsers, world_engine: Engine) -> None:
    manager, client = browser_of("svc"), browser_of("adm")
    account_id = id_of(world_engine, "svc")
    page = client.get(f"/accounts/{account_id}").text
    (path,) = re.findall(rf'href="(/accounts/{account_id}/roles/\d+/end)"', page)
    assert "1 role that has ended" in page

    assert "Choose when it ends" in client.send(path).text
    assert "Enter the last day" in client.send(path, when="day").text
    assert "Enter today or a later day" in client.send(path, when="day", last_on=typed(-1)).text
    assert client.send(path, when="day", last_on=typed(0)).status_code == 302
    assert manager.get("/services/alder").status_code == 200
    assert client.send(path, when="now").status_code == 302

    assert manager.get("/services/alder").status_code in (403, 404)
    assert client.send(path, when="now").status_code == 404


def test_the_last_administrator_keeps_the_role(
    browser_of: Browsers, app: Flask, world_engine: Engine
) -> None:
    with writing(world_engine) as session:
        session.execute(
            update(Account)
            .where(Account.email == world.email_of("hr_adm"))
            .values(disabled_at=clock.now(), disabled_by="command:test")
        )
    client, own = browser_of("adm"), id_of(world_engine, "adm")
    (path,) = re.findall(r'href="(/accounts/\d+/roles/\d+/end)"', client.get(f"/accounts/{own}").text)

    assert "last administrator who can sign in" in client.send(path, when="now").text
    assert browser_of("hr").send(f"/accounts/{own}/disable").status_code == 302
    assert client.get("/accounts").status_code == 200


def test_an_administrator_of_one_organisation_gives_roles_within_it_only(
    browser_of: Browsers, world_engine: Engine, bound: dict[str, str]
) -> None:
    limit_to(world_engine, "adm", "HOME")
    client, account_id = browser_of("adm"), id_of(world_engine, "staff")
    form = client.get(f"/accounts/{account_id}/roles/new").text
    assert ("Alder" in form, "Ward" in form, "Fenland Trust" in form) == (True, False, False)

    assert ask(client, account_id, "hcp") == 200
    assert ask(client, account_id, "svc", service=bound["ward"]) == 200
    assert waiting(world_engine) == []
    assert ask(client, account_id, "hcp", organisation=bound["HOME"]) == 302

    (number,) = waiting(world_engine)
    outsider = id_of(world_engine, "nobody")
    assert client.get(f"/accounts/{outsider}/roles/new").status_code == 404
    limit_to(world_engine, "hr_adm", "SMALL")
    assert browser_of("hr_adm").send(f"/accounts/roles/{number}/confirm").status_code == 404
