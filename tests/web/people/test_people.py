"""People and one person: found however the name is spelt, and shown as far as one may see."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Service, SignOff, Staff
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.versions import correct
from skillsmatrix.queries.people import folded
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]


def test_a_name_is_found_without_its_accents_and_capitals() -> None:
    assert folded("olamide") in folded("Ọlámidé Adéṣọlá")
    assert folded("LEWANDOWSKI") in folded("Kacper Lewandowski")
    assert folded("zielinski") in folded("Tomasz Zieliński-Boateng")
    assert folded("sorensen") in folded("Ingrid Sørensen")
    assert folded("mac giolla") not in folded("Macgiolla")


def test_people_are_found_by_name_code_and_place(browser_of: Browser) -> None:
    client = browser_of("hr")

    assert "Qanaryada" in client.get("/people?q=ADA").text
    assert "Qanarycyn" not in client.get("/people?q=ada").text
    assert "Qanarycyn" in client.get("/people?service=birch").text
    assert "Qanaryada" not in client.get("/people?service=birch").text


@pytest.mark.parametrize("code", ["12/3", "..", "~2F", "50%"])
def test_whatever_a_code_is_made_of_its_pages_open(
    browser_of: Browser, world_engine: Engine, code: str
) -> None:
    with writing(world_engine) as session:
        session.scalars(select(Staff).where(Staff.code == "ada")).one().code = code
        session.scalars(select(Service).where(Service.code == "alder")).one().code = code
        refresh(session, staff_ids=None, by="test", at=clock.now())
    client = browser_of("hr")

    (person,) = set(re.findall(r'href="(/people/[^"/]+)"', client.get("/people?q=qanaryada").text))
    (service,) = set(re.findall(r'href="(/services/[^"/]+)"', client.get("/services?q=alder").text))

    assert "Ada Qanaryada" in client.get(person).text
    assert "Ada Qanaryada" in client.get(f"{person}/records").text
    page = client.get(service).text
    cell = re.findall(rf'href="({re.escape(service)}/people/[^"]+/fire)"', page)[0]
    assert client.get(cell).status_code == 200
    need = re.findall(rf'href="({re.escape(service)}/needs/fire)"', client.get("/matrix").text)[0]
    assert "Fire safety" in client.get(need).text


def test_leavers_are_listed_only_when_asked_for(browser_of: Browser) -> None:
    client = browser_of("hr")

    assert "Qanarygus" not in client.get("/people").text
    assert "Left; " in client.get("/people?past=y&q=gus").text


def test_two_competencies_at_once_find_those_who_hold_both_in_date(browser_of: Browser) -> None:
    both = browser_of("hr").get("/people?holds=med&holds=fire").text
    one = browser_of("hr").get("/people?holds=med").text

    assert "Qanarycyn" in both
    assert "Qanaryada" not in both  # hers is suspended
    assert "Qanarymia" in one
    assert "Qanarymia" not in both
    assert "Nobody matches" in browser_of("hr").get("/people?holds=magic").text


def test_a_supervisor_finds_nobody_else_by_what_they_hold(browser_of: Browser) -> None:
    page = browser_of("sup").get("/people?holds=med").text

    assert "Qanarycyn" not in page
    assert "Qanarymia" not in page


def test_the_page_says_first_what_to_do(browser_of: Browser) -> None:
    page = words(browser_of("svc").get("/people/ada").text)

    assert page.index("Ask whoever stopped it") < page.index("As on") < page.index("Work")


def test_numbers_reasons_and_health_are_for_those_who_may_read_them(browser_of: Browser) -> None:
    hr, manager, host = (browser_of(role) for role in ("hr", "svc", "host"))

    page = hr.get("/people/ada").text
    assert "PIN-QUILL" in page
    assert "quinsy" in page
    page = manager.get("/people/ada").text
    assert "PIN-QUILL" not in page
    assert "quinsy" not in page
    assert "approved exemption" in page
    assert "Quarrel in the office" in page
    page = host.get("/people/eve").text
    assert "Staff code" not in page
    assert "Your supervision" not in page
    assert "session held" not in page


def test_a_technical_administrator_sees_the_name_and_the_place_only(browser_of: Browser) -> None:
    page = browser_of("adm").get("/people/ada").text

    assert "Qanaryada" in page
    for hidden in ("Medicines", "Staff code", "NMC", "Supervision", "Learning and sign-offs"):
        assert hidden not in page.partition("<main")[2]


def test_a_correction_stays_visible_with_who_when_and_why(browser_of: Browser, world_engine: Engine) -> None:
    with writing(world_engine) as session:
        ada = session.scalars(select(Staff.id).where(Staff.code == "ada")).one()
        sign_off = session.scalars(select(SignOff).where(SignOff.staff_id == ada)).one()
        moved = sign_off.assessed_on - timedelta(days=3)
        correct(
            session, sign_off, {"assessed_on": moved}, "sign_off_corrected",
            by="command:test", at=clock.now(), reason="Wrong day on the form", staff_id=ada,
        )  # fmt: skip
        refresh(session, staff_ids=[ada], by="command:test", at=clock.now())

    page = words(browser_of("svc").get("/people/ada").text)

    assert "Corrections Sign-off, Medicines" in page
    assert "Assessed on: was" in page
    assert "command:test" in page
    assert "Wrong day on the form" in page


def test_what_was_known_then_is_said_and_shown(browser_of: Browser) -> None:
    client = browser_of("hr")
    known = client.get("/people/ada?known_at=1/2/2025").text
    now = client.get("/people/ada").text

    assert "As known on 1 February 2025" in known
    assert "As known now." not in now
    assert "As known now." in client.get("/people/ada?on=1/2/2025").text
    assert client.get("/people/ada?known_at=yesterday").status_code == 400


def test_one_competency_of_one_person_has_a_page_of_its_own(browser_of: Browser) -> None:
    page = words(browser_of("hr").get("/people/ada/competencies/med").text)

    assert "Ada Qanaryada: Medicines" in page
    assert "Stopped by decision from" in page
    assert browser_of("hr").get("/people/ada/competencies/magic").status_code == 404


def test_the_page_leads_to_what_this_reader_may_do(browser_of: Browser) -> None:
    hr, manager = browser_of("hr").get("/people/ada").text, browser_of("svc").get("/people/ada").text

    assert "/people/ada/learning" in hr
    assert "/people/ada/learning" not in manager
    assert "/people/ada/supervision" in manager
    assert "What you can do here" not in browser_of("adm").get("/people/ada").text


def test_what_is_in_order_is_one_line(browser_of: Browser) -> None:
    page = browser_of("hr").get("/people/mia").text

    listed, _, folded = page.partition("nothing to do</span>")
    assert "1 of 2 is in order: nothing to do" in words(page)
    assert "Fire safety" in listed.rpartition("<table")[2]
    assert "Medicines" not in listed.rpartition("<table")[2]
    assert "Medicines" in folded


def test_links_say_only_what_the_reader_may_do(browser_of: Browser) -> None:
    looks, acts = (words(browser_of(persona).get("/people/ada").text) for persona in ("insp", "hr"))

    for text in ("Certificates: see and issue", "Posts, absences and the rest: add or correct"):
        assert text in acts
        assert text not in looks
    assert "Posts, absences and the rest" in looks


def test_a_cell_that_stands_alone_on_a_phone_says_its_column(browser_of: Browser) -> None:
    client = browser_of("hr")

    for path in ("/people", "/services", "/services/alder?view=list", "/people/ada", "/competencies/med"):
        page = client.get(path).text
        headings = {words(text) for text in re.findall(r'role="columnheader"[^>]*>(.*?)</th>', page)}
        labels = set(re.findall(r'data-label="([^"]+)"', page)) - {"Compliance"}  # its heading says more
        assert labels, path
        assert labels <= headings, path
