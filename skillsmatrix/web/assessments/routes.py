"""Whom one is asked to assess, a person's assessments, asking for one, the form and the sheet."""

from typing import Any

import segno
from flask import abort, flash, g, redirect, render_template, request, url_for
from markupsafe import Markup

from skillsmatrix.operations.assessments import (
    AlreadySignedOff,
    AssessmentRefused,
    Outcome,
    Seen,
    close_request,
    record_assessment,
    request_assessment,
)
from skillsmatrix.operations.once import once
from skillsmatrix.operations.sign_offs import SignOffRefused
from skillsmatrix.queries.access import ALL
from skillsmatrix.queries.assessments import attempts, open_requests, task, waiting_for_countersign
from skillsmatrix.queries.doubts import Doubt, doubts
from skillsmatrix.queries.sign_offs import open_reviews, sign_offs
from skillsmatrix.queries.subjects import Skill, Someone, assessed_skills, is_about, skill, someone
from skillsmatrix.web.assessments import pages, words
from skillsmatrix.web.assessments.blueprint import bp
from skillsmatrix.web.assessments.forms import AskForm, AssessmentForm, ConfirmForm, SkillFilter
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.doubts import doubt_lines
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import allowed, needs, require, visible_staff
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.reasons import LEVELS, level_words
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _


@bp.get("/assessments")
@needs("competency.assess")
def index() -> Any:
    within = visible_staff("competency.assess")
    asked = open_requests(db_session(), on=g.today, assessor=g.actor.staff_code) if g.actor.staff_code else []
    return render_template("assessments/index.html", asked=[line for line in asked if line.staff in within])


@bp.get("/people/<staff>/assessments")
@needs("competency.read", person="staff")
def person(staff: str) -> Any:
    who = pages.wanted_person(staff)
    return render_template(
        "assessments/person.html",
        person=who,
        requests=pages.requests_of(who),
        waiting=waiting_for_countersign(db_session(), staff_id=who.staff_id),
        attempts=attempts(db_session(), who.staff_id),
        doubts=doubt_lines(staff=[staff]),
        sign_offs=sign_offs(db_session(), within=ALL, staff=staff),
        reviews={line.review_id: line for line in open_reviews(db_session(), within=ALL, staff=staff)},
        reads=allowed("evidence.read", person=staff),
        may={
            action: allowed(f"competency.{action}", person=staff)
            for action in ("request_assessment", "assess", "countersign", "suspend", "reinstate")
        },
        form=ConfirmForm(),
        me=g.actor.staff_code,
    )


@bp.route("/people/<staff>/assessments/ask", methods=["GET", "POST"])
@needs("competency.request_assessment", person="staff")
@commits
def ask(staff: str) -> Any:
    who = pages.wanted_person(staff)
    filters = SkillFilter()
    filters.competency.choices = _offered(who)
    wanted = skill(db_session(), filters.competency.data)
    if wanted is None or not wanted.needs_sign_off:
        if "competency" in request.args:
            filters.refuse("competency", _("Choose what is to be assessed"))
        page = {"person": who, "filters": filters, "form": filters, "skill": None, "levels": LEVELS}
        return render_template("assessments/ask.html", **page)
    level = filters.wanted_level()
    found = pages.choice_of_assessors(who, wanted, level)
    reached = pages.task_of(who, wanted, level)
    form = AskForm()
    form.assessor.choices = choices((each.code, each.name) for each in found.may)
    if found.may and form.validate_on_submit() and _asked(form, who, wanted, level):
        flash(_("Asked. The assessor finds it on their list."), "success")
        return redirect(link("assessments.person", staff=staff))
    return render_template(
        "assessments/ask.html",
        person=who,
        filters=filters,
        skill=wanted,
        level=level,
        choice=found,
        task=reached,
        may_reopen=allowed("competency.suspend", person=staff),
        because=words.because,
        levels=LEVELS,
        form=form,
    )


def _offered(who: Someone) -> list[Any]:
    """What may be assessed: what is required of the person first."""
    required = {point.competency.code for point in pages.record_of(who).required}
    listed = sorted(assessed_skills(db_session()), key=lambda each: each.code not in required)
    return choices([("", _("Choose a competency")), *((each.code, each.title) for each in listed)])


def _asked(form: AskForm, who: Someone, wanted: Skill, level: int) -> bool:
    assessor = someone(db_session(), form.assessor.data)
    if assessor is None:
        abort(404)
    reason = form.reopen_reason.data if allowed("competency.suspend", person=who.code) else None

    def do() -> int:
        return request_assessment(
            db_session(),
            staff_id=who.staff_id,
            competency_id=wanted.competency_id,
            level=level,
            assessor_id=assessor.staff_id,
            wanted_by=form.wanted_by.data,
            reopen_reason=reason or None,
            by=g.actor.by,
            at=g.at,
        )

    try:
        once(db_session(), "assessment_request", form.once.data, do, by=g.actor.by, at=g.at)
    except AssessmentRefused as error:
        if error.about != "reopen_reason":
            form.refuse("assessor", words.refused(error))
        elif allowed("competency.suspend", person=who.code):
            form.refuse("reopen_reason", words.refused(error))
        else:
            form.form_errors.append(words.refused(error))
        return False
    return True


@bp.post("/people/<staff>/assessments/requests/<int:number>/end")
@needs("competency.request_assessment", person="staff")
@commits
def end_request(staff: str, number: int) -> Any:
    who = pages.wanted_person(staff)
    if not is_about(db_session(), "assessment_requests", number, staff_id=who.staff_id):
        abort(404)
    if ConfirmForm().validate_on_submit():
        close_request(db_session(), request_id=number, by=g.actor.by, at=g.at)
        flash(_("Taken back. The assessor does not see this person after today."), "success")
    return redirect(link("assessments.person", staff=staff))


