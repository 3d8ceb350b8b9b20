"""The commands of contract section 9, as a person at a terminal meets them."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from skillsmatrix.cli import main
from skillsmatrix.foundation.database import make_engine
from skillsmatrix.foundation.settings import Settings

Run = Callable[..., tuple[int, str, str]]
TABLES = {
    "organisations": "organisation,name\nORG,Bridge Homes\n",
    "services": "service,name,organisation\nHOUSE,The House,ORG\n",
    "roles": "role,name\nSW,Support worker\n",
    "staff": "staff,family_name,employer,employed_from\nada,Adeyemi,ORG,2024-01-01\nben,Ng,ORG,2024-01-01\n",
    "posts": (
        "staff,service,role,basis,starts_on\n"
        "ada,HOUSE,SW,permanent,2024-01-01\n"
        "ben,HOUSE,SW,permanent,2024-01-01\n"
    ),
    "competencies": (
        "competency,title,needs_learning,needs_sign_off,learning_months\nFIRE,Fire safety,yes,no,12\n"
    ),
    "requirements": (
        "requirement,competency,cover,strength,in_force_from\nR1,FIRE,each,hard_stop,2024-01-01\n"
    ),
    "learning": ("staff,competency,completed_on,recorded_at\nada,FIRE,2025-03-10,2025-04-01T08:00:00Z\n"),
}


def package(folder: Path, **changes: str) -> Path:
    folder.mkdir(exist_ok=True)
    for table, content in (TABLES | changes).items():
        (folder / f"{table}.csv").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def run(database_url: str, settings_for: Callable[..., Settings], capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: object) -> tuple[int, str, str]:
        status = main([str(each) for each in arguments], lambda: settings_for(database_url))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


def rows(output: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output)))


def test_import_counts_and_the_second_time_changes_nothing(run: Run, tmp_path: Path) -> None:
    folder = package(tmp_path / "package")

    first, again = run("import", folder), run("import", folder)

    assert (first[0], again[0]) == (0, 0)
    counts = {row["table"]: (row["added"], row["corrected"], row["unchanged"]) for row in rows(first[1])}
    assert (counts["staff"], counts["learning"]) == (("2", "0", "0"), ("1", "0", "0"))
    assert {(row["added"], row["corrected"]) for row in rows(again[1])} == {("0", "0")}
    assert "No changes" in again[2]


def test_standings_cover_and_compliance_on_a_day(run: Run, tmp_path: Path) -> None:
    run("import", package(tmp_path / "package"))

    _, standings, _ = run("standings", "--on", "2026-03-10")
    _, cover, _ = run("cover", "--on", "2026-03-10", "--service", "HOUSE")
    _, whole, _ = run("compliance", "--on", "2026-03-10")
    _, by_service, _ = run("compliance", "--on", "2026-03-11", "--by", "service")

    assert standings == (
        "staff,competency,level,strength,standing,held_level,held_since,valid_to,reason\n"
        "ada,FIRE,1,hard_stop,expiring,1,2025-03-10,2026-03-10,"
        '"Held since 10 March 2025, valid to 10 March 2026: the last day."\n'
        "ben,FIRE,1,hard_stop,not_held,0,,,Nothing recorded that counts.\n"
    )
    assert cover == (
        "service,requirement,competency,level,cover,strength,in_scope,required,held,"
        "expiring_30,expiring_60,expiring_90,shortfall,met\n"
        "HOUSE,R1,FIRE,1,each,hard_stop,2,2,1,1,1,1,1,no\n"
    )
    assert rows(whole) == [
        {
            "key": "all",
            "headline_compliant": "1",
            "headline_total": "2",
            "headline_percent": "50.0",
            "all_in_compliant": "1",
            "all_in_total": "2",
            "all_in_percent": "50.0",
            "people_compliant": "1",
            "people_total": "2",
        }
    ]
    assert [(row["key"], row["headline_percent"]) for row in rows(by_service)] == [("HOUSE", "0.0")]


def test_compliance_names_every_code_even_where_nothing_is_asked(run: Run, tmp_path: Path) -> None:
    run("import", package(tmp_path / "package", roles="role,name\nSW,Support worker\nCOOK,Cook\n"))

    _, output, _ = run("compliance", "--on", "2020-01-01", "--by", "competency")

    assert [(row["key"], row["headline_total"], row["all_in_percent"]) for row in rows(output)] == [
        ("FIRE", "0", "not required")
    ]


def test_standings_of_one_person_of_one_service_and_as_known_then(run: Run, tmp_path: Path) -> None:
    run("import", package(tmp_path / "package"))

    _, ada, _ = run("standings", "--on", "2025-06-01", "--staff", "ada")
    _, before, _ = run(
        "standings", "--on", "2025-06-01", "--staff", "ada", "--known-at", "2025-03-31T12:00:00Z"
    )
    _, house, _ = run("standings", "--on", "2025-06-01", "--service", "HOUSE")

    assert [row["standing"] for row in rows(ada)] == ["valid"]
    assert [row["standing"] for row in rows(before)] == ["not_held"]
    assert len(rows(house)) == 2


@pytest.mark.parametrize("name", ["exported", "exported.zip", "exported.xlsx"])
def test_what_is_exported_is_imported_again_without_a_change(run: Run, tmp_path: Path, name: str) -> None:
    run("import", package(tmp_path / "package"))

    assert run("export", tmp_path / name)[0] == 0
    status, _, said = run("import", tmp_path / name)

    assert (status, "No changes" in said) == (0, True)


def test_a_package_at_fault_names_every_fault_and_stores_nothing(run: Run, tmp_path: Path) -> None:
    folder = package(
        tmp_path / "package",
        learning="staff,competency,completed_on\nada,FIRE,2025-02-30\ncal,FIRE,2025-03-01\n",
        posts="staff,service,role,basis,starts_on\nada,HOUSE,SW,lodger,2024-01-01\n",
    )

    status, listed, said = run("import", folder)

    assert status == 2
    assert [(row["table"], row["line"], row["column"], row["value"]) for row in rows(listed)] == [
        ("posts", "2", "basis", "lodger"),
        ("learning", "2", "completed_on", "2025-02-30"),
        ("learning", "3", "staff", "cal"),
    ]
    assert "nothing was stored" in said.lower()
    assert rows(run("standings", "--on", "2025-06-01")[1]) == []


@pytest.mark.parametrize(
    "question",
    [
        ("standings", "--on", "2025-06-01", "--staff", "nobody"),
        ("cover", "--on", "2025-06-01", "--service", "NOWHERE"),
        ("import", "/there/is/no/such/package"),
    ],
)
def test_what_cannot_be_answered_is_said_and_exits_2(run: Run, question: tuple[str, ...]) -> None:
    status, output, said = run(*question)

    assert (status, output) == (2, "")
    assert said.strip()


@pytest.mark.parametrize(
    "arguments", [("standings",), ("standings", "--on", "1 June"), ("cover", "--on", "")]
)
def test_a_command_that_is_not_understood_exits_2(run: Run, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(*arguments)

    assert stopped.value.code == 2


def test_a_database_that_is_missing_is_said_and_not_made(
    tmp_path: Path, settings_for: Callable[..., Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/none.db")

    status = main(["standings", "--on", "2025-06-01"], lambda: settings)

    assert status == 1
    assert "python3 -m skillsmatrix migrate" in capsys.readouterr().err
    assert not (tmp_path / "none.db").exists()


def test_a_database_that_is_out_of_date_is_said(
    empty_database_url: str, settings_for: Callable[..., Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["cover", "--on", "2025-06-01"], lambda: settings_for(empty_database_url))

    assert status == 1
    assert "migrate" in capsys.readouterr().err


def test_migrate_says_what_it_did(
    empty_database_url: str, settings_for: Callable[..., Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for _ in range(2):
        assert main(["migrate"], lambda: settings_for(empty_database_url)) == 0
        said.append(capsys.readouterr().err)

    assert "from version none" in said[0]
    assert "up to date" in said[1]


def test_check_finds_a_kept_conclusion_that_was_tampered_with_and_mends_it(
    run: Run, tmp_path: Path, database_url: str
) -> None:
    run("import", package(tmp_path / "package"))
    assert run("check")[0] == 0
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM kept_conclusions"))
    engine.dispose()

    found, mended, again = run("check"), run("check", "--mend"), run("check")

    assert (found[0], mended[0], again[0]) == (1, 0, 0)
    assert "Kept conclusions" in found[2]


def test_the_demonstration_can_be_written_as_a_package(run: Run, tmp_path: Path) -> None:
    status, _, _ = run("demo", tmp_path / "demo", "--on", "2026-11-22")

    assert status == 0
    assert len((tmp_path / "demo" / "services.csv").read_text().splitlines()) == 11


def test_a_package_that_cannot_be_written_is_said_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here first")
    run("migrate")

    code, _out, err = run("export", str(tmp_path / "file" / "package"))

    assert code == 2
    assert f"{tmp_path}/file/package cannot be written: " in err
