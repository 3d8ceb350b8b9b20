"""The product answers out of a database what the oracle answers from the package, at any instant."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.contract.cases import CASES
from tests.contract.house import Case
from tests.contract.stored import answer, store
from tests.contract.test_agreement import questions, randomness
from tests.contract.test_edge_cases import by_id, given
from tests.oracle import rules
from tests.oracle.form import Tables
from tests.oracle.packages import edge_days, random_package

IMPORTED_AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
DAYS = 4
JUST_BEFORE = timedelta(seconds=1)
KNOWN_LATE = [case for case in CASES if "known_at" in case.question]


@pytest.mark.parametrize("seed", range(3000, 3004))
def test_the_database_answers_like_the_oracle(engine: Engine, seed: int) -> None:
    tables, random = random_package(seed), randomness(seed)
    store(engine, tables, at=IMPORTED_AT)

    with Session(engine) as session:
        for on in random.sample(edge_days(tables), DAYS):
            for command, question in questions(tables, random):
                ours = getattr(rules, command)(tables, on=on, **question)

                assert ours == answer(session, command, on=on, **question), (seed, on, command, question)


@pytest.mark.parametrize("seed", range(4000, 4006))
def test_the_database_answers_like_the_oracle_as_known_at_an_instant(
    sqlite_engine: Engine, seed: int
) -> None:
    tables, random = random_package(seed), randomness(seed)
    store(sqlite_engine, tables, at=IMPORTED_AT)

    with Session(sqlite_engine) as session:
        for instant in random.sample(recorded(tables), 5):
            for known_at in (instant - JUST_BEFORE, instant):
                on = random.choice(edge_days(tables))
                ours = rules.standings(tables, on=on, known_at=known_at, imported_at=IMPORTED_AT)

                assert ours == answer(session, "standings", on=on, known_at=known_at), (seed, on, known_at)

                lines = rules.cover(tables, on=on, known_at=known_at, imported_at=IMPORTED_AT)

                assert lines == answer(session, "cover", on=on, known_at=known_at), (seed, on, known_at)


@pytest.mark.parametrize("case", KNOWN_LATE, ids=by_id)
def test_what_was_entered_late_was_not_known_before(sqlite_engine: Engine, case: Case) -> None:
    store(sqlite_engine, case.tables, at=IMPORTED_AT)

    with Session(sqlite_engine) as session:
        found = answer(session, case.command, **case.question)

    assert given(found, case.expected) == case.expected


def recorded(tables: Tables) -> list[datetime]:
    """The instants at which something was recorded, that of the import among them."""
    texts = {each.get("recorded_at", "") for rows in tables.values() for each in rows} - {""}
    return [*sorted(datetime.fromisoformat(text).astimezone(UTC) for text in texts), IMPORTED_AT]
