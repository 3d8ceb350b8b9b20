"""The day a page is asked about: `?on=2026-11-22`, today when nothing is said."""

import re
from datetime import date
from typing import Final

from flask import abort

from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.wording import gettext as _

EARLIEST: Final = date(1950, 1, 1)
LATEST: Final = date(2100, 12, 31)

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_BRITISH: Final = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", re.ASCII)


def read_day(text: str) -> date | None:
    """The day that somebody wrote as 28/2/2027 (or 2027-02-28); None when it is no day we can mean."""
    read = _real_day(text)
    return read if read is not None and EARLIEST <= read <= LATEST else None


def is_out_of_reach(text: str) -> bool:
    """A real date, and one that no question or record here can be about."""
    read = _real_day(text)
    return read is not None and not EARLIEST <= read <= LATEST


def days_in_reach() -> str:
    """What to enter in place of a day that is out of reach."""
    return _("Enter a day from %(first)s to %(last)s", first=day(EARLIEST), last=day(LATEST))


def _real_day(text: str) -> date | None:
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month, number = map(int, found.groups())
    elif found := _BRITISH.fullmatch(text):
        number, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def asked_day(text: str | None, *, today: date) -> date:
    """The day in the address; today when it names none; an error page when it is not a day.

    Showing today instead would pass one day's answer off as another's.
    """
    if text is None or not text.strip():
        return today
    asked = read_day(text)
    if asked is None and is_out_of_reach(text):
        abort(400, description=_("The day asked for is out of reach. %(advice)s.", advice=days_in_reach()))
    if asked is None:
        abort(400, description=_("The day asked for is not a date. Write it as 28/2/2027."))
    return asked
