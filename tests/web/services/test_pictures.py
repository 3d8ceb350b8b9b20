"""The organisation's matrix as a picture and on paper: the same cells as in the table, none cut off."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words
from tests.web.test_browser import assert_no_sideways_scrolling, sign_in

Browser = Callable[[str], CheckedClient]
STATES = {"unsafe": "Not safe", "short": "Short", "soon": "Soon short", "met": "Met"}


def squares(page: str, state: str) -> int:
    """How many squares of a state are drawn."""
    return sum(path.count("h14v14h-14z") for path in re.findall(rf'cell--{state}" d="([^"]*)"', page))


@pytest.mark.parametrize("asked", ["", "?q=fire", "?gaps=y", "?together=organisation&columns=framework"])
def test_the_picture_has_a_square_for_each_cell_of_the_table(browser_of: Browser, asked: str) -> None:
    client = browser_of("hr")
    said = client.get(f"/matrix.csv{asked}").data.decode("utf-8-sig")
    picture = client.get(f"/matrix/heat-map{asked}").text

    cells = [cell.split(",")[0] for row in list(csv.reader(io.StringIO(said)))[1:] for cell in row]
    in_table = {state: cells.count(word) for state, word in STATES.items()}
    assert {state: squares(picture, state) for state in STATES} == in_table
    assert sum(in_table.values())


def test_each_state_has_a_sign_besides_its_colour(browser_of: Browser) -> None:
    page = browser_of("hr").get("/matrix/heat-map").text

    signs = re.findall(r'class="picture__sign picture__sign--unsafe" d="([^"]*)"', page)
    assert signs[-1].count("m3 3l8 8m0-8l-8 8") == squares(page, "unsafe")


def test_the_picture_says_the_same_in_figures(browser_of: Browser) -> None:
    page = browser_of("hr").get("/matrix/heat-map").text

    rows = re.findall(r'<tr class="nhsuk-table__row".*?</tr>', page, re.DOTALL)
    figures = [[int(each) for each in re.findall(r'numeric">(\d+)<', row)] for row in rows]
    totals = [sum(column) for column in zip(*figures, strict=True)]
    assert totals == [squares(page, state) for state in STATES]


def test_a_manager_sees_no_other_service_in_picture_or_print(browser_of: Browser) -> None:
    for path in ("/matrix/heat-map", "/matrix/print", "/services/alder/print"):
        page = browser_of("svc").get(path).text
        assert "Alder" in page
        assert "Birch" not in page


def test_the_sheets_hold_every_cell_of_the_matrix(browser_of: Browser) -> None:
    client = browser_of("hr")
    table, sheets = client.get("/services/alder").text, client.get("/services/alder/print?paper=a4").text

    cell = r'<td class="app-cell app-standing--(\w+)"'
    assert sorted(re.findall(cell, sheets)) == sorted(re.findall(cell, table))
    assert "sheet 1 of 1" in sheets


def test_an_inspector_reads_no_figure_about_fewer_than_five_on_paper(browser_of: Browser) -> None:
    page = words(browser_of("insp").get("/matrix/print").text)

    assert "Not safe" in page
    assert not re.search(r"\d of \d needed|Not safe \d", page)


def test_paper_that_is_not_known_is_a3(browser_of: Browser) -> None:
    page = browser_of("hr").get("/matrix/print?paper=../etc").text

    assert "paper-a3.css" in page


@pytest.mark.parametrize(("paper", "width"), [("a3", 420), ("a4", 297)])
def test_it_comes_out_of_the_printer_across_with_its_names(
    page: Page, app: Flask, live_server: Callable[[Flask], str], tmp_path: Path, paper: str, width: int
) -> None:
    address = live_server(app)
    sign_in(page, address, "hr")
    page.goto(f"{address}/services/alder/print?paper={paper}")
    assert_no_sideways_scrolling(page)

    file = tmp_path / "matrix.pdf"
    page.pdf(path=str(file), prefer_css_page_size=True)

    with pikepdf.open(file) as printed:
        box = [float(each) for each in printed.pages[0].mediabox]
    assert (round(box[2] * 25.4 / 72), box[2] > box[3]) == (width, True)
