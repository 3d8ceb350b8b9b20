"""README.md names every setting and every command there is, and none that there is not."""

import re

import pytest

from config import VARIABLES
from skillsmatrix.cli import main
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.setup.start import FOR_DEVELOPERS
from tests.guards.source import PROJECT, told

README = (PROJECT / "README.md").read_text()
REASON = "Whoever runs the program finds everything in README.md. Correct its table."


def first_cells(table_of: str) -> list[str]:
    """What the rows of a table begin with, in code quotes, without arguments."""
    table = README.partition(f"| {table_of} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `([A-Za-z_]+)[^`]*` \|", table, re.MULTILINE)


def test_every_setting_is_explained() -> None:
    listed = first_cells("variable")

    assert sorted(listed) == sorted({*VARIABLES, "SKILLSMATRIX_SETUP"}), told([], REASON)


def settings() -> Settings:
    """What `--help` must not ask for."""
    raise AssertionError("help needs no settings")


def test_every_command_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"], settings)
    offered = re.findall(r"^    ([a-z]+)(?: |$)", capsys.readouterr().out, re.MULTILINE)

    assert offered
    assert sorted(first_cells("command")) == sorted({*offered, *FOR_DEVELOPERS}), told([], REASON)
