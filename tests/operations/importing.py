"""Importing small packages, and looking at what came of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.interchange.package import Package, read_package
from skillsmatrix.interchange.writing import write_folder
from skillsmatrix.operations.imports import ImportCounts, import_package
from skillsmatrix.queries.packages import package_tables
from tests.interchange.samples import SOUND, folder

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def read(path: Path, tables: Mapping[str, str], *, alone: bool = False) -> Package:
    """The sound package with `tables` instead of its own; `alone`: those tables and no other."""
    made = folder(path, tables)
    if alone:
        for name in SOUND.keys() - tables.keys():
            (made / f"{name}.csv").unlink()
    return read_package(made)


def imported(engine: Engine, package: Package, *, at: datetime = AT, **said: str) -> ImportCounts:
    with writing(engine) as session:
        return import_package(session, package, by="account:1", at=at, **said)


def one(engine: Engine, model: type, **where: Any) -> Any:
    with Session(engine) as session:
        return session.scalars(select(model).filter_by(**where)).one()


def count(engine: Engine, model: type) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def exported(engine: Engine, path: Path) -> dict[str, str]:
    with reading(engine) as session:
        write_folder(package_tables(session), path)
    return {file.name: file.read_text() for file in path.iterdir()}
