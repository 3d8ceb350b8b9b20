"""`python3 -m benchmarks --size S --size M`: the matrix in every way, answers compared before timing."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from pysqlite3 import dbapi2 as sqlite

from benchmarks.data import SIZES
from benchmarks.report import write
from benchmarks.scaled import scaled
from benchmarks.sizes import Bench, measured
from benchmarks.timing import machine
from tests.postgres import NoServer, Server, running_server

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}  # what SQLite does in FULL
PACKAGES = ("numpy", "pandas", "duckdb", "sqlalchemy", "psycopg")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m benchmarks", description=__doc__)
    parser.add_argument("--size", action="append", choices=SIZES, help="S, M, L or XL; may be repeated")
    parser.add_argument("--rounds", type=int, default=7, help="samples of each way (default 7)")
    parser.add_argument("--no-orm", action="store_true", help="leave out ORM loops (a minute or two at M)")
    parser.add_argument(
        "--worked-out",
        type=int,
        default=SIZES["XL"].organisations,
        help="so many organisations of XL by the rules, the others drawn out of them (default: all)",
    )
    asked = parser.parse_args()
    sizes = asked.size or ["S"]
    versions = [f"Python {sys.version.split()[0]}", f"SQLite {sqlite.sqlite_version}"]
    versions += [f"{name} {version(name)}" for name in PACKAGES]
    intro = [
        f"On {machine()}, {time.strftime('%d %B %Y')}. {', '.join(versions)}, PostgreSQL 15.",
        "",
        "One sample of each way in turn, in one process; other work shared the machine, so ratios inside a",
        "table mean more than milliseconds. Every way gave the same seven numbers for every requirement row",
        "on three days before anything was timed, and the engine gave the cover that the rules give on a",
        "sample of services. Made by `python3 -m benchmarks --size S`, and M, L and XL; the data come from a",
        "seed (`benchmarks/data.py`).",
    ]
    sections = []
    with tempfile.TemporaryDirectory(prefix="skillsmatrix-bench-") as folder, server() as postgresql:
        orm = not asked.no_orm
        bench = Bench(Path(folder), postgresql, asked.rounds, orm=orm, worked_out=asked.worked_out)
        for size in sizes:
            sections += measured(bench, size) if size in ("S", "M") else scaled(bench, size)
            write(intro, sections)
    print("\n".join(line for section in sections for line in (f"## {section.heading}", *section.lines)))
    return 0


@contextmanager
def server() -> Iterator[Server | None]:
    """A throw-away PostgreSQL, where the machine has one, that waits for the disk as one in use does."""
    try:
        with running_server(given=DURABLE) as running:
            yield running
    except NoServer as error:
        print(error, file=sys.stderr)
        yield None


if __name__ == "__main__":
    sys.exit(main())
