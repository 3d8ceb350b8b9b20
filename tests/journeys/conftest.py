"""The demonstration, served once for each test process, and browsers signed in to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser import RunningBrowser, watched_page
from tests.screenshot import demonstration_site, sign_in


@dataclass(frozen=True)
class Site:
    """A running site over the demonstration."""

    app: Flask
    address: str
    emails: dict[str, str]  # the role that matters → somebody who has it


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration as of today, with the sign-ins that `python3 -m skillsmatrix` prints."""
    folder: Path = tmp_path_factory.mktemp("demonstration")
    with demonstration_site(folder) as (app, address, sign_ins):
        emails = {each.roles[0]: each.email for each in sign_ins if len(each.roles) == 1}
        for each in sign_ins:
            for role in each.roles[1:]:
                emails.setdefault(role, each.email)
        yield Site(app, address, emails)


@pytest.fixture
def signed_in(chromium_browser: RunningBrowser, site: Site) -> Iterator[Callable[[str, int], Page]]:
    """Call it with a role and a width: a browser in which somebody with that role has signed in."""
    open_pages = []

    def as_role(role: str, width: int = 1280) -> Page:
        context = watched_page(chromium_browser, viewport={"width": width, "height": 900})
        page = context.__enter__()
        open_pages.append(context)
        sign_in(page, site.address, site.emails[role])
        return page

    yield as_role
    for context in reversed(open_pages):
        context.__exit__(None, None, None)
