"""A house, a course that teaches what it lacks, and people who want a seat."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.models import (
    Booking,
    Competency,
    Course,
    CourseGrant,
    Organisation,
    Post,
    Requirement,
    Role,
    Service,
    Staff,
)
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.operations.courses import Plan, plan_date
from tests.facts import add

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
STARTS = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
AFTER = STARTS + timedelta(hours=8)
BY = "account:1"
SINCE = date(2024, 1, 1)


@dataclass(frozen=True)
class House:
    """Ids of what is in the house. `staff`: by code."""

    course: int
    medicines: int
    fire: int
    staff: dict[str, int]

    def plan(self, **changes: object) -> Plan:
        """A whole day's course for two people, with what should differ."""
        usual = Plan(
            course_id=self.course,
            trainer_id=None,
            starts_at=STARTS,
            ends_at=STARTS + timedelta(hours=6),
            place="Training room",
            link=None,
            seats=2,
            minimum=0,
            seat_pence=0,
            run_pence=0,
            cut_off_on=None,
        )
        return replace(usual, **changes)  # type: ignore[arg-type]


def build(session: Session, people: int = 6) -> House:
    """p0 … pN at the house; nurses (p4 and on) must hold medicines, a hard stop; everybody fire."""
    org = add(session, Organisation(code="ORG", name="Bridge Homes")).id
    house = add(session, Service(code="HOUSE", name="The House", organisation_id=org, opens_on=SINCE)).id
    roles = {code: add(session, Role(code=code, name=code.upper())).id for code in ("sw", "rn")}
    medicines = _competency(session, "MED", "Medicines")
    fire = _competency(session, "FIRE", "Fire safety")
    course = add(session, Course(code="C1", title="Safe and sound")).id
    for competency, months in ((medicines, 12), (fire, None)):
        add(session, CourseGrant(course_id=course, competency_id=competency, valid_months=months))
    _requirement(session, "R-FIRE", fire, strength="target")
    _requirement(session, "R-MED", medicines, strength="hard_stop", role_id=roles["rn"])
    staff = {}
    for number in range(people):
        person = Staff(code=f"p{number}", family_name=f"P{number}", employer_id=org, employed_from=SINCE)
        staff[person.code] = add(session, person).id
        role = roles["rn" if number >= 4 else "sw"]
        add(
            session,
            Post(
                staff_id=staff[person.code],
                service_id=house,
                role_id=role,
                basis="permanent",
                starts_on=SINCE,
            ),
        )
    rebuild(session, by=BY, at=AT)
    return House(course, medicines, fire, staff)


def planned(session: Session, house: House, **changes: object) -> int:
    """A course date."""
    return plan_date(session, house.plan(**changes), by=BY, at=AT)


def states(session: Session, course_date: int) -> dict[int, str]:
    """Staff id → state, in order of asking."""
    rows = session.execute(
        select(Booking.staff_id, Booking.state)
        .where(Booking.course_date_id == course_date)
        .order_by(Booking.asked_at, Booking.id)
    )
    return dict(rows.all())


def _competency(session: Session, code: str, title: str) -> int:
    row = Competency(code=code, title=title, needs_learning=True, needs_sign_off=False)
    found: int = add(session, row).id
    return found


def _requirement(
    session: Session, code: str, competency: int, *, strength: str, role_id: int | None = None
) -> None:
    row = Requirement(
        code=code,
        competency_id=competency,
        role_id=role_id,
        cover="each",
        strength=strength,
        in_force_from=SINCE,
    )
    add(session, row)
