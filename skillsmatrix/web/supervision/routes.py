"""Who is due, one person's supervision, and recording a session."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request

from skillsmatrix.domain.access import hides_figure
from skillsmatrix.domain.standing import Standing
from skillsmatrix.domain.supervision import Session as HeldSession
from skillsmatrix.domain.supervision_ladder import Rung
from skillsmatrix.operations.supervision import SupervisionRefused, record_session
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.record import Standpoint, person_record, worst_first
from skillsmatrix.queries.services import service_entries
from skillsmatrix.queries.subjects import Someone, everyone, someone
from skillsmatrix.queries.supervision import (
    LadderLine,
    actions,
    agreements,
    ladder,
    loads,
    losing_supervisor,
    session_doubts,
    sessions,
    supervisees,
)
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import allowed, needs, visible_services, visible_staff
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.supervision import words
from skillsmatrix.web.supervision.blueprint import bp
from skillsmatrix.web.supervision.forms import DoneForm, SessionForm, WhoFilter

MINE = "mine"


@bp.get("/supervision")
@needs("supervision.read_meta")
def index() -> Any:
    within = visible_staff("supervision.read_meta")
    filters = WhoFilter()
    mine = supervisees(db_session(), within=within, on=g.today, supervisor=g.actor.staff_code or "")
    filters.whose.choices = _choices(within, mine=bool(mine))
    offered = [each.value for each in filters.whose.choices]
    whose = filters.whose.data if filters.whose.data in offered else offered[0]
    filters.whose.data = whose
    people = _people(whose, within, mine)
    lines = ladder(db_session(), people, on=g.today)
    return render_template(
        "supervision/index.html",
        filters=filters,
        lines=lines,
        counts=_counts(lines),
        losing=losing_supervisor(db_session(), within=within, on=g.today),
        loads=[] if hides_figure(g.actor, 0, on=g.today) else loads(db_session(), within=within, on=g.today),
        words=words,
        may_record=bool(visible_staff("supervision.write_draft")),
    )


def _counts(lines: list[LadderLine]) -> list[tuple[Rung, int]]:
    """How many stand on each step; nothing for those who may not see figures about so few people."""
    if hides_figure(g.actor, len({line.staff for line in lines}), on=g.today):
        return []
    return [(rung, sum(line.step.rung is rung for line in lines)) for rung in Rung]


def _choices(within: Reach, *, mine: bool) -> list[Any]:
    """One's own people first, then service by service: a whole organisation is never read at once."""
    listed = [(MINE, _("People I supervise"))] if mine else []
    if within.everything or len(within.codes) > len({g.actor.staff_code} & within.codes):
        places = service_entries(db_session(), visible_services("matrix.view"))
        listed += sorted(((each.code, each.name) for each in places), key=lambda each: each[1].casefold())
    return choices(listed or [("", _("Myself"))])


def _people(whose: str, within: Reach, mine: list[Any]) -> list[Any]:
    if whose == MINE:
        return mine
    if whose:
        return supervisees(db_session(), within=within, on=g.today, service=whose)
    own = Reach(frozenset({g.actor.staff_code} & within.codes))
    return supervisees(db_session(), within=own, on=g.today)


@bp.get("/people/<staff>/supervision")
@needs("supervision.read_meta", person="staff")
def person(staff: str) -> Any:
    who = wanted_person(staff)
    lines = ladder(db_session(), supervisees(db_session(), within=_only(staff), on=g.today), on=g.today)
    gaps, ending = _prompts(who)
    return render_template(
        "supervision/person.html",
        person=who,
        lines=lines,
        agreements=agreements(db_session(), [who.staff_id], on=g.today),
        sessions=sessions(db_session(), who.staff_id, on=g.today),
        actions=actions(db_session(), who.staff_id),
        gaps=gaps,
        ending=ending,
        words=words,
        me=g.actor.staff_code,
        may={
            "read": allowed("supervision.read_F6", person=staff),
            "record": allowed("supervision.write_draft", person=staff),
            "schedule": allowed("supervision.schedule", person=staff),
            "assign": allowed("person.assign_supervisor", person=staff),
            "finish": allowed("supervision.sign", person=staff),
        },
        form=DoneForm(),
    )


