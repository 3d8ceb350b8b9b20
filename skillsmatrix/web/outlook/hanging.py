"""On whom cover hangs: single holders, single assessors, and what each person would take along."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, g, render_template, request, url_for

from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.competencies import titles
from skillsmatrix.queries.labels import Labels, labels, names
from skillsmatrix.queries.outlook import people_at, people_by_service
from skillsmatrix.queries.single_points import (
    FewAssessors,
    HangingLine,
    LeaverEffect,
    LostLine,
    few_assessors,
    hanging_lines,
    leavers,
    lost_with,
)
from skillsmatrix.web.outlook.blueprint import bp
from skillsmatrix.web.outlook.sight import ACTION, hides, services_seen
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs, require, visible_services, visible_staff
from skillsmatrix.web.shared.requirement_words import whom
from skillsmatrix.web.shared.table_files import ShownTable, table_file
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import ngettext

MOST_NAMED = 3
MOST_LEAVERS = 20
FIRST_ROWS = 5  # of each table until the whole of it is asked for: the worst stand first


@dataclass(frozen=True, slots=True)
class HolderRow:
    """One line that hangs on somebody, in words."""

    line: CoverLine
    service: str
    competency: str
    whom: str
    holders: str


@dataclass(frozen=True, slots=True)
class AssessorRow:
    """One competency that nobody, or one person, can sign off."""

    code: str
    competency: str
    level: int
    services: int
    assessors: str


@dataclass(frozen=True, slots=True)
class LeaverRow:
    """One person and what they would take along."""

    name: str
    effect: LeaverEffect


@dataclass(frozen=True, slots=True)
class LostRow:
    """One line that is worse off without a person, in words; `hidden`: figures about too few people."""

    service_code: str
    service: str
    competency_code: str
    competency: str
    whom: str
    line: LostLine
    hidden: bool

    def figures(self) -> list[str]:
        """People missing now and then, as far as the reader may be told."""
        if self.hidden:
            return [_("fewer than 5 people")] * 2
        return [str(self.line.missing_now), str(self.line.missing_then)]


@bp.get("/single-points")
@needs(ACTION)
def single_points() -> Any:
    return render_template(
        "outlook/hanging.html",
        holders=_holders(),
        assessors=_assessors(),
        leavers=_leavers()[:MOST_LEAVERS],
        shown=FIRST_ROWS,
        whole=request.args.get("whole", ""),
        hides=hides,
        files={
            f"{table}.{kind}": url_for("outlook.single_points_file", table=table, kind=kind, **_on())
            for table in ("holders", "assessors", "leavers")
            for kind in ("csv", "xlsx")
        },
    )


@bp.get("/single-points/<any(holders, assessors, leavers):table>.<any(csv, xlsx):kind>")
@needs(ACTION)
def single_points_file(table: str, kind: str) -> Any:
    require("export.matrix")
    shown = {"holders": _holders_table, "assessors": _assessors_table, "leavers": _leavers_table}[table]()
    return table_file(shown, kind, of=shown.name, name=table)


@bp.get("/people/<staff>/leaving")
@needs(ACTION, person="staff")
def leaving(staff: str) -> Any:
    lost = _lost(staff)
    return render_template(
        "outlook/leaving.html",
        staff=staff,
        name=names(db_session(), [staff]).get(staff, staff),
        lost=lost,
        unsafe=sum(row.line.broken and row.line.requirement.hard_stop for row in lost),
        files={
            kind: url_for("outlook.leaving_file", staff=staff, kind=kind, **_on()) for kind in ("csv", "xlsx")
        },
    )


@bp.get("/people/<staff>/leaving.<any(csv, xlsx):kind>")
@needs(ACTION, person="staff")
def leaving_file(staff: str, kind: str) -> Any:
    require("export.matrix", person=staff)
    name = names(db_session(), [staff]).get(staff)
    if name is None:
        abort(404)
    header = [
        _("Service"),
        _("Competency"),
        _("Who must hold it"),
        _("Hard stop"),
        _("Missing now"),
        _("Then"),
    ]
    rows = [
        [
            row.service,
            row.competency,
            row.whom,
            _yes(row.line.requirement.hard_stop),
            *row.figures(),
        ]
        for row in _lost(staff)
    ]
    return table_file(ShownTable(_("Leaving"), header, rows), kind, of=name, name=f"leaving-{staff}")


def _on() -> dict[str, Any]:
    return {} if g.on == g.today else {"on": g.on.isoformat()}


def _yes(said: bool) -> str:
    return _("yes") if said else _("no")


def _places() -> Reach:
    return visible_services(ACTION)


def _named(people: Sequence[str], known: dict[str, str]) -> str:
    """The names of those in sight, and how many there are besides."""
    said = [known[code] for code in people if code in known][:MOST_NAMED]
    more = len(people) - len(said)
    if more:
        said.append(
            ngettext("%(num)s other person", "%(num)s other people", more)
            if said
            else ngettext("%(num)s person", "%(num)s people", more)
        )
    return ", ".join(said)


def _sight(people: Iterable[str]) -> dict[str, str]:
    """Names of those whom the reader may see."""
    within = visible_staff("matrix.view")
    return names(db_session(), (code for code in people if code in within))


def _holders() -> list[HolderRow]:
    found = hanging_lines(db_session(), _places(), on=g.on, today=g.today)
    known = _sight(code for each in found for code in each.holders)
    words = labels(db_session(), ())
    return [_holder_row(each, words, known) for each in found]


def _holder_row(each: HangingLine, words: Labels, known: dict[str, str]) -> HolderRow:
    row = each.line.requirement
    service = words.services.get(each.line.service, each.line.service)
    return HolderRow(
        line=each.line,
        service=service,
        competency=words.competencies.get(row.competency, row.competency),
        whom=_whom(each.line.requirement, words, service),
        holders=_named(each.holders, known),
    )


def _whom(row: Any, words: Labels, service: str) -> str:
    return whom(
        row.cover.value,
        row.amount,
        role=words.roles.get(row.role, row.role) if row.role else None,
        service=service if row.service else None,
    )


def _assessors() -> list[AssessorRow]:
    found: list[FewAssessors] = few_assessors(db_session(), _places(), on=g.on)
    known = _sight(code for each in found for code in each.assessors)
    title = titles(db_session())
    return [
        AssessorRow(
            each.competency,
            title.get(each.competency, each.competency),
            each.level,
            each.services,
            _named(each.assessors, known) if each.assessors else "",
        )
        for each in found
    ]


def _leavers() -> list[LeaverRow]:
    """Empty where the figures would be about too few people for this reader."""
    if hides(people_at(db_session(), (each.code for each in services_seen()), on=g.on)):
        return []
    found = leavers(db_session(), _places(), visible_staff("matrix.view"), on=g.on, today=g.today)
    known = names(db_session(), (each.person for each in found))
    return [LeaverRow(known.get(each.person, each.person), each) for each in found]


def _lost(staff: str) -> list[LostRow]:
    words, people = labels(db_session(), ()), people_by_service(db_session(), on=g.on)
    return [
        LostRow(
            each.service,
            words.services.get(each.service, each.service),
            each.requirement.competency,
            words.competencies.get(each.requirement.competency, each.requirement.competency),
            _whom(each.requirement, words, words.services.get(each.service, each.service)),
            each,
            hides(people.get(each.service, 0)),
        )
        for each in lost_with(db_session(), staff, _places(), on=g.on, today=g.today)
    ]


def _holders_table() -> ShownTable:
    header = [
        _("Service"),
        _("Competency"),
        _("Who must hold it"),
        _("Hard stop"),
        _("Required"),
        _("Held"),
        _("Hangs on"),
    ]
    rows = [
        [
            row.service,
            row.competency,
            row.whom,
            _yes(row.line.requirement.hard_stop),
            *_figures(row.line),
            row.holders,
        ]
        for row in _holders()
    ]
    return ShownTable(_("Single holders"), header, rows)


def _figures(line: CoverLine) -> list[str]:
    if hides(line.in_scope):
        return [_("fewer than 5 people")] * 2
    return [str(line.required), str(line.held)]


def _assessors_table() -> ShownTable:
    header = [_("Competency"), _("Level asked for"), _("Services that ask"), _("Who can sign it off")]
    rows = [
        [row.competency, str(row.level), str(row.services), row.assessors or _("nobody")]
        for row in _assessors()
    ]
    return ShownTable(_("Single assessors"), header, rows)


def _leavers_table() -> ShownTable:
    header = [
        _("Person"),
        _("Hard stops no longer met"),
        _("Requirements no longer met"),
        _("People missing more"),
    ]
    rows = [
        [row.name, *map(str, (row.effect.hard_stops, row.effect.lines, row.effect.missing))]
        for row in _leavers()[:MOST_LEAVERS]
    ]
    return ShownTable(_("If one person left"), header, rows)
