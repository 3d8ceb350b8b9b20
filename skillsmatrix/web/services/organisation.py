"""The whole organisation: services against competencies as a table, a picture, a print and files."""

from typing import Any

import numpy as np
from flask import g, render_template, request, url_for
from markupsafe import Markup

from skillsmatrix.queries.competencies import competency_entries
from skillsmatrix.queries.state import kept
from skillsmatrix.web.services import (
    heat_page,
    matrix_drawing,
    organisation_page,
    print_page,
    shown_files,
)
from skillsmatrix.web.services.blueprint import bp
from skillsmatrix.web.services.sight import fewest
from skillsmatrix.web.shared import large_pages
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.guards import allowed, needs
from skillsmatrix.web.shared.kept_pages import kept_while_unchanged
from skillsmatrix.web.shared.known import asked_instant, asked_instant_of_all
from skillsmatrix.web.shared.links import asked_without
from skillsmatrix.web.shared.table_files import CSV, XLSX, download, workbook
from skillsmatrix.web.shared.whole_services import whole_cells
from skillsmatrix.web.shared.wording import gettext as _


@bp.get("/matrix")
@needs("matrix.view")
@kept_while_unchanged
def organisation() -> Any:
    filters, grid = matrix_asked("matrix.view")
    asked, drawing = request.args.to_dict(), matrix_drawing.Drawing(fewest())
    page = render_template(
        "services/organisation.html",
        filters=filters,
        filtered=bool(request.args.keys() - {"on", "known_at"}),
        grid=grid,
        files={
            "csv": url_for("services.organisation_csv", **asked),  # type: ignore[arg-type]
            "xlsx": url_for("services.organisation_xlsx", **asked),  # type: ignore[arg-type]
        },
        headings=drawing.headings(grid.competencies),
        rows=large_pages.PLACE,
        picture=url_for("services.heat_map", **asked),  # type: ignore[arg-type]
        paper=url_for("services.organisation_print", **asked),  # type: ignore[arg-type]
        states=matrix_drawing.STATES,
        meanings=organisation_page.MEANINGS,
        held_together=_held_together(grid),
        known_at=asked_instant(),
    )
    return large_pages.filled(page, grid.drawn(drawing))


@bp.get("/matrix/heat-map")
@needs("matrix.view")
@kept_while_unchanged
def heat_map() -> Any:
    _filters, grid = matrix_asked("matrix.view")
    return render_template(
        "services/heat_map.html",
        map=heat_page.heat_map(grid),
        rows=heat_page.in_figures(grid),
        as_table=url_for("services.organisation", **request.args.to_dict()),  # type: ignore[arg-type]
        states=matrix_drawing.STATES,
        meanings=organisation_page.MEANINGS,
        known_at=asked_instant(),
        signs=heat_page.SIGNS,
    )


@bp.get("/matrix/print")
@needs("matrix.view")
def organisation_print() -> Any:
    _filters, grid = matrix_asked("matrix.view")
    return render_template(
        "services/print.html",
        title=_("Services and competencies"),
        side=_("Service"),
        sheets=print_page.organisation_sheets(grid, fewest()),
        paper=print_page.paper(),
        back=url_for("services.organisation", **asked_without("page", "paper")),
        known_at=asked_instant(),
        at=g.at,
    )


def _held_together(grid: organisation_page.OrganisationGrid) -> Markup:
    """The competencies shown as choices, to ask who holds two at once; none for who may not."""
    if not (allowed("person.list") and allowed("competency.read")):
        return Markup("")
    return matrix_drawing.options(frozenset((each.title, each.code) for each in grid.competencies))


@bp.get("/matrix.csv")
@needs("export.matrix")
def organisation_csv() -> Any:
    _filters, grid = matrix_asked("export.matrix")
    return download(shown_files.organisation_table(grid, fewest()).as_csv(), CSV, f"services-{g.on}.csv")


@bp.get("/matrix.xlsx")
@needs("export.matrix")
def organisation_xlsx() -> Any:
    _filters, grid = matrix_asked("export.matrix")
    made = shown_files.Made(
        _("Services and competencies"), day(g.on), g.actor.display_name, g.at, asked_instant()
    )
    body = workbook([shown_files.organisation_table(grid, fewest())], about=made.in_words(), at=g.at)
    return download(body, XLSX, f"services-{g.on}.xlsx")


def matrix_asked(
    action: str,
) -> tuple[organisation_page.MatrixFilter, organisation_page.OrganisationGrid]:
    """The services that may be seen as a whole, against everything that is asked of them."""
    own = db_session()
    services, found = whole_cells(action, on=g.on, known_at=asked_instant_of_all())
    asked = {found.competencies[number] for number in np.flatnonzero(np.bincount(found.cells.column))}
    listed = kept(own, "competencies", lambda: competency_entries(own))
    competencies = [each for each in listed if each.code in asked]
    filters = organisation_page.MatrixFilter()
    filters.offer(services, competencies)
    return filters, organisation_page.organisation_grid(filters, services, competencies, found)
