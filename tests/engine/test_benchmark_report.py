"""The page of results holds what several runs of several commands measured."""

from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.report import Section, write


def test_a_run_replaces_its_own_sections_and_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results.md")
    write(["First."], [Section("L: ten", ["| 3 |"]), Section("Certificates", ["kept"])])
    write(["Second."], [Section("M: one", ["| 1 |"]), Section("L: ten", ["| 2 |"])])

    page = (tmp_path / "results.md").read_text()

    assert [line for line in page.splitlines() if line] == [
        "# How fast the matrix is",
        "Second.",
        "## M: one",
        "| 1 |",
        "## L: ten",
        "| 2 |",
        "## Certificates",
        "kept",
    ]


def test_a_run_of_sections_alone_leaves_what_the_page_begins_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results.md")
    write(["First.", "", "Of whom."], [Section("S: one", ["| 1 |"])])
    before = (tmp_path / "results.md").read_text()
    write(None, [Section("S: one", ["| 2 |"])])

    assert (tmp_path / "results.md").read_text() == before.replace("| 1 |", "| 2 |")
