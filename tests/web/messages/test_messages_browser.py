"""The week, the mail and the calendar on a phone: nothing axe finds, no sideways scrolling, no scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.web.test_browser import assert_no_sideways_scrolling, sign_in

Serve = Callable[[Any], str]


@pytest.mark.parametrize("persona", ["svc", "staff"])
def test_nothing_is_wrong_on_a_narrow_screen_and_no_script_is_needed(
    narrow_page: Page, app: Flask, live_server: Serve, axe: Callable[..., None], persona: str
) -> None:
    page, address = narrow_page, live_server(app)
    page.route("**/app.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.route("**/htmx.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    sign_in(page, address, persona)
    page.goto(f"{address}/digest")
    axe(page)
    assert_no_sideways_scrolling(page)

    page.get_by_role("button", name="Switch the weekly mail off").click()
    expect(page.get_by_role("button", name="Switch the weekly mail on")).to_be_visible()
    page.get_by_role("button", name="Make a calendar address").click()
    expect(page.get_by_text("Copy it now: it is shown this once.")).to_be_visible()
    axe(page)
    assert_no_sideways_scrolling(page)
    page.get_by_role("button", name="Take the address back").click()
    expect(page.get_by_text("The calendar address works no longer")).to_be_visible()
