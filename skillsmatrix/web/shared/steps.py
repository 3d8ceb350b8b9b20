"""Enter, see what it changes, keep.

The second page is the change itself, carried out and not kept: the view answers without a redirect, so its
transaction is rolled back (web/shared/transactions.py). Nothing is remembered between the two requests; what
was entered travels in the page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, HiddenField

from skillsmatrix.domain.effect import DayEffect
from skillsmatrix.operations.keeping import ChangedMeanwhile, Gone
from skillsmatrix.operations.once import once
from skillsmatrix.queries import effects
from skillsmatrix.queries.labels import labels
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.forms import OnceForm
from skillsmatrix.web.shared.guards import visible_services, visible_staff
from skillsmatrix.web.shared.wording import gettext as _


class StepForm(OnceForm):
    """A change that is looked at before it is kept. `version`: of the row it corrects."""

    version = HiddenField()

    def version_shown(self) -> datetime:
        """The version that the page showed; for anything else an instant that no version has."""
        try:
            return datetime.fromisoformat(self.version.data or "")
        except ValueError:
            return datetime.min.replace(tzinfo=UTC)


class StepRefused(Exception):
    """It cannot be kept so. `about`: the question, or else the first is taken; `why`: in words.

    `attached`: staff codes of those who stand in the way.
    """

    def __init__(self, about: str, why: str, attached: Sequence[str] = ()) -> None:
        super().__init__(about)
        self.about = about
        self.why = why
        self.attached = tuple(attached)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change that is looked at before it is kept.

    `do(keeping)` carries it out, or raises StepRefused. `people` (everybody there, when none is named) and
    `services`, by code, are where its effect is looked for, on `days`. `theirs`: the form filled with what is
    recorded now, for when somebody else was quicker.
    """

    form: StepForm
    heading: str
    back: str
    operation: str
    do: Callable[[bool], Any]
    done: str
    people: Sequence[str] = ()
    services: Callable[[], Iterable[str]] = tuple
    days: Callable[[], list[date]]
    notes: Callable[[], list[str]] = list
    theirs: Callable[[], StepForm | None] | None = None
    lead: Sequence[str] = ()
    more: Sequence[tuple[str, str]] = ()
    keep: str = ""
    then: str = ""


def answer(step: Step) -> ResponseReturnValue:
    """The page of whichever step the request is at."""
    if request.method != "POST" or request.form.get("step") == "edit" or not step.form.validate_on_submit():
        return _entering(step)
    try:
        if request.form.get("step") == "save":
            return _keeping(step)
        return _looking(step)
    except StepRefused as broken:
        step.form.refuse(_field_of(step.form, broken.about), broken.why)
        return _entering(step, attached=broken.attached)
    except (ChangedMeanwhile, Gone):
        return _too_late(step)


def entered(form: StepForm) -> list[tuple[str, str]]:
    """(question, answer in words) for every question of the form."""
    return [(str(each.label.text), _in_words(each)) for each in form if not isinstance(each, HiddenField)]


def _entering(step: Step, *, attached: Iterable[str] = ()) -> str:
    """The questions. `attached`: staff codes of those who stand in the way, linked to what is recorded."""
    within = visible_staff("person.read.F2")
    names = labels(db_session(), attached).people
    listed = [(names[code], url_for("records.index", code=code)) for code in attached if code in within]
    return render_template(
        "steps/form.html",
        form=step.form,
        step=step,
        fields=_questions(step.form),
        attached=sorted(listed),
    )


def _keeping(step: Step) -> ResponseReturnValue:
    key = step.form.once.data or ""
    once(db_session(), step.operation, key, lambda: step.do(True), by=g.actor.by, at=g.at)
    flash(step.done, "success")
    return redirect(step.then or step.back)


def _looking(step: Step) -> str:
    places = frozenset(step.services())
    before = effects.facts_around(db_session(), people=step.people, services=places)
    step.do(False)
    after = effects.facts_around(db_session(), people=step.people, services=places)
    found = effects.effects(
        before,
        after,
        days=step.days(),
        today=g.today,
        people=step.people or [*before.people],
        services=places,
    )
    found = [_in_sight(each) for each in found]
    people = {change.person for each in found for change in each.standings}
    return render_template(
        "steps/effect.html",
        step=step,
        shown=step.form,
        answers=entered(step.form),
        sent=[
            (each.name, value) for each in _questions(step.form) for value in request.form.getlist(each.name)
        ],
        effects=found,
        notes=step.notes(),
        names=labels(db_session(), people),
    )


def _in_sight(found: DayEffect) -> DayEffect:
    """What whoever is signed in may read of it: their people, their services."""
    people, services = visible_staff("competency.read"), visible_services("matrix.view")
    return DayEffect(
        found.on,
        tuple(change for change in found.standings if change.person in people),
        tuple(change for change in found.cover if change.service in services),
    )


def _too_late(step: Step) -> Response:
    """Both versions side by side; nothing was written."""
    theirs = step.theirs() if step.theirs else None
    rows = []
    if theirs is not None:
        now = dict(entered(theirs))
        rows = [(question, now.get(question, ""), mine) for question, mine in entered(step.form)]
    page = render_template("steps/changed.html", step=step, rows=rows)
    return make_response(page, 409)


def _questions(form: StepForm) -> list[Field]:
    return [each for each in form if not isinstance(each, HiddenField)]


def _field_of(form: StepForm, about: str) -> str:
    return about if about in form else _questions(form)[0].name


def _in_words(each: Field) -> str:
    if each.data is None or each.data == "":
        return _("Not stated")
    if isinstance(each.data, date):
        return formats.day(each.data)
    words = (
        {choice.value: str(choice.label) for choice in each.iter_choices()}
        if hasattr(each, "choices")
        else {}
    )
    return words.get(each.data, str(each.data))
