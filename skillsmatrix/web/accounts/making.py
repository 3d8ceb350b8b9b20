"""Making an account: for a member of staff, or for somebody from outside until a day."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from skillsmatrix.operations.accounts import EmailTaken, create_account
from skillsmatrix.operations.once import once
from skillsmatrix.queries.account_list import (
    account_line,
    account_of_staff,
    staff_details,
    staff_to_invite,
)
from skillsmatrix.web.accounts.blueprint import bp
from skillsmatrix.web.accounts.forms import NewAccount, NewOutsideAccount, StaffSearch
from skillsmatrix.web.accounts.routes import send_way_in
from skillsmatrix.web.accounts.sight import LOOK, everywhere, sees
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs, visible_staff
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _

MOST_FOUND = 30


@bp.get("/accounts/new")
@needs("user.invite")
def new() -> Any:
    search = StaffSearch()
    within = visible_staff(LOOK)
    found = staff_to_invite(db_session(), search.q.data or "", on=g.today)
    seen = [each for each in found if each.staff in within]
    return render_template(
        "accounts/new.html",
        search=search,
        found=seen[:MOST_FOUND],
        more=max(len(seen) - MOST_FOUND, 0),
        asked=bool((search.q.data or "").strip()),
        may_outside=everywhere(LOOK),
    )


@bp.route("/accounts/new/staff/<path:staff>", methods=["GET", "POST"])
@needs("user.invite", person="staff")
@commits
def new_for_staff(staff: str) -> Any:
    person = staff_details(db_session(), staff) or abort(404)
    there = account_of_staff(db_session(), person.staff_id)
    if there is not None:
        flash(_("There is an account for this member of staff already: this one."))
        return redirect(url_for("accounts.show", account_id=there))
    form = NewAccount(data={"email": person.work_email})
    if form.validate_on_submit():

        def make() -> int:
            return create_account(
                db_session(),
                email=form.email.data,
                display_name=person.name,
                staff_id=person.staff_id,
                by=g.actor.by,
                at=g.at,
            )

        answer = _make(form, make)
        if answer is not None:
            return answer
    return render_template("accounts/new_account.html", form=form, person=person)


@bp.route("/accounts/new/outside", methods=["GET", "POST"])
@needs("user.invite")
@commits
def new_outside() -> Any:
    if not everywhere(LOOK):
        abort(403)
    form = NewOutsideAccount(today=g.today)
    if form.validate_on_submit():

        def make() -> int:
            return create_account(
                db_session(),
                email=form.email.data,
                display_name=form.name.data,
                ends_on=form.ends_on.data,
                by=g.actor.by,
                at=g.at,
            )

        answer = _make(form, make)
        if answer is not None:
            return answer
    return render_template("accounts/new_account.html", form=form, person=None)


def _make(form: NewAccount, make: Callable[[], int]) -> ResponseReturnValue | None:
    """Make the account once and send its way in; None when the form says what is wrong."""
    made: list[int] = []

    def make_and_note() -> int:
        made.append(make())
        return made[0]

    own = db_session()
    try:
        number = once(own, "new_account", form.once.data or "", make_and_note, by=g.actor.by, at=g.at)
    except EmailTaken as taken:
        return _taken(form, taken.account_id)
    line = account_line(own, number, on=g.today) or abort(404)
    if not made:  # the form came twice: the first has sent the way in
        return redirect(url_for("accounts.show", account_id=number))
    return send_way_in(line)


def _taken(form: NewAccount, account_id: int) -> ResponseReturnValue | None:
    """Lead to the account that the address belongs to, when it is within reach; never make a second one."""
    line = account_line(db_session(), account_id, on=g.today) or abort(404)
    if not sees(line.staff, visible_staff(LOOK)):
        form.refuse("email", _("This address belongs to an account already. Ask a technical administrator."))
        return None
    flash(
        _(
            "What is sent to %(email)s goes to this account already, so no second one was made.",
            email=form.email.data.strip(),
        )
    )
    return redirect(url_for("accounts.show", account_id=account_id))
