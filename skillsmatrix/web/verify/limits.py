"""How often anybody may ask about certificates."""

from typing import Final

from flask import Flask

from skillsmatrix.web.shared import limits
from skillsmatrix.web.shared.limits import ALTOGETHER, FROM_ONE_ADDRESS, Limits

__all__ = ["ALTOGETHER", "FROM_ONE_ADDRESS", "Limits", "init_limits", "limit"]

_KEY: Final = "skillsmatrix.verify_limits"


def init_limits(app: Flask) -> None:
    """Begin to count."""
    app.extensions[_KEY] = Limits()


def limit() -> None:
    """Answer 429 when too much was asked, from this address or from all together."""
    limits.limit(_KEY)
