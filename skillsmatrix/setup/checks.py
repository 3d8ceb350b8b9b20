"""`python3 -m skillsmatrix test`: every check there is, then one line that says how it went.

With words after it, only pytest runs, and they are pytest's.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from skillsmatrix.setup.place import PROJECT, VENV

BIN = VENV / "bin" if (VENV / "bin" / "pytest").exists() else Path(sys.executable).parent

CHECKS = {
    "ruff": ["ruff", "check", "--quiet"],
    "format": ["ruff", "format", "--check", "--quiet"],
    "types": ["mypy", "--no-error-summary"],
    "imports": ["lint-imports", "--no-logo"],
}
# Each worker has a server and databases of its own, so tests may run in any order; neighbours share what is
# dear to make (a browser, a filled database), so a worker keeps them together until another runs dry.
TOGETHER = ["--numprocesses=2", "--dist=worksteal", "--quiet", "--durations=15", "--durations-min=3"]


@dataclass(frozen=True)
class Tally:
    """How many tests ended how."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0


def main(arguments: Sequence[str]) -> int:
    """Run the checks, or pytest alone with its arguments; 0 only when nothing failed."""
    if arguments:
        return subprocess.run([BIN / "pytest", *arguments], cwd=PROJECT, check=False).returncode
    faulty = [name for name, command in CHECKS.items() if not passes(name, command)]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        status = subprocess.run(
            [BIN / "pytest", *TOGETHER, f"--junit-xml={report}"],
            cwd=PROJECT,
            env=_compiling_once(),
            stdin=subprocess.DEVNULL,
            check=False,
        ).returncode
        counted = tally(report)
    print(summary(counted, faulty, status), flush=True)
    return status or (1 if faulty else 0)


def _compiling_once() -> dict[str, str]:
    """Tests start hundreds of Python processes: what one has compiled, the next one reads."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def passes(name: str, command: Sequence[str]) -> bool:
    """Run one check; what it says is shown only when it fails."""
    started = time.monotonic()
    finished = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=PROJECT,
        env={**os.environ, "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    verdict = "passed" if finished.returncode == 0 else "FAILED"
    print(f"{name}: {verdict} in {time.monotonic() - started:.1f} s", flush=True)
    if finished.returncode != 0:
        print(finished.stdout, flush=True)
    return finished.returncode == 0


def tally(report: Path) -> Tally:
    """The counts in pytest's report; nothing passed when there is no report."""
    if not report.is_file():
        return Tally()
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in ElementTree.parse(report).iter("testsuite"):  # noqa: S314 - our own file
        for name in counts:
            counts[name] += int(suite.get(name, 0))
    failed = counts["failures"] + counts["errors"]
    return Tally(counts["tests"] - failed - counts["skipped"], failed, counts["skipped"])


def summary(counted: Tally, faulty: Sequence[str], status: int) -> str:
    """The one line at the end."""
    line = f"{counted.passed} passed, {counted.failed} failed"
    if counted.skipped:
        line += f", {counted.skipped} skipped"
    if faulty:
        line += f"; checks that failed: {', '.join(faulty)}"
    if status not in (0, 1):
        line += f"; pytest ended with status {status}"
    return line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
