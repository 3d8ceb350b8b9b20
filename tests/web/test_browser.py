"""The shell in a real browser: nothing axe finds, no sideways scrolling, the keyboard alone is enough."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.web import world
from tests.web.specimen import add_specimen

Serve = Callable[[Any], str]
Axe = Callable[..., None]

PAGES = ["/", "/account", "/account/password", "/nothing-here", "/specimen"]


def sign_in(page: Page, address: str, persona: str = "hr") -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail address").fill(world.email_of(persona))
    page.get_by_label("Password", exact=True).fill(world.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.fixture
def address(app: Flask, live_server: Serve) -> str:
    add_specimen(app)
    return live_server(app)


def assert_no_sideways_scrolling(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{page.url} is {width} pixels wide"  # type: ignore[index]


def look_at_everything(page: Page, address: str, axe: Axe) -> None:
    page.goto(f"{address}/sign-in")
    axe(page)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your password")
    axe(page)
    sign_in(page, address)
    for path in PAGES:
        page.goto(address + path)
        axe(page)
        assert_no_sideways_scrolling(page)
    page.get_by_role("button", name="Save").click()
    axe(page)
    assert_no_sideways_scrolling(page)


def test_nothing_is_wrong_on_a_wide_screen(page: Page, address: str, axe: Axe) -> None:
    look_at_everything(page, address, axe)


def test_nothing_is_wrong_on_a_narrow_screen(narrow_page: Page, address: str, axe: Axe) -> None:
    look_at_everything(narrow_page, address, axe)


def test_signing_in_takes_no_mouse(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(world.email_of("hr"))
    page.keyboard.press("Tab")
    page.keyboard.type(world.PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_an_error_takes_the_reader_to_its_field(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("link", name="Enter your password").click()

    expect(page.get_by_label("Password", exact=True)).to_be_focused()


def test_arrow_keys_move_between_the_cells_of_the_matrix(page: Page, address: str) -> None:
    sign_in(page, address)
    page.goto(f"{address}/specimen")
    row = page.locator("table.app-matrix tbody tr")
    row.nth(0).get_by_role("link", name="Valid").focus()

    page.keyboard.press("ArrowRight")
    expect(row.nth(0).get_by_role("link", name="Expiring")).to_be_focused()
    page.keyboard.press("ArrowRight")  # over the cell where nothing is required
    expect(row.nth(0).get_by_role("link", name="Suspended")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(row.nth(1).get_by_role("link", name="Suspended")).to_be_focused()
    page.keyboard.press("End")
    expect(row.nth(1).get_by_role("link", name="Not held")).to_be_focused()
    page.keyboard.press("Home")
    expect(row.nth(1).get_by_role("link", name="Person number 1")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(row.nth(0).get_by_role("link", name="Person number 0")).to_be_focused()


def test_the_matrix_is_one_stop_for_the_tab_key(page: Page, address: str) -> None:
    sign_in(page, address)
    page.goto(f"{address}/specimen")

    reached = page.locator("table.app-matrix td [tabindex='0']")

    expect(reached).to_have_count(1)


def test_headings_of_the_matrix_stay_in_view(page: Page, address: str) -> None:
    sign_in(page, address)
    page.goto(f"{address}/specimen")
    frame = page.locator(".app-matrix-frame")
    frame.evaluate("frame => frame.scrollTo(400, 300)")

    box, corner = frame.bounding_box(), page.locator("table.app-matrix thead th").first.bounding_box()
    first = page.locator("table.app-matrix tbody th").nth(8).bounding_box()

    assert box
    assert corner
    assert first
    assert abs(corner["y"] - box["y"]) <= 2
    assert abs(first["x"] - box["x"]) <= 2


def test_the_back_button_shows_nothing_after_signing_out(page: Page, address: str) -> None:
    sign_in(page, address)
    page.goto(f"{address}/account")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You have signed out")).to_be_visible()

    page.go_back()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_no_font_but_arial_is_asked_for(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in")

    fonts = page.evaluate("[...document.querySelectorAll('*')].map(e => getComputedStyle(e).fontFamily)")

    assert not [font for font in fonts if "frutiger" in font.lower()]
    assert "arial" in page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").lower()


def test_everything_works_without_scripts(chromium_browser: Any, address: str) -> None:
    from tests.browser import watched_page

    with watched_page(chromium_browser, java_script_enabled=False) as page:
        sign_in(page, address)
        page.goto(f"{address}/specimen")
        page.get_by_role("textbox", name="Day", exact=True).fill("1/2/2027")
        page.get_by_role("button", name="Show this day").click()

        expect(page.get_by_text("As on 1 February 2027")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
