"""Decisions about sign-offs: second signatures, withdrawals, doubts about one or all of an assessor's."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request

from skillsmatrix.domain.sign_off import ATTEMPTS
from skillsmatrix.operations.once import once
from skillsmatrix.operations.sign_off_reviews import (
    ReviewRefused,
    keep_sign_off,
    let_stand,
    review_sign_offs,
)
from skillsmatrix.operations.sign_offs import SignOffRefused, countersign, withdraw_sign_off
from skillsmatrix.queries.access import ALL
from skillsmatrix.queries.assessments import attempts, waiting_for_countersign
from skillsmatrix.queries.effects import services_of
from skillsmatrix.queries.sign_offs import locked, open_reviews, sign_offs, signing_assessors
from skillsmatrix.queries.subjects import is_about, review_is_about, someone
from skillsmatrix.web.assessments import pages, words
from skillsmatrix.web.assessments.blueprint import bp
from skillsmatrix.web.assessments.forms import ConfirmForm, KeepForm, ReviewForm, WithdrawForm
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.doubts import doubt_lines
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import needs, visible_staff
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.steps import Step, StepRefused, answer
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import ngettext

MOST_TO_CHOOSE = 500  # beyond it nobody ticks one by one, and a form has room for 2,000 fields


@bp.get("/assessments/decisions")
@needs("competency.suspend")
def decisions() -> Any:
    within = visible_staff("competency.suspend")
    signs = visible_staff("competency.countersign")
    return render_template(
        "assessments/decisions.html",
        waiting=[each for each in waiting_for_countersign(db_session()) if each.staff in signs],
        reviews=open_reviews(db_session(), within=within),
        locked=locked(db_session(), within=within),
        doubts=doubt_lines(within=within),
        attempts=ATTEMPTS,
        assessors=signing_assessors(db_session(), within=within),
    )


@bp.route("/people/<staff>/assessments/<int:number>/countersign", methods=["GET", "POST"])
@needs("competency.countersign", person="staff")
@commits
def second_signature(staff: str, number: int) -> Any:
    who = pages.wanted_person(staff)
    waiting = [
        each
        for each in waiting_for_countersign(db_session(), staff_id=who.staff_id)
        if each.assessment_id == number
    ]
    form = ConfirmForm()
    if form.validate_on_submit():
        me = someone(db_session(), g.actor.staff_code)

        def do() -> int:
            return countersign(
                db_session(),
                assessment_id=number,
                countersigner_id=me.staff_id if me else None,
                by=g.actor.by,
                at=g.at,
            )

        if not is_about(db_session(), "assessments", number, staff_id=who.staff_id):
            abort(404)
        try:
            once(db_session(), "countersign", form.once.data, do, by=g.actor.by, at=g.at)
        except SignOffRefused as error:
            form.form_errors.append(words.refused(error))
        else:
            flash(_("Signed. It counts from today."), "success")
            return redirect(link("assessments.person", staff=staff))
    if not waiting:
        abort(404)
    made = attempts(db_session(), who.staff_id, competency=waiting[0].competency)
    return render_template(
        "assessments/countersign.html",
        person=who,
        waiting=waiting[0],
        attempts=[
            each
            for each in made
            if each.competent and each.sign_off_id is None and each.level == waiting[0].level
        ],
        form=form,
    )


@bp.route("/people/<staff>/sign-offs/<int:number>/withdraw", methods=["GET", "POST"])
@needs("competency.suspend", person="staff")
@commits
def withdraw(staff: str, number: int) -> Any:
    who = pages.wanted_person(staff)
    found = sign_offs(db_session(), within=ALL, staff=staff, ids=[number])
    if not found:
        abort(404)
    sign_off, form = found[0], WithdrawForm()
    withdrawn_on = sign_off.assessed_on if form.since.data == "ever" else g.today

    def do(_keeping: bool) -> None:
        try:
            withdraw_sign_off(
                db_session(),
                sign_off_id=number,
                withdrawn_on=withdrawn_on,
                reason=form.reason.data,
                by=g.actor.by,
                at=g.at,
            )
        except SignOffRefused as error:
            raise StepRefused("since", words.refused(error)) from error

    return answer(
        Step(
            form=form,
            heading=_("Withdraw a sign-off of %(name)s: %(title)s", name=who.name, title=sign_off.title),
            lead=[
                _(
                    "%(title)s at level %(level)s, signed on %(day)s by %(assessor)s.",
                    title=sign_off.title,
                    level=sign_off.level,
                    day=day(sign_off.assessed_on),
                    assessor=sign_off.assessor_name,
                ),
                _(
                    "The sign-off stays readable as withdrawn. Whatever rests on it (cover, role card, "
                    "certificates) follows at once."
                ),
            ],
            back=link("assessments.person", staff=staff),
            operation="withdraw_sign_off",
            do=do,
            done=_("Withdrawn. Whatever depends on it follows from %(day)s.", day=day(withdrawn_on)),
            keep=_("Withdraw"),
            people=[staff],
            services=lambda: services_of(db_session(), [staff]),
            days=lambda: [g.today],
        )
    )


@bp.route("/people/<staff>/sign-offs/<int:number>/keep", methods=["GET", "POST"])
@needs("competency.reinstate", person="staff")
@commits
def keep(staff: str, number: int) -> Any:
    who = pages.wanted_person(staff)
    found = sign_offs(db_session(), within=ALL, staff=staff, ids=[number])
    if not found:
        abort(404)
    form = KeepForm()
    if form.validate_on_submit():
        me = someone(db_session(), g.actor.staff_code)

        def do() -> int:
            return keep_sign_off(
                db_session(),
                sign_off_id=number,
                closer_id=me.staff_id if me else None,
                reason=form.reason.data,
                by=g.actor.by,
                at=g.at,
            )

        try:
            once(db_session(), "sign_off_kept", form.once.data, do, by=g.actor.by, at=g.at)
        except ReviewRefused as error:
            form.refuse("reason", words.refused(error))
        else:
            flash(_("Recorded: the sign-off stands."), "success")
            return redirect(link("assessments.person", staff=staff))
    return render_template(
        "assessments/keep.html",
        person=who,
        sign_off=found[0],
        doubts=doubt_lines(staff=[staff], competency=found[0].competency),
        form=form,
    )


@bp.route("/people/<staff>/sign-off-reviews/<int:number>", methods=["GET", "POST"])
@needs("competency.reinstate", person="staff")
@commits
def settle(staff: str, number: int) -> Any:
    who = pages.wanted_person(staff)
    if not review_is_about(db_session(), number, staff_id=who.staff_id):
        abort(404)
    reviews = [
        each for each in open_reviews(db_session(), within=ALL, staff=staff) if each.review_id == number
    ]
    form = ConfirmForm()
    if form.validate_on_submit():
        me = someone(db_session(), g.actor.staff_code)
        try:
            let_stand(
                db_session(),
                review_id=number,
                closer_id=me.staff_id if me else None,
                by=g.actor.by,
                at=g.at,
            )
        except ReviewRefused as error:
            form.form_errors.append(words.refused(error))
        else:
            flash(_("The sign-off stands."), "success")
            return redirect(link("assessments.person", staff=staff))
    if not reviews:
        flash(_("This review is closed already."), "info")
        return redirect(link("assessments.person", staff=staff))
    return render_template("assessments/settle.html", person=who, review=reviews[0], form=form)


@bp.route("/assessors/<assessor>/sign-offs", methods=["GET", "POST"])
@needs("competency.suspend")
@commits
def doubt(assessor: str) -> Any:
    within = visible_staff("competency.suspend")
    listed = [
        line
        for line in sign_offs(db_session(), within=within, assessor=assessor)
        if line.withdrawn_on is None
    ]
    if not listed:
        abort(404)
    form = ReviewForm()
    offered = {str(line.sign_off_id) for line in listed if line.review_id is None}
    whole = len(offered) > MOST_TO_CHOOSE
    form.sign_offs.choices = choices(
        (str(line.sign_off_id), f"{line.staff_name}: {line.title}, {day(line.assessed_on)}")
        for line in listed
        if line.review_id is None and not whole
    )
    if request.method == "GET":
        form.sign_offs.process_data(sorted(offered))
    if offered and form.validate_on_submit():
        chosen = offered if whole else set(form.sign_offs.data or ())
        if not chosen <= offered:
            abort(404)
        if not chosen:
            form.refuse("sign_offs", _("Choose at least one sign-off"))
        else:
            return _put_under_review(form, chosen)
    return render_template("assessments/doubt.html", listed=listed, form=form, offered=offered, whole=whole)


def _put_under_review(form: ReviewForm, chosen: set[str]) -> Any:
    def do() -> list[int]:
        return review_sign_offs(
            db_session(),
            sign_off_ids={int(each) for each in chosen},
            reason=form.reason.data,
            by=g.actor.by,
            at=g.at,
        )

    opened = once(db_session(), "sign_off_review", form.once.data, do, by=g.actor.by, at=g.at)
    flash(
        ngettext("%(num)s sign-off is under review.", "%(num)s sign-offs are under review.", len(opened)),
        "success",
    )
    return redirect(link("assessments.decisions"))
