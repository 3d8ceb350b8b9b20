"""`python3 -m benchmarks.endurance`: random changes, a writer killed at random instants, then `check`.

The writer is a process of its own; each change is a transaction. Whoever watches kills it without warning,
starts another, and from time to time asks whether what is kept agrees with the facts, whether the log holds,
and whether an image that has been in memory all along answers as the rules do.
"""

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from benchmarks.timing import machine
from skillsmatrix import models
from skillsmatrix.foundation import migrations
from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.operations.learning import LearningRefused, correct_learning, record_learning, void_learning
from skillsmatrix.queries.audit import broken_links
from skillsmatrix.queries.conclusions import current, differences
from skillsmatrix.queries.workforce import workforce
from tests.contract.stored import import_from, write
from tests.engine.house import disagreements
from tests.operations import edits
from tests.operations.edits import AT, BY, Editor
from tests.oracle.packages import TURNING_DAYS, random_package
from tests.postgres import running_server

RESULTS = Path(__file__).parent / "endurance.md"
PEOPLE, SERVICES, COMPETENCIES = 100, 4, 10
CHECK_EVERY = 25  # kills
FAILED = 9
OF_THE_RULES = (
    edits.new_requirement,
    edits.changed_requirement,
    edits.changed_competency,
    edits.successor,
    edits.changed_service,
    edits.new_catalogue_rows,
    edits.course_grant,
    edits.newcomer,
)
SHARE_OF_RULES = 0.01  # they grow with every change, and work everybody out again


class QuickEditor(Editor):
    """Draws a row without reading the others."""

    def any(self, model: type[Any]) -> Any:
        count = self.session.scalar(select(func.count()).select_from(model)) or 0
        place = self.random.randrange(max(count, 1))
        return self.session.scalars(select(model).order_by(model.id).offset(place).limit(1)).first()


def recorded_learning(edit: Editor) -> None:
    """As a page does it, with its line in the log."""
    record_learning(
        edit.session,
        staff_id=edit.any(models.Staff).id,
        competency_id=edit.any(models.Competency).id,
        completed_on=min(edit.day(), AT.date()),
        level=edit.random.choice((None, 1, 2, 3)),
        reference=f"endurance {edit.number}",
        by=BY,
        at=AT,
    )


def put_right(edit: Editor) -> None:
    """A completion on another day."""
    row = edit.any(models.Learning)
    values = {"completed_on": min(edit.day(), AT.date())}
    correct_learning(edit.session, learning_id=row.id, values=values, reason="typing", by=BY, at=AT)


def taken_back(edit: Editor) -> None:
    """A completion that never was."""
    row = edit.any(models.Learning)
    void_learning(edit.session, learning_id=row.id, reason="not theirs", by=BY, at=AT)


OF_FACTS = (
    *(edit for edit in edits.EDITS if edit not in OF_THE_RULES),
    recorded_learning,
    put_right,
    taken_back,
)


def change(engine: Engine, seed: int, number: int) -> bool:
    """One random change, whole or not at all; False when the record refused it."""
    random = Random(f"{seed} {number}")
    edit = random.choice(OF_THE_RULES if random.random() < SHARE_OF_RULES else OF_FACTS)
    try:
        with writing(engine) as session:
            edit(QuickEditor(session, random, number))
    except (IntegrityError, LearningRefused):
        return False
    return True


def write_until_killed(url: str, seed: int, numbers: range, said: int) -> None:
    """The writer, a child of whoever watches: says each number once it is stored, and never comes back."""
    status = FAILED
    try:
        engine = make_engine(url)
        for number in numbers:
            change(engine, seed, number)
            os.write(said, f"{number}\n".encode())
        status = 0
    except Exception:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)


