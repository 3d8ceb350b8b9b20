"""The list of people, and one person."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, g, render_template, request

from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.competencies import competency_entries
from skillsmatrix.queries.corrections import corrections
from skillsmatrix.queries.holders import Holder, holders
from skillsmatrix.queries.people import PersonFilter, PersonLine, person_lines
from skillsmatrix.queries.record import worst_first
from skillsmatrix.queries.standing_counts import standing_counts
from skillsmatrix.queries.state import kept
from skillsmatrix.queries.supervision_due import agreements, supervision_due
from skillsmatrix.web.people import pages
from skillsmatrix.web.people.forms import PeopleFilter, choices_of_competencies, held
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.doors import doors
from skillsmatrix.web.shared.doubts import doubt_lines
from skillsmatrix.web.shared.guards import allowed, needs, require, visible_staff
from skillsmatrix.web.shared.known import asked_instant
from skillsmatrix.web.shared.paging import part
from skillsmatrix.web.shared.reasons import reasons_of
from skillsmatrix.web.shared.sight import record_seen, sight_of

bp = Blueprint("people", __name__)

PEOPLE_PAGE = 25
# What the page of somebody's posts, absences and the like lets be written.
RECORDS = (
    "person.update.F1F2",
    "absence.record",
    "registration.record",
    "exemption.approve",
    "competency.suspend",
)


@bp.get("/people")
@needs("person.list")
def index() -> Any:
    within = visible_staff("person.list")
    everybody = _everybody(within)
    filters = PeopleFilter()
    filters.offer(line for line in everybody if line.employed(g.on))
    wanted = filters.wanted()
    found = [line for line in everybody if wanted.takes(line, on=g.on)]
    asked = held()
    by_person: dict[str, Holder] = {}
    if asked:
        readable = visible_staff("competency.read")
        by_person = holders(db_session(), asked, on=g.on, today=g.today)
        found = [line for line in found if line.code in by_person and line.code in readable]
    shown = part(found, most=PEOPLE_PAGE)
    entries = competency_entries(db_session()) if allowed("competency.read") else []
    return render_template(
        "people/index.html",
        filters=filters,
        filtered=bool(request.args.keys() - {"on", "page"}),
        people=shown.rows,
        total=len(found),
        page=shown.page,
        pages=shown.pages,
        held=asked,
        holders=by_person,
        titles={entry.code: entry.title for entry in entries},
        competencies=choices_of_competencies(entries),
        contract=visible_staff("person.read.F2"),
        counts=standing_counts(db_session(), _readable(shown.rows), on=g.on, today=g.today),
    )


def _everybody(within: Reach) -> list[PersonLine]:
    """Everybody within reach, with the posts of the day asked about; today's list is kept."""

    def listed() -> list[PersonLine]:
        return person_lines(db_session(), within, PersonFilter(past=True), on=g.on)

    return kept(db_session(), ("people", within, g.on), listed) if g.on == g.today else listed()


def _readable(listed: Sequence[PersonLine]) -> list[str]:
    readable = visible_staff("competency.read")
    return [line.code for line in listed if line.code in readable]


@bp.get("/people/<code>")
@needs("person.read.F1", person="code")
def show(code: str) -> Any:
    known_at = asked_instant()
    record = record_seen(code, known_at=known_at)
    sight = sight_of(code)
    if record is None:
        return render_template("people/not_known.html", code=code, known_at=known_at)
    doubted = doubt_lines(staff=[code], known_at=known_at) if sight.standings else []
    required = worst_first(record.required) if sight.standings else []
    to_do, in_order = pages.sorted_out(required, {each.competency for each in doubted})
    agreed = agreements(db_session(), code, on=g.on) if sight.supervision else []
    return render_template(
        "people/show.html",
        record=record,
        sight=sight,
        known_at=known_at,
        name=record.name_of(code),
        required=required,
        to_do=to_do,
        in_order=in_order,
        also_held=record.also_held if sight.standings else [],
        doubts=doubted,
        evidence=pages.evidence_in_sight(record, sight),
        supervision=supervision_due(record, agreed) if sight.supervision else [],
        corrections=pages.corrections_in_sight(corrections(db_session(), code), sight, record.labels),
        doors=doors(code),
        may_record=any(allowed(action, person=code) for action in RECORDS),
    )


@bp.get("/people/<code>/competencies/<path:competency>")
@needs("competency.read", person="code")
def reasons(code: str, competency: str) -> Any:
    require("person.read.F1", person=code)
    known_at = asked_instant()
    record = record_seen(code, known_at=known_at)
    if record is None or competency not in record.facts.competencies:
        abort(404)
    return render_template(
        "people/reasons_page.html",
        reasons=reasons_of(record, competency),
        doubts=doubt_lines(staff=[code], competency=competency, known_at=known_at),
        sight=sight_of(code),
        known_at=known_at,
    )
