"""Rights: which roles a person holds, how far each right reaches, and what no role may ever do.

Rights are judged by today's facts, whichever day a page is asked about: somebody who left a team yesterday
must not read it by asking about last year. Nothing is remembered between two questions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Final

from skillsmatrix.domain.permissions import PERMISSIONS


class AccessRole(StrEnum):
    """What an account may be trusted with; an account can hold several and their rights add up."""

    STAFF = "staff"
    SUPERVISOR = "sup"
    SERVICE_MANAGER = "svc"
    ASSESSOR = "ass"
    TRAINER = "trn"
    HEAD_OF_PRACTICE = "hcp"
    HUMAN_RESOURCES = "hr"
    AUDITOR = "aud"
    INSPECTOR = "insp"
    HOST_PARTNER = "host"
    DATA_PROTECTION = "dpo"
    ADMINISTRATOR = "adm"


class Scope(StrEnum):
    """How far a right reaches."""

    SELF = "self"
    TEAM = "team"  # whom the actor supervises today
    SERVICES = "svc"  # people with a post today in a service of the grant
    ASSIGNED = "asg"  # people whose named assessor the actor is
    SESSIONS = "ses"  # people attending a course date the actor teaches
    ENGAGEMENT = "eng"  # the services an audit or inspection names, until it ends
    SECONDED = "sec"  # people seconded today to the host organisation of the grant
    ORGANISATION = "org"
    ANY = "any"  # every holder of the role
    OWN = "own"  # what the actor wrote
    NAMED = "acl"  # named on the object itself
    CASE = "case"  # named in an open case about that person
    TOKEN = "tok"  # noqa: S105 - a reach: bearer of an unguessable address, no account
    COMMAND = "cli"  # on the machine itself, never over HTTP


class Decision(Enum):
    """What a page answers: go on, 403, or 404 as if there were nothing there."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role given to an account, first and last day both counted.

    `services`: what a service manager manages, or what an audit or inspection may see.
    `organisation`: the host partner's organisation; for the organisation-wide roles a limit to one
    employer and its services. Blank is everybody recorded here, for organisation-wide roles only.
    """

    role: AccessRole
    from_on: date
    to_on: date | None = None
    services: tuple[str, ...] = ()
    organisation: str | None = None

    def covers(self, day: date) -> bool:
        """True from the first to the last day, both counted."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is doing a thing now; carries no password, session or table row."""

    account_id: int
    staff_code: str | None
    display_name: str
    grants: tuple[Grant, ...] = ()

    @property
    def by(self) -> str:
        """How the actor signs what they write."""
        return f"account:{self.account_id}"

    def holds(self, *roles: AccessRole, on: date) -> bool:
        """True when one of the roles is granted on the day."""
        return any(grant.role in roles and grant.covers(on) for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Person:
    """What the scopes need to know about one member of staff, as it is today.

    `services`, `organisations`: of the posts in force today. `hosts`: organisations that run a service the
    person is seconded to today. `supervisors`, `assessors`, `trainers`: staff codes.
    `named`, `cases`: ids of accounts named on the object, or in an open case about the person.
    """

    staff: str
    employer: str
    services: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    supervisors: frozenset[str] = frozenset()
    assessors: frozenset[str] = frozenset()
    trainers: frozenset[str] = frozenset()
    named: frozenset[int] = frozenset()
    cases: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ServicePlace:
    """What the scopes need to know about a service: who runs it, and who supervises somebody posted there."""

    service: str
    organisation: str
    supervisors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Permit:
    """One way in which an actor holds a right: a reach, and the grant that gives it."""

    scope: Scope
    grant: Grant
    second_person: bool = False


class UnknownAction(Exception):
    """The action has no line in the table of permissions."""


def permits(actor: Actor, action: str, *, on: date) -> tuple[Permit, ...]:
    """Every way in which the actor holds the right on the day; empty when there is none.

    Raises UnknownAction.
    """
    cells = _cells(action)
    return tuple(
        permit
        for grant in actor.grants
        if grant.covers(on)
        for permit in _read_cell(cells[grant.role], grant)
    )


def may(actor: Actor, action: str, *, on: date) -> frozenset[Scope]:
    """The reaches in which the actor holds the right on the day; empty when there is none.

    Raises UnknownAction.
    """
    return frozenset(permit.scope for permit in permits(actor, action, on=on))


def needs_second_person(actor: Actor, action: str, *, on: date) -> bool:
    """True when somebody else with the same right has to confirm before it takes effect."""
    held = permits(actor, action, on=on)
    return bool(held) and all(permit.second_person for permit in held)


def reaches_everybody(actor: Actor, action: str, *, on: date) -> bool:
    """True when the right covers everybody recorded here, so that a list need not be narrowed."""
    if action in CLOSED_TO_ADMINISTRATORS and actor.holds(AccessRole.ADMINISTRATOR, on=on):
        return False
    held = permits(actor, action, on=on)
    whole = any(permit.scope is Scope.ORGANISATION and permit.grant.organisation is None for permit in held)
    return whole or any(permit.scope is Scope.ANY for permit in held)


def check_action(action: str) -> str:
    """The action itself; raises UnknownAction for one that the table does not name."""
    _cells(action)
    return action


def open_to_everyone(action: str) -> bool:
    """True for what a bearer of an unguessable address may do without an account."""
    return _cells(action)["anon"] != "-"


def reaches(permit: Permit, actor: Actor, person: Person, *, made_by: int | None = None) -> bool:
    """True when the permit covers this person (`made_by`: account that wrote the record asked about)."""
    grant, me = permit.grant, actor.staff_code
    posted = not person.services.isdisjoint(grant.services)
    within: dict[Scope, bool] = {
        Scope.ANY: True,
        Scope.ORGANISATION: grant.organisation is None or _belongs(person, grant.organisation),
        Scope.SELF: me == person.staff,
        Scope.TEAM: me in person.supervisors,
        Scope.SERVICES: posted,
        Scope.ENGAGEMENT: posted or grant.organisation in person.organisations,
        Scope.SECONDED: grant.organisation in person.hosts,
        Scope.ASSIGNED: me in person.assessors,
        Scope.SESSIONS: me in person.trainers,
        Scope.OWN: made_by == actor.account_id,
        Scope.NAMED: actor.account_id in person.named,
        Scope.CASE: actor.account_id in person.cases,
    }
    return within.get(permit.scope, False)


def reaches_service(permit: Permit, actor: Actor, place: ServicePlace) -> bool:
    """True when the permit covers this service; personal reaches (self, own, …) never cover one."""
    grant = permit.grant
    match permit.scope:
        case Scope.ANY:
            return True
        case Scope.ORGANISATION:
            return grant.organisation in (None, place.organisation)
        case Scope.TEAM:
            return actor.staff_code in place.supervisors
        case Scope.SERVICES:
            return place.service in grant.services
        case Scope.ENGAGEMENT:
            return place.service in grant.services or grant.organisation == place.organisation
        case Scope.SECONDED:
            return grant.organisation == place.organisation
        case _:
            return False


def decide(
    actor: Actor, action: str, person: Person | None, *, on: date, made_by: int | None = None
) -> Decision:
    """Whether the actor may do this about the person today.

    HIDDEN for a person who does not exist and for one the actor knows nothing of, so that the two look
    alike; REFUSED for a person in sight and an action out of reach.
    """
    if person is None:
        return Decision.HIDDEN
    within = any(reaches(permit, actor, person, made_by=made_by) for permit in permits(actor, action, on=on))
    if within:
        return Decision.REFUSED if _denied(actor, action, person, on=on) else Decision.ALLOWED
    in_sight = any(
        reaches(permit, actor, person) for seen in _SIGHT for permit in permits(actor, seen, on=on)
    )
    return Decision.REFUSED if in_sight else Decision.HIDDEN


def decide_service(actor: Actor, action: str, place: ServicePlace | None, *, on: date) -> Decision:
    """Whether the actor may do this about the service today.

    REFUSED, without looking, when no role allows it anywhere; HIDDEN for a service out of reach.
    """
    held = permits(actor, action, on=on)
    if not held:
        return Decision.REFUSED
    if place is None or not any(reaches_service(permit, actor, place) for permit in held):
        return Decision.HIDDEN
    return Decision.ALLOWED


# --- What no grant overrides -------------------------------------------------------------------------------

# Nobody is the second pair of eyes on their own work.
NEVER_FOR_ONESELF: Final = frozenset(
    {
        "training.verify",
        "training.void",
        "competency.assess",
        "competency.sign_off",
        "competency.countersign",
        "certificate.issue",
        "certificate.revoke",
        "certificate.bulk_revoke",
        "role.grant",
    }
)

# Home contact, checks, health and supervision: the person who runs the computers has no need of them.
CLOSED_TO_ADMINISTRATORS: Final = frozenset(
    {
        "person.read.F3",
        "person.read.F4status",
        "person.read.F4detail",
        "person.read.F5",
        "supervision.read_F6",
        "supervision.read_F7",
    }
)

# Auditors and inspectors look; these are the only writes left to them.
LEFT_TO_ONLOOKERS: Final = frozenset({"session_list.revoke", "audit.verify"})

SMALL_GROUP: Final = 5  # fewer people than this could be recognised from a figure

_SIGHT: Final = ("person.list", "person.read.F1")


def acts_for_themself(actor: Actor, action: str, person: Person) -> bool:
    """True when the action needs somebody other than the person it is about, and that is the actor."""
    return action in NEVER_FOR_ONESELF and actor.staff_code == person.staff


def pries(actor: Actor, action: str, person: Person, *, on: date) -> bool:
    """True when a technical administrator asks for what is closed to them, whatever else they are."""
    return (
        action in CLOSED_TO_ADMINISTRATORS
        and actor.staff_code != person.staff
        and actor.holds(AccessRole.ADMINISTRATOR, on=on)
    )


def may_change(actor: Actor, action: str | None, *, on: date) -> bool:
    """False for an auditor or inspector, except for what is left to them (and their own sign-in)."""
    return action in LEFT_TO_ONLOOKERS or not actor.holds(AccessRole.AUDITOR, AccessRole.INSPECTOR, on=on)


def may_confirm(actor: Actor, *, asked_by: int) -> bool:
    """A request that needs a second person is never confirmed by the one who made it."""
    return actor.account_id != asked_by


def is_only_a_host(actor: Actor, *, on: date) -> bool:
    """A host partner and nothing else but staff: learns nothing about people who are not seconded to them."""
    others = set(AccessRole) - {AccessRole.HOST_PARTNER, AccessRole.STAFF}
    return actor.holds(AccessRole.HOST_PARTNER, on=on) and not actor.holds(*others, on=on)


def fewest_shown(actor: Actor, *, on: date) -> int:
    """The fewest people this actor is shown a figure about; 0 for all but host partners and inspectors."""
    watched = actor.holds(AccessRole.HOST_PARTNER, AccessRole.INSPECTOR, on=on)
    return SMALL_GROUP if watched else 0


def hides_figure(actor: Actor, people: int, *, on: date) -> bool:
    """True when a figure about so few people is not shown to this actor (host partners and inspectors)."""
    return people < fewest_shown(actor, on=on)


def has_left(employed_to: date | None, *, on: date) -> bool:
    """True from the day after the last day of employment."""
    return employed_to is not None and employed_to < on


def _denied(actor: Actor, action: str, person: Person, *, on: date) -> bool:
    return acts_for_themself(actor, action, person) or pries(actor, action, person, on=on)


def _belongs(person: Person, organisation: str) -> bool:
    return person.employer == organisation or organisation in person.organisations


def _cells(action: str) -> Mapping[str, str]:
    try:
        return PERMISSIONS[action]
    except KeyError:
        raise UnknownAction(f"{action!r} has no line in skillsmatrix/domain/permissions.py") from None


def _read_cell(cell: str, grant: Grant) -> tuple[Permit, ...]:
    if cell == "-":
        return ()
    parts = cell.split("+")
    second_person = "2" in parts
    return tuple(Permit(Scope(part), grant, second_person) for part in parts if part != "2")
