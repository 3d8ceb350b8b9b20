"""What is wrong with a package is told whole: table, line, column, value, and what is expected."""

import csv
import io
from pathlib import Path

import pytest

from skillsmatrix.interchange.faults import Fault, PackageFaults, fault_counts, faults_as_csv, faults_as_text
from skillsmatrix.interchange.package import read_package
from tests.interchange.samples import folder, told, workbook

POSTS = "staff,service,role,basis,wte,starts_on,ends_on\n"
COMPETENCY = "competency,title,needs_learning,needs_sign_off"
REQUIREMENT = "requirement,competency,cover,amount,strength,in_force_from\n"
SIGN_OFFS = "staff,competency,level,assessed_on,outcome,assessor,withdrawn_on,withdrawn_reason\n"


@pytest.mark.parametrize(
    ("table", "text", "column", "value"),
    [
        ("posts", POSTS + "ann,elm,worker,zero_hours,1,2026-01-01,\n", "basis", "zero_hours"),
        ("posts", POSTS + "ann,elm,worker,bank,full,2026-01-01,\n", "wte", "full"),
        ("posts", POSTS + "ann,elm,worker,bank,-1,2026-01-01,\n", "wte", "-1"),
        ("posts", POSTS + "ann,elm,worker,bank,1,2026-02-30,\n", "starts_on", "2026-02-30"),
        ("posts", POSTS + "ann,elm,worker,bank,1,28/02/2026,\n", "starts_on", "28/02/2026"),
        ("posts", POSTS + "ann,elm,worker,bank,1,20260228,\n", "starts_on", "20260228"),
        ("posts", POSTS + "ann,elm,worker,bank,1,0026-02-28,\n", "starts_on", "0026-02-28"),
        ("posts", POSTS + "ann,elm,worker,bank,1,9999-12-31,\n", "starts_on", "9999-12-31"),
        ("posts", POSTS + "ann,elm,worker,bank,1,,\n", "starts_on", ""),
        ("posts", POSTS + "ann,elm,worker,bank,1,2026-01-02,2026-01-01\n", "ends_on", "2026-01-01"),
        ("posts", POSTS + "ann,oak,worker,bank,1,2026-01-01,\n", "service", "oak"),
        ("posts", POSTS + "Ann,elm,worker,bank,1,2026-01-01,\n", "staff", "Ann"),
        ("roles", "role,name,client_facing\nworker,W,Yes\n", "client_facing", "Yes"),
        ("roles", "role,name\nwor\u200bker,W\n", "role", "wor\u200bker"),
        ("roles", f"role,name\n{'x' * 201},W\n", "role", "x" * 199 + "…"),
        ("roles", f"role,name\nworker,{'x' * 10_001}\n", "name", "x" * 199 + "…"),
        ("roles", "role,name\nworker,a\u202eb\n", "name", "a\u202eb"),
        ("roles", "role,name\nworker,a\x07b\n", "name", "a\x07b"),
        ("competencies", f"{COMPETENCY}\nmeds,M,no,no\n", "needs_learning", "no"),
        ("competencies", f"{COMPETENCY},learning_months\nmeds,M,yes,no,0\n", "learning_months", "0"),
        ("competencies", f"{COMPETENCY},learning_months\nmeds,M,yes,no,12.0\n", "learning_months", "12.0"),
        ("competencies", f"{COMPETENCY},learning_level\nmeds,M,yes,no,0\n", "learning_level", "0"),
        ("competencies", f"{COMPETENCY},renewal\nmeds,M,yes,no,never\n", "renewal", "never"),
        ("competencies", f"{COMPETENCY},superseded_by\nmeds,M,yes,no,meds\n", "superseded_by", "meds"),
        (
            "competencies",
            f"{COMPETENCY},supervision_kind,supervision_lapse_days\nmeds,M,yes,no,clinical,\n",
            "supervision_kind",
            "clinical",
        ),
        (
            "competencies",
            f"{COMPETENCY},supervision_kind,supervision_lapse_days\nmeds,M,yes,no,,42\n",
            "supervision_lapse_days",
            "42",
        ),
        ("requirements", REQUIREMENT + "q,meds,count,,target,2026-01-01\n", "amount", ""),
        ("requirements", REQUIREMENT + "q,meds,percent,101,target,2026-01-01\n", "amount", "101"),
        ("requirements", REQUIREMENT + "q,meds,named,-1,target,2026-01-01\n", "amount", "-1"),
        ("requirements", REQUIREMENT + "q,meds,all,1,target,2026-01-01\n", "cover", "all"),
        ("sign_offs", SIGN_OFFS + "ann,meds,2,2026-01-01,competent,ann,,\n", "assessor", "ann"),
        ("sign_offs", SIGN_OFFS + "ann,meds,2,2026-01-01,competent,bea,,fell\n", "withdrawn_reason", "fell"),
        ("sign_offs", SIGN_OFFS + "ann,meds,0,2026-01-01,competent,bea,,\n", "level", "0"),
        ("services", "service,name,organisation,successor\nelm,E,trust,elm\n", "successor", "elm"),
        (
            "services",
            "service,name,organisation,opens_on,closes_on\nelm,E,trust,2026-01-02,2026-01-01\n",
            "closes_on",
            "2026-01-01",
        ),
        (
            "supervision",
            "supervisee,supervisor,kind,held_on,recorded_at\nann,bea,clinical,2026-01-01,2026-01-02\n",
            "recorded_at",
            "2026-01-02",
        ),
        (
            "supervision",
            "supervisee,supervisor,kind,held_on,recorded_at\nann,bea,clinical,2026-01-01,2026-01-32T00:00Z\n",
            "recorded_at",
            "2026-01-32T00:00Z",
        ),
        (
            "supervision",
            "supervisee,supervisor,kind,held_on,recorded_at\nann,bea,clinical,2026-01-01,9999-01-01T00:00Z\n",
            "recorded_at",
            "9999-01-01T00:00Z",
        ),
    ],
)
def test_a_value_that_cannot_be_is_told_with_its_place(
    tmp_path: Path, table: str, text: str, column: str, value: str
) -> None:
    expected = [(table, 2, column, value)]

    assert told(folder(tmp_path / "p", {table: text})) == expected


