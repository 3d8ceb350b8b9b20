"""Every route of the site, what it asks, and how to call it: the list that the tests of access walk.

A new route gets a line here; `tests/guards/test_routes.py` fails until it has one that says the same as the
route's own declaration. Written by hand, so that a slip in a declaration meets a second opinion.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Route:
    """One endpoint. `action`: of the matrix; none for `public` and for any account.

    `person`, `service`: the argument of the address that holds a code of the world. `values`: other arguments
    of the address. `body`: the least that its POST takes; without one, only refusals are tried.
    `sees`: a page that may name more people than its action reaches says by which other action.
    """

    action: str | None = None
    public: bool = False
    person: str | None = None
    service: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    sees: tuple[str, ...] = ()


ANY_ACCOUNT = Route()
PUBLIC = Route(public=True)

ROUTES = {
    "assets.serve": Route(public=True, values={"digest": "0" * 16, "name": "kit.css"}),
    "access.sign_in": PUBLIC,
    "access.sign_out": ANY_ACCOUNT,
    "access.account": ANY_ACCOUNT,
    "access.end_session": Route(values={"session_id": 0}),
    "access.change_password": ANY_ACCOUNT,
    "home.index": ANY_ACCOUNT,
}
