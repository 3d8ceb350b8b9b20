"""The site as it is served, and beside it what its pages are measured against, for gunicorn.

`/bare/`: a route that says nothing; `/signed-in`: one of the site that says nothing either.
`/by-cell`: the rows of the matrix, drawn by a template.
"""

import os

from flask import Flask, render_template_string
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from config import settings_from_environment
from skillsmatrix.app import create_app
from skillsmatrix.foundation.processes import keep_for_good
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.web.services.matrix_drawing import NAMES, STATES
from skillsmatrix.web.services.organisation import matrix_asked
from skillsmatrix.web.services.sight import fewest
from skillsmatrix.web.shared.guards import any_account, needs

BY_CELL = """<!DOCTYPE html><html lang="en"><title>Matrix</title><table>
<tbody>
{% for service in grid.services %}{% set row = loop.index0 -%}
<tr><th scope="row"><a href="{{ link("services.show", code=service.code) }}">{{ service.name }}</a></th>
{%- for competency in grid.competencies %}{% set cell = cells.get((row, loop.index0)) %}
{%- if cell -%}
<td class="{{ names[cell.state] }}"><a href="
{{- link("services.need", code=service.code, competency=competency.code) }}">{{ states[names[cell.state]] }}
{%- if cell.in_scope >= fewest %}<br>{% if cell.held > cell.required -%}
{{ _("%(held)s held, %(required)s needed", held=cell.held, required=cell.required) }}
{%- else -%}
{{ _("%(held)s of %(required)s", held=cell.held, required=cell.required) }}
{%- endif %}{% endif %}</a>
{%- else %}<td>{% endif %}{% endfor %}</tr>
{% endfor %}
</tbody></table></html>
"""


def bare() -> Flask:
    """An application with one route that says nothing."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "", endpoint="bare")
    return app


def by_cell() -> str:
    """The rows of the matrix as a template usually draws them, cell by cell."""
    _filters, shown = matrix_asked("matrix.view")
    found = shown.grid.cells
    places = zip(found.row.tolist(), found.column.tolist(), strict=True)
    said = ("state", "held", "required", "in_scope")
    values = zip(*(getattr(found, each).tolist() for each in said), strict=True)
    return render_template_string(
        BY_CELL,
        grid=shown,
        cells={place: dict(zip(said, each, strict=True)) for place, each in zip(places, values, strict=True)},
        names=NAMES,
        states=STATES,
        fewest=fewest(),
    )


def site(settings: Settings) -> Flask:
    """The site, with a route that says nothing to whoever is signed in, and the matrix cell by cell."""
    app = create_app(settings)
    nothing = any_account(why="says nothing")(lambda: "")
    app.add_url_rule("/signed-in", view_func=nothing, endpoint="signed_in")
    app.add_url_rule("/by-cell", view_func=needs("matrix.view")(by_cell), endpoint="by_cell")
    return app


settings = settings_from_environment(os.environ)
app = DispatcherMiddleware(site(settings), {"/bare": bare()})
keep_for_good()  # as wsgi.py does
