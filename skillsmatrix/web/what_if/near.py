"""Who could close a gap that a scenario leaves: those at the service who nearly hold what is asked."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import abort, g, render_template

from skillsmatrix.domain import scenario as tried
from skillsmatrix.domain.cover import cover_line
from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.domain.standing import Standing
from skillsmatrix.queries.scenario_effect import laid_image
from skillsmatrix.queries.services import service_entry
from skillsmatrix.queries.team import Placing, team
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import allowed, needs, visible_services, visible_staff
from skillsmatrix.web.what_if import choosing, pages
from skillsmatrix.web.what_if.blueprint import bp
from skillsmatrix.web.what_if.sight import READ, WRITE, Read, names_for, read_scenario

NEARLY: Final = (
    Standing.SUSPENDED,
    Standing.AWAITING_SIGN_OFF,
    Standing.EXPIRED,
    Standing.SUPERSEDED,
    Standing.BELOW_LEVEL,
    Standing.WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who nearly holds it: where they stand in the record, and what it takes."""

    person: str
    name: str
    placing: Placing


@bp.get("/what-if/<int:scenario_id>/nearly/<service>/<path:requirement>")
@needs(READ)
def nearly(scenario_id: int, service: str, requirement: str) -> Any:
    read = read_scenario(scenario_id)
    on = pages.asked_or_felt([read.fitted])
    row = _row(read, service, requirement)
    names = names_for(read.saved.changes)
    what, whom = choosing.requirement_words(row, names)
    return render_template(
        "what_if/nearly.html",
        read=read,
        on=on,
        what=what,
        whom=whom,
        where=names.services.get(service, service),
        row=row,
        listed=_candidates(read, service, row, on=on),
        may_add=read.own and not read.saved.archived and allowed(WRITE),
    )


def _row(read: Read, service: str, requirement: str) -> Requirement:
    """The requirement as the scenario has it, at a service in sight."""
    image = laid_image(db_session(), read.fitted, today=g.today)
    own = service in tried.new_services(read.saved.changes)
    seen = visible_services(READ).everything if own else service in visible_services(READ)
    rows = image.catalogue.requirements.of_service(service)
    row = next((each for each in rows if each.code == requirement), None)
    if row is None or not seen or service not in image.catalogue.requirements.services:
        abort(404)
    return row


def _candidates(read: Read, service: str, row: Requirement, *, on: date) -> list[Candidate]:
    """Those in sight, nearest first, without who leaves or gains it by the day in the scenario."""
    entry = service_entry(db_session(), service)
    if entry is None:
        return []
    found = team(db_session(), entry, on=on, today=g.today)
    within, settled = visible_staff(READ), _settled(read, row.competency, on=on)
    return [
        Candidate(placing.person, found.name(placing.person), placing)
        for placing in found.missing(cover_line(service, row, (), on=on))  # whom it asks is all that counts
        if placing.person in within and placing.person not in settled and placing.verdict.standing in NEARLY
    ]


def _settled(read: Read, competency: str, *, on: date) -> frozenset[str]:
    found: set[str] = set()
    for each in read.fitted:
        match each.change if each.unfit is None else None:
            case tried.PersonLeaves(staff=staff, last_day=last) if last < on:
                found.add(staff)
            case tried.CompetencyGained(staff=staff, competency=gained, held_from=day) if (
                gained == competency and day <= on
            ):
                found.update(staff)
            case _:
                pass
    return frozenset(found)
