"""Tables of a page as files: the same rows and words, and every cell text, so that nothing can run."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from flask import Response, g

from skillsmatrix.interchange.cells import csv_for_people, safe_cell
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.wording import gettext as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

_A3 = 8
_LONGEST_NAME = 31  # of a sheet, in the format


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as it stands on the page. `name`: of its sheet in a workbook."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def as_csv(self) -> bytes:
        """A CSV file with a byte-order mark, so that Excel reads the accents."""
        return csv_for_people(self.header, self.rows).encode("utf-8-sig")


def workbook(tables: Sequence[ShownTable], *, about: str, at: datetime) -> bytes:
    """A sheet for each table; `about` stands at the top of each: of what, which day, made by whom."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": about, "created": at.replace(tzinfo=None)})
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for table in tables:
            sheet = book.add_worksheet(table.name[:_LONGEST_NAME])
            sheet.write_string(0, 0, safe_cell(about))
            for number, line in enumerate([table.header, *table.rows], start=2):
                for place, text in enumerate(line):
                    sheet.write_string(number, place, safe_cell(text), heading if number == 2 else None)
            sheet.freeze_panes(3, 1)
            sheet.set_column(0, max(len(table.header) - 1, 0), 18)
            sheet.set_paper(_A3)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
    return out.getvalue()


def download(body: bytes, media_type: str, name: str) -> Response:
    """A file to be kept rather than shown."""
    response = Response(body, content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def made_by(of: str, *, on: date) -> str:
    """What a file says about itself: of what, for which day, by whom and when."""
    return _(
        "%(of)s, as on %(day)s. Made by %(by)s on %(at)s.",
        of=of,
        day=formats.day(on),
        by=g.actor.display_name,
        at=formats.instant(g.at),
    )


def table_file(table: ShownTable, kind: str, *, of: str, name: str, on: date | None = None) -> Response:
    """One table as a file, `csv` or `xlsx`. `name`: without its ending; `on`: else the day asked about."""
    day = on or g.on
    if kind == "csv":
        return download(table.as_csv(), CSV, f"{name}-{day}.csv")
    return download(workbook([table], about=made_by(of, on=day), at=g.at), XLSX, f"{name}-{day}.xlsx")
