"""Small packages, in every container, for tests that change one thing in them."""

import csv
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

from skillsmatrix.interchange.faults import PackageFaults, UnreadablePackage
from skillsmatrix.interchange.package import Package, read_package

# A package without a fault, one row or two in each table that others refer to.
SOUND: dict[str, str] = {
    "organisations": "organisation,name,kind\ntrust,The Trust,\n",
    "services": "service,name,organisation\nelm,Elm House,trust\n",
    "roles": "role,name\nworker,Support worker\n",
    "staff": (
        "staff,given_name,family_name,employer,employed_from\n"
        "ann,Ann,Ash,trust,2020-01-01\n"
        "bea,Bea,Birch,trust,2020-01-01\n"
    ),
    "competencies": "competency,title,needs_learning,needs_sign_off\nmeds,Medicines,yes,yes\n",
    "courses": "course,title\nc1,Medicines day\n",
}


def folder(path: Path, tables: Mapping[str, str | bytes]) -> Path:
    """A folder of CSV files: the sound package, with `tables` in place of its own or beside them."""
    path.mkdir(parents=True, exist_ok=True)
    for name, text in {**SOUND, **tables}.items():
        content = text if isinstance(text, bytes) else text.encode()
        (path / f"{name}.csv").write_bytes(content)
    return path


def zipped(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip of exactly these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def workbook(path: Path, tables: Mapping[str, str]) -> Path:
    """A workbook of the sound package and `tables`, every cell as text."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, text in {**SOUND, **tables}.items():
            sheet = book.add_worksheet(name)
            for line, cells in enumerate(csv.reader(io.StringIO(text))):
                for place, cell in enumerate(cells):
                    sheet.write_string(line, place, cell)
    return path


def told(path: Path, **known: set[str]) -> list[tuple[str, int | None, str, str]]:
    """(table, line, column, value) of every fault of the package; empty when there is none."""
    try:
        read_package(path, known=known)
    except PackageFaults as faults:
        return [fault[:4] for fault in faults.faults]
    return []


def refusal(path: Path) -> str:
    """The message with which a file is refused whole."""
    try:
        read_package(path)
    except UnreadablePackage as refused:
        return str(refused)
    raise AssertionError(f"{path} was not refused")


def content(package: Package) -> dict[str, list[dict[str, object]]]:
    """Table → rows without what is blank, in the order of their keys: what a package says."""
    return {
        name: sorted(
            ({k: v for k, v in row.values.items() if v is not None} for row in package.rows[name]),
            key=lambda row: [str(row.get(part)) for part in package.rows[name].table.key],
        )
        for name in package.present_tables
    }
