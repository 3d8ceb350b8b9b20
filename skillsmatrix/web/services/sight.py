"""How much of a service whoever is signed in may see: all of it, or only some of its people.

Somebody who supervises two people at a house, or a host who borrows one, must learn nothing of the others:
no cover, no count, no percentage of the whole.
"""

from flask import g

from skillsmatrix.domain.access import (
    Scope,
    ServicePlace,
    fewest_shown,
    hides_figure,
    permits,
    reaches_everybody,
    reaches_service,
)
from skillsmatrix.queries import access
from skillsmatrix.web.shared.database import db_session

_WHOLE = frozenset({Scope.ANY, Scope.ORGANISATION, Scope.SERVICES, Scope.ENGAGEMENT})


def whole_services(codes: frozenset[str]) -> frozenset[str]:
    """Those of the services that may be seen as a whole, figures about everybody included."""
    if reaches_everybody(g.actor, "matrix.view", on=g.today):
        return codes
    places = (access.place(db_session(), code, on=g.today) for code in sorted(codes))
    return frozenset(place.service for place in places if place is not None and _sees_whole(place))


def fewest() -> int:
    """The fewest people about whom whoever is signed in is shown a figure."""
    return fewest_shown(g.actor, on=g.today)


def hides(people: int) -> bool:
    """Is a figure about so many people held back from whoever is signed in."""
    return hides_figure(g.actor, people, on=g.today)


def _sees_whole(place: ServicePlace) -> bool:
    return any(
        permit.scope in _WHOLE and reaches_service(permit, g.actor, place)
        for permit in permits(g.actor, "matrix.view", on=g.today)
    )
