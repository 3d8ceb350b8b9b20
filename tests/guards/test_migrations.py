"""Migrations build exactly the models, on both databases, and go down and up again with rows in place."""

import re

from sqlalchemy import Engine, inspect, text

from skillsmatrix.foundation.database import make_engine, writing
from skillsmatrix.foundation.migrations import migrate, unmigrate
from skillsmatrix.foundation.schema_version import newest_version
from skillsmatrix.models import Base
from tests.databases import Databases
from tests.facts import a_whole_record

FIX = (
    "The migrations and the models differ. Write a migration (migrations/versions/) that makes the models'"
    " tables; never edit one that has landed."
)


def schema(engine: Engine) -> list[str]:
    """Everything the database itself says about its tables, one line each, sorted."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
            return sorted(_sorted_parts(row.sql) for row in rows if "alembic_version" not in row.sql)
        lines = connection.execute(
            text(
                "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)"
                " FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
                " UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
                " UNION ALL SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable"
                " FROM information_schema.columns WHERE table_schema = 'public'"
            )
        ).scalars()
        return sorted(line for line in lines if "alembic_version" not in line)


def _sorted_parts(sql: str) -> str:
    """One statement with its columns and constraints in a fixed order: their order means nothing."""
    head, _, rest = re.sub(r'[\s"]+', " ", sql).partition("(")
    body, _, tail = rest.rpartition(")")
    parts = sorted(part.strip() for part in re.split(r",(?![^(]*\))", body))
    return f"{head.strip()} ({', '.join(parts)}){tail}"


def test_migrations_build_exactly_the_models(databases: Databases) -> None:
    with databases.copy(None) as migrated_url, databases.copy(None) as modelled_url:
        migrate(migrated_url)
        modelled = make_engine(modelled_url)
        Base.metadata.create_all(modelled)
        migrated = make_engine(migrated_url)

        built, wanted = schema(migrated), schema(modelled)

        migrated.dispose()
        modelled.dispose()
    assert built == wanted, FIX


def test_the_comparison_sees_a_missing_constraint(empty_database_url: str) -> None:
    engine = make_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE posts (wte INTEGER, CONSTRAINT ck_posts CHECK (wte >= 0))"))
    strict = schema(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE posts"))
        connection.execute(text("CREATE TABLE posts (wte INTEGER)"))
    loose = schema(engine)
    engine.dispose()

    assert strict != loose


def test_up_down_and_up_again_with_rows_in_place(empty_database_url: str) -> None:
    assert migrate(empty_database_url) == (None, newest_version())
    engine = make_engine(empty_database_url)
    with writing(engine) as session:
        a_whole_record(session)
    engine.dispose()

    unmigrate(empty_database_url)
    engine = make_engine(empty_database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    assert migrate(empty_database_url) == (None, newest_version())


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    assert migrate(database_url) == (newest_version(), newest_version())
