"""Rows for tests that need a database with one of everything in it. Values that matter stay in the test."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from skillsmatrix.models import (
    Absence,
    Competency,
    Course,
    CourseGrant,
    Exemption,
    Learning,
    Organisation,
    Post,
    Registration,
    Requirement,
    Role,
    Service,
    SignOff,
    Staff,
    SupervisionSession,
    Suspension,
)
from skillsmatrix.models.base import Fact

AT = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
BY = "test"


def add(session: Session, fact: Fact) -> Any:
    """Store one fact as recorded on 6 January 2025, without a line in the log."""
    fact.recorded_at = fact.version_from = AT
    fact.recorded_by = BY
    session.add(fact)
    session.flush()
    return fact


def a_whole_record(session: Session) -> dict[str, Any]:
    """One row in each table of the contract: Ade works at the house, Bo assesses and supervises."""
    # long: one list, a row for each table, that is read as a whole
    since = date(2024, 1, 1)
    org = add(session, Organisation(code="ORG", name="Bridge Homes"))
    house = add(session, Service(code="HOUSE", name="The House", organisation_id=org.id, opens_on=since))
    role = add(session, Role(code="SW", name="Support worker"))
    people = [
        add(
            session,
            Staff(code=code, family_name=code.title(), employer_id=org.id, employed_from=since),
        )
        for code in ("ade", "bo")
    ]
    ade, bo = people
    skill = add(
        session,
        Competency(
            code="MED",
            title="Medicines",
            needs_learning=True,
            needs_sign_off=True,
            supervision_kind="clinical",
            supervision_lapse_days=56,
            registration_body="NMC",
        ),
    )
    course = add(session, Course(code="C1", title="Medicines day"))
    about = {"staff_id": ade.id, "competency_id": skill.id}
    return {
        "organisation": org,
        "service": house,
        "role": role,
        "ade": ade,
        "bo": bo,
        "competency": skill,
        "course": course,
        "grant": add(session, CourseGrant(course_id=course.id, competency_id=skill.id)),
        "post": add(
            session,
            Post(
                staff_id=ade.id,
                service_id=house.id,
                role_id=role.id,
                basis="permanent",
                starts_on=since,
                ends_on=date(2026, 12, 31),
            ),
        ),
        "absence": add(
            session,
            Absence(staff_id=ade.id, kind="sickness", starts_on=date(2024, 6, 3), ends_on=date(2024, 6, 7)),
        ),
        "learning": add(session, Learning(**about, completed_on=date(2024, 2, 1), course_id=course.id)),
        "sign_off": add(
            session,
            SignOff(**about, level=3, assessed_on=date(2024, 2, 8), outcome="competent", assessor_id=bo.id),
        ),
        "supervision": add(
            session,
            SupervisionSession(
                supervisee_id=ade.id, supervisor_id=bo.id, kind="clinical", held_on=date(2024, 3, 1)
            ),
        ),
        "registration": add(
            session,
            Registration(staff_id=ade.id, body="NMC", registered_on=since, valid_to=date(2027, 1, 1)),
        ),
        "suspension": add(session, Suspension(**about, starts_on=date(2024, 4, 1), ends_on=date(2024, 4, 9))),
        "exemption": add(
            session,
            Exemption(
                **about, starts_on=date(2024, 5, 1), ends_on=date(2024, 5, 31), approved_by="Head of practice"
            ),
        ),
        "requirement": add(
            session,
            Requirement(
                code="R1",
                competency_id=skill.id,
                level=3,
                cover="count",
                amount=1,
                strength="hard_stop",
                in_force_from=since,
            ),
        ),
    }
