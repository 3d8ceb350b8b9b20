"""Many certificates at once: whom, how far it is, and all of them in one file."""

from typing import Any

from flask import Response, abort, flash, g, redirect, render_template, url_for

from skillsmatrix.documents.collected import as_print_file, as_zip
from skillsmatrix.domain.certificate import RefusalReason
from skillsmatrix.operations.certificate_runs import MOST_IN_A_RUN, RunRefused, ask_for_run, cancel_run
from skillsmatrix.queries import certificate_runs as queries
from skillsmatrix.queries.certificates import competency_id_of
from skillsmatrix.queries.competencies import titles
from skillsmatrix.queries.services import service_entries
from skillsmatrix.web.certificates.blueprint import bp
from skillsmatrix.web.certificates.forms import BareForm, RunFilter, RunForm
from skillsmatrix.web.certificates.words import NO_KEYS, RUN_STATES, refused
from skillsmatrix.web.shared.certificate_office import has_keys
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import needs, visible_services, visible_staff
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _


@bp.get("/certificates/runs")
@needs("certificate.issue")
def runs() -> Any:
    found = [
        queries.progress(db_session(), each, at=g.at) for each in queries.run_ids(db_session()) if _sees(each)
    ]
    return render_template("certificates/runs.html", found=found, states=RUN_STATES)


@bp.route("/certificates/runs/new", methods=["GET", "POST"])
@needs("certificate.issue")
@commits
def new_run() -> Any:
    filters, form = RunFilter(), RunForm()
    listed = sorted(titles(db_session()).items(), key=lambda each: each[1].casefold())
    filters.competency.choices = choices([("", _("Choose one")), *listed])
    places = service_entries(db_session(), visible_services("certificate.issue"))
    filters.services.choices = choices([(each.code, each.name) for each in places])
    found: list[queries.Candidate] = []
    competency_id = competency_id_of(db_session(), filters.competency.data or "")
    if filters.validate() and competency_id is not None:
        within = visible_staff("certificate.issue")
        found = queries.candidates(
            db_session(),
            services=filters.services.data or [each.code for each in places],
            competency_id=competency_id,
            on=g.today,
            staff_codes=None if within.everything else within.codes,
        )
        found = [each for each in found if each.staff != g.actor.staff_code]  # nobody issues to themself
    if form.validate_on_submit() and competency_id is not None and has_keys():
        try:
            run_id = ask_for_run(
                db_session(),
                staff_ids=[each.staff_id for each in found],
                competency_id=competency_id,
                wanted={"competency": filters.competency.data, "services": filters.services.data},
                request_key=str(form.once.data),
                by=g.actor.by,
                at=g.at,
            )
        except RunRefused:
            form.refuse("once", _("Nobody was found, or you have two of these going on already."))
        else:
            return redirect(url_for("certificates.run", run_id=run_id))
    return render_template(
        "certificates/new_run.html",
        filters=filters,
        form=form,
        found=found,
        asked=competency_id is not None,
        most=MOST_IN_A_RUN,
        no_keys="" if has_keys() else NO_KEYS,
    )


@bp.get("/certificates/runs/<int:run_id>")
@needs("certificate.issue")
def run(run_id: int) -> Any:
    return render_template("certificates/run.html", form=BareForm(), **_progress(run_id))


@bp.get("/certificates/runs/<int:run_id>/progress")
@needs("certificate.issue")
def run_progress(run_id: int) -> Any:
    return render_template("certificates/progress.html", form=BareForm(), **_progress(run_id))


@bp.post("/certificates/runs/<int:run_id>/cancel")
@needs("certificate.issue")
@commits
def cancel(run_id: int) -> Any:
    _progress(run_id)
    if cancel_run(db_session(), run_id=run_id, by=g.actor.by, at=g.at):
        flash(_("Cancelled. What was issued already stays issued."), "success")
    return redirect(url_for("certificates.run", run_id=run_id))


@bp.get("/certificates/runs/<int:run_id>/certificates.zip")
@needs("certificate.issue")
def run_zip(run_id: int) -> Any:
    _progress(run_id)
    return _file(as_zip(_certificates(run_id), at=g.at), "application/zip", f"certificates-{run_id}.zip")


@bp.get("/certificates/runs/<int:run_id>/print.pdf")
@needs("certificate.issue")
def run_print(run_id: int) -> Any:
    _progress(run_id)
    pages = as_print_file(content for _name, content in _certificates(run_id))
    return _file(pages, "application/pdf", f"certificates-{run_id}-to-print.pdf")


def _sees(run_id: int) -> bool:
    """Whether everybody in the run is somebody to whom this account may issue."""
    within = visible_staff("certificate.issue")
    people = queries.staff_of_run(db_session(), run_id)
    return bool(people) and all(each in within for each in people)


def _progress(run_id: int) -> dict[str, Any]:
    if not _sees(run_id):
        abort(404)
    found = queries.progress(db_session(), run_id, at=g.at)
    reasons = {each.value for each in RefusalReason}
    failures = [
        (each, refused(RefusalReason(each.reason)) if each.reason in reasons else each.reason)
        for each in found.failures
    ]
    return {"progress": found, "failures": failures, "states": RUN_STATES}


def _certificates(run_id: int) -> list[tuple[str, bytes]]:
    """File name and bytes of what the run issued, by holder; nothing issued is nothing to download."""
    issued = queries.issued_in_run(db_session(), run_id)
    if not issued:
        abort(404)
    return [
        (f"certificate-{place:04}-{number}.pdf", queries.pdf_of(db_session(), certificate_id))
        for place, (_staff, number, certificate_id) in enumerate(issued, start=1)
    ]


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
