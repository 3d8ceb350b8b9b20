"""What is coming: cover month by month, back and ahead, and which service falls below it first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, render_template, request, url_for

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.engine.over_days import TrendDay
from skillsmatrix.queries.competencies import titles
from skillsmatrix.queries.labels import names, role_names
from skillsmatrix.queries.losses import LOOK_BACK_DAYS, LatelyLost, LineKey
from skillsmatrix.queries.outlook import (
    Fall,
    ServiceAhead,
    cover_over_time,
    falls_ahead,
    lapses_ahead,
    people_at,
)
from skillsmatrix.queries.services import ServiceEntry, lost_from
from skillsmatrix.web.outlook.blueprint import bp
from skillsmatrix.web.outlook.sight import ACTION, hides, service_asked, services_seen
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs, require, visible_services, visible_staff
from skillsmatrix.web.shared.loss_words import last_lost
from skillsmatrix.web.shared.paging import part
from skillsmatrix.web.shared.pictures import LineChart, Series, line_chart
from skillsmatrix.web.shared.requirement_words import whom
from skillsmatrix.web.shared.table_files import ShownTable, table_file
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import ngettext

MOST_NAMED = 3
FALLS_PAGE = 25  # services that fall below their cover, on one page


@dataclass(frozen=True, slots=True)
class FallRow:
    """A service, and in words when it first misses a hard stop and when it is first short of anything.

    `stop_why`: who stopped counting lately, or counts for the last time before;
    `competency`: that of the hard stop, or else of the first line.
    """

    entry: ServiceEntry
    stop_on: date | None
    competency: str
    stop: str
    stop_what: str
    stop_why: str
    first: str
    first_what: str

    @property
    def today(self) -> bool:
        """Is a hard stop not met today."""
        return self.stop_on is not None and self.stop_on <= g.today


@bp.get("/outlook")
@needs(ACTION)
def ahead() -> Any:
    seen = services_seen()
    entry = service_asked(seen)
    months = _months(seen, entry)
    falls = _falls(seen if entry is None else [entry])
    shown = part(falls, most=FALLS_PAGE)
    return render_template(
        "outlook/trend.html",
        services=seen,
        entry=entry,
        months=months,
        met=_met_chart(months) if months else None,
        unmet=_unmet_chart(months) if months else None,
        falls=falls,
        lapse=_lapse(seen if entry is None else [entry], falls),
        shown=shown.rows,
        page=shown.page,
        pages=shown.pages,
        files={
            f"{table}.{kind}": url_for("outlook.ahead_file", table=table, kind=kind, **_asked())
            for table in ("months", "falls")
            for kind in ("csv", "xlsx")
        },
    )


@bp.get("/outlook/<any(months, falls):table>.<any(csv, xlsx):kind>")
@needs(ACTION)
def ahead_file(table: str, kind: str) -> Any:
    require("export.matrix")
    seen = services_seen()
    entry = service_asked(seen)
    if table == "months":
        shown = _months_table(_months(seen, entry))
    else:
        shown = _falls_table(_falls(seen if entry is None else [entry]))
    return table_file(shown, kind, of=entry.name if entry else _("All services"), name=f"outlook-{table}")


def _asked() -> dict[str, Any]:
    return dict(request.args.items())


def _months(seen: Sequence[ServiceEntry], entry: ServiceEntry | None) -> list[TrendDay]:
    """Empty where the figures would be about too few people for this reader."""
    places = [each.code for each in ([entry] if entry else seen)]
    if not places or hides(people_at(db_session(), places, on=g.on)):
        return []
    everything = visible_services(ACTION).everything and entry is None
    return cover_over_time(db_session(), None if everything else places, on=g.on, today=g.today)


def _met_chart(months: Sequence[TrendDay]) -> LineChart:
    shares = [each.met * 100 / each.lines if each.lines else None for each in months]
    series = [Series(_("Met, of each 100"), shares)]
    return line_chart([each.on for each in months], series, today=g.today, ceiling=100)


def _unmet_chart(months: Sequence[TrendDay]) -> LineChart:
    series = [
        Series(_("Services short"), [each.services_short for each in months]),
        Series(_("Hard stops not met"), [each.unsafe for each in months]),
    ]
    return line_chart([each.on for each in months], series, today=g.today)


def _months_table(months: Iterable[TrendDay]) -> ShownTable:
    header = [
        _("Day"),
        _("Past or forecast"),
        _("Requirements"),
        _("Met"),
        _("Met, percent"),
        _("Hard stops not met"),
        _("Services short"),
        _("People missing"),
    ]
    rows = [
        [
            formats.day(each.on),
            _("forecast") if each.on > g.today else _("past") if each.on < g.today else _("today"),
            str(each.lines),
            str(each.met),
            formats.tenths(each.met, each.lines) if each.lines else _("not required"),
            str(each.unsafe),
            str(each.services_short),
            str(each.shortfall),
        ]
        for each in months
    ]
    return ShownTable(_("Month by month"), header, rows)


def _falls(entries: Sequence[ServiceEntry]) -> list[FallRow]:
    by_code = {each.code: each for each in entries}
    found = [each for each in falls_ahead(db_session(), today=g.today) if each.service in by_code]
    within = visible_staff("matrix.view")
    found.sort(key=_soonest)
    stops = [(each.service, each.hard_stop) for each in found if each.hard_stop]
    today = [(service, stop.requirement) for service, stop in stops if _is_today(stop)]
    lately = lost_from(db_session(), today, on=g.today, today=g.today)
    lost = {code for _service, stop in stops for code in stop.lost}
    lost |= {one.person for several in lately.values() for one in several}
    people = names(db_session(), {code for code in lost if code in within})
    words = _Words(titles(db_session()), role_names(db_session()), people, lately)
    return [words.row(each, by_code[each.service]) for each in found]


def _is_today(fall: Fall) -> bool:
    return bool(fall.on == g.today)


def _lapse(entries: Sequence[ServiceEntry], falls: Sequence[FallRow]) -> str:
    """Where a lapse of supervision makes a service unsafe before anything else makes one; empty: nowhere."""
    unsafe = {row.entry.code for row in falls if row.today}
    known = lapses_ahead(db_session(), today=g.today)
    days = {each.name: known[each.code] for each in entries if each.code in known and each.code not in unsafe}
    first = min(days.values(), default=date.max)
    coming = min((row.stop_on for row in falls if row.stop_on and not row.today), default=date.max)
    if first >= coming - ONE_DAY:
        return ""
    named = [name for name, day in days.items() if day == first]
    return ngettext(
        "Without another supervision session recorded, %(services)s is not safe after %(day)s.",
        "Without another supervision session recorded, these are not safe after %(day)s: %(services)s.",
        len(named),
        services=", ".join(named),
        day=formats.day(first),
    )


def _soonest(each: ServiceAhead) -> tuple[date, date, str]:
    """What misses a hard stop first comes first; then what is first short of anything."""
    return (each.hard_stop.on if each.hard_stop else date.max, each.first.on, each.service)


@dataclass(frozen=True, slots=True)
class _Words:
    """How a fall is said. `people`: names of those in sight; `lately`: who stopped counting for a line."""

    titles: Mapping[str, str]
    roles: Mapping[str, str]
    people: Mapping[str, str]
    lately: Mapping[LineKey, Sequence[LatelyLost]]

    def row(self, each: ServiceAhead, entry: ServiceEntry) -> FallRow:
        stop = each.hard_stop
        return FallRow(
            entry=entry,
            stop_on=stop.on if stop else None,
            competency=(stop or each.first).requirement.competency,
            stop=self.when(stop) if stop else _("not within a year"),
            stop_what=self.what(stop, entry) if stop else "",
            stop_why=self.why(stop, entry) if stop else "",
            first=self.when(each.first),
            first_what=self.what(each.first, entry),
        )

    def when(self, fall: Fall) -> str:
        return _("today") if _is_today(fall) else formats.day(fall.on)

    def what(self, fall: Fall, entry: ServiceEntry) -> str:
        row = fall.requirement
        asked = whom(
            row.cover.value,
            row.amount,
            role=self.roles.get(row.role, row.role) if row.role else None,
            service=entry.name if row.service else None,
        )
        return f"{self.titles.get(row.competency, row.competency)}: {asked}"

    def why(self, fall: Fall, entry: ServiceEntry) -> str:
        """Who stopped counting lately, or counts for the last time the day before; named where in sight."""
        if _is_today(fall):
            gone = last_lost(self.lately.get((entry.code, fall.requirement.code), ()), self.people)
            return gone or _(
                "Nobody has stopped counting for it in the last %(days)s days.", days=LOOK_BACK_DAYS
            )
        if not fall.lost:
            return _("Somebody else comes or goes, or the rule changes.")
        named = [self.people[code] for code in fall.lost if code in self.people][:MOST_NAMED]
        more = len(fall.lost) - len(named)
        who = ", ".join(
            [*named, *([formats.count(more, _("other person"), _("other people"))] if more else [])]
        )
        return _("%(who)s: counts for the last time the day before.", who=who)


def _falls_table(rows: Iterable[FallRow]) -> ShownTable:
    header = [
        _("Service"),
        _("First hard stop not met on"),
        _("Which"),
        _("Why"),
        _("First short of anything on"),
        _("In what"),
    ]
    lines = [
        [row.entry.name, row.stop, row.stop_what, row.stop_why, row.first, row.first_what] for row in rows
    ]
    return ShownTable(_("First below cover"), header, lines)
