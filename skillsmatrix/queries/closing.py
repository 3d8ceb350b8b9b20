"""What stands in the way of closing a service, by what is recorded now."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.closing import Obstacles, obstacles
from skillsmatrix.models import Service
from skillsmatrix.queries.effects import facts_around


def closing_obstacles(session: Session, service: str, *, closes_on: date) -> Obstacles:
    """The people with nowhere to go, and what its successor would lack the day after.

    Everything is taken as recorded, supervision included: a plan that hangs on a session to come is not safe.
    """
    row = session.scalars(select(Service).where(Service.code == service)).one()
    follows = session.get(Service, row.successor_id) if row.successor_id is not None else None
    successor = follows.code if follows is not None else None
    places = [service] if successor is None else [service, successor]
    facts = facts_around(session, people=(), services=places)
    return obstacles(facts, service, successor=successor, closes_on=closes_on)
