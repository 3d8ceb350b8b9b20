"""People: everything kept about one, a new starter, a correction, a leaver."""

from datetime import date
from typing import Any

from flask import g, render_template, url_for

from skillsmatrix.operations.posts import PostPlan
from skillsmatrix.operations.staff import (
    PersonPlan,
    add_starter,
    correct_person,
    mark_leaver,
    take_back_leaving,
)
from skillsmatrix.queries.effects import days_of_interest, lost_supervision, services_of, turning_days
from skillsmatrix.queries.kept import Kept, kept_about
from skillsmatrix.queries.labels import labels
from skillsmatrix.web.records.blueprint import bp
from skillsmatrix.web.records.forms import (
    BASES,
    LeaverForm,
    PersonCorrection,
    PersonFields,
    StarterForm,
    TakeBackForm,
    given,
    offered,
)
from skillsmatrix.web.records.steps import answer, number_of
from skillsmatrix.web.records.subject import filled, person_of, records_address, services_on_offer
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs, visible_staff
from skillsmatrix.web.shared.sight import sight_of
from skillsmatrix.web.shared.steps import Step
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _


@bp.get("/people/<code>/records")
@needs("person.read.F2", person="code")
def index(code: str) -> Any:
    return render_template(
        "records/index.html",
        person=person_of(code),
        kept=kept_about(db_session(), code),
        names=labels(db_session(), ()),
        bases=BASES,
        sight=sight_of(code),
    )


@bp.route("/starters/new", methods=["GET", "POST"])
@needs("person.create")
@commits
def new_starter() -> Any:
    form = StarterForm()
    names = labels(db_session(), ())
    form.employer.choices = offered(names.organisations)
    form.role.choices = offered(names.roles)
    form.service.choices = offered(services_on_offer())
    form.basis.choices = offered({each.value: words for each, words in BASES.items()})
    code = (form.code.data or "").strip()

    def do(_keeping: bool) -> int:
        post = PostPlan(
            service_id=number_of("services", form.service.data),
            role_id=number_of("roles", form.role.data),
            basis=form.basis.data,
            wte=1.0,
            starts_on=given(form.employed_from),
            ends_on=None,
        )
        return add_starter(db_session(), code=code, person=_plan(form), post=post, by=g.actor.by, at=g.at)

    return answer(
        Step(
            form=form,
            heading=_("New starter"),
            back=url_for("people.index"),
            then=url_for("people.show", code=code) if code else "",
            operation="add_starter",
            do=do,
            done=_("The new starter is recorded."),
            people=[code],
            services=lambda: {form.service.data},
            days=lambda: days_of_interest(given(form.employed_from), today=g.today),
        )
    )


@bp.route("/people/<code>/records/person", methods=["GET", "POST"])
@needs("person.update.F1F2", person="code")
@commits
def correct_one_person(code: str) -> Any:
    person = person_of(code)
    form = _correction(person.row)
    return answer(
        Step(
            form=form,
            heading=_("Correct what is recorded about %(name)s", name=person.name),
            back=records_address(code),
            operation="correct_person",
            do=lambda _keeping: correct_person(
                db_session(),
                staff_id=person.id,
                person=_plan(form),
                version=form.version_shown(),
                reason=form.why.data,
                by=g.actor.by,
                at=g.at,
            ),
            done=_("The record is corrected."),
            people=[code],
            services=lambda: services_of(db_session(), [code]),
            days=lambda: days_of_interest(given(form.employed_from), today=g.today),
            theirs=lambda: _correction(person.row, fresh=True),
        )
    )


@bp.route("/people/<code>/records/leaver", methods=["GET", "POST"])
@needs("person.mark_leaver", person="code")
@commits
def leaver(code: str) -> Any:
    person = person_of(code)
    form = filled(LeaverForm, person.row)
    turning = turning_days(db_session(), code, today=g.today)  # read before a leaver's posts are ended
    return answer(
        Step(
            form=form,
            heading=_("%(name)s leaves", name=person.name),
            lead=[
                _("Every post ends on the last day of employment, and the sign-in with it."),
                _("What they learned, signed off and taught stays."),
            ],
            back=records_address(code),
            operation="mark_leaver",
            do=lambda _keeping: mark_leaver(
                db_session(),
                staff_id=person.id,
                employed_to=given(form.employed_to),
                version=form.version_shown(),
                reason=form.why.data,
                by=g.actor.by,
                at=g.at,
            ),
            done=_("The last day is recorded."),
            people=[code],
            services=lambda: services_of(db_session(), [code]),
            days=lambda: _days_after(given(form.employed_to), turning),
            notes=lambda: _supervision_notes(code, form),
            theirs=lambda: filled(LeaverForm, person.row, fresh=True),
        )
    )


@bp.route("/people/<code>/records/leaver/take-back", methods=["GET", "POST"])
@needs("person.mark_leaver", person="code")
@commits
def stays(code: str) -> Any:
    person = person_of(code)
    form = TakeBackForm(data={"version": person.row.version.isoformat()})
    turning = turning_days(db_session(), code, today=g.today)
    return answer(
        Step(
            form=form,
            heading=_("%(name)s stays after all", name=person.name),
            lead=[_("The employment is open again. Posts that ended with it are corrected one by one.")],
            back=records_address(code),
            operation="take_back_leaving",
            do=lambda _keeping: take_back_leaving(
                db_session(),
                staff_id=person.id,
                version=form.version_shown(),
                reason=form.why.data,
                by=g.actor.by,
                at=g.at,
            ),
            done=_("The last day is taken back."),
            people=[code],
            services=lambda: services_of(db_session(), [code]),
            days=lambda: _days_after(person.row.values["employed_to"], turning),
        )
    )


def _days_after(last_day: date | None, turning: list[date]) -> list[date]:
    """The day after the last one, and those later on which the person would have come back."""
    later = [each for each in turning if last_day is not None and each > last_day]
    return days_of_interest(*later, ends=[last_day], today=g.today)


def _plan(form: PersonFields) -> PersonPlan:
    return PersonPlan(
        given_name=form.given_name.data or None,
        family_name=form.family_name.data,
        work_email=form.work_email.data or None,
        employer_id=number_of("organisations", form.employer.data),
        employed_from=given(form.employed_from),
    )


def _correction(row: Kept, *, fresh: bool = False) -> PersonCorrection:
    form = filled(PersonCorrection, row, fresh=fresh)
    form.employer.choices = offered(labels(db_session(), ()).organisations)
    return form


def _supervision_notes(code: str, form: LeaverForm) -> list[str]:
    """Who loses their supervisor, each on a line; those out of sight are left out."""
    within = visible_staff("person.read.F1")
    lost = lost_supervision(db_session(), code, after=given(form.employed_to))
    return [
        _("%(name)s loses their supervisor (%(kind)s supervision).", name=each.name, kind=each.kind)
        for each in lost
        if each.supervisee in within
    ]
