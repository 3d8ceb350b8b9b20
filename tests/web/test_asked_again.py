"""Whoever asks once more in the same words is answered without the site's work, and never with less care."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, select, update
from werkzeug.test import TestResponse

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import make_engine, writing
from skillsmatrix.models import AccountGrant, AccountSession, Ledger
from tests.statements import statements_of_site
from tests.web.conftest import CheckedClient, signed_in_client, text_of

Browser = Callable[[str], CheckedClient]
PAGES = ("/matrix", "/me")


def ask(client: CheckedClient, address: str, **headers: str) -> TestResponse:
    return client.get(address, headers={"Accept-Encoding": "gzip", **headers})


def settle(client: CheckedClient, address: str) -> TestResponse:
    """The first draws the page, the second says why it may be given again."""
    ask(client, address)
    return ask(client, address)


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, make_app: Callable[..., Flask]) -> Iterator[tuple[Flask, Engine]]:
    """The site on each kind of database in turn, and an engine of one's own."""
    on_sqlite = request.param == "sqlite"
    url = request.getfixturevalue("world_url" if on_sqlite else "postgres_world_url")
    engine = make_engine(url)
    yield make_app(database_url=url), engine
    engine.dispose()


@pytest.mark.parametrize("address", PAGES)
def test_the_answer_is_the_same_and_nothing_is_worked_out(site: tuple[Flask, Engine], address: str) -> None:
    app, engine = site
    client = signed_in_client(app, engine, "svc")
    before = settle(client, address)

    with statements_of_site(app) as asked:
        again = [ask(client, address) for _time in range(8)]

    assert asked == []
    assert {each.data for each in again} == {before.data}
    assert {str(each.headers) for each in again} == {str(before.headers)}


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    "change",
    [
        update(AccountSession).values(ended_at=clock.now(), ended_because="signed_out"),
        update(AccountGrant).values(to_on=clock.today() - timedelta(days=1)),
        delete(AccountGrant),
        update(Ledger).values(data_version=Ledger.data_version + 1),
    ],
    ids=["session ended", "role ended", "role gone", "record changed"],
)
def test_whatever_changed_the_site_looks_at_it(site: tuple[Flask, Engine], address: str, change: Any) -> None:
    app, engine = site
    client = signed_in_client(app, engine, "svc")
    settle(client, address)
    with writing(engine) as session:
        session.execute(change)

    with statements_of_site(app) as asked:
        ask(client, address)

    assert asked


@pytest.mark.parametrize(
    "other",
    [
        {"Referer": "http://localhost/"},
        {"HX-Request": "true"},
        {"Accept-Encoding": "gzip, br"},
        {"X-Forwarded-Host": "elsewhere.example"},
        {"Cookie": "another=1"},
    ],
)
def test_another_word_and_the_site_looks_at_it(
    app: Flask, browser_of: Browser, other: dict[str, str]
) -> None:
    client = browser_of("svc")
    settle(client, "/matrix")

    with statements_of_site(app) as asked:
        ask(client, "/matrix", **other)
        ask(client, "/matrix?q=")

    assert len(asked) >= 2


def test_nobody_elses_cookie_gets_the_page(app: Flask, browser_of: Browser) -> None:
    manager, staff = browser_of("svc"), browser_of("staff")
    shown = text_of(settle(manager, "/me"))

    stranger = app.test_client()

    assert ask(stranger, "/me").status_code == 302
    assert text_of(settle(staff, "/me")) != shown


def test_a_form_that_is_sent_is_never_answered_from_what_is_kept(app: Flask, browser_of: Browser) -> None:
    client = browser_of("svc")
    settle(client, "/matrix")

    assert client.send("/matrix").status_code == 405
    assert client.open("/matrix", method="HEAD", headers={"Accept-Encoding": "gzip"}).data == b""


def moved(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    instant = clock.now() + by
    monkeypatch.setattr(clock, "now", lambda: instant)


@pytest.mark.parametrize("by", [timedelta(hours=2), timedelta(days=1), timedelta(seconds=-5)])
def test_when_the_clock_has_moved_the_site_looks_at_it(
    app: Flask, browser_of: Browser, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    client = browser_of("svc")
    settle(client, "/matrix")
    moved(monkeypatch, by)

    with statements_of_site(app) as asked:
        ask(client, "/matrix")

    assert asked


def test_a_session_that_lay_idle_is_over(browser_of: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser_of("svc")
    settle(client, "/matrix")
    moved(monkeypatch, timedelta(hours=12))

    assert ask(client, "/matrix").status_code == 302


def test_that_a_session_is_in_use_is_still_noted_every_minute(
    browser_of: Browser, world_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser_of("svc")
    settle(client, "/matrix")
    started = clock.now()
    for _minute in range(3):
        moved(monkeypatch, timedelta(seconds=61))
        for _time in range(4):
            assert ask(client, "/matrix").status_code == 200

    with world_engine.connect() as connection:
        seen = connection.scalar(select(AccountSession.last_seen_at))
    assert seen == clock.now() > started + timedelta(minutes=3)


def test_a_database_that_cannot_be_asked_is_the_sites_to_report(
    app: Flask, browser_of: Browser, world_engine: Engine
) -> None:
    client = browser_of("svc")
    settle(client, "/matrix")
    with world_engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE account_sessions RENAME TO moved_away")

    assert ask(client, "/matrix").status_code == 503
