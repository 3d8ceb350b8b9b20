"""The matrix of the organisation: the worst at the top left, the same in the file, whole services only."""

import csv
import io
import re
from collections.abc import Callable

import openpyxl
import pytest

from skillsmatrix.queries import known_then
from skillsmatrix.queries.known_then import Otherwise
from skillsmatrix.web.shared import known
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import links, words

Browser = Callable[[str], CheckedClient]
CELL = r"/services/\w+/needs/\w+"


def test_each_cell_leads_to_the_people_behind_it(browser_of: Browser) -> None:
    client = browser_of("hr")
    page = client.get("/matrix").text

    found = links(page, CELL)
    assert "/services/alder/needs/fire" in found
    assert "Ada Qanaryada" in client.get("/services/alder/needs/fire").text
    assert "Not safe 1 of 4" in words(page)


def test_it_says_first_where_to_start(browser_of: Browser) -> None:
    page = words(browser_of("hr").get("/matrix").text)

    assert page.index("Start at the top left:") < page.index("As on")


@pytest.mark.parametrize("sort", ["", "shortfall", "expiry", "name"])
def test_every_order_shows_the_same_cells(browser_of: Browser, sort: str) -> None:
    client = browser_of("hr")
    assert sorted(links(client.get(f"/matrix?sort={sort}").text, CELL)) == sorted(
        links(client.get("/matrix").text, CELL)
    )


@pytest.mark.parametrize(
    ("order", "in_order"),
    [
        ("name", ["Harbour Homes", "Small Steps", "Fenland Trust"]),  # Alder, Birch, Quay, Ward
        ("shortfall", ["Harbour Homes", "Fenland Trust", "Small Steps"]),  # the one lacking most comes first
    ],
)
def test_services_can_be_put_together(browser_of: Browser, order: str, in_order: list[str]) -> None:
    page = browser_of("hr").get(f"/matrix?together=organisation&sort={order}").text

    assert re.findall(r'scope="rowgroup"[^>]*>([^<]+)<', page) == in_order


def test_the_file_holds_what_is_shown(browser_of: Browser) -> None:
    client = browser_of("hr")
    body = client.get("/matrix.csv?q=fire").data.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0] == ["Service", "Fire safety"]
    assert ["Alder", "Not safe, 1 of 4"] in rows
    assert len(rows) - 1 == len(links(client.get("/matrix?q=fire").text, CELL))


@pytest.mark.parametrize("role", ["sup", "host"])
def test_somebody_who_sees_a_few_people_gets_no_figure_of_a_whole_service(
    browser_of: Browser, role: str
) -> None:
    page = words(browser_of(role).get("/matrix").text)

    assert "There is no service that you may see as a whole on this day." in page
    assert "Fire safety" not in page
    assert "Nothing matches" in words(browser_of(role).get("/matrix?q=fire").text)


def test_a_manager_sees_the_service_managed_and_no_other(browser_of: Browser) -> None:
    page = browser_of("svc").get("/matrix").text

    assert links(page, r"/services/alder/needs/\w+")
    assert not links(page, r"/services/birch/needs/\w+")


def test_an_inspector_reads_no_figure_about_fewer_than_five(browser_of: Browser) -> None:
    page = words(browser_of("insp").get("/matrix").text)

    assert "Not safe" in page
    assert "1 of 4" not in page


def test_competencies_can_be_put_together_under_a_heading_that_the_file_repeats(browser_of: Browser) -> None:
    client = browser_of("hr")
    page = client.get("/matrix?columns=framework&together=organisation").text
    body = client.get("/matrix.csv?columns=framework&together=organisation").data.decode("utf-8-sig")

    assert re.findall(r'scope="colgroup" colspan="(\d)"[^>]*>([^<]+)<', page) == [
        ("2", "No framework stated")
    ]
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0][:2] == ["Run by", "Service"]
    assert "No framework stated: Fire safety" in rows[0]
    assert ["Harbour Homes", "Alder"] in [row[:2] for row in rows]


