"""Many certificates revoked at once: asked for by one person, confirmed by another, done in the background.

The list is frozen when it is asked for: the second person confirms those certificates and no others.
"""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from skillsmatrix.domain.certificate import RevocationKind
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Certificate, CertificateRun, CertificateRunItem
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.certificate_runs import RunInterrupted
from skillsmatrix.operations.certificates import RevocationRefused, revoke_certificate
from skillsmatrix.operations.jobs import want_job

REVOKE_JOB = "certificate_revocation"
MOST_ON_A_LIST = 5_000
TOGETHER = 20  # certificates revoked in one transaction

ALREADY = "already_revoked"  # what is kept of one that somebody revoked in the meantime


class RevocationOfManyRefused(Exception):
    """The list is empty or too long, or no reason was given."""


class NotForThemselves(Exception):
    """Whoever asked cannot be the one who confirms, nor can the holder of a certificate on the list."""


class SettledAlready(Exception):
    """Somebody has confirmed or refused it in the meantime."""


def ask_to_revoke(
    session: Session,
    *,
    certificate_ids: Collection[int],
    kind: RevocationKind,
    reason: str,
    wanted: Mapping[str, object],
    request_key: str,
    by: str,
    at: datetime,
) -> int:
    """Ask that these certificates are revoked; returns the list's id. Asked again, the first list.

    Nothing is revoked before a second person confirms. `wanted`: the filter, for the record. Raises
    RevocationOfManyRefused.
    """
    own_key = f"{by}:{request_key}"
    before = session.scalar(select(CertificateRun.id).where(CertificateRun.request_key == own_key))
    if before is not None:
        return before
    if not 0 < len(certificate_ids) <= MOST_ON_A_LIST or not reason.strip():
        raise RevocationOfManyRefused
    stated = {"filter": dict(wanted), "kind": kind.value, "reason": reason.strip()}
    run = CertificateRun(
        kind="revoke",
        wanted=json.dumps(stated, sort_keys=True),
        request_key=own_key,
        state="waiting",
        recorded_at=at,
        version_from=at,
        recorded_by=by,
    )
    session.add(run)
    session.flush()
    _list(session, run.id, certificate_ids)
    after = {**stated, "certificates": len(certificate_ids)}
    audit(session, "revocation_asked_for", by=by, at=at, subject=("certificate_runs", run.id), after=after)
    return run.id


def _list(session: Session, run_id: int, certificate_ids: Collection[int]) -> None:
    rows = session.execute(
        select(Certificate.id, Certificate.staff_id, Certificate.competency_id)
        .where(Certificate.id.in_(certificate_ids))
        .order_by(Certificate.id)
    )
    session.add_all(
        CertificateRunItem(
            run_id=run_id,
            staff_id=row.staff_id,
            competency_id=row.competency_id,
            certificate_id=row.id,
            state="waiting",
        )
        for row in rows
    )


def confirm_revocation(
    session: Session, *, run_id: int, own_staff_id: int | None, by: str, at: datetime
) -> None:
    """A second person says yes: from now on the work waits for a worker.

    `own_staff_id`: the member of staff who confirms, if any. Raises NotForThemselves and SettledAlready.
    """
    run = session.get_one(CertificateRun, run_id)
    own = select(CertificateRunItem.id).where(
        CertificateRunItem.run_id == run_id, CertificateRunItem.staff_id == own_staff_id
    )
    if run.recorded_by == by or session.scalar(own.limit(1)) is not None:
        raise NotForThemselves
    confirmed = session.execute(
        update(CertificateRun)
        .where(
            CertificateRun.id == run_id,
            CertificateRun.kind == "revoke",
            CertificateRun.state == "waiting",
            CertificateRun.confirmed_by.is_(None),
        )
        .values(confirmed_by=by, confirmed_at=at)
        .returning(CertificateRun.id)
    ).scalar_one_or_none()
    if confirmed is None:
        raise SettledAlready
    want_job(session, REVOKE_JOB, str(run_id), by=by, at=at)
    audit(session, "revocation_confirmed", by=by, at=at, subject=("certificate_runs", run_id))


def refuse_revocation(session: Session, *, run_id: int, by: str, at: datetime) -> None:
    """A second person says no, or whoever asked takes it back: nothing is revoked. Raises SettledAlready."""
    refused = session.execute(
        update(CertificateRun)
        .where(
            CertificateRun.id == run_id,
            CertificateRun.kind == "revoke",
            CertificateRun.state == "waiting",
            CertificateRun.confirmed_by.is_(None),
        )
        .values(state="cancelled")
        .returning(CertificateRun.id)
    ).scalar_one_or_none()
    if refused is None:
        raise SettledAlready
    audit(session, "revocation_refused", by=by, at=at, subject=("certificate_runs", run_id))


def do_revocations(
    engine: Engine, run_id: int, *, go_on: Callable[[], bool], now: Callable[[], datetime]
) -> Mapping[str, object]:
    """Revoke what a confirmed list has still to revoke. Raises RunInterrupted when it may not go on.

    So many at a time, each with its mark in the same transaction: killed at any moment, the work goes on
    where it was.
    """
    revoked = 0
    while True:
        with writing(engine) as session:
            run = session.get_one(CertificateRun, run_id)
            if run.kind != "revoke" or run.confirmed_by is None or run.state == "cancelled":
                return {"revoked": revoked}
            items = _next_items(session, run_id)
            run.state = "running" if items else "done"
            for item in items:
                revoked += _revoke(session, run, item, at=now())
        if not items:
            return {"revoked": revoked}
        if not go_on():
            raise RunInterrupted


def _next_items(session: Session, run_id: int) -> list[CertificateRunItem]:
    return list(
        session.scalars(
            select(CertificateRunItem)
            .where(CertificateRunItem.run_id == run_id, CertificateRunItem.state == "waiting")
            .order_by(CertificateRunItem.id)
            .limit(TOGETHER)
        )
    )


def _revoke(session: Session, run: CertificateRun, item: CertificateRunItem, *, at: datetime) -> int:
    """One certificate, signed by whoever asked; how many were revoked."""
    stated = json.loads(run.wanted)
    try:
        revoke_certificate(
            session,
            certificate_id=item.certificate_id or 0,
            kind=RevocationKind(stated["kind"]),
            reason=stated["reason"],
            by=run.recorded_by,
            at=at,
        )
    except RevocationRefused:
        item.state, item.failure = "failed", ALREADY
        return 0
    item.state = "done"
    return 1
