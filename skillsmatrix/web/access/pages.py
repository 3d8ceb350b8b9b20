"""What the account page is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from skillsmatrix.domain.access import AccessRole, Actor, Grant
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

ROLE_WORDS: Final = {
    AccessRole.STAFF: _("Member of staff"),
    AccessRole.SUPERVISOR: _("Supervisor"),
    AccessRole.SERVICE_MANAGER: _("Service manager"),
    AccessRole.ASSESSOR: _("Assessor"),
    AccessRole.TRAINER: _("Trainer"),
    AccessRole.HEAD_OF_PRACTICE: _("Head of clinical practice"),
    AccessRole.HUMAN_RESOURCES: _("Human resources"),
    AccessRole.AUDITOR: _("Internal auditor"),
    AccessRole.INSPECTOR: _("Inspector"),
    AccessRole.HOST_PARTNER: _("Host partner"),
    AccessRole.DATA_PROTECTION: _("Data protection officer"),
    AccessRole.ADMINISTRATOR: _("Technical administrator"),
}


@dataclass(frozen=True, slots=True)
class TrustedWith:
    """One role: in words, what it is limited to, and its last day."""

    role: str
    limits: str
    to_on: date | None


def trusted_with(actor: Actor, *, on: date, names: Mapping[str, str]) -> list[TrustedWith]:
    """The roles in force today, in the order in which they were given.

    `names`: code → name of the services and organisations they are limited to.
    """
    return [
        TrustedWith(role=str(ROLE_WORDS[grant.role]), limits=_limits(grant, names), to_on=grant.to_on)
        for grant in actor.grants
        if grant.covers(on)
    ]


def _limits(grant: Grant, names: Mapping[str, str]) -> str:
    if grant.role is AccessRole.STAFF:
        return gettext("yourself")
    if grant.role is AccessRole.SUPERVISOR:
        return gettext("your team")
    codes = [*grant.services, *([grant.organisation] if grant.organisation else [])]
    return ", ".join(names[code] for code in codes) or gettext("no further limit")
