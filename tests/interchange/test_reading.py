"""What a package says is read as it is meant, in whichever container it comes."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from skillsmatrix.interchange.faults import PackageFaults
from skillsmatrix.interchange.notes import notes
from skillsmatrix.interchange.package import read_package
from tests.interchange.samples import SOUND, content, folder, told, workbook, zipped


def test_a_sound_package_is_read_with_line_and_typed_values(tmp_path: Path) -> None:
    header = "staff,competency,completed_on,valid_months,recorded_at\n"
    learning = header + "ann,meds,2026-01-31,12,2026-02-01T09:30:00Z\n"

    package = read_package(folder(tmp_path / "p", {"learning": learning}), known={})

    (row,) = package.rows["learning"]
    assert row.line == 2
    assert row.values == {
        "staff": "ann",
        "competency": "meds",
        "completed_on": date(2026, 1, 31),
        "valid_months": 12,
        "recorded_at": datetime(2026, 2, 1, 9, 30, tzinfo=UTC),
    }
    assert package.present_tables == (*SOUND, "learning")
    assert len(package.rows["absences"]) == 0


def test_folder_zip_and_workbook_say_the_same(tmp_path: Path) -> None:
    posts = "staff,service,role,basis,wte,starts_on\nann,elm,worker,permanent,0.6,2024-02-29\n"
    files = {f"{name}.csv": text for name, text in {**SOUND, "posts": posts}.items()}

    read = [
        content(read_package(path, known={}))
        for path in (
            folder(tmp_path / "p", {"posts": posts}),
            zipped(tmp_path / "flat.zip", files),
            zipped(tmp_path / "one-folder.zip", {f"export/{name}": text for name, text in files.items()}),
            workbook(tmp_path / "p.xlsx", {"posts": posts}),
        )
    ]

    assert read[0]["posts"][0]["wte"] == 0.6
    assert read == [read[0]] * 4


def test_a_quoted_cell_may_hold_commas_quotes_and_line_breaks_and_lines_are_counted_as_an_editor_does(
    tmp_path: Path,
) -> None:
    roles = 'role,name,boundary\r\na,"Senior, ""acting""","one\r\ntwo\r\nthree"\r\nb,,\r\n'

    assert told(folder(tmp_path / "p", {"roles": roles})) == [("roles", 5, "name", "")]
    package = read_package(folder(tmp_path / "q", {"roles": roles.replace("b,,", "b,B,")}))
    assert package.rows["roles"][0].values == {
        "role": "a",
        "name": 'Senior, "acting"',
        "boundary": "one\ntwo\nthree",
    }
    assert package.rows["roles"][1].line == 5


def test_blanks_around_a_value_and_a_byte_order_mark_mean_nothing(tmp_path: Path) -> None:
    roles = "\ufeffrole , name\n  a , Worker \n"

    package = read_package(folder(tmp_path / "p", {"roles": roles}))

    assert package.rows["roles"][0].values == {"role": "a", "name": "Worker"}


def test_empty_lines_and_rows_of_blanks_state_nothing(tmp_path: Path) -> None:
    package = read_package(folder(tmp_path / "p", {"roles": "role,name\n\na,A\n,\n \n\n"}))

    assert [row.line for row in package.rows["roles"]] == [3]


def test_a_table_may_be_empty_with_or_without_its_header(tmp_path: Path) -> None:
    package = read_package(
        folder(tmp_path / "p", {"absences": "", "posts": "staff,service,role,basis,starts_on\n"})
    )

    assert len(package.rows["absences"]) == len(package.rows["posts"]) == 0
    assert {"absences", "posts"} <= set(package.present_tables)


def test_rows_can_be_counted_picked_and_sliced(tmp_path: Path) -> None:
    rows = read_package(folder(tmp_path / "p", {})).rows["staff"]

    assert len(rows) == 2
    assert rows[-1].values["staff"] == "bea"
    assert [row.line for row in rows[:5]] == [2, 3]