def test_the_workbook_says_what_the_csv_says(browser_of: Browser) -> None:
    client = browser_of("hr")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/matrix.xlsx?q=fire").data)).active
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]

    text = client.get("/matrix.csv?q=fire").data.decode("utf-8-sig")
    assert found == list(csv.reader(io.StringIO(text)))
    assert {cell.data_type for row in sheet.iter_rows(min_row=3) for cell in row} == {"s"}
    assert sheet["A1"].value.startswith("Services and competencies, as on ")


def test_two_competencies_at_once_are_asked_for_in_a_form(browser_of: Browser) -> None:
    client = browser_of("hr")
    page = client.get("/matrix").text

    assert page.count('name="holds"') == 2
    found = words(client.get("/people?holds=med&holds=fire").text)
    assert "Cyn Qanarycyn" in found
    assert "Ada Qanaryada" not in found  # has both, and is stopped from medicines


def test_why_a_cell_reads_as_it_does_goes_from_the_need_to_the_evidence(browser_of: Browser) -> None:
    page = words(browser_of("hr").get("/services/alder/needs/fire").text)

    assert "Needed in every house Requirement R-FIRE" in page
    assert "1 of 4 needed, 3 short" in page
    assert "3 of the people below have to come to hold it." in page
    missing, held = page.index("Does not count today"), page.index("1 person counts")
    assert missing < page.index("Ben Qanaryben") < held < page.index("Ada Qanaryada")
    assert re.search(r"Learning at level 1 on \d+ \w+ \d+, valid to \d+ \w+ \d+", page[held:])


def test_why_is_for_those_who_see_the_whole_service(browser_of: Browser) -> None:
    assert browser_of("sup").get("/services/alder/needs/fire").status_code == 403
    assert browser_of("svc").get("/services/birch/needs/fire").status_code == 404
    assert browser_of("hr").get("/services/alder/needs/knitting").status_code == 404


def test_what_was_known_then_is_said_and_goes_on_to_every_cell(browser_of: Browser) -> None:
    client = browser_of("hr")
    then = "known_at=1/2/2025"
    page = client.get(f"/matrix?{then}").text

    assert "As known on 1 February 2025" in words(page)
    cells = links(page, CELL + r"\?known_at=1%2F2%2F2025")
    assert "/services/alder/needs/fire?known_at=1%2F2%2F2025" in cells
    assert "As known on 1 February 2025" in words(client.get(cells[0]).text)
    assert "As known on 1 February 2025" in words(client.get(f"/matrix/heat-map?{then}").text)
    assert "As known on 1 February 2025" in words(client.get(f"/matrix/print?{then}").text)
    assert "Not safe, 1 of 4" in client.get(f"/matrix.csv?{then}").text
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/matrix.xlsx?{then}").data))
    said = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any("as known on 1 February 2025" in each for each in said)


def test_where_too_many_are_to_be_worked_out_anew_one_service_is_asked_instead(
    browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_then, "MOST_PEOPLE", 1)
    client = browser_of("hr")
    everybody = Otherwise(rules=True, staff_ids=(1, 2, 3))

    refused = client.get("/matrix?known_at=1/2/2024")

    assert refused.status_code == 400
    assert "have changed since" in words(refused.text)
    assert "choose one service and ask there" in words(refused.text)
    monkeypatch.setattr(known, "believed_otherwise", lambda _session, _instant: everybody)
    refused = client.get("/matrix?known_at=1/2/2024")
    assert "worked out anew for all 3 people" in words(refused.text)


def test_what_is_believed_since_before_that_day_is_answered_however_many_they_are(
    browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_then, "MOST_PEOPLE", 0)

    page = browser_of("hr").get("/matrix?known_at=1/2/2025").text

    assert "As known on 1 February 2025" in words(page)
