"""Getting in without a password: a forgotten one, and the one-time link that sets one."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, update
from werkzeug.test import TestResponse

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.models import Account, AccountLink, AccountSession, Job, Mail, SignInAttempt
from skillsmatrix.operations import mails
from skillsmatrix.operations.account_links import LINK_JOB, link_token, make_link
from skillsmatrix.operations.accounts import disable_account
from skillsmatrix.worker import Worker, handlers
from tests.web import world
from tests.web.conftest import CheckedClient

KEY = "k" * 64
NEW = "quiet herons at dusk"
MAIL = {"smtp_url": "smtp://127.0.0.1:1", "mail_from": "skills@example.org"}
Browsers = Callable[[str], CheckedClient]
MakeApp = Callable[..., Flask]


def a_link(engine: Engine, persona: str = "hr", *, by: str = "command:test", activated: bool = True) -> str:
    """The path of a new one-time link for an account."""
    with writing(engine) as session:
        account = session.scalars(select(Account).where(Account.email == world.email_of(persona))).one()
        if not activated:
            account.password_hash = None
            session.flush()
        number = make_link(session, account_id=account.id, secret_key=KEY, by=by, at=clock.now())
    return f"/set-password/{link_token(KEY, number)}"


def set_it(client: CheckedClient, path: str, password: str = NEW, again: str | None = None) -> TestResponse:
    return client.send(path, new=password, again=password if again is None else again)


def plain(response: TestResponse) -> str:
    """The page without what differs on every page."""
    return re.sub(r'value="[^"]*"', "", response.text)


def test_an_invited_person_sets_their_own_password_and_is_in(
    client: CheckedClient, world_engine: Engine
) -> None:
    path = a_link(world_engine, activated=False)
    page = client.get(path)
    assert (page.status_code, "Account hr" in page.text, "hr@example.org" in page.text) == (200, True, True)

    answer = set_it(client, path)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert "Your password is set" in client.get("/account").text
    client.send("/sign-out")
    assert client.send("/sign-in", email="hr@example.org", password=NEW).status_code == 302


def test_a_link_works_once_and_a_dead_one_looks_like_an_unknown_one(app: Flask, world_engine: Engine) -> None:
    used, replaced = a_link(world_engine), a_link(world_engine, "hcp")
    a_link(world_engine, "hcp")
    expired, shut = a_link(world_engine, "dpo"), a_link(world_engine, "svc")
    set_it(app.test_client(), used)
    with writing(world_engine) as session:
        dpo = session.scalars(select(Account.id).where(Account.email == "dpo@example.org")).one()
        long_ago = clock.now().replace(year=2025)
        session.execute(
            update(AccountLink)
            .where(AccountLink.account_id == dpo)
            .values(made_at=long_ago.replace(month=1, day=1), expires_at=long_ago.replace(month=1, day=2))
        )
        svc = session.scalars(select(Account.id).where(Account.email == "svc@example.org")).one()
        disable_account(session, account_id=svc, by="command:test", at=clock.now())

    answers = set()
    for path in (used, replaced, expired, shut, "/set-password/" + "x" * 43, "/set-password/x"):
        client = app.test_client()
        for answer in (client.get(path), set_it(client, path)):
            answers.add((answer.status_code, plain(answer), answer.headers.get("Location")))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404
    assert "This link does not work" in next(iter(answers))[1]


def test_looking_at_a_link_does_not_use_it_up(client: CheckedClient, world_engine: Engine) -> None:
    path = a_link(world_engine)
    for _mail_scanner in range(3):
        assert client.get(path).status_code == 200

    assert set_it(client, path).status_code == 302


@pytest.mark.parametrize(
    ("password", "again", "word"),
    [
        ("short", None, "12 characters or more"),
        (NEW, "something else altogether", "are not the same"),
        ("Harbour-Homes-2026", None, "not built on your name"),
        ("password123456", None, "easy to guess"),
    ],
)
def test_a_poor_password_is_refused_and_the_link_still_works(
    client: CheckedClient, world_engine: Engine, password: str, again: str | None, word: str
) -> None:
    path = a_link(world_engine)

    refused = set_it(client, path, password, again)

    assert (refused.status_code, word in refused.text) == (200, True)
    assert set_it(client, path).status_code == 302


def test_a_new_password_signs_out_every_device_and_whoever_sat_here_before(
    browser_of: Browsers, world_engine: Engine
) -> None:
    elsewhere, here = browser_of("hr"), browser_of("hcp")
    path = a_link(world_engine)

    assert set_it(here, path).status_code == 302

    assert elsewhere.get("/account").status_code == 302
    assert "Account hr" in here.get("/account").text
    with reading(world_engine) as session:
        ends = session.scalars(select(AccountSession.ended_because).order_by(AccountSession.id)).all()
    assert ends == ["password_changed", "signed_out", None]


def test_the_owner_is_told_that_their_password_was_set_through_a_link(
    client: CheckedClient, world_engine: Engine
) -> None:
    with reading(world_engine) as session:
        adm = session.scalars(select(Account.id).where(Account.email == "adm@example.org")).one()
    set_it(client, a_link(world_engine, "staff", by=f"account:{adm}"))

    page = client.get("/account").text

    assert "through a one-time link" in page
    assert "made by Account adm" in page


def test_without_a_mail_server_the_page_says_whom_to_ask(client: CheckedClient) -> None:
    assert "/forgotten-password" in client.get("/sign-in").text
    page = client.get("/forgotten-password").text

    assert "Ask HR or a technical administrator" in page
    assert "Send me a link" not in page


def test_a_forgotten_password_is_answered_alike_for_everybody(
    make_app: MakeApp, world_engine: Engine
) -> None:
    app = make_app(**MAIL)
    answers, changes = set(), []
    for email in ("hr@example.org", "nobody@example.org", "disabled@example.org", "leaver@example.org"):
        client = app.test_client()
        answer = client.send("/forgotten-password", email=email)
        answers.add(
            (answer.status_code, answer.headers["Location"], plain(client.get("/forgotten-password/sent")))
        )
        with reading(world_engine) as session:
            counted = (select(func.count()).select_from(table) for table in (Job, SignInAttempt, Mail))
            changes.append([session.scalar(each) for each in counted])

    assert len(answers) == 1
    # One job and one counted try for each; the mail is written later, by the worker.
    assert changes == [[1, 1, 0], [2, 2, 0], [3, 3, 0], [4, 4, 0]]


def test_asking_again_and_again_is_slowed_down_but_not_signing_in(make_app: MakeApp) -> None:
    app = make_app(**MAIL)
    answers = [
        app.test_client().send("/forgotten-password", email="hr@example.org").status_code for _ in range(6)
    ]

    assert answers == [302] * 5 + [429]
    signed_in = app.test_client().send("/sign-in", email="hr@example.org", password=world.PASSWORD)
    assert signed_in.status_code == 302


@pytest.mark.parametrize("email", ["", "not an address", "hr@example.org, x@example.org"])
def test_what_is_no_address_is_sent_back(make_app: MakeApp, world_engine: Engine, email: str) -> None:
    answer = make_app(**MAIL).test_client().send("/forgotten-password", email=email)

    assert answer.status_code == 200
    with reading(world_engine) as session:
        assert session.scalars(select(Job.id)).all() == []


def test_the_link_arrives_by_mail_under_the_address_of_the_settings(
    make_app: MakeApp,
    world_engine: Engine,
    world_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent: list[EmailMessage] = []

    def taken(message: EmailMessage, _server: object, *, before_the_text: Callable[[], None]) -> None:
        before_the_text()
        sent.append(message)

    monkeypatch.setattr(mails, "hand_over", taken)
    public = {"public_url": "https://skills.example.org", "organisation_name": "Harbour Homes"}
    app = make_app(**MAIL, **public)
    app.test_client().send("/forgotten-password", email="HR@example.org")
    settings = Settings(
        secret_key=KEY, database_url=world_url, uploads_dir=tmp_path, keys_dir=tmp_path, **MAIL, **public
    )
    worker = Worker(world_engine, handlers(world_engine, settings))
    while worker.work_once():
        pass

    (message,) = sent
    assert (str(message["To"]), message["List-Unsubscribe"]) == ("hr@example.org", None)
    address = re.search(r"^https://skills\.example\.org(/set-password/\S{43})$", message.get_content(), re.M)
    assert address
    client = app.test_client()
    assert set_it(client, address[1]).status_code == 302
    while worker.work_once():
        pass
    assert "Your password for Harbour Homes was set" in str(sent[1]["Subject"])
    with reading(world_engine) as session:
        assert session.scalars(select(Job.state).where(Job.kind == LINK_JOB)).all() == ["done"]