def test_the_end_on_the_day_of_the_start_is_in_order(tmp_path: Path) -> None:
    posts = POSTS + "ann,elm,worker,bank,1,2026-01-01,2026-01-01\n"

    assert told(folder(tmp_path / "p", {"posts": posts})) == []


def test_a_withdrawal_before_the_assessment_and_a_session_with_oneself_are_history_and_accepted(
    tmp_path: Path,
) -> None:
    sign_offs = SIGN_OFFS + "ann,meds,2,2026-01-02,competent,bea,2026-01-01,mistake\n"
    supervision = "supervisee,supervisor,kind,held_on\nann,ann,clinical,2026-01-01\n"

    assert told(folder(tmp_path / "p", {"sign_offs": sign_offs, "supervision": supervision})) == []


def test_the_same_key_twice_names_both_lines(tmp_path: Path) -> None:
    rows = ("ann,meds,2026-01-01,", "ann,meds,2026-01-01,A", "ann,meds,2026-01-01,")
    learning = "\n".join(("staff,competency,completed_on,reference", *rows))

    with pytest.raises(PackageFaults) as raised:
        read_package(folder(tmp_path / "p", {"learning": learning}))

    (fault,) = raised.value.faults
    assert (fault.line, fault.value) == (4, "ann, meds, 2026-01-01, ")
    assert "line 2" in fault.expected


def test_unknown_tables_and_columns_and_missing_columns_are_named(tmp_path: Path) -> None:
    path = folder(
        tmp_path / "p", {"salaries": "staff,pay\nann,1\n", "roles": "role,title,,role\nworker,W,,x\n"}
    )
    (path / "learning.xlsx").write_bytes(b"PK")

    assert told(path) == [
        ("learning.xlsx", None, "", ""),
        ("salaries", None, "", ""),
        ("roles", 1, "", "column 3 without a name"),
        ("roles", 1, "title", "title"),
        ("roles", 1, "role", "role"),
        ("roles", 1, "name", ""),
    ]


def test_every_fault_of_every_table_is_told_at_once_in_order(tmp_path: Path) -> None:
    path = folder(
        tmp_path / "p",
        {
            "posts": POSTS + "ann,elm,worker,bank,1,2026-01-01,2025-01-01\nann,oak,worker,huge,x,soon,\n",
            "staff": "staff,family_name,employer,employed_from\nann,,nobody,2026-13-01\nbea,B,trust\n",
        },
    )

    assert told(path) == [
        ("staff", 2, "family_name", ""),
        ("staff", 2, "employer", "nobody"),
        ("staff", 2, "employed_from", "2026-13-01"),
        ("staff", 3, "", ""),
        ("posts", 2, "ends_on", "2025-01-01"),
        ("posts", 3, "service", "oak"),
        ("posts", 3, "basis", "huge"),
        ("posts", 3, "wte", "x"),
        ("posts", 3, "starts_on", "soon"),
    ]


def test_a_row_at_fault_still_counts_as_there_for_those_who_refer_to_it(tmp_path: Path) -> None:
    path = folder(
        tmp_path / "p",
        {
            "staff": "staff,family_name,employer,employed_from\nann,A,trust,never\nbea,B\n",
            "absences": "staff,kind,starts_on\nann,sick,2026-01-01\nbea,sick,2026-01-01\n",
        },
    )

    assert {fault[0] for fault in told(path)} == {"staff"}


