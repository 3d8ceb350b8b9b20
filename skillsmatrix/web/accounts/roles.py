"""Giving roles: one administrator asks, another confirms; and ending them."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from skillsmatrix.operations.accounts import LastAdministrator
from skillsmatrix.operations.once import once
from skillsmatrix.operations.role_requests import (
    NoSuchGrant,
    RoleNotGiven,
    SecondPersonNeeded,
    SettledAlready,
    ask_for_role,
    confirm_role,
    end_role,
    refuse_role,
)
from skillsmatrix.queries.account_list import GivenRole, roles_of
from skillsmatrix.web.accounts import words
from skillsmatrix.web.accounts.blueprint import bp
from skillsmatrix.web.accounts.forms import EndRoleForm, RoleForm
from skillsmatrix.web.accounts.sight import GIVE, account_seen, bounds, request_seen
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs, visible_services
from skillsmatrix.web.shared.role_words import ROLE_WORDS
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _


@bp.route("/accounts/<int:account_id>/roles/new", methods=["GET", "POST"])
@needs("role.grant")
@commits
def ask(account_id: int) -> Any:
    line = account_seen(account_id, GIVE)
    if account_id == g.actor.account_id:
        flash(_("Nobody gives a role to themself: ask another administrator."))
        return redirect(url_for("accounts.show", account_id=account_id))
    within = bounds()
    form = RoleForm(data={"from_on": g.today})
    form.offer(within)
    if form.validate_on_submit():
        terms = form.terms()
        if not within.allow(terms):
            form.refuse("organisation", str(words.OUT_OF_REACH))
            return render_template("accounts/ask_role.html", form=form, line=line)

        def asked() -> int:
            return ask_for_role(db_session(), terms, account_id=account_id, by=g.actor.by, at=g.at)

        try:
            once(db_session(), "ask_for_role", form.once.data or "", asked, by=g.actor.by, at=g.at)
        except RoleNotGiven as refused:
            field, message = words.FAULTS[refused.fault]
            form.refuse(field, str(message))
        else:
            flash(_("Asked for. It gives nothing until another administrator confirms it."), "success")
            return redirect(url_for("accounts.show", account_id=account_id))
    return render_template("accounts/ask_role.html", form=form, line=line)


@bp.post("/accounts/roles/<int:request_id>/confirm")
@needs("role.grant")
@commits
def confirm(request_id: int) -> Any:
    return _settle(request_id, confirm_role, _("%(name)s holds the role now."))


@bp.post("/accounts/roles/<int:request_id>/refuse")
@needs("role.grant")
@commits
def refuse(request_id: int) -> Any:
    return _settle(request_id, refuse_role, _("The request for %(name)s came to nothing."))


@bp.route("/accounts/<int:account_id>/roles/<int:number>/end", methods=["GET", "POST"])
@needs("role.grant")
@commits
def end(account_id: int, number: int) -> Any:
    line = account_seen(account_id, GIVE)
    given = _given(account_id, number)
    form = EndRoleForm(today=g.today)
    if form.validate_on_submit():
        try:
            end_role(
                db_session(),
                account_id=account_id,
                grant_id=number,
                last_on=form.last_day(),
                by=g.actor.by,
                at=g.at,
            )
        except LastAdministrator:
            form.refuse("when", _("This is the last administrator who can sign in. Make another one first."))
        except NoSuchGrant:
            abort(404)
        else:
            flash(
                _("The role has ended.") if form.when.data == "now" else _("The role has a last day."),
                "success",
            )
            return redirect(url_for("accounts.show", account_id=account_id))
    return render_template(
        "accounts/end_role.html",
        form=form,
        line=line,
        given=given,
        role=ROLE_WORDS[given.role],
        limits=words.limits(given),
        days=words.days(given),
    )


def _settle(request_id: int, settle: Callable[..., Any], done: str) -> ResponseReturnValue:
    asked = request_seen(request_id)
    try:
        settle(db_session(), request_id=request_id, by=g.actor.by, at=g.at)
        flash(done % {"name": asked.account_name}, "success")
    except SecondPersonNeeded:
        flash(_("You asked for this role, or it is your own: another administrator confirms it."))
    except SettledAlready:
        flash(_("This request was confirmed or refused already."))
    except RoleNotGiven as refused:
        flash(str(words.FAULTS[refused.fault][1]))
    return redirect(url_for("accounts.show", account_id=asked.terms.account_id))


def _given(account_id: int, number: int) -> GivenRole:
    """A role that has not ended, within reach; else 404."""
    within, services = bounds(), visible_services(GIVE)
    organisations = {code for _number, code, _name in within.organisations}
    found = (
        each
        for each in roles_of(db_session(), [account_id]).get(account_id, [])
        if each.number == number
        and not each.over(g.today)
        and (within.unlimited or each.service in services.codes or each.organisation in organisations)
    )
    return next(found, None) or abort(404)
