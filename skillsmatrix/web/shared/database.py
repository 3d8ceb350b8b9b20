"""The site's handle on the database."""

from collections.abc import Callable

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import WRITING, arrange, engine_options, normal_url
from skillsmatrix.models import Base

db = SQLAlchemy(metadata=Base.metadata, add_models_to_shell=False)

_GIVE_WAY_AFTER_MS = 100
_USUAL_WAIT_MS = 30_000


def init_database(app: Flask, url: str) -> None:
    """Give the application its engine, with the rules of `foundation/database.py`."""
    url = normal_url(url)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # Values of a failing statement are people's data, and would stand in the log.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {**engine_options(url), "hide_parameters": True}
    db.init_app(app)
    with app.app_context():
        arrange(db.engine)


def db_session() -> Session:
    """The session of this request; the guard has begun it as a writing one where the view commits."""
    return db.session()


def write_in_passing(work: Callable[[Session], None]) -> bool:
    """A small note in a transaction of its own, which gives way when somebody else is writing.

    False when it was not made. For bookkeeping only: a page must not wait for an import to end because
    of a note that it was read.
    """
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.execution_options(**{WRITING: sqlite}).connect() as connection:
        if sqlite:
            _wait_at_most(connection.connection.driver_connection, _GIVE_WAY_AFTER_MS)
        try:
            with Session(connection) as session:
                if not sqlite:
                    session.connection().exec_driver_sql(f"SET LOCAL lock_timeout = {_GIVE_WAY_AFTER_MS}")
                work(session)
                session.commit()
        except OperationalError:
            return False
        finally:
            if sqlite:
                _wait_at_most(connection.connection.driver_connection, _USUAL_WAIT_MS)
    return True


def _wait_at_most(driver_connection: object, milliseconds: int) -> None:
    # Below SQLAlchemy, which would begin a transaction first.
    driver_connection.execute(f"PRAGMA busy_timeout = {milliseconds}")  # type: ignore[attr-defined]
