"""Importing a data package: merged by its keys, all or nothing, every correction keeping what was before."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.interchange.faults import PackageFaults
from skillsmatrix.interchange.package import read_package
from skillsmatrix.interchange.tables import TABLES
from skillsmatrix.models import (
    AuditEntry,
    Competency,
    EarlierVersion,
    Learning,
    Ledger,
    Post,
    Requirement,
    Service,
    SignOff,
    Staff,
)
from skillsmatrix.operations.imports import TableCounts, import_package, preview_package
from skillsmatrix.queries.audit import broken_links
from skillsmatrix.queries.packages import known_codes
from tests.interchange.samples import folder
from tests.operations.importing import AT, LATER, count, imported, one, read

STAFF = "staff,given_name,family_name,work_email,employer,employed_from,employed_to\n"
REQUIREMENT = "requirement,competency,cover,strength,in_force_from\n"
LEARNING = "staff,competency,completed_on,reference,valid_months,recorded_at\n"


def test_an_import_into_an_empty_system_adds_every_row_with_its_defaults(
    engine: Engine, tmp_path: Path
) -> None:
    posts = "staff,service,role,basis,starts_on\nann,elm,worker,permanent,2024-02-29\n"
    requirements = "requirement,competency,cover,strength,in_force_from\nq1,meds,each,hard_stop,2024-01-01\n"

    counts = imported(engine, read(tmp_path / "p", {"posts": posts, "requirements": requirements}))

    assert counts["staff"] == TableCounts(added=2)
    assert counts["absences"] == TableCounts()
    assert list(counts) == [table.name for table in TABLES]
    assert counts.changed
    competency = one(engine, Competency, code="meds")
    assert (competency.learning_level, competency.renewal) == (1, "reset")
    assert (competency.early_window_days, competency.cumulative) == (0, True)
    assert one(engine, Post).wte == 1.0
    assert one(engine, Requirement).level == 1
    staff = one(engine, Staff, code="ann")
    assert (staff.recorded_at, staff.version_from, staff.recorded_by) == (AT, AT, "account:1")
    assert staff.employed_from == date(2020, 1, 1)


def test_the_same_package_again_changes_nothing_and_leaves_no_trace(engine: Engine, tmp_path: Path) -> None:
    learning = LEARNING + "ann,meds,2026-01-01,,12,\nann,meds,2026-01-01,R1,,2026-01-05T10:00:00Z\n"
    package = read(tmp_path / "p", {"learning": learning})
    imported(engine, package)

    again = imported(engine, package, at=LATER)

    assert not again.changed
    assert again["learning"] == TableCounts(unchanged=2)
    assert again["staff"] == TableCounts(unchanged=2)
    assert count(engine, EarlierVersion) == 0
    assert count(engine, AuditEntry) == 1
    assert one(engine, Learning, reference="").version_from == AT


def test_a_row_that_differs_is_corrected_and_its_earlier_version_stays_readable(
    engine: Engine, tmp_path: Path
) -> None:
    imported(engine, read(tmp_path / "p", {"learning": LEARNING + "ann,meds,2026-01-01,R1,12,\n"}))
    before = one(engine, Learning)

    counts = imported(
        engine,
        read(tmp_path / "q", {"learning": LEARNING + "ann,meds,2026-01-01,R1,24,\n"}),
        at=LATER,
        reason="wrong certificate",
    )

    after = one(engine, Learning)
    assert counts["learning"] == TableCounts(corrected=1)
    assert (after.id, after.valid_months, after.recorded_at) == (before.id, 24, AT)
    assert (after.version_from, after.recorded_by) == (LATER, "account:1")
    version = one(engine, EarlierVersion)
    assert (version.table_name, version.row_id) == ("learning", before.id)
    assert (version.known_from, version.known_to) == (AT, LATER)
    assert (version.corrected_by, version.reason) == ("account:1", "wrong certificate")
    kept = json.loads(version.row)
    assert kept["valid_months"] == 12
    assert kept["completed_on"] == "2026-01-01"
    assert set(kept) == {column.name for column in Learning.__table__.columns}


def test_a_blank_takes_a_value_away_and_an_absent_column_leaves_it(engine: Engine, tmp_path: Path) -> None:
    imported(
        engine,
        read(
            tmp_path / "p",
            {"staff": STAFF + "ann,Ann,Ash,a@x.uk,trust,2020-01-01,2026-12-31\nbea,,B,,trust,2020-01-01,\n"},
        ),
    )
    without_mail = "staff,family_name,employer,employed_from,employed_to\nann,Ash,trust,2020-01-01,\n"

    counts = imported(engine, read(tmp_path / "q", {"staff": without_mail}), at=LATER)

    ann = one(engine, Staff, code="ann")
    assert counts["staff"] == TableCounts(corrected=1)
    assert ann.employed_to is None
    assert (ann.given_name, ann.work_email) == ("Ann", "a@x.uk")
    assert one(engine, Staff, code="bea").family_name == "B"


def test_a_blank_in_a_column_with_a_default_means_the_default(engine: Engine, tmp_path: Path) -> None:
    posts = "staff,service,role,basis,wte,starts_on\nann,elm,worker,bank,{},2024-01-01\n"
    imported(engine, read(tmp_path / "p", {"posts": posts.format("0.5")}))

    counts = imported(engine, read(tmp_path / "q", {"posts": posts.format("")}), at=LATER)

    assert counts["posts"] == TableCounts(corrected=1)
    assert one(engine, Post).wte == 1.0


def test_when_a_fact_was_recorded_is_kept_where_it_is_stated_and_else_is_the_import(
    engine: Engine, tmp_path: Path
) -> None:
    stated = "ann,meds,2026-01-01,R1,12,2026-01-05T10:00:00Z\n"
    imported(engine, read(tmp_path / "p", {"learning": LEARNING + stated + "ann,meds,2026-01-01,R2,12,\n"}))

    first, second = one(engine, Learning, reference="R1"), one(engine, Learning, reference="R2")
    assert first.recorded_at == first.version_from == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert second.recorded_at == second.version_from == AT

    blank = read(tmp_path / "q", {"learning": LEARNING + "ann,meds,2026-01-01,R1,12,\n"})
    assert imported(engine, blank, at=LATER)["learning"] == TableCounts(unchanged=1)
    other = read(tmp_path / "r", {"learning": LEARNING + "ann,meds,2026-01-01,R1,12,2026-01-06T10:00:00Z\n"})
    assert imported(engine, other, at=LATER)["learning"] == TableCounts(corrected=1)
    assert one(engine, Learning, reference="R1").recorded_at == datetime(2026, 1, 6, 10, tzinfo=UTC)


def test_rows_that_a_package_does_not_have_are_left_alone(engine: Engine, tmp_path: Path) -> None:
    imported(engine, read(tmp_path / "p", {}))

    counts = imported(
        engine,
        read(tmp_path / "q", {"staff": STAFF + "cai,Cai,Cole,,trust,2024-01-01,\n"}, alone=True),
        at=LATER,
    )

    assert counts["staff"] == TableCounts(added=1)
    assert count(engine, Staff) == 3
    assert count(engine, EarlierVersion) == 0


def test_learning_without_the_reference_column_means_the_record_without_a_reference(
    engine: Engine, tmp_path: Path
) -> None:
    first = LEARNING + "ann,meds,2026-01-01,R1,12,\nann,meds,2026-01-01,,12,\n"
    imported(engine, read(tmp_path / "p", {"learning": first}))
    plain = "staff,competency,completed_on,valid_months\nann,meds,2026-01-01,24\nbea,meds,2026-01-01,24\n"

    counts = imported(engine, read(tmp_path / "q", {"learning": plain}), at=LATER)

    assert counts["learning"] == TableCounts(added=1, corrected=1)
    assert one(engine, Learning, reference="R1").valid_months == 12
    with Session(engine) as session:
        others = session.scalars(select(Learning).where(Learning.reference == ""))
        assert [learning.valid_months for learning in others] == [24, 24]


def test_rows_of_one_table_may_name_each_other_in_any_order(engine: Engine, tmp_path: Path) -> None:
    services = "service,name,organisation,successor\nelm,Elm,trust,oak\noak,Oak,trust,\n"
    imported(engine, read(tmp_path / "p", {"services": services}))
    assert one(engine, Service, code="elm").successor_id == one(engine, Service, code="oak").id

    further = "service,name,organisation,successor\noak,Oak,trust,yew\nyew,Yew,trust,elm\n"
    counts = imported(engine, read(tmp_path / "q", {"services": further}, alone=True), at=LATER)

    assert counts["services"] == TableCounts(added=1, corrected=1)
    assert one(engine, Service, code="oak").successor_id == one(engine, Service, code="yew").id
    assert one(engine, Service, code="yew").successor_id == one(engine, Service, code="elm").id


def test_what_is_nowhere_cannot_be_referred_to_and_nothing_is_stored(engine: Engine, tmp_path: Path) -> None:
    path = folder(tmp_path / "p", {"absences": "staff,kind,starts_on\nzoe,sick,2026-01-01\n"})

    with pytest.raises(PackageFaults) as raised, writing(engine) as session:
        import_package(session, read_package(path), by="account:1", at=AT)

    assert [fault[:4] for fault in raised.value.faults] == [("absences", 2, "staff", "zoe")]
    assert count(engine, Staff) == count(engine, AuditEntry) == 0


@pytest.mark.parametrize(
    ("stored", "then", "column", "value"),
    [
        (
            {"services": "service,name,organisation,opens_on\nelm,E,trust,2026-01-02\n"},
            {"services": "service,name,organisation,closes_on\nelm,E,trust,2026-01-01\n"},
            "closes_on",
            "2026-01-01",
        ),
        (
            {"requirements": REQUIREMENT + "q,meds,each,target,2026-01-01\n"},
            {"requirements": REQUIREMENT + "q,meds,count,target,2026-01-01\n"},
            "amount",
            "",
        ),
        (
            {},
            {"requirements": REQUIREMENT + "q,meds,named,target,2026-01-01\n"},
            "amount",
            "",
        ),
    ],
)
def test_a_rule_between_the_file_and_what_is_stored_is_kept_as_well(
    engine: Engine, tmp_path: Path, stored: dict[str, str], then: dict[str, str], column: str, value: str
) -> None:
    imported(engine, read(tmp_path / "p", stored))
    package = read(tmp_path / "q", then)

    with pytest.raises(PackageFaults) as raised, writing(engine) as session:
        import_package(session, package, by="account:1", at=LATER)

    (fault,) = raised.value.faults
    assert fault[1:4] == (2, column, value)
    assert count(engine, EarlierVersion) == 0


def test_one_line_of_the_log_says_who_imported_what_and_the_chain_holds(
    engine: Engine, tmp_path: Path
) -> None:
    package = read(tmp_path / "p", {})

    imported(engine, package, reason="first load")

    entry = one(engine, AuditEntry)
    said = json.loads(entry.after)
    assert (entry.kind, entry.by, entry.at) == ("package_imported", "account:1", AT)
    assert (said["package"], said["reason"]) == (package.digest, "first load")
    assert said["tables"]["staff"] == [2, 0, 0]
    with reading(engine) as session:
        assert broken_links(session) == []


def test_an_import_whose_line_in_the_log_fails_leaves_nothing_behind(engine: Engine, tmp_path: Path) -> None:
    package = read(tmp_path / "p", {})
    with writing(engine) as session:
        session.delete(session.get_one(Ledger, 1))

    with pytest.raises(Exception, match="No row"), writing(engine) as session:
        import_package(session, package, by="account:1", at=AT)

    assert count(engine, Staff) == 0


def test_a_preview_gives_the_counts_of_the_import_and_the_rows_before_and_after(
    engine: Engine, tmp_path: Path
) -> None:
    imported(engine, read(tmp_path / "p", {"learning": LEARNING + "ann,meds,2026-01-01,R1,12,\n"}))
    package = read(
        tmp_path / "q",
        {
            "learning": LEARNING
            + "ann,meds,2026-01-01,R1,24,\nann,meds,2026-02-01,R2,12,\nbea,meds,2026-02-01,,12,\n"
        },
    )

    with reading(engine) as session:
        preview = preview_package(session, package, most_rows=1)

    table = preview.tables["learning"]
    assert table.counts == TableCounts(added=2, corrected=1)
    assert [(row.line, row.values["reference"]) for row in table.added] == [(3, "R2")]
    (row,) = table.corrected
    assert (row.line, row.before, row.after) == (2, {"valid_months": 12}, {"valid_months": 24})
    assert row.key["reference"] == "R1"
    assert one(engine, Learning).valid_months == 12
    assert imported(engine, package, at=LATER) == preview.counts


def test_a_package_of_many_people_is_compared_as_one_of_few(engine: Engine, tmp_path: Path) -> None:
    people = "".join(f"p{n:04},P,{n},,trust,2020-01-01,\n" for n in range(700))
    absences = "staff,kind,starts_on\n" + "".join(f"p{n:04},sick,2026-01-01\n" for n in range(700))
    package = read(tmp_path / "p", {"staff": STAFF + people, "absences": absences})
    imported(engine, package)

    changed = read(
        tmp_path / "q",
        {"staff": STAFF + people.replace("p0007,P,7", "p0007,P,Seven"), "absences": absences},
    )

    counts = imported(engine, changed, at=LATER)
    assert counts["staff"] == TableCounts(corrected=1, unchanged=699)
    assert counts["absences"] == TableCounts(unchanged=700)


def test_a_session_with_a_withdrawn_sign_off_is_stored_as_stated(engine: Engine, tmp_path: Path) -> None:
    sign_offs = (
        "staff,competency,level,assessed_on,outcome,assessor,withdrawn_on,withdrawn_reason\n"
        "ann,meds,2,2026-01-02,competent,bea,2026-01-01,entered twice\n"
    )

    imported(engine, read(tmp_path / "p", {"sign_offs": sign_offs}))

    stored = one(engine, SignOff)
    assert (stored.withdrawn_on, stored.withdrawn_reason) == (date(2026, 1, 1), "entered twice")
    assert stored.assessor_id == one(engine, Staff, code="bea").id


def test_known_codes_are_those_that_others_can_refer_to(engine: Engine, tmp_path: Path) -> None:
    imported(engine, read(tmp_path / "p", {}))

    with reading(engine) as session:
        known = known_codes(session)

    assert known["staff"] == {"ann", "bea"}
    assert {table.name for table in TABLES if table.code} == set(known)
