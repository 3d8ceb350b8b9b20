"""Claims: the list, one claim, its evidence, and the decision."""

from typing import Any

from flask import Response, abort, current_app, flash, g, redirect, render_template

from skillsmatrix.domain.file_kinds import MOST_BYTES, FileRefused
from skillsmatrix.domain.prior_learning import Doubt
from skillsmatrix.operations import claims as operations
from skillsmatrix.operations.claims import Claimed, ClaimRefused
from skillsmatrix.operations.learning import AlreadyRecorded, CompletedInFuture
from skillsmatrix.operations.once import once
from skillsmatrix.operations.uploads import StoredFile, store_file
from skillsmatrix.queries.claims import ClaimPage, claim_lines, claim_page
from skillsmatrix.queries.competencies import titles
from skillsmatrix.queries.labels import names
from skillsmatrix.queries.training import bookable, competency_ids, staff_ids
from skillsmatrix.web.claims import words
from skillsmatrix.web.claims.blueprint import bp
from skillsmatrix.web.claims.forms import (
    ACCEPT,
    ClaimFilter,
    ClaimForm,
    DecisionForm,
    PersonFilter,
    is_given,
)
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import allowed, needs, require, visible_staff
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.transactions import commits, commits_late, write_now
from skillsmatrix.web.shared.wording import gettext as _

MOST_FOUND = 20
MOST_LISTED = 200


@bp.get("/claims")
@needs("training.read")
def index() -> Any:
    filters, person = ClaimFilter(), PersonFilter()
    within = visible_staff("training.read")
    listed = claim_lines(db_session(), within, state=filters.state.data or None)
    claimable = visible_staff("training.create_claim")
    others = claimable.everything or bool(claimable.codes - {g.actor.staff_code})
    found = (
        bookable(db_session(), claimable, search=person.q.data, on=g.today, most=MOST_FOUND)
        if person.q.data and others
        else []
    )
    return render_template(
        "claims/index.html",
        filters=filters,
        person=person,
        others=others,
        found=found[:MOST_FOUND],
        listed=listed[:MOST_LISTED],
        more=len(listed) > MOST_LISTED,
        decidable=visible_staff("training.verify"),
        words=words,
    )


@bp.route("/people/<staff>/claims/new", methods=["GET", "POST"])
@needs("training.create_claim", person="staff")
@commits_late
def new(staff: str) -> Any:
    form = ClaimForm()
    listed = sorted(titles(db_session()).items(), key=lambda each: each[1].casefold())
    form.competency.choices = choices([("", _("Choose one")), *listed])
    if form.validate_on_submit():
        try:
            return _claim(staff, form)
        except FileRefused as refused:
            form.refuse("evidence", str(words.FILE_FAULTS[refused.fault]))
        except CompletedInFuture:
            form.refuse("completed_on", _("This day has not come yet"))
    return render_template(
        "claims/new.html",
        form=form,
        staff=staff,
        name=names(db_session(), [staff])[staff],
        mine=staff == g.actor.staff_code,
        may_upload=allowed("evidence.upload", person=staff),
    )


def _claim(staff: str, form: ClaimForm) -> Any:
    """The file is checked, scanned and on disk before the write lock is taken."""
    stored = _stored(staff, form)
    claimed = Claimed(
        competency_id=competency_ids(db_session())[form.competency.data],
        completed_on=form.completed_on.data or g.today,
        title=form.title.data,
        provider=form.provider.data,
        reference=form.reference.data or "",
        level=form.level.data,
        valid_months=form.valid_months.data,
    )
    staff_id = staff_ids(db_session(), [staff])[staff]
    write_now()
    by, at = g.actor.by, g.at
    claim_id = once(
        db_session(),
        "claims.new",
        form.once.data,
        lambda: operations.claim_learning(
            db_session(), claimed, staff_id=staff_id, evidence=stored, by=by, at=at
        ),
        by=by,
        at=at,
    )
    made = next(
        each
        for each in claim_lines(db_session(), visible_staff("training.create_claim"), staff=staff)
        if each.id == claim_id
    )
    told = {
        "accepted": _("Accepted by an agreed rule: it is on record as learning"),
        "waiting": _("Handed in. A named person decides about it, and the answer will stand here."),
    }
    flash(told[made.state], "success")
    if not allowed("training.read", person=staff):
        return redirect(link("claims.index"))
    return redirect(link("claims.show", staff=staff, number=made.number))


