"""Where a service lies: looked at before it is kept, and shown at once."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import Service
from tests.web.conftest import CheckedClient, text_of
from tests.web.records.test_records import version_on
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]


def send_region(browser: CheckedClient, region: str, *, version: str, **sent: str) -> TestResponse:
    """Alder as it is in the world, lying in this region."""
    as_it_is = {"name": "Alder", "escalation_contact": "", "opens_on": "6/1/2020", "successor": ""}
    return browser.send(
        "/services/alder/life", **as_it_is, region=region, why="It is asked for", version=version, **sent
    )


def region_of_alder(engine: Engine) -> str | None:
    with reading(engine) as session:
        return session.scalars(select(Service.region).where(Service.code == "alder")).one()


def test_a_region_is_shown_before_it_is_kept_and_then_at_once_wherever_services_are(
    browser_of: Browser, world_engine: Engine
) -> None:
    browser = browser_of("hcp")
    version = version_on(browser.get("/services/alder/life").text)
    grouped = "/matrix?together=region"
    assert "The Fens" not in text_of(browser.get(grouped, headers={"Accept-Encoding": "gzip"}))

    shown = send_region(browser, " The Fens ", version=version, once="a")
    assert "Region The Fens First day" in words(shown.text)
    assert "Nothing is kept yet." in words(shown.text)
    assert "Nothing changes on this day." in words(shown.text)
    assert region_of_alder(world_engine) is None

    assert send_region(browser, " The Fens ", version=version, once="a", step="save").status_code == 302
    assert region_of_alder(world_engine) == "The Fens"
    assert "Region: The Fens." in words(browser.get("/services/alder").text)
    assert "The Fens" in words(text_of(browser.get(grouped, headers={"Accept-Encoding": "gzip"})))
    assert "Harbour Homes, The Fens" in words(browser.get("/services").text)


def test_regions_in_use_are_offered_and_those_of_the_country_each_once(
    browser_of: Browser, world_engine: Engine
) -> None:
    with writing(world_engine) as session:
        for code, region in (("ward", "The Fens"), ("quay", "London"), ("birch", "The Fens")):
            session.scalars(select(Service).where(Service.code == code)).one().region = region

    page = browser_of("hr").get("/services/alder/life").text

    offered = re.findall(r'<option value="([^"]+)"></option>', page)
    assert offered[:3] == ["London", "The Fens", "North East"]
    assert len(offered) == 13
    assert re.search(r'<input[^>]* list="regions"', page)
    assert '<datalist id="regions">' in page


@pytest.mark.parametrize("emptied", ["", "   "])
def test_a_region_can_be_taken_out_again(browser_of: Browser, world_engine: Engine, emptied: str) -> None:
    with writing(world_engine) as session:
        session.scalars(select(Service).where(Service.code == "alder")).one().region = "London"
    browser = browser_of("hr")
    version = version_on(browser.get("/services/alder/life").text)

    assert send_region(browser, emptied, version=version, once="a", step="save").status_code == 302
    assert region_of_alder(world_engine) is None


def test_two_who_state_a_region_at_once_see_both(browser_of: Browser, world_engine: Engine) -> None:
    version = version_on(browser_of("hr").get("/services/alder/life").text)
    send_region(browser_of("hcp"), "London", version=version, once="a", step="save")

    late = send_region(browser_of("hr"), "Wales", version=version, once="b", step="save")

    assert late.status_code == 409
    assert "Region London Wales" in words(late.text)
    assert region_of_alder(world_engine) == "London"
