"""The digest as a page: what each account is told, and that every line leads where it says."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from skillsmatrix.documents.digest_mail import address
from skillsmatrix.domain.digest import Line, Topic
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import Account, Mail, MailPreference
from tests.web import world
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]

ENDPOINTS = {
    Topic.UNSAFE: "services.need",
    Topic.SHORT_SOON: "services.need",
    Topic.DOUBT: "assessments.decisions",
    Topic.COUNTERSIGN: "assessments.second_signature",
    Topic.CLAIM: "claims.show",
    Topic.ATTEMPTS_USED: "assessments.ask",
    Topic.RULE_CHANGE: "rules.show",
    Topic.NO_SUPERVISOR: "supervision.agree",
    Topic.TO_ASSESS: "assessments.new",
    Topic.REGISTER: "training.register",
    Topic.TOLD: "people.reasons",
    Topic.SUPERVISION: "supervision.person",
    Topic.REGISTRATION: "records.index",
    Topic.NOT_HELD: "me.reasons",
    Topic.RUNNING_OUT: "me.reasons",
    Topic.SEAT_OFFERED: "training.booking",
    Topic.CLAIM_REFUSED: "claims.show",
    Topic.OWN_SUPERVISION: "supervision.person",
    Topic.OWN_REGISTRATION: "me.index",
    Topic.ACTION: "supervision.person",
    Topic.COURSE: "training.show",
}


@pytest.mark.parametrize("topic", list(Topic))
def test_the_address_of_a_line_is_the_page_where_it_is_done(app: Flask, topic: Topic) -> None:
    line = Line(topic=topic, staff="sid", competency="A/B", service="alder", number=7)

    endpoint, values = app.url_map.bind("here").match(address(line).partition("?")[0])

    assert endpoint == ENDPOINTS[topic]
    assert (
        values.items()
        <= {
            "staff": "sid",
            "code": "alder" if endpoint == "services.need" else "sid",
            "competency": "A/B",
            "number": 7,
            "change_id": 7,
        }.items()
    )


@pytest.mark.parametrize("persona", [name for name, who in world.PERSONAS.items() if not who.shut_out])
def test_every_line_leads_to_a_page_that_the_account_may_open(browser_of: Browser, persona: str) -> None:
    browser = browser_of(persona)
    page = browser.get("/digest").text

    for href in re.findall(r'class="practice-cards__action" href="([^"]+)"', page):
        assert browser.get(unescape(href)).status_code == 200, href


def test_staff_read_what_is_theirs_and_a_manager_first_what_is_not_safe(browser_of: Browser) -> None:
    own = words(browser_of("staff").get("/digest").text)
    manager = words(browser_of("svc").get("/digest").text)

    assert "Put right: Fire safety. It is a hard stop: do not do it until then. Complete the learning." in own
    assert "It was so on the last 4 Mondays: your manager and the head of practice are told too." in own
    assert "What your services lack" not in own
    assert "Alder is not safe to run this: Fire safety." in manager
    assert "handed in a certificate for Medicines" in manager
    assert manager.index("What your services lack") < manager.index("What waits for you")
    assert "Birch" not in manager


def test_without_a_mail_server_the_page_says_that_nothing_is_mailed(
    browser_of: Browser, make_app: Callable[..., Flask]
) -> None:
    assert "No mail is sent from here." in browser_of("staff").get("/digest").text


def test_the_weekly_mail_is_switched_off_and_on_by_its_owner(
    browser_of: Browser, world_engine: Engine
) -> None:
    browser = browser_of("staff")

    off = browser.send("/digest/mail", wanted="no")
    page = browser.get("/digest").text
    with reading(world_engine) as session:
        (row,) = session.scalars(select(MailPreference))
        owner = session.get_one(Account, row.account_id).email
    browser.send("/digest/mail", wanted="yes")
    browser.send("/digest/mail", wanted="perhaps")

    assert off.status_code == 302
    assert "The weekly mail is off" in page
    assert "is switched off." in page
    assert owner == world.email_of("staff")
    with reading(world_engine) as session:
        assert session.scalars(select(MailPreference.weekly_digest)).all() == [True]


def test_an_account_without_work_has_an_empty_week_and_no_calendar(browser_of: Browser) -> None:
    page = browser_of("adm").get("/digest").text

    assert "Nothing waits for you" in page
    assert "In your calendar" not in page


@pytest.mark.parametrize(
    ("sent", "error", "said"),
    [
        (True, None, "The last one was sent on"),
        (False, "550 nobody here", "The last one could not be sent."),
        (False, None, None),
    ],
)
def test_the_page_says_what_became_of_the_last_weekly_mail(
    browser_of: Browser, world_engine: Engine, sent: bool, error: str | None, said: str | None
) -> None:
    browser, at = browser_of("staff"), clock.now()
    with writing(world_engine) as session:
        owner = session.scalars(select(Account.id).where(Account.email == world.email_of("staff"))).one()
        for key, fine in (("digest:2026-11-16:1", sent), ("link:1", not sent)):
            session.add(
                Mail(
                    account_id=owner,
                    key=key,
                    message_id=key,
                    subject="s",
                    body="",
                    written_at=at,
                    sending_at=at if fine else None,
                    sent_at=at if fine else None,
                    last_error=error if key.startswith("digest") else None,
                )
            )

    page = words(browser.get("/digest").text)

    assert [
        text for text in ("The last one was sent on", "The last one could not be sent.") if text in page
    ] == [text for text in (said,) if text]
