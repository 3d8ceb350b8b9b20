"""The catalogue and one competency."""

from typing import Any

from flask import Blueprint, abort, g, render_template
from wtforms import SearchField, SelectField

from skillsmatrix.queries.competencies import (
    AskedBy,
    CompetencyEntry,
    asked_by,
    competency_entries,
    competency_entry,
    taught_by,
    times_asked,
)
from skillsmatrix.queries.people import folded
from skillsmatrix.web.competencies.pages import rules_in_words
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.doubts import doubt_lines
from skillsmatrix.web.shared.forms import FilterForm, choices
from skillsmatrix.web.shared.guards import allowed, needs, visible_services, visible_staff
from skillsmatrix.web.shared.paging import part
from skillsmatrix.web.shared.reasons import LEVELS
from skillsmatrix.web.shared.requirement_words import whom
from skillsmatrix.web.shared.wording import lazy_gettext as _

bp = Blueprint("competencies", __name__)

ON_PAGE = 40


class CompetencyFilter(FilterForm):
    """What the catalogue is narrowed to."""

    q = SearchField(_("Name or code"))
    group = SelectField(_("Group"), choices=choices([("", _("All groups"))]), validate_choice=False)

    def wants(self, entry: CompetencyEntry) -> bool:
        return folded(self.q.data or "") in folded(f"{entry.title} {entry.code}") and (
            not self.group.data or entry.group == self.group.data
        )


@bp.get("/competencies")
@needs("requirement.read")
def index() -> Any:
    entries = competency_entries(db_session())
    filters = CompetencyFilter()
    groups = sorted({each.group for each in entries if each.group})
    filters.group.choices = [*filters.group.choices, *choices((group, group) for group in groups)]
    asked = times_asked(db_session(), on=g.on, within=visible_services("requirement.read"))
    wanted = [entry for entry in entries if filters.wants(entry)]
    shown = part(wanted, most=ON_PAGE)
    return render_template(
        "competencies/index.html",
        filters=filters,
        entries=shown.rows,
        total=len(wanted),
        page=shown.page,
        pages=shown.pages,
        asked=asked,
        rules=rules_in_words,
    )


@bp.get("/competencies/<path:code>")
@needs("requirement.read")
def show(code: str) -> Any:
    entry = competency_entry(db_session(), code)
    if entry is None:
        abort(404)
    asked = asked_by(db_session(), entry.code, on=g.on, within=visible_services("requirement.read"))
    return render_template(
        "competencies/show.html",
        entry=entry,
        asked=asked,
        whom=_whom,
        courses=taught_by(db_session(), code) if allowed("course.read") else [],
        rules=rules_in_words(entry),
        levels=LEVELS,
        doubts=doubt_lines(within=visible_staff("competency.read"), competency=entry.code),
    )


def _whom(row: AskedBy) -> str:
    return whom(row.cover, row.amount, role=row.role_name, service=row.service_name)
