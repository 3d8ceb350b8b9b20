"""The database handle and the rules of a session, the same on SQLite and PostgreSQL.

SQLite: write-ahead log, every commit on disk before it is called saved, foreign keys on, and a writing
transaction that takes the write lock before it reads (the driver's default lets two people book one seat).
PostgreSQL: a reading transaction sees one moment; a writing one queues behind the ledger row. A connection
that lay idle is asked whether the server still knows it before it is used.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pysqlite3 import dbapi2 as sqlite  # a recent library: Debian 12's own has the WAL-reset fault
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

BUSY_SECONDS = 30
WAL_RESET_FAULT_FIXED_IN = (3, 51, 3)
WRITING = "skillsmatrix_writing"


class DatabaseUnready(Exception):
    """The database is missing or not at this program's version; the message says what to run."""


def engine_options(url: str) -> dict[str, Any]:
    """Keyword arguments for `create_engine` that suit the kind of database `url` names."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"module": sqlite, "connect_args": {"timeout": BUSY_SECONDS}}
    return {"connect_args": {"options": "-c statement_timeout=600000 -c timezone=UTC"}}


def normal_url(url: str) -> str:
    """`url` with the driver this project uses: postgres://… becomes postgresql+psycopg://…."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def make_engine(url: str) -> Engine:
    """An engine that follows the rules of this module; `url` as in the setting DATABASE_URL."""
    url = normal_url(url)
    engine = create_engine(url, **engine_options(url))
    arrange(engine)
    return engine


def arrange(engine: Engine) -> None:
    """Attach the rules of this module to an engine that somebody else made."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    else:
        from skillsmatrix.foundation.postgresql import arrange_postgresql

        arrange_postgresql(engine)


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, in _on_sqlite_begin
    wal = sqlite.sqlite_version_info >= WAL_RESET_FAULT_FIXED_IN
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'DELETE'}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def begin_writing(session: Session) -> None:
    """Take the write lock now, before anything is read. Call it first in a session that will write."""
    session.connection(execution_options={WRITING: True})


def is_writing(session: Session) -> bool:
    """May the session see what is not saved yet; what it finds out is for itself alone."""
    return bool(session.connection().get_execution_options().get(WRITING, False))


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One whole piece of work: commits at the end, leaves nothing behind when anything fails."""
    with Session(engine, expire_on_commit=False) as session:
        begin_writing(session)
        yield session
        session.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one moment and cannot leave anything behind."""
    with Session(engine) as session:
        yield session
        session.rollback()
