"""How the states, the limits of a role and the refusals are worded."""

from datetime import date
from typing import Final

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.trust import AccountState, RoleFault
from skillsmatrix.queries.account_list import AccountLine, GivenRole
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.role_words import ROLE_WORDS
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

STATES: Final = {
    AccountState.ACTIVE: _("Active"),
    AccountState.NOT_ACTIVATED: _("Not activated"),
    AccountState.DISABLED: _("Disabled"),
    AccountState.LEFT: _("Left"),
}
TAGS: Final = {
    AccountState.ACTIVE: "green",
    AccountState.NOT_ACTIVATED: "yellow",
    AccountState.DISABLED: "red",
    AccountState.LEFT: "grey",
}

# Fault → the field it is shown at, and what to do.
FAULTS: Final = {
    RoleFault.NOT_TO_ONESELF: ("role", _("Nobody gives a role to themself: ask another administrator")),
    RoleFault.FOLLOWS_FROM_THE_RECORD: ("role", _("This role follows from the staff record")),
    RoleFault.NEEDS_A_STAFF_RECORD: (
        "role",
        _("This role is for members of staff; the account belongs to somebody from outside"),
    ),
    RoleFault.NEEDS_A_SERVICE: ("service", _("Choose the service that they manage")),
    RoleFault.NEEDS_AN_ORGANISATION: ("organisation", _("Choose the organisation of the host partner")),
    RoleFault.NEEDS_BOUNDS: ("service", _("Choose the service or the organisation that they look at")),
    RoleFault.ONE_BOUND_ONLY: ("service", _("Choose a service or an organisation, not both")),
    RoleFault.NO_SERVICE_HERE: ("service", _("This role is not limited to a service: choose no service")),
    RoleFault.NO_ORGANISATION_HERE: (
        "organisation",
        _("This role is not limited to an organisation: choose none"),
    ),
    RoleFault.NEEDS_A_LAST_DAY: ("to_on", _("Enter the last day: auditors and inspectors always have one")),
    RoleFault.BEGINS_IN_THE_PAST: ("from_on", _("Enter today or a later day")),
    RoleFault.ENDS_BEFORE_IT_BEGINS: ("to_on", _("Enter a last day that is not before the first")),
    RoleFault.HELD_ALREADY: ("role", _("They hold this already on some of these days, or it waits already")),
    RoleFault.ACCOUNT_IS_SHUT: ("role", _("The account is disabled or has ended")),
    RoleFault.OVER_BY_NOW: ("to_on", _("The last day has passed: refuse it and ask again")),
}
OUT_OF_REACH: Final = _("Choose something within your own organisation")


# Whom the roles reach that follow from the person's own work.
_REACH: Final = {
    AccessRole.SUPERVISOR: _("their own team"),
    AccessRole.ASSESSOR: _("whom they are asked to assess"),
    AccessRole.TRAINER: _("their own course dates"),
}


def limits(given: GivenRole) -> str:
    """What a role is limited to."""
    named = given.service_name or given.organisation_name
    return named or str(_REACH.get(given.role, gettext("everywhere")))


def days(given: GivenRole) -> str:
    """Its first and last day."""
    if given.to_on is None:
        return gettext("from %(first)s, no end", first=day(given.from_on))
    return gettext("%(first)s to %(last)s", first=day(given.from_on), last=day(given.to_on))


def roles_today(given: list[GivenRole], *, on: date, staff: str | None) -> str:
    """The roles in force today, in one line."""
    own = [gettext("Member of staff")] if staff else []
    held = [
        f"{ROLE_WORDS[each.role]} ({limits(each)})"
        if each.service_name or each.organisation_name
        else str(ROLE_WORDS[each.role])
        for each in given
        if each.covers(on)
    ]
    return ", ".join([*own, *held]) or gettext("no role")


def state(line: AccountLine) -> str:
    """The state of an account; somebody from outside has not left, the account has ended."""
    if line.state is AccountState.LEFT and line.staff is None:
        return gettext("Ended")
    return str(STATES[line.state])
