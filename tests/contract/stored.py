"""A package written as CSV files, imported into a database, and the product's answers from there."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.interchange.package import read_package
from skillsmatrix.interchange.writing import write_package
from skillsmatrix.operations.imports import ImportCounts, import_package
from skillsmatrix.queries import answers
from skillsmatrix.queries.tables import StoredTables
from tests.oracle.form import COLUMNS, Row, Tables

HEADERS = {
    "standings": answers.STANDINGS,
    "cover": answers.COVER,
    "compliance": answers.COMPLIANCE,
}


def write(tables: Tables, folder: Path) -> Path:
    """The package as the contract's section 8 has it, written without the product's help."""
    folder.mkdir()
    for table, rows in tables.items():
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[table], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def import_from(folder: Path, engine: Engine, *, at: datetime) -> ImportCounts:
    with writing(engine) as session:
        return import_package(session, read_package(folder), by="oracle", at=at)


def export_to(folder: Path, engine: Engine) -> None:
    with reading(engine) as session:
        write_package(StoredTables(session).all(), folder)


def contents(folder: Path) -> dict[str, str]:
    """The files of a package by name."""
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def answer(session: Session, command: str, **question: Any) -> list[Row]:
    """The answer to one command of contract section 9 out of the database, without `reason`."""
    header = HEADERS[command]
    rows = [dict(zip(header, row, strict=True)) for row in getattr(answers, command)(session, **question)]
    return [{name: text for name, text in row.items() if name != "reason"} for row in rows]
