"""Work that outlives a request. A job is wanted in the transaction that causes it, and done at least once.

A worker holds a job for a while (its lease). Killed, it holds it no longer: another takes it up when the
lease has run out. What a job does is therefore written so that doing it again changes nothing.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from skillsmatrix.models import Job

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=30)  # doubled after each failure: the eighth try comes an hour later


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job in the hands of a worker. `key` says what it is about."""

    id: int
    kind: str
    key: str
    attempts: int


def want_job(
    session: Session, kind: str, key: str, *, by: str, at: datetime, not_before: datetime | None = None
) -> int:
    """Ask for a job, once for each kind and key; returns its id, also when it was asked for before."""
    found = session.scalar(select(Job.id).where(Job.kind == kind, Job.key == key))
    if found is not None:
        return found
    job = Job(kind=kind, key=key, state="waiting", wanted_by=by, wanted_at=at, not_before=not_before or at)
    session.add(job)
    session.flush()
    return job.id


def take_job(
    session: Session, *, kinds: Collection[str], by: str, at: datetime, lease: timedelta = LEASE
) -> HeldJob | None:
    """Hold the next job that is due, or one whose worker is gone; None when there is nothing to do."""
    free = or_(Job.state == "waiting", (Job.state == "running") & (Job.leased_until < at))
    job = session.scalars(
        select(Job)
        .where(Job.kind.in_(kinds), Job.not_before <= at, free)
        .order_by(Job.not_before, Job.id)
        .limit(1)
    ).first()
    if job is None:
        return None
    job.state, job.leased_by, job.leased_until = "running", by, at + lease
    job.attempts += 1
    session.flush()
    return HeldJob(job.id, job.kind, job.key, job.attempts)


def keep_job(session: Session, job_id: int, *, by: str, at: datetime, lease: timedelta = LEASE) -> bool:
    """Hold on for longer; False when the job was cancelled or is in other hands: stop working on it."""
    kept = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "running", Job.leased_by == by)
        .values(leased_until=at + lease)
        .returning(Job.id)
    )
    return kept.scalar_one_or_none() is not None


def end_job(session: Session, job_id: int, *, by: str, at: datetime, outcome: Mapping[str, Any]) -> None:
    """It is done; `outcome` is kept as JSON."""
    _release(session, job_id, by=by, state="done", outcome=json.dumps(outcome), ended_at=at)


def fail_job(session: Session, job_id: int, *, by: str, at: datetime, why: str) -> None:
    """It went wrong: tried again after a while, and given up after MOST_ATTEMPTS tries."""
    job = session.get_one(Job, job_id)
    if job.attempts >= MOST_ATTEMPTS:
        _release(session, job_id, by=by, state="failed", outcome=json.dumps({"failure": why}), ended_at=at)
    else:
        wait = FIRST_WAIT * 2 ** (job.attempts - 1)
        _release(
            session,
            job_id,
            by=by,
            state="waiting",
            outcome=json.dumps({"failure": why}),
            not_before=at + wait,
        )


def cancel_job(session: Session, job_id: int, *, by: str, at: datetime) -> None:
    """Nobody wants it any more; a worker that is at it stops when it next holds on."""
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state.in_(("waiting", "running")))
        .values(
            state="cancelled", leased_by=None, leased_until=None, ended_at=at, outcome=json.dumps({"by": by})
        )
    )


def _release(session: Session, job_id: int, *, by: str, **values: Any) -> None:
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == "running", Job.leased_by == by)
        .values(leased_by=None, leased_until=None, **values)
    )
