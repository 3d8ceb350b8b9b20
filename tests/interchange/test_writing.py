"""What is written is read back as the same facts, in every container, and is the same bytes each time."""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillsmatrix.interchange.package import read_package
from skillsmatrix.interchange.tables import BY_NAME, TABLES, Column, Kind, Value
from skillsmatrix.interchange.values import FIRST_DAY, LAST_DAY, Unfit, reader_for
from skillsmatrix.interchange.writing import write_folder, write_package, write_workbook, write_zip

CONTAINERS = ("p", "p.zip", "p.xlsx")
ROLE = {"role": "worker", "name": "Support worker", "client_facing": True}
MEDS = {"competency": "meds", "title": "Medicines", "needs_learning": True, "needs_sign_off": False}
ANN = {"staff": "ann", "family_name": "Ash", "employer": "t", "employed_from": date(2020, 1, 1)}


@contextmanager
def workplace() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


def fits(column: Column, text: str) -> bool:
    try:
        return reader_for(column)(text) == text
    except Unfit:
        return False


def values(column: Column) -> st.SearchStrategy[Value]:
    """Any value that a column can hold, the awkward ones among them."""
    awkward = st.sampled_from(
        ["=1+1", "'x", '"', "a,b", "x\ny", "007", "_x0041_", "-", "é", "0", "yes", "1e5"]
    )
    letters = st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp"))
    text = st.text(letters | st.sampled_from("'\"=,;<&_x\n\t"), min_size=1, max_size=20)
    by_kind: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.CODE: (awkward | text.map(str.strip)).filter(lambda text: fits(column, text)),
        Kind.TEXT: (awkward | text.map(str.strip)).filter(lambda text: fits(column, text)),
        Kind.DAY: st.dates(FIRST_DAY, LAST_DAY),
        Kind.INSTANT: st.datetimes(datetime(1900, 1, 2), datetime(4700, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        Kind.YES_NO: st.booleans(),
        Kind.WHOLE: st.integers(column.minimum, column.maximum),
        Kind.DECIMAL: st.integers(column.minimum * 10_000, column.maximum * 10_000).map(lambda n: n / 10_000),
        Kind.CHOICE: st.sampled_from(column.choices or ("",)),
    }
    stated = by_kind[column.kind]
    return stated if column.required else st.none() | stated


def table_rows(name: str) -> st.SearchStrategy[list[dict[str, Value]]]:
    table = BY_NAME[name]
    row = st.fixed_dictionaries({column.name: values(column) for column in table.columns})
    return st.lists(row, max_size=4, unique_by=lambda row: tuple(row[part] for part in table.key))


def read_back(path: Path, name: str) -> list[dict[str, Value]]:
    return [row.values for row in read_package(path).rows[name]]


def by_key(table: str, rows: list[dict[str, Value]]) -> dict[tuple[Value, ...], dict[str, Value]]:
    return {tuple(row[part] for part in BY_NAME[table].key): row for row in rows}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(roles=table_rows("roles"), courses=table_rows("courses"), learning=table_rows("learning"))
def test_whatever_is_written_is_read_back_the_same_from_each_container(
    roles: list[dict[str, Value]], courses: list[dict[str, Value]], learning: list[dict[str, Value]]
) -> None:
    tables = {"roles": roles, "courses": courses, "learning": learning}
    with workplace() as place:
        for name in CONTAINERS:
            write_package(tables, place / name)
            for table, rows in tables.items():
                assert by_key(table, read_back(place / name, table)) == by_key(table, rows)


def test_columns_come_in_the_contract_order_and_rows_by_key_in_code_point_order(tmp_path: Path) -> None:
    learning = [
        {"staff": "b", "competency": "m", "completed_on": date(2026, 1, 1), "reference": "Z"},
        {"staff": "b", "competency": "m", "completed_on": date(2026, 1, 1)},
        {"staff": "é", "competency": "m", "completed_on": date(2025, 1, 1)},
        {"staff": "B", "competency": "m", "completed_on": date(2026, 1, 1), "valid_months": 12},
    ]

    write_folder({"learning": learning}, tmp_path / "p")

    assert (tmp_path / "p" / "learning.csv").read_bytes().decode() == (
        "staff,competency,completed_on,level,course,provider,reference,valid_months,recorded_at\n"
        "B,m,2026-01-01,,,,,12,\n"
        "b,m,2026-01-01,,,,,,\n"
        "b,m,2026-01-01,,,,Z,,\n"
        "é,m,2025-01-01,,,,,,\n"
    )
    assert sorted(file.name for file in (tmp_path / "p").iterdir()) == sorted(f"{t.name}.csv" for t in TABLES)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1.0"), (1.0, "1.0"), (0.6, "0.6"), (0.62667, "0.62667"), (0.1 + 0.2, "0.3"), (None, "")],
)
def test_whole_time_equivalents_are_written_in_one_way(tmp_path: Path, value: Value, text: str) -> None:
    post = {"staff": "a", "service": "s", "role": "r", "basis": "bank", "wte": value, "starts_on": FIRST_DAY}

    write_folder({"posts": [post]}, tmp_path / "p")

    (row,) = csv.DictReader(io.StringIO((tmp_path / "p" / "posts.csv").read_text()))
    assert row["wte"] == text