@dataclass
class Watch:
    """What was seen so far. `faults`: whatever `check` or an image found."""

    engine: Engine
    seed: int
    stored: int = 0
    kills: int = 0
    checks: int = 0
    faults: list[str] = field(default_factory=list)

    def run(self, operations: int, *, alive: Callable[[Random], float]) -> None:
        """So many changes; `alive` draws for how many seconds a writer lives."""
        random = Random(self.seed)
        while self.stored < operations and not self.faults:
            finished = self._one_writer(operations, alive(random))
            self.kills += not finished
            if finished or self.kills % CHECK_EVERY == 0:
                self.check(random.choice(TURNING_DAYS))

    def _one_writer(self, last: int, seconds: float) -> bool:
        """False when it had to be killed. It may have stored one change more than it said."""
        url = self.engine.url.render_as_string(hide_password=False)
        self.engine.dispose()  # a child must not hold the connections of its parent
        heard, said = os.pipe()
        writer = os.fork()
        if writer == 0:
            write_until_killed(url, self.seed, range(self.stored, last), said)
        os.close(said)
        with os.fdopen(heard) as stored:
            first = stored.readline()  # it lives from its first change on
            killer = threading.Timer(seconds, os.kill, (writer, signal.SIGKILL))
            killer.start()
            numbers = [int(line) for line in (first, *stored) if line.strip()]
        killer.cancel()
        killer.join()
        _pid, status = os.waitpid(writer, 0)
        if os.waitstatus_to_exitcode(status) not in (0, -signal.SIGKILL):
            raise SystemExit("the writer failed by itself")
        finished = status == 0
        self.stored = max([self.stored, *(number + 1 for number in numbers)]) + (not finished)
        return finished

    def check(self, on: date) -> None:
        """As the command does it; and an image in memory against the rules, on a day."""
        self.checks += 1
        with reading(self.engine) as session:
            self.faults += differences(session) + broken_links(session)
            self.faults += disagreements(current(session), workforce(session), on=on)


def filled(engine: Engine, seed: int) -> None:
    """A random organisation with what follows from it."""
    tables = random_package(seed, people=PEOPLE, services=SERVICES, competencies=COMPETENCIES)
    with tempfile.TemporaryDirectory(prefix="skillsmatrix-endurance-") as folder:
        import_from(write(tables, Path(folder) / "package"), engine, at=datetime(2026, 9, 1, 12, tzinfo=UTC))
    with writing(engine) as session:
        rebuild(session, by=BY, at=AT)


def watched(url: str, operations: int, seed: int) -> Watch:
    """A whole run on an empty database."""
    migrations.migrate(url)
    watch = Watch(make_engine(url), seed)
    filled(watch.engine, seed)
    watch.check(TURNING_DAYS[0])
    watch.run(operations, alive=lambda random: random.uniform(0.0, 6.0))
    return watch


def told(database: str, watch: Watch, took: float) -> str:
    """One row of the table."""
    found = "no difference" if not watch.faults else f"**{len(watch.faults)} faults: {watch.faults[0]}**"
    time_taken = timedelta(seconds=round(took))
    return f"| {database} | {watch.stored:,} | {watch.kills} | {watch.checks} | {time_taken} | {found} |"


def main(arguments: Sequence[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python3 -m benchmarks.endurance", description=__doc__)
    parser.add_argument("--operations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--database", action="append", choices=("SQLite", "PostgreSQL"), help="both, if none")
    asked = parser.parse_args(arguments)
    failed = False
    with tempfile.TemporaryDirectory(prefix="skillsmatrix-endurance-") as folder, running_server() as server:
        urls = {
            "SQLite": lambda: f"sqlite:///{folder}/endurance.db",
            "PostgreSQL": lambda: server.create("endurance"),
        }
        for database in asked.database or urls:
            start = time.perf_counter()
            watch = watched(urls[database](), asked.operations, asked.seed)
            row = told(database, watch, time.perf_counter() - start)
            print(row, flush=True)
            _keep(database, row, asked.seed)
            failed |= bool(watch.faults)
            watch.engine.dispose()
    return 1 if failed else 0


def _keep(database: str, row: str, seed: int) -> None:
    """The row in place of the last one of this database."""
    page = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    others = [line for line in page.splitlines() if line.startswith("| ") and "| changes" not in line]
    rows = [line for line in others if not line.startswith(f"| {database} ")]
    RESULTS.write_text("\n".join((*_intro(seed), *sorted((*rows, row)))) + "\n", encoding="utf-8")


def _intro(seed: int) -> list[str]:
    return [
        "# Random changes, and a writer that is killed",
        "",
        f"On {machine()}, {time.strftime('%d %B %Y')}.",
        f"An organisation of {PEOPLE} people, {SERVICES} services and {COMPETENCIES} competencies;",
        f"changes of {len(OF_FACTS) + len(OF_THE_RULES)} kinds, one in a hundred of the rules;",
        "each writer is killed at a random instant. A check compares all that is kept with the facts,",
        "follows the log, and asks an image that was in memory all along what the rules are asked.",
        f"Made by `python3 -m benchmarks.endurance`, seed {seed}.",
        "",
        "| database | changes tried | kills | checks | time | found |",
        "|---|---|---|---|---|---|",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