def test_files_for_people_beside_the_tables_are_left_alone(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", {})
    for name in ("README.md", "notes.txt", ".DS_Store", ".hidden.csv"):
        (path / name).write_text("x")

    assert told(path) == []


def test_codes_are_compared_exactly_and_those_that_look_alike_are_pointed_out(tmp_path: Path) -> None:
    roles = "role,name\nÉlan,A\nélan,B\ne\u0301lan,C\nother,D\n"

    package = read_package(folder(tmp_path / "p", {"roles": roles}))

    assert len(package.rows["roles"]) == 4
    found = notes(package, on=date(2026, 3, 1))
    assert [(note.line, note.value) for note in found] == [(3, "élan"), (4, "e\u0301lan")]


def test_evidence_dated_after_today_is_accepted_and_pointed_out(tmp_path: Path) -> None:
    learning = "staff,competency,completed_on\nann,meds,2026-03-01\nann,meds,2026-03-02\n"
    supervision = "supervisee,supervisor,kind,held_on\nann,bea,clinical,2027-01-01\n"
    path = folder(tmp_path / "p", {"learning": learning, "supervision": supervision})

    found = notes(read_package(path), on=date(2026, 3, 1))

    assert [note[:4] for note in found] == [
        ("learning", 3, "completed_on", "2026-03-02"),
        ("supervision", 2, "held_on", "2027-01-01"),
    ]


def test_references_may_point_at_what_is_stored_already(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", {"absences": "staff,kind,starts_on\nzoe,sick,2026-01-01\n"})

    assert told(path) == [("absences", 2, "staff", "zoe")]
    assert told(path, staff={"zoe"}) == []


def test_the_same_content_has_the_same_digest_and_other_content_another(tmp_path: Path) -> None:
    one = read_package(folder(tmp_path / "p", {})).digest
    same = read_package(folder(tmp_path / "q", {})).digest
    other = read_package(folder(tmp_path / "r", {"roles": "role,name\nworker,Worker\n"})).digest

    assert one == same != other
    assert len(one) == 64


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-02-28T09:30:00Z", datetime(2026, 2, 28, 9, 30, tzinfo=UTC)),
        ("2026-02-28T09:30:00.123456+00:00", datetime(2026, 2, 28, 9, 30, 0, 123456, tzinfo=UTC)),
        ("2026-07-01T00:30:00+01:00", datetime(2026, 6, 30, 23, 30, tzinfo=UTC)),
        ("2026-02-28 09:30", datetime(2026, 2, 28, 9, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_as_utc(tmp_path: Path, written: str, read: datetime) -> None:
    supervision = f"supervisee,supervisor,kind,held_on,recorded_at\nann,bea,clinical,2026-01-01,{written}\n"

    package = read_package(folder(tmp_path / "p", {"supervision": supervision}))

    assert package.rows["supervision"][0].values["recorded_at"] == read


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("\nrole;name\na;A\nb;B, the second\n", "a semicolon"),
        ('\ufeff"role"\t"name"\na\tA\n', "a tab"),
    ],
)
def test_a_file_that_is_not_separated_by_commas_is_one_fault_that_says_so(
    tmp_path: Path, text: str, separator: str
) -> None:
    posts = "staff,service,role,basis,starts_on\nann,elm,a,bank,2024-01-01\n"

    with pytest.raises(PackageFaults) as refused:
        read_package(folder(tmp_path / "p", {"roles": text, "posts": posts}), known={})

    (fault,) = refused.value.faults
    assert (fault.table, fault.column) == ("roles", "")
    assert (
        fault.expected
        == f"commas between the cells; {separator} separates them here: save it as CSV with commas"
    )


@pytest.mark.parametrize("name", ["Staff", "STAFF", " Staff "])
def test_a_sheet_whose_name_differs_by_capitals_or_spaces_is_told_the_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet(name).write_row(0, 0, ["staff", "family_name"])
        book.add_worksheet("learning").write_row(0, 0, ["staff", "competency", "completed_on"])

    with pytest.raises(PackageFaults) as refused:
        read_package(path, known={})

    (fault,) = refused.value.faults
    assert (fault.table, fault.value) == (name.strip(), name.strip())
    assert fault.expected == "the name staff, in small letters and with _ for a space"


def test_the_codes_of_a_table_under_a_mistaken_name_are_not_blamed_on_those_who_refer_to_them(
    tmp_path: Path,
) -> None:
    path = folder(tmp_path / "p", {"learning": "staff,competency,completed_on\nann,meds,2026-01-01\n"})
    (path / "staff.csv").rename(path / "Staff.csv")

    assert told(path) == [("Staff", None, "", "Staff")]
