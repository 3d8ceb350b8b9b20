"""Fresh databases, migrated once for each test process and copied for each test."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from skillsmatrix.foundation import migrations
from tests.postgres import Server

_numbers = itertools.count(1)


def migrate(url: str) -> None:
    """Bring an empty database to the version of this program."""
    migrations.migrate(url)


class SqliteDatabases:
    """SQLite files in one folder; a copy is a copy of the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """Make the database `name` once, let `fill` fill it, and close it for copying."""
        path = self.folder / f"{name}.db"
        if not path.exists():
            draft = self.folder / f"{name}-draft.db"
            fill(f"sqlite:///{draft}")
            assert not Path(f"{draft}-wal").exists(), "a connection to the template was left open"
            draft.rename(path)
        return name

    @contextmanager
    def copy(self, template: str | None) -> Iterator[str]:
        """A database of one's own: a copy of the template, or an empty one; its address."""
        path = self.folder / f"test-{next(_numbers)}.db"
        if template is not None:
            shutil.copyfile(self.folder / f"{template}.db", path)
        yield f"sqlite:///{path}"
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{path}{ending}").unlink(missing_ok=True)


class PostgresDatabases:
    """Databases on the throw-away server; a copy is the server's own copy of a template."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._templates: set[str] = set()

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """As for SQLite."""
        if name not in self._templates:
            fill(self.server.create(f"template_{name}"))
            self._templates.add(name)
        return name

    @contextmanager
    def copy(self, template: str | None) -> Iterator[str]:
        """As for SQLite."""
        name = f"test_{os.getpid()}_{next(_numbers)}"
        source = "template0" if template is None else f"template_{template}"
        try:
            yield self.server.create(name, template=source)
        finally:
            self.server.drop(name)


Databases = SqliteDatabases | PostgresDatabases
