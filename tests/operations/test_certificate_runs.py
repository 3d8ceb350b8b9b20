"""Many certificates at once: each issued once, whatever happens to the worker meanwhile."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.models import Certificate, CertificateRunItem, LogLeaf, Staff
from skillsmatrix.operations.certificate_office import Drawn
from skillsmatrix.operations.certificate_runs import (
    MOST_UNFINISHED,
    RunInterrupted,
    RunRefused,
    ask_for_run,
    cancel_run,
    do_run,
)
from skillsmatrix.queries.certificate_awards import Award
from skillsmatrix.queries.certificate_log import log_faults
from skillsmatrix.queries.certificate_runs import Progress, progress
from tests.facts import add
from tests.operations.certifying import drawn
from tests.operations.practice import BY, LONG_AGO, NOW, house, signed_off

PEOPLE = 12


class Office:
    """Draws at once, or slowly; one name never comes out."""

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause

    def draw_many(self, awards: Iterable[Award], **_given: Any) -> Iterator[Drawn | tuple[Award, str]]:
        for wanted in awards:
            time.sleep(self.pause)
            page = drawn(wanted)
            place = wanted.staff_id  # no two alike
            unlike = Drawn(
                wanted, page.facts, page.pdf, page.badge, page.badge_jwt, place, page.log_salt, page.key_id
            )
            yield (wanted, "the page took too long") if wanted.holder == "Slow" else unlike


def asked(engine: Engine, *, key: str = "once", names: tuple[str, ...] = ()) -> int:
    """A run for twelve who hold the skill, Ade who does not, and `names`."""
    with writing(engine) as session:
        at_house = house(session)
        employer = session.get_one(Staff, at_house.bo).employer_id
        people = [at_house.ade]
        for name in (*(f"Person {number}" for number in range(PEOPLE)), *names):
            facts = {"family_name": name, "employer_id": employer, "employed_from": LONG_AGO}
            person = add(session, Staff(code=name.lower().replace(" ", "-"), **facts)).id
            signed_off(session, person, at_house.skill, at_house.dee)
            people.append(person)
        return ask_for_run(
            session,
            staff_ids=people,
            competency_id=at_house.skill,
            wanted={"competency": "MED"},
            request_key=key,
            by=BY,
            at=NOW,
        )


def run(engine: Engine, run_id: int, *, go_on: bool = True, pause: float = 0.0) -> None:
    office: Any = Office(pause)
    do_run(engine, office, run_id, go_on=lambda: go_on, now=lambda: NOW)


def state(engine: Engine, run_id: int) -> Progress:
    with reading(engine) as session:
        return progress(session, run_id, at=NOW + timedelta(seconds=30))


def test_each_gets_one_and_the_rest_get_the_reason(engine: Engine) -> None:
    run_id = asked(engine, names=("Slow",))

    run(engine, run_id)

    found = state(engine, run_id)
    assert (found.state, found.total, found.done, found.waiting) == ("done", PEOPLE + 2, PEOPLE, 0)
    assert {each.name: each.reason for each in found.failures} == {
        "Ade": "not_held",
        "Slow": "the page took too long",
    }
    with reading(engine) as session:
        assert list(log_faults(session)) == []


def test_a_run_asked_for_twice_is_one_run_and_nobody_has_too_many(sqlite_engine: Engine) -> None:
    first = asked(sqlite_engine)
    with writing(sqlite_engine) as session:
        item = session.scalars(select(CertificateRunItem)).first()
        assert item is not None
        given: dict[str, Any] = {"competency_id": item.competency_id, "wanted": {}, "by": BY, "at": NOW}
        again = ask_for_run(session, staff_ids=[item.staff_id], request_key="once", **given)
        for number in range(1, MOST_UNFINISHED):
            ask_for_run(session, staff_ids=[item.staff_id], request_key=f"more {number}", **given)

        with pytest.raises(RunRefused):
            ask_for_run(session, staff_ids=[item.staff_id], request_key="one too many", **given)
        with pytest.raises(RunRefused):
            ask_for_run(session, staff_ids=[], request_key="nobody", **{**given, "by": "account:9"})

    assert again == first


def test_an_interrupted_run_goes_on_where_it_was(sqlite_engine: Engine) -> None:
    run_id = asked(sqlite_engine)
    with pytest.raises(RunInterrupted):
        run(sqlite_engine, run_id, go_on=False)
    before = state(sqlite_engine, run_id)

    run(sqlite_engine, run_id)

    assert 0 < before.done < PEOPLE
    assert before.left is not None
    assert before.left > timedelta(0)
    assert state(sqlite_engine, run_id).done == PEOPLE


def test_a_cancelled_run_issues_nothing_more(sqlite_engine: Engine) -> None:
    run_id = asked(sqlite_engine)
    with writing(sqlite_engine) as session:
        assert cancel_run(session, run_id=run_id, by=BY, at=NOW)
        assert not cancel_run(session, run_id=run_id, by=BY, at=NOW)

    run(sqlite_engine, run_id)

    found = state(sqlite_engine, run_id)
    assert (found.state, found.done) == ("cancelled", 0)


def work_slowly(url: str, run_id: int) -> None:
    run(make_engine(url), run_id, pause=0.05)


def test_a_killed_worker_loses_none_and_issues_none_twice(database_url: str) -> None:
    engine = make_engine(database_url)
    run_id = asked(engine)
    context = multiprocessing.get_context("spawn")
    for wanted in (2, 5, 8):
        worker = context.Process(target=work_slowly, args=(database_url, run_id))
        worker.start()
        until = time.monotonic() + 60
        while state(engine, run_id).done < wanted and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
        assert state(engine, run_id).state == "running"

    run(engine, run_id)

    assert (state(engine, run_id).done, state(engine, run_id).state) == (PEOPLE, "done")
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(Certificate)) == PEOPLE
        assert session.scalar(select(func.count(Certificate.staff_id.distinct()))) == PEOPLE
        assert session.scalar(select(func.count()).select_from(LogLeaf)) == PEOPLE
        assert list(log_faults(session)) == []
    engine.dispose()
