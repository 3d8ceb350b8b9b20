"""The pages of certificates in a real browser: nothing axe finds, no sideways scrolling, wide and narrow."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, update

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Certificate, Staff
from tests.operations.certifying import certified
from tests.web.certificates.test_certificates import _ids, app
from tests.web.test_browser import assert_no_sideways_scrolling, sign_in

__all__ = ["app"]

Serve = Callable[[Any], str]
Axe = Callable[..., None]

PAGES = (
    "/certificates", "/people/sid/certificates", "/people/sid/certificates/{number}",
    "/people/sid/certificates/{number}/revoke", "/people/sid/certificates/new/med", "/people/sid/passport",
    "/certificates/runs", "/certificates/runs/new?competency=med", "/certificates/revocations",
    "/certificates/revocations/new?competency=med", "/verify", "/verify/{number}", "/verify/nothing",
)  # fmt: skip


def number_of_one(engine: Engine) -> str:
    """A certificate of Sid's that is in the register; its page is a stand-in."""
    with writing(engine) as session:
        found = _ids(session, "sid")
        issued = certified(
            session, found["staff_id"], found["competency_id"], at=clock.now(), on=clock.today()
        )
        return session.get_one(Certificate, issued).number


def look_at_everything(page: Page, address: str, axe: Axe, engine: Engine) -> None:
    number = number_of_one(engine)
    sign_in(page, address)
    for path in PAGES:
        page.goto(address + path.format(number=number))
        axe(page)
        assert_no_sideways_scrolling(page)
    page.goto(f"{address}/certificates/revocations/new?competency=med")
    page.get_by_label("Reason", exact=True).fill("The course was not what it said")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("Waits for a second person")).to_be_visible()
    axe(page)
    assert_no_sideways_scrolling(page)
    page.goto(f"{address}/certificates/runs/new?competency=med")
    page.get_by_role("button", name="Issue the certificates").click()
    expect(page.get_by_text("Waiting to begin")).to_be_visible()
    axe(page)
    assert_no_sideways_scrolling(page)


def test_nothing_is_wrong_on_a_wide_screen(
    app: Flask, page: Page, live_server: Serve, axe: Axe, world_engine: Engine
) -> None:
    look_at_everything(page, live_server(app), axe, world_engine)


def test_nothing_is_wrong_on_a_narrow_screen(
    app: Flask, narrow_page: Page, live_server: Serve, axe: Axe, world_engine: Engine
) -> None:
    look_at_everything(narrow_page, live_server(app), axe, world_engine)


def test_the_long_states_of_a_certificate_fit_a_narrow_screen(
    app: Flask, narrow_page: Page, live_server: Serve, axe: Axe, world_engine: Engine
) -> None:
    number = number_of_one(world_engine)
    with writing(world_engine) as session:
        session.execute(update(Staff).where(Staff.code == "sid").values(given_name="Sidney"))
        found = _ids(session, "sid")
        certified(
            session, found["staff_id"], found["competency_id"], key="newer", at=clock.now(), on=clock.today()
        )
    address = live_server(app)
    sign_in(narrow_page, address)

    for path in (f"/people/sid/certificates/{number}", f"/verify/{number}"):
        narrow_page.goto(address + path)
        expect(narrow_page.get_by_text("replaced", exact=False).first).to_be_visible()
        axe(narrow_page)
        assert_no_sideways_scrolling(narrow_page)
