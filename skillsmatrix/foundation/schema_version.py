"""Which version a database has, and which one this program needs; without loading what migrates it."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from skillsmatrix.foundation.database import DatabaseUnready
from skillsmatrix.foundation.paths import MIGRATIONS


def require_current(engine: Engine) -> None:
    """Raise DatabaseUnready unless the database exists and is at this program's version."""
    url = engine.url
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise DatabaseUnready(f"There is no database at {url.database}. Run: python3 -m skillsmatrix migrate")
    with engine.connect() as connection:
        version = version_of(connection)
    wanted = newest_version()
    if version != wanted:
        raise DatabaseUnready(
            f"The database is at version {version or 'none'} and this program needs {wanted}."
            " Run: python3 -m skillsmatrix migrate"
        )


def newest_version() -> str:
    """The version that the migrations in this program lead to: the number their last file begins with."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def version_of(connection: Connection) -> str | None:
    """The version that a database has; None: it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found
