"""The accounts, one account, its way in, and shutting and opening it."""

from typing import Any, Final

from flask import abort, flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from skillsmatrix.domain.trust import ENOUGH_ADMINISTRATORS
from skillsmatrix.operations import accounts as operations
from skillsmatrix.operations.account_links import AccountShut, MailOnly, mail_link, make_link
from skillsmatrix.queries import accounts as sign_in_queries
from skillsmatrix.queries.account_list import (
    AccountLine,
    account_lines,
    administrators,
    holds_wide_role,
    names_of,
    open_link,
    roles_of,
)
from skillsmatrix.queries.people import folded
from skillsmatrix.web.accounts import words
from skillsmatrix.web.accounts.blueprint import bp
from skillsmatrix.web.accounts.forms import AccountFilter, ActForm, LastDayForm
from skillsmatrix.web.accounts.mails import unsent_seen
from skillsmatrix.web.accounts.sight import (
    LOOK,
    account_seen,
    everywhere,
    sees,
    signs_others_out,
    waiting_seen,
)
from skillsmatrix.web.shared.account_office import account_sender, address_of_link, sends_mail
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import allowed, needs, visible_staff
from skillsmatrix.web.shared.paging import part
from skillsmatrix.web.shared.role_words import ROLE_WORDS
from skillsmatrix.web.shared.sign_ins import session_limits
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _

NEW_LINK: Final = "new_account_link"
ON_PAGE: Final = 50


@bp.get("/accounts")
@needs("user.invite")
def index() -> Any:
    filters = AccountFilter()
    found = [
        line for line in account_lines(db_session(), on=g.today) if sees(line.staff, visible_staff(LOOK))
    ]
    asked, state = folded((filters.q.data or "").strip()), filters.wanted_state()
    listed = [
        line
        for line in found
        if state in (None, line.state) and (asked in folded(line.display_name) or asked in folded(line.email))
    ]
    shown = part(listed, most=ON_PAGE)
    waiting = waiting_seen() if allowed("role.grant") else []
    return render_template(
        "accounts/index.html",
        filters=filters,
        lines=shown.rows,
        total=len(listed),
        page=shown.page,
        pages=shown.pages,
        given=roles_of(db_session(), [line.account_id for line in shown.rows]),
        waiting=waiting,
        names=names_of(db_session(), {each.terms.by for each in waiting}),
        alone=_is_alone(),
        unsent=len(unsent_seen()),
        act=ActForm(formdata=None),
        words=words,
        role_words=ROLE_WORDS,
    )


@bp.get("/accounts/<int:account_id>")
@needs("user.invite")
def show(account_id: int) -> Any:
    line = account_seen(account_id)
    given = roles_of(db_session(), [account_id]).get(account_id, [])
    waiting = waiting_seen(account_id=account_id) if allowed("role.grant") else []
    link = open_link(db_session(), account_id, at=g.at)
    signatures = {each.by for each in given} | {each.terms.by for each in waiting}
    devices = sign_in_queries.open_sessions(db_session(), account_id, at=g.at, limits=session_limits())
    return render_template(
        "accounts/show.html",
        line=line,
        given=[each for each in given if not each.over(g.today)],
        ended=[each for each in given if each.over(g.today)],
        waiting=waiting,
        working=link,
        new_link=_shown_once(account_id),
        names=names_of(db_session(), signatures | ({link.made_by} if link else set())),
        devices=len(devices),
        own=account_id == g.actor.account_id,
        mailing=sends_mail(),
        by_command=not sends_mail() and holds_wide_role(given, on=g.today),
        may_sign_out=signs_others_out(),
        act=ActForm(formdata=None),
        words=words,
        role_words=ROLE_WORDS,
    )


@bp.post("/accounts/<int:account_id>/link")
@needs("user.invite")
@commits
def make_way_in(account_id: int) -> Any:
    line = account_seen(account_id)
    ActForm().validate_on_submit() or abort(400)
    return send_way_in(line)


