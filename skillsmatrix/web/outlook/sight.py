"""Which services these pages speak of: those that whoever is signed in answers for, each as a whole."""

from flask import abort, g, request

from skillsmatrix.domain.access import hides_figure
from skillsmatrix.queries.services import ServiceEntry, service_entries
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import visible_services

ACTION = "plan.service.read"


def services_seen() -> list[ServiceEntry]:
    """The services, by name, whose cover whoever is signed in may look at as a whole."""
    return service_entries(db_session(), visible_services(ACTION))


def service_asked(seen: list[ServiceEntry]) -> ServiceEntry | None:
    """The one service in the address, or the only one there is; else None. Out of sight is not found."""
    code = request.args.get("service", "")
    if not code:
        return seen[0] if len(seen) == 1 else None
    found = next((each for each in seen if each.code == code), None)
    if found is None:
        abort(404)
    return found


def hides(people: int) -> bool:
    """Is a figure about so few people kept from whoever is signed in."""
    return hides_figure(g.actor, people, on=g.today)
