"""What the database said, word for word, and whether it still says so.

Asked again by the driver alone, which takes a fifth of the time that a statement of SQLAlchemy takes. Nothing
is read out of such an answer: it is only compared with the one before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Executable
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Question:
    """A statement that only reads, and the values it asks by."""

    statement: Executable
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A question as the driver was asked it, and every row of the answer as the driver gave it."""

    text: str
    values: Any
    rows: list[tuple[Any, ...]]


def said(session: Session, question: Question) -> Said:
    """The answer of the moment that the session sees."""
    connection = session.connection()
    asked = connection.execute(question.statement, question.values)
    text, values = asked.context.statement, asked.context.parameters[0]
    asked.close()
    return Said(text, values, [tuple(row) for row in connection.exec_driver_sql(text, values)])


def still_said(engine: Engine, answers: Iterable[Said]) -> bool:
    """Would the database answer each of the questions in the same words now.

    False also when it cannot be asked: whoever asks it next is told why.
    """
    driver_errors = engine.dialect.loaded_dbapi.Error
    try:
        connection = engine.raw_connection()
    except driver_errors:
        return False
    try:
        return _agree(connection.driver_connection, answers, server=engine.dialect.name != "sqlite")
    except driver_errors:
        connection.invalidate()
        return False
    finally:
        connection.close()


def _agree(driver: Any, answers: Iterable[Said], *, server: bool) -> bool:
    if server:
        driver.autocommit = True  # to begin and to end a transaction would be two more ways to the server
    try:
        cursor = driver.cursor()
        return all(cursor.execute(each.text, each.values).fetchall() == each.rows for each in answers)
    finally:
        if server:
            driver.autocommit = False
