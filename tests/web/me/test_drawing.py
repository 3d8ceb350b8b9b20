"""My record and tables of evidence as they are drawn say what a template makes of the same."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g, render_template_string

from skillsmatrix.domain.competency import Competency
from skillsmatrix.domain.standing import Standing
from skillsmatrix.queries.record import EvidenceLine
from skillsmatrix.web.me.drawing import Drawing
from skillsmatrix.web.me.timeline import Bar, Timeline
from skillsmatrix.web.shared.evidence_rows import evidence_rows
from skillsmatrix.web.shared.reasons import level_words

TODAY = date(2026, 11, 22)
WILD = "<b>\"Lifting\"</b> & 'more'"

ITEM = """{% from "components/standing.html" import standing %}
{% for point in points %}
<li>
  <p class="pages-record__title"><a href="{{ link("me.reasons", competency=point.competency.code) }}">{{ point.competency.title }}</a>{% if point.verdict.level > 1 %}, {{ _("level %(level)s", level=point.verdict.level) }}{% endif %} {{ standing(point.verdict.standing.value) }}{% if point.hard_stop %} <span class="pages-stop">{{ _("Hard stop") }}</span>{% endif %}</p>
  {% if point.next_step %}<p><strong>{{ point.next_step }}</strong></p>{% endif %}
  <p>{{ point.because }}</p>
  {% if not point.asked and point.rows %}<p>{{ _("Your team counts on you for this.") }}</p>{% endif %}
  {% if pictures %}
  {% set line = timelines[point.competency.code] %}
  {% set id = "line-" ~ (point.competency.code | replace(" ", "-")) %}
  <svg class="pages-timeline" viewBox="0 0 600 34" role="img" aria-labelledby="{{ id }}-title {{ id }}-words" focusable="false">
    <title id="{{ id }}-title">{{ _("%(title)s over time", title=point.competency.title) }}</title>
    <desc id="{{ id }}-words">{{ line.words }}</desc>
    <rect class="pages-timeline__ground" x="0" y="4" width="600" height="12"/>
    {% for bar in line.bars %}<rect class="pages-timeline__held" x="{{ bar.x }}" y="4" width="{{ bar.width }}" height="12"/>{% endfor %}
    {% for x, year in line.years %}<line class="pages-timeline__year" x1="{{ x }}" x2="{{ x }}" y1="2" y2="22"/><text class="pages-timeline__text" x="{{ x + 3 }}" y="30">{{ year }}</text>{% endfor %}
    <line class="pages-timeline__today" x1="{{ line.today_x }}" x2="{{ line.today_x }}" y1="0" y2="20"/>
  </svg>
  {% endif %}
</li>
{% endfor %}"""  # noqa: E501 - a template

ALLOWED = """{% for point in points %}
<h3 class="nhsuk-heading-xs">{{ point.competency.title }}</h3>
<p>{{ _("You hold level %(level)s.", level=point.verdict.held_level) }} {% if words(point.verdict.held_level) %}{{ words(point.verdict.held_level) }}.{% endif %} {{ point.competency.boundary or _("No boundary is written down; ask your supervisor.") }}</p>
{% endfor %}"""  # noqa: E501 - a template

EVIDENCE = """{% for line in lines %}
<tr class="nhsuk-table__row" role="row">
  <th scope="row" role="rowheader" class="nhsuk-table__header app-table__row-heading pages-nowrap">{{ line.day | day }}</th>
  {% if titles %}<td role="cell" class="nhsuk-table__cell">{{ titles.get(line.competency, line.competency) }}</td>{% endif %}
  <td role="cell" class="nhsuk-table__cell">
    {%- if line.kind == "learning" %}{{ _("Learning, level %(level)s", level=line.level) }}
    {%- elif line.outcome == "competent" %}{{ _("Signed off, level %(level)s", level=line.level) }}
    {%- else %}{{ _("Assessed at level %(level)s: not yet competent", level=line.level) }}{% endif -%}
    {%- if line.withdrawn_on %}<br><strong>{{ _("Withdrawn on %(day)s", day=line.withdrawn_on | day) }}</strong>{% if sight.reasons and line.withdrawn_reason %}: {{ line.withdrawn_reason }}{% endif %}{% endif -%}
  </td>
  <td role="cell" class="nhsuk-table__cell" data-label="{{ _("From whom") }}">{{ line.source or _("not stated") }}{% if line.reference %} ({{ line.reference }}){% endif %}</td>
  <td role="cell" class="nhsuk-table__cell pages-nowrap" data-label="{{ _("Last day it counts") }}">{% if line.kind == "sign_off" and line.outcome != "competent" %}{{ _("grants nothing") }}{% elif line.valid_to %}{{ line.valid_to | day }}{% else %}{{ _("no end") }}{% endif %}</td>
  <td role="cell" class="nhsuk-table__cell" data-label="{{ _("Counts on this day") }}">{{ _("Yes") if line.counts else _("No") }}</td>
