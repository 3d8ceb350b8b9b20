"""What whoever is signed in may see of one person, asked once for a whole page."""

from dataclasses import dataclass

from flask import g

from skillsmatrix.domain.access import Decision, decide
from skillsmatrix.queries import access
from skillsmatrix.web.shared.database import db_session


@dataclass(frozen=True, slots=True)
class PersonSight:
    """The parts of a person's page, one flag for each right of `domain/permissions.py` behind it.

    `standings`: what is asked of them and where they stand, sign-offs included. `reasons`: free text of
    suspensions and withdrawals. `health`: kinds of absence and of exemption.
    """

    work: bool
    contract: bool
    standings: bool
    learning: bool
    reasons: bool
    supervision: bool
    registrations: bool
    registration_numbers: bool
    health: bool


_RIGHTS = {
    "work": "person.read.F1",
    "contract": "person.read.F2",
    "standings": "competency.read",
    "learning": "training.read",
    "reasons": "evidence.read",
    "supervision": "supervision.read_meta",
    "registrations": "person.read.F4status",
    "registration_numbers": "person.read.F4detail",
    "health": "person.read.F5",
}


def sight_of(staff: str) -> PersonSight:
    """What may be shown of the person with this staff code, judged by today's facts."""
    person = access.person(db_session(), staff, on=g.today)
    return PersonSight(
        **{
            part: decide(g.actor, action, person, on=g.today) is Decision.ALLOWED
            for part, action in _RIGHTS.items()
        }
    )
