"""Keeping supervision in order: agreements, what was agreed to be done, sessions put right."""

from typing import Any

from flask import abort, flash, g, redirect, render_template

from skillsmatrix.operations.once import once
from skillsmatrix.operations.supervision import (
    SupervisionRefused,
    add_action,
    agree_supervision,
    change_agreement,
    correct_session,
    finish_action,
    void_session,
)
from skillsmatrix.queries.subjects import is_about, someone
from skillsmatrix.queries.supervision import SessionLine, agreements, kinds, sessions, trusted_supervisors
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.supervision import words
from skillsmatrix.web.supervision.blueprint import bp
from skillsmatrix.web.supervision.forms import (
    ActionForm,
    AgreementForm,
    ChangeForm,
    CorrectionForm,
    DoneForm,
)
from skillsmatrix.web.supervision.routes import wanted_person


@bp.route("/people/<staff>/supervision/agree", methods=["GET", "POST"])
@needs("person.assign_supervisor", person="staff")
@commits
def agree(staff: str) -> Any:
    who = wanted_person(staff)
    offered = trusted_supervisors(db_session(), on=g.today)
    form = AgreementForm(data={"starts_on": g.today})
    form.supervisor.choices = choices(
        [("", _("Choose a supervisor")), *((code, name) for code, name in offered.items() if code != staff)]
    )
    listed = sorted({*words.USUAL_KINDS, *kinds(db_session())})
    form.kind.choices = choices(
        [("", _("Choose a kind")), *((kind, words.kind_title(kind)) for kind in listed)]
    )
    if form.validate_on_submit():
        supervisor = someone(db_session(), form.supervisor.data)
        if supervisor is None:
            abort(404)

        def do() -> int:
            return agree_supervision(
                db_session(),
                supervisee_id=who.staff_id,
                supervisor_id=supervisor.staff_id,
                kind=form.kind.data,
                every_days=form.every_days.data,
                starts_on=form.starts_on.data or g.today,
                by=g.actor.by,
                at=g.at,
            )

        try:
            once(db_session(), "supervision_agreement", form.once.data, do, by=g.actor.by, at=g.at)
        except SupervisionRefused as error:
            form.refuse(error.about, words.refused(error))
        else:
            flash(_("Agreed. From that day the supervisor sees %(name)s.", name=who.name), "success")
            return redirect(link("supervision.person", staff=staff))
    return render_template("supervision/agree.html", person=who, form=form)


@bp.route("/people/<staff>/supervision/agreements/<int:number>", methods=["GET", "POST"])
@needs("supervision.schedule", person="staff")
@commits
def change(staff: str, number: int) -> Any:
    who = wanted_person(staff)
    found = [
        each
        for each in agreements(db_session(), [who.staff_id], on=g.today, ended=True)
        if each.agreement_id == number
    ]
    if not found:
        abort(404)
    form = ChangeForm(data={"every_days": found[0].every_days, "ends_on": found[0].ends_on})
    if form.validate_on_submit():
        try:
            change_agreement(
                db_session(),
                agreement_id=number,
                every_days=form.every_days.data,
                ends_on=form.ends_on.data,
                by=g.actor.by,
                at=g.at,
            )
        except SupervisionRefused as error:
            form.refuse("ends_on", words.refused(error))
        else:
            flash(_("The agreement is changed."), "success")
            return redirect(link("supervision.person", staff=staff))
    return render_template("supervision/change.html", person=who, agreement=found[0], words=words, form=form)


@bp.route("/people/<staff>/supervision/actions", methods=["GET", "POST"])
@needs("supervision.write_draft", person="staff")
@commits
def action(staff: str) -> Any:
    who = wanted_person(staff)
    me = someone(db_session(), g.actor.staff_code)
    form = ActionForm()
    owners = [who, *([me] if me and me.code != staff else [])]
    form.owner.choices = choices((each.code, each.name) for each in owners)
    if form.validate_on_submit():
        owner = next(each for each in owners if each.code == form.owner.data)
        add_action(
            db_session(),
            supervisee_id=who.staff_id,
            owner_id=owner.staff_id,
            what=form.what.data,
            due_on=form.due_on.data or g.today,
            key=form.once.data,
            by=g.actor.by,
            at=g.at,
        )
        due_on = day(form.due_on.data or g.today)
        told = _("Agreed: %(name)s does this by %(day)s.", name=owner.name, day=due_on)
        flash(told, "success")
        return redirect(link("supervision.person", staff=staff))
    return render_template("supervision/action.html", person=who, form=form)


@bp.post("/people/<staff>/supervision/actions/<int:number>/done")
@needs("supervision.sign", person="staff")
@commits
def done(staff: str, number: int) -> Any:
    who = wanted_person(staff)
    if not is_about(db_session(), "supervision_actions", number, staff_id=who.staff_id):
        abort(404)
    if DoneForm().validate_on_submit():
        finish_action(db_session(), action_id=number, by=g.actor.by, at=g.at)
        flash(_("Noted as done today."), "success")
    return redirect(link("supervision.person", staff=staff))


@bp.route("/people/<staff>/supervision/sessions/<int:number>", methods=["GET", "POST"])
@needs("supervision.write_draft", person="staff")
@commits
def correct(staff: str, number: int) -> Any:
    who = wanted_person(staff)
    found = [
        each
        for each in sessions(db_session(), who.staff_id, on=g.today, most=500)
        if each.session_id == number and each.supervisor == g.actor.staff_code
    ]
    if not found:
        abort(404)  # nobody puts right what somebody else held
    line = found[0]
    form = CorrectionForm(
        data={"held_on": line.held_on, "minutes": line.minutes, "group_size": line.group_size}
    )
    if form.validate_on_submit() and _put_right(form, line):
        flash(_("Saved. What it said before stays readable."), "success")
        return redirect(link("supervision.person", staff=staff))
    return render_template("supervision/correct.html", person=who, session=line, words=words, form=form)


def _put_right(form: CorrectionForm, line: SessionLine) -> bool:
    said: dict[str, Any] = {"reason": form.reason.data, "by": g.actor.by, "at": g.at}
    try:
        if form.what.data == "never":
            void_session(db_session(), session_id=line.session_id, **said)
        else:
            correct_session(
                db_session(),
                session_id=line.session_id,
                held_on=form.held_on.data or line.held_on,
                minutes=form.minutes.data,
                group_size=form.group_size.data,
                **said,
            )
    except SupervisionRefused as error:
        form.refuse("held_on", words.refused(error))
        return False
    return True
