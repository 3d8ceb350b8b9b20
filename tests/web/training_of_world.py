"""A course date of the world, who wants a seat on it, and a claim of everybody's."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.foundation import clock
from skillsmatrix.models import (
    Account,
    Booking,
    Claim,
    Competency,
    Course,
    CourseDate,
    CourseGrant,
    Organisation,
    Staff,
)
from tests.facts import add

TRAINER = "tom"  # named to everybody as the one who teaches, so his name is no canary
DATE = 1  # the only course date: taught by tom, in ten days; cyn has a seat, ada waits
TEN_DAYS = timedelta(days=10)


def store_trainer(session: Session) -> int:
    """The member of staff behind the account `trn`."""
    home = session.scalars(select(Organisation.id).where(Organisation.code == "HOME")).one()
    row = Staff(
        code=TRAINER,
        given_name="Tom",
        family_name="Trainer",
        employer_id=home,
        employed_from=clock.today() - timedelta(days=400),
    )
    found: int = add(session, row).id
    return found


def store_training(session: Session, staff: dict[str, int], *, trainer: int) -> None:
    """One seat, which cyn has; ada waits. Everybody has one claim that waits for a decision."""
    medicines = session.scalars(select(Competency.id).where(Competency.code == "med")).one()
    course = add(session, Course(code="C-MED", title="Medicines day")).id
    add(session, CourseGrant(course_id=course, competency_id=medicines, level=1))
    starts_at = datetime.combine(clock.today() + TEN_DAYS, time(9, 0), clock.LONDON)
    date = add(
        session,
        CourseDate(
            course_id=course,
            trainer_id=trainer,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=6),
            place="Training room",
            seats=1,
        ),
    ).id
    for code, state in (("cyn", "booked"), ("ada", "waiting")):
        asked_at = starts_at - timedelta(days=30)
        add(
            session,
            Booking(course_date_id=date, staff_id=staff[code], state=state, asked_at=asked_at),
        )
    hr = session.scalars(select(Account.id).where(Account.email.like("hr@%"))).one()
    for staff_id in staff.values():
        claim = Claim(
            staff_id=staff_id,
            competency_id=medicines,
            completed_on=clock.today() - TEN_DAYS,
            title="Medicines elsewhere",
            provider="Fenland Trust",
            state="waiting",
        )
        add(session, claim)
        claim.recorded_by = f"account:{hr}"
    session.flush()
