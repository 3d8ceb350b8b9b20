"""A "not yet" after a sign-off that counts: told to the assessor, and to everybody who has to decide."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import SignOff
from skillsmatrix.operations.conclusions import refresh
from tests.facts import add
from tests.web.conftest import CheckedClient
from tests.web.practice_world import decisions_of, medicines, staff_id

Browsers = Callable[[str], CheckedClient]
TODAY = clock.today()
STILL = "and that sign-off still counts"


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.fixture
def sid_failed(world_engine: Engine) -> int:
    """Pat signed sid off 100 days ago; ivy said "not yet" ten days ago. The id of the sign-off."""
    with writing(world_engine) as session:
        sid = staff_id(session, "sid")
        add(
            session,
            SignOff(
                staff_id=sid,
                competency_id=medicines(session),
                level=1,
                assessed_on=TODAY - timedelta(days=10),
                outcome="not_yet",
                assessor_id=staff_id(session, "ivy"),
            ),
        )
        refresh(session, staff_ids=[sid], by="command:test", at=clock.now())
        return next(each.id for each in decisions_of(session, "sid") if each.outcome == "competent")


def test_everybody_who_decides_reads_of_it(browser_of: Browsers, sid_failed: int) -> None:
    for persona, paths in {
        "svc": [
            "/people/sid",
            "/services/alder",
            "/people/sid/competencies/med",
            "/competencies/med",
            "/services/alder/people/sid/med",
        ],
        "hcp": ["/people/sid", "/services/alder", "/assessments/decisions", "/people/sid/assessments"],
    }.items():
        for path in paths:
            page = words(browser_of(persona).get(path).text)
            assert STILL in page, (persona, path)
            assert "Withdraw the sign-off" in page, (persona, path)


def test_the_hard_stop_it_stands_behind_is_led_with(browser_of: Browsers, sid_failed: int) -> None:
    page = words(browser_of("svc").get("/services/alder").text)

    assert page.index("Counted as met, and in doubt") < page.index("Who holds what")
    assert "by Ivy Qanaryivy. Pat Plain signed it off at level 1" in page


def test_who_may_not_decide_reads_who_does(browser_of: Browsers, sid_failed: int) -> None:
    page = words(browser_of("insp").get("/people/sid").text)

    assert STILL in page
    assert "decides whether it is withdrawn" in page
    assert "Withdraw the sign-off" not in page


def test_nobody_learns_of_people_out_of_sight(browser_of: Browsers, sid_failed: int) -> None:
    assert STILL not in browser_of("svc_birch").get("/competencies/med").text
    assert STILL not in browser_of("host").get("/competencies/med").text


def test_letting_it_stand_takes_a_reason_and_ends_the_doubt(
    browser_of: Browsers, world_engine: Engine, sid_failed: int
) -> None:
    client, path = browser_of("hcp"), f"/people/sid/sign-offs/{sid_failed}/keep"

    refused = client.send(path, reason="")
    kept = client.send(path, reason="Observed again with a new chart")

    assert "Say why it stands" in refused.text
    assert kept.status_code == 302
    assert STILL not in client.get("/people/sid").text
    with reading(world_engine) as session:
        assert [each.withdrawn_on for each in decisions_of(session, "sid")] == [None, None]


def test_the_assessor_is_told_at_once_that_the_sign_off_still_counts(
    browser_of: Browsers, world_engine: Engine
) -> None:
    client = browser_of("ass")
    client.send(
        "/people/ada/assessments/new/med",
        level="1",
        version="standard",
        assessed_on=f"{TODAY.day}/{TODAY.month}/{TODAY.year}",
        outcome="not_yet",
        next_steps="Practise the chart",
    )

    page = words(client.get("/people/ada/assessments").text)

    assert "Ada Qanaryada still counts as signed off at level 1: Pat Plain signed it on" in page
    assert "Asked for" not in page
    assert "Let it stand" not in page  # somebody else decides


def test_a_sign_off_in_doubt_is_something_to_see_to_and_is_told_to_the_person(
    browser_of: Browsers, sid_failed: int
) -> None:
    page = words(browser_of("svc").get("/people/sid").text)

    assert "Decide whether the sign-off stands: a later assessment said not yet." in page
    assert "2 competencies to see to" in page  # and Fire safety, which is not held
    assert "in order" not in page
    assert STILL in browser_of("staff").get("/me").text
