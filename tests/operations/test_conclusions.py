"""What is kept follows every change of a fact, in the same transaction, for every process."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from skillsmatrix import models
from skillsmatrix.foundation.database import begin_writing, reading, writing
from skillsmatrix.models import AuditEntry, KeptConclusions, Ledger
from skillsmatrix.operations.conclusions import rebuild, refresh
from skillsmatrix.queries.conclusions import current, differences, people_of, rules, versions
from skillsmatrix.queries.known_people import workforce_now
from skillsmatrix.queries.state import kept
from skillsmatrix.queries.workforce import workforce
from tests.contract.stored import import_from, write
from tests.engine.house import disagreements, wrongly_kept
from tests.operations.edits import AT, BY, EDITS, Editor, learning, sign_off
from tests.oracle.form import empty_tables, row
from tests.oracle.packages import TURNING_DAYS, random_package

IMPORTED_AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def filled(engine: Engine, tmp_path: Path) -> Engine:
    """A database with a random package and its conclusions."""
    import_from(write(random_package(11), tmp_path / "package"), engine, at=IMPORTED_AT)
    with writing(engine) as session:
        rebuild(session, by=BY, at=AT)
    return engine


def agrees(engine: Engine, *, on: date) -> list[str]:
    """What this process knows and the facts say differently, and what `check` would say."""
    with reading(engine) as session:
        facts, known = workforce(session), workforce_now(session, everybody(session))
        image = current(session)
        found = [*wrongly_kept(image), *disagreements(image, facts, on=on), *differences(session)]
        if known.standings(on=on) != facts.standings(on=on) or known.cover(on=on) != facts.cover(on=on):
            found.append("the people whom this process knows")
        return found


def everybody(session: Session) -> list[int]:
    return list(session.scalars(select(models.Staff.id)))


def edit_once(engine: Engine, seed: int, number: int) -> str:
    random = Random(f"{seed} {number}")  # noqa: S311 - drawn from a seed on purpose
    edit = EDITS[number % len(EDITS)]
    with writing(engine) as session:
        edit(Editor(session, random, number))
    return edit.__name__


@pytest.mark.parametrize("seed", [1, 2])
def test_after_random_edits_of_every_kind_image_and_facts_agree(filled: Engine, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - drawn from a seed on purpose
    for number in random.sample(range(len(EDITS)), len(EDITS)):
        kind = edit_once(filled, seed, number)

        assert agrees(filled, on=random.choice(TURNING_DAYS)) == [], (seed, number, kind)


def test_a_package_with_a_new_employer_and_a_new_colleague_is_followed(
    filled: Engine, tmp_path: Path
) -> None:
    with reading(filled) as session:
        current(session)
    tables = empty_tables()
    tables["organisations"].append(row("organisations", organisation="new", name="New"))
    tables["staff"].append(
        row("staff", staff="new", family_name="New", employer="new", employed_from="2024-01-01")
    )

    import_from(write(tables, tmp_path / "more"), filled, at=AT)

    assert agrees(filled, on=date(2025, 3, 31)) == []


def test_check_names_the_person_and_what_is_wrong(filled: Engine) -> None:
    with writing(filled) as session:
        code = session.scalar(select(models.Staff.code).where(models.Staff.id == 1))
        junk = update(KeptConclusions).where(KeptConclusions.staff_id == 1).values(posts=b"junk")
        session.execute(junk)

    with reading(filled) as session:
        assert differences(session) == [f"staff {code}: posts not as the facts say"]


def test_check_sees_a_person_of_whom_nothing_is_kept(filled: Engine) -> None:
    with writing(filled) as session:
        session.delete(session.get(KeptConclusions, 2))
        code = session.scalar(select(models.Staff.code).where(models.Staff.id == 2))

    with reading(filled) as session:
        assert differences(session) == [f"staff {code}: nothing is kept"]


def test_a_rebuild_mends_what_is_kept_and_is_in_the_log(filled: Engine) -> None:
    with writing(filled) as session:
        session.execute(update(KeptConclusions).values(covering=b"", lapsed=b""))

    with writing(filled) as session:
        rebuild(session, by="command:ada", at=AT)

    with reading(filled) as session:
        assert differences(session) == []
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        assert (last.kind, last.by) == ("conclusions_rebuilt", "command:ada")


def test_several_processes_work_out_what_one_does_and_leave_the_connection_alone(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("skillsmatrix.queries.conclusions.PEOPLE_AT_ONCE", 3)
    with writing(filled) as session:
        session.execute(update(KeptConclusions).values(covering=b"", lapsed=b""))

    with reading(filled) as session:
        alone, shared = differences(session), differences(session, processes=2)
    with writing(filled) as session:
        rebuild(session, by=BY, at=AT, processes=2)

    assert alone == shared != []
    with reading(filled) as session:
        assert differences(session) == []


def test_each_refresh_raises_the_data_version_by_one(filled: Engine) -> None:
    with reading(filled) as session:
        before, catalogue_before = versions(session)

    with writing(filled) as session:
        refresh(session, staff_ids=[1], by=BY, at=AT)

    with reading(filled) as session:
        assert versions(session) == (before + 1, catalogue_before)
        assert current(session).version == before + 1
        assert (
            session.scalar(select(KeptConclusions.data_version).where(KeptConclusions.staff_id == 1))
            == before + 1
        )


def test_an_image_is_kept_until_the_data_version_changes(filled: Engine) -> None:
    with reading(filled) as session:
        first = current(session)
    with reading(filled) as session:
        assert current(session) is first
    edit_once(filled, 1, 0)

    with reading(filled) as session:
        assert current(session) is not first


def test_a_writer_sees_its_own_change_and_a_rollback_leaves_no_trace_of_it(filled: Engine) -> None:
    with reading(filled) as session:
        before = current(session)
    with Session(filled) as session:
        begin_writing(session)
        learning(Editor(session, Random(3), 1))  # noqa: S311 - drawn from a seed on purpose
        assert current(session).version == before.version + 1
        session.rollback()

    edit_once(filled, 5, 1)

    assert agrees(filled, on=date(2025, 3, 31)) == []


def test_a_session_that_sees_an_older_moment_gets_the_image_of_that_moment(filled: Engine) -> None:
    with reading(filled) as early:
        before = versions(early)[0]
        edit_once(filled, 1, 0)
        with reading(filled) as late:
            assert current(late).version == before + 1

        assert current(early).version == before
        with reading(filled) as late:
            assert current(late).version == before + 1


def test_only_people_about_whom_something_changed_are_read_again(filled: Engine) -> None:
    with reading(filled) as session:
        ids = everybody(session)
        before = workforce_now(session, ids).people
    edit_once(filled, 1, EDITS.index(learning))

    with reading(filled) as session:
        after = workforce_now(session, ids).people

    assert len([code for code in before if after[code] is not before[code]]) == 1


def test_what_a_writer_finds_out_about_people_is_for_itself_until_it_is_saved(filled: Engine) -> None:
    day = date(2025, 3, 31)
    with reading(filled) as session:
        ids = everybody(session)
        before = workforce_now(session, ids).people
    with Session(filled) as session:
        begin_writing(session)
        for number in range(6):
            learning(Editor(session, Random(number), number))  # noqa: S311 - drawn from a seed on purpose
        assert workforce_now(session, ids).people != before
        assert kept(session, "question", lambda: "never saved") == "never saved"
        session.rollback()
    for number in range(6):
        with writing(filled) as session:
            sign_off(Editor(session, Random(number), number))  # noqa: S311 - the same

    assert agrees(filled, on=day) == []
    with reading(filled) as session:
        assert kept(session, "question", lambda: "saved") == "saved"
        catalogue, _codes = rules(session, versions(session)[1])
        read = people_of(session, catalogue, ids)
        assert workforce_now(session, ids).people == {each.code: each for each in read.values()}


def test_a_session_that_sees_an_older_moment_gets_the_people_of_that_moment(filled: Engine) -> None:
    with reading(filled) as early:
        ids = everybody(early)
        before = workforce_now(early, ids).people
        edit_once(filled, 1, EDITS.index(learning))
        with reading(filled) as late:
            after = workforce_now(late, ids).people
            assert after != before

        assert workforce_now(early, ids).people == before
        with reading(filled) as late:
            assert workforce_now(late, ids).people == after


def test_threads_that_ask_while_another_writes_never_get_an_older_image(filled: Engine) -> None:
    def ask(_number: int) -> tuple[int, int]:
        with reading(filled) as session:
            version = versions(session)[0]
            return version, current(session).version

    with ThreadPoolExecutor(4) as pool:
        asked = pool.map(ask, range(60))
        for number in range(10):
            edit_once(filled, 7, number)
        found = list(asked)

    assert all(seen == answered for seen, answered in found), found


ANOTHER_PROCESS = """
import sys
from datetime import date
from skillsmatrix.foundation.database import make_engine, reading
from skillsmatrix.queries.conclusions import current
engine = make_engine(sys.argv[1])
for _line in sys.stdin:
    with reading(engine) as session:
        image = current(session)
        print(image.version, len(image.cover(on=date(2025, 3, 31))), flush=True)
