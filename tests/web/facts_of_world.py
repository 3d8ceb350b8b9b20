"""What the people of the world have shown and been asked for: enough to fill every page about them."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.foundation import clock
from skillsmatrix.models import (
    Competency,
    Exemption,
    Learning,
    Organisation,
    Registration,
    Requirement,
    SignOff,
    Staff,
    SupervisionSession,
    Suspension,
)
from skillsmatrix.operations.conclusions import rebuild
from tests.facts import add

LONG_AGO = date(2020, 1, 6)


def store_facts(session: Session, staff: dict[str, int], *, by: str) -> None:
    """Medicines is a hard stop everywhere; everybody has learned it, and all but ben are signed off.

    The assessor is nobody's colleague, so that their name gives nothing away. Fire safety is asked of
    everybody too, and only ada and cyn have it.
    """
    today = clock.today()
    home = session.scalars(select(Organisation.id).where(Organisation.code == "HOME")).one()
    assessor = add(
        session,
        Staff(code="pat", given_name="Pat", family_name="Plain", employer_id=home, employed_from=LONG_AGO),
    ).id
    medicines = session.scalars(select(Competency.id).where(Competency.code == "med")).one()
    fire = add(
        session, Competency(code="fire", title="Fire safety", needs_learning=True, needs_sign_off=False)
    )
    for code, competency_id in (("R-MED", medicines), ("R-FIRE", fire.id)):
        _ask(session, code, competency_id)
    for code, person in staff.items():
        _show(session, code, person, medicines, fire.id, assessor)
    _restricted(session, staff["ada"], medicines, today)
    rebuild(session, by=by, at=clock.now())


def _ask(session: Session, code: str, competency_id: int) -> None:
    add(
        session,
        Requirement(
            code=code,
            competency_id=competency_id,
            cover="each",
            strength="hard_stop",
            in_force_from=LONG_AGO,
            reason="Needed in every house",
        ),
    )


def _show(session: Session, code: str, person: int, medicines: int, fire: int, assessor: int) -> None:
    done_on = clock.today() - timedelta(days=100)
    add(session, Learning(staff_id=person, competency_id=medicines, completed_on=done_on, valid_months=12))
    if code != "ben":
        add(
            session,
            SignOff(
                staff_id=person,
                competency_id=medicines,
                level=1,
                assessed_on=done_on,
                outcome="competent",
                assessor_id=assessor,
            ),
        )
    if code in ("ada", "cyn"):
        add(session, Learning(staff_id=person, competency_id=fire, completed_on=done_on, valid_months=4))
    held = {"supervisee_id": person, "supervisor_id": assessor, "kind": "management", "held_on": done_on}
    add(session, SupervisionSession(**held))


def _restricted(session: Session, ada: int, medicines: int, today: date) -> None:
    """What only some may read of ada: numbers, kinds of reason, words of a decision."""
    add(
        session,
        Registration(staff_id=ada, body="NMC", number="PIN-QUILL", registered_on=LONG_AGO, valid_to=None),
    )
    add(
        session,
        Suspension(
            staff_id=ada,
            competency_id=medicines,
            starts_on=today - timedelta(days=3),
            reason="Quarrel in the office",
        ),
    )
    add(
        session,
        Exemption(
            staff_id=ada,
            competency_id=medicines,
            starts_on=today - timedelta(days=400),
            ends_on=today - timedelta(days=300),
            approved_by="Head of practice",
            reason_kind="quinsy",
        ),
    )