@pytest.mark.parametrize(
    "staff", [b"staff,family_name\nann,\xa3\n", b"name\nAnn\n", "staff\n".encode("utf-16")]
)
def test_a_table_that_cannot_be_read_is_told_once_and_not_again_by_all_who_refer_to_it(
    tmp_path: Path, staff: bytes
) -> None:
    absences = "staff,kind,starts_on\n" + "".join(f"ann,sick,2026-01-{day:02}\n" for day in range(1, 29))

    faults = told(folder(tmp_path / "p", {"staff": staff, "absences": absences}))

    assert {fault[0] for fault in faults} == {"staff"}


def test_a_table_given_twice_is_told(tmp_path: Path) -> None:
    path = folder(tmp_path / "p", {})
    (path / "roles.CSV").write_text("role,name\nnurse,Nurse\n")

    assert told(path) == [("roles", None, "", "")]


def test_a_hundred_thousand_faulty_lines_are_all_told(tmp_path: Path) -> None:
    lines = "".join(f"ann,meds,2026-02-30,{n}\n" for n in range(100_000))
    path = folder(tmp_path / "p", {"learning": "staff,competency,completed_on,reference\n" + lines})

    with pytest.raises(PackageFaults) as raised:
        read_package(path)

    faults = raised.value.faults
    assert raised.value.complete
    assert [fault.line for fault in faults] == list(range(2, 100_002))
    assert len(faults_as_csv(faults).splitlines()) == 100_001
    assert sum(1 for _ in faults_as_text(faults)) == 100_000
    assert "100,000 faults" in str(raised.value)


def test_beyond_half_a_million_the_list_ends_and_says_so(tmp_path: Path) -> None:
    lines = "x\n" * 500_001
    path = folder(tmp_path / "p", {"learning": "staff,competency,completed_on\n" + lines})

    with pytest.raises(PackageFaults) as raised:
        read_package(path)

    assert len(raised.value.faults) == 500_000
    assert not raised.value.complete
    assert "more than 500,000 faults" in str(raised.value)


def test_faults_as_text_stay_on_their_line_and_as_csv_run_nothing() -> None:
    fault = Fault("roles", 3, "name", "=1+1\n\x1b[31m", "text")

    assert list(faults_as_text([fault])) == ['roles, line 3, name: "=1+1\\n\\x1b[31m" - expected text']
    assert list(csv.reader(io.StringIO(faults_as_csv([fault])))) == [
        ["table", "line", "column", "value", "expected"],
        ["roles", "3", "name", "'=1+1\\n\\x1b[31m", "text"],
    ]


def test_a_fault_of_a_whole_table_has_no_line() -> None:
    fault = Fault("salaries", None, "", "", "a table of a data package")

    assert list(faults_as_text([fault])) == ["salaries: - expected a table of a data package"]
    assert faults_as_csv([fault]).splitlines()[1] == "salaries,,,,a table of a data package"


def test_faults_are_counted_by_kind() -> None:
    faults = [Fault("posts", n, "wte", "x", "a number") for n in range(3)] + [
        Fault("roles", 1, "", "", "cells")
    ]

    assert fault_counts(faults) == [("posts", "wte", "a number", 3), ("roles", "", "cells", 1)]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"role,name\na,\xa310\n", 2, "byte 3 of this line (0xA3)"),
        ("role,name\na,A\n".encode("utf-16"), 1, "UTF-16"),
        ("role,name\na,A\n".encode("utf-16-le"), 1, "NUL"),
        (b"role,name\na,A\x00\n", 2, "NUL"),
        (b'role,name\na,A\nb,"open\nc,C\n', 3, "closing quote"),
        (b'role,name\na,"A" b\nc,C\n', 2, "after a closing quote"),
        (b"role,name\ra,A\r", 1, "carriage return"),
        (b"role,name\na,A\nb\n", 3, "this row has 1"),
        (b"role,name\na,A,\n", 2, "this row has 3"),
        (b'role,name\na,"' + b"x" * 200_000 + b'"\n', 2, "shorter cell"),
        (b"role,name\na," + b"x" * 2_000_000, 2, "bytes"),
    ],
)
def test_what_is_not_csv_in_utf8_is_told_with_its_line(
    tmp_path: Path, content: bytes, line: int, words: str
) -> None:
    with pytest.raises(PackageFaults) as raised:
        read_package(folder(tmp_path / "p", {"roles": content}))

    (fault,) = raised.value.faults
    assert (fault.table, fault.line) == ("roles", line)
    assert words in fault.expected


def test_a_workbook_names_the_row_as_the_spreadsheet_shows_it(tmp_path: Path) -> None:
    roles = "role,name\nworker,W\n,\nnurse,\n"

    assert told(workbook(tmp_path / "p.xlsx", {"roles": roles})) == [("roles", 4, "name", "")]
