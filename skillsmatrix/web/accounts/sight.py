"""Whose account somebody may look after, and what they may limit a role to.

Those who reach everybody see every account. Those limited to an organisation see the accounts of its people,
and give roles within it only.
"""

from dataclasses import dataclass

from flask import abort, g

from skillsmatrix.domain.access import Scope, permits
from skillsmatrix.domain.trust import RoleTerms
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.account_list import (
    AccountLine,
    WaitingRole,
    account_line,
    places,
    role_asked_for,
    waiting_roles,
)
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import visible_services, visible_staff

LOOK: str = "user.invite"
GIVE: str = "role.grant"


def sees(staff: str | None, within: Reach) -> bool:
    """True when the account of this member of staff, or of somebody from outside, is within reach."""
    return within.everything or (staff is not None and staff in within)


def account_seen(account_id: int, action: str = LOOK) -> AccountLine:
    """One account; 404 when there is none such within reach."""
    line = account_line(db_session(), account_id, on=g.today)
    if line is None or not sees(line.staff, visible_staff(action)):
        abort(404)
    return line


def everywhere(action: str) -> bool:
    """True when the right covers everybody recorded here."""
    return visible_staff(action).everything


def signs_others_out() -> bool:
    """True for those who may end other people's sessions, not only their own."""
    held = permits(g.actor, "session_list.revoke", on=g.today)
    return any(permit.scope is Scope.ORGANISATION for permit in held)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a role can be limited to, as whoever asks may: (id, code, name)."""

    services: tuple[tuple[int, str, str], ...]
    organisations: tuple[tuple[int, str, str], ...]
    unlimited: bool

    def allow(self, terms: RoleTerms) -> bool:
        """True when the limits are within reach; a role without limits only for those who reach everybody."""
        if terms.service_id is not None:
            return terms.service_id in {number for number, _code, _name in self.services}
        if terms.organisation_id is not None:
            return terms.organisation_id in {number for number, _code, _name in self.organisations}
        return self.unlimited


def bounds() -> Bounds:
    """The services and organisations for which whoever is signed in may give a role."""
    services, organisations = places(db_session())
    within = visible_services(GIVE)
    own = {permit.grant.organisation for permit in permits(g.actor, GIVE, on=g.today)}
    return Bounds(
        tuple(each for each in services if each[1] in within),
        tuple(each for each in organisations if within.everything or each[1] in own),
        everywhere(GIVE),
    )


def waiting_seen(*, account_id: int | None = None) -> list[WaitingRole]:
    """The roles that wait for a second administrator, as far as whoever is signed in may settle them."""
    return _within_reach(waiting_roles(db_session(), account_id=account_id))


def request_seen(request_id: int) -> WaitingRole:
    """One request for a role, answered or not; 404 when there is none such within reach."""
    asked = role_asked_for(db_session(), request_id)
    found = _within_reach([] if asked is None else [asked])
    return found[0] if found else abort(404)


def _within_reach(asked: list[WaitingRole]) -> list[WaitingRole]:
    within, own = visible_staff(GIVE), bounds()
    services = {code for _number, code, _name in own.services}
    organisations = {code for _number, code, _name in own.organisations}
    return [
        each
        for each in asked
        if sees(each.staff, within)
        and (own.unlimited or each.terms.service in services or each.terms.organisation in organisations)
    ]
