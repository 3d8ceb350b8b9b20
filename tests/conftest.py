"""What every test can ask for. Databases: `database_url` (both kinds, migrated), `engine` over it."""

import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Engine

from skillsmatrix.foundation.database import make_engine, writing
from skillsmatrix.foundation.paths import SEED
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.operations.demonstration import load_demonstration
from tests.browser import axe, chromium_browser, live_server, narrow_page, page
from tests.databases import Databases, PostgresDatabases, SqliteDatabases, migrate
from tests.memory import folder_in_memory
from tests.network import blocked
from tests.postgres import IN_LITTLE_ROOM, Server, running_server

__all__ = ["axe", "chromium_browser", "live_server", "narrow_page", "page"]

DEMONSTRATION_DAY = date(2026, 11, 22)
DEMONSTRATION_LOADED_AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
# How long an example takes is up to the machine's other work: 200 ms are over before a process gets its turn.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
NEW_OBJECTS = 50_000  # before those that refer to each other are looked for
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever uses Chromium carries the mark, so that `-m "not browser"` leaves it out.

    What is slow begins first: a minute that begins last is a minute for which the other workers wait.
    """
    for item in items:
        if "chromium_browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """What the tests are made of lives to the end, and each of them leaves a site that refers to itself.

    To look through it all as often as Python does by itself took a quarter of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


@pytest.fixture(autouse=True)
def no_outside_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests stay on this machine."""
    if request.node.get_closest_marker("network"):
        yield
        return
    with blocked():
        yield


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[SqliteDatabases]:
    """SQLite files of this test process."""
    folder = tempfile.mkdtemp(prefix="skillsmatrix-", dir=folder_in_memory())
    yield SqliteDatabases(Path(folder))
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The throw-away PostgreSQL server of this test process."""
    with running_server(folder_in_memory(), IN_LITTLE_ROOM) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: Server) -> PostgresDatabases:
    """Databases on it."""
    return PostgresDatabases(postgres_server)


@pytest.fixture(params=BOTH)
def databases(request: pytest.FixtureRequest) -> Databases:
    """Both kinds in turn: makes templates and copies of them."""
    found: Databases = request.getfixturevalue(
        "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    )
    return found


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A database without a single table, on each kind in turn."""
    with databases.copy(None) as url:
        yield url


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated database with no rows, of this test alone, on each kind in turn."""
    with databases.copy(databases.template("migrated", migrate)) as url:
        yield url


@pytest.fixture
def sqlite_url(sqlite_databases: SqliteDatabases) -> Iterator[str]:
    """The same on SQLite only, for tests where the kind of database does not matter."""
    with sqlite_databases.copy(sqlite_databases.template("migrated", migrate)) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine over `database_url`, under the rules of foundation/database.py."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """An engine over `sqlite_url`."""
    engine = make_engine(sqlite_url)
    yield engine
    engine.dispose()


def _load_demonstration(url: str) -> None:
    migrate(url)
    engine = make_engine(url)
    with writing(engine) as session:
        load_demonstration(session, SEED, on=DEMONSTRATION_DAY, by="command:test", at=DEMONSTRATION_LOADED_AT)
    engine.dispose()


@pytest.fixture(scope="session")
def demonstration(sqlite_databases: SqliteDatabases) -> Iterator[Engine]:
    """The demonstration as loaded on 22 November 2026, for tests that only read it."""
    with sqlite_databases.copy(sqlite_databases.template("demonstration", _load_demonstration)) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def settings_for(tmp_path: Path) -> Callable[..., Settings]:
    """Call it with a database address, and with any setting that should differ from the default."""

    def settings(database_url: str, **changes: object) -> Settings:
        chosen = {"uploads_dir": tmp_path / "uploads", "keys_dir": tmp_path / "keys", **changes}
        return Settings(secret_key="k" * 64, database_url=database_url, **chosen)  # type: ignore[arg-type]

    return settings
