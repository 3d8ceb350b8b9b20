"""What whoever is signed in may see of one person, asked once for a whole page."""

from dataclasses import dataclass
from datetime import datetime

from flask import g

from skillsmatrix.domain.access import Decision, decide, is_only_a_host
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.record import PersonRecord, person_record
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import person_today, visible_staff
from skillsmatrix.web.shared.wording import gettext as _


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


def seen_names() -> Reach | None:
    """Whose names a host partner may learn: only those seconded to them. None: nothing is held back."""
    return visible_staff("person.read.F1") if is_only_a_host(g.actor, on=g.today) else None


def record_seen(staff: str, *, known_at: datetime | None = None) -> PersonRecord | None:
    """The record of a person on the day asked for, with the names that the reader may learn."""
    return person_record(
        db_session(),
        staff,
        on=g.on,
        today=g.today,
        known_at=known_at,
        seen=seen_names(),
        unnamed=unnamed(),
    )


def unnamed() -> str:
    """What somebody is called whose name is held back."""
    return _("a colleague at their employer")


def shown_name(name: str) -> str:
    """The name of an assessor, where a host partner is told none."""
    return name if seen_names() is None else unnamed()


def sight_of(staff: str) -> PersonSight:
    """What may be shown of the person with this staff code, judged by today's facts."""
    person = person_today(staff)
    return PersonSight(
        **{
            part: decide(g.actor, action, person, on=g.today) is Decision.ALLOWED
            for part, action in _RIGHTS.items()
        }
    )
