"""Connections to PostgreSQL: one moment for whoever reads, statements prepared once, none dead."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from skillsmatrix.foundation import postgresql
from skillsmatrix.foundation.database import begin_writing, make_engine, reading
from tests.databases import PostgresDatabases, migrate

pytestmark = pytest.mark.postgresql

LEVEL = text("SHOW transaction_isolation")
VERSION = text("SELECT data_version FROM ledger")


@pytest.fixture
def engine(postgres_databases: PostgresDatabases) -> Iterator[Engine]:
    with postgres_databases.copy(postgres_databases.template("migrated", migrate)) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def test_reading_sees_one_moment_and_writing_the_newest_row_whichever_came_before(engine: Engine) -> None:
    levels = []
    for writes in (False, True, False):
        with Session(engine) as session:
            if writes:
                begin_writing(session)
            levels.append(session.scalar(LEVEL))

    assert levels == ["repeatable read", "read committed", "repeatable read"]


@pytest.mark.parametrize("idle_seconds", [0.0, 1.0])
def test_what_a_reader_asks_again_and_again_is_prepared_once(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, idle_seconds: float
) -> None:
    monkeypatch.setattr(postgresql, "IDLE_SECONDS", idle_seconds)
    for _time in range(8):
        with reading(engine) as session:
            session.scalar(VERSION)

    with reading(engine) as session:
        prepared = session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert [statement for statement in prepared if "ledger" in statement] == [str(VERSION)]


def test_rolling_back_leaves_nothing_behind(engine: Engine) -> None:
    for _time in range(8):
        with Session(engine) as session:
            session.execute(text("UPDATE ledger SET data_version = data_version + 1"))
            session.rollback()

    with reading(engine) as session:
        assert session.scalar(VERSION) == 0


def test_a_connection_that_died_while_nobody_used_it_is_replaced(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "IDLE_SECONDS", 0.0)
    with reading(engine) as session:
        first: Any = session.scalar(text("SELECT pg_backend_pid()"))
    other = make_engine(engine.url.render_as_string(hide_password=False))
    with reading(other) as session:
        session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": first})
    other.dispose()

    with reading(engine) as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != first
