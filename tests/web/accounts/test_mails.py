"""Mail that could not be sent is listed for those who look after accounts, as far as they reach."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Mail
from skillsmatrix.operations.jobs import want_job
from skillsmatrix.queries.unsent_mails import SEND_JOB
from tests.facts import add
from tests.web.accounts.test_accounts import id_of, limit_to
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words

Browsers = Callable[[str], CheckedClient]


@pytest.fixture
def two_mails(world_engine: Engine) -> None:
    """Sid's address does not exist; sam's server was down and is tried again."""
    to = {persona: id_of(world_engine, persona) for persona in ("staff", "sup")}
    at = clock.now() - timedelta(hours=2)
    with writing(world_engine) as session:
        for persona, key, error in (
            ("staff", "digest:2026-01-05:1", "550 no such mailbox"),
            ("sup", "link:7", "connection refused"),
        ):
            mail = add(
                session,
                Mail(
                    account_id=to[persona],
                    key=key,
                    message_id=key,
                    subject="s",
                    body="never shown",
                    written_at=at,
                    last_error=error,
                ),
            )
            if persona == "sup":
                want_job(session, SEND_JOB, str(mail.id), by="test", at=at)


def test_it_says_to_whom_why_and_what_happens_now(browser_of: Browsers, two_mails: None) -> None:
    admin = browser_of("adm")

    page = admin.get("/accounts/mails").text

    assert "2 mails could not be sent" in words(admin.get("/accounts").text)
    said = words(page)
    assert "Tell these people yourself." in said
    assert "Weekly mail" in said
    assert "550 no such mailbox" in said
    assert (said.count("Not sent again"), said.count("Tried again by itself")) == (1, 1)
    assert "never shown" not in page


def test_nothing_is_said_where_every_mail_went_out(browser_of: Browsers) -> None:
    admin = browser_of("adm")

    assert "could not be sent" not in words(admin.get("/accounts").text)
    assert "No mail is sent from here" in words(admin.get("/accounts/mails").text)


def test_mails_to_people_out_of_reach_are_neither_listed_nor_counted(
    browser_of: Browsers, world_engine: Engine, two_mails: None
) -> None:
    limit_to(world_engine, "hr", "SMALL")
    hr = browser_of("hr")

    assert "could not be sent" not in words(hr.get("/accounts").text)
    assert "550 no such mailbox" not in hr.get("/accounts/mails").text
