"""The links at the top of every page: those that lead somewhere for whoever is signed in."""

from dataclasses import dataclass
from typing import Final

from flask import current_app, g, request, url_for

from skillsmatrix.domain.access import Actor, Scope, may
from skillsmatrix.web.shared.wording import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Entry:
    """A link: shown to holders of `action` in one of `scopes` (any, when none is named).

    `what`: one sentence for the first page, about what is found there.
    """

    endpoint: str
    text: str
    action: str
    scopes: frozenset[Scope] = frozenset()
    what: str = ""

    def leads_somewhere(self, actor: Actor) -> bool:
        held = may(actor, self.action, on=g.today)
        return bool(held & self.scopes if self.scopes else held)


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """What the template draws."""

    text: str
    href: str
    current: bool
    what: str


_BEYOND_ONESELF: Final = frozenset(Scope) - {Scope.SELF}

# In the order of a day's work. An area that is not built yet has no page, and so no link.
ENTRIES: Final = (
    Entry(
        "services.index",
        _("Services"),
        "matrix.view",
        what=_("Where it is not safe to run something, what is short, and what runs out next."),
    ),
    Entry(
        "what_if.index",
        _("What if"),
        "plan.service.read",
        what=_("Try changes out before you make them: who leaves, what closes, what is required."),
    ),
    Entry(
        "imports.index",
        _("Import"),
        "import.dry_run",
        what=_("Bring in a data package: see what it would change, then take it or leave it."),
    ),
)


def navigation() -> list[NavigationLink]:
    """The links for whoever is signed in; none for nobody."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        return []
    return [
        NavigationLink(str(entry.text), url_for(entry.endpoint), _is_current(entry), str(entry.what))
        for entry in ENTRIES
        if entry.endpoint in current_app.view_functions and entry.leads_somewhere(actor)
    ]


def _is_current(entry: Entry) -> bool:
    area = entry.endpoint.partition(".")[0]
    return (request.endpoint or "").startswith(f"{area}.")
