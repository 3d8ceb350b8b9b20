"""What the tests of assessment and supervision add to the world: ivy may assess ada in Medicines."""

from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading
from skillsmatrix.models import Account, Assessment, Competency, SignOff, Staff, Suspension
from skillsmatrix.operations.assessment_rules import set_assessment_rule
from skillsmatrix.operations.conclusions import refresh
from tests.web.world import email_of

BY = "command:test"


def staff_id(session: Session, code: str) -> int:
    return session.scalars(select(Staff.id).where(Staff.code == code)).one()


def medicines(session: Session) -> int:
    return session.scalars(select(Competency.id).where(Competency.code == "med")).one()


def unsigned(session: Session, code: str) -> None:
    """Take back what the world signed off for somebody, as if it had never been."""
    for fact in session.scalars(select(SignOff).where(SignOff.staff_id == staff_id(session, code))):
        session.delete(fact)
    for stop in session.scalars(select(Suspension).where(Suspension.staff_id == staff_id(session, code))):
        session.delete(stop)
    session.flush()
    refresh(session, staff_ids=[staff_id(session, code)], by=BY, at=clock.now())


def give_account(session: Session, persona: str, code: str) -> None:
    """Tie the account of a persona to a staff record."""
    account = session.scalars(select(Account).where(Account.email == email_of(persona))).one()
    account.staff_id = staff_id(session, code)


def ask_for(session: Session, **rule: Any) -> None:
    """State what Medicines asks of its assessments."""
    facts = {"observations": 1, "settings": [], "needs_countersign": False, **rule}
    set_assessment_rule(session, competency_id=medicines(session), by=BY, at=clock.now(), **facts)


def assessments_of(session: Session, code: str) -> list[Assessment]:
    return list(
        session.scalars(
            select(Assessment).where(Assessment.staff_id == staff_id(session, code)).order_by(Assessment.id)
        )
    )


def decisions_of(session: Session, code: str) -> list[SignOff]:
    return list(
        session.scalars(
            select(SignOff).where(SignOff.staff_id == staff_id(session, code)).order_by(SignOff.id)
        )
    )


def sign_off_of(engine: Engine, code: str) -> int:
    with reading(engine) as session:
        return decisions_of(session, code)[0].id
