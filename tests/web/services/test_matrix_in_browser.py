"""The matrix in a real browser: arrow keys, reasons under the table, and all of it without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser import RunningBrowser, watched_page
from tests.web.test_browser import assert_no_sideways_scrolling, sign_in

Serve = Callable[[Any], str]
Axe = Callable[..., None]

PAGES = [
    "/services",
    "/services/alder",
    "/services/alder?view=list",
    "/services/alder/people/ada/med",
    "/people",
    "/people/ada",
    "/competencies",
    "/competencies/med",
    "/imports",
]


@pytest.fixture
def address(app: Flask, live_server: Serve) -> str:
    return live_server(app)


def look_at_pages(page: Page, address: str, axe: Axe) -> None:
    sign_in(page, address, "hr")
    for path in PAGES:
        page.goto(address + path)
        axe(page)
        assert_no_sideways_scrolling(page)
    page.goto(f"{address}/services/alder")
    unfold(page)
    axe(page)
    assert_no_sideways_scrolling(page)
    page.locator(".app-matrix .app-cell__open").first.click()
    expect(page.locator("#reasons-heading")).to_be_focused()
    axe(page)
    assert_no_sideways_scrolling(page)


def unfold(page: Page) -> None:
    """Open whatever is folded away at this width."""
    for summary in page.locator("details:not([open]) > summary:visible").all()[::-1]:
        summary.click()


def test_nothing_is_wrong_on_a_wide_screen(page: Page, address: str, axe: Axe) -> None:
    look_at_pages(page, address, axe)


def test_nothing_is_wrong_on_a_narrow_screen(narrow_page: Page, address: str, axe: Axe) -> None:
    look_at_pages(narrow_page, address, axe)


def test_arrow_keys_move_and_enter_opens_the_reasons_under_the_table(page: Page, address: str) -> None:
    sign_in(page, address, "hr")
    page.goto(f"{address}/services/alder")
    cells = page.locator(".app-matrix .app-cell__open")
    cells.first.focus()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")

    row = page.locator(".app-matrix tbody tr").nth(1)
    expect(row.locator(".app-cell__open").nth(1)).to_be_focused()
    name = row.locator("th a").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#reasons-heading")).to_contain_text(name)
    expect(page.locator("#reasons-heading")).to_be_focused()
    assert page.url == f"{address}/services/alder"


def test_a_name_in_the_matrix_leads_to_the_person(page: Page, address: str) -> None:
    sign_in(page, address, "hr")
    page.goto(f"{address}/services/alder")

    page.get_by_role("link", name="Ada Qanaryada").last.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Qanaryada")


def test_a_narrow_screen_folds_away_what_a_wide_one_shows(page: Page, address: str) -> None:
    sign_in(page, address, "hr")
    page.goto(f"{address}/services/alder")
    summary, matrix = page.get_by_text("Show the people and what they hold"), page.locator(".app-matrix")

    expect(summary).to_be_hidden()
    expect(matrix).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 700})
    expect(matrix).to_be_hidden()
    summary.click()
    expect(matrix).to_be_visible()


def test_on_a_narrow_screen_the_menu_is_one_line_and_the_rest_of_it_unfolds(
    narrow_page: Page, address: str
) -> None:
    sign_in(narrow_page, address, "hr")
    narrow_page.goto(f"{address}/services")
    menu = narrow_page.get_by_role("navigation", name="Menu")
    box = menu.bounding_box()

    assert box
    assert box["height"] < 80
    narrow_page.get_by_role("button", name="More").click()
    menu.get_by_role("link", name="Competencies").click()
    expect(narrow_page.get_by_role("heading", level=1)).to_have_text("Competencies")


def test_the_menu_is_whole_without_scripts(chromium_browser: RunningBrowser, address: str) -> None:
    with watched_page(chromium_browser, java_script_enabled=False) as page:
        page.set_viewport_size({"width": 320, "height": 700})
        sign_in(page, address, "hr")
        for name in ("Services", "People", "Competencies", "Import"):
            expect(page.get_by_role("navigation").get_by_role("link", name=name, exact=True)).to_be_visible()
        assert_no_sideways_scrolling(page)


def test_without_scripts_a_cell_is_a_page_and_filters_work(
    chromium_browser: RunningBrowser, address: str
) -> None:
    with watched_page(chromium_browser, java_script_enabled=False) as page:
        sign_in(page, address, "hr")
        page.goto(f"{address}/services/alder")
        page.get_by_label("Only gaps").check()
        page.get_by_role("button", name="Show", exact=True).click()
        assert "gaps=y" in page.url
        page.locator(".app-matrix .app-cell__open").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(": ")
        assert "/people/" in page.url
