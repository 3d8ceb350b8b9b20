"""Text through Flask-Babel, from the start: English is the key, other languages follow as catalogues."""

# The only module that imports Flask-Babel's functions, which are published without types.
import flask_babel  # type: ignore[import-untyped]
from flask_babel import Babel, format_date, format_datetime, lazy_gettext

__all__ = ["Babel", "format_date", "format_datetime", "gettext", "lazy_gettext", "ngettext"]


def gettext(text: str, **values: object) -> str:
    """The text in the language of whoever reads it, with its values put in."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """As `gettext`, in the form that suits the number (`%(num)s` in the text)."""
    return str(flask_babel.ngettext(one, many, num, **values))
