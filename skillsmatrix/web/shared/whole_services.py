"""The services that whoever is signed in may see as a whole, with what is asked of them and who holds it.

Somebody who supervises two people at a house, or a host who borrows one, must learn nothing of the others:
no cover, no count, no percentage of the whole.
"""

from datetime import date, datetime

import numpy as np
from flask import g

from skillsmatrix.domain.access import Scope, ServicePlace, permits, reaches_everybody, reaches_service
from skillsmatrix.queries import access
from skillsmatrix.queries.conclusions import versions
from skillsmatrix.queries.organisation_matrix import UNSAFE, CellGrid, organisation_matrix
from skillsmatrix.queries.services import ServiceEntry, service_entries
from skillsmatrix.queries.state import kept
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import allowed, visible_services

_WHOLE = frozenset({Scope.ANY, Scope.ORGANISATION, Scope.SERVICES, Scope.ENGAGEMENT})


def whole_services(codes: frozenset[str]) -> frozenset[str]:
    """Those of the services that may be seen as a whole, figures about everybody included."""
    if reaches_everybody(g.actor, "matrix.view", on=g.today):
        return codes
    places = (access.place(db_session(), code, on=g.today) for code in sorted(codes))
    return frozenset(place.service for place in places if place is not None and _sees_whole(place))


def _sees_whole(place: ServicePlace) -> bool:
    return any(
        permit.scope in _WHOLE and reaches_service(permit, g.actor, place)
        for permit in permits(g.actor, "matrix.view", on=g.today)
    )


def whole_cells(
    action: str, *, on: date, known_at: datetime | None = None
) -> tuple[list[ServiceEntry], CellGrid]:
    """Those of them that are open on the day, by name, and the cells of all of them."""
    own = db_session()
    version, _of_catalogue = versions(own)
    within = visible_services(action)
    every = kept(own, "services", lambda: service_entries(own, access.ALL), version=version)
    entries = [each for each in every if each.code in within]
    whole = whole_services(frozenset(entry.code for entry in entries))
    services = [entry for entry in entries if entry.is_open(on) and entry.code in whole]
    return services, organisation_matrix(own, whole, on=on, today=g.today, known_at=known_at)


def unsafe_today() -> list[ServiceEntry] | None:
    """Those with a hard stop not met today, the most first; None for who sees no service as a whole."""
    if not allowed("matrix.view"):
        return None
    services, found = whole_cells("matrix.view", on=g.today)
    if not services:
        return None
    unsafe = np.bincount(found.cells.row, weights=found.cells.state == UNSAFE, minlength=len(found.services))
    stops = dict(zip(found.services, unsafe.tolist(), strict=True))
    return sorted((each for each in services if stops[each.code]), key=lambda each: -stops[each.code])
