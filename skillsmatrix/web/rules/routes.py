"""The rules, changes to them, and who approves those."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from skillsmatrix.domain.rule_change import OF_COMPETENCY, RuleChange, What
from skillsmatrix.operations.keeping import ChangedMeanwhile, KeepingRefused
from skillsmatrix.operations.once import once
from skillsmatrix.operations.rules import Proposal, amend_draft, approve_change, draft_change, drop_change
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.labels import Labels, labels
from skillsmatrix.queries.rules import (
    DraftedChange,
    codes_in_use,
    drafted_change,
    drafted_changes,
    kinds_of_supervision,
    limits,
    preview,
    requirements_now,
    rule_row,
    writers_of,
)
from skillsmatrix.web.rules import pages, words
from skillsmatrix.web.rules.forms import (
    CompetencyChange,
    DecisionForm,
    EndingRequirement,
    NewRequirement,
    ProposalForm,
    RequirementChange,
)
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs, visible_services, visible_staff
from skillsmatrix.web.shared.paging import part
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _

bp = Blueprint("rules", __name__)

ROWS_ON_PAGE = 25


@bp.get("/rules")
@needs("requirement.edit")
def index() -> Any:
    names = labels(db_session(), ())
    competency = request.args.get("competency") or None
    waiting = drafted_changes(db_session(), states={"draft", "approved"})
    settled = drafted_changes(db_session(), states={"in_force", "dropped"})[:20]
    service = request.args.get("service") or None
    found = requirements_now(db_session(), on=g.today, competency=competency)
    within = visible_services("requirement.edit")
    rows = [row for row in found if service in (None, row.service) and _is_within(row.service, within)]
    shown = part(rows, most=ROWS_ON_PAGE)
    return render_template(
        "rules/index.html",
        waiting=[_listed(each, names) for each in waiting if _within(each.change)],
        settled=[_listed(each, names) for each in settled if _within(each.change)],
        rows=shown.rows,
        total=len(rows),
        page=shown.page,
        pages=shown.pages,
        service=service,
        services=sorted(
            ((code, name) for code, name in names.services.items() if _may_change(code)),
            key=lambda pair: pair[1],
        ),
        names=names,
        competency=competency,
        competencies=sorted(names.competencies.items(), key=lambda pair: pair[1]),
        limits=limits(db_session()),
        may_all=visible_services("requirement.edit").everything,
        whom=pages.whom_of(names),
    )


@bp.route("/rules/requirements/new", methods=["GET", "POST"])
@needs("requirement.edit")
@commits
def new_requirement() -> Any:
    names = labels(db_session(), ())
    within = visible_services("requirement.edit")
    places = {code: name for code, name in names.services.items() if code in within}
    form = NewRequirement(data={"competency": request.args.get("competency")})
    form.offer(
        names.competencies, {**({"": _("Every service")} if within.everything else {}), **places}, names.roles
    )

    def change() -> RuleChange:
        asked = form.asked()
        code = f"{asked['competency']}-{asked['service'] or 'ALL'}"
        if code in codes_in_use(db_session()):
            code = pages.free_code(code, codes_in_use(db_session()))
        return RuleChange("requirements", code, What.ADD, asked, form.day())

    return _draft(form, change, heading=_("New requirement"))


@bp.route("/rules/requirements/<path:code>/change", methods=["GET", "POST"])
@needs("requirement.edit")
@commits
def change_requirement(code: str) -> Any:
    row = _requirement(code)
    form = RequirementChange(data=row)

    def change() -> RuleChange:
        asked = {name: value for name, value in form.asked().items() if row[name] != value}
        return RuleChange("requirements", code, What.CHANGE, asked, form.day())

    return _draft(form, change, heading=_("Change a requirement"), lead=pages.sentence(row))


@bp.route("/rules/requirements/<path:code>/end", methods=["GET", "POST"])
@needs("requirement.edit")
@commits
def end_requirement(code: str) -> Any:
    row = _requirement(code)
    form = EndingRequirement()
    return _draft(
        form,
        lambda: RuleChange("requirements", code, What.END, {}, form.day()),
        heading=_("Ask for it no longer"),
        lead=pages.sentence(row),
    )


@bp.route("/rules/competencies/<path:code>/change", methods=["GET", "POST"])
@needs("requirement.edit")
@commits
def change_competency(code: str) -> Any:
    row = rule_row(db_session(), "competencies", code) or abort(404)
    if not visible_services("requirement.edit").everything:
        abort(403)
    form = CompetencyChange(data=row)
    form.offer(kinds_of_supervision(db_session()))

    def change() -> RuleChange:
        asked = form.asked()
        limited = limits(db_session()).get(code)
        was = {**row, **({"learning_months": limited.values["learning_months"]} if limited else {})}
        values = {name: asked[name] for name in OF_COMPETENCY if was[name] != asked[name]}
        return RuleChange(
            "competencies",
            code,
            What.CHANGE,
            values,
            form.day(),
            new_completions_only=form.whom.data == "new",
        )

    return _draft(form, change, heading=_("Change how it is kept"), lead=row["title"])


@bp.get("/rules/changes/<int:change_id>")
@needs("requirement.edit")
def show(change_id: int) -> Any:
    return _shown(_drafted(change_id))


@bp.post("/rules/changes/<int:change_id>/approve")
@needs("requirement.edit")
@commits
def approve(change_id: int) -> Any:
    return _decide(change_id, approve_change, _("The change is approved."))


@bp.post("/rules/changes/<int:change_id>/drop")
@needs("requirement.edit")
@commits
def drop(change_id: int) -> Any:
    return _decide(change_id, drop_change, _("The change is dropped."))


@bp.route("/rules/changes/<int:change_id>/day", methods=["GET", "POST"])
@needs("requirement.edit")
@commits
def redraft(change_id: int) -> Any:
    drafted = _drafted(change_id)
    form = EndingRequirement(
        data={
            "takes_effect_on": drafted.change.takes_effect_on,
            "why": drafted.why,
            "version": drafted.version.isoformat(),
        }
    )
    if form.validate_on_submit():
        was = drafted.change
        change = RuleChange(was.table, was.code, was.what, was.values, form.day(), was.new_completions_only)
        try:
            amend_draft(
                db_session(),
                change_id=change_id,
                proposal=Proposal(change=change, why=form.why.data),
                version=words.version_of(form.version.data) or datetime.min.replace(tzinfo=UTC),
                by=g.actor.by,
                at=g.at,
            )
            flash(_("The draft is changed."), "success")
            return redirect(url_for("rules.show", change_id=change_id))
        except KeepingRefused as broken:
            form.refuse("takes_effect_on", words.refusal(broken))
        except ChangedMeanwhile:
            return _shown(drafted, late=True), 409
    title = words.title(drafted, labels(db_session(), ()), _row_of(drafted))
    return render_template("rules/form.html", form=form, heading=_("Change the draft"), lead=title)


def _draft(
    form: ProposalForm, change: Callable[[], RuleChange], *, heading: str, lead: str = ""
) -> ResponseReturnValue:
    if form.validate_on_submit():
        proposal = Proposal(change=change(), why=form.why.data)
        try:
            change_id = once(
                db_session(),
                "draft_change",
                form.once.data or "",
                lambda: draft_change(db_session(), proposal, by=g.actor.by, at=g.at),
                by=g.actor.by,
                at=g.at,
            )
            flash(_("Drafted. Nothing changes until a second person has approved it."), "success")
            return redirect(url_for("rules.show", change_id=change_id))
        except KeepingRefused as broken:
            name = broken.about if broken.about in form else "takes_effect_on"
            form.refuse(name, words.refusal(broken))
    return render_template("rules/form.html", form=form, heading=heading, lead=lead)


def _decide(change_id: int, do: Callable[..., None], done: str) -> ResponseReturnValue:
    drafted = _drafted(change_id)
    version = words.version_of(request.form.get("version"))
    try:
        do(
            db_session(),
            change_id=change_id,
            version=version or datetime.min.replace(tzinfo=UTC),
            by=g.actor.by,
            at=g.at,
        )
    except KeepingRefused as broken:
        return _shown(drafted, refused=words.refusal(broken))
    except ChangedMeanwhile:
        return _shown(drafted, late=True), 409
    flash(done, "success")
    return redirect(url_for("rules.show", change_id=change_id))


def _shown(drafted: DraftedChange, *, refused: str = "", late: bool = False) -> str:
    names = labels(db_session(), ())
    row = _row_of(drafted)
    seen = (
        preview(db_session(), drafted.change, today=g.today)
        if drafted.state in ("draft", "approved")
        else None
    )
    within = visible_staff("competency.read")
    view = pages.PreviewPage.of(seen, within) if seen else None
    people = view.people if view else frozenset()
    form = DecisionForm(formdata=None, data={"version": drafted.version.isoformat()})
    return render_template(
        "rules/show.html",
        drafted=drafted,
        decision=form,
        title=words.title(drafted, names, row),
        differences=words.differences(drafted, names, row),
        notes=pages.notes(drafted, row),
        view=view,
        names=labels(db_session(), people),
        state=words.STATES[drafted.state],
        own=g.actor.by in writers_of(db_session(), drafted.id),
        refused=refused,
        late=late,
    )


def _drafted(change_id: int) -> DraftedChange:
    drafted = drafted_change(db_session(), change_id)
    if drafted is None or not _within(drafted.change):
        abort(404)
    return drafted


def _row_of(drafted: DraftedChange) -> dict[str, Any] | None:
    return rule_row(db_session(), drafted.change.table, drafted.change.code)


def _requirement(code: str) -> dict[str, Any]:
    row = rule_row(db_session(), "requirements", code)
    if row is None or not _may_change(row["service"]):
        abort(404)
    return row


def _may_change(service: str | None) -> bool:
    return _is_within(service, visible_services("requirement.edit"))


def _is_within(service: str | None, reach: Reach) -> bool:
    """A rule for every service is for those alone who may make rules for every service."""
    return reach.everything if service is None else service in reach


def _within(change: RuleChange) -> bool:
    if change.table == "competencies":
        return _may_change(None)
    row = rule_row(db_session(), "requirements", change.code) or {}
    return _may_change({**row, **change.values}.get("service"))


def _listed(drafted: DraftedChange, names: Labels) -> tuple[DraftedChange, str, str]:
    title = words.title(drafted, names, _row_of(drafted))
    return drafted, title, str(words.STATES[drafted.state])
