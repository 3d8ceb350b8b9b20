"""The tests' own tools: an empty database each, a browser that sees faults, no way out of the machine."""

import asyncio
import socket
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine, inspect, text

from tests.browser import RunningBrowser, watched_page
from tests.network import OutsideNetwork


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """A page with or without a label on its field."""
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", "script-src 'self'")]
    start("200 OK", headers)
    field = {"/good": '<label for="a">Name</label><input id="a">', "/inline": "<script>1</script>"}
    body = field.get(environ["PATH_INFO"], '<input id="a">')
    return [f'<!doctype html><html lang="en"><title>T</title><main><h1>T</h1>{body}</main></html>'.encode()]


@pytest.mark.parametrize("first", [True, False])
def test_each_test_has_a_migrated_database_without_rows_to_itself(engine: Engine, first: bool) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM organisations")) == 0
        connection.rollback()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_behind (id integer)"))

    assert "left_behind" in inspect(engine).get_table_names()


def test_an_empty_database_has_no_table(empty_database_url: str) -> None:
    from skillsmatrix.foundation.database import make_engine

    engine = make_engine(empty_database_url)

    tables = inspect(engine).get_table_names()
    engine.dispose()

    assert tables == []


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 80), ("2001:db8::1", 80)])
def test_a_test_cannot_reach_another_machine(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET

    with socket.socket(family) as outside:
        with pytest.raises(OutsideNetwork, match="mark the test `network`"):
            outside.connect(address)
        with pytest.raises(OutsideNetwork):
            outside.connect_ex(address)
    with socket.socket(family, socket.SOCK_DGRAM) as outside, pytest.raises(OutsideNetwork):
        outside.sendto(b"hello", address)
    with pytest.raises(OutsideNetwork):
        socket.create_connection(address)


def test_a_test_reaches_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
        socket.create_connection(("localhost", server.getsockname()[1])).close()


def test_axe_passes_a_good_page_and_names_the_fault_of_a_bad_one(
    page: Page, axe: Callable[[Page], None], live_server: Callable[[Any], str]
) -> None:
    address = live_server(app)

    page.goto(f"{address}/good")
    axe(page)
    page.goto(f"{address}/bad")
    with pytest.raises(AssertionError, match="label"):
        axe(page)


@pytest.mark.parametrize(
    ("action", "complaint"),
    [
        ("fetch('http://192.0.2.1/').catch(() => 0)", "asked another host"),
        ("setTimeout(() => { throw new Error('broken') })", "a script failed"),
    ],
)
def test_a_page_that_misbehaves_fails_its_test(
    chromium_browser: RunningBrowser, live_server: Callable[[Any], str], action: str, complaint: str
) -> None:
    def visit() -> None:
        with watched_page(chromium_browser) as page:
            page.goto(f"{live_server(app)}/good")
            page.evaluate(f"() => {{ {action} }}")
            page.wait_for_timeout(200)

    with pytest.raises(AssertionError, match=complaint):
        visit()


def test_a_script_that_the_policy_stops_fails_its_test(
    chromium_browser: RunningBrowser, live_server: Callable[[Any], str]
) -> None:
    def visit() -> None:
        with watched_page(chromium_browser) as page:
            page.goto(f"{live_server(app)}/inline")
            page.wait_for_timeout(200)

    with pytest.raises(AssertionError, match="content security policy"):
        visit()


def test_the_browser_does_not_stop_other_tests_from_running_an_event_loop(
    chromium_browser: RunningBrowser,
) -> None:
    async def answer() -> int:
        return 42

    assert asyncio.run(answer()) == 42
