"""Random edits of every kind of fact, each followed by what an operation must call."""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix import models
from skillsmatrix.models.base import Fact
from skillsmatrix.operations.conclusions import refresh
from tests.oracle.packages import TURNING_DAYS

AT = datetime(2026, 9, 2, 9, tzinfo=UTC)
BY = "test"
RECORDED = {"recorded_at": AT, "version_from": AT, "recorded_by": BY}
Edit = Callable[["Editor"], None]


class Editor:
    """One session that writes, and what to draw from."""

    def __init__(self, session: Session, random: Random, number: int) -> None:
        self.session = session
        self.random = random
        self.number = number

    def any(self, model: type[Any]) -> Any:
        """Some row of a table that has rows, else None."""
        found = self.session.scalars(select(model).order_by(model.id)).all()
        return self.random.choice(found) if found else None

    def day(self) -> date:
        return self.random.choice(TURNING_DAYS) + timedelta(days=self.random.choice((-1, 0, 1, 27)))

    def end(self, start: date) -> date | None:
        return self.random.choice((None, start, start + timedelta(days=self.random.choice((1, 27, 28, 90)))))

    def add(self, fact: Fact) -> None:
        for name, value in RECORDED.items():
            setattr(fact, name, value)
        self.session.add(fact)
        self.session.flush()

    def refresh(
        self, staff_ids: Collection[int] | None, competency_ids: Collection[int] | None = None
    ) -> None:
        refresh(self.session, staff_ids=staff_ids, competency_ids=competency_ids, by=BY, at=AT)


def learning(edit: Editor) -> None:
    staff, competency = edit.any(models.Staff), edit.any(models.Competency)
    edit.add(
        models.Learning(
            staff_id=staff.id,
            competency_id=competency.id,
            completed_on=edit.day(),
            level=edit.random.choice((None, 1, 2, 3)),
            valid_months=edit.random.choice((None, 1, 12)),
            reference=f"edit {edit.number}",
        )
    )
    edit.refresh([staff.id], [competency.id])


def corrected_learning(edit: Editor) -> None:
    row = edit.any(models.Learning)
    if row is not None:
        row.completed_on, row.reference = edit.day(), f"edit {edit.number}"
        edit.refresh([row.staff_id], [row.competency_id])


def sign_off(edit: Editor) -> None:
    staff, competency = edit.any(models.Staff), edit.any(models.Competency)
    others = select(models.Staff.id).where(models.Staff.id != staff.id).order_by(models.Staff.id)
    day = edit.day()
    taken = select(models.SignOff.id).where(
        models.SignOff.staff_id == staff.id,
        models.SignOff.competency_id == competency.id,
        models.SignOff.assessed_on == day,
    )
    if edit.session.scalar(taken) is None:
        assessor = edit.random.choice(edit.session.scalars(others).all())
        edit.add(
            models.SignOff(
                staff_id=staff.id,
                competency_id=competency.id,
                level=edit.random.choice((1, 2, 3)),
                assessed_on=day,
                outcome=edit.random.choice(("competent", "competent", "not_yet")),
                assessor_id=assessor,
            )
        )
        edit.refresh([staff.id], [competency.id])


def withdrawal(edit: Editor) -> None:
    row = edit.any(models.SignOff)
    if row is not None:
        row.withdrawn_on = row.assessed_on + timedelta(days=edit.random.choice((0, 1, 200)))
        edit.refresh([row.staff_id], [row.competency_id])


def session_held(edit: Editor) -> None:
    staff, day = edit.any(models.Staff), edit.day()
    edit.add(
        models.SupervisionSession(
            supervisee_id=staff.id,
            supervisor_id=edit.any(models.Staff).id,
            kind=f"{edit.random.choice(('clinical', 'management'))}",
            held_on=day - timedelta(days=edit.number),
            group_size=edit.random.choice((None, 1, 5)),
        )
    )
    edit.refresh([staff.id])


def absence(edit: Editor) -> None:
    staff, start = edit.any(models.Staff), edit.day() + timedelta(days=edit.number)
    taken = select(models.Absence.id).where(
        models.Absence.staff_id == staff.id, models.Absence.starts_on == start
    )
    if edit.session.scalar(taken) is None:
        edit.add(models.Absence(staff_id=staff.id, kind="sickness", starts_on=start, ends_on=edit.end(start)))
        edit.refresh([staff.id])


def post(edit: Editor) -> None:
    staff, start = edit.any(models.Staff), date(2022, 1, 1) + timedelta(days=edit.number)
    edit.add(
        models.Post(
            staff_id=staff.id,
            service_id=edit.any(models.Service).id,
            role_id=edit.any(models.Role).id,
            basis=edit.random.choice(("permanent", "bank", "volunteer")),
            starts_on=start,
            ends_on=edit.random.choice((None, date(2025, 2, 28))),
        )
    )
    edit.refresh([staff.id])


