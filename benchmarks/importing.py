"""`python3 -m benchmarks.importing`: how fast a data package of M is imported, and in how much memory.

The package is what the product exports of the generated organisation. Each import is the command of the
product in a process of its own, into an empty database, with the conclusions that follow from the facts; the
rows that are there afterwards are counted.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import func, select

from benchmarks import facts
from benchmarks.__main__ import server
from benchmarks.data import SIZES, generate
from benchmarks.pages import KEY
from benchmarks.report import Section, bar, circumstances, write
from skillsmatrix.foundation import migrations
from skillsmatrix.foundation.database import make_engine, reading
from skillsmatrix.interchange.writing import write_package
from skillsmatrix.queries.tables import StoredTables

PROJECT = Path(__file__).resolve().parents[1]
LEAST_ROWS, MOST_MEGABYTES = 15_000, 600
COMMAND = "import os, sys; from config import settings_from_environment; from skillsmatrix.cli import main; "
COMMAND += "sys.exit(main(sys.argv[1:], lambda: settings_from_environment(os.environ)))"


@dataclass(frozen=True)
class Imported:
    """Seconds of one import, and the most memory that its process held, in megabytes."""

    seconds: float
    megabytes: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m benchmarks.importing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="imports into each database (default 5)")
    rounds = parser.parse_args().rounds
    begun = circumstances(rounds)
    with tempfile.TemporaryDirectory(prefix="skillsmatrix-bench-") as name, server() as postgresql:
        folder = Path(name)
        rows = packaged(folder)
        found: dict[str, list[Imported]] = {}
        for number in range(rounds):
            urls = {"SQLite": f"sqlite:///{folder / f'{number}.db'}"}
            if postgresql is not None:
                urls["PostgreSQL"] = postgresql.create(f"imported_{number}")
            for database, url in urls.items():
                found.setdefault(database, []).append(imported(folder / "package", url, rows))
    section = _section(found, rows, begun)
    write(None, [section])
    print("\n".join(section.lines))
    return 0


def packaged(folder: Path) -> int:
    """The organisation of M as a package in the folder; how many rows it has."""
    engine = make_engine(f"sqlite:///{folder / 'generated.db'}")
    migrations.migrate(engine.url.render_as_string())
    facts.store(generate(SIZES["M"]), engine)
    with reading(engine) as session:
        write_package(StoredTables(session).all(), folder / "package")
    rows = stored_rows(str(engine.url))
    engine.dispose()
    return rows


def imported(package: Path, url: str, rows: int) -> Imported:
    """One import into the empty database at the address."""
    migrations.migrate(url)
    environment = {**os.environ, "DATABASE_URL": url, "SKILLSMATRIX_SECRET_KEY": KEY}
    start = time.perf_counter()
    command = [sys.executable, "-c", COMMAND, "import", str(package)]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - start
    if status or stored_rows(url) != rows:
        raise SystemExit("the package was not imported whole: nothing is written down")
    return Imported(took, used.ru_maxrss / 1000)


def stored_rows(url: str) -> int:
    """How many facts there are."""
    engine = make_engine(url)
    with engine.connect() as connection:
        found = sum(
            connection.scalar(select(func.count()).select_from(model)) or 0 for model in facts.TABLES.values()
        )
    engine.dispose()
    return found


def _section(found: dict[str, list[Imported]], rows: int, begun: str) -> Section:
    section = Section("M: import")
    section.say(
        f"A package of {rows:,} rows, read, compared with what is there (nothing), stored, and everybody's "
        f"conclusions worked out, by `python3 -m benchmarks.importing`. {begun}"
    )
    lines = []
    for database, several in found.items():
        pace = rows / median(each.seconds for each in several)
        most = max(each.megabytes for each in several)
        fast = bar(pace >= LEAST_ROWS, f"at least {LEAST_ROWS:,} rows a second")
        small = bar(most <= MOST_MEGABYTES, f"at most {MOST_MEGABYTES} MB")
        seconds = median(each.seconds for each in several)
        lines.append((database, f"{seconds:.1f} s", f"{pace:,.0f}", f"{most:,.0f} MB", f"{fast}; {small}"))
    section.table(("database", "time", "rows a second", "memory", "bar"), lines)
    return section


if __name__ == "__main__":
    sys.exit(main())
