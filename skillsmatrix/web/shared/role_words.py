"""What the access roles are called on pages."""

from typing import Final

from skillsmatrix.domain.access import AccessRole
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
