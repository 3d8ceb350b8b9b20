"""The passport: all of one person's record as a signed bundle, for a leaver or for oneself."""

from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, url_for

from skillsmatrix.documents.keys import KeysRefused
from skillsmatrix.operations.certificate_office import NotDrawn
from skillsmatrix.operations.passports import MOST_A_DAY, PassportRefused, keep_passport
from skillsmatrix.queries.certificates import person_named
from skillsmatrix.queries.passports import bundle_of, passport_for, passports_of, whole_record
from skillsmatrix.web.certificates.blueprint import bp
from skillsmatrix.web.certificates.forms import PassportForm
from skillsmatrix.web.certificates.words import NO_KEYS
from skillsmatrix.web.shared.certificate_office import certificate_office, has_keys
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.transactions import commits_late, write_now
from skillsmatrix.web.shared.wording import gettext as _


@bp.route("/people/<staff>/passport", methods=["GET", "POST"])
@needs("person.mark_leaver", person="staff")
@commits_late
def passport(staff: str) -> Any:
    return _passport(staff, here=url_for("certificates.passport", staff=staff), mine=False)


@bp.get("/people/<staff>/passport/<number>.zip")
@needs("person.mark_leaver", person="staff")
def passport_file(staff: str, number: str) -> Any:
    return _bundle(staff, number)


@bp.route("/me/passport", methods=["GET", "POST"])
@needs("export.person_bundle")
@commits_late
def own_passport() -> Any:
    return _passport(_myself(), here=url_for("certificates.own_passport"), mine=True)


@bp.get("/me/passport/<number>.zip")
@needs("export.person_bundle")
def own_passport_file(number: str) -> Any:
    return _bundle(_myself(), number)


def _myself() -> str:
    """The staff code of whoever asks; an account without one has no record to take along."""
    if g.actor.staff_code is None:
        abort(404)
    return str(g.actor.staff_code)


def _passport(staff: str, *, here: str, mine: bool) -> Any:
    form = PassportForm()
    if form.validate_on_submit() and _make(form, staff):
        flash(_("The passport is made. Download it below."), "success")
        return redirect(here)
    person = person_named(db_session(), staff)
    return render_template(
        "certificates/passport.html",
        form=form,
        person=person,
        mine=mine,
        made=passports_of(db_session(), person.id),
        no_keys="" if has_keys() else NO_KEYS,
    )


def _make(form: PassportForm, staff: str) -> bool:
    """Draw and keep; False with the reason on the form. Asked twice with one key, one passport."""
    key, session = str(form.once.data), db_session()
    staff_id = person_named(session, staff).id
    if passport_for(session, staff_id=staff_id, request_key=key) is not None:
        return True
    try:
        record = whole_record(session, staff, on=g.today)
        drawn = certificate_office().draw_passport(record, on=g.today, at=g.at)
        write_now()
        keep_passport(db_session(), drawn, request_key=key, by=g.actor.by, at=g.at)
    except KeysRefused:
        form.refuse("once", str(NO_KEYS))
    except PassportRefused:
        most = _("%(most)s were made in the last 24 hours. Download one of them.", most=MOST_A_DAY)
        form.refuse("once", most)
    except NotDrawn as error:
        form.refuse("once", _("The passport could not be made: %(why)s.", why=str(error)))
    else:
        return True
    return False


def _bundle(staff: str, number: str) -> Response:
    content = bundle_of(db_session(), staff_id=person_named(db_session(), staff).id, number=number)
    if content is None:
        abort(404)
    response = Response(content, content_type="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"passport-{number}.zip")
    return response