@bp.post("/accounts/<int:account_id>/disable")
@needs("user.disable")
@commits
def disable(account_id: int) -> Any:
    line = account_seen(account_id, "user.disable")
    try:
        operations.disable_account(db_session(), account_id=account_id, by=g.actor.by, at=g.at)
        flash(_("%(name)s is shut out: the account is disabled.", name=line.display_name), "success")
    except operations.NotOneself:
        flash(_("Nobody disables their own account. Ask another administrator."))
    except operations.LastAdministrator:
        flash(_("This is the last administrator who can sign in. Make another one first."))
    return _back(account_id)


@bp.post("/accounts/<int:account_id>/enable")
@needs("user.disable")
@commits
def enable(account_id: int) -> Any:
    line = account_seen(account_id, "user.disable")
    operations.enable_account(db_session(), account_id=account_id, by=g.actor.by, at=g.at)
    flash(_("%(name)s may use the account again, with the same roles.", name=line.display_name), "success")
    return _back(account_id)


@bp.post("/accounts/<int:account_id>/sign-out")
@needs("session_list.revoke")
@commits
def sign_out(account_id: int) -> Any:
    if not signs_others_out():
        abort(403)
    line = account_seen(account_id, "user.disable")
    ended = operations.sign_out_everywhere(db_session(), account_id=account_id, by=g.actor.by, at=g.at)
    if ended:
        flash(_("%(name)s is signed out on every device.", name=line.display_name), "success")
    else:
        flash(_("%(name)s was not signed in anywhere.", name=line.display_name))
    return _back(account_id)


@bp.route("/accounts/<int:account_id>/last-day", methods=["GET", "POST"])
@needs("user.invite")
@commits
def last_day(account_id: int) -> Any:
    line = account_seen(account_id)
    if line.staff is not None or not everywhere(LOOK):
        abort(404)
    form = LastDayForm(today=g.today, data={"ends_on": line.last_day})
    if form.validate_on_submit():
        operations.change_last_day(
            db_session(), account_id=account_id, ends_on=form.ends_on.data, by=g.actor.by, at=g.at
        )
        flash(_("The account has another last day."), "success")
        return _back(account_id)
    return render_template("accounts/last_day.html", form=form, line=line)


def send_way_in(line: AccountLine) -> ResponseReturnValue:
    """Mail a link, or make one to hand over that the next page shows once; leads to the account."""
    own, by, account_id = db_session(), g.actor.by, line.account_id
    sender = account_sender()
    try:
        if sends_mail():
            mail_link(own, sender, account_id=account_id, by=by, at=g.at)
            flash(_("A link is on its way to %(email)s.", email=line.email), "success")
        else:
            number = make_link(own, account_id=account_id, secret_key=sender.secret_key, by=by, at=g.at)
            session[NEW_LINK] = [account_id, address_of_link(number)]
    except AccountShut:
        flash(_("The account is disabled or has ended: there is no way in."))
    except MailOnly:
        flash(
            _(
                "This account has a role that reaches everybody, so its link is not handed over: whoever made"
                " it could act as them. On the machine: python3 -m skillsmatrix account %(email)s --again",
                email=line.email,
            )
        )
    return _back(account_id)


def _shown_once(account_id: int) -> str | None:
    """The link that was just made for this account, for the one page after it was made."""
    kept = session.pop(NEW_LINK, None)
    return str(kept[1]) if isinstance(kept, list) and kept[0] == account_id else None


def _is_alone() -> bool:
    """True for an administrator without a second one who can sign in: nothing they ask for is confirmed."""
    if not allowed("role.grant"):
        return False
    able = [line for line in administrators(db_session(), on=g.today) if line.activated]
    return len(able) < ENOUGH_ADMINISTRATORS


def _back(account_id: int) -> ResponseReturnValue:
    return redirect(url_for("accounts.show", account_id=account_id))
