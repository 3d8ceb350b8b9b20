"""What a page costs as it is served: two processes of gunicorn, readers signed in, beside a bare route."""

import http.client
import itertools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import Engine, select

from benchmarks.report import Section, bar, milliseconds, times
from skillsmatrix.domain.access import AccessRole
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import AccountSession, Staff
from skillsmatrix.operations.accounts import create_account, grant_role, token_digest

PROJECT = Path(__file__).parents[1]
KEY = "b" * 64
BY_CELL = "the same rows, cell by cell in a template"
BARE, SIGNED_IN = "a bare route", "a bare route of the site, signed in"
READERS = 100
WORKERS = 2
AT_ONCE = 4
LONG_AGO = date(2015, 1, 1)
BY = "command:benchmark"
START_SECONDS = 60


Database = tuple[str, Engine, int | None]  # its name, its engine, and the process of its server


@dataclass(frozen=True)
class Ask:
    """One kind of request: its address, whose it is, and how many of them make a sample."""

    address: Callable[[], str]
    cookies: Sequence[str]
    zipped: bool
    requests: int


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor a request, the site's and the database server's; bytes; requests a second."""

    site: float
    server: float
    size: int
    each_second: float

    @property
    def processor(self) -> float:
        """All of it."""
        return self.site + self.server


def sign_in_readers(engine: Engine) -> tuple[str, list[str]]:
    """The cookies of a head of practice, and of a hundred members of staff with an account."""
    at = clock.now()
    with writing(engine) as session:
        head = create_account(session, email="head@example.org", display_name="Head", by=BY, at=at)
        grant_role(session, account_id=head, role=AccessRole.HEAD_OF_PRACTICE, from_on=LONG_AGO, by=BY, at=at)
        everybody = session.scalars(
            select(Staff.id)
            .where(Staff.employed_to.is_(None) | (Staff.employed_to > at.date()))
            .order_by(Staff.id)
        ).all()
        step = max(len(everybody) // READERS, 1)
        accounts = [
            create_account(
                session, email=f"{number}@example.org", display_name="Reader", staff_id=number, by=BY, at=at
            )
            for number in everybody[::step][:READERS]
        ]
        tokens = [f"token {account}" for account in (head, *accounts)]
        for account, token in zip((head, *accounts), tokens, strict=True):
            session.add(
                AccountSession(
                    account_id=account, token_hash=token_digest(token), created_at=at, last_seen_at=at
                )
            )
    cookies = [_cookie(token) for token in tokens]
    return cookies[0], cookies[1:]


def _cookie(token: str) -> str:
    app = Flask("signer")
    app.secret_key = KEY
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    kept = {"_user_id": token, "_fresh": True, "csrf_token": token_digest(token)}  # as after the first page
    return f"skillsmatrix={signer.dumps(kept)}"


class Site:
    """The running site: asks it, and reads what its processes and the database server's have used."""

    def __init__(self, port: int, master: int, postmaster: int | None) -> None:
        self.port = port
        self.master = master
        self.postmaster = postmaster

    def cost(self, ask: Ask) -> Cost:
        """One sample."""
        addresses = [ask.address() for _ in range(ask.requests)]
        asked = list(zip(addresses, itertools.cycle(ask.cookies), strict=False))
        site, server, start = used(self.master), used(self.postmaster), time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            sizes = list(pool.map(lambda each: self.get(*each, zipped=ask.zipped), asked))
        took = time.perf_counter() - start
        site, server = used(self.master) - site, used(self.postmaster) - server
        count = len(asked)
        return Cost(site * 1000 / count, server * 1000 / count, max(sizes), count / took)

    def get(self, address: str, cookie: str, *, zipped: bool) -> int:
        """The size of the answer, which must be a page."""
        return len(self.page(address, cookie, zipped=zipped))

    def page(self, address: str, cookie: str, *, zipped: bool) -> bytes:
        """The answer, which must be a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": cookie, **({"Accept-Encoding": "gzip"} if zipped else {})}
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{address} answered {answer.status}: nothing was measured")
        return body


def used(parent: int | None) -> float:
    """Seconds of processor that the children of a process have used so far."""
    if parent is None:
        return 0.0
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return sum(int(Path(f"/proc/{each}/schedstat").read_text().split()[0]) for each in children) / 1e9


@contextmanager
def served(database_url: str, *, postmaster: int | None = None) -> Iterator[Site]:
    """The site on a free port, on two processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="skillsmatrix-bench-") as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "SKILLSMATRIX_SECRET_KEY": KEY,
            "SKILLSMATRIX_UPLOADS_DIR": f"{folder}/uploads",
            "SKILLSMATRIX_KEYS_DIR": f"{folder}/keys",
            "SKILLSMATRIX_PORT": str(port),
        }
        command = [sys.executable, "-m", "gunicorn", "benchmarks.served:app", "-b", f"127.0.0.1:{port}"]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "-w", str(WORKERS), "-t", "120", "--no-control-socket"],
                cwd=PROJECT,
                env=environment,
                stdout=log,
                stderr=log,
            )
        try:
            site = Site(port, process.pid, postmaster)
            _wait_for(site, process, Path(folder) / "log")
            yield site
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(START_SECONDS)


