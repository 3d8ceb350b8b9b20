"""Planning a date, changing it, calling it off."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request

from skillsmatrix.domain.access import Scope, may
from skillsmatrix.operations import courses
from skillsmatrix.operations.courses import DateRefused
from skillsmatrix.operations.once import once
from skillsmatrix.queries.training import DateLine, course_date_row, course_lines, staff_ids, trainers
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import lazy_gettext, ngettext
from skillsmatrix.web.training import pages, words
from skillsmatrix.web.training.blueprint import bp
from skillsmatrix.web.training.forms import CallOffForm, ChangeForm, PlanForm

FAULTS = {
    courses.EndsBeforeItStarts: ("ends", lazy_gettext("It must end after it starts")),
    courses.StartsInThePast: ("day", lazy_gettext("Choose a day and time still to come")),
    courses.NowhereToGo: ("place", lazy_gettext("Enter a place, or a link")),
    courses.CutOffTooLate: ("cut_off", lazy_gettext("Bookings must close on or before the first day")),
    courses.MinimumAboveSeats: ("minimum", lazy_gettext("This is more than there are seats")),
    courses.SeatsTaken: ("seats", lazy_gettext("More people than this have a seat already")),
    courses.CalledOff: ("day", lazy_gettext("This date is called off")),
    courses.AlreadyBegun: ("day", lazy_gettext("It has begun and cannot be changed")),
}


@bp.route("/training/dates/new", methods=["GET", "POST"])
@needs("session.create")
@commits
def plan() -> Any:
    form = _offering(PlanForm(data={"course": request.args.get("course")}))
    if form.validate_on_submit():
        try:
            wanted = form.plan(**_ids(form))
            number = once(
                db_session(),
                "training.plan",
                form.once.data,
                lambda: courses.plan_date(db_session(), wanted, by=g.actor.by, at=g.at),
                by=g.actor.by,
                at=g.at,
            )
            flash(_("The date is planned and can be booked"), "success")
            return redirect(link("training.show", number=number))
        except DateRefused as refused:
            _refuse(form, refused)
    return render_template("training/plan.html", form=form)


@bp.route("/training/dates/<int:number>/change", methods=["GET", "POST"])
@needs("session.create")
@commits
def change(number: int) -> Any:
    line = pages.wanted_date(number)
    if not pages.runs(line, "session.create"):
        return _not_yours(line)
    form = _offering(ChangeForm(), line)
    now = course_date_row(db_session(), number).version_from.isoformat()
    if request.method == "GET":
        form.fill(line)
        form.version.data = now
    form.course.data = line.course  # a date stays a date of its course
    overtaken = request.method == "POST" and form.version.data != now
    if overtaken:
        form.version.data = now
        form.refuse("reason", _("Somebody changed this date since you opened it. Look above, then save."))
    elif form.validate_on_submit():
        try:
            courses.change_date(
                db_session(),
                course_date_id=number,
                plan=form.plan(**_ids(form)),
                reason=form.reason.data,
                by=g.actor.by,
                at=g.at,
            )
            flash(_("The date is changed"), "success")
            return redirect(link("training.show", number=number))
        except DateRefused as refused:
            _refuse(form, refused)
    page = render_template("training/change.html", form=form, line=line, words=words)
    return page, 409 if overtaken else 200


@bp.route("/training/dates/<int:number>/call-off", methods=["GET", "POST"])
@needs("session.cancel")
@commits
def call_off(number: int) -> Any:
    line = pages.wanted_date(number)
    if not pages.runs(line, "session.cancel"):
        return _not_yours(line)
    form = CallOffForm()
    if form.validate_on_submit():
        try:
            people = courses.call_off_date(
                db_session(), course_date_id=number, reason=form.reason.data, by=g.actor.by, at=g.at
            )
            told = ngettext("%(num)s person was taken off it", "%(num)s people were taken off it", people)
            flash(_("The date is called off. %(told)s.", told=told), "success")
            return redirect(link("training.show", number=number))
        except DateRefused as refused:
            form.refuse("reason", str(FAULTS[type(refused)][1]))
    return render_template("training/call_off.html", form=form, line=line, words=words)


def _offering(form: Any, line: DateLine | None = None) -> Any:
    """The form with the courses and trainers to choose from; a trainer plans their own dates only."""
    form.course.choices = choices([("", _("Choose a course")), *pages.course_choices()])
    known = trainers(db_session(), on=g.today)
    if may(g.actor, "session.create", on=g.today) == {Scope.OWN}:
        known = [each for each in known if each[0] == g.actor.staff_code]
        form.trainer.choices = choices(known)
    else:
        if line is not None and line.trainer and line.trainer not in dict(known):
            known.append((line.trainer, line.trainer_name or line.trainer))
        form.trainer.choices = choices([("", _("Not decided yet")), *known])
    return form


def _ids(form: Any) -> dict[str, Any]:
    trainer = form.trainer.data
    course = next(iter(course_lines(db_session(), form.course.data)))
    return {
        "course_id": course.id,
        "trainer_id": staff_ids(db_session(), [trainer])[trainer] if trainer else None,
    }


def _refuse(form: Any, refused: DateRefused) -> None:
    field, message = FAULTS[type(refused)]
    form.refuse(field, str(message))


def _not_yours(line: DateLine) -> Any:
    """Somebody else runs this date: look at it, and leave it as it is."""
    if request.method == "POST":
        abort(403)
    flash(_("Somebody else runs this date. You can look at it here."))
    return redirect(link("training.show", number=line.id))