def _stored(staff: str, form: ClaimForm) -> StoredFile | None:
    if not is_given(form):
        return None
    require("evidence.upload", person=staff)
    sent = form.evidence.data
    return store_file(
        sent.read(MOST_BYTES + 1),
        sent.filename or "",
        folder=current_app.config["UPLOADS_DIR"],
        scan=current_app.config["SCAN_COMMAND"],
    )


@bp.get("/people/<staff>/claims/<int:number>")
@needs("training.read", person="staff")
def show(staff: str, number: int) -> Any:
    claim = _wanted(staff, number)
    return render_template(
        "claims/show.html",
        claim=claim,
        line=claim.line,
        words=words,
        decides=_decides(claim),
        readable=allowed("evidence.read", person=staff),
    )


@bp.route("/people/<staff>/claims/<int:number>/decide", methods=["GET", "POST"])
@needs("training.verify", person="staff")
@commits
def decide(staff: str, number: int) -> Any:
    claim = _wanted(staff, number)
    form = DecisionForm()
    if form.validate_on_submit():
        try:
            _decide(claim, form)
            return redirect(link("claims.show", staff=staff, number=number))
        except ClaimRefused as refused:
            field, message = words.REFUSALS[type(refused)]
            form.refuse(field, str(message))
        except AlreadyRecorded:
            form.refuse("decision", str(words.DOUBTS[Doubt.ALREADY_RECORDED]))
    return render_template(
        "claims/decide.html",
        form=form,
        claim=claim,
        line=claim.line,
        words=words,
        decides=_decides(claim),
        readable=allowed("evidence.read", person=staff),
    )


def _decide(claim: ClaimPage, form: DecisionForm) -> None:
    own = db_session()
    me = staff_ids(own, [g.actor.staff_code or ""]).get(g.actor.staff_code or "")
    number = claim.line.id
    reason = form.reason.data or ""
    if form.decision.data == ACCEPT:
        operations.accept_claim(
            own,
            claim_id=number,
            decider_staff_id=me,
            recent_enough=form.recent_enough.data,
            equal_standard=form.equal_standard.data,
            level=form.level.data,
            note=reason,
            by=g.actor.by,
            at=g.at,
        )
        flash(_("Accepted: it is on record as learning"), "success")
    else:
        operations.refuse_claim(
            own, claim_id=number, decider_staff_id=me, reason=reason, by=g.actor.by, at=g.at
        )
        flash(_("Refused, with the reason you gave"), "success")


@bp.get("/people/<staff>/claims/<int:number>/file")
@needs("evidence.read", person="staff")
def evidence(staff: str, number: int) -> Any:
    found = _wanted(staff, number).evidence
    if found is None:
        abort(404)
    path = current_app.config["UPLOADS_DIR"] / found.name
    if not path.is_file():
        current_app.logger.error("upload %s is not on disk", found.name)
        abort(404)
    response = Response(path.read_bytes(), content_type=found.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=found.given_name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _wanted(staff: str, number: int) -> ClaimPage:
    claim = claim_page(db_session(), staff, number, on=g.today)
    if claim is None:
        abort(404)
    return claim


def _decides(claim: ClaimPage) -> bool:
    """May whoever is signed in decide: not about themself, nor about what they entered."""
    entered = claim.entered_by_account == g.actor.by
    waits = claim.line.state == "waiting"
    return waits and not entered and allowed("training.verify", person=claim.line.staff)
