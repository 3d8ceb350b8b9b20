"""What a competency wants to have seen: number of observations, settings, second signature, criteria."""

from typing import Any

from flask import flash, g, redirect, render_template

from skillsmatrix.operations.assessment_rules import CriteriaRefused, set_assessment_rule, set_criteria
from skillsmatrix.queries.assessments import criteria_versions, rules_of
from skillsmatrix.queries.subjects import Skill
from skillsmatrix.web.assessments import pages
from skillsmatrix.web.assessments.blueprint import bp
from skillsmatrix.web.assessments.forms import CriteriaForm, RuleForm, list_of_lines
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _


@bp.route("/assessment-rules/<path:competency>", methods=["GET", "POST"])
@needs("course.edit")
@commits
def rule(competency: str) -> Any:
    wanted = pages.wanted_skill(competency)
    rules = rules_of(db_session(), wanted.competency_id)
    form = RuleForm(
        data={
            "observations": rules.observations,
            "settings": "\n".join(rules.settings),
            "needs_countersign": rules.needs_countersign,
        }
    )
    if form.validate_on_submit():
        set_assessment_rule(
            db_session(),
            competency_id=wanted.competency_id,
            observations=form.observations.data,
            settings=list_of_lines(form.settings.data),
            needs_countersign=bool(form.needs_countersign.data),
            by=g.actor.by,
            at=g.at,
        )
        flash(_("Saved. It applies to assessments from now on."), "success")
        return redirect(link("assessments.rule", competency=competency))
    return _page(wanted, form)


def _page(wanted: Skill, form: RuleForm) -> str:
    return render_template(
        "assessments/rule.html",
        skill=wanted,
        versions=criteria_versions(db_session(), wanted.competency_id),
        form=form,
    )


@bp.route("/assessment-rules/<path:competency>/criteria", methods=["GET", "POST"])
@needs("course.edit")
@commits
def criteria(competency: str) -> Any:
    wanted = pages.wanted_skill(competency)
    versions = criteria_versions(db_session(), wanted.competency_id)
    form = CriteriaForm(data={"wordings": "\n".join(versions[-1].wordings) if versions else ""})
    if form.validate_on_submit():
        try:
            set_criteria(
                db_session(),
                competency_id=wanted.competency_id,
                wordings=list_of_lines(form.wordings.data),
                in_force_from=form.in_force_from.data or g.today,
                finish_by=form.finish_by.data,
                by=g.actor.by,
                at=g.at,
            )
        except CriteriaRefused as error:
            form.refuse(error.about, _("Enter a later day: another list starts then or after it"))
        else:
            flash(_("Saved. Assessments keep the list that they were made on."), "success")
            return redirect(link("assessments.rule", competency=competency))
    return render_template("assessments/criteria.html", skill=wanted, form=form)
