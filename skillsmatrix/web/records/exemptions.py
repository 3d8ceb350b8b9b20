"""Exemptions of one person, approved by whoever enters them."""

from typing import Any

from flask import g

from skillsmatrix.domain.exemption import latest_end
from skillsmatrix.operations.exemptions import (
    Approver,
    ExemptionPlan,
    approve_exemption,
    correct_exemption,
    take_back_exemption,
)
from skillsmatrix.queries.effects import days_of_interest, services_of
from skillsmatrix.queries.kept import Kept, id_of
from skillsmatrix.queries.labels import labels
from skillsmatrix.web.records.blueprint import bp
from skillsmatrix.web.records.forms import ExemptionCorrection, ExemptionFields, ExemptionForm, given
from skillsmatrix.web.records.steps import answer, number_of
from skillsmatrix.web.records.subject import filled, person_of, records_address, row_of, take_back_page
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.guards import allowed, needs
from skillsmatrix.web.shared.steps import Step
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _


@bp.route("/people/<code>/records/exemptions/new", methods=["GET", "POST"])
@needs("exemption.approve", person="code")
@commits
def new_exemption(code: str) -> Any:
    person = person_of(code)
    form = ExemptionForm()
    _offer(form, code, {})
    return answer(
        Step(
            form=form,
            heading=_("New exemption for %(name)s", name=person.name),
            lead=_lead(),
            back=records_address(code),
            operation="approve_exemption",
            do=lambda _keeping: approve_exemption(
                db_session(),
                staff_id=person.id,
                plan=_plan(form, None),
                approver=_approver(),
                by=g.actor.by,
                at=g.at,
            ),
            done=_("The exemption is approved."),
            people=[code],
            services=lambda: services_of(db_session(), [code]),
            days=lambda: days_of_interest(given(form.starts_on), ends=[given(form.ends_on)], today=g.today),
            keep=_("Approve this exemption"),
        )
    )


@bp.route("/people/<code>/records/exemptions/<int:row_id>", methods=["GET", "POST"])
@needs("exemption.approve", person="code")
@commits
def correct_one_exemption(code: str, row_id: int) -> Any:
    person, row = person_of(code), row_of("exemptions", row_id, code)
    form, was = _correction(row, code), row.values
    return answer(
        Step(
            form=form,
            heading=_("Correct or end an exemption of %(name)s", name=person.name),
            lead=_lead(),
            back=records_address(code),
            operation="correct_exemption",
            do=lambda _keeping: correct_exemption(
                db_session(),
                exemption_id=row_id,
                plan=_plan(form, was["reason_kind"]),
                approver=_approver(),
                version=form.version_shown(),
                reason=form.why.data,
                by=g.actor.by,
                at=g.at,
            ),
            done=_("The exemption is corrected."),
            people=[code],
            services=lambda: services_of(db_session(), [code]),
            days=lambda: days_of_interest(
                given(form.starts_on), ends=[given(form.ends_on), was["ends_on"]], today=g.today
            ),
            theirs=lambda: _correction(row, code, fresh=True),
            keep=_("Approve it as it now is"),
        )
    )


@bp.route("/people/<code>/records/exemptions/<int:row_id>/take-back", methods=["GET", "POST"])
@needs("exemption.approve", person="code")
@commits
def take_back_one_exemption(code: str, row_id: int) -> Any:
    person, row = person_of(code), row_of("exemptions", row_id, code)
    return take_back_page(
        row,
        person,
        heading=_("Take back an exemption of %(name)s", name=person.name),
        operation="take_back_exemption",
        do=lambda form: take_back_exemption(
            db_session(),
            exemption_id=row_id,
            version=form.version_shown(),
            reason=form.why.data,
            by=g.actor.by,
            at=g.at,
        ),
        first_day=row.values["starts_on"],
    )


def _plan(form: ExemptionFields, kind: str | None) -> ExemptionPlan:
    """`kind`: what stands when whoever enters it may not read kinds of reason."""
    return ExemptionPlan(
        competency_id=number_of("competencies", form.competency.data),
        starts_on=given(form.starts_on),
        ends_on=given(form.ends_on),
        reason_kind=(form.reason_kind.data or None) if "reason_kind" in form else kind,
    )


def _approver() -> Approver:
    own = id_of(db_session(), "staff", g.actor.staff_code) if g.actor.staff_code else None
    return Approver(g.actor.display_name, own)


def _correction(row: Kept, code: str, *, fresh: bool = False) -> ExemptionCorrection:
    form = filled(ExemptionCorrection, row, fresh=fresh)
    _offer(form, code, row.values)
    return form


def _offer(form: ExemptionFields, code: str, was: Any) -> None:
    titles = labels(db_session(), ()).competencies
    mine = {was["competency"]: titles[was["competency"]]} if was else titles  # it is never about another
    form.offer(mine, kinds=allowed("person.read.F5", person=code), kept=was)


def _lead() -> list[str]:
    return [
        _("You approve it as %(name)s.", name=g.actor.display_name),
        _("It lasts 12 months at most: one from today ends on %(day)s.", day=day(latest_end(g.today))),
        _("Whoever is exempt is left out of the figures and never counts as cover."),
    ]
