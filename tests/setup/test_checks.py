"""One command runs every check; its last line and its exit status say how it went."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from skillsmatrix.setup.checks import Tally, summary, tally

PROJECT = Path(__file__).resolve().parents[2]

REPORT = (
    """<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="20"/></testsuites>"""
)

# A stand-in for each tool: says its name, fails when it is the one in $FAULTY, writes pytest's report.
TOOL = """#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
for word in "$@"; do case "$word" in --junit-xml=*) cp "$REPORT" "${word#--junit-xml=}";; esac; done
[ "$(basename "$0") $1" = "$FAULTY" ] && { echo "this is what is wrong"; exit 1; }
exit 0
"""


@pytest.mark.parametrize(
    ("counted", "faulty", "status", "line"),
    [
        (Tally(1234), [], 0, "1234 passed, 0 failed"),
        (Tally(10, 2, 1), [], 1, "10 passed, 2 failed, 1 skipped"),
        (Tally(10), ["types", "imports"], 0, "10 passed, 0 failed; checks that failed: types, imports"),
        (Tally(), [], 5, "0 passed, 0 failed; pytest ended with status 5"),
    ],
)
def test_the_last_line(counted: Tally, faulty: list[str], status: int, line: str) -> None:
    assert summary(counted, faulty, status) == line


def test_errors_count_as_failed(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT)

    assert tally(tmp_path / "report.xml") == Tally(passed=14, failed=3, skipped=3)
    assert tally(tmp_path / "none.xml") == Tally()


def run(folder: Path, *arguments: str, faulty: str = "") -> "subprocess.CompletedProcess[str]":
    """The command in a project whose tools are stand-ins."""
    setup = folder / "skillsmatrix" / "setup"
    shutil.copytree(PROJECT / "skillsmatrix/setup", setup)
    (folder / "skillsmatrix/__init__.py").touch()
    tools = folder / ".setup/venv/bin"
    tools.mkdir(parents=True)
    for name in ("ruff", "mypy", "lint-imports", "pytest"):
        (tools / name).write_text(TOOL)
        (tools / name).chmod(0o755)
    (folder / "report.xml").write_text(REPORT.replace('errors="1" failures="2"', 'errors="0" failures="0"'))
    return subprocess.run(
        [sys.executable, "-m", "skillsmatrix.setup.checks", *arguments],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "CALLS": str(folder / "calls"),
            "REPORT": str(folder / "report.xml"),
            "FAULTY": faulty,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_check_runs_and_all_is_well(tmp_path: Path) -> None:
    finished = run(tmp_path)
    called = [" ".join(line.split()[:2]) for line in (tmp_path / "calls").read_text().splitlines()]

    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines()[-1] == "17 passed, 0 failed, 3 skipped"
    assert called == ["ruff check", "ruff format", "mypy --no-error-summary", "lint-imports --no-logo",
                      "pytest --numprocesses=2"]  # fmt: skip


@pytest.mark.parametrize(
    ("faulty", "named"),
    [
        ("ruff check", "ruff"),
        ("ruff format", "format"),
        ("mypy --no-error-summary", "types"),
        ("lint-imports --no-logo", "imports"),
    ],
)
def test_a_check_that_fails_fails_the_command_and_shows_why(tmp_path: Path, faulty: str, named: str) -> None:
    finished = run(tmp_path, faulty=faulty)

    assert finished.returncode == 1
    assert "this is what is wrong" in finished.stdout
    assert finished.stdout.splitlines()[-1].endswith(f"checks that failed: {named}")


def test_a_test_that_fails_fails_the_command(tmp_path: Path) -> None:
    assert run(tmp_path, faulty="pytest --numprocesses=2").returncode == 1


def test_words_of_ones_own_are_pytests(tmp_path: Path) -> None:
    finished = run(tmp_path, "-k", "cover", faulty="pytest -k")

    assert finished.returncode == 1
    assert (tmp_path / "calls").read_text() == "pytest -k cover\n"
