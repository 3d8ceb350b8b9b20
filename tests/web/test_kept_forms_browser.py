"""In a real browser: the session ends while somebody types, and nothing of it is lost."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, func, select

from skillsmatrix.foundation.database import reading
from skillsmatrix.models import Claim
from tests.web import world
from tests.web.test_browser import assert_no_sideways_scrolling, sign_in
from tests.web.test_kept_forms import session_over

Serve = Callable[[Any], str]


def claims(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalars(select(func.count()).select_from(Claim)).one()


def test_what_was_typed_on_a_phone_is_there_again_after_signing_in(
    narrow_page: Page, app: Flask, live_server: Serve, world_engine: Engine, axe: Callable[..., None]
) -> None:
    page, address = narrow_page, live_server(app)
    sign_in(page, address, "staff")
    page.goto(f"{address}/people/sid/claims/new")
    page.get_by_label("Name of the course").fill("Medicines elsewhere")
    page.get_by_label("Who gave it").fill("Fenland Trust")
    before = claims(world_engine)

    session_over(world_engine)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("What you typed is kept for you")).to_be_visible()
    axe(page)
    page.get_by_label("E-mail address").fill(world.email_of("staff"))
    page.get_by_label("Password", exact=True).fill(world.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="You are signed in again")).to_be_visible()
    axe(page)
    assert_no_sideways_scrolling(page)
    page.get_by_role("button", name="Show what I typed").click()

    expect(page.get_by_role("alert")).to_contain_text("Nothing of this has been saved")
    expect(page.get_by_label("Name of the course")).to_have_value("Medicines elsewhere")
    axe(page)
    assert claims(world_engine) == before
    page.get_by_label("What it is for").select_option("med")
    page.get_by_label("Day it was completed").fill("1/2/2026")
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("Handed in. A named person decides about it")).to_be_visible()
    assert claims(world_engine) == before + 1