def end_of_post(edit: Editor) -> None:
    row = edit.any(models.Post)
    row.ends_on = max(row.starts_on, edit.day())
    edit.refresh([row.staff_id])


def leaver(edit: Editor) -> None:
    row = edit.any(models.Staff)
    row.employed_to = max(row.employed_from, edit.day())
    edit.refresh([row.id])


def newcomer(edit: Editor) -> None:
    row = models.Staff(
        code=f"new {edit.number}",
        family_name="New",
        employer_id=edit.any(models.Organisation).id,
        employed_from=edit.day(),
    )
    edit.add(row)
    edit.refresh([row.id])


def another_employer(edit: Editor) -> None:
    row = edit.any(models.Staff)
    row.employer_id = edit.any(models.Organisation).id
    edit.refresh([row.id])


def exemption(edit: Editor) -> None:
    staff, competency = edit.any(models.Staff), edit.any(models.Competency)
    start = date(2024, 1, 1) + timedelta(days=3 * edit.number)
    edit.add(
        models.Exemption(
            staff_id=staff.id,
            competency_id=competency.id,
            starts_on=start,
            ends_on=start + timedelta(days=edit.random.choice((0, 30, 300))),
            approved_by="somebody",
        )
    )
    edit.refresh([staff.id], [competency.id])


def suspension(edit: Editor) -> None:
    staff, competency = edit.any(models.Staff), edit.any(models.Competency)
    start = date(2024, 1, 1) + timedelta(days=3 * edit.number)
    edit.add(
        models.Suspension(
            staff_id=staff.id, competency_id=competency.id, starts_on=start, ends_on=edit.end(start)
        )
    )
    edit.refresh([staff.id], [competency.id])


def registration(edit: Editor) -> None:
    row = edit.any(models.Registration)
    if row is not None:
        row.valid_to = max(row.registered_on, edit.day())
        edit.refresh([row.staff_id])


def new_requirement(edit: Editor) -> None:
    competency, service, role = (
        edit.any(models.Competency),
        edit.random.choice((None, edit.any(models.Service))),
        edit.random.choice((None, edit.any(models.Role))),
    )
    edit.add(
        models.Requirement(
            code=f"need {edit.number}",
            service_id=service and service.id,
            role_id=role and role.id,
            competency_id=competency.id,
            level=edit.random.choice((1, 2)),
            cover=edit.random.choice(("each", "each", "count")),
            amount=1,
            strength="hard_stop",
            in_force_from=edit.day(),
            induction_days=edit.random.choice((None, 28)),
        )
    )
    edit.refresh(None, [competency.id])


def changed_requirement(edit: Editor) -> None:
    row = edit.any(models.Requirement)
    row.competency_id = edit.any(models.Competency).id
    row.level = edit.random.choice((1, 2, 3))
    row.in_force_to = max(row.in_force_from, edit.day())
    edit.refresh(None, [row.competency_id])


def changed_competency(edit: Editor) -> None:
    row = edit.any(models.Competency)
    row.learning_months = edit.random.choice((None, 6, 24))
    row.cumulative = edit.random.choice((True, False))
    edit.refresh(None, [row.id])


def successor(edit: Editor) -> None:
    row, other = edit.any(models.Competency), edit.any(models.Competency)
    if row.id != other.id:
        row.superseded_by_id, row.superseded_on = other.id, edit.day()
        edit.refresh(None, [row.id])


def changed_service(edit: Editor) -> None:
    row = edit.any(models.Service)
    row.opens_on, row.closes_on = None, edit.day()
    staff = edit.session.scalars(select(models.Post.staff_id).where(models.Post.service_id == row.id))
    edit.refresh(set(staff))


def new_catalogue_rows(edit: Editor) -> None:
    """Nothing refers to them yet, so nobody's conclusions change; the codes come first of all."""
    organisation = edit.any(models.Organisation)
    edit.add(models.Service(code=f"A{edit.number}", name="Annexe", organisation_id=organisation.id))
    edit.add(models.Role(code=f"A{edit.number}", name="Apprentice"))
    edit.add(
        models.Competency(code=f"A{edit.number}", title="Anything", needs_learning=True, needs_sign_off=False)
    )
    edit.refresh([])


def course_grant(edit: Editor) -> None:
    row = edit.any(models.CourseGrant)
    row.valid_months = edit.random.choice((None, 3, 36))
    edit.refresh(None, [row.competency_id])


EDITS: tuple[Edit, ...] = (
    learning,
    corrected_learning,
    sign_off,
    withdrawal,
    session_held,
    absence,
    post,
    end_of_post,
    leaver,
    newcomer,
    another_employer,
    exemption,
    suspension,
    registration,
    new_requirement,
    changed_requirement,
    changed_competency,
    successor,
    changed_service,
    new_catalogue_rows,
    course_grant,
)
