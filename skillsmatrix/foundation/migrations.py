"""Bringing a database to the version of this program, or back; all of it or nothing."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import Connection, Engine, create_engine, event, make_url

from skillsmatrix.foundation.database import engine_options, normal_url
from skillsmatrix.foundation.paths import MIGRATIONS
from skillsmatrix.foundation.schema_version import version_of

ADVISORY_LOCK = 7_310_115  # two programs that migrate one PostgreSQL database take turns


def migrate(url: str, revision: str = "head") -> tuple[str | None, str | None]:
    """Upgrade to `revision`, creating the database file when it is missing; (version before, version after).

    One transaction: a kill leaves the old version or the new one.
    """
    return _run(url, lambda config: command.upgrade(config, revision))


def unmigrate(url: str, revision: str = "base") -> tuple[str | None, str | None]:
    """Downgrade to `revision`; (version before, version after)."""
    return _run(url, lambda config: command.downgrade(config, revision))


def _run(url: str, work: Callable[[Config], None]) -> tuple[str | None, str | None]:
    engine = _migration_engine(url)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
            before = version_of(connection)
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            work(config)
            _require_whole_references(connection)
            after = version_of(connection)
    finally:
        engine.dispose()
    return before, after


def _migration_engine(url: str) -> Engine:
    """Like any engine, but on SQLite without foreign keys: rebuilding a table must not empty its children."""
    url = normal_url(url)
    engine = create_engine(url, **engine_options(url))
    if engine.dialect.name == "sqlite":
        database = make_url(url).database
        if database:
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _on_sqlite_connect(connection: sqlite.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA synchronous = FULL")


def _require_whole_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration would leave rows that point nowhere: {broken[:5]}")
