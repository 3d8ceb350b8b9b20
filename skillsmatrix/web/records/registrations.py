"""Entries of one person on professional registers."""

from typing import Any

from flask import g

from skillsmatrix.operations.registrations import (
    RegistrationPlan,
    correct_registration,
    record_registration,
    take_back_registration,
)
from skillsmatrix.queries.effects import days_of_interest, services_of
from skillsmatrix.queries.kept import Kept, registers
from skillsmatrix.web.records.blueprint import bp
from skillsmatrix.web.records.forms import (
    RegistrationCorrection,
    RegistrationFields,
    RegistrationForm,
    given,
    offered,
)
from skillsmatrix.web.records.steps import answer
from skillsmatrix.web.records.subject import filled, person_of, records_address, row_of, take_back_page
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import allowed, needs
from skillsmatrix.web.shared.steps import Step
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _


@bp.route("/people/<code>/records/registrations/new", methods=["GET", "POST"])
@needs("registration.record", person="code")
@commits
def new_registration(code: str) -> Any:
    person = person_of(code)
    form = _offered(RegistrationForm(), code)
    return answer(
        Step(
            form=form,
            heading=_("New registration of %(name)s", name=person.name),
            back=records_address(code),
            operation="record_registration",
            do=lambda _keeping: record_registration(
                db_session(), staff_id=person.id, plan=_plan(form, None), by=g.actor.by, at=g.at
            ),
            done=_("The registration is recorded."),
            people=[code],
            services=lambda: services_of(db_session(), [code]),
            days=lambda: days_of_interest(
                given(form.registered_on), ends=[form.valid_to.data], today=g.today
            ),
        )
    )


@bp.route("/people/<code>/records/registrations/<int:row_id>", methods=["GET", "POST"])
@needs("registration.record", person="code")
@commits
def correct_one_registration(code: str, row_id: int) -> Any:
    person, row = person_of(code), row_of("registrations", row_id, code)
    form, was = _correction(row, code), row.values
    return answer(
        Step(
            form=form,
            heading=_("Correct or renew a registration of %(name)s", name=person.name),
            back=records_address(code),
            operation="correct_registration",
            do=lambda _keeping: correct_registration(
                db_session(),
                registration_id=row_id,
                plan=_plan(form, was["number"]),
                version=form.version_shown(),
                reason=form.why.data,
                by=g.actor.by,
                at=g.at,
            ),
            done=_("The registration is corrected."),
            people=[code],
            services=lambda: services_of(db_session(), [code]),
            days=lambda: days_of_interest(
                given(form.registered_on), ends=[form.valid_to.data, was["valid_to"]], today=g.today
            ),
            theirs=lambda: _correction(row, code, fresh=True),
        )
    )


@bp.route("/people/<code>/records/registrations/<int:row_id>/take-back", methods=["GET", "POST"])
@needs("registration.record", person="code")
@commits
def take_back_one_registration(code: str, row_id: int) -> Any:
    person, row = person_of(code), row_of("registrations", row_id, code)
    return take_back_page(
        row,
        person,
        heading=_("Take back a registration of %(name)s", name=person.name),
        operation="take_back_registration",
        do=lambda form: take_back_registration(
            db_session(),
            registration_id=row_id,
            version=form.version_shown(),
            reason=form.why.data,
            by=g.actor.by,
            at=g.at,
        ),
        first_day=row.values["registered_on"],
    )


def _plan(form: RegistrationFields, number: str | None) -> RegistrationPlan:
    """`number`: what stands when whoever enters it may not read numbers."""
    return RegistrationPlan(
        body=form.body.data,
        number=(form.number.data or None) if "number" in form else number,
        registered_on=given(form.registered_on),
        valid_to=form.valid_to.data,
    )


def _correction(row: Kept, code: str, *, fresh: bool = False) -> RegistrationCorrection:
    form = filled(RegistrationCorrection, row, fresh=fresh)
    _offered(form, code)
    return form


def _offered(form: RegistrationFields, code: str) -> RegistrationFields:
    form.body.choices = offered({body: body for body in registers(db_session())})
    if not allowed("person.read.F4detail", person=code):
        del form.number
    return form
