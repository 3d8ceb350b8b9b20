"""Services, one service, one cell, and the files of what is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, g, render_template, request, url_for

from skillsmatrix.domain.access import fewest_shown
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.competencies import titles
from skillsmatrix.queries.services import (
    ServiceEntry,
    organisation_figures,
    service_entries,
    service_entry,
)
from skillsmatrix.queries.team import Member, Team, team
from skillsmatrix.web.services import (
    cover_page,
    index_page,
    need_page,
    print_page,
    shown_files,
    team_page,
)
from skillsmatrix.web.services.blueprint import bp
from skillsmatrix.web.services.sight import hides
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.doubts import DoubtLine, doubt_lines
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.guards import needs, require, visible_services, visible_staff
from skillsmatrix.web.shared.known import asked_instant
from skillsmatrix.web.shared.links import asked_without
from skillsmatrix.web.shared.paging import part
from skillsmatrix.web.shared.reasons import reasons_of
from skillsmatrix.web.shared.sight import record_seen, sight_of
from skillsmatrix.web.shared.table_files import CSV, XLSX, download
from skillsmatrix.web.shared.whole_services import whole_services
from skillsmatrix.web.shared.wording import gettext as _

LIST_PAGE = 100
SERVICES_PAGE = 25
NAMED_FIRST = 10  # services whose unmet hard stops are named at the top; the rest are one link away


@bp.get("/services")
@needs("matrix.view")
def index() -> Any:
    entries = service_entries(db_session(), visible_services("matrix.view"))
    filters = index_page.ServiceFilter()
    filters.offer(entries)
    wanted = [entry for entry in index_page.open_then(entries) if filters.wants(entry)]
    whole = whole_services(frozenset(entry.code for entry in wanted))
    fewest = fewest_shown(g.actor, on=g.today)
    seen_whole = [each for each in wanted if each.code in whole]
    seen = organisation_figures(db_session(), seen_whole, on=g.on, today=g.today, fewest=fewest)
    listed = filters.in_order(each for each in seen if each.unsafe or not filters.unsafe.data)
    shown = part(listed, most=SERVICES_PAGE)
    unsafe = [each for each in seen if each.unsafe] if shown.page == 1 else []
    return render_template(
        "services/index.html",
        filters=filters,
        listed=listed,
        shown=shown.rows,
        page=shown.page,
        pages=shown.pages,
        unsafe=index_page.unsafe_services(unsafe[:NAMED_FIRST], titles(db_session())),
        more_unsafe=len(unsafe[NAMED_FIRST:]),
        partly=_partly([each for each in wanted if each.code not in whole]),
        filtered=bool(request.args.keys() - {"on", "page"}),
        fewest=fewest,
        closed=len(entries) - len(index_page.open_then(entries)),
        hides=hides,
    )


def _partly(entries: list[ServiceEntry]) -> list[index_page.PartlySeen]:
    if not entries:
        return []
    within = visible_staff("matrix.view")
    teams = (team(db_session(), entry, on=g.on, today=g.today) for entry in entries)
    return [index_page.partly_seen(found, within) for found in teams]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a page about one service is made of: the service, its people, and whom of them one may see."""

    entry: ServiceEntry
    team: Team
    whole: bool
    within: Reach
    filters: team_page.TeamFilter
    grid: team_page.Grid
    known_at: datetime | None


def _shown(code: str, action: str) -> _Shown:
    entry = service_entry(db_session(), code)
    if entry is None:
        abort(404)
    known_at = asked_instant()
    found = team(db_session(), entry, on=g.on, today=g.today, known_at=known_at)
    within = visible_staff(action)
    filters = team_page.TeamFilter()
    filters.offer(
        (role for member in found.members() if member.code in within for role in member.roles),
        (each.framework for each in found.facts.competencies.values()),
    )
    whole = code in whole_services(frozenset({code}))
    return _Shown(
        entry=entry,
        team=found,
        whole=whole,
        within=within,
        filters=filters,
        grid=team_page.grid(found, filters, within, whole=whole),
        known_at=known_at,
    )


@bp.get("/services/<code>")
@needs("matrix.view", service="code")
def show(code: str) -> Any:
    shown = _shown(code, "matrix.view")
    sees = shown.within.__contains__
    members = [member for member in shown.team.members() if sees(member.code)]
    listed = shown.filters.view.data == "list"
    rows = team_page.listed(shown.team, shown.grid) if listed else []
    listing = part(rows, most=LIST_PAGE)
    return render_template(
        "services/show.html",
        entry=shown.entry,
        whole=shown.whole,
        filters=shown.filters,
        known_at=shown.known_at,
        grid=shown.grid,
        as_list=listed,
        filtered=bool(request.args.keys() - {"on", "known_at"}),
        rows=listing.rows,
        total_rows=len(rows),
        page=listing.page,
        pages=listing.pages,
        members=members,
        compliance=_compliance(shown),
        unsafe=cover_page.gaps(shown.team, sees, hard=True) if shown.whole else [],
        short=cover_page.gaps(shown.team, sees, hard=False) if shown.whole else [],
        cover=cover_page.cover_rows(shown.team, sees) if shown.whole else [],
        doubts=cover_page.in_doubt(shown.team, _doubts(shown, members)),
        hides=hides,
        files={
            name: _same(f"services.{endpoint}", code)
            for name, endpoint in (
                ("csv", "matrix_csv"),
                ("xlsx", "matrix_xlsx"),
                ("cover", "cover_csv"),
                ("print", "matrix_print"),
            )
        },
    )


