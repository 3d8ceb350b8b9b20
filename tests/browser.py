"""Headless Chromium over a live copy of the site: pages as a person's browser shows them.

Debian's Chromium, driven by Playwright. A page fails its test when a script on it fails, when the content
security policy stops something, or when it asks another host for anything.
"""

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

PROJECT = Path(__file__).resolve().parents[1]
UNPACKED = PROJECT / ".setup" / "debian"
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}

# Chromium looks up its maker's hosts at every start unless it is told not to.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


class NoBrowser(RuntimeError):
    """Chromium is not on this machine; the message says how it gets there."""


def chromium() -> Path:
    """Debian's Chromium, or the one unpacked below .setup."""
    unpacked = UNPACKED / "usr/lib/chromium/chromium"  # the wrapper in usr/bin reads files below /etc
    found = [path for path in (unpacked, shutil.which("chromium")) if path and Path(path).is_file()]
    if not found:
        raise NoBrowser("Chromium is not here: run `python3 -m skillsmatrix test`, which sets it up")
    return Path(found[0])


class RunningBrowser:
    """One Chromium for the whole test process.

    Playwright's event loop runs on in the background of the main thread, where every `asyncio.run` of other
    tests would trip over it: so it is out of sight except inside `in_use`.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)

    @contextmanager
    def in_use(self) -> Iterator[Browser]:
        """The browser, with its event loop in sight for as long as the block runs."""
        asyncio._set_running_loop(self._loop)
        try:
            yield self._browser
        finally:
            asyncio._set_running_loop(None)


@contextmanager
def running_browser() -> Iterator[RunningBrowser]:
    """Chromium for as long as the block runs."""
    environment: dict[str, str | float | bool] = {
        name: value for name, value in os.environ.items() if name != "DISPLAY"
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET, env=environment)
        running = RunningBrowser(browser)
        try:
            yield running
        finally:
            with running.in_use():
                browser.close()
            asyncio._set_running_loop(running._loop)  # Playwright ends its own loop on the way out


class Watch:
    """What went wrong on a page that no assertion of the test would see."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        page.on("pageerror", self._script_failed)
        page.on("console", self._console)
        page.on("request", self._request)

    def _script_failed(self, error: Error) -> None:
        self.faults.append(f"a script failed: {error}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(f"stopped by the content security policy: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOOPBACK:
            self.faults.append(f"asked another host: {request.url}")


@contextmanager
def watched_page(running: RunningBrowser, **options: Any) -> Iterator[Page]:
    """A page in a browser profile of its own; `options` are Playwright's (viewport, locale, …)."""
    with running.in_use() as browser:
        settings = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **options}
        context = browser.new_context(timezone_id="Europe/London", **settings)
        context.set_default_timeout(15_000)
        page = context.new_page()
        watch = Watch(page)
        yield page
        context.close()
    assert not watch.faults, "The browser complained:\n" + "\n".join(watch.faults)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The WSGI application on a free port of this machine; its address without a slash at the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def assert_accessible(page: Page, *, ignoring: tuple[str, ...] = ()) -> None:
    """axe finds nothing on the page as it stands; `ignoring` names rules, each with its reason beside it."""
    # Only violations are told apart: describing everything that is in order takes most of axe's time.
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in ignoring}}
    results = Axe().run(page, options=options)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[RunningBrowser]:
    """The one Chromium of this test process."""
    with running_browser() as running:
        yield running


@pytest.fixture
def page(chromium_browser: RunningBrowser) -> Iterator[Page]:
    """A fresh browser page, 1280 pixels wide, that fails the test when it misbehaves."""
    with watched_page(chromium_browser) as page:
        yield page


@pytest.fixture
def narrow_page(chromium_browser: RunningBrowser) -> Iterator[Page]:
    """The same at 320 pixels, where no page may need sideways scrolling (WCAG 2.2, 1.4.10)."""
    with watched_page(chromium_browser, viewport={"width": 320, "height": 640}) as page:
        yield page


@pytest.fixture
def live_server() -> Iterator[Callable[[Any], str]]:
    """Call it with an application: it answers on the address you get, until the test ends."""
    running: list[Any] = []

    def serve(app: Any) -> str:
        server = served(app)
        running.append(server)
        return server.__enter__()

    yield serve
    for server in reversed(running):
        server.__exit__(None, None, None)


@pytest.fixture
def axe() -> Callable[..., None]:
    """Call it with a page: it fails on anything axe finds there."""
    return assert_accessible
