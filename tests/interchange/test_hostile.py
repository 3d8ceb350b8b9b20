"""Hostile and broken files are refused with a clear message, in two seconds and 300 MB at most."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from skillsmatrix.foundation.paths import PROJECT
from tests.interchange.hostile import REFUSED_BY_CELL, REFUSED_WHOLE, write_all
from tests.interchange.samples import refusal

MOST_SECONDS = 2.0
MOST_MEGABYTES = 300

# One process reads them all; its peak memory is then the peak of the worst.
READER = """
import json, resource, sys, time
from pathlib import Path
from skillsmatrix.interchange.faults import PackageFaults, UnreadablePackage
from skillsmatrix.interchange.package import read_package

resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
told = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    began = time.process_time()
    try:
        read_package(path)
        outcome = {"kind": "accepted"}
    except PackageFaults as faults:
        outcome = {"kind": "faults", "first": faults.faults[0], "count": len(faults.faults)}
    except UnreadablePackage as refused:
        outcome = {"kind": "refused", "message": str(refused)}
    outcome["seconds"] = time.process_time() - began
    told[path.name] = outcome
status = Path("/proc/self/status").read_text()  # getrusage would count the parent's memory at the fork
peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"told": told, "megabytes": peak}))
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("hostile")
    write_all(folder)
    done = subprocess.run(
        [sys.executable, "-c", READER, str(folder)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("name", REFUSED_WHOLE)
def test_a_file_that_is_no_package_or_does_harm_is_refused_whole(outcome: dict[str, Any], name: str) -> None:
    told = outcome["told"][name]

    assert told["kind"] == "refused", told
    assert REFUSED_WHOLE[name][1] in told["message"]
    assert told["seconds"] < MOST_SECONDS


@pytest.mark.parametrize("name", REFUSED_BY_CELL)
def test_what_a_workbook_or_zip_may_not_hold_is_told_with_its_place(
    outcome: dict[str, Any], name: str
) -> None:
    told = outcome["told"][name]
    _, place, words = REFUSED_BY_CELL[name]

    assert told["kind"] == "faults", told
    table, line, column, _, expected = told["first"]
    assert (table, line, column) == place
    assert words in expected
    assert told["seconds"] < MOST_SECONDS


def test_none_of_them_fills_the_memory(outcome: dict[str, Any]) -> None:
    assert outcome["megabytes"] < MOST_MEGABYTES


def test_the_workbook_library_reads_with_the_guarded_parser() -> None:
    assert openpyxl.DEFUSEDXML is True


def test_what_is_not_there_or_empty_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert "cannot be read" in refusal(tmp_path / "nowhere")
    assert "no table" in refusal(tmp_path / "empty")
