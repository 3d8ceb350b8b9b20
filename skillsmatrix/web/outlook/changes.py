"""What changed between two days, and why: cover by service, rules, and person by person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import abort, g, render_template, request, url_for
from wtforms import HiddenField, SelectField

from skillsmatrix.domain.calendar import add_months
from skillsmatrix.domain.changes import Cause, Change
from skillsmatrix.queries.changes import (
    Between,
    RuleChange,
    Tally,
    changes_as_known,
    changes_between,
    rule_changes,
)
from skillsmatrix.queries.fallen import Turn, turn_of_cover
from skillsmatrix.queries.labels import labels, names
from skillsmatrix.queries.outlook import people_by_service
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.web.outlook.blueprint import bp
from skillsmatrix.web.outlook.cause_words import CAUSES
from skillsmatrix.web.outlook.fallen import fallen_rows
from skillsmatrix.web.outlook.sight import ACTION, hides, service_asked, services_seen
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.forms import DayField, FilterForm, choices
from skillsmatrix.web.shared.guards import needs, require, visible_staff
from skillsmatrix.web.shared.known import asked_instant, asked_instant_of_all
from skillsmatrix.web.shared.paging import part
from skillsmatrix.web.shared.requirement_words import whom
from skillsmatrix.web.shared.standings import standing_words
from skillsmatrix.web.shared.table_files import ShownTable, table_file
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import lazy_gettext as _l

PAGE = 20
FIRST_SERVICES = 20  # until all are asked for: those with the worst turn stand first


class ChangeFilter(FilterForm):
    """Which changes are listed; the days stand beside it."""

    service = HiddenField()
    show = SelectField(
        _l("Show"),
        choices=choices([("", _l("Gaps that opened or closed")), ("all", _l("Everything"))]),
        validate_choice=False,
    )
    cause = SelectField(
        _l("Why"),
        choices=choices([("", _l("All reasons")), *((each.value, word) for each, word in CAUSES.items())]),
        validate_choice=False,
    )

    def wants(self, change: Change) -> bool:
        """Is the change one of those asked for."""
        return (self.show.data == "all" or change.opens_gap or change.closes_gap) and (
            not self.cause.data or change.cause.value == self.cause.data
        )


class DaysForm(FilterForm):
    """The two days."""

    start = DayField(_l("From"), name="from")
    end = DayField(_l("To"), name="to")


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service on both days; `hidden`: figures about too few people for this reader."""

    entry: ServiceEntry
    before: Tally
    after: Tally
    opened: int
    closed: int
    causes: str
    hidden: bool

    @property
    def falls(self) -> bool:
        """Did a gap open, or are more requirements not met."""
        before, after = self.before, self.after
        return bool(self.opened) or after.unsafe > before.unsafe or after.short > before.short


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change in words."""

    change: Change
    name: str
    competency: str
    services: str
    cause: str


class Page:
    """Everything the page and its files say; worked out once, when first asked for."""

    def __init__(self) -> None:
        self.seen = services_seen()
        self.entry = service_asked(self.seen)
        self.known_at: datetime | None = asked_instant() if self.entry else asked_instant_of_all()
        self.start, self.end = _days()
        self.filters = ChangeFilter()

    @cached_property
    def between(self) -> Between:
        asked = {"start": self.start, "end": self.end, "today": g.today}
        if self.known_at is None or self.entry is None:
            return changes_between(db_session(), known_at=self.known_at, **asked)
        return changes_as_known(db_session(), self.entry, known_at=self.known_at, **asked)

    @property
    def entries(self) -> Sequence[ServiceEntry]:
        return self.seen if self.entry is None else [self.entry]

    @cached_property
    def here(self) -> list[Change]:
        """The changes of those who were at one of the services on either day."""
        codes = {each.code for each in self.entries}
        return [each for each in self.between.changes if self.between.places[each.person] & codes]

    @cached_property
    def listed(self) -> list[Change]:
        """Those of the wanted changes that are about people in sight."""
        within = visible_staff("competency.read")
        return [each for each in self.here if self.filters.wants(each) and each.person in within]

    @property
    def out_of_sight(self) -> int:
        """How many people changed who are not in sight any more."""
        within = visible_staff("competency.read")
        return len(
            {each.person for each in self.here if self.filters.wants(each)} - set(_seen(self.here, within))
        )

    def rules(self) -> list[RuleChange]:
        codes = (each.code for each in self.entries)
        return rule_changes(db_session(), codes, start=self.start, end=self.end)

    @cached_property
    def turn(self) -> Turn | None:
        """What came to be not met at the one service asked for."""
        if self.entry is None:
            return None
        asked = {"start": self.start, "end": self.end, "today": g.today}
        return turn_of_cover(db_session(), self.entry, known_at=self.known_at, **asked)

    def by_service(self) -> list[ServiceRow]:
        """The services where something changed, the worst turn first."""
        first, last = self.between.before, self.between.after
        found = [
            self._service(entry, first[entry.code], last[entry.code])
            for entry in self.entries
            if entry.code in first and entry.code in last
        ]
        wanted = [row for row in found if row.before != row.after or row.opened or row.closed]
        return sorted(
            wanted,
            key=lambda row: (
                row.before.unsafe - row.after.unsafe,
                row.before.short - row.after.short,
                -row.opened,
                row.entry.name.casefold(),
            ),
        )

    def _service(self, entry: ServiceEntry, before: Tally, after: Tally) -> ServiceRow:
        gaps = self._gaps.get(entry.code, [])
        why = Counter(each.cause for each in gaps)
        return ServiceRow(
            entry=entry,
            before=before,
            after=after,
            opened=sum(each.opens_gap for each in gaps),
            closed=sum(each.closes_gap for each in gaps),
            causes=", ".join(f"{CAUSES[each]} {why[each]}" for each in Cause if why[each]),
            hidden=hides(people_by_service(db_session(), on=self.end).get(entry.code, 0)),
        )

    @cached_property
    def _gaps(self) -> dict[str, list[Change]]:
        """Service code → the gaps that opened or closed of those who were there on either day."""
        found: dict[str, list[Change]] = {}
        for each in self.here:
            if each.opens_gap or each.closes_gap:
                for code in self.between.places[each.person]:
                    found.setdefault(code, []).append(each)
        return found

    def rows(self, changes: Sequence[Change]) -> list[ChangeRow]:
        """The changes in words."""
        known = names(db_session(), (each.person for each in changes))
        words = labels(db_session(), ())
        shown = {each.code for each in self.entries}
        return [
            ChangeRow(
                change=each,
                name=known.get(each.person, each.person),
                competency=words.competencies.get(each.competency, each.competency),
                services=", ".join(
                    words.services.get(code, code)
                    for code in sorted(self.between.places[each.person] & shown)
                ),
                cause=str(CAUSES[each.cause]),
            )
            for each in changes
        ]


def _seen(changes: Sequence[Change], within: Any) -> list[str]:
    return [each.person for each in changes if each.person in within]


def _days() -> tuple[date, date]:
    """The two days in the address; the month up to today where it names none."""
    form = DaysForm()
    if not form.validate():
        abort(400, description=_("One of the days asked for is not a date. Write it as 28/2/2027."))
    end = form.end.data or g.today
    start = form.start.data or add_months(end, -1)
    if start > end:
        abort(400, description=_("The first day is after the second. Put the earlier day first."))
    return start, end


@bp.get("/changes")
@needs(ACTION)
def changes() -> Any:
    page = Page()
    shown = part(page.listed, most=PAGE)
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if name != "page"}
    return render_template(
        "outlook/changes.html",
        page=page,
        days=DaysForm(),
        by_service=page.by_service(),
        fallen=fallen_rows(page.turn.fallen) if page.turn else [],
        first_services=None if request.args.get("services") == "all" else FIRST_SERVICES,
        rules=[(each, *_rule_words(each)) for each in page.rules()],
        rows=page.rows(shown.rows),
        number=shown.page,
        pages=shown.pages,
        files={
            f"{table}.{kind}": url_for("outlook.changes_file", table=table, kind=kind, **asked)
            for table in ("people", "services")
            for kind in ("csv", "xlsx")
        },
    )


@bp.get("/changes/<any(people, services):table>.<any(csv, xlsx):kind>")
@needs(ACTION)
def changes_file(table: str, kind: str) -> Any:
    require("export.matrix")
    page = Page()
    shown = _people_table(page) if table == "people" else _services_table(page)
    of = _("%(start)s to %(end)s", start=formats.day(page.start), end=formats.day(page.end))
    return table_file(shown, kind, of=of, name=f"changes-{table}-{page.start}-{page.end}")


def _rule_words(change: RuleChange) -> tuple[str, str]:
    row, words = change.requirement, labels(db_session(), ())
    asked = whom(
        row.cover.value,
        row.amount,
        role=words.roles.get(row.role, row.role) if row.role else None,
        service=words.services.get(row.service, row.service) if row.service else None,
    )
    return words.competencies.get(row.competency, row.competency), asked


def _people_table(page: Page) -> ShownTable:
    header = [_("Person"), _("Service"), _("Competency"), _("Before"), _("After"), _("Why")]
    rows = [
        [row.name, row.services, row.competency, _word(row.change.before), _word(row.change.after), row.cause]
        for row in page.rows(page.listed)
    ]
    return ShownTable(_("People"), header, rows)


def _word(asked: Any) -> str:
    return _("not asked") if asked is None else str(standing_words(asked.standing.value).word)


def _services_table(page: Page) -> ShownTable:
    header = [
        _("Service"),
        _("Hard stops not met before"),
        _("after"),
        _("Requirements short before"),
        _("after"),
        _("Gaps opened"),
        _("Gaps closed"),
        _("Why"),
    ]
    return ShownTable(_("Services"), header, [_service_cells(row) for row in page.by_service()])


def _service_cells(row: ServiceRow) -> list[str]:
    if row.hidden:
        return [row.entry.name, *([_("fewer than 5 people")] * 6), ""]
    figures = (row.before.unsafe, row.after.unsafe, row.before.short, row.after.short, row.opened, row.closed)
    return [row.entry.name, *map(str, figures), row.causes]
