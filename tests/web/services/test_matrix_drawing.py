"""What is drawn all at once is what a template would draw cell by cell."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from urllib.parse import quote

import numpy as np
import pytest
from flask import Flask, g
from jinja2 import Environment

from skillsmatrix.foundation.address_parts import address_part
from skillsmatrix.queries.competencies import CompetencyEntry
from skillsmatrix.queries.organisation_matrix import CellGrid, Cells
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.web.services.matrix_drawing import NAMES, STATES, Drawing

TODAY = date(2026, 11, 22)
SERVICES = ("alder", "b/irch", "<quay>", "wård", "empty", "o'neil", 'say "no"')
COMPETENCIES = ("MH-T2", "a&b", "fire safety", "100%", "x?y", "#1")

ROW_BY_ROW = Environment(autoescape=True).from_string(
    """{% for service in services -%}
<tr><th scope="row"><a href="/services/{{ part(service.code) }}{{ suffix }}">{{ service.name }}</a></th>
{%- for competency in competencies -%}
{% set cell = cells[service.code, competency.code] -%}
{% if cell.state -%}
<td class="{{ names[cell.state] }}">
{{- '<a href="' | safe }}/services/{{ part(service.code) }}/needs/{{ quote(competency.code) }}{{ suffix }}">
{{- words[names[cell.state]] }}
{%- if cell.in_scope >= fewest %}<br>
{%- if cell.held > cell.required %}{{ cell.held }} held, {{ cell.required }} needed
{%- else %}{{ cell.held }} of {{ cell.required }}{% endif %}{% endif %}</a>
{%- else -%}
<td>
{%- endif %}
{%- endfor %}</tr>
{% endfor %}"""
)


@pytest.fixture(params=[TODAY, date(2026, 12, 24)], ids=["today", "another day"])
def asked(app: Flask, request: pytest.FixtureRequest) -> Iterator[date]:
    """A page about a day."""
    with app.test_request_context():
        g.today, g.on = TODAY, request.param
        yield g.on


def entry(code: str) -> ServiceEntry:
    return ServiceEntry(code, f"The {code}", None, "O", "Org", None, None, None, None, None)


def asked_for(code: str) -> CompetencyEntry:
    nothing = dict.fromkeys(CompetencyEntry.__slots__[2:])
    return CompetencyEntry(code=code, title=f"All about {code}", **nothing)  # type: ignore[arg-type]


def any_grid(seed: int, *, most: int = 12) -> CellGrid:
    """Cells of every state, one row with nothing in it, a third of the rest blank."""
    draw = np.random.default_rng(seed)
    shape = len(SERVICES), len(COMPETENCIES)
    state = draw.integers(0, 5, shape) * (draw.random(shape) < 0.67)
    state[4] = 0
    counts = draw.integers(0, most, (5, *shape))
    row, column = np.nonzero(state)
    values = (table[row, column].astype(np.int64) for table in (state, *counts))
    return CellGrid(SERVICES, COMPETENCIES, Cells(row, column, *values))


@pytest.mark.parametrize("fewest", [0, 5])
@pytest.mark.parametrize("seed", range(5))
def test_rows_are_what_a_template_makes_of_the_same_cells(asked: date, seed: int, fewest: int) -> None:
    grid = any_grid(seed)
    services, competencies = [entry(code) for code in SERVICES], [asked_for(code) for code in COMPETENCIES]

    drawn = Drawing(fewest).rows(services, grid, (3, 4))

    tables = {
        name: grid.table(getattr(grid.cells, name)) for name in ("state", "held", "required", "in_scope")
    }
    assert len(drawn) == 2
    assert b"".join(chain(*drawn)).decode() == ROW_BY_ROW.render(
        services=services,
        competencies=competencies,
        cells={
            (service, competency): {name: int(table[row, column]) for name, table in tables.items()}
            for row, service in enumerate(SERVICES)
            for column, competency in enumerate(COMPETENCIES)
        },
        names=NAMES,
        words={name: str(word) for name, word in STATES.items()},
        fewest=fewest,
        suffix="" if asked == TODAY else f"?on={asked}",
        quote=lambda code: quote(code, safe=""),
        part=address_part,
    )


def test_counts_of_thousands_are_drawn_as_they_are(asked: date) -> None:
    grid = any_grid(1, most=9_000)
    cells = grid.cells

    texts = Drawing(0).texts(grid)

    first = np.flatnonzero(cells.held <= cells.required)[0]
    text = texts[cells.row[first]][cells.column[first]]
    assert text.endswith(f", {cells.held[first]} of {cells.required[first]}")


def test_headings_lead_to_the_competency_and_are_escaped(asked: date) -> None:
    drawn = Drawing(0).headings([asked_for("a&b")])

    day = "" if asked == TODAY else f"?on={asked}"
    assert drawn == f'<th scope="col"><a href="/competencies/a%26b{day}">All about a&amp;b</a></th>'
