"""Competencies of one person stopped by decision, and allowed again."""

from typing import Any

from flask import g, url_for

from skillsmatrix.operations.suspensions import SuspensionPlan, lift_suspension, suspend
from skillsmatrix.queries.effects import days_of_interest, services_of
from skillsmatrix.queries.kept import id_of
from skillsmatrix.queries.labels import labels
from skillsmatrix.web.records.blueprint import bp
from skillsmatrix.web.records.forms import LiftForm, SuspensionForm, given, offered
from skillsmatrix.web.records.steps import answer, number_of
from skillsmatrix.web.records.subject import filled, person_of, row_of
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.steps import Step
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _


@bp.route("/people/<code>/records/stops/new", methods=["GET", "POST"])
@needs("competency.suspend", person="code")
@commits
def new_suspension(code: str) -> Any:
    person = person_of(code)
    form = SuspensionForm()
    form.competency.choices = offered(labels(db_session(), ()).competencies)

    def do(_keeping: bool) -> int:
        plan = SuspensionPlan(
            competency_id=number_of("competencies", form.competency.data),
            starts_on=given(form.starts_on),
            ends_on=form.ends_on.data,
            reason=form.reason.data,
        )
        return suspend(db_session(), staff_id=person.id, plan=plan, by=g.actor.by, at=g.at)

    return answer(
        Step(
            form=form,
            heading=_("Stop %(name)s from using a competency", name=person.name),
            lead=[_("What they have shown keeps its dates, and counts again by itself when the stop ends.")],
            back=url_for("people.show", code=code),
            operation="suspend",
            do=do,
            done=_("The stop is recorded."),
            people=[code],
            services=lambda: services_of(db_session(), [code]),
            days=lambda: days_of_interest(given(form.starts_on), ends=[form.ends_on.data], today=g.today),
        )
    )


@bp.route("/people/<code>/records/stops/<int:row_id>/lift", methods=["GET", "POST"])
@needs("competency.reinstate", person="code")
@commits
def lift_one_suspension(code: str, row_id: int) -> Any:
    person, row = person_of(code), row_of("suspensions", row_id, code)
    form = LiftForm(data={"version": row.version.isoformat()})
    own = id_of(db_session(), "staff", g.actor.staff_code) if g.actor.staff_code else None
    title = labels(db_session(), ()).competencies[row.values["competency"]]
    return answer(
        Step(
            form=form,
            heading=_("Allow %(name)s to use it again: %(competency)s", name=person.name, competency=title),
            back=url_for("people.show", code=code),
            operation="lift_suspension",
            do=lambda _keeping: lift_suspension(
                db_session(),
                suspension_id=row_id,
                allowed_from=given(form.allowed_from),
                actor_staff_id=own,
                version=form.version_shown(),
                reason=form.why.data,
                by=g.actor.by,
                at=g.at,
            ),
            done=_("The stop ends."),
            people=[code],
            services=lambda: services_of(db_session(), [code]),
            days=lambda: days_of_interest(given(form.allowed_from), today=g.today),
            theirs=lambda: filled(LiftForm, row, fresh=True),
        )
    )
