"""An import that is killed at any instant leaves all of the package or nothing of it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from skillsmatrix.foundation.database import make_engine, reading
from skillsmatrix.foundation.paths import PROJECT
from skillsmatrix.models import AuditEntry, Learning, Staff
from skillsmatrix.queries.audit import broken_links
from tests.interchange.samples import folder

PEOPLE, COURSES = 200, 20

IMPORT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from skillsmatrix.foundation.database import make_engine, writing
from skillsmatrix.interchange.package import read_package
from skillsmatrix.operations.imports import import_package

package = read_package(Path(sys.argv[1]))
engine = make_engine(sys.argv[2])
print("ready", flush=True)
with writing(engine) as session:
    import_package(session, package, by="command:test", at=datetime(2026, 3, 1, tzinfo=UTC))
print("stored", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("databases", "seconds"),
    [
        *(("sqlite", seconds) for seconds in (0.05, 0.3, 0.8, 60)),
        pytest.param("postgresql", 0.3, marks=pytest.mark.postgresql),  # 2 s each: once, half-way
    ],
    indirect=["databases"],
)
def test_a_killed_import_leaves_all_or_nothing(database_url: str, tmp_path: Path, seconds: float) -> None:
    staff = "".join(f"p{n},P,trust,2020-01-01\n" for n in range(PEOPLE))
    learning = "".join(f"p{n},meds,2026-01-{day + 1:02}\n" for n in range(PEOPLE) for day in range(COURSES))
    path = folder(
        tmp_path / "p",
        {
            "staff": f"staff,family_name,employer,employed_from\n{staff}",
            "learning": f"staff,competency,completed_on\n{learning}",
        },
    )

    told = told_before_it_is_killed(path, database_url, seconds)

    engine = make_engine(database_url)
    with reading(engine) as session:
        counts = tuple(
            session.scalar(select(func.count()).select_from(m)) for m in (Staff, Learning, AuditEntry)
        )
        assert broken_links(session) == []
    engine.dispose()
    assert counts in ((0, 0, 0), (PEOPLE, PEOPLE * COURSES, 1))
    if "stored" in told:
        assert counts[0] == PEOPLE
    assert ("stored" in told) >= (seconds == 60)


def told_before_it_is_killed(path: Path, url: str, seconds: float) -> str:
    """What the importing process said until it was killed, so many seconds after it was ready."""
    command = [sys.executable, "-c", IMPORT, str(path), url]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        until = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        process.kill()
        return process.stdout.read()