"""


def test_another_process_that_has_an_image_answers_from_the_new_one(
    filled: Engine, database_url: str
) -> None:
    command = [sys.executable, "-c", ANOTHER_PROCESS, database_url]
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        for number in range(6):
            edit_once(filled, 9, number)
            other.stdin.write("ask\n")
            other.stdin.flush()
            answered = other.stdout.readline().split()
            with reading(filled) as session:
                lines = current(session).cover(on=date(2025, 3, 31))
                assert answered == [str(versions(session)[0]), str(len(lines))]
        other.stdin.close()


KILLED_WRITER = """
import os, signal, sys
from datetime import UTC, datetime
from random import Random
from sqlalchemy import event
from skillsmatrix.foundation.database import make_engine, writing
from tests.operations.edits import EDITS, Editor
engine = make_engine(sys.argv[1])
left = int(sys.argv[2])

@event.listens_for(engine, "after_cursor_execute")
def count(*_args):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

for number, edit in enumerate(EDITS):
    with writing(engine) as session:
        edit(Editor(session, Random(number), 1000 + number))
"""


@pytest.mark.parametrize("statements", [3, 17, 40, 71, 104, 150])
def test_a_writer_killed_at_any_statement_leaves_facts_and_conclusions_or_neither(
    filled: Engine, database_url: str, statements: int
) -> None:
    command = [sys.executable, "-c", KILLED_WRITER, database_url, str(statements)]

    done = subprocess.run(command, cwd=PROJECT, check=False, env={**os.environ, "PYTHONPATH": str(PROJECT)})

    assert done.returncode == -signal.SIGKILL
    assert agrees(filled, on=date(2025, 3, 31)) == []
    edit_once(filled, 2, 0)
    assert agrees(filled, on=date(2024, 2, 29)) == []


def test_the_ledger_is_raised_with_the_conclusions_or_not_at_all(filled: Engine) -> None:
    with reading(filled) as session:
        before = session.scalar(select(Ledger.data_version))
    with Session(filled) as session:
        begin_writing(session)
        refresh(session, staff_ids=None, by=BY, at=AT)
        session.rollback()

    with reading(filled) as session:
        assert session.scalar(select(Ledger.data_version)) == before
