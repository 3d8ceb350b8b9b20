"""The record of whoever is signed in."""

from typing import Any

from flask import Blueprint, abort, g, render_template

from skillsmatrix.domain.standing import Standing
from skillsmatrix.queries.record import PersonRecord, Standpoint, person_record, worst_first
from skillsmatrix.queries.record_besides import besides_question, person_and_besides
from skillsmatrix.queries.roles import RoleText, role_texts
from skillsmatrix.queries.supervision_due import agreements, supervision_due
from skillsmatrix.web.me.drawing import Drawing
from skillsmatrix.web.me.timeline import timeline
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.doors import doors
from skillsmatrix.web.shared.doubts import doubt_lines
from skillsmatrix.web.shared.guards import needs, note_person, require
from skillsmatrix.web.shared.kept_pages import kept_page
from skillsmatrix.web.shared.reasons import reasons_of
from skillsmatrix.web.shared.sight import sight_of

bp = Blueprint("me", __name__)

IN_ORDER = (Standing.VALID, Standing.EXEMPT)


@bp.get("/me")
@needs("competency.read")
def index() -> Any:
    more = person_and_besides(db_session(), _signed_in(), on=g.today)
    note_person(_signed_in(), more[0])
    code = _own_code()
    asked = besides_question(code, on=g.today)
    return kept_page(lambda: _page(_own_record(code)), besides=more, asked=[asked])


def _page(record: PersonRecord) -> str:
    required, besides = worst_first(record.required), record.also_held
    idle = [each for each in besides if each.verdict.standing is Standing.SUSPENDED]
    ours = [each for each in besides if each.rows and _usable(each)]
    soon = [each for each in (*required, *ours) if each.verdict.standing is Standing.EXPIRING]
    stopped = worst_first([*(each for each in required if not _usable(each)), *idle])
    fine = [each for each in required if each.verdict.standing in IN_ORDER]
    return render_template(
        "me/index.html",
        record=record,
        name=record.name_of(record.code),
        stopped=stopped,
        soon=sorted(soon, key=lambda each: (each.verdict.valid_to is None, each.verdict.valid_to)),
        fine=fine,
        counted_on=[each for each in ours if each.verdict.standing in IN_ORDER],
        also_held=[each for each in besides if each not in ours and each not in idle],
        roles=_roles(record),
        supervision=supervision_due(record, agreements(db_session(), record.code, on=g.on)),
        evidence=record.evidence(),
        sight=sight_of(record.code),
        drawing=Drawing({each.competency.code: timeline(record, each) for each in (*stopped, *soon, *fine)}),
        doors=doors(record.code),
        doubts=doubt_lines(staff=[record.code]),
    )


@bp.get("/me/competencies/<path:competency>")
@needs("competency.read")
def reasons(competency: str) -> Any:
    record = _own_record(_own_code())
    if competency not in record.facts.competencies:
        abort(404)
    return render_template(
        "me/reasons.html", reasons=reasons_of(record, competency), sight=sight_of(record.code)
    )


def _own_code() -> str:
    code = _signed_in()
    require("competency.read", person=code)
    return code


def _signed_in() -> str:
    """Who it is; nothing is there for an account that is nobody's on the staff."""
    code: str | None = g.actor.staff_code
    if code is None:
        abort(404)
    return code


def _own_record(code: str) -> PersonRecord:
    record = person_record(db_session(), code, on=g.on, today=g.today)
    if record is None:
        abort(404)
    return record


def _usable(point: Standpoint) -> bool:
    return point.verdict.standing is Standing.EXPIRING or point.verdict.standing in IN_ORDER


def _roles(record: PersonRecord) -> list[RoleText]:
    texts = role_texts(db_session())
    codes = dict.fromkeys(post.role for post in record.person.posts_in_force(record.on))
    return [texts[code] for code in codes if code in texts]
