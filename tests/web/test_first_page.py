"""The first page offers each reader their own work, in words about what they may do."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, update

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Requirement
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.web.home import routes
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]


def test_whoever_only_looks_is_not_told_of_what_others_do(browser_of: Browser) -> None:
    looks, acts = (browser_of(persona).get("/").text for persona in ("insp", "hr"))

    assert "Find a certificate, and see what it is worth today." in looks
    assert "Learning done elsewhere, and what was decided about it." in looks
    assert "Issue a certificate" in acts
    assert "hand in a certificate" in acts
    assert "hand in a certificate" not in looks


def test_a_manager_reads_of_recording_and_human_resources_of_who_is_due(browser_of: Browser) -> None:
    assert "recording a session" in browser_of("svc").get("/").text
    assert "recording a session" not in browser_of("hr").get("/").text


def test_what_is_not_safe_today_stands_first(browser_of: Browser) -> None:
    page = browser_of("hcp").get("/").text

    today = clock.today()
    assert f"Not safe today, {today.day} {today:%B %Y}: Alder" in words(page)
    assert '<a href="/services/alder">Alder</a>' in page


def test_a_service_is_named_only_to_who_sees_it_as_a_whole(browser_of: Browser) -> None:
    for persona in ("staff", "sup", "adm"):
        assert "Not safe today" not in browser_of(persona).get("/").text, persona


def test_where_every_hard_stop_is_met_that_is_said(browser_of: Browser, world_engine: Engine) -> None:
    with writing(world_engine) as session:
        session.execute(update(Requirement).values(strength="target"))
        rebuild(session, by="test", at=clock.now())

    assert "Every hard stop is met today" in words(browser_of("hcp").get("/").text)


def test_many_are_counted_and_not_all_named(browser_of: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "MOST_NAMED", 0)

    page = browser_of("hcp").get("/").text

    assert re.search(r'<a href="/services\?unsafe=y">and \d+ more services?</a>', page)
