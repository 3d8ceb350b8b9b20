"""One person's rows, read alone, are those of the stored tables."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import reading
from skillsmatrix.models import Staff
from skillsmatrix.queries.labels import names
from skillsmatrix.queries.people_facts import read_codes
from skillsmatrix.queries.person_rows import OF_A_PERSON, person_rows
from skillsmatrix.queries.tables import StoredTables
from tests.contract.stored import import_from, write
from tests.oracle.packages import random_package


@pytest.fixture
def filled(engine: Engine, tmp_path: Path) -> Engine:
    """A database with a random package."""
    at = datetime(2026, 9, 1, 12, tzinfo=UTC)
    import_from(write(random_package(3), tmp_path / "package"), engine, at=at)
    return engine


def test_of_everybody_they_are_the_stored_rows_and_the_names_as_they_are(filled: Engine) -> None:
    with reading(filled) as session:
        codes = read_codes(session)
        for number, code in session.execute(select(Staff.id, Staff.code)).all():
            found = person_rows(session, code, codes)
            assert found is not None
            stored = StoredTables(session, staff_ids=[number])
            for table in ("staff", *OF_A_PERSON):
                assert _in_order(found.tables[table]) == _in_order(stored.rows(table)), (code, table)
            assert found.names == names(session, found.names)
            assert _mentioned(session, number) | {code} == found.names.keys()


def test_of_nobody_there_is_nothing(filled: Engine) -> None:
    with reading(filled) as session:
        assert person_rows(session, "nobody", read_codes(session)) is None


def _in_order(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def _mentioned(session: Session, number: int) -> set[str]:
    stored = StoredTables(session, staff_ids=[number])
    supervisors = {row["supervisor"] for row in stored.rows("supervision")}
    return supervisors | {row["assessor"] for row in stored.rows("sign_offs")}
