"""The links at the top of every page: those that lead somewhere for whoever is signed in."""

from dataclasses import dataclass
from typing import Final

from flask import current_app, g, request, url_for

from skillsmatrix.domain.access import Actor, Scope, may
from skillsmatrix.web.shared.wording import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Entry:
    """A link: shown to holders of `action` in one of `scopes` (any, when none is named)."""

    endpoint: str
    text: str
    action: str
    scopes: frozenset[Scope] = frozenset()

    def leads_somewhere(self, actor: Actor) -> bool:
        held = may(actor, self.action, on=g.today)
        return bool(held & self.scopes if self.scopes else held)


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """What the template draws."""

    text: str
    href: str
    current: bool


_BEYOND_ONESELF: Final = frozenset(Scope) - {Scope.SELF}

# In the order of a day's work. An area that is not built yet has no page, and so no link.
ENTRIES: Final = (
    Entry("services.index", _("Services"), "matrix.view"),
    Entry("people.index", _("People"), "person.list", _BEYOND_ONESELF),
    Entry("me.index", _("My record"), "competency.read", frozenset({Scope.SELF})),
    Entry("competencies.index", _("Competencies"), "requirement.read"),
    Entry("imports.index", _("Import"), "import.dry_run"),
)


def navigation() -> list[NavigationLink]:
    """The links for whoever is signed in; none for nobody."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        return []
    return [
        NavigationLink(str(entry.text), url_for(entry.endpoint), _is_current(entry))
        for entry in ENTRIES
        if entry.endpoint in current_app.view_functions and entry.leads_somewhere(actor)
    ]


def _is_current(entry: Entry) -> bool:
    area = entry.endpoint.partition(".")[0]
    return (request.endpoint or "").startswith(f"{area}.")
