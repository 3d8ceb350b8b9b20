"""Putting a completion right, or taking it back: what was said, and why it changed, stays readable."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request

from skillsmatrix.operations.learning import (
    AlreadyRecorded,
    CompletedInFuture,
    correct_learning,
    void_learning,
)
from skillsmatrix.queries.labels import names
from skillsmatrix.queries.learning import LearningLine, learning_lines
from skillsmatrix.web.claims.blueprint import bp
from skillsmatrix.web.claims.forms import CORRECT, CorrectionForm
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _


@bp.get("/people/<staff>/learning")
@needs("training.void", person="staff")
def learning(staff: str) -> Any:
    return render_template(
        "claims/learning.html",
        staff=staff,
        name=names(db_session(), [staff])[staff],
        listed=learning_lines(db_session(), staff),
    )


@bp.route("/people/<staff>/learning/<int:number>", methods=["GET", "POST"])
@needs("training.void", person="staff")
@commits
def put_right(staff: str, number: int) -> Any:
    line = next((each for each in learning_lines(db_session(), staff) if each.id == number), None)
    if line is None:
        abort(404)
    form = CorrectionForm()
    if request.method == "GET":
        form.fill(line)
    overtaken = request.method == "POST" and form.version.data != line.version
    if overtaken:
        form.version.data = line.version
        form.refuse("reason", _("Somebody changed this since you opened it. Look at it above, then save."))
    elif form.validate_on_submit():
        try:
            _put_right(line, form)
            return redirect(link("claims.learning", staff=staff))
        except CompletedInFuture:
            form.refuse("completed_on", _("This day has not come yet"))
        except AlreadyRecorded:
            form.refuse("completed_on", _("The same completion is on record already"))
    page = render_template(
        "claims/put_right.html",
        form=form,
        line=line,
        staff=staff,
        name=names(db_session(), [staff])[staff],
    )
    return page, 409 if overtaken else 200


def _put_right(line: LearningLine, form: CorrectionForm) -> None:
    about = {"reason": form.reason.data, "by": g.actor.by, "at": g.at}
    if form.decision.data == CORRECT:
        correct_learning(db_session(), learning_id=line.id, values=form.values(), **about)
        flash(_("Put right. Where they stand is worked out anew."), "success")
    else:
        void_learning(db_session(), learning_id=line.id, **about)
        flash(_("Taken back. Where they stand is worked out anew."), "success")
