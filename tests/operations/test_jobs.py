"""Background work: asked for once, done though workers die, never in two hands at a time."""

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select

from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.models import AuditEntry, Job
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.jobs import (
    MOST_ATTEMPTS,
    HeldJob,
    cancel_job,
    end_job,
    fail_job,
    keep_job,
    take_job,
    want_job,
)
from skillsmatrix.worker import Worker

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def wanted(engine: Engine, *keys: str) -> None:
    with writing(engine) as session:
        for key in keys:
            want_job(session, "count", key, by="account:1", at=AT)


def taken(engine: Engine, by: str, at: datetime = AT) -> HeldJob | None:
    with writing(engine) as session:
        return take_job(session, kinds=("count",), by=by, at=at)


def states(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Job.state).order_by(Job.id)))


def test_asking_twice_makes_one_job(engine: Engine) -> None:
    wanted(engine, "a", "a")

    assert states(engine) == ["waiting"]


def test_a_job_is_in_one_pair_of_hands_until_its_lease_runs_out(engine: Engine) -> None:
    wanted(engine, "a")

    first = taken(engine, "one")
    assert first is not None
    assert taken(engine, "two", AT + MINUTE) is None
    second = taken(engine, "two", AT + 3 * MINUTE)
    assert second is not None
    assert (second.id, second.attempts) == (first.id, 2)


def test_whoever_lost_a_job_cannot_end_it(engine: Engine) -> None:
    wanted(engine, "a")
    job = taken(engine, "one")
    assert job is not None
    taken(engine, "two", AT + 3 * MINUTE)

    with writing(engine) as session:
        assert not keep_job(session, job.id, by="one", at=AT + 3 * MINUTE)
        end_job(session, job.id, by="one", at=AT + 3 * MINUTE, outcome={})

    assert states(engine) == ["running"]


def test_holding_on_makes_the_lease_longer(engine: Engine) -> None:
    wanted(engine, "a")
    job = taken(engine, "one")
    assert job is not None

    with writing(engine) as session:
        assert keep_job(session, job.id, by="one", at=AT + MINUTE)

    assert taken(engine, "two", AT + 2 * MINUTE + timedelta(seconds=30)) is None


def test_a_failed_job_waits_and_is_given_up_in_the_end(engine: Engine) -> None:
    wanted(engine, "a")
    at = AT
    for attempt in range(MOST_ATTEMPTS):
        job = taken(engine, "one", at)
        assert job is not None, attempt
        with writing(engine) as session:
            fail_job(session, job.id, by="one", at=at, why="the printer is on fire")
        assert taken(engine, "one", at) is None
        at += timedelta(hours=2)

    assert states(engine) == ["failed"]
    with reading(engine) as session:
        assert json.loads(session.scalars(select(Job.outcome)).one() or "") == {
            "failure": "the printer is on fire"
        }


def test_a_cancelled_job_is_taken_by_nobody_and_stops_whoever_is_at_it(engine: Engine) -> None:
    wanted(engine, "a", "b")
    job = taken(engine, "one")
    assert job is not None

    with writing(engine) as session:
        for number in (job.id, job.id + 1):
            cancel_job(session, number, by="account:1", at=AT)
        assert not keep_job(session, job.id, by="one", at=AT)

    assert states(engine) == ["cancelled", "cancelled"]
    assert taken(engine, "one") is None


def count_slowly(engine: Engine) -> Callable[[HeldJob, Callable[[], bool]], Mapping[str, object]]:
    """Writes one line in the log for each job, however often it is done."""

    def work(job: HeldJob, _go_on: Callable[[], bool]) -> Mapping[str, object]:
        time.sleep(0.01)
        with writing(engine) as session:
            kind = f"counted_{job.key}"
            if session.scalar(select(AuditEntry.id).where(AuditEntry.kind == kind)) is None:
                audit(session, kind, by="worker", at=AT)
        return {"key": job.key}

    return work


def _work(url: str) -> None:
    engine = make_engine(url)
    Worker(engine, {"count": count_slowly(engine)}, idle_seconds=0.01).run()


def test_killed_workers_lose_nothing_and_do_nothing_twice(database_url: str) -> None:
    keys = [f"{number:02}" for number in range(30)]
    engine = make_engine(database_url)
    wanted(engine, *keys)
    context = multiprocessing.get_context("spawn")

    workers = [context.Process(target=_work, args=(database_url,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + 30
    while states(engine).count("done") < 8 and time.monotonic() < deadline:
        time.sleep(0.02)
    for worker in workers:
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join()
    last = Worker(engine, {"count": count_slowly(engine)})
    while last.work_once(ahead=timedelta(minutes=5)):
        pass

    assert states(engine) == ["done"] * 30
    with reading(engine) as session:
        counted = list(session.scalars(select(AuditEntry.kind)))
    engine.dispose()
    assert sorted(counted) == [f"counted_{key}" for key in keys]


def test_a_job_that_raises_is_noted_and_tried_again_later(engine: Engine) -> None:
    wanted(engine, "a")

    def fail(_job: HeldJob, _go_on: Callable[[], bool]) -> Mapping[str, object]:
        raise ValueError("no paper")

    worker = Worker(engine, {"count": fail})

    assert worker.work_once()
    assert states(engine) == ["waiting"]
    assert not worker.work_once()
