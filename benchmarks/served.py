"""The site as it is served, and beside it what its pages are measured against, for gunicorn.

`/bare/`: a route that says nothing; `/signed-in`: one of the site that says nothing either.
`/loop/`: the matrix as a template usually draws it, cell by cell.
"""

import os
from datetime import date
from typing import Any

from flask import Flask, render_template_string, request, url_for
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from config import settings_from_environment
from skillsmatrix.app import create_app
from skillsmatrix.engine.matrix import matrix
from skillsmatrix.foundation.database import make_engine, reading
from skillsmatrix.foundation.processes import keep_for_good
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.queries.conclusions import current
from skillsmatrix.web.shared.guards import any_account

TEMPLATE = """<!DOCTYPE html><html lang="en"><title>Matrix</title><table>
<thead><tr><th></th>{% for code in competencies %}<th scope="col">{{ code }}</th>{% endfor %}</tr></thead>
<tbody>
{% for service in services %}
<tr><th scope="row">{{ service }}</th>
{% for code in competencies %}
{% set cell = cells.get((service, code)) %}
{% if cell %}
<td class="{% if cell.unsafe %}unsafe{% elif cell.shortfall %}short{% else %}met{% endif %}">
<a href="{{ url_for("cell", service=service, competency=code) }}" title="{{ service }}, {{ code }}">
{{ cell.held }} of {{ cell.required }}</a></td>
{% else %}
<td></td>
{% endif %}
{% endfor %}
</tr>
{% endfor %}
</tbody></table></html>
"""


def bare() -> Flask:
    """An application with one route that says nothing."""
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: "", endpoint="bare")
    return app


def loop(database_url: str) -> Flask:
    """An application that draws the same cells in a template, one by one."""
    app = Flask("loop")
    engine = make_engine(database_url)

    @app.get("/")
    def index() -> str:
        on = date.fromisoformat(request.args["on"])
        with reading(engine) as session:
            image = current(session)
        found = matrix(image, on=on)
        services, competencies = image.catalogue.service_codes, image.catalogue.competency_codes
        names = ("required", "held", "shortfall", "unsafe")
        cells: dict[tuple[str, str], Any] = {
            (services[service], competencies[competency]): dict(zip(names, values, strict=True))
            for service, competency, *values in zip(
                found.service, found.competency, *(getattr(found, name) for name in names), strict=True
            )
        }
        return render_template_string(TEMPLATE, services=services, competencies=competencies, cells=cells)

    @app.get("/cells/<service>/<competency>")
    def cell(service: str, competency: str) -> str:
        return url_for("cell", service=service, competency=competency)

    return app


def site(settings: Settings) -> Flask:
    """The site, with a route that says nothing to whoever is signed in."""
    app = create_app(settings)
    nothing = any_account(why="says nothing")(lambda: "")
    app.add_url_rule("/signed-in", view_func=nothing, endpoint="signed_in")
    return app


settings = settings_from_environment(os.environ)
app = DispatcherMiddleware(site(settings), {"/bare": bare(), "/loop": loop(settings.database_url)})
keep_for_good()  # as wsgi.py does
