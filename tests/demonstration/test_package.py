"""The package keeps every rule of the contract's section 8, whatever the day it is made for."""

from collections import Counter
from datetime import date, timedelta

import pytest

from skillsmatrix.demonstration import demonstration_corrections, demonstration_package
from skillsmatrix.demonstration.package import Package
from skillsmatrix.foundation.paths import SEED
from skillsmatrix.interchange.tables import TABLES, Kind, Table
from tests.demonstration.conftest import package_on

ENDS = {
    "services": ("opens_on", "closes_on"),
    "staff": ("employed_from", "employed_to"),
    "posts": ("starts_on", "ends_on"),
    "absences": ("starts_on", "ends_on"),
    "registrations": ("registered_on", "valid_to"),
    "suspensions": ("starts_on", "ends_on"),
    "requirements": ("in_force_from", "in_force_to"),
    "exemptions": ("starts_on", "ends_on"),
    "sign_offs": ("assessed_on", "withdrawn_on"),
}
by_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))


def test_every_table_is_there_and_none_is_empty(package: Package) -> None:
    assert set(package) == {table.name for table in TABLES}
    assert all(package.values())


@by_table
def test_columns_and_required_cells(package: Package, table: Table) -> None:
    for row in package[table.name]:
        assert set(row) == set(table.names)
        assert [column.name for column in table.columns if column.required and not row[column.name]] == []


@by_table
def test_keys_are_unique(package: Package, table: Table) -> None:
    keys = Counter(tuple(row[column] for column in table.key) for row in package[table.name])

    assert [key for key, times in keys.items() if times > 1] == []


@by_table
def test_references_are_there(package: Package, table: Table) -> None:
    codes = {other.name: {row[other.code] for row in package[other.name]} for other in TABLES if other.code}

    for column in table.columns:
        if column.references:
            used = {row[column.name] for row in package[table.name] if row[column.name]}
            assert used <= codes[column.references]


@by_table
def test_days_numbers_and_choices_can_be_read(package: Package, table: Table) -> None:
    for column in table.columns:
        for text in {row[column.name] for row in package[table.name]} - {""}:
            match column.kind:
                case Kind.DAY:
                    assert date.fromisoformat(text).isoformat() == text
                case Kind.WHOLE:
                    assert column.minimum <= int(text) <= column.maximum
                case Kind.CHOICE:
                    assert text in column.choices
                case Kind.YES_NO:
                    assert text in ("yes", "no")


@pytest.mark.parametrize("table", ENDS)
def test_no_end_comes_before_its_start(package: Package, table: str) -> None:
    start, end = ENDS[table]

    assert [row for row in package[table] if row[end] and row[start] and row[end] < row[start]] == []


def test_nobody_signs_off_or_supervises_themselves(package: Package) -> None:
    assert [row for row in package["sign_offs"] if row["assessor"] == row["staff"]] == []
    assert [row for row in package["supervision"] if row["supervisor"] == row["supervisee"]] == []


def test_nothing_has_happened_on_or_after_the_day(package: Package, day: date) -> None:
    happened = {
        "learning": "completed_on",
        "sign_offs": "assessed_on",
        "supervision": "held_on",
        "staff": "employed_from",
    }

    for table, column in happened.items():
        assert max(row[column] for row in package[table]) < day.isoformat()
    for table in ("learning", "sign_offs", "supervision"):
        assert max(row["recorded_at"] for row in package[table]) < day.isoformat()
        assert [row for row in package[table] if row["recorded_at"] < row[happened[table]]] == []


def test_people_learn_and_work_while_they_are_employed(package: Package) -> None:
    employed = {
        row["staff"]: (row["employed_from"], row["employed_to"] or "9999") for row in package["staff"]
    }

    for row in package["posts"]:
        first, last = employed[row["staff"]]
        assert first <= row["starts_on"]
        assert (row["ends_on"] or first) <= last
    assert [row for row in package["learning"] if row["completed_on"] > employed[row["staff"]][1]] == []
    assert [row for row in package["supervision"] if row["held_on"] > employed[row["supervisor"]][1]] == []


def test_supervision_clock_and_amounts_are_stated_in_pairs(package: Package) -> None:
    for row in package["competencies"]:
        assert bool(row["supervision_kind"]) == bool(row["supervision_lapse_days"])
        assert "yes" in (row["needs_learning"], row["needs_sign_off"])
    assert [row for row in package["requirements"] if (row["cover"] == "each") == bool(row["amount"])] == []


def test_the_same_day_and_seed_give_the_same_rows(day: date) -> None:
    assert demonstration_package(SEED, on=day) == package_on(day)


def test_another_seed_gives_other_people_with_the_same_cast() -> None:
    day = date(2026, 11, 22)

    other = demonstration_package(SEED, on=day, seed=8)

    names = {(row["given_name"], row["family_name"]) for row in other["staff"]}
    assert names != {(row["given_name"], row["family_name"]) for row in package_on(day)["staff"]}
    assert ("Nkechi", "Okonkwo-Reilly") in names


def test_names_and_mail_addresses_belong_to_one_person_each(package: Package) -> None:
    names = Counter((row["given_name"], row["family_name"]) for row in package["staff"])
    mails = Counter(row["work_email"] for row in package["staff"])

    assert (max(names.values()), max(mails.values())) == (1, 1)
    assert all(mail.isascii() and mail.endswith(".example") and mail.count("@") == 1 for mail in mails)


def test_the_workforce_has_the_names_and_terms_of_the_country(package: Package) -> None:
    letters = set("".join(row["given_name"] + row["family_name"] for row in package["staff"]))

    assert set("Ŵŷọṣł'-Đ") <= letters
    assert "" in {row["given_name"] for row in package["staff"]}
    assert {row["basis"] for row in package["posts"]} == {
        "permanent", "fixed_term", "acting_up", "secondment", "bank", "agency", "volunteer", "student",
    }  # fmt: skip
    assert {"maternity", "sickness"} <= {row["kind"] for row in package["absences"]}


def test_corrections_differ_from_the_package_in_a_name_and_hours(day: date, package: Package) -> None:
    corrections = demonstration_corrections(SEED, on=day)

    before = next(row for row in package["staff"] if row["staff"] == "BH1015")
    assert corrections["staff"] == [before | {"family_name": "Beresford-Asante"}]
    post = next(row for row in package["posts"] if row["staff"] == "BH1013")
    assert corrections["posts"] == [post | {"wte": "0.7"}]


def test_the_emdr_therapist_has_given_notice_and_the_day_centre_has_a_successor(
    package: Package, day: date
) -> None:
    therapist = next(row for row in package["staff"] if row["staff"] == "OV2001")
    centre = next(row for row in package["services"] if row["service"] == "MILLRACE")

    assert therapist["employed_to"] == (day + timedelta(days=45)).isoformat()
    assert (centre["closes_on"], centre["successor"]) == ((day + timedelta(days=75)).isoformat(), "STRIDE")


def test_exemptions_are_approved_by_somebody_else_and_end_within_a_year(package: Package, day: date) -> None:
    for row in package["exemptions"]:
        days = (date.fromisoformat(row["ends_on"]) - date.fromisoformat(row["starts_on"])).days
        assert row["approved_by"] != row["staff"]
        assert days <= 366
        assert row["starts_on"] <= day.isoformat() <= row["ends_on"]
    assert len(package["exemptions"]) == 8
