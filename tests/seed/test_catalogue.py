"""The starter catalogue: loadable as it stands, complete, and never weaker than what it stands in for."""

from collections import Counter
from pathlib import Path

import pytest

from skillsmatrix.demonstration.seedfiles import Row, read_rows
from skillsmatrix.foundation.paths import SEED
from skillsmatrix.interchange.package import read_package

CATALOGUE = SEED / "catalogue"
ROLES = read_rows(CATALOGUE / "roles.csv")
COMPETENCIES = {row["competency"]: row for row in read_rows(CATALOGUE / "competencies.csv")}
COURSES = read_rows(CATALOGUE / "courses.csv")
GRANTS = read_rows(CATALOGUE / "course_grants.csv")
REQUIREMENTS = read_rows(CATALOGUE / "requirements.csv")

EVERYBODY = {
    "CS-INDO", "CS-EDI", "CS-HSW", "CS-FIRE", "CS-IPC1", "CS-IG", "CS-MH1", "CS-PREV", "CS-SGC1",
}  # fmt: skip
CLIENT_FACING = {
    "CS-CONF", "CS-BLS", "CS-SGA2", "CS-LDA2", "CS-MCA", "MH-T2", "MH-TI1", "MH-RECOV", "MH-BOUND",
}  # fmt: skip
NOT_CLIENT_FACING = {"CS-RES1", "CS-SGA1", "CS-LDA1", "MH-T1"}


def asked_of_role(role: str) -> set[str]:
    return {row["competency"] for row in REQUIREMENTS if row["role"] == role}


def test_the_catalogue_is_a_package_without_a_fault() -> None:
    package = read_package(CATALOGUE)

    assert len(package.rows["competencies"]) == len(COMPETENCIES) > 110
    assert len(package.rows["requirements"]) == len(REQUIREMENTS)


def test_every_competency_and_role_says_where_its_boundary_lies() -> None:
    short = [code for code, row in COMPETENCIES.items() if len(row["boundary"]) < 60]
    repeated = [
        text for text, times in Counter(row["boundary"] for row in COMPETENCIES.values()).items() if times > 1
    ]

    assert (short, repeated) == ([], [])
    assert [
        row["role"] for row in ROLES if "Passes" not in row["boundary"] and "Steps" not in row["boundary"]
    ] == []


def test_clinical_boundaries_name_what_not_to_do() -> None:
    clinical = [
        row for code, row in COMPETENCIES.items() if code.startswith(("PHY-", "PSY-", "MH-SAFE", "MH-RRN"))
    ]

    silent = [
        row["competency"]
        for row in clinical
        if not any(word in row["boundary"].lower() for word in ("does not", "not ", "never", "nobody", "no "))
    ]

    assert silent == []


def test_whatever_needs_learning_is_given_by_some_course() -> None:
    given = {row["competency"] for row in GRANTS}

    assert {code for code, row in COMPETENCIES.items() if row["needs_learning"] == "yes"} <= given
    assert {row["course"] for row in GRANTS} == {row["course"] for row in COURSES}


def test_a_course_in_a_harder_subject_gives_the_easier_one_too() -> None:
    given: dict[str, set[str]] = {}
    for row in GRANTS:
        given.setdefault(row["course"], set()).add(row["competency"])

    assert given["ILS"] >= {"CS-ILS", "CS-BLS"}
    assert given["SGA-3"] >= {"CS-SGA3", "CS-SGA2", "CS-SGA1"}
    assert given["MH-PRACTICE"] >= {"MH-T3", "MH-T2", "MH-T1"}
    assert given["STOP-SMOKING"] >= {"PHY-SSP", "PHY-VBA"}
    assert "PHY-SSP" not in given["VBA"]
    assert given["EMDR-AWARE"] == {"PSY-EMDRA"}


@pytest.mark.parametrize(
    ("competency", "months"),
    [
        ("CS-FIRE", "12"),
        ("CS-IG", "12"),
        ("CS-EDI", "36"),
        ("CS-FAW", "36"),
        ("CS-BLS", "12"),
        ("PSY-EMDRP", "60"),
    ],
)
def test_intervals_that_were_read_are_those_of_the_page(competency: str, months: str) -> None:
    assert COMPETENCIES[competency]["learning_months"] == months


@pytest.mark.parametrize(
    ("competency", "kind", "lapse", "group"),
    [
        ("PSY-LT", "clinical", "56", ""),
        ("PHY-BP", "clinical", "56", ""),
        ("PSY-PWP", "case_management", "14", "1"),
        ("PSY-CBT", "cbt", "21", "1"),
        ("PSY-EMDRT", "emdr", "45", "6"),
        ("PHY-NEWS2", "delegation", "90", "1"),
    ],
)
def test_supervision_that_a_competency_hangs_on(competency: str, kind: str, lapse: str, group: str) -> None:
    row = COMPETENCIES[competency]

    assert (row["supervision_kind"], row["supervision_lapse_days"], row["supervision_max_group"]) == (
        kind,
        lapse,
        group,
    )


def test_first_aid_has_no_early_window_and_no_grace() -> None:
    assert {COMPETENCIES[code]["renewal"] for code in ("CS-FAW", "CS-EFAW")} == {"reset"}


def test_the_old_risk_course_is_superseded_by_safety_planning() -> None:
    assert COMPETENCIES["MH-RISK"]["superseded_by"] == "MH-SAFE"
    assert COMPETENCIES["MH-RISK"]["superseded_on"] == "2026-04-01"


def test_everybody_needs_the_common_subjects() -> None:
    assert asked_of_role("") == EVERYBODY


@pytest.mark.parametrize("role", ROLES, ids=lambda role: str(role["role"]))
def test_every_role_is_asked_for_its_core(role: Row) -> None:
    core = CLIENT_FACING if role["client_facing"] == "yes" else NOT_CLIENT_FACING

    assert core <= asked_of_role(role["role"])


def test_life_support_safeguarding_boundaries_and_lone_working_are_hard_stops() -> None:
    hard = {row["competency"] for row in REQUIREMENTS if row["strength"] == "hard_stop"}

    assert hard == {"CS-BLS", "CS-SGA2", "MH-BOUND", "CS-LONE"}


def test_every_competency_has_its_source_told() -> None:
    told = Path(CATALOGUE / "SOURCES.md").read_text(encoding="utf-8")

    assert [code for code in COMPETENCIES if f"| {code} |" not in told] == []
