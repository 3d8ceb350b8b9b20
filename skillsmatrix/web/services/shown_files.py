"""The files of what a page about a service shows: the same rows, the same people, the same words."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter

from skillsmatrix.interchange.cells import csv_for_people, safe_cell
from skillsmatrix.queries.team import Team
from skillsmatrix.web.services.cover_page import CoverRow
from skillsmatrix.web.services.organisation_page import OrganisationGrid
from skillsmatrix.web.services.team_page import Cell, Grid, end_in_words, listed
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.wording import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Table = tuple[list[str], list[list[str]]]


@dataclass(frozen=True, slots=True)
class Made:
    """What a file says about itself: of which service, for which day, by whom and when."""

    service: str
    day: str
    by: str
    at: datetime

    def in_words(self) -> str:
        return _(
            "%(service)s, as on %(day)s. Made by %(by)s on %(at)s.",
            service=self.service,
            day=self.day,
            by=self.by,
            at=formats.instant(self.at),
        )


def matrix_csv(team: Team, grid: Grid, *, as_list: bool) -> str:
    """The matrix or the list as a CSV file, safe to open in a spreadsheet."""
    return csv_for_people(*_matrix(team, grid, as_list))


def cover_csv(rows: Sequence[CoverRow], hides: Callable[[int], bool]) -> str:
    """The table of cover as a CSV file."""
    return csv_for_people(*_cover(rows, hides))


def organisation_csv(grid: OrganisationGrid) -> str:
    """Services × competencies as a CSV file."""
    header = [_("Service"), *(each.title for each in grid.competencies)]
    return csv_for_people(header, grid.table)


def workbook(
    team: Team,
    grid: Grid,
    rows: Sequence[CoverRow],
    made: Made,
    *,
    hides: Callable[[int], bool],
    as_list: bool,
) -> bytes:
    """Matrix and cover as two sheets; every cell is text, so that nothing in it can run."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": made.in_words(), "created": made.at.replace(tzinfo=None)})
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheets = [(_("Matrix"), _matrix(team, grid, as_list))]
        if rows:
            sheets.append((_("Cover"), _cover(rows, hides)))
        for name, (header, lines) in sheets:
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, safe_cell(made.in_words()))
            for number, line in enumerate([header, *lines], start=2):
                for place, text in enumerate(line):
                    sheet.write_string(number, place, safe_cell(text), heading if number == 2 else None)
            sheet.freeze_panes(3, 1)
            sheet.set_column(0, len(header) - 1, 18)
            sheet.set_paper(8)  # A3
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
    return out.getvalue()


def _matrix(team: Team, grid: Grid, as_list: bool) -> Table:
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
        return header, rows
    header = [_("Person"), _("Role"), *(column.title for column in grid.columns)]
    lines = [
        [line.member.name, ", ".join(line.member.roles)]
        + [
            _text(team, line.member.code, column.code, cell)
            for column, cell in zip(grid.columns, line.cells, strict=True)
        ]
        for line in grid.lines
    ]
    return header, lines


def _text(team: Team, person: str, competency: str, cell: Cell | None) -> str:
    if cell is None:
        return ""
    end = end_in_words(team.cells[person, competency].verdict)
    return f"{cell.word}, {end}" if end else " ".join(part for part in (cell.word, cell.detail) if part)


def _cover(rows: Sequence[CoverRow], hides: Callable[[int], bool]) -> Table:
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
    return header, [_cover_row(row, hides) for row in rows]


def _cover_row(row: CoverRow, hides: Callable[[int], bool]) -> list[str]:
    line = row.line
    strength = _("yes") if line.requirement.hard_stop else _("no")
    start = [row.title, row.whom, str(line.requirement.level), strength]
    if hides(line.in_scope):
        return [*start, *([_("fewer than 5 people")] * 6), ""]
    figures = (line.required, line.held, line.shortfall, line.expiring_30, line.expiring_60, line.expiring_90)
    return [*start, *map(str, figures), row.hangs_on]
