"""What one person may import on a page: what they looked at, no rules, and nothing that signs them off."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.interchange.faults import PackageFaults
from skillsmatrix.interchange.package import Package
from skillsmatrix.models import AuditEntry, Competency, Requirement, Staff
from skillsmatrix.operations.imports import import_package, preview_package
from skillsmatrix.operations.package_comparison import compare
from skillsmatrix.operations.package_review import (
    Change,
    ChangedSince,
    Review,
    Reviewed,
    RuleRow,
    RulesNeedTwo,
    changes,
)
from tests.operations.importing import LATER, count, imported, one, read

STAFF = "staff,given_name,family_name,employer,employed_from\n"
ANN_AND_BEA = STAFF + "ann,Ann,Ash,trust,2020-01-01\nbea,Bea,Birch,trust,2020-01-01\n"
REQUIREMENT = "requirement,competency,cover,strength,in_force_from\n"
EVERYBODY = REQUIREMENT + "q1,meds,each,hard_stop,2024-01-01\n"
COMPETENCIES = "competency,title,needs_learning,needs_sign_off,learning_months\n"
SIGN_OFFS = "staff,competency,level,assessed_on,outcome,assessor\n"


def reviewed(engine: Engine, package: Package, *, staff: str | None = None) -> Review:
    with reading(engine) as session:
        return preview_package(session, package, staff=staff).review


def commit(engine: Engine, package: Package, seen: Review, *, staff: str | None = None) -> None:
    with writing(engine) as session:
        import_package(session, package, by="account:1", at=LATER, reviewed=Reviewed(seen.digest, staff))


def test_an_import_that_would_undo_what_a_colleague_did_since_the_preview_stores_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    imported(engine, read(tmp_path / "p", {"staff": ANN_AND_BEA}))
    mine = read(tmp_path / "mine", {"staff": ANN_AND_BEA.replace("Ash", "Ashby")})
    seen = reviewed(engine, mine)
    imported(engine, read(tmp_path / "theirs", {"staff": ANN_AND_BEA.replace("Birch", "Beech")}))

    with pytest.raises(ChangedSince):
        commit(engine, mine, seen)

    assert (one(engine, Staff, code="ann").family_name, one(engine, Staff, code="bea").family_name) == (
        "Ash",
        "Beech",
    )
    assert count(engine, AuditEntry) == 2
    commit(engine, mine, reviewed(engine, mine))
    assert one(engine, Staff, code="ann").family_name == "Ashby"


def test_an_import_that_still_does_what_was_looked_at_is_carried_out(engine: Engine, tmp_path: Path) -> None:
    imported(engine, read(tmp_path / "p", {"staff": ANN_AND_BEA}))
    mine = read(tmp_path / "mine", {"staff": STAFF + "ann,Ann,Ashby,trust,2020-01-01\n"})
    seen = reviewed(engine, mine)
    imported(engine, read(tmp_path / "theirs", {"staff": ANN_AND_BEA.replace("Birch", "Beech")}))

    commit(engine, mine, seen)

    assert one(engine, Staff, code="ann").family_name == "Ashby"
    assert one(engine, Staff, code="bea").family_name == "Beech"


def test_a_different_value_before_a_new_row_and_another_file_each_give_another_digest(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    mine = read(tmp_path / "a", {"staff": ANN_AND_BEA.replace("Ash", "Ashby")})
    new = reviewed(sqlite_engine, mine).digest
    imported(sqlite_engine, read(tmp_path / "b", {"staff": ANN_AND_BEA}))
    from_ash = reviewed(sqlite_engine, mine).digest
    imported(sqlite_engine, read(tmp_path / "c", {"staff": ANN_AND_BEA.replace("Ash", "Asher")}))
    from_asher = reviewed(sqlite_engine, mine).digest
    other = reviewed(
        sqlite_engine, read(tmp_path / "d", {"staff": ANN_AND_BEA.replace("Ash", "Ashbee")})
    ).digest

    assert len({new, from_ash, from_asher, other}) == 4
    assert reviewed(sqlite_engine, mine).digest == from_asher


def test_one_person_alone_neither_adds_nor_corrects_a_requirement_on_a_page(
    engine: Engine, tmp_path: Path
) -> None:
    imported(engine, read(tmp_path / "p", {"requirements": EVERYBODY}))
    mine = read(
        tmp_path / "mine",
        {"requirements": EVERYBODY.replace("hard_stop", "target") + "q2,meds,each,target,2025-01-01\n"},
    )
    seen = reviewed(engine, mine)

    with pytest.raises(RulesNeedTwo):
        commit(engine, mine, seen)

    assert seen.rules == [
        RuleRow("requirements", 2, ("q1",), ("strength",)),
        RuleRow("requirements", 3, ("q2",), ()),
    ]
    assert one(engine, Requirement).strength == "hard_stop"


def test_the_rules_of_a_competency_take_two_and_its_title_one(sqlite_engine: Engine, tmp_path: Path) -> None:
    first = COMPETENCIES + "meds,Medicines,yes,yes,12\n"
    imported(sqlite_engine, read(tmp_path / "p", {"competencies": first, "requirements": EVERYBODY}))
    titled = read(
        tmp_path / "t", {"competencies": COMPETENCIES + "meds,Giving medicines,yes,yes,12\n"}, alone=True
    )
    longer = read(
        tmp_path / "l", {"competencies": COMPETENCIES + "meds,Meds,yes,yes,24\nnew,New,yes,no,\n"}, alone=True
    )

    commit(sqlite_engine, titled, reviewed(sqlite_engine, titled))

    assert one(sqlite_engine, Competency, code="meds").title == "Giving medicines"
    assert reviewed(sqlite_engine, longer).rules == [
        RuleRow("competencies", 2, ("meds",), ("learning_months",))
    ]


def test_what_a_course_gives_takes_two_where_it_is_stored_or_somebody_has_taken_it(
    engine: Engine, tmp_path: Path
) -> None:
    grants = "course,competency,level,valid_months\n"
    competencies = COMPETENCIES + "meds,Medicines,yes,yes,\nfire,Fire,yes,no,\nlift,Lifting,yes,no,\n"
    tables = {
        "competencies": competencies,
        "requirements": EVERYBODY,
        "course_grants": grants + "c1,meds,1,12\n",
        "learning": "staff,competency,completed_on,course\nann,fire,2026-01-01,c1\n",
    }
    imported(engine, read(tmp_path / "p", tables))

    mine = read(
        tmp_path / "mine", {"course_grants": grants + "c1,meds,2,12\nc1,fire,1,6\nc1,lift,1,6\n"}, alone=True
    )

    assert reviewed(engine, mine).rules == [
        RuleRow("course_grants", 2, ("c1", "meds"), ("level",)),
        RuleRow("course_grants", 3, ("c1", "fire"), ()),
    ]


def test_a_new_installation_takes_its_rules_from_one_person(engine: Engine, tmp_path: Path) -> None:
    package = read(tmp_path / "p", {"requirements": EVERYBODY})

    commit(engine, package, reviewed(engine, package))

    assert count(engine, Requirement) == 1


def test_the_command_still_changes_rules(sqlite_engine: Engine, tmp_path: Path) -> None:
    imported(sqlite_engine, read(tmp_path / "p", {"requirements": EVERYBODY}))

    imported(
        sqlite_engine,
        read(tmp_path / "q", {"requirements": EVERYBODY.replace("hard_stop", "target")}),
        at=LATER,
    )

    assert one(sqlite_engine, Requirement).strength == "target"


def test_nobody_imports_a_sign_off_of_themself_as_competent(engine: Engine, tmp_path: Path) -> None:
    package = read(
        tmp_path / "p",
        {"sign_offs": SIGN_OFFS + "ann,meds,1,2026-01-01,competent,bea\nann,meds,1,2025-01-01,not_yet,bea\n"},
    )

    with pytest.raises(PackageFaults) as refused:
        reviewed(engine, package, staff="ann")
    with pytest.raises(PackageFaults):
        commit(engine, package, reviewed(engine, package), staff="ann")

    (fault,) = refused.value.faults
    assert fault[:4] == ("sign_offs", 2, "staff", "ann")
    assert "Another person of human resources can import this row" in fault.expected
    assert count(engine, AuditEntry) == 0
    commit(engine, package, reviewed(engine, package, staff="bea"), staff="bea")


def test_a_sign_off_of_oneself_that_is_recorded_already_is_no_fault(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    package = read(tmp_path / "p", {"sign_offs": SIGN_OFFS + "ann,meds,1,2026-01-01,competent,bea\n"})
    imported(sqlite_engine, package)

    assert reviewed(sqlite_engine, package, staff="ann").own == {}


def test_rows_about_whoever_imports_are_counted_and_those_about_others_are_not(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    suspensions = "staff,competency,starts_on,ends_on\n"
    imported(
        sqlite_engine,
        read(tmp_path / "p", {"suspensions": suspensions + "ann,meds,2026-01-01,\nbea,meds,2026-01-01,\n"}),
    )
    learning = (
        "staff,competency,completed_on\nann,meds,2026-01-01\nann,meds,2026-01-02\nbea,meds,2026-01-01\n"
    )
    exemptions = "staff,competency,starts_on,ends_on,approved_by\nann,meds,2026-01-01,2026-02-01,panel\n"
    lifted = (
        suspensions + "ann,meds,2026-01-01,2026-02-01\nbea,meds,2026-01-01,2026-02-01\nann,meds,2026-03-01,\n"
    )

    package = read(tmp_path / "q", {"learning": learning, "exemptions": exemptions, "suspensions": lifted})

    assert reviewed(sqlite_engine, package, staff="ann").own == {
        "learning": 2,
        "suspensions": 1,
        "exemptions": 1,
    }
    assert reviewed(sqlite_engine, package).own == {}


def test_every_cell_that_would_be_stored_is_listed(sqlite_engine: Engine, tmp_path: Path) -> None:
    imported(sqlite_engine, read(tmp_path / "p", {}))
    package = read(
        tmp_path / "q",
        {"roles": "role,name,purpose\nnurse,Nurse,\nworker,Worker,\n"},
        alone=True,
    )

    with reading(sqlite_engine) as session:
        found = list(changes(compare(session, package)))

    assert found == [
        Change(3, "roles", False, ("worker",), "name", "Support worker", "Worker"),
        Change(2, "roles", True, ("nurse",), "role", None, "nurse"),
        Change(2, "roles", True, ("nurse",), "name", None, "Nurse"),
    ]
