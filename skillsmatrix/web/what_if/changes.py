"""Adding a change to a scenario, correcting one, taking one out: one at a time."""

from dataclasses import asdict
from typing import Any, Final

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from skillsmatrix.domain import scenario as tried
from skillsmatrix.domain.person import Basis
from skillsmatrix.operations.keeping import ChangedMeanwhile, KeepingRefused
from skillsmatrix.operations.once import once
from skillsmatrix.operations.scenarios import change_scenario
from skillsmatrix.queries.scenario_fit import Misfit
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.what_if import choosing, words
from skillsmatrix.web.what_if.blueprint import bp
from skillsmatrix.web.what_if.forms import (
    FORMS,
    ActForm,
    ChangeForm,
    CompetencyGainedForm,
    FindForm,
    KindForm,
    RequirementAddedForm,
    version_of,
)
from skillsmatrix.web.what_if.sight import WRITE, Names, Read, fit, names_for, own_scenario

# Kind of change → the field with the code of what it brings in, and the word that code is made of.
OWN_CODES: Final = {
    "person_joins": ("staff", "person"),
    "service_added": ("service", "service"),
    "requirement_added": ("requirement", "requirement"),
}


@bp.route("/what-if/<int:scenario_id>/changes/new", methods=["GET", "POST"])
@needs(WRITE)
@commits
def new_change(scenario_id: int) -> Any:
    read = own_scenario(scenario_id)
    kind = request.args.get("kind", "")
    if kind not in tried.KINDS:
        return render_template("what_if/kind.html", read=read, form=KindForm())
    names = names_for(read.saved.changes)
    subject = choosing.SUBJECTS.get(kind)
    about = None
    if subject is not None:
        listed = choosing.picks(kind, read.saved.changes, names)
        about = choosing.found_among(listed, request.args.get("about"))
        if about is None:
            return _choose(read, kind, listed)
    place = len(read.saved.changes)
    form = _form(kind, read, place, names, _start(kind, about, names))
    return _asked(read, form, kind, place, names, about.code if about else None)


@bp.route("/what-if/<int:scenario_id>/changes/<int:place>", methods=["GET", "POST"])
@needs(WRITE)
@commits
def correct_change(scenario_id: int, place: int) -> Any:
    read = own_scenario(scenario_id)
    known = _change_at(read, place)
    kind = tried.kind_of(known)
    names = names_for(read.saved.changes)
    form = _form(kind, read, place, names, asdict(known))
    subject = choosing.SUBJECTS.get(kind)
    return _asked(read, form, kind, place, names, str(getattr(known, subject)) if subject else None)


@bp.post("/what-if/<int:scenario_id>/changes/<int:place>/remove")
@needs(WRITE)
@commits
def remove_change(scenario_id: int, place: int) -> Any:
    read = own_scenario(scenario_id)
    form = ActForm()
    kept = [change for at, change in enumerate(read.saved.changes) if at != place]
    if form.validate_on_submit() and len(kept) < len(read.saved.changes):
        try:
            _keep(read, kept, form.version.data)
            flash(_("The change is taken out."), "success")
        except KeepingRefused as broken:
            flash(words.refusal(broken))
        except ChangedMeanwhile:
            flash(_("The scenario was changed in another window. Nothing was taken out."))
    return redirect(url_for("what_if.show", scenario_id=scenario_id))


def _choose(read: Read, kind: str, listed: list[choosing.Pick]) -> str:
    """The page that asks whom or what the change is about."""
    find = _find()
    matching = [each for each in listed if each.matches(find.q.data or "", find.service.data)]
    return render_template(
        "what_if/choose.html",
        read=read,
        kind=kind,
        title=words.QUESTIONS[kind],
        find=find,
        by_service=choosing.SUBJECTS[kind] in ("staff", "requirement"),
        listed=matching[: choosing.MOST_LISTED],
        more=len(matching) - choosing.MOST_LISTED,
    )


def _find() -> FindForm:
    find = FindForm()
    places = ((each.code, each.name) for each in choosing.entries())
    find.service.choices = choices([("", _("Every service")), *places])
    return find


def _start(kind: str, about: choosing.Pick | None, names: Names) -> dict[str, Any]:
    """What the form begins with: for a rule that changes, the rule as it is."""
    if about is not None and kind == "requirement_changed":
        return asdict(names.requirements[about.code])
    if about is not None and kind == "length_changed":
        return choosing.lengths(about.code)
    if kind == "competency_gained":
        return {
            "staff": request.args.getlist("staff"),
            "competency": request.args.get("competency"),
            "level": request.args.get("level", 1, type=int),
        }
    return {}


