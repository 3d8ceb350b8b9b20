"""Sign-offs that still count although a later assessment said "not yet", until somebody has decided."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from skillsmatrix.domain.evidence import SignOff as Decision
from skillsmatrix.domain.sign_off import LaterNotYet, later_not_yet
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.models import Competency, SignOff, SignOffReview, Staff
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.labels import names
from skillsmatrix.queries.workforce import workforce

STAFF, COMPETENCIES = Staff.__table__, Competency.__table__


@dataclass(frozen=True, slots=True)
class Doubt:
    """A "not yet" newer than a sign-off that counts. Pages decide to whom they tell the names.

    `sign_off_id` is None where the row has since been corrected to another day or assessor.
    """

    staff: str
    staff_name: str
    competency: str
    title: str
    level: int
    assessed_on: date
    assessor: str
    assessor_name: str
    sign_off_id: int | None
    signed_on: date
    signed_by: str
    signed_by_name: str


def doubts(
    session: Session,
    *,
    on: date,
    within: Reach | None = None,
    staff: Collection[str] | None = None,
    competency: str | None = None,
    known_at: datetime | None = None,
) -> list[Doubt]:
    """The doubts that are open on a day, the latest "not yet" first; as known at an instant (None: now).

    `within`: the people who may be shown (None: whoever is named in `staff`).
    """
    pairs = _pairs(session, within=within, staff=staff, competency=competency)
    if not pairs:
        return []
    ids = set(pairs.values())
    facts = workforce(session, known_at=known_at, staff_ids=ids)
    rows, stood = _rows(session, ids), _stood(session, ids, known_at)
    open_ones: list[_Open] = []
    for person, skill in sorted(pairs):
        if person in facts.people and skill in facts.competencies:
            doubt = later_not_yet(facts.holding(person, skill).evidence, on=on)
            if doubt is None:
                continue
            number, _at = rows.get(_key(person, skill, doubt.sign_off), (None, None))
            _number, said_at = rows.get(_key(person, skill, doubt.not_yet), (None, None))
            kept_at = stood.get(number or 0)
            if kept_at is None or said_at is None or kept_at < said_at:
                open_ones.append((person, skill, doubt, number))
    found = _in_words(session, facts, open_ones)
    return sorted(found, key=lambda each: (each.assessed_on, each.staff), reverse=True)


def _pairs(
    session: Session, *, within: Reach | None, staff: Collection[str] | None, competency: str | None
) -> dict[tuple[str, str], int]:
    """(staff, competency) → staff id of those with a "not yet" later than a sign-off."""
    statement, asked = _later_not_yets(), {}
    if staff is not None:
        statement, asked = _later_not_yets_of_some(), {"staff": list(staff)}
    if within is not None:
        statement = statement.where(within.narrow(STAFF.c.code))
    if competency is not None:
        statement = statement.where(COMPETENCIES.c.code == competency)
    rows = session.connection().execute(statement, asked)
    return {(person, skill): number for person, skill, number in rows}


@cache
def _later_not_yets_of_some() -> Select[Any]:
    return _later_not_yets().where(STAFF.c.code.in_(bindparam("staff", expanding=True)))


@cache
def _later_not_yets() -> Select[Any]:
    signed, later = SignOff.__table__, SignOff.__table__.alias()
    return (
        select(STAFF.c.code, COMPETENCIES.c.code, STAFF.c.id)
        .join_from(signed, STAFF, STAFF.c.id == signed.c.staff_id)
        .join(COMPETENCIES, COMPETENCIES.c.id == signed.c.competency_id)
        .join(
            later,
            (later.c.staff_id == signed.c.staff_id) & (later.c.competency_id == signed.c.competency_id),
        )
        .where(
            signed.c.outcome == "competent",
            later.c.outcome == "not_yet",
            later.c.assessed_on > signed.c.assessed_on,
        )
        .distinct()
    )


_Open = tuple[str, str, LaterNotYet, int | None]
_Key = tuple[str, str, date, str]


def _key(person: str, skill: str, decision: Decision) -> _Key:
    return person, skill, decision.assessed_on, decision.assessor


def _rows(session: Session, staff_ids: Collection[int]) -> dict[_Key, tuple[int, datetime]]:
    """(staff, competency, day, assessor) → id of the decision, and when it was recorded."""
    by = aliased(Staff)
    rows = session.execute(
        select(Staff.code, Competency.code, SignOff.assessed_on, by.code, SignOff.id, SignOff.recorded_at)
        .join(Staff, Staff.id == SignOff.staff_id)
        .join(Competency, Competency.id == SignOff.competency_id)
        .join(by, by.id == SignOff.assessor_id)
        .where(SignOff.staff_id.in_(staff_ids))
    )
    return {
        (person, skill, day, assessor): (number, recorded_at)
        for person, skill, day, assessor, number, recorded_at in rows
    }


def _stood(session: Session, staff_ids: Collection[int], known_at: datetime | None) -> dict[int, datetime]:
    """Id of a sign-off → when somebody last looked at it and let it stand."""
    statement = (
        select(SignOffReview.sign_off_id, func.max(SignOffReview.closed_at))
        .join(SignOff, SignOff.id == SignOffReview.sign_off_id)
        .where(SignOffReview.outcome == "stands", SignOff.staff_id.in_(staff_ids))
        .group_by(SignOffReview.sign_off_id)
    )
    if known_at is not None:
        statement = statement.where(SignOffReview.closed_at <= known_at)
    return {number: closed_at for number, closed_at in session.execute(statement) if closed_at is not None}


def _in_words(session: Session, facts: Workforce, found: Sequence[_Open]) -> list[Doubt]:
    named = names(
        session,
        {
            code
            for person, _, each, _ in found
            for code in (person, each.not_yet.assessor, each.sign_off.assessor)
        },
    )
    return [
        Doubt(
            staff=person,
            staff_name=named[person],
            competency=skill,
            title=facts.competencies[skill].title,
            level=doubt.sign_off.level,
            assessed_on=doubt.not_yet.assessed_on,
            assessor=doubt.not_yet.assessor,
            assessor_name=named[doubt.not_yet.assessor],
            sign_off_id=number,
            signed_on=doubt.sign_off.assessed_on,
            signed_by=doubt.sign_off.assessor,
            signed_by_name=named[doubt.sign_off.assessor],
        )
        for person, skill, doubt, number in found
    ]
