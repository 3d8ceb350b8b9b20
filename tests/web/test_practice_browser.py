"""A working day as a phone shows it: nothing axe finds, no sideways scrolling, no scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from skillsmatrix.foundation.database import reading
from tests.web.practice_world import assessments_of
from tests.web.test_browser import assert_no_sideways_scrolling, sign_in

Serve = Callable[[Any], str]
Axe = Callable[..., None]

PAGES = {
    "ass": ["/assessments", "/people/ada/assessments/new/med", "/people/ada/assessments/sheet/med"],
    "sup": [
        "/supervision",
        "/supervision/record",
        "/people/ada/supervision",
        "/people/ada/supervision/actions",
    ],
    "svc": [
        "/people/ada/assessments",
        "/people/ada/assessments/ask?competency=med&level=1",
        "/people/ada/supervision/agree",
        "/assessments/decisions",
        "/assessors/pat/sign-offs",
    ],
    "hcp": ["/assessment-rules/med", "/assessment-rules/med/criteria", "/roles", "/roles/sw/card"],
    "host": ["/services/ward/cards", "/people/eve/card"],
    "staff": ["/people/sid/card", "/training", "/training/dates/1/book", "/people/sid/claims/new"],
    "trn": ["/training", "/training/dates/1", "/training/dates/1/register", "/training/dates/new"],
}


@pytest.mark.parametrize("persona", sorted(PAGES))
def test_nothing_is_wrong_on_a_narrow_screen(
    narrow_page: Page, app: Flask, live_server: Serve, axe: Axe, persona: str
) -> None:
    address = live_server(app)
    sign_in(narrow_page, address, persona)

    for path in PAGES[persona]:
        narrow_page.goto(f"{address}{path}")
        axe(narrow_page)
        assert_no_sideways_scrolling(narrow_page)


def test_what_can_be_tapped_is_large_enough(narrow_page: Page, app: Flask, live_server: Serve) -> None:
    address = live_server(app)
    sign_in(narrow_page, address, "ass")
    narrow_page.goto(f"{address}/people/ada/assessments/new/med")

    for control in narrow_page.locator("main form button, main form select, .nhsuk-checkboxes__item").all():
        box = control.bounding_box()
        assert box
        assert box["height"] >= 40


def test_signing_off_needs_no_script(
    page: Page, app: Flask, live_server: Serve, world_engine: Engine
) -> None:
    address = live_server(app)
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    sign_in(page, address, "ass")
    page.goto(f"{address}/people/ada/assessments/new/med")

    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("radio", name="Competent", exact=True).check()
    page.get_by_role("button", name="Save the assessment").click()

    expect(page.get_by_text("is signed off")).to_be_visible()
    with reading(world_engine) as session:
        assert [each.outcome for each in assessments_of(session, "ada")] == ["competent"]
