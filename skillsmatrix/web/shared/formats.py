"""How days, instants and figures are written on a page (NHS content style guide: 28 February 2027, 90.2%)."""

from collections.abc import Hashable
from datetime import date, datetime
from functools import lru_cache

from markupsafe import Markup, escape

from skillsmatrix.web.shared.wording import format_date, format_datetime, locale
from skillsmatrix.web.shared.wording import gettext as _


def day(value: date) -> str:
    """28 February 2027."""
    return _written(value, "d MMMM yyyy", locale())


def short_day(value: date) -> str:
    """28 Feb 2027, where a table has no room."""
    return _written(value, "d MMM yyyy", locale())


@lru_cache(maxsize=10_000)
def _written(value: date, pattern: str, _language: Hashable) -> str:
    """A page says the same few days over and over."""
    return str(format_date(value, pattern))


def typed_day(value: date) -> str:
    """28/2/2027, as it is typed into a form."""
    return f"{value.day}/{value.month}/{value.year}"


def instant(value: datetime) -> str:
    """28 February 2027 at 14:05, London time."""
    return str(format_datetime(value, _("d MMMM yyyy 'at' HH:mm")))


def capital(text: str) -> str:
    """With a capital at its start, and the rest as it is: NHS stays NHS."""
    return text[:1].upper() + text[1:]


def tenths(part: int, whole: int) -> str:
    """A percentage rounded down to one decimal (contract section 7): 1,899 of 2,000 is 94.9%."""
    tenth = part * 1000 // whole
    return f"{tenth // 10}.{tenth % 10}%"


def fraction(part: int, whole: int) -> Markup:
    """37 of 41 (90.2%); "not required" when there is nothing to count, never 0% or 100%."""
    if whole == 0:
        return Markup('<span class="app-fraction app-fraction--none">{}</span>').format(_("not required"))
    figure = _("%(part)s of %(whole)s", part=f"{part:,}", whole=f"{whole:,}")
    return Markup(
        '<span class="app-fraction">{} <span class="app-fraction__percent">({})</span></span>'
    ).format(escape(figure), tenths(part, whole))


def count(number: int, one: str, many: str) -> str:
    """1 person, 12 people, 1,200 people: the figure never stands without its noun."""
    return f"{number:,} {one if number == 1 else many}"
