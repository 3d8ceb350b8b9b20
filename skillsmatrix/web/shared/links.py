"""Addresses: where it is safe to send somebody, and links that keep the day asked about."""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, g, request, url_for
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RoutingException

_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def safe_next(target: str | None) -> str:
    """The page asked for after signing in, when it is one of ours; otherwise the first page."""
    if not target or len(target) > 2000:
        return "/"
    plain = target
    for _round in range(3):  # twice-encoded slashes are slashes to somebody
        if _UNSAFE.search(plain) or not plain.startswith("/") or plain.startswith("//"):
            return "/"
        if urlsplit(plain).scheme or urlsplit(plain).netloc:
            return "/"
        plain = unquote(plain)
    return target if _can_be_opened(urlsplit(target).path) else "/"


def _can_be_opened(path: str) -> bool:
    """A page that answers whoever just goes there; one that is not there says so itself."""
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except MethodNotAllowed:
        return False
    except (HTTPException, RoutingException):
        return True
    return True


def plain_address(endpoint: str, **values: str) -> str:
    """The address of what is the same for everybody and on every day; found once."""
    return _plain_address(endpoint, request.script_root, **values)


@lru_cache(maxsize=256)
def _plain_address(endpoint: str, _root: str, **values: str) -> str:
    return url_for(endpoint, **values)  # type: ignore[arg-type]


def link(endpoint: str, **values: Any) -> str:
    """The address of a page, about the same day as this one when that is not today."""
    if "on" not in values and g.get("on") != g.get("today"):
        values["on"] = g.on.isoformat()
    return url_for(endpoint, **values)


def here(**changes: Any) -> str:
    """The address of this page with other values in its query; None takes a value out."""
    values: dict[str, Any] = {**request.args.to_dict(flat=False), **changes}
    kept = {name: value for name, value in values.items() if value is not None}
    return url_for(request.endpoint or "home.index", **{**(request.view_args or {}), **kept})


def kept_values(*without: str) -> list[tuple[str, str]]:
    """What the address says besides these names: hidden fields of a form that changes only them."""
    return [(name, value) for name, value in request.args.items(multi=True) if name not in without]


def asked_without(*names: str) -> dict[str, Any]:
    """What the address says besides these names, for a link to another page about the same."""
    return {name: value for name, value in request.args.items() if name not in names}
