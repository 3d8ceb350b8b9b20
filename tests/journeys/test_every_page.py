"""Every page that somebody can reach from their first page, in the browser, over the demonstration."""

from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.routing import RequestRedirect

from tests.browser import assert_accessible
from tests.journeys.conftest import Site

NARROW = 320  # WCAG 2.2, 1.4.10: no sideways scrolling at this width
PATIENCE = 60_000  # milliseconds: the first paper starts the process that prints


def endpoint_of(site: Site, address: str) -> str | None:
    """The route that answers this address; nothing for other sites and for places on the same page."""
    parts = urlsplit(address)
    if parts.netloc != urlsplit(site.address).netloc:
        return None
    try:
        endpoint: str
        endpoint, _ = site.app.url_map.bind(parts.netloc).match(parts.path, method="GET")
    except RequestRedirect:
        return None
    return endpoint


class Links(HTMLParser):
    """Where the links of a page lead."""

    def __init__(self, page: str, text: str) -> None:
        super().__init__()
        self.page, self.found = page, list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get("href")
        if tag == "a" and address is not None:
            self.found.append(urljoin(self.page, address))


def reached(site: Site, page: Page) -> list[str]:
    """One page for each route that can be reached by links from the first one, nearest first."""
    waiting, seen, pages = [f"{site.address}/"], set(), []
    while waiting:
        address = waiting.pop(0)
        endpoint = endpoint_of(site, address)
        if endpoint is None or endpoint in seen:
            continue
        seen.add(endpoint)
        answer = page.request.get(address, timeout=PATIENCE)
        assert answer.status == 200, f"{address} is linked and answers {answer.status}"
        if answer.headers["content-type"].startswith("text/html"):
            pages.append(address)
            waiting += Links(answer.url, answer.text()).found
    return pages


def settled_width(page: Page) -> int:
    """How wide the page is once its navigation has folded, within two seconds of the screen being narrow.

    Asked from here: a condition that waits within the page is stopped by the content security policy.
    """
    for _again in range(20):
        width: int = page.evaluate("document.documentElement.scrollWidth")
        if width <= NARROW:
            break
        page.wait_for_timeout(100)
    return width


@pytest.mark.slow
@pytest.mark.parametrize("role", ["head of practice", "staff"])
def test_every_page_within_reach_is_accessible_and_fits_a_narrow_screen(
    site: Site, signed_in: Callable[..., Page], role: str
) -> None:
    page = signed_in(role)

    for address in reached(site, page):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        assert_accessible(page)
        page.set_viewport_size({"width": NARROW, "height": 640})
        width = settled_width(page)
        assert width <= NARROW, f"{address} is {width} pixels wide on a screen of {NARROW}"


@pytest.mark.parametrize(
    "role",
    [
        "service manager",
        "supervisor",
        "human resources",
        "trainer",
        "host partner",
        "administrator",
        "inspector",
    ],
)
def test_no_link_within_reach_leads_nowhere(site: Site, signed_in: Callable[..., Page], role: str) -> None:
    assert len(reached(site, signed_in(role))) >= 2


@pytest.mark.parametrize("role", ["head of practice", "staff"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    site: Site, signed_in: Callable[..., Page], role: str
) -> None:
    page = signed_in(role)
    page.goto(f"{site.address}/")
    wanted = page.evaluate(
        "[...document.querySelectorAll("
        "'a[href], button, input:not([type=hidden]), select, textarea, summary')]"
        ".filter(e => e.checkVisibility() && !e.disabled && e.tabIndex >= 0).length"
    )

    seen = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        outlined = page.evaluate(
            "(() => { const e = document.activeElement; if (e === document.body) return true;"
            " const s = getComputedStyle(e); return s.outlineStyle !== 'none' || s.boxShadow !== 'none' })()"
        )
        assert outlined, page.evaluate("document.activeElement.outerHTML")

    assert len(seen - {page.evaluate("[...document.querySelectorAll('*')].indexOf(document.body)")}) >= wanted


def test_without_scripts_the_pages_say_the_same(
    site: Site, signed_in: Callable[..., Page], chromium_browser: object
) -> None:
    with_scripts = signed_in("head of practice")
    with_scripts.goto(f"{site.address}/")
    expected = with_scripts.locator("main").inner_text()

    context = with_scripts.context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=with_scripts.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(f"{site.address}/")
    found = plain.locator("main").inner_text()
    context.close()

    assert found.split() == expected.split()
