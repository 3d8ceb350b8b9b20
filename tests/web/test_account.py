"""One's own account: what it shows, other devices, a new password; and the first page."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.models import Account, AccountSession
from skillsmatrix.web.shared.guards import needs
from tests.web import world
from tests.web.conftest import CheckedClient, signed_in_client

Browsers = Callable[[str], CheckedClient]

NEW = "sunny meadow gate"


def change(client: CheckedClient, current: str = world.PASSWORD, new: str = NEW, again: str = NEW) -> str:
    response = client.send("/account/password", current=current, new=new, again=again)
    return response.headers.get("Location") or response.text


def test_the_account_says_what_one_is_trusted_with(browser_of: Browsers) -> None:
    page = browser_of("svc").get("/account").text

    assert "Service manager" in page
    assert "Alder" in page
    assert "Birch" not in page  # that grant ended yesterday
    assert "Member of staff" in page


def test_a_new_password_works_and_the_old_one_does_not(app: Flask, browser_of: Browsers) -> None:
    assert change(browser_of("hr")) == "/account"

    for password, code in ((world.PASSWORD, 200), (NEW, 302)):
        answer = app.test_client().send("/sign-in", email="hr@example.org", password=password)
        assert answer.status_code == code


def test_a_new_password_signs_out_every_other_device_and_not_this_one(
    app: Flask, browser_of: Browsers, world_engine: Engine
) -> None:
    here, elsewhere = browser_of("hr"), browser_of("hr")

    change(here)

    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current": "not the one in use"}, "This is not the password you use now"),
        ({"again": "sunny meadow gates"}, "The two new passwords are not the same"),
        ({"new": "short", "again": "short"}, "Use 12 characters or more"),
        ({"new": "Password2026!", "again": "Password2026!"}, "easy to guess"),
        ({"new": "account.hr.x", "again": "account.hr.x"}, "not built on your name"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    browser_of: Browsers, world_engine: Engine, fields: dict[str, str], said: str
) -> None:
    client = browser_of("hr")
    with reading(world_engine) as session:
        before = session.scalars(select(Account.password_hash)).all()

    assert said in change(client, **fields)

    with reading(world_engine) as session:
        assert session.scalars(select(Account.password_hash)).all() == before
    assert client.get("/account").status_code == 200


def test_guessing_the_password_in_use_is_slowed_down_too(browser_of: Browsers) -> None:
    client = browser_of("hr")

    codes = [
        client.send("/account/password", current="not the one", new=NEW, again=NEW).status_code
        for _guess in range(6)
    ]

    assert codes == [200] * 5 + [429]


def test_whoever_was_given_a_password_chooses_their_own_first(
    app: Flask, browser_of: Browsers, world_engine: Engine
) -> None:
    with writing(world_engine) as session:
        session.execute(
            update(Account).where(Account.email == "hr@example.org").values(must_change_password=True)
        )
    app.add_url_rule("/work", "work", needs("person.list")(lambda: "work"))
    client = browser_of("hr")

    assert client.get("/work").headers["Location"] == "/account/password"
    assert "Choose your own before you go on" in client.get("/account/password").text
    assert change(client) == "/account"
    assert client.get("/account").status_code == 200


def test_another_device_can_be_signed_out_from_here(
    app: Flask, browser_of: Browsers, world_engine: Engine
) -> None:
    here, elsewhere = browser_of("hr"), browser_of("hr")
    page = here.get("/account").text
    found = re.findall(r'action="(/account/sessions/\d+/end)"', page)
    assert len(found) == 1

    assert here.send(found[0]).headers["Location"] == "/account"

    assert elsewhere.get("/account").status_code == 302
    assert here.get("/account").status_code == 200


def test_somebody_elses_session_is_not_ones_to_end(
    app: Flask, browser_of: Browsers, world_engine: Engine
) -> None:
    victim = browser_of("hcp")
    with reading(world_engine) as session:
        session_id = session.scalars(select(AccountSession.id)).one()

    client = browser_of("adm")

    answers = [client.send(f"/account/sessions/{number}/end") for number in (session_id, 999)]

    varying = r'<code>.*</code>|name="csrf_token" value="[^"]*"'
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(varying, "", answer.text) for answer in answers}) == 1
    assert victim.get("/account").status_code == 200


def test_an_inspector_changes_their_own_password(app: Flask, browser_of: Browsers) -> None:
    assert change(browser_of("insp")) == "/account"


def test_the_first_page_offers_what_one_may_do(browser_of: Browsers) -> None:
    page = browser_of("nobody").get("/").text

    assert "Nobody has given your account access to anything yet" in page


@pytest.mark.postgresql
def test_signing_in_and_out_works_the_same_on_postgresql(
    make_app: Callable[..., Flask], postgres_world_url: str
) -> None:
    client = make_app(database_url=postgres_world_url).test_client()

    assert client.send("/sign-in", email="hr@example.org", password="wrong words here").status_code == 200
    assert client.send("/sign-in", email="hr@example.org", password=world.PASSWORD).status_code == 302
    assert change(client) == "/account"
    assert client.send("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/account").status_code == 302


@pytest.mark.postgresql
def test_use_is_noted_on_postgresql_unless_somebody_holds_the_row(
    make_app: Callable[..., Flask], postgres_world_url: str
) -> None:
    engine = make_engine(postgres_world_url)
    client = signed_in_client(make_app(database_url=postgres_world_url), engine, "hr")
    early = clock.now() - timedelta(minutes=5)
    with writing(engine) as session:
        session.execute(update(AccountSession).values(created_at=early, last_seen_at=early))

    with writing(engine) as session:
        session.execute(update(AccountSession).values(ended_because=None))
        assert client.get("/account").status_code == 200
    assert last_seen(engine) == early

    client.get("/account")
    assert last_seen(engine) > early
    engine.dispose()


def last_seen(engine: Engine) -> datetime:
    with reading(engine) as session:
        return session.scalars(select(AccountSession.last_seen_at)).one()
