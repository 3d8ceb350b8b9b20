"""What the account page is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from skillsmatrix.domain.access import AccessRole, Actor, Grant
from skillsmatrix.queries.account_list import last_link_used, names_of
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.role_words import ROLE_WORDS
from skillsmatrix.web.shared.wording import gettext

ASKED_FOR: Final = "worker"  # the worker answers whoever forgot a password


@dataclass(frozen=True, slots=True)
class TrustedWith:
    """One role: in words, what it is limited to, and its last day."""

    role: str
    limits: str
    to_on: date | None


@dataclass(frozen=True, slots=True)
class SetThroughLink:
    """When the password was last set through a one-time link, and who made that; None: its owner asked."""

    at: datetime
    by: str | None


def set_through_link(account_id: int) -> SetThroughLink | None:
    """Told to whoever owns the account, who would know whether it was them; None when it never was so."""
    used = last_link_used(db_session(), account_id)
    if used is None:
        return None
    at, by = used
    return SetThroughLink(at, _who(by))


def _who(by: str) -> str | None:
    if by == ASKED_FOR:
        return None
    if by.startswith("command:"):
        return gettext("a command on the machine")
    return names_of(db_session(), [by]).get(by, by)


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
