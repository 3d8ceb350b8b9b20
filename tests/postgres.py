"""A throw-away PostgreSQL server for the tests: one for each test process, in a folder of its own.

It listens on a Unix socket only, writes without waiting for the disk, and goes down with the process that
started it, however that ends. A server refuses to run as root, so a root starts it as `nobody`.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

PROJECT = Path(__file__).resolve().parents[1]
UNPACKED = PROJECT / ".setup" / "debian"
NOBODY = 65534
PR_SET_PDEATHSIG = 1
START_SECONDS = 60

IN_LITTLE_ROOM = {"max_wal_size": "256MB"}  # for databases that are made, copied and dropped
IN_A_HURRY = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "1h",
}


class NoServer(RuntimeError):
    """PostgreSQL is not on this machine, or did not start; the message says why."""


@dataclass(frozen=True)
class Server:
    """A running server: its socket's folder, and databases made and dropped on it."""

    folder: Path

    def url(self, database: str) -> str:
        """The database's address as the setting DATABASE_URL takes it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def run(self, statement: sql.Composed) -> None:
        """One statement outside any transaction, in the maintenance database."""
        with psycopg.connect(_maintenance(self.folder), autocommit=True) as connection:
            connection.execute(statement)

    def create(self, database: str, *, template: str = "template0") -> str:
        """A new database copied from `template`, which nobody may be connected to; its address."""
        names = {"database": sql.Identifier(database), "template": sql.Identifier(template)}
        # As files: through the log it takes twice as long, and the log grows by the whole template.
        statement = "CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY"
        self.run(sql.SQL(statement).format(**names))
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove the database; connections left open to it are cut."""
        self.run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def binaries() -> Path:
    """The folder with `initdb` and `postgres` 15 or later: Debian's, or the one unpacked below .setup."""
    folders: list[Path] = []
    for root in (Path("/"), UNPACKED):
        folders += root.glob("usr/lib/postgresql/*/bin")
    usable = [f for f in folders if (f / "initdb").is_file() and int(f.parent.name) >= 15]
    if not usable:
        raise NoServer("PostgreSQL 15 or later is not here: `python3 -m skillsmatrix test` sets it up")
    return min(usable, key=lambda folder: int(folder.parent.name))


@contextmanager
def running_server(within: str | None = None, given: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server for as long as the block runs; nothing is left of it `within` this folder.

    `given`: settings that are others than IN_A_HURRY.
    """
    bin_folder = binaries()
    folder = Path(tempfile.mkdtemp(prefix="skillsmatrix-pg-", dir=within or "/tmp"))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    data = folder / "data"
    try:
        initdb = [str(bin_folder / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync"]
        if _start([*initdb, "-E", "UTF8", "--locale=C"], folder).wait() != 0:
            raise NoServer(f"initdb failed: {_said(folder)}")
        settings = [
            word
            for name, value in {**IN_A_HURRY, **(given or {})}.items()
            for word in ("-c", f"{name}={value}")
        ]
        process = _start(
            [str(bin_folder / "postgres"), "-D", str(data), "-k", str(folder), *settings], folder
        )
        try:
            _wait_until_it_answers(folder, process)
            yield Server(folder)
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nothing in it is worth keeping
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(command: Sequence[str], folder: Path) -> "subprocess.Popen[bytes]":
    """Start as an ordinary user, to end when this process does."""
    library = ctypes.CDLL(None)
    nobody = NOBODY if os.geteuid() == 0 else None
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    if UNPACKED in Path(command[0]).parents:
        environment["LD_LIBRARY_PATH"] = os.environ.get("LD_LIBRARY_PATH", "")
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: library.prctl(PR_SET_PDEATHSIG, signal.SIGQUIT),  # noqa: PLW1509 - one call
            user=nobody,
            group=nobody,
            extra_groups=None if nobody is None else [],
        )


def _maintenance(folder: Path) -> str:
    return f"host={folder} user=postgres dbname=postgres connect_timeout=5"


def _said(folder: Path) -> str:
    return (folder / "log").read_text(errors="replace")


def _wait_until_it_answers(folder: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(_maintenance(folder)).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                process.wait()
                raise NoServer(f"PostgreSQL did not start: {_said(folder)}") from error
            time.sleep(0.05)
        else:
            return
