"""From the page about a person to what can be done for them: the links that this reader may follow."""

from dataclasses import dataclass
from typing import Final

from flask import current_app, g

from skillsmatrix.domain.access import Decision, decide
from skillsmatrix.web.shared.guards import person_today
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.wording import lazy_gettext as _


@dataclass(frozen=True, slots=True)
class Door:
    """A link: shown to whoever may do `action` about the person. `argument` of the address takes the code.

    `more`: what the link says to whoever may also do the other action named there.
    """

    endpoint: str
    argument: str
    action: str
    text: str
    more: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DoorLink:
    """What the template draws."""

    text: str
    href: str


_DOORS: Final = (
    Door("role_cards.person", "staff", "competency.read", _("Role card: what may be done, on one page")),
    Door(
        "assessments.person",
        "staff",
        "competency.read",
        _("Sign-offs: what was seen at work"),
        ("competency.request_assessment", _("Sign-offs: what was seen at work, and asking")),
    ),
    Door("supervision.person", "staff", "supervision.read_meta", _("Supervision: sessions and actions")),
    Door("claims.new", "staff", "training.create_claim", _("Hand in a certificate from elsewhere")),
    Door(
        "certificates.of_person",
        "staff",
        "certificate.read",
        _("Certificates"),
        ("certificate.issue", _("Certificates: see and issue")),
    ),
    Door("outlook.leaving", "staff", "plan.service.read", _("What would be lost if they left")),
    Door("claims.learning", "staff", "training.void", _("Put a learning record right")),
)


def doors(staff: str) -> list[DoorLink]:
    """The links for whoever is signed in, in the order of use; an area that is not built has none."""
    person = person_today(staff)

    def may(action: str) -> bool:
        return decide(g.actor, action, person, on=g.today) is Decision.ALLOWED

    return [
        DoorLink(
            str(door.more[1] if door.more and may(door.more[0]) else door.text),
            link(door.endpoint, **{door.argument: staff}),
        )
        for door in _DOORS
        if door.endpoint in current_app.view_functions and may(door.action)
    ]