def _prompts(who: Someone) -> tuple[list[Standpoint], list[Standpoint]]:
    """What to talk about: open gaps, and what runs out soon; for those who may know."""
    if not allowed("competency.read", person=who.code):
        return [], []
    record = person_record(db_session(), who.code, on=g.today, today=g.today)
    points = worst_first(record.required) if record else []
    done = (Standing.EXEMPT, Standing.VALID, Standing.EXPIRING)
    return (
        [point for point in points if point.verdict.standing not in done],
        [point for point in points if point.verdict.standing is Standing.EXPIRING],
    )


@bp.route("/supervision/record", methods=["GET", "POST"])
@needs("supervision.write_draft")
@commits
def record() -> Any:
    within = visible_staff("supervision.write_draft")
    mine = supervisees(db_session(), within=within, on=g.today, supervisor=g.actor.staff_code or "")
    lines = ladder(db_session(), mine, on=g.today)
    form = SessionForm()
    form.supervisees.choices = _people_to_tick(lines, {each.code: each.name for each in mine})
    kinds = sorted({*words.USUAL_KINDS, *(line.kind for line in lines)})
    form.kind.choices = choices((kind, words.kind_title(kind)) for kind in kinds)
    if request.method == "GET":
        form.held_on.data = g.today
        form.supervisees.process_data([code for code in request.args.getlist("staff") if code in within])
        asked = request.args.get("kind")
        form.kind.process_data(asked if asked in kinds else None)
    told: list[str] = []
    if mine and form.validate_on_submit():
        ticked = set(form.supervisees.data or ())
        if not ticked <= {each.code for each in mine}:
            abort(404)
        told = _doubts(form, ticked, mine)
        if (not told or form.sure.data) and _recorded(form, ticked):
            flash(_saved(form, [each.name for each in mine if each.code in ticked]), "success")
            return redirect(link("supervision.index"))
    return render_template("supervision/record.html", form=form, told=told, people=mine)


def _people_to_tick(lines: list[LadderLine], names: dict[str, str]) -> list[Any]:
    """Everybody one supervises, with what is most pressing about them."""
    worst: dict[str, LadderLine] = {}
    for line in lines:
        worst.setdefault(line.staff, line)
    ordered = [*worst, *(code for code in names if code not in worst)]
    return choices(
        (
            code,
            f"{names[code]}: {words.kind_words(worst[code].kind)}, {_inside(words.when(worst[code]))}"
            if code in worst
            else names[code],
        )
        for code in ordered
    )


def _inside(sentence: str) -> str:
    """A sentence as it goes on after a comma."""
    return sentence[:1].lower() + sentence[1:]


def _doubts(form: SessionForm, ticked: set[str], mine: list[Any]) -> list[str]:
    """Why it would not count for some of them, said before it is saved."""
    size = len(ticked) + (form.others.data or 0)
    held = HeldSession(form.held_on.data or g.today, form.kind.data, g.actor.staff_code, max(size, 1))
    found = session_doubts(db_session(), [each for each in mine if each.code in ticked], held, on=g.today)
    return [words.doubted(each, kind=form.kind.data, size=size) for each in found]


def _recorded(form: SessionForm, ticked: set[str]) -> bool:
    me = someone(db_session(), g.actor.staff_code)
    if me is None:
        abort(403)
    try:
        record_session(
            db_session(),
            supervisor_id=me.staff_id,
            supervisee_ids=[each.staff_id for each in everyone(db_session(), ticked)],
            kind=form.kind.data,
            held_on=form.held_on.data or g.today,
            minutes=int(form.minutes.data),
            others=form.others.data or 0,
            key=form.once.data,
            by=g.actor.by,
            at=g.at,
        )
    except SupervisionRefused as error:
        form.refuse("held_on" if error.about == "held_on" else "supervisees", words.refused(error))
        return False
    return True


def _saved(form: SessionForm, people: list[str]) -> str:
    return _(
        "Recorded: %(kind)s supervision on %(day)s with %(people)s.",
        kind=words.kind_words(form.kind.data),
        day=day(form.held_on.data or g.today),
        people=", ".join(people),
    )


def wanted_person(code: str) -> Someone:
    """The person of the address; 404 when there is none (the guard has let nobody else through)."""
    found = someone(db_session(), code)
    if found is None:
        abort(404)
    return found


def _only(staff: str) -> Reach:
    return Reach(frozenset({staff}))
