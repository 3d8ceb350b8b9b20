"""Sign in, sign out, change the password, see where one is signed in."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState

from skillsmatrix.domain.sign_in import fold_email
from skillsmatrix.operations import accounts
from skillsmatrix.operations.accounts import Overtaken
from skillsmatrix.operations.passwords import (
    PasswordRefused,
    hash_password,
    is_outdated,
    new_password_hash,
    password_matches,
)
from skillsmatrix.queries import accounts as account_queries
from skillsmatrix.queries.accounts import Credentials, SignedIn
from skillsmatrix.web.access.forms import FAULTS, BareForm, ChangePasswordForm, SignInForm
from skillsmatrix.web.access.guessing import count_try
from skillsmatrix.web.access.pages import set_through_link, trusted_with
from skillsmatrix.web.shared.account_office import account_sender
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import any_account, public
from skillsmatrix.web.shared.kept_forms import FIELD, SIGN_IN_PAGE, opened
from skillsmatrix.web.shared.links import safe_next
from skillsmatrix.web.shared.sign_ins import current_sign_in, session_limits, start_session
from skillsmatrix.web.shared.transactions import commits, commits_late, keep_now, write_now
from skillsmatrix.web.shared.wording import gettext as _

bp = Blueprint("access", __name__)

SIGNED_OUT = 401


@bp.record_once
def _offer_the_page(state: BlueprintSetupState) -> None:
    state.app.extensions[SIGN_IN_PAGE] = page_with_kept_form


class WrongPassword(Exception):
    """The name and the password do not belong together; never says which of them is wrong."""


@bp.route("/sign-in", methods=["GET", "POST"])
@public(why="nobody has signed in yet")
@commits_late
def sign_in() -> Any:
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next")
    if current_sign_in() is not None and request.method == "GET":
        return redirect(safe_next(form.next.data))
    if not form.validate_on_submit():
        return render_template("access/sign_in.html", form=form)
    try:
        _try_to_sign_in(fold_email(form.email.data), form.password.data)
    except (WrongPassword, Overtaken):
        form.refuse("password", _("The e-mail address or the password is not right"))
        return render_template("access/sign_in.html", form=form)
    return _go_on(form)


def page_with_kept_form(kept: str) -> Any:
    """The page to sign in on, for somebody who sent a form after they had been signed out."""
    form = SignInForm(formdata=None)
    form.kept_form.data = kept
    return render_template("access/sign_in.html", form=form), SIGNED_OUT


def _go_on(form: SignInForm) -> Any:
    """To the page asked for; or, when what was typed before is this account's, to what was typed."""
    found = _signed_in()
    kept = opened(form.kept_form.data or "", account_id=found.actor.account_id)
    if kept is None:
        return redirect(safe_next(form.next.data))
    keep_now()
    g.actor = found.actor
    return render_template("access/kept_form.html", path=kept.path, kept=form.kept_form.data, name=FIELD)


@bp.post("/sign-out")
@any_account(why="everybody can leave")
@commits
def sign_out() -> Any:
    found = _signed_in()
    accounts.sign_out(db_session(), session_id=found.session_id, by=found.actor.by, at=g.at)
    session.clear()
    flash(_("You have signed out"))
    return redirect(url_for("access.sign_in"))


@bp.get("/account")
@any_account(why="shows what one may do and where one is signed in")
def account() -> Any:
    found = _signed_in()
    return render_template(
        "access/account.html",
        sessions=account_queries.open_sessions(
            db_session(), found.actor.account_id, at=g.at, limits=session_limits()
        ),
        here_id=found.session_id,
        trusted_with=trusted_with(
            found.actor,
            on=g.today,
            names=account_queries.bounds_by_name(db_session(), found.actor.grants),
        ),
        through_link=set_through_link(found.actor.account_id),
        form=BareForm(),
    )


@bp.post("/account/sessions/<int:session_id>/end")
@any_account(why="ends one's own sign-in on another device")
@commits
def end_session(session_id: int) -> Any:
    found = _signed_in()
    ended = accounts.revoke_session(
        db_session(),
        account_id=found.actor.account_id,
        session_id=session_id,
        by=found.actor.by,
        at=g.at,
    )
    if not ended:
        abort(404)
    flash(_("That device is signed out"))
    return redirect(url_for("access.account"))


@bp.route("/account/password", methods=["GET", "POST"])
@any_account(why="changes one's own password")
@commits_late
def change_password() -> Any:
    form = ChangePasswordForm()
    found = _signed_in()
    if not form.validate_on_submit():
        return _password_page(form, found)
    own = account_queries.own_credentials(db_session(), found.actor.account_id, on=g.today)
    try:
        token = _change(own, current=form.current.data, new=form.new.data)
    except (WrongPassword, Overtaken):
        form.refuse("current", _("This is not the password you use now"))
        return _password_page(form, found)
    except PasswordRefused as refused:
        form.refuse("new", str(FAULTS[refused.fault]))
        return _password_page(form, found)
    start_session(token)
    flash(_("Your password is changed. Other devices are signed out."), "success")
    return redirect(url_for("access.account"))


def _password_page(form: ChangePasswordForm, found: SignedIn) -> str:
    return render_template("access/change_password.html", form=form, must=found.must_change_password)


def _try_to_sign_in(email: str, password: str) -> None:
    """Open a session. Raises WrongPassword, also for a name that nobody has, after the same work."""
    attempt_id = count_try(email)
    found = account_queries.credentials(db_session(), email, on=g.today)
    db_session().rollback()
    kept = found.password_hash if found else None
    matches = password_matches(kept, password)
    if found is None or kept is None or not matches or not found.usable:
        raise WrongPassword
    new_hash = hash_password(password) if is_outdated(kept) else None
    write_now()
    by = f"account:{found.account_id}"
    before = current_sign_in()
    if before is not None:
        accounts.sign_out(db_session(), session_id=before.session_id, by=before.actor.by, at=g.at)
    accounts.settle_attempt(db_session(), attempt_id=attempt_id, by=by, at=g.at)
    token = accounts.sign_in(
        db_session(), account_id=found.account_id, checked_hash=kept, by=by, at=g.at, new_hash=new_hash
    )
    start_session(token)


def _change(own: Credentials, *, current: str, new: str) -> str:
    """The token of a session under the new password. Raises WrongPassword, PasswordRefused, Overtaken."""
    attempt_id = count_try(own.email)
    kept = own.password_hash
    if kept is None or not password_matches(kept, current):
        raise WrongPassword
    new_hash = new_password_hash(
        new,
        email=own.email,
        display_name=own.display_name,
        organisation=account_sender().organisation,
    )
    write_now()
    by = f"account:{own.account_id}"
    accounts.settle_attempt(db_session(), attempt_id=attempt_id, by=by, at=g.at)
    return accounts.change_password(
        db_session(), account_id=own.account_id, checked_hash=kept, new_hash=new_hash, by=by, at=g.at
    )


def _signed_in() -> SignedIn:
    found = current_sign_in()
    if found is None:
        raise RuntimeError("the guard lets nobody in here without an account")
    return found
