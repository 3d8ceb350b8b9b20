"""What the matrix of permissions and the rules that no grant overrides say about one request.

Reads the copy of the matrix beside tests/domain and the world's own tables; never the product's rules.
"""

import csv
from functools import cache
from pathlib import Path

from tests.web.world import Persona

MATRIX = Path(__file__).resolve().parents[1] / "domain" / "permissions.csv"

# What nobody does for themself, and what a technical administrator never reads about others.
NEEDS_SOMEBODY_ELSE = {
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
PERSONAL = {
    "person.read.F3",
    "person.read.F4status",
    "person.read.F4detail",
    "person.read.F5",
    "supervision.read_F6",
    "supervision.read_F7",
}
ONLOOKERS = {"aud", "insp"}
ONLOOKERS_MAY = {"session_list.revoke", "audit.verify"}


@cache
def matrix() -> dict[str, dict[str, str]]:
    """Action → column → cell, as the file says."""
    with MATRIX.open(newline="") as file:
        return {row.pop("resource.action"): row for row in csv.DictReader(file)}


def scopes(persona: Persona, action: str) -> set[str]:
    """The reaches the persona's columns give for the action."""
    cells = [matrix()[action][role] for role in persona.roles]
    return {part for cell in cells for part in cell.split("+")} - {"-", "2"}


def people_within(persona: Persona, action: str) -> frozenset[str]:
    """Staff codes about whom the persona may do this."""
    found: set[str] = set()
    for scope in scopes(persona, action):
        found |= persona.people.get(scope, frozenset())
    if action in NEEDS_SOMEBODY_ELSE and persona.staff:
        found.discard(persona.staff)
    if action in PERSONAL and "adm" in persona.roles:
        found &= {persona.staff} if persona.staff else set()
    return frozenset(found)


def services_within(persona: Persona, action: str) -> frozenset[str]:
    """Service codes about which the persona may do this."""
    found: set[str] = set()
    for scope in scopes(persona, action):
        found |= persona.services.get(scope, frozenset())
    return frozenset(found)


def services_seen_whole(persona: Persona, action: str) -> frozenset[str]:
    """Those of them where the persona sees everybody: not through a team, nor through who is lent there."""
    found: set[str] = set()
    for scope in scopes(persona, action) - {"team", "sec"}:
        found |= persona.services.get(scope, frozenset())
    return frozenset(found)


def answer_about_person(persona: Persona, action: str, staff: str, *, changes: bool = False) -> int:
    """200 for yes, 403, 404, or 302 to the sign-in page."""
    if persona.shut_out:
        return 302
    if changes and persona.roles & ONLOOKERS and action not in ONLOOKERS_MAY:
        return 403
    if staff in people_within(persona, action):
        return 200
    known = people_within(persona, "person.list") | people_within(persona, "person.read.F1")
    return 403 if staff in known or staff in _without_denials(persona, action) else 404


def answer_about_service(persona: Persona, action: str, service: str, *, changes: bool = False) -> int:
    """The same about a service."""
    if persona.shut_out:
        return 302
    if changes and persona.roles & ONLOOKERS and action not in ONLOOKERS_MAY:
        return 403
    if not scopes(persona, action):
        return 403
    return 200 if service in services_within(persona, action) else 404


def answer(persona: Persona, action: str, *, changes: bool = False) -> int:
    """The same for an action that is about no one thing."""
    if persona.shut_out:
        return 302
    if changes and persona.roles & ONLOOKERS and action not in ONLOOKERS_MAY:
        return 403
    return 200 if scopes(persona, action) else 403


def _without_denials(persona: Persona, action: str) -> frozenset[str]:
    found = (persona.people.get(scope, frozenset()) for scope in scopes(persona, action))
    return frozenset().union(*found)
