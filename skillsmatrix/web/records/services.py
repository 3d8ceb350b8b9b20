"""The life of a service: what is laid down about it, and its end."""

from typing import Any

from flask import abort, g, url_for

from skillsmatrix.operations.services import (
    Override,
    ServicePlan,
    close_service,
    correct_service,
    reopen_service,
)
from skillsmatrix.queries.effects import days_of_interest
from skillsmatrix.queries.kept import kept_coded
from skillsmatrix.queries.labels import labels
from skillsmatrix.queries.services import regions
from skillsmatrix.web.records.blueprint import bp
from skillsmatrix.web.records.forms import REGIONS, ClosingForm, ServiceForm, TakeBackForm, given
from skillsmatrix.web.records.steps import answer, number_of
from skillsmatrix.web.records.subject import Subject, filled, services_on_offer
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.steps import Step
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _


@bp.route("/services/<code>/life", methods=["GET", "POST"])
@needs("service.edit", service="code")
@commits
def service(code: str) -> Any:
    place = _place(code)
    form = _form(place)
    closes_on = place.row.values["closes_on"]
    return answer(
        Step(
            form=form,
            heading=_("Life of %(service)s", service=place.name),
            lead=_closing_words(place),
            more=[
                (_("Close this service"), url_for("records.close", code=code))
                if closes_on is None
                else (_("It stays open after all"), url_for("records.reopen", code=code))
            ],
            back=url_for("services.show", code=code),
            operation="correct_service",
            do=lambda keeping: correct_service(
                db_session(),
                service_id=place.id,
                plan=_plan(form),
                version=form.version_shown(),
                reason=form.why.data,
                by=g.actor.by,
                at=g.at,
                refreshing=keeping,
            ),
            done=_("The service is corrected."),
            services=lambda: {code},
            days=lambda: days_of_interest(form.opens_on.data, place.row.values["opens_on"], today=g.today),
            theirs=lambda: _form(place, fresh=True),
        )
    )


@bp.route("/services/<code>/life/close", methods=["GET", "POST"])
@needs("service.edit", service="code")
@commits
def close(code: str) -> Any:
    place = _place(code)
    form = filled(ClosingForm, place.row)
    successor = place.row.values["successor"]

    def do(keeping: bool) -> None:
        override = Override(form.approver.data, form.approved_why.data) if form.approver.data else None
        close_service(
            db_session(),
            service_id=place.id,
            closes_on=given(form.closes_on),
            override=override,
            version=form.version_shown(),
            reason=form.why.data,
            by=g.actor.by,
            at=g.at,
            refreshing=keeping,
        )

    return answer(
        Step(
            form=form,
            heading=_("Close %(service)s", service=place.name),
            lead=[
                _("Everybody there needs a post elsewhere or a leaving date first. Posts there end with it."),
                _("%(next)s follows it, and must meet its hard stops the day after.", next=_name(successor))
                if successor
                else _("No service is named that follows it."),
            ],
            back=url_for("records.service", code=code),
            operation="close_service",
            do=do,
            done=_("The last day is recorded."),
            services=lambda: {code} if successor is None else {code, successor},
            days=lambda: days_of_interest(ends=[given(form.closes_on)], today=g.today),
            theirs=lambda: filled(ClosingForm, place.row, fresh=True),
        )
    )


@bp.route("/services/<code>/life/reopen", methods=["GET", "POST"])
@needs("service.edit", service="code")
@commits
def reopen(code: str) -> Any:
    place = _place(code)
    form = TakeBackForm(data={"version": place.row.version.isoformat()})
    return answer(
        Step(
            form=form,
            heading=_("%(service)s stays open after all", service=place.name),
            lead=[_("Posts that ended with it are corrected one by one.")],
            back=url_for("records.service", code=code),
            operation="reopen_service",
            do=lambda keeping: reopen_service(
                db_session(),
                service_id=place.id,
                version=form.version_shown(),
                reason=form.why.data,
                by=g.actor.by,
                at=g.at,
                refreshing=keeping,
            ),
            done=_("It stays open."),
            services=lambda: {code},
            days=lambda: days_of_interest(ends=[place.row.values["closes_on"]], today=g.today),
        )
    )


def _place(code: str) -> Subject:
    row = kept_coded(db_session(), "services", code) or abort(404)
    return Subject(row.id, code, row.values["name"], row)


def _form(place: Subject, *, fresh: bool = False) -> ServiceForm:
    form = filled(ServiceForm, place.row, fresh=fresh)
    others = {each: name for each, name in services_on_offer().items() if each != place.code}
    was = place.row.values["successor"]
    if was and was not in others:
        others[was] = _name(was)
    form.region.suggest([*regions(db_session()), *REGIONS])
    form.successor.choices = choices([("", _("Nothing")), *sorted(others.items(), key=lambda pair: pair[1])])
    return form


def _plan(form: ServiceForm) -> ServicePlan:
    return ServicePlan(
        name=form.name.data,
        opens_on=form.opens_on.data,
        successor_id=number_of("services", form.successor.data) if form.successor.data else None,
        escalation_contact=form.escalation_contact.data or None,
        region=form.region.data or None,
    )


def _closing_words(place: Subject) -> list[str]:
    closes_on = place.row.values["closes_on"]
    return [] if closes_on is None else [_("Its last day is %(day)s.", day=day(closes_on))]


def _name(code: str) -> str:
    return labels(db_session(), ()).services.get(code, code)
