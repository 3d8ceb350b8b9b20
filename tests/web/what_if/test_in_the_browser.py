"""Scenarios on a phone, with the keyboard alone and without scripts."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from tests.web.conftest import CheckedClient
from tests.web.test_browser import assert_no_sideways_scrolling, sign_in
from tests.web.what_if.bench import TYPED, add_change, with_leaver

Serve = Callable[[Any], str]
Axe = Callable[..., None]
Browser = Callable[[str], CheckedClient]

FORMS = (
    "person_joins",
    "post_starts&about=ada",
    "competency_gained",
    "requirement_added",
    "requirement_changed&about=R-FIRE",
    "length_changed&about=fire",
)


def test_nothing_is_wrong_on_a_narrow_screen(
    narrow_page: Page, app: Flask, live_server: Serve, axe: Axe, browser_of: Browser
) -> None:
    head = browser_of("hcp")
    path, other = with_leaver(head), with_leaver(head, "ben", "Without Ben")
    gains = {"staff": ["ben", "sid"], "competency": "med", "level": "1", "held_from": TYPED}
    add_change(head, path, "competency_gained", **gains)
    numbers = [each.rsplit("/", 1)[1] for each in (path, other)]
    address = live_server(app)
    sign_in(narrow_page, address, "hcp")

    pages = [
        "/what-if",
        "/what-if/new",
        path,
        f"{path}/versions",
        f"{path}/nearly/alder/R-MED",
        f"/what-if/compare?scenario={numbers[0]}&scenario={numbers[1]}",
        f"{path}/changes/new",
        f"{path}/changes/new?kind=person_leaves",
        *(f"{path}/changes/new?kind={kind}" for kind in FORMS),
    ]
    for each in pages:
        narrow_page.goto(f"{address}{each}")
        axe(narrow_page)
        assert_no_sideways_scrolling(narrow_page)


def test_a_scenario_is_made_and_read_without_scripts(page: Page, app: Flask, live_server: Serve) -> None:
    address = live_server(app)
    context = page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]
    plain = context.new_page()
    sign_in(plain, address, "svc")

    plain.get_by_role("link", name="What if").first.click()
    plain.get_by_role("link", name="New scenario").click()
    plain.get_by_label("Name of the scenario").fill("Alder without Ada")
    plain.get_by_role("button", name="Save").click()
    plain.get_by_role("link", name="Add a change").click()
    plain.get_by_label("What would change?").select_option("person_leaves")
    plain.get_by_role("button", name="Continue").click()
    plain.get_by_role("link", name="Ada Qanaryada").click()
    plain.get_by_label("Last day of work").fill("3/3/2027")
    plain.get_by_role("button", name="Add this change").click()

    expect(plain.get_by_role("heading", level=1)).to_have_text("Alder without Ada")
    expect(plain.get_by_text("Ada Qanaryada leaves on 3 March 2027").first).to_be_visible()
    context.close()
