"""What the pages of assessment are given."""

from dataclasses import dataclass

from flask import abort, g

from skillsmatrix.domain.sign_off import Refusal, refusals
from skillsmatrix.queries.assessments import (
    Candidate,
    RequestLine,
    Task,
    assessors,
    candidates,
    open_requests,
    task,
)
from skillsmatrix.queries.record import PersonRecord, person_record
from skillsmatrix.queries.subjects import Skill, Someone, skill, someone
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import visible_staff
from skillsmatrix.web.shared.sight import seen_names, unnamed


def wanted_person(code: str) -> Someone:
    """The person of the address; 404 when there is none (the guard has let nobody else through)."""
    found = someone(db_session(), code)
    if found is None:
        abort(404)
    return found


def wanted_skill(code: str | None) -> Skill:
    """The competency of the address; 404 when there is none, or it is never signed off."""
    found = skill(db_session(), code)
    if found is None or not found.needs_sign_off:
        abort(404)
    return found


def record_of(person: Someone) -> PersonRecord:
    """The person's record today."""
    record = person_record(
        db_session(), person.code, on=g.today, today=g.today, seen=seen_names(), unnamed=unnamed()
    )
    if record is None:
        abort(404)
    return record


def asked_level(person: Someone, competency: Skill, given: str | None) -> int:
    """The level to assess at: of the address, of what was asked, or what the person's posts ask."""
    if given and given.isdecimal() and 1 <= int(given) <= 9:
        return int(given)
    asked = [
        line.level
        for line in requests_of(person)
        if line.competency == competency.code and line.assessor == g.actor.staff_code
    ]
    return asked[0] if asked else record_of(person).standpoint(competency.code).verdict.level


def requests_of(person: Someone) -> list[RequestLine]:
    """What is asked about the person."""
    return open_requests(db_session(), on=g.today, staff_ids=[person.staff_id])


def task_of(person: Someone, competency: Skill, level: int) -> Task:
    """What there is to see today."""
    return task(
        db_session(),
        staff_id=person.staff_id,
        competency_id=competency.competency_id,
        level=level,
        on=g.today,
    )


def own_refusals(person: Someone, competency: Skill, level: int) -> tuple[Refusal, ...]:
    """Why whoever is signed in may not assess this today; empty when they may."""
    me = someone(db_session(), g.actor.staff_code)
    if me is None:
        return (Refusal.NOT_HELD,)
    known = assessors(db_session(), [me.staff_id], competency=competency.code, on=g.today)[me.staff_id]
    return tuple(refusals(known, candidate=person.code, level=level, assessed_on=g.today, on=g.today))


@dataclass(frozen=True, slots=True)
class Choice:
    """Who may assess, and of those who may not the ones about whom the asker may know why."""

    may: list[Candidate]
    may_not: list[Candidate]


def choice_of_assessors(person: Someone, competency: Skill, level: int) -> Choice:
    """Everybody trusted as an assessor, sorted into who may and who may not."""
    found = candidates(db_session(), person=person.code, competency=competency.code, level=level, on=g.today)
    known = visible_staff("competency.read")
    return Choice(
        may=[each for each in found if not each.refusals],
        may_not=[each for each in found if each.refusals and each.code in known],
    )
