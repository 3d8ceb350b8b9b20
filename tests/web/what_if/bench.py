"""Making scenarios through the pages, as a browser does without scripts."""

import itertools
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from skillsmatrix.foundation import clock
from skillsmatrix.web.shared.formats import typed_day
from tests.web.conftest import CheckedClient

IN_TEN_DAYS = clock.today() + timedelta(days=10)
TYPED = typed_day(IN_TEN_DAYS)
AFTER_TEN_DAYS = (IN_TEN_DAYS + timedelta(days=1)).isoformat()
_showings = itertools.count()


def said(day: date) -> str:
    """3 March 2027."""
    return f"{day.day} {day:%B} {day.year}"


def version_on(page: str) -> str:
    """The version that a form of the page carries."""
    return page.split('name="version"')[1].split('value="')[1].split('"')[0]


def new_scenario(browser: CheckedClient, name: str = "Without Ada") -> str:
    """The address of a new scenario."""
    answer = browser.send("/what-if/new", name=name, once=f"new {next(_showings)}")
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def add_change(browser: CheckedClient, path: str, kind: str, about: str | None = None, **fields: Any) -> Any:
    """Send the form of a change; a redirect says that it is kept."""
    asked = {"kind": kind} | ({"about": about} if about else {})
    address = f"{path}/changes/new?{urlencode(asked)}"
    page = browser.get(address).text
    if 'name="version"' not in page:
        return browser.get(address)
    fields.setdefault("once", f"change {next(_showings)}")
    return browser.send(address, version=version_on(page), **fields)


def with_leaver(browser: CheckedClient, staff: str = "ada", name: str = "Without Ada") -> str:
    """A scenario in which somebody's last day is in ten days."""
    path = new_scenario(browser, name)
    answer = add_change(browser, path, "person_leaves", staff, last_day=TYPED)
    assert answer.status_code == 302, answer.text
    return path


def press(browser: CheckedClient, path: str, what: str) -> Any:
    """Press a button on the page of a scenario."""
    return browser.send(
        f"{path}/{what}", version=version_on(browser.get(path).text), once=f"{next(_showings)}"
    )