def test_a_row_may_be_given_as_values_in_the_order_of_the_columns(tmp_path: Path) -> None:
    write_folder({"roles": [("worker", "Support worker", True, None, None)]}, tmp_path / "p")

    assert read_back(tmp_path / "p", "roles") == [{**ROLE, "purpose": None, "boundary": None}]


@pytest.mark.parametrize("name", ["p.zip", "p.xlsx"])
def test_the_same_facts_are_the_same_bytes(tmp_path: Path, name: str) -> None:
    tables = {"roles": [ROLE], "competencies": [MEDS], "staff": [ANN]}

    write_package(tables, tmp_path / name)
    first = (tmp_path / name).read_bytes()
    write_package(tables, tmp_path / name)

    assert (tmp_path / name).read_bytes() == first


def test_a_workbook_stores_every_cell_as_text_and_never_a_formula(tmp_path: Path) -> None:
    write_workbook(
        {"roles": [{"role": "=1+1", "name": "http://x.example"}], "staff": [ANN]}, tmp_path / "p.xlsx"
    )

    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert book["roles"]["A2"].value == "=1+1"
    assert all(cell.hyperlink is None for cell in cells)


def test_numbers_days_and_ticks_typed_into_a_workbook_are_what_the_csv_would_say(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "supervision"
    sheet.append(["supervisee", "supervisor", "kind", "held_on", "minutes", "recorded_at"])
    sheet.append([7, 8.0, "clinical", date(2026, 2, 28), 60.0, datetime(2026, 3, 1)])  # noqa: DTZ001
    sheet.append(["ann", "bea", 2.5, "2026-03-01", "45", datetime(2026, 3, 1, 9, 30)])  # noqa: DTZ001
    other = book.create_sheet("roles")
    other.append(["role", "name", "client_facing"])
    other.append(["worker", 0.1 + 0.2, True])
    book.save(tmp_path / "p.xlsx")

    assert read_back(tmp_path / "p.xlsx", "supervision") == [
        {
            "supervisee": "7",
            "supervisor": "8",
            "kind": "clinical",
            "held_on": date(2026, 2, 28),
            "minutes": 60,
            "recorded_at": datetime(2026, 3, 1, tzinfo=UTC),
        },
        {
            "supervisee": "ann",
            "supervisor": "bea",
            "kind": "2.5",
            "held_on": date(2026, 3, 1),
            "minutes": 45,
            "recorded_at": datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        },
    ]
    assert read_back(tmp_path / "p.xlsx", "roles") == [
        {"role": "worker", "name": "0.3", "client_facing": True}
    ]


def test_an_earlier_package_is_replaced_and_other_things_are_not_swept_away(tmp_path: Path) -> None:
    write_folder({"roles": [ROLE]}, tmp_path / "p")
    write_folder({"roles": [{**ROLE, "name": "Other"}]}, tmp_path / "p")
    assert read_back(tmp_path / "p", "roles")[0]["name"] == "Other"
    assert [entry.name for entry in tmp_path.iterdir()] == ["p"]

    (tmp_path / "p" / "letter.odt").write_text("mine")
    with pytest.raises(FileExistsError, match="other things"):
        write_folder({"roles": []}, tmp_path / "p")
    assert (tmp_path / "p" / "letter.odt").read_text() == "mine"


@pytest.mark.parametrize("name", CONTAINERS)
def test_an_export_that_fails_leaves_the_earlier_one_and_no_draft(tmp_path: Path, name: str) -> None:
    write_package({"roles": [ROLE]}, tmp_path / name)

    def breaking() -> Iterator[dict[str, Value]]:
        yield ANN
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        write_package({"roles": [], "staff": breaking()}, tmp_path / name)

    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    assert len(read_back(tmp_path / name, "roles")) == 1


def test_a_table_or_column_that_is_none_of_the_contract_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="salaries"):
        write_zip({"salaries": []}, tmp_path / "p.zip")
    with pytest.raises(ValueError, match="pay"):
        write_zip({"staff": [{**ANN, "pay": 1}]}, tmp_path / "p.zip")
    assert list(tmp_path.iterdir()) == []


def test_an_instant_without_a_zone_is_not_written(tmp_path: Path) -> None:
    session = {"supervisee": "a", "supervisor": "b", "kind": "k", "held_on": FIRST_DAY}

    with pytest.raises(ValueError, match="time zone"):
        write_folder({"supervision": [{**session, "recorded_at": datetime(2026, 1, 1)}]}, tmp_path / "p")  # noqa: DTZ001


def test_a_zip_has_the_tables_at_its_top(tmp_path: Path) -> None:
    write_zip({}, tmp_path / "p.zip")

    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert archive.namelist() == [f"{table.name}.csv" for table in TABLES]
