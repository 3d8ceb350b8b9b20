"""Enter, see what it changes, keep.

The second page is the change itself, carried out and not kept: the view answers without a redirect, so its
transaction is rolled back (web/shared/transactions.py). Nothing is remembered between the two requests; what
was entered travels in the page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from skillsmatrix.domain.effect import DayEffect
from skillsmatrix.operations.keeping import ChangedMeanwhile, Gone, KeepingRefused
from skillsmatrix.operations.once import once
from skillsmatrix.operations.services import PeopleAttached
from skillsmatrix.queries import effects, kept
from skillsmatrix.queries.labels import labels
from skillsmatrix.web.records.forms import StepForm
from skillsmatrix.web.records.words import refusal
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import visible_services, visible_staff
from skillsmatrix.web.shared.wording import gettext as _

_HIDDEN = {"CSRFTokenField", "HiddenField"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change that is looked at before it is kept.

    `do(keeping)` carries it out; `people` (everybody there, when none is named) and `services`, by code, are
    where its effect is looked for, on `days`. `theirs`: the form filled with what is recorded now, for when
    somebody else was quicker.
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
    except KeepingRefused as broken:
        step.form.refuse(_field_of(step.form, broken), refusal(broken, _asked_for))
        attached = broken.detail if isinstance(broken, PeopleAttached) else ()
        return _entering(step, attached=attached)
    except (ChangedMeanwhile, Gone):
        return _too_late(step)


def entered(form: StepForm) -> list[tuple[str, str]]:
    """(question, answer in words) for every question of the form."""
    return [(str(each.label.text), _in_words(each)) for each in form if each.type not in _HIDDEN]


def _entering(step: Step, *, attached: Iterable[str] = ()) -> str:
    """The questions. `attached`: staff codes of those who stand in the way, linked to what is recorded."""
    within = visible_staff("person.read.F2")
    names = labels(db_session(), attached).people
    listed = [(names[code], url_for("records.index", code=code)) for code in attached if code in within]
    return render_template(
        "records/form.html",
        form=step.form,
        step=step,
        fields=_questions(step.form),
        attached=sorted(listed),
    )


def _asked_for(requirement: str) -> str:
    """What a requirement asks for, by name."""
    row = kept.kept_coded(db_session(), "requirements", requirement)
    code = str(row.values["competency"]) if row else requirement
    return labels(db_session(), ()).competencies.get(code, code)


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
        "records/effect.html",
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
    page = render_template("records/changed.html", step=step, rows=rows)
    return make_response(page, 409)


def _questions(form: StepForm) -> list[Field]:
    return [each for each in form if each.type not in _HIDDEN]


def _field_of(form: StepForm, broken: KeepingRefused) -> str:
    """The question that the refusal is about; the first one where the form has no such question."""
    return broken.about if broken.about in form else _questions(form)[0].name


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


def number_of(table: str, code: str | None) -> int:
    """The id behind a code that the form has offered."""
    found = kept.id_of(db_session(), table, code or "")
    if found is None:
        raise KeepingRefused
    return found
