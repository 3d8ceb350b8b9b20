"""Hand in a package, look at it, import it or throw it away."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    after_this_request,
    flash,
    g,
    redirect,
    render_template,
    url_for,
)

from skillsmatrix.interchange.cells import csv_parts_for_people
from skillsmatrix.interchange.faults import PackageFaults, UnreadablePackage, faults_as_csv
from skillsmatrix.interchange.package import Package
from skillsmatrix.operations.imports import import_package
from skillsmatrix.operations.once import once
from skillsmatrix.operations.package_review import ChangedSince, Reviewed, RulesNeedTwo
from skillsmatrix.web.imports import files, pages
from skillsmatrix.web.imports.forms import HandInForm, ImportForm
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.transactions import commits_late, write_now
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import ngettext

bp = Blueprint("imports", __name__)


@bp.route("/imports", methods=["GET", "POST"])
@needs("import.dry_run")
@commits_late
def index() -> Any:
    form = HandInForm()
    if form.validate_on_submit():
        try:
            name = files.keep(form.file.data, account=g.actor.account_id, at=g.at)
        except files.HarmfulFile:
            form.refuse("file", _("This file was not taken: the scanner would not let it pass"))
        else:
            return redirect(url_for("imports.show", name=name))
    return render_template("imports/index.html", form=form)


@bp.get("/imports/<name>")
@needs("import.dry_run")
def show(name: str) -> Any:
    return _shown(name, ImportForm())


@bp.get("/imports/<name>/faults.csv")
@needs("import.dry_run")
def faults(name: str) -> Any:
    seen = pages.look(db_session(), _path(name), on=g.today, staff=g.actor.staff_code)
    return _csv([faults_as_csv(seen.faults)], "faults.csv")


@bp.get("/imports/<name>/changes.csv")
@needs("import.dry_run")
def changes(name: str) -> Any:
    try:
        rows = pages.change_rows(db_session(), _path(name))
    except (PackageFaults, UnreadablePackage):
        return redirect(url_for("imports.show", name=name))  # which says what is wrong
    return _csv(csv_parts_for_people(pages.CHANGES, rows), "changes.csv")


@bp.post("/imports/<name>/commit")
@needs("import.commit")
@commits_late
def commit(name: str) -> Any:
    form = ImportForm()
    if not form.validate_on_submit():
        return redirect(url_for("imports.show", name=name))
    package = _package(files.find(name, account=g.actor.account_id))
    write_now()
    try:
        done = once(db_session(), "import", name, lambda: _import(package, form), by=g.actor.by, at=g.at)
    except (PackageFaults, RulesNeedTwo):
        db_session().rollback()  # the preview says what is wrong now
        return redirect(url_for("imports.show", name=name))
    except ChangedSince:
        db_session().rollback()
        return _shown(name, form, changed=True)
    flash(_in_words(done), "success")
    _drop_afterwards(name)
    return redirect(url_for("imports.index"))


@bp.post("/imports/<name>/discard")
@needs("import.dry_run")
@commits_late
def discard(name: str) -> Any:
    files.drop(name, account=g.actor.account_id)
    flash(_("The file is thrown away. Nothing was imported."))
    return redirect(url_for("imports.index"))


def _shown(name: str, form: ImportForm, *, changed: bool = False) -> Any:
    """The preview. `changed`: the record is not what it was when its reader looked before."""
    called = files.given_name(name, account=g.actor.account_id)
    seen = pages.look(db_session(), _path(name), on=g.today, staff=g.actor.staff_code, called=called)
    form.seen.data = seen.digest
    template = "imports/show.html" if seen.tables else "imports/at_fault.html"
    return render_template(template, look=seen, name=name, import_form=form, changed=changed)


def _csv(parts: Iterable[str], name: str) -> Response:
    """A file to be kept, with a byte-order mark, so that Excel reads the accents."""
    body = (part.encode() for part in chain(["\ufeff"], parts))
    response = Response(body, content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _path(name: str) -> Path:
    path = files.find(name, account=g.actor.account_id)
    if path is None:
        abort(404)
    return path


def _package(path: Path | None) -> Package | None:
    """The package, read before the write lock is taken; None when the file is gone or at fault."""
    if path is None:
        return None
    try:
        return pages.read(db_session(), path)
    except (PackageFaults, UnreadablePackage):
        return None


def _import(package: Package | None, form: ImportForm) -> dict[str, list[int]]:
    if package is None:
        abort(404)
    reason = form.reason.data or None
    seen = Reviewed(form.seen.data or "", g.actor.staff_code)
    counts = import_package(db_session(), package, by=g.actor.by, at=g.at, reason=reason, reviewed=seen)
    return {name: [each.added, each.corrected, each.unchanged] for name, each in counts.items()}


def _in_words(done: dict[str, list[int]]) -> str:
    added, corrected, unchanged = (sum(each[place] for each in done.values()) for place in range(3))
    if not added and not corrected:
        return _("Nothing differs from what is recorded: nothing was changed.")
    return " ".join(
        (
            _("Imported."),
            ngettext("%(rows)s row added,", "%(rows)s rows added,", added, rows=f"{added:,}"),
            _("%(rows)s corrected,", rows=f"{corrected:,}"),
            _("%(rows)s unchanged.", rows=f"{unchanged:,}"),
        )
    )


def _drop_afterwards(name: str) -> None:
    """Remove the file once the import is kept; one that was not kept can be tried again."""
    account = g.actor.account_id

    @after_this_request
    def drop(response: Response) -> Response:
        if response.status_code == 302:
            files.drop(name, account=account)
        return response
