"""What a team holds by group: the radar and the table say the same, and only to whoever answers for it."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, update

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Competency, Requirement
from skillsmatrix.operations.conclusions import rebuild
from tests.facts import add
from tests.web import world
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]


@pytest.fixture
def three_groups(world_engine: Engine) -> None:
    """Medicines, fire safety and hand hygiene, each in a group of its own; nobody holds the last."""
    with writing(world_engine) as session:
        add(
            session,
            Competency(
                code="hands", title="Hands", needs_learning=True, needs_sign_off=False, group="Hygiene"
            ),
        )
        for code, group in (("med", "Medicines"), ("fire", "Safety")):
            session.execute(update(Competency).where(Competency.code == code).values(group=group))
        hands = session.query(Competency.id).filter(Competency.code == "hands").scalar()
        add(
            session,
            Requirement(
                code="R-HANDS",
                competency_id=hands,
                cover="each",
                strength="target",
                in_force_from=world.LONG_AGO,
            ),
        )
        rebuild(session, by=world.BY, at=clock.now())


def test_the_weakest_group_leads_and_each_share_has_its_count(
    browser_of: Browser, three_groups: None
) -> None:
    page = browser_of("svc").get("/services/alder/strengths").text

    assert "Weakest: Hygiene, 0 of 4" in words(page)
    assert "Safety 1 of 4" in words(page)
    assert "Medicines 2 of 4" in words(page)


def test_the_radar_has_a_corner_for_each_group(browser_of: Browser, three_groups: None) -> None:
    page = browser_of("svc").get("/services/alder/strengths").text

    shape = re.search(r'class="picture__shape" points="([^"]+)"', page)
    assert shape
    corners = [tuple(map(float, corner.split(","))) for corner in shape[1].split()]
    assert len(corners) == 3
    assert corners[0] == (230.0, 230.0)  # nothing of hygiene: the middle
    assert corners[1] != corners[0]


def test_the_file_says_what_the_page_says(browser_of: Browser, three_groups: None) -> None:
    body = browser_of("svc").get("/services/alder/strengths.csv").data.decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(body)))[1:] == [
        ["Hygiene", "0", "4", "0.0%"],
        ["Safety", "1", "4", "25.0%"],
        ["Medicines", "2", "4", "50.0%"],
    ]


def test_two_groups_make_no_shape_and_are_told_in_figures(browser_of: Browser) -> None:
    page = browser_of("svc").get("/services/alder/strengths").text

    assert "picture__shape" not in page
    assert "By group, the weakest first" in page


def test_an_inspector_reads_nothing_about_four_people(browser_of: Browser, three_groups: None) -> None:
    page = words(browser_of("insp").get("/services/alder/strengths").text)

    assert "Figures about fewer than 5 people are not shown." in page
    assert " of 4" not in page
