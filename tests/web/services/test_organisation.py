"""The matrix of the organisation: the worst at the top left, the same in the file, whole services only."""

import csv
import io
import re
from collections.abc import Callable

import pytest

from tests.web.conftest import CheckedClient
from tests.web.services.test_services import links, words

Browser = Callable[[str], CheckedClient]


def test_each_cell_leads_to_the_people_behind_it(browser_of: Browser) -> None:
    client = browser_of("hr")
    page = client.get("/matrix").text

    found = links(page, r"/services/\w+\?q=\w+")
    assert "/services/alder?q=fire" in found
    assert "Ada Qanaryada" in client.get("/services/alder?q=fire").text
    assert "Not safe 1 of 4" in words(page)


def test_it_says_first_where_to_start(browser_of: Browser) -> None:
    page = words(browser_of("hr").get("/matrix").text)

    assert page.index("Start at the top left:") < page.index("As on")


@pytest.mark.parametrize("sort", ["", "shortfall", "expiry", "name"])
def test_every_order_shows_the_same_cells(browser_of: Browser, sort: str) -> None:
    client = browser_of("hr")
    cell = r"/services/\w+\?q=\w+"

    assert sorted(links(client.get(f"/matrix?sort={sort}").text, cell)) == sorted(
        links(client.get("/matrix").text, cell)
    )


def test_services_can_be_put_together(browser_of: Browser) -> None:
    page = browser_of("hr").get("/matrix?together=organisation").text

    assert re.findall(r'scope="rowgroup"[^>]*>([^<]+)<', page) == [
        "Fenland Trust",
        "Harbour Homes",
        "Small Steps",
    ]


def test_the_file_holds_what_is_shown(browser_of: Browser) -> None:
    client = browser_of("hr")
    body = client.get("/matrix.csv?q=fire").data.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0] == ["Service", "Fire safety"]
    assert ["Alder", "Not safe, 1 of 4"] in rows
    assert len(rows) - 1 == len(links(client.get("/matrix?q=fire").text, r"/services/\w+\?q=\w+"))


@pytest.mark.parametrize("role", ["sup", "host"])
def test_somebody_who_sees_a_few_people_gets_no_figure_of_a_whole_service(
    browser_of: Browser, role: str
) -> None:
    page = words(browser_of(role).get("/matrix").text)

    assert "Nothing matches" in page
    assert "Fire safety" not in page


def test_a_manager_sees_the_service_managed_and_no_other(browser_of: Browser) -> None:
    page = browser_of("svc").get("/matrix").text

    assert links(page, r"/services/alder\?q=\w+")
    assert not links(page, r"/services/birch\?q=\w+")


def test_an_inspector_reads_no_figure_about_fewer_than_five(browser_of: Browser) -> None:
    page = words(browser_of("insp").get("/matrix").text)

    assert "Not safe" in page
    assert "1 of 4" not in page
