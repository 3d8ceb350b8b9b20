"""The files of what a page about a service shows: the same rows, the same people, the same words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from skillsmatrix.queries.team import Team
from skillsmatrix.web.services.cover_page import CoverRow
from skillsmatrix.web.services.organisation_page import OrganisationGrid
from skillsmatrix.web.services.team_page import Cell, Grid, end_in_words, listed
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.table_files import ShownTable, workbook
from skillsmatrix.web.shared.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Made:
    """What a file says about itself: of which service, for which day, as known when, by whom and when."""

    service: str
    day: str
    by: str
    at: datetime
    known_at: datetime | None

    def in_words(self) -> str:
        known = (
            _(", as known on %(instant)s", instant=formats.instant(self.known_at)) if self.known_at else ""
        )
        return _(
            "%(service)s, as on %(day)s%(known)s. Made by %(by)s on %(at)s.",
            service=self.service,
            day=self.day,
            known=known,
            by=self.by,
            at=formats.instant(self.at),
        )


def matrix_csv(team: Team, grid: Grid, *, as_list: bool) -> bytes:
    """The matrix or the list as a CSV file, safe to open in a spreadsheet."""
    return _matrix(team, grid, as_list).as_csv()


def cover_csv(rows: Sequence[CoverRow], hides: Callable[[int], bool]) -> bytes:
    """The table of cover as a CSV file."""
    return _cover(rows, hides).as_csv()


def organisation_table(grid: OrganisationGrid, fewest: int) -> ShownTable:
    """Services × competencies, with the headings they are put together under."""
    return ShownTable(_("Matrix"), grid.header(), grid.table(fewest))


def matrix_workbook(
    team: Team,
    grid: Grid,
    rows: Sequence[CoverRow],
    made: Made,
    *,
    hides: Callable[[int], bool],
    as_list: bool,
) -> bytes:
    """Matrix and cover as two sheets."""
    tables = [_matrix(team, grid, as_list), *([_cover(rows, hides)] if rows else [])]
    return workbook(tables, about=made.in_words(), at=made.at)


def _matrix(team: Team, grid: Grid, as_list: bool) -> ShownTable:
    if as_list:
        header = [
            _("Person"),
            _("Role"),
            _("Competency"),
            _("Standing"),
            _("Valid to"),
            _("Hard stop"),
            _("Why"),
            _("What would change it"),
        ]
        rows = [
            [
                row.person,
                row.roles,
                row.competency,
                row.cell.word,
                row.end,
                _("yes") if row.hard_stop else _("no"),
                row.because,
                row.next_step,
            ]
            for row in listed(team, grid)
        ]
        return ShownTable(_("Matrix"), header, rows)
    header = [_("Person"), _("Role"), *(column.title for column in grid.columns)]
    lines = [
        [line.member.name, ", ".join(line.member.roles)]
        + [
            _text(team, line.member.code, column.code, cell)
            for column, cell in zip(grid.columns, line.cells, strict=True)
        ]
        for line in grid.lines
    ]
    return ShownTable(_("Matrix"), header, lines)


def _text(team: Team, person: str, competency: str, cell: Cell | None) -> str:
    if cell is None:
        return ""
    end = end_in_words(team.cells[person, competency])
    return f"{cell.word}, {end}" if end else " ".join(part for part in (cell.word, cell.detail) if part)


def _cover(rows: Sequence[CoverRow], hides: Callable[[int], bool]) -> ShownTable:
    header = [
        _("Competency"),
        _("Who must hold it"),
        _("Level"),
        _("Hard stop"),
        _("Required"),
        _("Held"),
        _("Short"),
        _("Run out in 30 days"),
        _("in 60"),
        _("in 90"),
        _("Hangs on"),
    ]
    return ShownTable(_("Cover"), header, [_cover_row(row, hides) for row in rows])


def _cover_row(row: CoverRow, hides: Callable[[int], bool]) -> list[str]:
    line = row.line
    strength = _("yes") if line.requirement.hard_stop else _("no")
    start = [row.title, row.whom, str(line.requirement.level), strength]
    if hides(line.in_scope):
        return [*start, *([_("fewer than 5 people")] * 6), ""]
    figures = (line.required, line.held, line.shortfall, line.expiring_30, line.expiring_60, line.expiring_90)
    return [*start, *map(str, figures), row.hangs_on]