def _wait_for(site: Site, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            site.get("/bare/", "", zipped=False)
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the site did not start: {log.read_text()}") from None
            time.sleep(0.1)
        else:
            return


def asks(head: str, readers: Sequence[str], *, loop: bool) -> dict[str, Ask]:
    """What is asked for, by name."""
    other_days = ((date(2018, 1, 1) + timedelta(days=number)).isoformat() for number in itertools.count())
    days_back = (timedelta(days=number // READERS) for number in itertools.count())
    found = {
        BARE: Ask(lambda: "/bare/", [""], False, 200),
        SIGNED_IN: Ask(lambda: "/signed-in", readers, False, 200),
        "My record, 100 readers, kept and unchanged": Ask(lambda: "/me", readers, True, 100),
        "My record, 100 readers, a new day each time": Ask(
            lambda: f"/me?on={date(2026, 11, 1) - next(days_back)}", readers, True, 100
        ),
        "the matrix, a new day each time": Ask(lambda: f"/matrix?on={next(other_days)}", [head], False, 12),
        "the same, zipped": Ask(lambda: f"/matrix?on={next(other_days)}", [head], True, 12),
        "the matrix, kept and unchanged": Ask(lambda: "/matrix", [head], True, 100),
        "services": Ask(lambda: "/services", [head], False, 4),
        "a service": Ask(lambda: "/services/S0000005", [head], False, 4),
        "a person": Ask(lambda: "/people/P0000005", [head], False, 12),
    }
    if loop:
        found[BY_CELL] = Ask(lambda: f"/by-cell?on={next(other_days)}", [head], False, 1)
    return found


def pages(size: str, rounds: int, databases: Sequence[Database]) -> Section:
    """The pages on each database."""
    section = Section(f"{size}: pages")
    rows: list[tuple[str, ...]] = []
    for name, engine, postmaster in databases:
        head, readers = sign_in_readers(engine)
        url = engine.url.render_as_string(hide_password=False)
        with served(url, postmaster=postmaster) as site:
            _draw_the_same(site, head)
            rows += _rows(size, name, _measured(site, asks(head, readers, loop=not rows), rounds))
    section.table(("database", "page", "size", "processor", "against a bare route", "a second", "bar"), rows)
    section.say(
        f"gunicorn with {WORKERS} processes, {AT_ONCE} requests at a time, signed in. Processor: of "
        "the site's processes and the database server's, a request. A second: what this machine answered "
        "while it also asked."
    )
    return section


def _draw_the_same(site: Site, head: str) -> None:
    """The rows of the page are, to the byte, those that a template draws cell by cell."""
    for on in ("", "?on=2018-07-01"):
        page, by_cell = (site.page(f"{each}{on}", head, zipped=False) for each in ("/matrix", "/by-cell"))
        if _rows_of(page) != _rows_of(by_cell):
            raise SystemExit(f"/matrix{on} and the template draw other rows: nothing was measured")


def _rows_of(page: bytes) -> bytes:
    return page[page.index(b"<tbody>") : page.rindex(b"</tbody>")].strip()


def _measured(site: Site, asked: dict[str, Ask], rounds: int) -> dict[str, Cost]:
    for name, ask in asked.items():
        for _ in range(8 if "kept" in name else 2):  # until both processes keep what each reader asks for
            site.cost(ask)
    samples: dict[str, list[Cost]] = {name: [] for name in asked}
    for _ in range(rounds):
        for name, ask in asked.items():
            samples[name].append(site.cost(ask))
    return {name: _median(found) for name, found in samples.items()}


def _median(found: Sequence[Cost]) -> Cost:
    return Cost(
        median(each.site for each in found),
        median(each.server for each in found),
        found[-1].size,
        median(each.each_second for each in found),
    )


def _rows(size: str, database: str, found: dict[str, Cost]) -> list[tuple[str, ...]]:
    bare = found[BARE].processor
    rows = []
    for name, cost in found.items():
        ratio = cost.processor / bare
        told = _told(name, database, cost.processor, found) if size == "M" else ""
        rows.append(
            (
                database,
                name,
                f"{cost.size / 1000:,.0f} kB",
                milliseconds(cost.processor),
                times(ratio),
                f"{cost.each_second:,.0f}",
                told,
            )
        )
    return rows


def _told(name: str, database: str, took: float, found: dict[str, Cost]) -> str:
    ratio = took / found[BARE].processor
    if name.startswith("My record"):
        most = 4 if database == "SQLite" else 7
        return bar(ratio <= most, f"at most {most} ×")
    if name.startswith("the matrix, kept"):
        behind = took / found[SIGNED_IN].processor
        return bar(ratio <= 1.5, f"at most 1.5 × ({times(behind)} the one that is signed in)")
    if name.startswith("the matrix, a new day"):
        told = bar(took < 50, "under 50 ms") + "; " + bar(ratio <= 20, "at most 20 ×")
        if BY_CELL in found:
            share = found[BY_CELL].processor / took
            told += "; " + bar(share >= 50, f"at most 1/50 of the template (1/{share:.0f})")
        return told
    return ""
