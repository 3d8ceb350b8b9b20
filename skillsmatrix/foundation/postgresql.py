"""The rules of `database.py` on PostgreSQL. A module of its own: to import the driver takes a while."""

import time
from typing import Any, Final

import psycopg
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import InvalidatePoolError

from skillsmatrix.foundation.database import WRITING

IDLE_SECONDS = 1.0  # a server that was started again in between took longer than that
_PUT_BACK: Final = "skillsmatrix_put_back"


def arrange_postgresql(engine: Engine) -> None:
    """Attach the rules to an engine."""
    event.listen(engine, "checkin", _put_back)
    event.listen(engine, "checkout", _taken)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "rollback", _rollback)


def _put_back(_connection: Any, record: Any) -> None:
    record.info[_PUT_BACK] = time.monotonic()


def _taken(connection: Any, record: Any, _proxy: Any) -> None:
    """See that the server still knows a connection that lay idle; all are made anew when it does not."""
    if time.monotonic() - record.info.get(_PUT_BACK, time.monotonic()) < IDLE_SECONDS:
        return
    try:
        connection.execute("SELECT 1")
        connection.commit()  # rolling back, the driver would forget what it has prepared
    except psycopg.OperationalError as error:
        raise InvalidatePoolError from error


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    level = IsolationLevel.READ_COMMITTED if writing else IsolationLevel.REPEATABLE_READ
    driver: Any = connection.connection.driver_connection
    if driver.isolation_level is not level:
        driver.isolation_level = level  # the driver says it in the BEGIN that it sends by itself
    if writing:
        connection.exec_driver_sql("SELECT id FROM ledger WHERE id = 1 FOR UPDATE")


def _rollback(connection: Connection) -> None:
    """Roll back before the driver does, which finds nothing left to do then.

    The driver would make the server forget every statement it has prepared, in case a table was made and
    rolled back. Nothing here makes tables but migrations; and every page that only reads ends like this.
    """
    driver: Any = connection.connection.driver_connection
    if driver.pgconn.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
        driver.pgconn.exec_(b"ROLLBACK")
