"""What a team holds of what is asked, by group of competencies, as a radar and in figures."""

from collections.abc import Sequence
from typing import Any

from flask import abort, g, render_template, url_for

from skillsmatrix.queries.outlook import people_at
from skillsmatrix.queries.services import ServiceEntry, service_entry
from skillsmatrix.queries.strengths import Strength, strengths
from skillsmatrix.web.outlook.blueprint import bp
from skillsmatrix.web.outlook.sight import ACTION, hides
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs, require
from skillsmatrix.web.shared.pictures import Radar, radar
from skillsmatrix.web.shared.table_files import ShownTable, table_file
from skillsmatrix.web.shared.wording import gettext as _

FEWEST_AXES, MOST_AXES = 3, 14  # a shape needs three corners; more names than that do not fit


@bp.get("/services/<code>/strengths")
@needs(ACTION, service="code")
def team_strengths(code: str) -> Any:
    entry = _entry(code)
    found = _found(entry)
    asked = {} if g.on == g.today else {"on": g.on.isoformat()}
    return render_template(
        "outlook/strengths.html",
        entry=entry,
        hidden=hides(people_at(db_session(), [code], on=g.on)),
        found=[(_name(each), each) for each in found],
        picture=_picture(found),
        files={
            kind: url_for("outlook.team_strengths_file", code=code, kind=kind, **asked)
            for kind in ("csv", "xlsx")
        },
    )


@bp.get("/services/<code>/strengths.<any(csv, xlsx):kind>")
@needs(ACTION, service="code")
def team_strengths_file(code: str, kind: str) -> Any:
    require("export.matrix", service=code)
    entry = _entry(code)
    header = [_("Group"), _("Requirements met"), _("Asked for"), _("Percent")]
    rows = [
        [_name(each), str(each.met), str(each.asked), formats.tenths(each.met, each.asked)]
        for each in _found(entry)
    ]
    return table_file(ShownTable(_("By group"), header, rows), kind, of=entry.name, name=f"{code}-groups")


def _entry(code: str) -> ServiceEntry:
    entry = service_entry(db_session(), code)
    if entry is None:
        abort(404)
    return entry


def _found(entry: ServiceEntry) -> list[Strength]:
    """Empty where the figures would be about too few people for this reader."""
    if hides(people_at(db_session(), [entry.code], on=g.on)):
        return []
    found = strengths(db_session(), entry.code, on=g.on, today=g.today)
    return [each for each in found if not hides(each.people)]


def _name(each: Strength) -> str:
    return each.group or _("No group stated")


def _picture(found: Sequence[Strength]) -> Radar | None:
    if len(found) < FEWEST_AXES:
        return None
    shown = sorted(found[:MOST_AXES], key=lambda each: _name(each).casefold())
    return radar([(_name(each), each.met / each.asked) for each in shown])
