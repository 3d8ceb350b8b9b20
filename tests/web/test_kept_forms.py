"""What was typed when the session had ended: kept for the same account only, and never carried out."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask, flash, g, redirect
from sqlalchemy import Engine, func, select, update
from werkzeug.test import TestResponse

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import AccountSession, Claim, MailPreference
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import any_account
from skillsmatrix.web.shared.kept_forms import FIELD, KEPT_FOR, LONGEST, opened
from skillsmatrix.web.shared.transactions import commits_late, keep_now, write_now
from tests.web import world
from tests.web.conftest import CheckedClient, signed_in_client
from tests.web.policy import ROUTES
from tests.web.test_every_route import contents

Browser = Callable[[str], CheckedClient]
OURS = {"Sec-Fetch-Site": "same-origin"}
CLAIM = "/people/sid/claims/new"
TYPED = {
    "competency": "med",
    "title": "Medicines <b>elsewhere</b>",
    "provider": "Fenland Trust",
    "completed_on": "1/2/2026",
    "once": "once-1",
}


@pytest.fixture
def browser(browser_of: Browser) -> CheckedClient:
    return browser_of("staff")


def session_over(engine: Engine) -> None:
    """Every session has been idle for too long."""
    with writing(engine) as session:
        long_ago = clock.now() - timedelta(hours=3)
        session.execute(update(AccountSession).values(created_at=long_ago, last_seen_at=long_ago))


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no {name} on the page"
    return unescape(found[1])


def claims(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalars(select(func.count()).select_from(Claim)).one()


def signed_in_again(browser: CheckedClient, sealed: str, persona: str = "staff") -> TestResponse:
    return browser.send("/sign-in", email=world.email_of(persona), password=world.PASSWORD, **{FIELD: sealed})


def test_what_was_typed_comes_back_after_signing_in_and_is_stored_once_when_it_is_sent_again(
    browser: CheckedClient, world_engine: Engine
) -> None:
    session_over(world_engine)
    before = claims(world_engine)

    asked = browser.send(CLAIM, **TYPED)
    assert asked.status_code == 401
    assert "What you typed is kept for you" in asked.text
    again = signed_in_again(browser, hidden(asked.text, FIELD))
    assert again.status_code == 200
    assert f'action="{CLAIM}"' in again.text
    back = browser.send(CLAIM, **{FIELD: hidden(again.text, FIELD)})

    assert back.status_code == 200
    assert "Nothing of this has been saved" in back.text
    assert hidden(back.text, "title") == TYPED["title"]
    assert "<b>elsewhere" not in back.text
    assert hidden(back.text, "once") == "once-1"
    assert re.search(r'<option value="med" selected', back.text)
    assert claims(world_engine) == before
    sent = browser.post(CLAIM, data={**TYPED, "csrf_token": hidden(back.text, "csrf_token")})
    assert sent.status_code == 302
    assert claims(world_engine) == before + 1


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/claims/agreements/new", {"title": "De-escalation", "provider": "Fenland Trust"}),
        ("/training/courses/C-MED/asked-first", {"competency": "fire", "level": "2"}),
    ],
)
def test_a_form_that_stands_on_the_page_of_a_list_is_kept_as_well(
    browser_of: Browser, world_engine: Engine, path: str, typed: dict[str, str]
) -> None:
    browser = browser_of("hr")
    session_over(world_engine)

    asked = browser.send(path, **typed)
    again = signed_in_again(browser, hidden(asked.text, FIELD), persona="hr")
    back = browser.send(path, **{FIELD: hidden(again.text, FIELD)})

    assert back.status_code == 200
    assert "Nothing of this has been saved" in back.text
    assert all(f'value="{text}"' in back.text for text in typed.values())


def test_a_wrong_password_in_between_loses_nothing(browser: CheckedClient, world_engine: Engine) -> None:
    session_over(world_engine)
    sealed = hidden(browser.send(CLAIM, **TYPED).text, FIELD)

    wrong = browser.send("/sign-in", email="staff@example.org", password="not this", **{FIELD: sealed})

    assert hidden(wrong.text, FIELD) == sealed
    assert signed_in_again(browser, sealed).status_code == 200


def test_the_next_person_at_the_computer_neither_sees_it_nor_can_open_it(
    browser: CheckedClient, world_engine: Engine
) -> None:
    session_over(world_engine)
    asked = browser.send(CLAIM, **TYPED)
    sealed = hidden(asked.text, FIELD)

    other = signed_in_again(browser, sealed, "hr")
    tried = browser.send(CLAIM, **{FIELD: sealed})

    assert (other.status_code, other.headers["Location"]) == (302, "/")
    assert tried.status_code == 302
    for answer in (asked, other, tried, browser.get(CLAIM)):
        assert "Fenland" not in answer.text
        assert "&lt;b&gt;" not in answer.text


def test_a_seal_is_for_one_address_for_half_a_day_and_of_our_own_making(
    browser: CheckedClient, world_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    session_over(world_engine)
    sealed = hidden(browser.send(CLAIM, **TYPED).text, FIELD)
    signed_in_again(browser, sealed)

    elsewhere = browser.send("/people/sid/assessments/ask", **{FIELD: sealed})
    changed = browser.send(CLAIM, **{FIELD: sealed[:-4] + "AAAA"})
    nonsense = browser.send(CLAIM, **{FIELD: "ŵ"})
    late = clock.now() + KEPT_FOR + timedelta(minutes=1)
    fresh = signed_in_client(browser.application, world_engine, "staff")
    with writing(world_engine) as session:
        session.execute(update(AccountSession).values(last_seen_at=late, created_at=late))
    monkeypatch.setattr(clock, "now", lambda: late)
    old = fresh.send(CLAIM, **{FIELD: sealed})

    for answer in (elsewhere, changed, nonsense, old):
        assert answer.status_code == 302, answer.text
        assert "Fenland" not in answer.text


@pytest.mark.parametrize("why", ["nobody was here", "a button", "a password", "too long"])
def test_what_is_not_kept_leads_to_the_sign_in_page_as_ever(
    browser: CheckedClient, client: CheckedClient, world_engine: Engine, why: str
) -> None:
    session_over(world_engine)

    answer = {
        "nobody was here": lambda: client.send(CLAIM, **TYPED),
        "a button": lambda: browser.send("/sign-out"),
        "a password": lambda: browser.send("/account/password", current="river", new="stone", again="stone"),
        "too long": lambda: browser.send(CLAIM, title="x" * LONGEST),
    }[why]()

    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")


def test_fields_that_look_like_a_password_are_left_out(browser: CheckedClient, world_engine: Engine) -> None:
    session_over(world_engine)
    sealed = hidden(browser.send(CLAIM, **TYPED, old_Password="river stone").text, FIELD)
    signed_in_again(browser, sealed)

    with browser.application.test_request_context(CLAIM):
        g.at = clock.now()
        with reading(world_engine) as session:
            account = session.scalars(select(AccountSession.account_id)).first()
        found = opened(sealed, account_id=account or 0)

    assert found is not None
    assert dict(found.fields) == TYPED


def test_a_form_whose_token_is_out_of_date_comes_back_filled_when_it_stood_on_our_own_page(
    browser: CheckedClient, world_engine: Engine
) -> None:
    before = claims(world_engine)

    back = browser.post(CLAIM, data={**TYPED, "csrf_token": "old"}, headers=OURS)
    by_origin = browser.post(CLAIM, data=TYPED, headers={"Origin": "http://localhost"})
    forged = browser.post(CLAIM, data=TYPED, headers={"Sec-Fetch-Site": "cross-site"})
    unsaid = browser.post(CLAIM, data=TYPED)

    for answer in (back, by_origin):
        assert answer.status_code == 200
        assert hidden(answer.text, "provider") == "Fenland Trust"
        assert "Nothing of this has been saved" in answer.text
    assert (forged.status_code, unsaid.status_code) == (400, 400)
    assert claims(world_engine) == before
    token = hidden(back.text, "csrf_token")
    assert browser.post(CLAIM, data={**TYPED, "csrf_token": token}).status_code == 302


def test_a_form_left_open_over_night_goes_through_the_sign_in_page(
    browser: CheckedClient, world_engine: Engine
) -> None:
    session_over(world_engine)

    asked = browser.post(CLAIM, data={**TYPED, "csrf_token": "old"}, headers=OURS)

    assert asked.status_code == 401
    assert signed_in_again(browser, hidden(asked.text, FIELD)).status_code == 200


def test_a_sign_in_page_left_open_over_night_keeps_the_name_and_not_the_password(
    client: CheckedClient,
) -> None:
    answer = client.post(
        "/sign-in", data={"email": "hr@example.org", "password": world.PASSWORD}, headers=OURS
    )

    assert (answer.status_code, hidden(answer.text, "email")) == (200, "hr@example.org")
    assert world.PASSWORD not in answer.text


def test_somebody_who_may_not_open_the_page_is_not_given_it_back(browser: CheckedClient) -> None:
    hidden_from_sid = "/people/cyn/claims/new"

    assert browser.post(hidden_from_sid, data=TYPED, headers=OURS).status_code == 404


@pytest.mark.parametrize("persona", ["hr", "hcp", "svc", "sup"])
def test_no_form_that_is_given_back_changes_anything(app: Flask, world_engine: Engine, persona: str) -> None:
    browser = signed_in_client(app, world_engine, persona)
    before = contents(world_engine)

    for rule in app.url_map.iter_rules():
        if {"GET", "POST"} <= (rule.methods or set()) and rule.endpoint in ROUTES:
            route = ROUTES[rule.endpoint]
            about = {
                name: code
                for name, code in ((route.person, (route.only or ("ada",))[0]), (route.service, "alder"))
                if name
            }
            with app.test_request_context():
                path = app.url_for(rule.endpoint, **{**route.values, **about})
            answer = browser.post(path, data={"csrf_token": "old", "confirm": "y", **TYPED}, headers=OURS)
            assert answer.status_code in (200, 302, 403, 404), f"{path}: {answer.status_code}"

    assert contents(world_engine) == before


@pytest.mark.parametrize("how", ["flush", "statement", "write_now", "keep_now", "redirect"])
def test_a_view_that_writes_without_looking_at_a_form_is_stopped(
    make_app: Callable[..., Flask], world_engine: Engine, how: str
) -> None:
    app = make_app()

    def view() -> Any:
        own = db_session()
        if how == "flush":
            own.add(MailPreference(account_id=1, weekly_digest=False, changed_at=clock.now()))
            own.flush()
        if how == "statement":
            own.execute(update(AccountSession).values(last_seen_at=clock.now()))
        if how in ("write_now", "keep_now"):
            {"write_now": write_now, "keep_now": keep_now}[how]()
        flash("Saved")
        return redirect("/account")

    guarded = any_account(why="a probe")(commits_late(view))
    app.add_url_rule("/probe", "probe", guarded, methods=["GET", "POST"])
    browser = signed_in_client(app, world_engine, "hr")
    before = contents(world_engine)

    answer = browser.post("/probe", data={"csrf_token": "old"}, headers=OURS)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/probe")
    page = browser.get("/account").text
    assert "Nothing has been saved. Fill in the form again." in page
    assert "Saved" not in page
    assert contents(world_engine) == before
