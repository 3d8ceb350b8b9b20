"""The pages of this area in a real browser: nothing axe finds, no sideways scrolling, no script needed."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.web.test_browser import assert_no_sideways_scrolling, sign_in

Serve = Callable[[Any], str]
Axe = Callable[..., None]

PAGES = [
    "/week",
    "/outlook",
    "/changes?show=all",
    "/single-points",
    "/people/ada/leaving",
    "/services/alder/strengths",
    "/services/alder/needs/fire",
    "/matrix?columns=group&together=kind",
    "/matrix/heat-map",
    "/matrix/print",
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


def test_nothing_is_wrong_on_a_wide_screen(page: Page, address: str, axe: Axe) -> None:
    look_at_pages(page, address, axe)


def test_nothing_is_wrong_on_a_narrow_screen(narrow_page: Page, address: str, axe: Axe) -> None:
    look_at_pages(narrow_page, address, axe)


def test_from_a_cell_to_the_evidence_takes_three_links(page: Page, address: str) -> None:
    sign_in(page, address, "hr")
    page.goto(f"{address}/matrix?q=fire")

    page.get_by_role("row", name="Alder").get_by_role("link", name="Not safe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alder: Fire safety")
    page.get_by_role("link", name="Ben Qanaryben").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben Qanaryben: Fire safety")
    page.get_by_role("link", name="Everything about Ben Qanaryben").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ben Qanaryben")
