"""Over random packages: what goes out comes back the same, and what is kept agrees with the facts."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from skillsmatrix.foundation.database import reading
from skillsmatrix.interchange.package import read_package
from skillsmatrix.interchange.tables import TABLES
from skillsmatrix.interchange.writing import write_folder
from skillsmatrix.models import Ledger
from skillsmatrix.queries.conclusions import differences
from tests.operations.importing import AT, LATER, exported, imported, one
from tests.oracle.packages import random_package


@pytest.mark.parametrize("seed", range(6))
def test_what_is_exported_and_imported_into_an_empty_system_is_exported_the_same(
    engine: Engine, sqlite_engine: Engine, tmp_path: Path, seed: int
) -> None:
    write_folder(random_package(seed), tmp_path / "p")
    imported(engine, read_package(tmp_path / "p"))
    first = exported(engine, tmp_path / "first")

    imported(sqlite_engine, read_package(tmp_path / "first", known={}), at=LATER)

    assert exported(sqlite_engine, tmp_path / "second") == first
    assert len(first) == len(TABLES)
    again = imported(engine, read_package(tmp_path / "second"), at=LATER)
    assert not again.changed


@pytest.mark.parametrize("seed", range(2))
def test_what_is_kept_about_people_agrees_with_the_facts_after_each_import(
    engine: Engine, tmp_path: Path, seed: int
) -> None:
    tables = random_package(seed)
    write_folder(tables, tmp_path / "whole")
    write_folder(
        {"learning": [{**row, "valid_months": "7"} for row in tables["learning"]]}, tmp_path / "people"
    )
    write_folder(
        {"requirements": [{**row, "level": "3"} for row in tables["requirements"]]}, tmp_path / "rules"
    )
    write_folder(
        {"organisations": [{**row, "name": "New"} for row in tables["organisations"]]}, tmp_path / "names"
    )

    for at, name in ((AT, "whole"), (LATER, "people"), (LATER, "rules"), (LATER, "names")):
        version = one(engine, Ledger).data_version
        assert imported(engine, read_package(tmp_path / name), at=at).changed
        with reading(engine) as session:
            assert differences(session) == []
        assert one(engine, Ledger).data_version > version
