"""Revoking many: find them, see the list, give the reason; a second person confirms or refuses."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for

from skillsmatrix.domain.certificate import RevocationKind
from skillsmatrix.operations.certificate_revocations import (
    ALREADY,
    MOST_ON_A_LIST,
    NotForThemselves,
    RevocationOfManyRefused,
    SettledAlready,
    ask_to_revoke,
    confirm_revocation,
    refuse_revocation,
)
from skillsmatrix.queries import certificate_revocations as queries
from skillsmatrix.queries.certificate_revocations import Listed, RevocationFilter
from skillsmatrix.queries.certificates import person_named
from skillsmatrix.queries.claims import account_names
from skillsmatrix.queries.competencies import titles
from skillsmatrix.queries.services import service_entries
from skillsmatrix.web.certificates.blueprint import bp
from skillsmatrix.web.certificates.forms import KINDS, BareForm, RevocationFilterForm, RevokeManyForm
from skillsmatrix.web.certificates.words import REVOCATION_STATES
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.formats import instant
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import allowed, needs, visible_services, visible_staff
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _

ACTION = "certificate.bulk_revoke"


@bp.get("/certificates/revocations")
@needs(ACTION)
def revocations() -> Any:
    found = _in_sight(queries.revocation_ids(db_session()))
    return render_template(
        "certificates/revocations.html",
        found=found,
        names=account_names(db_session(), [each.asked_by for each in found]),
        states=REVOCATION_STATES,
        kinds=KINDS,
    )


@bp.route("/certificates/revocations/new", methods=["GET", "POST"])
@needs(ACTION)
@commits
def new_revocation() -> Any:
    filters, form = RevocationFilterForm(), RevokeManyForm()
    _offer(filters)
    wanted = RevocationFilter(
        competency=filters.competency.data or "",
        services=tuple(filters.services.data or ()),
        assessor=filters.assessor.data or "",
        key=filters.key.data or "",
    )
    found = [] if wanted.says_nothing or not filters.validate() else _revocable(wanted)
    if form.validate_on_submit():
        run_id = _ask(form, wanted, found)
        if run_id is not None:
            flash(_("Asked for. Nothing is revoked before a second person confirms it."), "success")
            return redirect(url_for("certificates.revocation", run_id=run_id))
    return render_template(
        "certificates/new_revocation.html",
        filters=filters,
        form=form,
        found=found,
        asked=not wanted.says_nothing,
        most=MOST_ON_A_LIST,
    )


@bp.get("/certificates/revocations/<int:run_id>")
@needs(ACTION)
def revocation(run_id: int) -> Any:
    return render_template("certificates/revocation.html", form=BareForm(), **_shown(run_id))


@bp.get("/certificates/revocations/<int:run_id>/progress")
@needs(ACTION)
def revocation_progress(run_id: int) -> Any:
    return render_template("certificates/revocation_progress.html", **_shown(run_id))


@bp.post("/certificates/revocations/<int:run_id>/confirm")
@needs(ACTION)
@commits
def confirm(run_id: int) -> Any:
    _shown(run_id)
    own = None if g.actor.staff_code is None else person_named(db_session(), g.actor.staff_code).id
    try:
        confirm_revocation(db_session(), run_id=run_id, own_staff_id=own, by=g.actor.by, at=g.at)
    except NotForThemselves:
        flash(_("Somebody else has to confirm it: you asked for it, or one of your own is on the list."))
    except SettledAlready:
        flash(_("It was confirmed or refused already."))
    else:
        flash(_("Confirmed. The certificates are being revoked."), "success")
    return redirect(url_for("certificates.revocation", run_id=run_id))


@bp.post("/certificates/revocations/<int:run_id>/refuse")
@needs(ACTION)
@commits
def refuse(run_id: int) -> Any:
    _shown(run_id)
    try:
        refuse_revocation(db_session(), run_id=run_id, by=g.actor.by, at=g.at)
    except SettledAlready:
        flash(_("It was confirmed or refused already."))
    else:
        flash(_("Refused. No certificate was revoked."), "success")
    return redirect(url_for("certificates.revocation", run_id=run_id))


def waiting_for_me() -> int:
    """How many lists wait for a second person who may be whoever asks; none without the right."""
    if not allowed(ACTION):
        return 0
    found = _in_sight(queries.revocation_ids(db_session(), unconfirmed=True))
    return sum(each.asked_by != g.actor.by for each in found)


def _in_sight(numbers: list[int]) -> list[queries.Revocation]:
    return [
        each
        for number in numbers
        if _sees(queries.on_the_list(db_session(), number))
        and (each := queries.revocation(db_session(), number, at=g.at)) is not None
    ]


def _offer(filters: RevocationFilterForm) -> None:
    """The choices of each filter; people only when whoever asks may know them."""
    session, any_of = db_session(), [("", _("Any"))]
    listed = sorted(titles(session).items(), key=lambda each: each[1].casefold())
    filters.competency.choices = choices([*any_of, *listed])
    places = service_entries(session, visible_services(ACTION))
    filters.services.choices = choices([(each.code, each.name) for each in places])
    within = visible_staff(ACTION)
    assessors = [each for each in queries.assessors_of_certificates(session) if each[0] in within]
    filters.assessor.choices = choices([*any_of, *assessors])
    filters.key.choices = choices(
        [*any_of, *((key, _key_words(key)) for key in queries.keys_in_use(session))]
    )


def _key_words(key: str) -> str:
    try:
        made = datetime.strptime(key, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return key
    return str(_("The key made on %(instant)s", instant=instant(made)))


def _revocable(wanted: RevocationFilter) -> list[Listed]:
    """What the filter finds within reach; never a certificate of whoever asks."""
    within = visible_staff(ACTION)
    found = queries.revocable(
        db_session(), wanted, on=g.today, staff_codes=None if within.everything else within.codes
    )
    return [each for each in found if each.staff != g.actor.staff_code]


def _ask(form: RevokeManyForm, wanted: RevocationFilter, found: list[Listed]) -> int | None:
    try:
        return ask_to_revoke(
            db_session(),
            certificate_ids=[each.id for each in found],
            kind=RevocationKind(form.kind.data),
            reason=form.reason.data,
            wanted={
                "competency": wanted.competency,
                "services": list(wanted.services),
                "assessor": wanted.assessor,
                "key": wanted.key,
            },
            request_key=str(form.once.data),
            by=g.actor.by,
            at=g.at,
        )
    except RevocationOfManyRefused:
        form.refuse("once", _("No certificate was found, or there are too many. Change the filter."))
        return None


def _sees(listed: list[Listed]) -> bool:
    within = visible_staff(ACTION)
    return bool(listed) and all(each.staff in within for each in listed)


def _shown(run_id: int) -> dict[str, Any]:
    found = queries.revocation(db_session(), run_id, at=g.at)
    listed = queries.on_the_list(db_session(), run_id)
    if found is None or not _sees(listed):
        abort(404)
    return {
        "revocation": found,
        "listed": listed,
        "names": account_names(db_session(), [found.asked_by, found.confirmed_by]),
        "mine": found.asked_by == g.actor.by,
        "states": REVOCATION_STATES,
        "kinds": KINDS,
        "already": ALREADY,
    }
