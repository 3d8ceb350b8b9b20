"""Requests that nobody should send: forged, too large, half-baked; and errors that leave nothing behind."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, abort, g, request
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from skillsmatrix.foundation.database import reading
from skillsmatrix.models import Organisation
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import any_account, needs, public, require
from skillsmatrix.web.shared.transactions import commits
from tests.facts import add
from tests.web.conftest import CheckedClient
from tests.web.policy import ROUTES
from tests.web.test_every_route import contents
from tests.web.test_headers import address_of

Browsers = Callable[[str], CheckedClient]


def routes_with(app: Flask, method: str) -> list[str]:
    return [rule.endpoint for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def old_token(client: CheckedClient) -> str:
    client.token()
    with client.session_transaction() as cookie:
        raw = cookie["csrf_token"]
    signer = URLSafeTimedSerializer(str(client.application.secret_key), salt="wtf-csrf-token")
    made = datetime.now(UTC) - timedelta(hours=13)

    class Then(signer.default_signer):  # type: ignore[name-defined,misc]
        def get_timestamp(self) -> int:
            return int(made.timestamp())

    signer.signer = Then
    return str(signer.dumps(raw))


@pytest.mark.parametrize("kind", ["none", "foreign", "expired", "nonsense"])
def test_a_forged_form_changes_nothing(
    app: Flask, browser_of: Browsers, world_engine: Engine, kind: str
) -> None:
    client, stranger = browser_of("hr"), app.test_client()
    tokens = {"foreign": stranger.token(), "expired": old_token(client), "nonsense": "x"}
    fields = {} if kind == "none" else {"csrf_token": tokens[kind]}
    before = contents(world_engine)

    for endpoint in routes_with(app, "POST"):
        response = client.post(address_of(app, endpoint), data={**(ROUTES[endpoint].body or {}), **fields})
        assert response.status_code == 400, endpoint

    assert contents(world_engine) == before
    assert client.get("/account").status_code == 200


def test_looking_changes_nothing(app: Flask, browser_of: Browsers, world_engine: Engine) -> None:
    client = browser_of("hcp")
    before = contents(world_engine)

    for endpoint in routes_with(app, "GET"):
        client.get(address_of(app, endpoint))
        client.head(address_of(app, endpoint))

    assert contents(world_engine) == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_methods_that_pages_do_not_use_are_refused(app: Flask, browser_of: Browsers, method: str) -> None:
    client = browser_of("hr")

    for endpoint in ROUTES:
        response = client.open(
            address_of(app, endpoint), method=method, headers={"X-CSRFToken": client.token()}
        )
        assert response.status_code == 405, endpoint


def test_a_method_cannot_be_smuggled_in_a_field(browser_of: Browsers) -> None:
    client = browser_of("hr")

    assert client.get("/sign-out?_method=POST").status_code == 405
    assert client.get("/account").status_code == 200


def write_organisation(answer: Callable[[], object]) -> Callable[[], object]:
    def view() -> object:
        add(db_session(), Organisation(code="NEW", name="New"))
        return answer()

    return view


def organisations(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Organisation.code).order_by(Organisation.code)))


WAS = ["HOME", "SMALL", "TRUST"]


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (lambda: ("", 302, {"Location": "/"}), True),
        (lambda: ({"done": True}, 201), True),
        (lambda: "the form again", False),
        (lambda: ({"fault": True}, 422), False),
        (lambda: abort(409), False),
        (lambda: 1 / 0, False),
    ],
)
def test_only_a_post_that_redirects_or_answers_json_is_kept(
    app: Flask, browser_of: Browsers, world_engine: Engine, answer: Callable[[], object], kept: bool
) -> None:
    view = any_account(why="test")(commits(write_organisation(answer)))
    app.add_url_rule("/new", "new", view, methods=["GET", "POST"])

    browser_of("hr").send("/new")

    assert organisations(world_engine) == (["HOME", "NEW", "SMALL", "TRUST"] if kept else WAS)


def test_a_get_keeps_nothing_even_when_it_redirects(
    app: Flask, browser_of: Browsers, world_engine: Engine
) -> None:
    view = any_account(why="test")(commits(write_organisation(lambda: ("", 302, {"Location": "/"}))))
    app.add_url_rule("/new", "new", view, methods=["GET", "POST"])

    browser_of("hr").get("/new")

    assert organisations(world_engine) == WAS


def test_a_view_that_does_not_say_commits_keeps_nothing(
    app: Flask, browser_of: Browsers, world_engine: Engine
) -> None:
    view = any_account(why="test")(write_organisation(lambda: ("", 302, {"Location": "/"})))
    app.add_url_rule("/new", "new", view, methods=["POST"])

    browser_of("hr").send("/new")

    assert organisations(world_engine) == WAS


def test_a_page_that_declares_nothing_is_refused(app: Flask, browser_of: Browsers) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    response = browser_of("hr").get("/forgotten")

    assert response.status_code == 403
    assert "secret" not in response.text


def test_an_answer_that_nobody_decided_on_becomes_an_error(app: Flask, client: CheckedClient) -> None:
    app.before_request_funcs[None].insert(1, lambda: "secret")

    response = client.get("/account")

    assert response.status_code == 500
    assert "secret" not in response.text


def test_a_second_code_in_a_request_is_checked_too(app: Flask, browser_of: Browsers) -> None:
    def view(staff: str) -> str:
        require("training.read", person=request.args["evidence_of"])
        return "both"

    app.add_url_rule("/of/<staff>", "of", needs("training.read", person="staff")(view))
    manager = browser_of("svc")

    assert manager.get("/of/ada?evidence_of=ben").status_code == 200
    assert manager.get("/of/ada?evidence_of=cyn").status_code == 404
    assert manager.get("/of/ada?evidence_of=nobody").status_code == 404


def stale() -> object:
    raise StaleDataError("UPDATE on staff expected 1 row")


def locked() -> object:
    raise OperationalError("SELECT secret FROM staff", {}, Exception("database is locked"))


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (lambda: 1 / 0, 500),
        (lambda: abort(403), 403),
        (lambda: abort(409), 409),
        (lambda: abort(413), 413),
        (lambda: abort(429), 429),
        (lambda: abort(418), 418),
        (stale, 409),
        (locked, 503),
    ],
)
def test_a_failure_shows_a_page_with_a_reference_and_no_trace(
    app: Flask, browser_of: Browsers, failure: Callable[[], object], code: int
) -> None:
    app.add_url_rule("/broken", "broken", any_account(why="test")(failure))

    response = browser_of("hr").get("/broken")

    assert response.status_code == code
    assert re.search(r"<code>[0-9A-F]{8}</code>", response.text)
    for inside in ("Traceback", "ZeroDivision", "OperationalError", "SELECT", "skillsmatrix/"):
        assert inside not in response.text


def test_a_reference_leads_to_the_log(
    app: Flask, browser_of: Browsers, caplog: pytest.LogCaptureFixture
) -> None:
    app.add_url_rule("/broken", "broken", any_account(why="test")(lambda: 1 / 0))

    response = browser_of("hr").get("/broken")

    found = re.search(r"<code>([0-9A-F]{8})</code>", response.text)
    assert found
    assert f"reference {found[1]}" in caplog.text


def test_a_broken_error_page_still_answers(app: Flask, client: CheckedClient) -> None:
    app.add_url_rule("/broken", "broken", public(why="test")(lambda: 1 / 0))
    app.jinja_env.globals["navigation"] = lambda: 1 / 0

    response = client.get("/broken")

    assert (response.status_code, response.mimetype) == (500, "text/plain")


def test_a_form_that_is_too_large_is_refused(browser_of: Browsers) -> None:
    client = browser_of("hr")
    client.application.config["MAX_CONTENT_LENGTH"] = 1000

    response = client.send("/account/password", current="x" * 2000)

    assert response.status_code == 413


@pytest.mark.parametrize(
    ("asked", "day"),
    [("2026-11-22", "2026-11-22"), ("22/11/2026", "2026-11-22"), ("1.2.2027", "2027-02-01"), ("", None)],
)
def test_the_day_asked_about_is_in_the_address(
    app: Flask, browser_of: Browsers, asked: str, day: str | None
) -> None:
    app.add_url_rule("/day", "day", any_account(why="test")(lambda: f"{g.on}|{g.today}"))

    on, today = browser_of("hr").get(f"/day?on={asked}").text.split("|")

    assert on == (day or today)


@pytest.mark.parametrize("asked", ["31/2/2026", "yesterday", "2026-13-01", "1/1/26", "٢/٢/٢٠٢٦"])
def test_what_is_not_a_day_is_never_taken_for_today(browser_of: Browsers, asked: str) -> None:
    response = browser_of("hr").get("/account", query_string={"on": asked})

    assert response.status_code == 400
    assert "Write it as 28/2/2027" in response.text


def test_rights_are_judged_today_whatever_day_is_asked_about(app: Flask, browser_of: Browsers) -> None:
    app.add_url_rule("/of/<staff>", "of", needs("matrix.view", person="staff")(lambda staff: "seen"))
    manager = browser_of("svc")  # once manager of birch, where cyn works

    assert manager.get("/of/cyn?on=2021-01-01").status_code == 404
    assert manager.get("/of/ada?on=2021-01-01").status_code == 200


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x07", "\x7f"])
def test_control_characters_are_refused_wherever_they_stand(browser_of: Browsers, character: str) -> None:
    client = browser_of("hr")

    for response in (
        client.get("/account", query_string={"q": f"a{character}"}),
        client.get(f"/people/a%{ord(character):02x}"),
        client.send("/account/password", current=f"a{character}"),
    ):
        assert response.status_code == 400


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "31/12/1949",
            "The day asked for is out of reach. Enter a day from 1 January 1950 to 31 December 2100.",
        ),
        ("9999-12-31", "The day asked for is out of reach."),
        ("31/2/2027", "The day asked for is not a date. Write it as 28/2/2027."),
    ],
)
def test_a_day_that_cannot_be_asked_about_says_why(browser_of: Browsers, asked: str, said: str) -> None:
    answer = browser_of("hr").get("/people", query_string={"on": asked})

    assert answer.status_code == 400
    assert said in answer.text


@pytest.mark.parametrize("days", [{"on": "31/2/2027"}, {"on": "", "known_at": "yesterday"}])
def test_a_page_whose_day_cannot_be_read_leads_to_the_same_page_for_today(
    browser_of: Browsers, days: dict[str, str]
) -> None:
    answer = browser_of("hcp").get("/services/alder", query_string={**days, "gaps": "y", "q": "a&b"})

    assert answer.status_code == 400
    assert '<a href="/services/alder?gaps=y&amp;q=a%26b">Show the same page for today</a>' in answer.text
