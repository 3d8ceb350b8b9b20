"""Services by region: put together and narrowed on the page, on paper and in the files alike."""

import csv
import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from sqlalchemy import Engine, select

from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Service
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import links, words

Browser = Callable[[str], CheckedClient]
NONE_STATED = "No region stated"


@pytest.fixture
def hr(world_engine: Engine, browser_of: Browser) -> CheckedClient:
    """Quay and Ward lie in regions; Alder, which lacks most, and Birch say none."""
    lie_in(world_engine, quay="The Fens", ward="East of England")
    return browser_of("hr")


def lie_in(engine: Engine, **regions: str) -> None:
    with writing(engine) as session:
        for code, region in regions.items():
            session.scalars(select(Service).where(Service.code == code)).one().region = region


def bands(page: str) -> list[str]:
    return re.findall(r'scope="rowgroup"[^>]*>([^<]+)<', page)


def rows(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


@pytest.mark.parametrize("sort", ["", "shortfall", "expiry", "name"])
def test_services_without_a_region_come_last_whatever_the_order(hr: CheckedClient, sort: str) -> None:
    page = hr.get(f"/matrix?together=region&sort={sort}").text

    assert bands(page)[-1] == NONE_STATED
    assert sorted(bands(page)[:-1]) == ["East of England", "The Fens"]
    below = page[page.index(NONE_STATED) :]
    assert "/services/alder/needs/fire" in links(below, r"/services/\w+/needs/fire")
    assert "/services/quay/needs/fire" not in links(below, r"/services/\w+/needs/fire")


def test_the_worst_service_is_named_where_it_does_not_come_first(hr: CheckedClient) -> None:
    for path in ("/matrix?together=region", "/matrix/heat-map?together=region"):
        assert "Start with Alder:" in words(hr.get(path).text)
    assert "Start at the top left:" in words(hr.get("/matrix").text)
    assert "Start with Alder:" in words(hr.get("/matrix/heat-map").text)


def test_one_region_is_asked_for_and_those_there_are_are_offered(hr: CheckedClient) -> None:
    page = hr.get("/matrix?region=The+Fens").text

    assert {each.split("/")[2] for each in links(page, r"/services/\w+/needs/\w+")} == {"quay"}
    choices = page[page.index('<select class="nhsuk-select" id="region"') :]
    offered = re.findall(r'<option value="([^"]*)"', choices[: choices.index("</select>")])
    assert offered == ["", "East of England", "The Fens"]


def test_files_and_paper_put_services_together_as_the_page_does(hr: CheckedClient) -> None:
    asked = "?together=region&columns=framework&q=fire"
    on_page = bands(hr.get(f"/matrix{asked}").text)

    table = rows(hr.get(f"/matrix.csv{asked}").data)
    assert table[0][:2] == ["Region", "Service"]
    assert list(dict.fromkeys(row[0] for row in table[1:])) == on_page
    sheet = openpyxl.load_workbook(io.BytesIO(hr.get(f"/matrix.xlsx{asked}").data)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)] == table
    paper = hr.get(f"/matrix/print{asked}").text
    assert bands(paper) == on_page
    assert re.findall(r'scope="colgroup" colspan="1"[^>]*>([^<]+)<', paper) == ["No framework stated"]
    assert [row[1] for row in table[1:]] == re.findall(r'scope="row">([^<]+)<', paper)


def test_what_stands_alone_has_no_heading_on_paper(hr: CheckedClient) -> None:
    paper = hr.get("/matrix/print").text

    assert bands(paper) == []
    assert "colgroup" not in paper


def test_the_matrix_as_known_earlier_is_put_together_by_region_too(hr: CheckedClient) -> None:
    page = hr.get("/matrix?together=region&known_at=1/2/2025").text

    assert "As known on 1 February 2025" in words(page)
    assert "The Fens" in bands(page)


def test_the_list_of_services_is_narrowed_to_a_region(hr: CheckedClient) -> None:
    page = hr.get("/services?region=East+of+England").text

    table = page[page.index("<tbody") :]
    assert set(links(table, r"/services/\w+")) == {"/services/ward"}
    assert "Fenland Trust, East of England" in words(table)
    assert '<option value="East of England" selected>East of England</option>' in page


def test_a_service_says_where_it_lies_where_that_is_stated(hr: CheckedClient) -> None:
    assert "run by Small Steps. Region: The Fens." in words(hr.get("/services/quay").text)
    assert "Region" not in words(hr.get("/services/alder").text).replace("Contact, region", "")


def test_a_manager_is_offered_no_region_of_another_service(world_engine: Engine, browser_of: Browser) -> None:
    lie_in(world_engine, alder="London", birch="The Fens")

    for path in ("/services", "/matrix"):
        page = browser_of("svc").get(path).text
        assert "London" in page
        assert "The Fens" not in page


def test_a_region_is_written_as_text_and_never_as_markup(world_engine: Engine, browser_of: Browser) -> None:
    lie_in(world_engine, alder="<b>North & West</b>")

    for path in ("/services", "/services/alder", "/matrix?together=region", "/matrix/print?together=region"):
        page = browser_of("hr").get(path).text
        assert "&lt;b&gt;North &amp; West&lt;/b&gt;" in page
        assert "<b>North" not in page
