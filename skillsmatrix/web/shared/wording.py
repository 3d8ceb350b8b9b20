"""Text through Flask-Babel, from the start: English is the key, other languages follow as catalogues."""

from collections.abc import Callable, Hashable
from typing import Any

# The only module that imports Flask-Babel's functions, which are published without types.
import flask_babel  # type: ignore[import-untyped]
from flask import g, has_request_context
from flask_babel import Babel, format_date, format_datetime
from flask_babel.speaklater import LazyString  # type: ignore[import-untyped]

__all__ = [
    "Babel",
    "format_date",
    "format_datetime",
    "gettext",
    "lazy_gettext",
    "locale",
    "ngettext",
    "translations",
]


def translations() -> Any:
    """The texts in the language of whoever reads."""
    return _of_this_page("translations", flask_babel.get_translations)


def locale() -> Hashable:
    """The language of whoever reads, and how dates are written in it."""
    found: Hashable = _of_this_page("locale", flask_babel.get_locale)
    return found


def _of_this_page(name: str, find: Callable[[], Any]) -> Any:
    """Found once for a page, which says hundreds of texts and days."""
    if not has_request_context():
        return find()
    found = g.get(name)
    if found is None:
        found = find()
        setattr(g, name, found)
    return found


def gettext(text: str, **values: object) -> str:
    """The text in the language of whoever reads it, with its values put in."""
    said = str(translations().ugettext(text))
    return said % values if values else said


def lazy_gettext(text: str, **values: object) -> Any:
    """As `gettext`, once it is shown: for what is written down before anybody reads."""
    return LazyString(gettext, text, **values)


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """As `gettext`, in the form that suits the number (`%(num)s` in the text)."""
    return str(translations().ungettext(one, many, num)) % {"num": num, **values}