def _form(kind: str, read: Read, place: int, names: Names, start: dict[str, Any]) -> ChangeForm:
    """The form of a change, filled in; it may speak of what the changes before it bring in."""
    version = read.saved.version.isoformat()
    stated = {name: getattr(value, "value", value) for name, value in start.items() if value is not None}
    form = FORMS[kind](data={**stated, "version": version})
    offered = choosing.offered(read.saved.changes[:place], names)
    if isinstance(form, RequirementAddedForm):
        offered = choosing.offered_for_requirement(offered)
    form.offer(offered)
    return form


def _asked(
    read: Read, form: ChangeForm, kind: str, place: int, names: Names, about: str | None
) -> ResponseReturnValue:
    """The form of a change, or what comes of it."""
    ticked = _people_to_tick(form, read, place) if isinstance(form, CompetencyGainedForm) else None
    status = 200
    if form.validate_on_submit():
        change = _made(kind, form, read, place, about)
        try:
            if fault := _fault(read, change, place):
                form.form_errors.append(fault)
            else:
                return _kept(read, form, change, place)
        except KeepingRefused as broken:
            form.form_errors.append(words.refusal(broken))
        except ChangedMeanwhile:
            form.form_errors.append(_("The scenario was changed in another window. Load this page again."))
            status = 409
    page = render_template(
        "what_if/change.html",
        read=read,
        form=form,
        kind=kind,
        title=words.KINDS[kind],
        subject=_subject(kind, about, names, read),
        ticked=ticked,
        find=_find() if ticked is not None else None,
        new=place == len(read.saved.changes),
    )
    return page, status


def _made(kind: str, form: ChangeForm, read: Read, place: int, about: str | None) -> tried.Change:
    """The change that the form says."""
    values = form.values()
    if "basis" in values:
        values["basis"] = Basis(values["basis"])
    subject = choosing.SUBJECTS.get(kind)
    if subject is not None:
        values[subject] = int(about or 0) if subject == "course_date" else about
    if kind in OWN_CODES:
        name, word = OWN_CODES[kind]
        new = place == len(read.saved.changes)
        code = tried.own_code(word, read.saved.changes)
        values[name] = code if new else getattr(read.saved.changes[place], name)
    return tried.KINDS[kind](**values)


def _fault(read: Read, change: tried.Change, place: int) -> str:
    """Why the change does not fit where it stands; blank when it does."""
    found = fit([*read.saved.changes[:place], change])[place]
    if found.unfit is None:
        return ""
    return words.misfit(found.unfit, names_for([*read.saved.changes, change]))


def _kept(read: Read, form: ChangeForm, change: tried.Change, place: int) -> ResponseReturnValue:
    changes = [*read.saved.changes[:place], change, *read.saved.changes[place + 1 :]]
    once(
        db_session(),
        "what_if.change",
        form.once.data or "",
        lambda: _keep(read, changes, form.version.data),
        by=g.actor.by,
        at=g.at,
    )
    return redirect(url_for("what_if.show", scenario_id=read.saved.id))


def _keep(read: Read, changes: list[tried.Change], version: str | None) -> bool:
    return change_scenario(
        db_session(),
        scenario_id=read.saved.id,
        changes=changes,
        version=version_of(version),
        by=g.actor.by,
        at=g.at,
    )


def _change_at(read: Read, place: int) -> tried.Change:
    """The change there, when it may be shown: one that is out of sight can only be taken out."""
    if place >= len(read.saved.changes):
        abort(404)
    found = read.fitted[place]
    if found.unfit is not None and found.unfit.why is Misfit.OUT_OF_SIGHT:
        abort(404)
    return found.change


def _subject(kind: str, about: str | None, names: Names, read: Read) -> str:
    """Whom or what the form is about, by name."""
    if about is None:
        return ""
    match choosing.SUBJECTS[kind]:
        case "staff":
            return names_for(read.saved.changes, [about]).people.get(about, about)
        case "service":
            return names.services.get(about, about)
        case "competency":
            return names.competencies.get(about, about)
        case "requirement" if about in names.requirements:
            return ": ".join(choosing.requirement_words(names.requirements[about], names))
        case "course_date":
            return choosing.date_words(int(about))
        case _:
            return about


def _people_to_tick(form: CompetencyGainedForm, read: Read, place: int) -> int:
    """Fill the list of people; those ticked already stay on it. Returns how many more there are."""
    listed = choosing.people(read.saved.changes[:place])
    chosen = set(form.staff.data or ())
    search, service = request.args.get("q", ""), request.args.get("service")
    ticked = [each for each in listed if each.code in chosen]
    others = [each for each in listed if each.code not in chosen and each.matches(search, service)]
    shown = others[: choosing.MOST_TO_TICK]
    form.staff.choices = choices(
        (each.code, f"{each.title}, {each.detail}" if each.detail else each.title)
        for each in [*ticked, *shown]
    )
    return len(others) - len(shown)
