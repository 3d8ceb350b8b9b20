"""The database handle and the rules of a session, the same on SQLite and PostgreSQL.

SQLite: write-ahead log, every commit on disk before it is called saved, foreign keys on, and a writing
transaction that takes the write lock before it reads (the driver's default lets two people book one seat).
PostgreSQL: a reading transaction sees one moment; a writing one queues behind the ledger row. A connection
that lay idle is asked whether the server still knows it before it is used.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus
from pysqlite3 import dbapi2 as sqlite  # a recent library: Debian 12's own has the WAL-reset fault
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session

BUSY_SECONDS = 30
IDLE_SECONDS = 1.0  # a server that was started again in between took longer than that
WAL_RESET_FAULT_FIXED_IN = (3, 51, 3)
WRITING = "skillsmatrix_writing"
_PUT_BACK = "skillsmatrix_put_back"


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
        event.listen(engine, "checkin", _on_postgresql_put_back)
        event.listen(engine, "checkout", _on_postgresql_taken)
        event.listen(engine, "begin", _on_postgresql_begin)
        event.listen(engine, "rollback", _on_postgresql_rollback)


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


def _on_postgresql_put_back(_connection: Any, record: Any) -> None:
    record.info[_PUT_BACK] = time.monotonic()


def _on_postgresql_taken(connection: Any, record: Any, _proxy: Any) -> None:
    """See that the server still knows a connection that lay idle; all are made anew when it does not."""
    if time.monotonic() - record.info.get(_PUT_BACK, time.monotonic()) < IDLE_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.commit()  # rolling back, the driver would forget what it has prepared
    except psycopg.OperationalError as error:
        raise InvalidatePoolError from error


def _on_postgresql_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    level = IsolationLevel.READ_COMMITTED if writing else IsolationLevel.REPEATABLE_READ
    driver: Any = connection.connection.driver_connection
    if driver.isolation_level is not level:
        driver.isolation_level = level  # the driver says it in the BEGIN that it sends by itself
    if writing:
        connection.exec_driver_sql("SELECT id FROM ledger WHERE id = 1 FOR UPDATE")


def _on_postgresql_rollback(connection: Connection) -> None:
    """Roll back before the driver does, which finds nothing left to do then.

    The driver would make the server forget every statement it has prepared, in case a table was made and
    rolled back. Nothing here makes tables but migrations; and every page that only reads ends like this.
    """
    driver: Any = connection.connection.driver_connection
    if driver.pgconn.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
        driver.pgconn.exec_(b"ROLLBACK")


def begin_writing(session: Session) -> None:
    """Take the write lock now, before anything is read. Call it first in a session that will write."""
    session.connection(execution_options={WRITING: True})


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
