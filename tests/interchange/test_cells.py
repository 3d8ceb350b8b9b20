"""CSV files that people open in a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillsmatrix.interchange.cells import csv_for_people, plain_cell, safe_cell


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠A",
        "  =cmd|' /C calc'!A0",
    ],
)
def test_a_cell_that_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ann", "O'Neill", "'t Hooft", "a=b", "3-4", "Ann-Marie", " ", "'"])
def test_a_cell_that_runs_nothing_is_left_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n ＝a,;"), max_size=8) | st.text())
def test_taking_the_apostrophe_off_again_gives_what_was_there(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text


def test_no_comma_or_semicolon_in_a_cell_can_start_another() -> None:
    written = csv_for_people(["name", "note"], [["Ann;=1+1", 'x",=2+2']])

    assert written == '"name","note"\n"Ann;=1+1","x"",=2+2"\n'
    assert list(csv.reader(io.StringIO(written)))[1] == ["Ann;=1+1", 'x",=2+2']
