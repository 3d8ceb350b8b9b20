"""Ways in without a password: a forgotten one is asked for by e-mail, and a one-time link sets one."""

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from skillsmatrix.operations import accounts
from skillsmatrix.operations.account_links import ask_for_link, tell_password_set
from skillsmatrix.operations.accounts import LinkDead, token_digest
from skillsmatrix.operations.passwords import PasswordRefused, new_password_hash
from skillsmatrix.queries.accounts import LinkHolder, link_holder
from skillsmatrix.web.access.forms import FAULTS, ForgottenForm, SetPasswordForm
from skillsmatrix.web.access.guessing import ANONYMOUS, count_try
from skillsmatrix.web.access.routes import bp
from skillsmatrix.web.shared.account_office import account_sender, sends_mail
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import public
from skillsmatrix.web.shared.sign_ins import current_sign_in, start_session
from skillsmatrix.web.shared.transactions import commits_late, write_now
from skillsmatrix.web.shared.wording import gettext as _

LONGEST_TOKEN = 100


@bp.route("/forgotten-password", methods=["GET", "POST"])
@public(why="whoever forgot their password cannot sign in; the answer is the same for every address")
@commits_late
def forgotten() -> Any:
    form = ForgottenForm()
    if not sends_mail() or not form.validate_on_submit():
        return render_template("access/forgotten.html", form=form, mailing=sends_mail())
    # Counted apart from guesses at the password: whoever ran out of those may still ask for a way in.
    count_try(f"forgotten {form.email.data.strip()}")
    write_now()
    ask_for_link(db_session(), email=form.email.data, by=ANONYMOUS, at=g.at)
    return redirect(url_for("access.on_its_way"))


@bp.get("/forgotten-password/sent")
@public(why="says the same to everybody")
def on_its_way() -> Any:
    return render_template("access/on_its_way.html")


@bp.route("/set-password/<token>", methods=["GET", "POST"])
@public(why="whoever holds the one-time link has no password yet; the link is a secret of 256 bits")
@commits_late
def set_password(token: str) -> Any:
    digest = token_digest(token[:LONGEST_TOKEN])
    holder = link_holder(db_session(), digest, on=g.today, at=g.at)
    if holder is None:
        return _dead()
    form = SetPasswordForm()
    if not form.validate_on_submit():
        return render_template("access/set_password.html", form=form, holder=holder, token=token)
    try:
        session_token = _take_up(holder, digest, form.new.data)
    except PasswordRefused as refused:
        form.refuse("new", str(FAULTS[refused.fault]))
        return render_template("access/set_password.html", form=form, holder=holder, token=token)
    except LinkDead:
        return _dead()
    start_session(session_token)
    flash(_("Your password is set, and you are signed in."), "success")
    return redirect(url_for("home.index"))


def _take_up(holder: LinkHolder, digest: str, password: str) -> str:
    """The token of a session under the new password. Raises PasswordRefused, LinkDead."""
    sender = account_sender()
    new_hash = new_password_hash(
        password,
        email=holder.email,
        display_name=holder.display_name,
        organisation=sender.organisation,
    )
    write_now()
    own, by = db_session(), f"account:{holder.account_id}"
    before = current_sign_in()
    if before is not None:
        accounts.sign_out(own, session_id=before.session_id, by=before.actor.by, at=g.at)
    token = accounts.take_up_link(own, token_hash=digest, new_hash=new_hash, by=by, at=g.at)
    if sends_mail() and not holder.first:
        tell_password_set(own, sender, account_id=holder.account_id, by=by, at=g.at)
    return token


def _dead() -> ResponseReturnValue:
    """Unknown, used, replaced, expired, or of an account that is shut: all the same."""
    return render_template("access/link_dead.html", mailing=sends_mail()), 404
