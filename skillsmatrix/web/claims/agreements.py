"""Agreements: whose course counts as ours, and for what."""

from datetime import timedelta
from typing import Any

from flask import abort, flash, g, redirect, render_template

from skillsmatrix.operations.claims import agree_equivalence, end_equivalence
from skillsmatrix.queries.claims import agreements as agreement_lines
from skillsmatrix.queries.competencies import titles
from skillsmatrix.queries.training import competency_ids
from skillsmatrix.web.claims import words
from skillsmatrix.web.claims.blueprint import bp
from skillsmatrix.web.claims.forms import AgreementForm, EndForm
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _


@bp.get("/claims/agreements")
@needs("course.read")
def agreements() -> Any:
    return _page(AgreementForm(formdata=None))


@bp.route("/claims/agreements/new", methods=["GET", "POST"])
@needs("course.edit")
@commits
def agree() -> Any:
    form = AgreementForm()
    form.competency.choices = _competencies()
    if not form.validate_on_submit():
        return _page(form)
    agree_equivalence(
        db_session(),
        provider=form.provider.data,
        title=form.title.data,
        competency_id=competency_ids(db_session())[form.competency.data],
        level=form.level.data,
        valid_months=form.valid_months.data,
        needs_observation=form.needs_observation.data,
        in_force_from=form.in_force_from.data or g.today,
        by=g.actor.by,
        at=g.at,
    )
    flash(_("Agreed. Claims that fit are marked with it from now on."), "success")
    return redirect(link("claims.agreements"))


@bp.post("/claims/agreements/<int:number>/end")
@needs("course.edit")
@commits
def end_agreement(number: int) -> Any:
    if number not in {each.agreement.id for each in agreement_lines(db_session())}:
        abort(404)
    yesterday = g.today - timedelta(days=1)
    end_equivalence(db_session(), equivalence_id=number, last_on=yesterday, by=g.actor.by, at=g.at)
    flash(_("Ended: training completed from today on waits for a named person"), "success")
    return redirect(link("claims.agreements"))


def _competencies() -> list[Any]:
    listed = sorted(titles(db_session()).items(), key=lambda each: each[1].casefold())
    return choices([("", _("Choose one")), *listed])


def _page(form: AgreementForm) -> str:
    form.competency.choices = _competencies()
    return render_template(
        "claims/agreements.html",
        form=form,
        bare=EndForm(formdata=None),
        listed=agreement_lines(db_session()),
        words=words,
    )
