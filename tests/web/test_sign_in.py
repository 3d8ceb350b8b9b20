"""Signing in and out: what gets in, what stays out, and when a session dies."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from werkzeug.test import TestResponse

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import Account, AccountSession, AuditEntry, SignInAttempt, Staff
from skillsmatrix.operations.accounts import count_attempt, disable_account
from skillsmatrix.queries.audit import broken_links
from tests.web import world
from tests.web.conftest import CheckedClient

WRONG = "The e-mail address or the password is not right"
Browsers = Callable[[str], CheckedClient]


def try_to_sign_in(
    client: CheckedClient, email: str, password: str = world.PASSWORD, **more: str
) -> TestResponse:
    return client.send("/sign-in", email=email, password=password, **more)


def cookie_of(client: CheckedClient) -> str:
    found = client.get_cookie("skillsmatrix")
    return found.value if found else ""


def token_of(client: CheckedClient) -> str | None:
    with client.session_transaction() as cookie:
        return cookie.get("_user_id")


def test_the_right_password_leads_to_the_page_asked_for(client: CheckedClient) -> None:
    response = try_to_sign_in(client, "hr@example.org", next="/account")

    assert (response.status_code, response.headers["Location"]) == (302, "/account")
    assert client.get("/account").status_code == 200


def test_the_address_is_taken_in_any_spelling(client: CheckedClient) -> None:
    assert try_to_sign_in(client, " HR@Example.org ").status_code == 302


def test_a_sign_in_is_in_the_log(client: CheckedClient, world_engine: Engine) -> None:
    try_to_sign_in(client, "hr@example.org")

    with reading(world_engine) as session:
        account = session.scalars(select(Account).where(Account.email == "hr@example.org")).one()
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        assert (last.kind, last.by, last.subject_id) == ("signed_in", f"account:{account.id}", account.id)
        assert broken_links(session) == []


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("hr@example.org", "wrong but long enough"),
        ("unknown@example.org", world.PASSWORD),
        ("disabled@example.org", world.PASSWORD),
        ("leaver@example.org", world.PASSWORD),
    ],
)
def test_a_refusal_never_says_which_part_was_wrong(client: CheckedClient, email: str, password: str) -> None:
    response = try_to_sign_in(client, email, password)

    assert response.status_code == 200
    assert WRONG in response.text
    assert "Set-Cookie" not in response.headers
    assert client.get("/account").status_code == 302


def test_known_and_unknown_accounts_get_the_same_answer(app: Flask) -> None:
    answers = set()
    for email in ("hr@example.org", "no-one@example.org"):
        response = try_to_sign_in(app.test_client(), email, "wrong but long enough")
        body = re.sub(r'(name="csrf_token"[^>]* value=")[^"]+', r"\1", response.text)
        answers.add((response.status_code, body.replace(email, ""), tuple(sorted(response.headers.keys()))))

    assert len(answers) == 1


def test_an_account_without_a_password_waits_to_be_taken_up(
    client: CheckedClient, world_engine: Engine
) -> None:
    with writing(world_engine) as session:
        session.execute(update(Account).where(Account.email == "hr@example.org").values(password_hash=None))

    assert WRONG in try_to_sign_in(client, "hr@example.org").text


def test_signing_in_gives_the_browser_a_new_session(client: CheckedClient) -> None:
    client.get("/sign-in")
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        before = cookie.get("csrf_token")

    try_to_sign_in(client, "hr@example.org")

    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != before
        assert cookie["_user_id"]


def test_signing_in_again_ends_the_session_that_was_open(client: CheckedClient, world_engine: Engine) -> None:
    try_to_sign_in(client, "hr@example.org")
    first = token_of(client)
    try_to_sign_in(client, "hcp@example.org")

    assert token_of(client) != first
    with reading(world_engine) as session:
        assert session.scalars(select(AccountSession.ended_because).order_by(AccountSession.id)).all() == [
            "signed_out",
            None,
        ]


def test_a_session_is_dead_after_signing_out(browser_of: Browsers) -> None:
    client = browser_of("hr")
    assert client.get("/account").status_code == 200
    stolen = cookie_of(client)

    response = client.send("/sign-out")

    assert response.headers["Location"] == "/sign-in"
    client.set_cookie("skillsmatrix", stolen)
    assert client.get("/account").status_code == 302


def test_leaving_takes_a_post(browser_of: Browsers) -> None:
    client = browser_of("hr")

    assert client.get("/sign-out").status_code == 405
    assert client.get("/account").status_code == 200


def test_a_disabled_account_is_out_at_the_next_request(browser_of: Browsers, world_engine: Engine) -> None:
    client = browser_of("hr")
    with writing(world_engine) as session:
        account_id = session.scalars(select(Account.id).where(Account.email == "hr@example.org")).one()
        disable_account(session, account_id=account_id, by="command:test", at=clock.now())

    assert client.get("/account").status_code == 302


def test_a_leaver_is_out_at_the_next_request(browser_of: Browsers, world_engine: Engine) -> None:
    client = browser_of("svc")
    assert client.get("/account").status_code == 200

    with writing(world_engine) as session:
        yesterday = clock.today() - timedelta(days=1)
        session.execute(update(Staff).where(Staff.code == "mia").values(employed_to=yesterday))

    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("column", "minutes", "alive"),
    [
        ("last_seen_at", 29, True),
        ("last_seen_at", 31, False),
        ("created_at", 719, True),
        ("created_at", 721, False),
    ],
)
def test_a_session_ends_when_idle_or_old(
    browser_of: Browsers, world_engine: Engine, column: str, minutes: int, alive: bool
) -> None:
    client = browser_of("hr")
    at = clock.now() - timedelta(minutes=minutes)
    values = {"created_at": at} if column == "created_at" else {"created_at": at, "last_seen_at": at}
    with writing(world_engine) as session:
        session.execute(update(AccountSession).values(**values))

    assert (client.get("/account").status_code == 200) is alive


def test_use_is_noted_at_most_once_a_minute(browser_of: Browsers, world_engine: Engine) -> None:
    client = browser_of("hr")
    early = clock.now() - timedelta(minutes=5)
    with writing(world_engine) as session:
        session.execute(update(AccountSession).values(created_at=early, last_seen_at=early))

    client.get("/account")
    with reading(world_engine) as session:
        first = session.scalars(select(AccountSession.last_seen_at)).one()
    client.get("/account")
    with reading(world_engine) as session:
        second = session.scalars(select(AccountSession.last_seen_at)).one()

    assert first > early
    assert second == first


def test_a_page_does_not_wait_for_somebody_who_is_writing(browser_of: Browsers, world_engine: Engine) -> None:
    client = browser_of("hr")
    early = clock.now() - timedelta(minutes=5)
    with writing(world_engine) as session:
        session.execute(update(AccountSession).values(created_at=early, last_seen_at=early))

    began = clock.now()
    with writing(world_engine):
        assert client.get("/account").status_code == 200

    assert clock.now() - began < timedelta(seconds=5)


def test_five_wrong_guesses_make_the_sixth_wait_even_when_it_is_right(
    client: CheckedClient, world_engine: Engine
) -> None:
    for _guess in range(5):
        assert try_to_sign_in(client, "hr@example.org", "wrong but long enough").status_code == 200

    response = try_to_sign_in(client, "hr@example.org")

    assert response.status_code == 429
    assert response.headers["Retry-After"]
    assert token_of(client) is None
    with reading(world_engine) as session:
        assert len(session.scalars(select(SignInAttempt)).all()) == 5


def test_a_name_that_nobody_has_waits_just_the_same(client: CheckedClient) -> None:
    codes = [
        try_to_sign_in(client, "no-one@example.org", "wrong but long enough").status_code
        for _guess in range(6)
    ]

    assert codes == [200] * 5 + [429]


def test_after_the_wait_the_right_password_is_taken_and_forgives(
    client: CheckedClient, world_engine: Engine
) -> None:
    for _guess in range(5):
        try_to_sign_in(client, "hr@example.org", "wrong but long enough")
    with writing(world_engine) as session:
        for attempt in session.scalars(select(SignInAttempt)):
            attempt.at -= timedelta(seconds=31)

    assert try_to_sign_in(client, "hr@example.org").status_code == 302
    client.send("/sign-out")
    assert try_to_sign_in(client, "hr@example.org", "wrong but long enough").status_code == 200


def test_guesses_from_many_addresses_at_one_account_wait_too(
    client: CheckedClient, world_engine: Engine
) -> None:
    with writing(world_engine) as session:
        for place in range(20):
            count_attempt(
                session,
                email="hr@example.org",
                address=f"192.0.2.{place}",
                by="anonymous",
                at=clock.now(),
            )

    assert try_to_sign_in(client, "hr@example.org").status_code == 429


def test_what_was_typed_as_a_name_is_not_kept(client: CheckedClient, world_engine: Engine) -> None:
    try_to_sign_in(client, "my-password@oops.example", "wrong but long enough")

    with reading(world_engine) as session:
        kept = session.scalars(select(SignInAttempt.email_hash)).one()
    assert re.fullmatch("[0-9a-f]{64}", kept)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "/%2f/evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "%2f%2fevil.example",
        "/%2fevil.example",
        "/%252fevil.example",
        "/\t/evil.example",
        "/%09/evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "account",
        "",
        "/sign-out",
    ],
)
def test_after_signing_in_nobody_is_led_off_the_site(client: CheckedClient, target: str) -> None:
    response = try_to_sign_in(client, "hr@example.org", next=target)

    assert (response.status_code, response.headers["Location"]) == (302, "/")


def test_the_page_asked_for_keeps_its_question(client: CheckedClient) -> None:
    response = client.get("/account?on=2026-11-22&x=a%20b")

    assert response.headers["Location"] == "/sign-in?next=/account?on%3D2026-11-22%26x%3Da%2520b"
    response = client.get(response.headers["Location"])
    assert 'value="/account?on=2026-11-22&amp;x=a%20b"' in response.text


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client: CheckedClient) -> None:
    response = client.get("/account", headers={"HX-Request": "true"})

    assert (response.status_code, response.headers["HX-Redirect"]) == (401, "/sign-in")


def test_an_empty_form_says_what_is_missing_beside_each_field(client: CheckedClient) -> None:
    response = try_to_sign_in(client, "", "")

    assert '<a href="#email">Enter your e-mail address</a>' in re.sub(r"\s+", " ", response.text)
    assert response.text.count('aria-invalid="true"') == 2
    assert 'aria-describedby="password-error"' in response.text


def test_a_password_is_never_sent_back(client: CheckedClient) -> None:
    response = try_to_sign_in(client, "hr@example.org", "a wrong secret value")

    assert "a wrong secret value" not in response.text
