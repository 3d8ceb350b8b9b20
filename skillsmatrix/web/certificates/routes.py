"""Issue a certificate, look at one, hand it out, revoke it."""

from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, url_for

from skillsmatrix.documents.keys import KeysRefused
from skillsmatrix.domain.certificate import RefusalReason, RevocationKind
from skillsmatrix.operations.certificate_office import NotDrawn, may_do
from skillsmatrix.operations.certificates import (
    NotIssued,
    RevocationRefused,
    issue_certificate,
    revoke_certificate,
)
from skillsmatrix.queries import certificates as queries
from skillsmatrix.queries.certificate_awards import Award, award
from skillsmatrix.queries.certificate_log import newest_checkpoint_line
from skillsmatrix.queries.certificates import CertificateRecord
from skillsmatrix.web.certificates.blueprint import bp
from skillsmatrix.web.certificates.forms import KINDS, IssueForm, RevokeForm, SearchForm
from skillsmatrix.web.certificates.revocations import waiting_for_me
from skillsmatrix.web.certificates.words import NO_KEYS, refused, state_words, told_words
from skillsmatrix.web.shared.certificate_office import certificate_office, has_keys
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs, visible_staff
from skillsmatrix.web.shared.transactions import commits, commits_late, write_now
from skillsmatrix.web.shared.wording import gettext as _

MOST_LISTED = 200


@bp.get("/certificates")
@needs("certificate.read")
def index() -> Any:
    form = SearchForm()
    form.validate()
    within = visible_staff("certificate.read")
    codes = None if within.everything else within.codes
    found = queries.issued(
        db_session(), staff_codes=codes, on=g.today, search=form.q.data or "", most=MOST_LISTED
    )
    return render_template(
        "certificates/index.html",
        form=form,
        found=found,
        most=MOST_LISTED,
        state_words=state_words,
        to_confirm=waiting_for_me(),
    )


@bp.get("/people/<staff>/certificates")
@needs("certificate.read", person="staff")
def of_person(staff: str) -> Any:
    found = queries.issued(db_session(), staff_codes={staff}, on=g.today)
    person = queries.person_named(db_session(), staff)
    checks = queries.checks_of(db_session(), staff_id=person.id)
    return render_template(
        "certificates/of_person.html",
        person=person,
        found=found,
        checks=checks,
        mine=staff == g.actor.staff_code,
        possible=queries.certifiable(db_session(), person.id, on=g.today),
        state_words=state_words,
        told_words=told_words,
    )


@bp.route("/people/<staff>/certificates/new/<competency>", methods=["GET", "POST"])
@needs("certificate.issue", person="staff")
@commits_late
def new(staff: str, competency: str) -> Any:
    person = queries.person_named(db_session(), staff)
    staff_id, competency_id = person.id, queries.competency_id_of(db_session(), competency)
    if competency_id is None:
        abort(404)
    form = IssueForm()
    if form.validate_on_submit():
        number = _issue(form, staff_id, competency_id)
        if number is not None:
            flash(_("The certificate is issued."), "success")
            return redirect(url_for("certificates.show", staff=staff, number=number))
    why_not = queries.refusal(db_session(), staff_id=staff_id, competency_id=competency_id, on=g.today)
    would_say = award(db_session(), staff_id=staff_id, competency_id=competency_id, on=g.today)
    return render_template(
        "certificates/new.html",
        form=form,
        person=person,
        award=would_say if isinstance(would_say, Award) else None,
        may_do=may_do,
        title=queries.title_of(db_session(), competency_id),
        replaces=[
            each.number
            for each in queries.live_certificates(
                db_session(), staff_ids=[staff_id], competency_id=competency_id
            )
        ],
        refused=refused(why_not) if why_not else "",
        no_keys="" if has_keys() else NO_KEYS,
    )


def _issue(form: IssueForm, staff_id: int, competency_id: int) -> str | None:
    """Draw and issue; the number, or None with the reason on the form. Asked twice, one certificate."""
    key = str(form.once.data)
    session = db_session()
    before = queries.issued_for(session, staff_id=staff_id, request_key=key)
    if before is not None:
        return queries.number_of(session, before)
    wanted = award(session, staff_id=staff_id, competency_id=competency_id, on=g.today)
    if isinstance(wanted, RefusalReason):
        return None  # the page says why
    taken = queries.taken_status_places(session)
    line = newest_checkpoint_line(session)
    try:
        drawn = certificate_office().draw(wanted, on=g.today, at=g.at, taken=taken, checkpoint=line)
        write_now()
        certificate = issue_certificate(db_session(), drawn, request_key=key, by=g.actor.by, at=g.at)
    except KeysRefused:
        form.refuse("once", str(NO_KEYS))
    except (NotDrawn, NotIssued) as error:
        db_session().rollback()
        reason = refused(error.reason) if isinstance(error, NotIssued) else str(error)
        form.refuse("once", reason)
    else:
        return queries.number_of(db_session(), certificate)
    return None


@bp.get("/people/<staff>/certificates/<number>")
@needs("certificate.read", person="staff")
def show(staff: str, number: str) -> Any:
    certificate = _certificate(staff, number)
    today = queries.state_today(db_session(), certificate, on=g.today)
    return render_template(
        "certificates/show.html",
        staff=staff,
        certificate=certificate,
        facts=queries.facts_of(certificate),
        today=today,
        state=state_words(today),
        kind_words=KINDS,
    )


@bp.get("/people/<staff>/certificates/<number>/certificate.pdf")
@needs("certificate.read", person="staff")
def pdf(staff: str, number: str) -> Any:
    return _download(_certificate(staff, number).pdf, "application/pdf", f"certificate-{number}.pdf")


@bp.get("/people/<staff>/certificates/<number>/badge.json")
@needs("certificate.read", person="staff")
def badge(staff: str, number: str) -> Any:
    content = _certificate(staff, number).badge.encode()
    return _download(content, "application/vc+ld+json", f"badge-{number}.json")


@bp.get("/people/<staff>/certificates/<number>/badge.jwt")
@needs("certificate.read", person="staff")
def badge_jwt(staff: str, number: str) -> Any:
    content = _certificate(staff, number).badge_jwt.encode()
    return _download(content, "application/vc+jwt", f"badge-{number}.jwt")


@bp.route("/people/<staff>/certificates/<number>/revoke", methods=["GET", "POST"])
@needs("certificate.revoke", person="staff")
@commits
def revoke(staff: str, number: str) -> Any:
    certificate = _certificate(staff, number)
    form = RevokeForm()
    if form.validate_on_submit():
        try:
            revoke_certificate(
                db_session(),
                certificate_id=certificate.id,
                kind=RevocationKind(form.kind.data),
                reason=form.reason.data,
                by=g.actor.by,
                at=g.at,
            )
        except RevocationRefused:
            flash(_("It was revoked already."))
        else:
            flash(_("The certificate is revoked. Whoever checks it is told so from now on."), "success")
        return redirect(url_for("certificates.show", staff=staff, number=number))
    return render_template(
        "certificates/revoke.html",
        form=form,
        staff=staff,
        certificate=certificate,
        facts=queries.facts_of(certificate),
    )


def _certificate(staff: str, number: str) -> CertificateRecord:
    """The certificate, if it is this person's; otherwise it is not there."""
    found = queries.by_number(db_session(), number)
    if found is None or found.staff_id != queries.person_named(db_session(), staff).id:
        abort(404)
    return found


def _download(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