</tr>
{% endfor %}"""  # noqa: E501 - a template


def squeezed(markup: str) -> str:
    """Without the space between elements, which nobody sees."""
    return re.sub(r"\s+", " ", re.sub(r">\s+|\s+<", lambda found: found[0].strip(), markup)).strip()


def point(code: str, standing: Standing, level: int, **changes: Any) -> Any:
    skill = Competency(code=code, title=f"{WILD} {code}", needs_learning=True, needs_sign_off=False)
    said = {
        "competency": skill,
        "verdict": SimpleNamespace(standing=standing, level=level, held_level=level),
        "asked": None,
        "rows": (),
        "hard_stop": False,
        "next_step": "",
        "because": f"Because {WILD}",
    }
    return SimpleNamespace(**{**said, **changes})


POINTS = [
    point("a b", Standing.EXPIRED, 1, hard_stop=True, next_step=f"Do {WILD}", rows=("row",)),
    point("c/d", Standing.VALID, 3, asked=object()),
    *(point(each.value, each, 9) for each in Standing),
]
LINE = Timeline((Bar(0, 12.5), Bar(40.1, 1.0)), 400.3, ((10.5, 2025), (210, 2026)), f"Held {WILD}.")
COMPLETION = EvidenceLine("learning", "a", TODAY, 1, TODAY, True, WILD, WILD, "", None, None, None)
LINES = [
    COMPLETION,
    replace(COMPLETION, valid_to=None, counts=False, source="", reference="", competency="unknown"),
    replace(COMPLETION, kind="sign_off", outcome="competent", level=4, withdrawn_on=TODAY),
    replace(COMPLETION, kind="sign_off", outcome="competent", withdrawn_on=TODAY, withdrawn_reason=WILD),
    replace(COMPLETION, kind="sign_off", outcome="not_yet"),
]


@pytest.mark.parametrize("on", [TODAY, date(2026, 1, 5)])
@pytest.mark.parametrize("pictures", [True, False])
def test_the_items_say_what_a_template_makes_of_them(app: Flask, on: date, pictures: bool) -> None:
    timelines = {each.competency.code: LINE for each in POINTS}
    with app.test_request_context("/me"):
        g.on, g.today = on, TODAY
        drawn = Drawing(timelines).items(POINTS, pictures)
        wanted = render_template_string(ITEM, points=POINTS, timelines=timelines, pictures=pictures)

    assert squeezed(drawn) == squeezed(wanted)
    assert WILD not in drawn


def test_what_each_allows_says_what_a_template_makes_of_it(app: Flask) -> None:
    points = [*POINTS, point("e", Standing.VALID, 2)]
    points[-1].competency = replace(points[-1].competency, boundary=WILD)
    with app.test_request_context("/me"):
        g.on = g.today = TODAY
        drawn = Drawing({}).allowed(points)
        wanted = render_template_string(ALLOWED, points=points, words=level_words)

    assert squeezed(drawn) == squeezed(wanted)


@pytest.mark.parametrize("titles", [None, {"a": WILD}])
@pytest.mark.parametrize("reasons", [True, False])
def test_the_rows_say_what_a_template_makes_of_them(
    app: Flask, titles: dict[str, str] | None, reasons: bool
) -> None:
    sight: Any = SimpleNamespace(reasons=reasons)
    with app.test_request_context("/me"):
        g.on = g.today = TODAY
        drawn = evidence_rows(LINES, sight, titles)
        wanted = render_template_string(EVIDENCE, lines=LINES, sight=sight, titles=titles)

    assert squeezed(drawn) == squeezed(wanted)
    assert (": &lt;b&gt;" in drawn) is reasons
