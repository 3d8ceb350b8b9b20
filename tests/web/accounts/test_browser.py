"""The pages about accounts in a real browser: nothing axe finds, no sideways scrolling, no scripts needed."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.trust import RoleTerms
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.operations.role_requests import ask_for_role
from tests.browser import watched_page
from tests.web import world
from tests.web.accounts.test_accounts import id_of

Serve = Callable[[Any], str]
Axe = Callable[..., None]


@pytest.fixture
def address(make_app: Callable[..., Flask], live_server: Serve, world_engine: Engine) -> str:
    with writing(world_engine) as session:
        ask_for_role(
            session,
            RoleTerms(AccessRole.HEAD_OF_PRACTICE, clock.today()),
            account_id=id_of(world_engine, "nobody"),
            by=f"account:{id_of(world_engine, 'hr_adm')}",
            at=clock.now(),
        )
    return live_server(make_app(smtp_url="smtp://127.0.0.1:1", mail_from="skills@example.org"))


def sign_in(page: Page, address: str, persona: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail address").fill(world.email_of(persona))
    page.get_by_label("Password", exact=True).fill(world.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def look(page: Page, address: str, axe: Axe, path: str) -> None:
    page.goto(address + path)
    axe(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{path} is {width} pixels wide"  # type: ignore[index]


def look_at_everything(page: Page, address: str, axe: Axe, engine: Engine) -> None:
    for path in ("/forgotten-password", "/forgotten-password/sent", "/set-password/unknown"):
        look(page, address, axe, path)
    sign_in(page, address, "adm")
    one, other = id_of(engine, "nobody"), id_of(engine, "svc")
    for path in (
        "/accounts",
        f"/accounts/{one}",
        f"/accounts/{other}",
        f"/accounts/{one}/roles/new",
        f"/accounts/{one}/last-day",
        "/accounts/new?q=qanary",
        "/accounts/new/staff/ada",
        "/accounts/new/outside",
    ):
        look(page, address, axe, path)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the last day")
    axe(page)


def test_nothing_is_wrong_on_a_wide_screen(page: Page, address: str, axe: Axe, world_engine: Engine) -> None:
    look_at_everything(page, address, axe, world_engine)


def test_nothing_is_wrong_on_a_narrow_screen(
    narrow_page: Page, address: str, axe: Axe, world_engine: Engine
) -> None:
    look_at_everything(narrow_page, address, axe, world_engine)


def test_a_role_is_confirmed_without_scripts(
    chromium_browser: Any, address: str, world_engine: Engine
) -> None:
    with watched_page(chromium_browser, java_script_enabled=False) as page:
        sign_in(page, address, "adm")
        page.goto(f"{address}/accounts")

        page.get_by_role("button", name="Confirm: Head of clinical practice, Account nobody").click()

        expect(page.get_by_text("Account nobody holds the role now.")).to_be_visible()
        expect(page.get_by_text("Head of clinical practice: everywhere")).to_be_visible()
