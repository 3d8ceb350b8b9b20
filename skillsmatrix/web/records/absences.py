"""Absences of one person, and when they are expected back."""

from typing import Any

from flask import g

from skillsmatrix.operations.absences import AbsencePlan, correct_absence, record_absence, take_back_absence
from skillsmatrix.queries.effects import days_of_interest, services_of
from skillsmatrix.queries.kept import Kept
from skillsmatrix.web.records.blueprint import bp
from skillsmatrix.web.records.forms import AbsenceCorrection, AbsenceFields, AbsenceForm, given
from skillsmatrix.web.records.steps import answer
from skillsmatrix.web.records.subject import filled, person_of, records_address, row_of, take_back_page
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import allowed, needs
from skillsmatrix.web.shared.steps import Step
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _

NOT_STATED = "not stated"


@bp.route("/people/<code>/records/absences/new", methods=["GET", "POST"])
@needs("absence.record", person="code")
@commits
def new_absence(code: str) -> Any:
    person = person_of(code)
    form = AbsenceForm()
    form.offer(kinds=allowed("person.read.F5", person=code), kept={})
    return answer(
        Step(
            form=form,
            heading=_("New absence of %(name)s", name=person.name),
            lead=[_long_absence()],
            back=records_address(code),
            operation="record_absence",
            do=lambda _keeping: record_absence(
                db_session(), staff_id=person.id, plan=_plan(form, NOT_STATED), by=g.actor.by, at=g.at
            ),
            done=_("The absence is recorded."),
            people=[code],
            services=lambda: services_of(db_session(), [code]),
            days=lambda: days_of_interest(given(form.starts_on), ends=[form.ends_on.data], today=g.today),
        )
    )


@bp.route("/people/<code>/records/absences/<int:row_id>", methods=["GET", "POST"])
@needs("absence.record", person="code")
@commits
def correct_one_absence(code: str, row_id: int) -> Any:
    person, row = person_of(code), row_of("absences", row_id, code)
    form, was = _correction(row, code), row.values
    return answer(
        Step(
            form=form,
            heading=_("Correct or end an absence of %(name)s", name=person.name),
            lead=[_long_absence()],
            back=records_address(code),
            operation="correct_absence",
            do=lambda _keeping: correct_absence(
                db_session(),
                absence_id=row_id,
                plan=_plan(form, was["kind"]),
                version=form.version_shown(),
                reason=form.why.data,
                by=g.actor.by,
                at=g.at,
            ),
            done=_("The absence is corrected."),
            people=[code],
            services=lambda: services_of(db_session(), [code]),
            days=lambda: days_of_interest(
                given(form.starts_on),
                was["starts_on"],
                ends=[form.ends_on.data, was["ends_on"]],
                today=g.today,
            ),
            theirs=lambda: _correction(row, code, fresh=True),
        )
    )


@bp.route("/people/<code>/records/absences/<int:row_id>/take-back", methods=["GET", "POST"])
@needs("absence.record", person="code")
@commits
def take_back_one_absence(code: str, row_id: int) -> Any:
    person, row = person_of(code), row_of("absences", row_id, code)
    return take_back_page(
        row,
        person,
        heading=_("Take back an absence of %(name)s", name=person.name),
        operation="take_back_absence",
        do=lambda form: take_back_absence(
            db_session(),
            absence_id=row_id,
            version=form.version_shown(),
            reason=form.why.data,
            by=g.actor.by,
            at=g.at,
        ),
        first_day=row.values["starts_on"],
    )


def _plan(form: AbsenceFields, kind: str) -> AbsencePlan:
    """`kind`: what stands when whoever enters it may not read kinds of absence."""
    asked = form.kind.data if "kind" in form else kind
    return AbsencePlan(kind=asked, starts_on=given(form.starts_on), ends_on=form.ends_on.data)


def _correction(row: Kept, code: str, *, fresh: bool = False) -> AbsenceCorrection:
    form = filled(AbsenceCorrection, row, fresh=fresh)
    form.offer(kinds=allowed("person.read.F5", person=code), kept=row.values)
    return form


def _long_absence() -> str:
    return _(
        "28 days or longer, or no last day: nothing is asked of the person meanwhile, and they are not cover."
    )
