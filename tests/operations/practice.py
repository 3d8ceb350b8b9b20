"""A small house for tests of assessment and supervision: Ade learns, Bo and Cy may assess, Dee leads."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.sign_off import STANDARD_CRITERIA
from skillsmatrix.models import (
    Base,
    Competency,
    Organisation,
    Post,
    Requirement,
    Role,
    Service,
    SignOff,
    Staff,
)
from skillsmatrix.operations.assessments import Outcome, Seen, record_assessment
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.queries.workforce import workforce
from tests.facts import add

NOW = datetime(2025, 6, 10, 9, 0, tzinfo=UTC)
TODAY = date(2025, 6, 10)
LONG_AGO = date(2024, 1, 1)
BY = "account:7"


@dataclass(frozen=True)
class House:
    """Ids of what is in it."""

    ade: int
    bo: int
    cy: int
    dee: int
    skill: int


def house(session: Session, **rules: Any) -> House:
    """Store it. The skill needs a sign-off alone, at level 3, valid for 12 months; `rules` changes it."""
    org = add(session, Organisation(code="ORG", name="Bridge Homes"))
    place = add(session, Service(code="HOUSE", name="The House", organisation_id=org.id, opens_on=LONG_AGO))
    role = add(session, Role(code="SW", name="Support worker"))
    facts: dict[str, Any] = {"needs_learning": False, "needs_sign_off": True, "sign_off_months": 12, **rules}
    skill = add(session, Competency(code="MED", title="Medicines", **facts))
    people: dict[str, int] = {}
    for code in ("ade", "bo", "cy", "dee"):
        person = Staff(code=code, family_name=code.title(), employer_id=org.id, employed_from=LONG_AGO)
        people[code] = add(session, person).id
        post: dict[str, Any] = {
            "service_id": place.id,
            "role_id": role.id,
            "basis": "permanent",
            "starts_on": LONG_AGO,
        }
        add(session, Post(staff_id=people[code], **post))
    for code in ("bo", "cy"):
        signed_off(session, people[code], skill.id, people["dee"])
    add(
        session,
        Requirement(
            code="R1",
            competency_id=skill.id,
            level=3,
            cover="each",
            strength="hard_stop",
            in_force_from=LONG_AGO,
        ),
    )
    refresh(session, staff_ids=None, by=BY, at=NOW)
    return House(**people, skill=skill.id)


def signed_off(
    session: Session,
    staff_id: int,
    skill: int,
    assessor: int,
    *,
    on: date = date(2025, 1, 10),
    level: int = 3,
) -> int:
    """A sign-off that came with a data package."""
    fact = SignOff(
        staff_id=staff_id,
        competency_id=skill,
        level=level,
        assessed_on=on,
        outcome="competent",
        assessor_id=assessor,
    )
    return int(add(session, fact).id)


def assess(
    session: Session,
    at_house: House,
    *,
    days: int = 0,
    key: str = "k",
    assessor: int | None = None,
    **changes: Any,
) -> Outcome:
    """Assess Ade on a day so many days after today: competent, unless `changes` says otherwise."""
    at = changes.pop("at", NOW + timedelta(days=days))
    facts: dict[str, Any] = {
        "level": 3,
        "assessed_on": TODAY + timedelta(days=days),
        "criteria": STANDARD_CRITERIA,
        "competent": True,
        **changes,
    }
    return record_assessment(
        session,
        staff_id=at_house.ade,
        competency_id=at_house.skill,
        assessor_id=assessor or at_house.bo,
        seen=Seen(**facts),
        key=key,
        by=BY,
        at=at,
    )


def not_yet(session: Session, at_house: House, *, days: int, key: str) -> Outcome:
    """Assess Ade: not yet."""
    return assess(
        session, at_house, days=days, key=key, competent=False, criteria=(), next_steps="Practise the chart"
    )


def standing_of(session: Session, code: str, *, on: date = TODAY) -> str:
    """Where somebody stands in the skill, by the rule over the stored facts."""
    found = workforce(session).standings(on=on, person=code)
    return found[0].verdict.standing.value


def sign_offs_of(session: Session, staff_id: int) -> list[SignOff]:
    return list(session.scalars(select(SignOff).where(SignOff.staff_id == staff_id).order_by(SignOff.id)))


def everything(session: Session) -> int:
    """How many rows there are in all."""
    return sum(
        session.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables
    )
