"""What the account page is given."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from skillsmatrix.domain.access import AccessRole, Actor
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

ROLE_WORDS: Final = {
    AccessRole.STAFF: _("Member of staff: your own record"),
    AccessRole.SUPERVISOR: _("Supervisor: the people you supervise"),
    AccessRole.SERVICE_MANAGER: _("Service manager"),
    AccessRole.ASSESSOR: _("Assessor: the competencies you are asked to assess"),
    AccessRole.TRAINER: _("Trainer: the people on your course dates"),
    AccessRole.HEAD_OF_PRACTICE: _("Head of clinical practice"),
    AccessRole.HUMAN_RESOURCES: _("Human resources"),
    AccessRole.AUDITOR: _("Internal auditor"),
    AccessRole.INSPECTOR: _("Inspector"),
    AccessRole.HOST_PARTNER: _("Host partner: the people seconded to you"),
    AccessRole.DATA_PROTECTION: _("Data protection officer"),
    AccessRole.ADMINISTRATOR: _("Technical administrator"),
}


@dataclass(frozen=True, slots=True)
class TrustedWith:
    """One role: in words, what it is limited to, and its last day."""

    role: str
    limits: str
    to_on: date | None


def trusted_with(actor: Actor, *, on: date) -> list[TrustedWith]:
    """The roles in force today, in the order in which they were given."""
    return [
        TrustedWith(
            role=str(ROLE_WORDS[grant.role]),
            limits=", ".join((*grant.services, *([grant.organisation] if grant.organisation else ())))
            or gettext("no further limit"),
            to_on=grant.to_on,
        )
        for grant in actor.grants
        if grant.covers(on)
    ]
