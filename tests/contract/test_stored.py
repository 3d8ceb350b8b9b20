"""The product answers out of a database what the oracle answers from the package, at any instant."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import make_engine
from skillsmatrix.queries.known_then import image_known_at
from skillsmatrix.queries.workforce import workforce
from tests.contract.cases import CASES
from tests.contract.house import Case
from tests.contract.stored import answer, contents, export_to, import_from, write
from tests.contract.test_agreement import questions, randomness
from tests.contract.test_edge_cases import by_id, given
from tests.databases import SqliteDatabases
from tests.engine.house import disagreements
from tests.oracle import rules
from tests.oracle.form import Tables
from tests.oracle.packages import edge_days, random_package

IMPORTED_AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
DAYS = 4
JUST_BEFORE = timedelta(seconds=1)
KNOWN_LATE = [case for case in CASES if "known_at" in case.question]


@pytest.mark.parametrize("seed", range(3000, 3004))
def test_the_database_answers_like_the_oracle(engine: Engine, tmp_path: Path, seed: int) -> None:
    tables, random = random_package(seed), randomness(seed)
    import_from(write(tables, tmp_path / "package"), engine, at=IMPORTED_AT)

    with Session(engine) as session:
        for on in random.sample(edge_days(tables), DAYS):
            for command, question in questions(tables, random):
                ours = getattr(rules, command)(tables, on=on, **question)

                assert ours == answer(session, command, on=on, **question), (seed, on, command, question)


@pytest.mark.parametrize("seed", range(4000, 4006))
def test_the_database_answers_like_the_oracle_as_known_at_an_instant(
    sqlite_engine: Engine, tmp_path: Path, seed: int
) -> None:
    tables, random = random_package(seed), randomness(seed)
    import_from(write(tables, tmp_path / "package"), sqlite_engine, at=IMPORTED_AT)

    with Session(sqlite_engine) as session:
        for instant in random.sample(recorded(tables), 5):
            for known_at in (instant - JUST_BEFORE, instant):
                on = random.choice(edge_days(tables))
                ours = rules.standings(tables, on=on, known_at=known_at, imported_at=IMPORTED_AT)

                assert ours == answer(session, "standings", on=on, known_at=known_at), (seed, on, known_at)

                lines = rules.cover(tables, on=on, known_at=known_at, imported_at=IMPORTED_AT)

                assert lines == answer(session, "cover", on=on, known_at=known_at), (seed, on, known_at)

                image, facts = image_known_at(session, known_at), workforce(session, known_at=known_at)
                assert disagreements(image, facts, on=on) == [], (seed, on, known_at)


@pytest.mark.parametrize("seed", range(5000, 5003))
def test_exported_and_imported_elsewhere_it_gives_the_same_answers_and_files(
    sqlite_databases: SqliteDatabases, sqlite_engine: Engine, tmp_path: Path, seed: int
) -> None:
    tables, random = random_package(seed), randomness(seed)
    import_from(write(tables, tmp_path / "package"), sqlite_engine, at=IMPORTED_AT)
    export_to(tmp_path / "first", sqlite_engine)
    with sqlite_databases.copy("migrated") as url:
        elsewhere = make_engine(url)

        import_from(tmp_path / "first", elsewhere, at=IMPORTED_AT + timedelta(days=30))
        export_to(tmp_path / "second", elsewhere)

        assert contents(tmp_path / "first") == contents(tmp_path / "second")
        with Session(elsewhere) as session:
            on = random.choice(edge_days(tables))
            for command, question in questions(tables, random):
                ours = getattr(rules, command)(tables, on=on, **question)
                assert ours == answer(session, command, on=on, **question)
        elsewhere.dispose()


@pytest.mark.parametrize("seed", range(6000, 6003))
def test_importing_the_same_package_again_changes_nothing(
    sqlite_engine: Engine, tmp_path: Path, seed: int
) -> None:
    folder = write(random_package(seed), tmp_path / "package")
    assert import_from(folder, sqlite_engine, at=IMPORTED_AT).changed

    again = import_from(folder, sqlite_engine, at=IMPORTED_AT + timedelta(days=30))

    assert not again.changed


@pytest.mark.parametrize("case", KNOWN_LATE, ids=by_id)
def test_what_was_entered_late_was_not_known_before(
    sqlite_engine: Engine, tmp_path: Path, case: Case
) -> None:
    import_from(write(case.tables, tmp_path / "package"), sqlite_engine, at=IMPORTED_AT)

    with Session(sqlite_engine) as session:
        found = answer(session, case.command, **case.question)

    assert given(found, case.expected) == case.expected


def recorded(tables: Tables) -> list[datetime]:
    """The instants at which something was recorded, that of the import among them."""
    texts = {each.get("recorded_at", "") for rows in tables.values() for each in rows} - {""}
    return [*sorted(datetime.fromisoformat(text).astimezone(UTC) for text in texts), IMPORTED_AT]
