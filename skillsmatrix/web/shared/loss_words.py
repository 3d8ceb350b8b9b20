"""How a place came to be empty, in one sentence, said alike wherever services are shown."""

from collections.abc import Mapping, Sequence
from datetime import date

from skillsmatrix.queries.losses import LatelyLost, LostBy
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.wording import gettext as _


def last_lost(lost: Sequence[LatelyLost], people: Mapping[str, str]) -> str:
    """The last to stop counting; blank when nobody did lately. `people`: names of those in sight."""
    if not lost:
        return ""
    who = people.get(lost[0].person) or _("one person who held it")
    return loss_sentence(lost[0].by, who, lost[0].last_day)


def loss_sentence(by: LostBy, who: str, last_day: date) -> str:
    """Who no longer counts, why, and the last day on which they did."""
    day = formats.day(last_day)
    match by:
        case LostBy.LEFT:
            return _("%(who)s left; %(day)s was the last day here.", who=who, day=day)
        case LostBy.AWAY:
            return _("%(who)s is away; %(day)s was the last day at work.", who=who, day=day)
        case LostBy.OTHER_ROLE:
            return _("%(who)s changed role; %(day)s was the last day in it.", who=who, day=day)
        case LostBy.SUSPENDED:
            return _("%(who)s could last use it on %(day)s: it is suspended.", who=who, day=day)
        case LostBy.WITHDRAWN:
            return _("%(who)s: the sign-off was withdrawn; %(day)s was its last day.", who=who, day=day)
        case LostBy.RAN_OUT:
            return _("%(who)s: it ran out on %(day)s.", who=who, day=day)
