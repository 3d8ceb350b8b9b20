"""A house with one leader, Ada, on whom its medicines and nursing depend; everything is dated by hand.

Ada is signed off in medicines, loses it after eight weeks without supervision (last held on 5 January 2026),
and is registered as a nurse to 12 March 2026. Medicines are asked of every leader and of one person in the
house; nursing is asked of every leader. Ben works there and holds neither.
"""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.models import (
    Account,
    Competency,
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
)
from skillsmatrix.operations.accounts import create_account, grant_role
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.operations.passwords import hash_password
from tests.facts import add
from tests.operations.certifying import certified

LONG_AGO = date(2024, 1, 1)
SIGNED_OFF = date(2025, 9, 10)
CERTIFIED = datetime(2026, 2, 20, 9, 0, tzinfo=UTC)
BY = "command:test"
PASSWORD = "river stone lamp"


def build(session: Session) -> None:
    """Store the house, its accounts, and the two certificates of Ada."""
    home = add(session, Organisation(code="HOME", name="Harbour Homes")).id
    alder = add(
        session,
        Service(
            code="alder", name="Alder", organisation_id=home, opens_on=LONG_AGO, escalation_contact="On call"
        ),
    ).id
    roles = {
        code: add(session, Role(code=code, name=code.title(), boundary="Does not diagnose.")).id
        for code in ("leader", "worker")
    }
    people = {
        code: add(
            session,
            Staff(
                code=code,
                given_name=code.title(),
                family_name="Quince",
                employer_id=home,
                employed_from=LONG_AGO,
            ),
        ).id
        for code in ("ada", "ben", "ivy")
    }
    for code, role in (("ada", "leader"), ("ben", "worker")):
        post = Post(
            staff_id=people[code],
            service_id=alder,
            role_id=roles[role],
            basis="permanent",
            starts_on=LONG_AGO,
        )
        add(session, post)
    skills = _skills(session, alder, roles["leader"])
    _record(session, people, skills)
    rebuild(session, by=BY, at=CERTIFIED)
    _accounts(session, people, alder)
    for skill in skills.values():
        certified(session, people["ada"], skill, key=f"story-{skill}", at=CERTIFIED, on=CERTIFIED.date())


def _skills(session: Session, alder: int, leader: int) -> dict[str, int]:
    medicines = Competency(
        code="med", title="Medicines", needs_learning=True, needs_sign_off=True, supervision_kind="clinical",
        supervision_every_days=28, supervision_lapse_days=56, boundary="Never alters a dose.",
    )  # fmt: skip
    nursing = Competency(
        code="nurse", title="Nursing", needs_learning=False, needs_sign_off=True, registration_body="NMC"
    )
    skills = {row.code: add(session, row).id for row in (medicines, nursing)}
    rows = (("R-MED", "med", leader, "each", None), ("R-NURSE", "nurse", leader, "each", None),
            ("R-ONE", "med", None, "count", 1))  # fmt: skip
    for code, skill, role, cover, amount in rows:
        add(
            session,
            Requirement(
                code=code, service_id=alder, role_id=role, competency_id=skills[skill], level=3, cover=cover,
                amount=amount, strength="hard_stop", in_force_from=LONG_AGO,
            ),
        )  # fmt: skip
    return skills


def _record(session: Session, people: dict[str, int], skills: dict[str, int]) -> None:
    about = {"staff_id": people["ada"], "competency_id": skills["med"]}
    add(session, Learning(**about, completed_on=date(2025, 9, 1), level=3, valid_months=24))
    for skill in skills.values():
        add(
            session,
            SignOff(
                staff_id=people["ada"], competency_id=skill, level=3, assessed_on=SIGNED_OFF,
                outcome="competent", assessor_id=people["ivy"],
            ),
        )  # fmt: skip
    held = {"supervisee_id": people["ada"], "supervisor_id": people["ivy"], "kind": "clinical"}
    for day in (date(2025, 11, 4), date(2025, 12, 9), date(2026, 1, 5)):
        add(session, SupervisionSession(**held, held_on=day))
    registered = Registration(
        staff_id=people["ada"], body="NMC", registered_on=LONG_AGO, valid_to=date(2026, 3, 12)
    )
    add(session, registered)


def _accounts(session: Session, people: dict[str, int], alder: int) -> None:
    shared = hash_password(PASSWORD)
    for name, staff, role in (
        ("ada", people["ada"], None),
        ("manager", None, AccessRole.SERVICE_MANAGER),
        ("hr", None, AccessRole.HUMAN_RESOURCES),
    ):
        account = create_account(
            session, email=email_of(name), display_name=name.title(), staff_id=staff, by=BY, at=CERTIFIED
        )
        session.get_one(Account, account).password_hash = shared
        if role is not None:
            service = alder if role is AccessRole.SERVICE_MANAGER else None
            grant_role(
                session, account_id=account, role=role, from_on=LONG_AGO, service_id=service, by=BY,
                at=CERTIFIED,
            )  # fmt: skip


def email_of(name: str) -> str:
    return f"{name}@example.org"
