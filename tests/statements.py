"""The SQL statements that a database is asked while a block runs: which, and how many."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Engine, event

from skillsmatrix.web.shared.database import db


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement that goes through the engine meanwhile, as it is said to the database."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def statements_of_site(app: Flask) -> Iterator[list[str]]:
    """The same of the engine of a site."""
    with app.app_context():
        engine = db.engine
    with statements(engine) as said:
        yield said
