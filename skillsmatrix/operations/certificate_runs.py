"""Many certificates at once: asked for in one transaction, issued one by one in the background.

Each certificate and the mark that it is done are kept in the same transaction, and each has a key of its own
in the run: killed at any moment, the run goes on where it was, and nobody is left out or served twice.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from skillsmatrix.domain.certificate import RefusalReason
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import CertificateRun, CertificateRunItem, Job
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.certificate_office import CertificateOffice, Drawn
from skillsmatrix.operations.certificates import NotIssued, issue_certificate
from skillsmatrix.operations.jobs import cancel_job, want_job
from skillsmatrix.queries.certificate_awards import Award, awards
from skillsmatrix.queries.certificate_log import newest_checkpoint_line
from skillsmatrix.queries.certificate_runs import run_state, waiting_items
from skillsmatrix.queries.certificates import say_already, taken_status_places

RUN_JOB = "certificate_run"
MOST_IN_A_RUN = 5_000
READ_TOGETHER = 40  # people whose facts are read at once; drawing them takes some seconds
BETWEEN_LEASES = 10  # certificates after which the worker says that it is still there
MOST_UNFINISHED = 2  # runs of one person at a time: the next one has to wait for one of them


class RunRefused(Exception):
    """Nobody was named, too many were, or the person has runs enough going on."""


class RunInterrupted(Exception):
    """The worker was stopped, or the run is in other hands: what is left is taken up again."""


def ask_for_run(
    session: Session,
    *,
    staff_ids: Collection[int],
    competency_id: int,
    wanted: Mapping[str, object],
    request_key: str,
    by: str,
    at: datetime,
) -> int:
    """Ask for a certificate for each of these people; returns the run. Asked again, the first run.

    `wanted`: the filter in the asker's words, for the record. Raises RunRefused.
    """
    before = session.scalar(select(CertificateRun.id).where(CertificateRun.request_key == request_key))
    if before is not None:
        return before
    if not 0 < len(staff_ids) <= MOST_IN_A_RUN or _going_on(session, by) >= MOST_UNFINISHED:
        raise RunRefused
    run = CertificateRun(
        kind="issue",
        wanted=json.dumps(wanted, sort_keys=True),
        request_key=request_key,
        state="waiting",
        recorded_at=at,
        version_from=at,
        recorded_by=by,
    )
    session.add(run)
    session.flush()
    session.add_all(
        CertificateRunItem(run_id=run.id, staff_id=each, competency_id=competency_id, state="waiting")
        for each in staff_ids
    )
    want_job(session, RUN_JOB, str(run.id), by=by, at=at)
    audit(
        session,
        "certificate_run_asked_for",
        by=by,
        at=at,
        subject=("certificate_runs", run.id),
        after={"wanted": dict(wanted), "certificates": len(staff_ids)},
    )
    return run.id


def _going_on(session: Session, by: str) -> int:
    """How many runs of this person are not over."""
    found = session.scalar(
        select(func.count())
        .select_from(CertificateRun)
        .where(
            CertificateRun.kind == "issue",
            CertificateRun.recorded_by == by,
            CertificateRun.state.in_(("waiting", "running")),
        )
    )
    return found or 0


def cancel_run(session: Session, *, run_id: int, by: str, at: datetime) -> bool:
    """Issue nothing more of a run; what is issued stays. False when it was over already."""
    cancelled = session.execute(
        update(CertificateRun)
        .where(
            CertificateRun.id == run_id,
            CertificateRun.kind == "issue",
            CertificateRun.state.in_(("waiting", "running")),
        )
        .values(state="cancelled")
        .returning(CertificateRun.id)
    ).scalar_one_or_none()
    if cancelled is None:
        return False
    job_id = session.scalar(select(Job.id).where(Job.kind == RUN_JOB, Job.key == str(run_id)))
    if job_id is not None:
        cancel_job(session, job_id, by=by, at=at)
    audit(session, "certificate_run_cancelled", by=by, at=at, subject=("certificate_runs", run_id))
    return True


def do_run(
    engine: Engine,
    office: CertificateOffice,
    run_id: int,
    *,
    go_on: Callable[[], bool],
    now: Callable[[], datetime],
) -> Mapping[str, object]:
    """Issue what a run has still to do. Raises RunInterrupted when it may not go on to the end.

    `go_on` is asked now and then whether the work is still wanted here; `now` tells the instant.
    """
    with writing(engine) as session:
        session.execute(
            update(CertificateRun)
            .where(CertificateRun.id == run_id, CertificateRun.state == "waiting")
            .values(state="running")
        )
        by = session.get_one(CertificateRun, run_id).recorded_by
        taken, line = taken_status_places(session), newest_checkpoint_line(session)
    at = now()
    on = london_day(at)
    work = _Run(engine, run_id, by, now)
    for drawn in office.draw_many(work.awards(on), on=on, at=at, taken=taken, checkpoint=line):
        work.keep(drawn)
        if work.cancelled:
            return {"issued": work.issued, "cancelled": True}
        if work.issued % BETWEEN_LEASES == 0 and not go_on():
            raise RunInterrupted
    with writing(engine) as session:
        session.execute(
            update(CertificateRun)
            .where(CertificateRun.id == run_id, CertificateRun.state == "running")
            .values(state="done")
        )
    return {"issued": work.issued}


class _Run:
    """One worker's pass over what a run has still to do."""

    def __init__(self, engine: Engine, run_id: int, by: str, now: Callable[[], datetime]) -> None:
        self.engine = engine
        self.now = now
        self.run_id = run_id
        self.by = by
        self.issued = 0
        self.cancelled = False
        self._items: dict[tuple[int, int], int] = {}

    def awards(self, on: date) -> Iterator[Award]:
        """What is to be drawn, read shortly before it is; whoever may have none is marked with the reason."""
        with reading(self.engine) as session:
            waiting = waiting_items(session, self.run_id)
        for start in range(0, len(waiting), READ_TOGETHER):
            together = waiting[start : start + READ_TOGETHER]
            for competency_id in {item[2] for item in together}:
                items = {staff_id: item_id for item_id, staff_id, of in together if of == competency_id}
                yield from self._awards_of(items, competency_id, on)

    def _awards_of(self, items: Mapping[int, int], competency_id: int, on: date) -> Iterator[Award]:
        """`items`: staff id → item."""
        with reading(self.engine) as session:
            found = awards(session, staff_ids=items.keys(), competency_id=competency_id, on=on)
            possible = [each for each in found.values() if isinstance(each, Award)]
            already = say_already(session, possible)
        for staff_id, item_id in items.items():
            one = found[staff_id]
            if isinstance(one, Award) and staff_id not in already:
                self._items[staff_id, competency_id] = item_id
                yield one
            else:
                refused = RefusalReason.ALREADY_ISSUED if isinstance(one, Award) else one
                self._fail(item_id, refused.value)

    def keep(self, drawn: Drawn | tuple[Award, str]) -> None:
        """Issue it and mark it done, in one transaction; or mark it failed."""
        wanted = drawn.award if isinstance(drawn, Drawn) else drawn[0]
        item_id = self._items.pop((wanted.staff_id, wanted.competency_id))
        if not isinstance(drawn, Drawn):
            self._fail(item_id, drawn[1])
            return
        with writing(self.engine) as session:
            if run_state(session, self.run_id) == "cancelled":
                self.cancelled = True
                return
            item = session.get_one(CertificateRunItem, item_id)
            if item.state != "waiting":
                return
            key = f"run:{self.run_id}:{wanted.competency_id}"
            try:
                item.certificate_id = issue_certificate(
                    session, drawn, request_key=key, by=self.by, at=self.now()
                )
            except NotIssued as refused:
                item.state, item.failure = "failed", refused.reason.value
            else:
                item.state = "done"
                self.issued += 1

    def _fail(self, item_id: int, why: str) -> None:
        with writing(self.engine) as session:
            item = session.get_one(CertificateRunItem, item_id)
            if item.state == "waiting":
                item.state, item.failure = "failed", why
