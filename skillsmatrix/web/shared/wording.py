"""Text through Flask-Babel, from the start: English is the key, other languages follow as catalogues."""

# The only module that imports Flask-Babel's functions, which are published without types.
from flask_babel import (  # type: ignore[import-untyped]
    Babel,
    format_date,
    format_datetime,
    gettext,
    lazy_gettext,
    ngettext,
)

__all__ = ["Babel", "format_date", "format_datetime", "gettext", "lazy_gettext", "ngettext"]
