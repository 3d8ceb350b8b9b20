"""Scenarios: the list, one on a day, its name, copies, sharing, putting it away, and what it said before."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from skillsmatrix.operations.keeping import ChangedMeanwhile, KeepingRefused
from skillsmatrix.operations.once import once
from skillsmatrix.operations.scenarios import (
    archive_scenario,
    rename_scenario,
    save_scenario,
    share_scenario,
)
from skillsmatrix.queries.scenario_effect import costs
from skillsmatrix.queries.scenario_fit import Misfit
from skillsmatrix.queries.scenarios import earlier_scenarios
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import allowed, needs
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.what_if import pages, words
from skillsmatrix.web.what_if.blueprint import bp
from skillsmatrix.web.what_if.forms import ActForm, CopyForm, NameForm, version_of
from skillsmatrix.web.what_if.sight import (
    READ,
    WRITE,
    Read,
    fit,
    names_for,
    own_scenario,
    read_scenario,
    readable_scenarios,
)


@bp.get("/what-if")
@needs(READ)
def index() -> Any:
    found = readable_scenarios()
    return render_template(
        "what_if/index.html",
        own=[each for each in found if each.own and not each.saved.archived],
        others=[each for each in found if not each.own],
        archived=[each for each in found if each.saved.archived],
        may_make=allowed(WRITE),
    )


@bp.route("/what-if/new", methods=["GET", "POST"])
@needs(WRITE)
@commits
def new() -> Any:
    form = NameForm()
    if form.validate_on_submit():
        return _save(form, form.name.data, ())
    return render_template("what_if/name.html", form=form, read=None)


@bp.get("/what-if/<int:scenario_id>")
@needs(READ)
def show(scenario_id: int) -> Any:
    read = read_scenario(scenario_id)
    on = pages.asked_or_felt([read.fitted])
    names = names_for(read.saved.changes)
    prices = costs(db_session(), read.fitted)
    return render_template(
        "what_if/show.html",
        read=read,
        page=pages.page_of(pages.effect_of(read.fitted, on=on), names),
        changes=[
            (words.sentence(each, names), words.misfit(each.unfit, names) if each.unfit else "")
            for each in read.fitted
        ],
        editable=[each.unfit is None or each.unfit.why is not Misfit.OUT_OF_SIGHT for each in read.fitted],
        costs=prices,
        money=pages.money(prices),
        hides=pages.hides,
        held=pages.held,
        act=ActForm(formdata=None, data={"version": read.saved.version.isoformat()}),
        copy=CopyForm(formdata=None),
        may_make=allowed(WRITE),
    )


@bp.get("/what-if/<int:scenario_id>/versions")
@needs(READ)
def versions(scenario_id: int) -> Any:
    read = own_scenario(scenario_id)
    listed = []
    for each in earlier_scenarios(db_session(), scenario_id):
        names = names_for(each.changes)
        listed.append((each, [words.sentence(one, names) for one in fit(each.changes)]))
    return render_template("what_if/versions.html", read=read, listed=listed)


@bp.route("/what-if/<int:scenario_id>/name", methods=["GET", "POST"])
@needs(WRITE)
@commits
def rename(scenario_id: int) -> Any:
    read = own_scenario(scenario_id)
    form = NameForm(data={"name": read.saved.name, "version": read.saved.version.isoformat()})
    if form.validate_on_submit():
        return _act(
            read,
            lambda: rename_scenario(
                db_session(),
                scenario_id=scenario_id,
                name=form.name.data,
                version=version_of(form.version.data),
                by=g.actor.by,
                at=g.at,
            ),
            _("The scenario has another name."),
        )
    return render_template("what_if/name.html", form=form, read=read)


@bp.post("/what-if/<int:scenario_id>/copy")
@needs(WRITE)
@commits
def copy(scenario_id: int) -> Any:
    read = read_scenario(scenario_id)
    form = CopyForm()
    if form.validate_on_submit():
        name = _("%(name)s (copy)", name=read.saved.name[:110])
        return _save(form, name, read.saved.changes)
    return redirect(url_for("what_if.show", scenario_id=scenario_id))


@bp.post("/what-if/<int:scenario_id>/share")
@needs(WRITE)
@commits
def share(scenario_id: int) -> Any:
    read = own_scenario(scenario_id)
    shared = not read.saved.shared
    told = (
        _("It is shared with those who may see all that it names.")
        if shared
        else _("It is yours alone again.")
    )
    return _post(read, lambda **given: share_scenario(db_session(), shared=shared, **given), told)


@bp.post("/what-if/<int:scenario_id>/archive")
@needs(WRITE)
@commits
def archive(scenario_id: int) -> Any:
    read = own_scenario(scenario_id)
    archived = not read.saved.archived
    told = _("The scenario is archived.") if archived else _("The scenario is back on your list.")
    return _post(read, lambda **given: archive_scenario(db_session(), archived=archived, **given), told)


def _save(form: NameForm | CopyForm, name: str, changes: Any) -> ResponseReturnValue:
    scenario_id = once(
        db_session(),
        "what_if.save",
        form.once.data or "",
        lambda: save_scenario(
            db_session(),
            owner_id=g.actor.account_id,
            name=name,
            changes=changes,
            by=g.actor.by,
            at=g.at,
        ),
        by=g.actor.by,
        at=g.at,
    )
    return redirect(url_for("what_if.show", scenario_id=scenario_id))


def _post(read: Read, do: Callable[..., bool], told: str) -> ResponseReturnValue:
    """A button was pressed on the page of a scenario."""
    form = ActForm()
    if not form.validate_on_submit():
        return redirect(url_for("what_if.show", scenario_id=read.saved.id))
    given = {"scenario_id": read.saved.id, "version": version_of(form.version.data)}
    return _act(read, lambda: do(**given, by=g.actor.by, at=g.at), told)


def _act(read: Read, do: Callable[[], bool], told: str) -> ResponseReturnValue:
    try:
        do()
        flash(told, "success")
    except KeepingRefused as broken:
        flash(words.refusal(broken))
    except ChangedMeanwhile:
        flash(_("The scenario was changed in another window. Nothing of this was kept."))
    return redirect(url_for("what_if.show", scenario_id=read.saved.id))