@bp.route("/people/<staff>/assessments/new/<path:competency>", methods=["GET", "POST"])
@needs("competency.assess", person="staff")
@commits
def new(staff: str, competency: str) -> Any:
    who, wanted = pages.wanted_person(staff), pages.wanted_skill(competency)
    level = pages.asked_level(who, wanted, request.form.get("level") or request.args.get("level"))
    form = AssessmentForm()
    if request.method == "GET":
        form.level.data, form.assessed_on.data = str(level), g.today
    reached = task(
        db_session(),
        staff_id=who.staff_id,
        competency_id=wanted.competency_id,
        level=level,
        on=form.assessed_on.data or g.today,
    )
    shown = str(reached.criteria.version or "standard")
    form.criteria.choices = choices(
        (str(place), wording) for place, wording in enumerate(reached.criteria.wordings)
    )
    form.listed_setting.choices = choices((each, each) for each in reached.rules.settings)
    if form.validate_on_submit():
        if form.version.data != shown:
            form.criteria.data = []
            form.criteria.process_data([])
            form.refuse("criteria", _("On that day another list was in force. Tick what you saw of this one"))
        elif done := _assess(
            form, who, wanted, reached.criteria.wordings, listed=bool(reached.rules.settings)
        ):
            return done
    form.version.data = shown
    return render_template(
        "assessments/new.html",
        person=who,
        skill=wanted,
        task=reached,
        level=level,
        left=words.still_to_see(reached.progress),
        refusals=words.because(pages.own_refusals(who, wanted, level)),
        point=pages.record_of(who).standpoint(wanted.code),
        levels=LEVELS,
        form=form,
    )


def _assess(
    form: AssessmentForm, who: Someone, wanted: Skill, wordings: tuple[str, ...], *, listed: bool
) -> Any:
    """The redirect after a decision; None when it was refused and the form says why."""
    me = someone(db_session(), g.actor.staff_code)
    if me is None:
        abort(403)
    if form.outcome.data == "competent":
        require("competency.sign_off", person=who.code)
    seen = form.was_seen()
    try:
        outcome = record_assessment(
            db_session(),
            staff_id=who.staff_id,
            competency_id=wanted.competency_id,
            assessor_id=me.staff_id,
            seen=Seen(
                level=int(form.level.data),
                assessed_on=form.assessed_on.data or g.today,
                criteria=[wording for place, wording in enumerate(wordings) if place in seen],
                competent=form.outcome.data == "competent",
                setting=form.where(listed=listed),
                present=form.present.data or None,
                next_steps=(form.next_steps.data or "").strip() or None,
                note=(form.note.data or "").strip() or None,
            ),
            key=form.once.data,
            by=g.actor.by,
            at=g.at,
        )
    except AlreadySignedOff as error:
        (decision,) = sign_offs(db_session(), within=ALL, ids=[error.sign_off_id])
        flash(
            _(
                "%(name)s has signed this off already. Nothing more was stored.",
                name=decision.assessor_name,
            ),
            "info",
        )
        return redirect(link("assessments.person", staff=who.code))
    except (AssessmentRefused, SignOffRefused) as error:
        about = "listed_setting" if listed and error.about == "setting" else error.about
        fields = ("assessed_on", "criteria", "next_steps", "setting", "listed_setting")
        form.refuse(about if about in fields else "outcome", words.refused(error))
        return None
    _say(outcome, form, who, wanted)
    return redirect(link("assessments.person", staff=who.code))


def _say(outcome: Outcome, form: AssessmentForm, who: Someone, wanted: Skill) -> None:
    if form.outcome.data != "competent":
        flash(_("Recorded as not yet. %(name)s can read what to do next.", name=who.name), "success")
        for doubt in doubts(db_session(), on=g.today, staff=[who.code], competency=wanted.code):
            flash(_still_counts(doubt), "info")
    elif outcome.sign_off_id is not None:
        flash(_("%(name)s is signed off.", name=who.name), "success")
    elif outcome.waiting:
        flash(_("Recorded. It counts when a second person has signed it."), "success")
    else:
        flash(_("Recorded. More has to be seen before it is a sign-off."), "success")
    if outcome.reciprocal:
        flash(_("You two signed each other off on the same day. Somebody else will look at both."), "info")


def _still_counts(doubt: Doubt) -> str:
    return _(
        "%(name)s still counts as signed off at level %(level)s: %(signer)s signed it on %(day)s, and a not "
        "yet takes nothing away. The manager and the head of clinical practice see both and decide whether "
        "to withdraw it. Tell them today if it is not safe to wait.",
        name=doubt.staff_name,
        level=doubt.level,
        signer=doubt.signed_by_name,
        day=day(doubt.signed_on),
    )


@bp.get("/people/<staff>/assessments/sheet/<path:competency>")
@needs("competency.read", person="staff")
def sheet(staff: str, competency: str) -> Any:
    who, wanted = pages.wanted_person(staff), pages.wanted_skill(competency)
    level = pages.asked_level(who, wanted, request.args.get("level"))
    address = url_for("assessments.new", staff=staff, competency=competency, level=level, _external=True)
    reached = pages.task_of(who, wanted, level)
    code = segno.make(address, error="m", micro=False)
    picture = code.svg_inline(
        border=4,
        omitsize=True,
        dark="#000000",
        light="#ffffff",
        svgclass=None,
        lineclass=None,
        title=_("Code that opens the form on a phone"),
    )
    return render_template(
        "assessments/sheet.html",
        person=who,
        skill=wanted,
        level=level,
        level_words=level_words(level),
        task=reached,
        left=words.still_to_see(reached.progress),
        address=address,
        picture=Markup(picture),  # noqa: S704 - made of an address of ours, as paths
    )