def _doubts(shown: _Shown, members: list[Member]) -> list[DoubtLine]:
    """Doubts about those who work here and whose standings the reader may see."""
    readable = visible_staff("competency.read")
    seen = [member.code for member in members if member.code in readable]
    return doubt_lines(staff=seen, known_at=shown.known_at)


def _same(endpoint: str, code: str) -> str:
    """The file of what this very page shows: same day, same filters."""
    asked = {name: value for name, value in request.args.items() if name != "page"}
    return url_for(endpoint, code=code, **asked)  # type: ignore[arg-type]


def _compliance(shown: _Shown) -> Any:
    return shown.team.compliance(Reach(everything=True) if shown.whole else shown.within)


@bp.get("/services/<code>/people/<staff>/<path:competency>")
@needs("matrix.view", service="code")
def cell(code: str, staff: str, competency: str) -> Any:
    require("competency.read", person=staff)
    entry = service_entry(db_session(), code)
    known_at = asked_instant()
    record = record_seen(staff, known_at=known_at)
    if entry is None or record is None or competency not in record.facts.competencies:
        abort(404)
    if not any(post.service == code for post in record.person.posts_in_force(g.on)):
        abort(404)
    part = request.headers.get("HX-Request") == "true"
    return render_template(
        "services/cell_part.html" if part else "services/cell.html",
        entry=entry,
        reasons=reasons_of(record, competency),
        doubts=doubt_lines(staff=[staff], competency=competency, known_at=known_at),
        sight=sight_of(staff),
        known_at=known_at,
    )


@bp.get("/services/<code>/needs/<path:competency>")
@needs("matrix.view", service="code")
def need(code: str, competency: str) -> Any:
    if code not in whole_services(frozenset({code})):
        abort(403)
    entry = service_entry(db_session(), code)
    if entry is None:
        abort(404)
    known_at = asked_instant()
    found = team(db_session(), entry, on=g.on, today=g.today, known_at=known_at)
    if competency not in found.facts.competencies:
        abort(404)
    return render_template(
        "services/need.html",
        entry=entry,
        competency=found.facts.competencies[competency],
        asked=need_page.asked(
            found, competency, visible_staff("competency.read"), visible_staff("training.read")
        ),
        known_at=known_at,
        hides=hides,
    )


@bp.get("/services/<code>/print")
@needs("matrix.view", service="code")
def matrix_print(code: str) -> Any:
    shown = _shown(code, "matrix.view")
    return render_template(
        "services/print.html",
        title=shown.entry.name,
        side=_("Person"),
        sheets=print_page.team_sheets(shown.grid),
        paper=print_page.paper(),
        back=url_for("services.show", code=code, **asked_without("page", "paper")),
        known_at=shown.known_at,
        at=g.at,
    )


@bp.get("/services/<code>/matrix.csv")
@needs("export.matrix", service="code")
def matrix_csv(code: str) -> Any:
    shown = _shown(code, "export.matrix")
    body = shown_files.matrix_csv(shown.team, shown.grid, as_list=shown.filters.view.data == "list")
    return download(body, CSV, f"{code}-matrix-{g.on}.csv")


@bp.get("/services/<code>/cover.csv")
@needs("export.matrix", service="code")
def cover_csv(code: str) -> Any:
    shown = _shown(code, "export.matrix")
    if not shown.whole:
        abort(403)
    rows = cover_page.cover_rows(shown.team, shown.within.__contains__)
    return download(shown_files.cover_csv(rows, hides), CSV, f"{code}-cover-{g.on}.csv")


@bp.get("/services/<code>/matrix.xlsx")
@needs("export.matrix", service="code")
def matrix_xlsx(code: str) -> Any:
    shown = _shown(code, "export.matrix")
    rows = cover_page.cover_rows(shown.team, shown.within.__contains__) if shown.whole else []
    made = shown_files.Made(shown.entry.name, day(g.on), g.actor.display_name, g.at, shown.known_at)
    as_list = shown.filters.view.data == "list"
    body = shown_files.matrix_workbook(shown.team, shown.grid, rows, made, hides=hides, as_list=as_list)
    return download(body, XLSX, f"{code}-matrix-{g.on}.xlsx")
