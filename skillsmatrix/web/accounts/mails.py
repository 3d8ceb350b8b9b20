"""Mails that could not be sent, for those who look after accounts."""

from typing import Any

from flask import g, render_template

from skillsmatrix.queries.unsent_mails import UnsentMail, unsent_mails
from skillsmatrix.web.accounts.blueprint import bp
from skillsmatrix.web.accounts.sight import LOOK, sees
from skillsmatrix.web.shared.account_office import sends_mail
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs, visible_staff


def unsent_seen() -> list[UnsentMail]:
    """Those to accounts that whoever is signed in may look after."""
    within = visible_staff(LOOK)
    return [each for each in unsent_mails(db_session(), at=g.at) if sees(each.staff, within)]


@bp.get("/accounts/mails")
@needs("user.invite")
def mails() -> Any:
    return render_template("accounts/mails.html", unsent=unsent_seen(), mailing=sends_mail())
