"""Issuing, replacing and revoking certificates; each is a leaf of the transparency log in the same breath."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.documents.checkpoint import Checkpoint as CheckpointFacts
from skillsmatrix.documents.checkpoint import signed_checkpoint
from skillsmatrix.documents.keys import SigningKeys
from skillsmatrix.domain.certificate import RefusalReason, RevocationKind
from skillsmatrix.domain.transparency import root
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Certificate, CertificateCheck, Checkpoint, Ledger, LogLeaf
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.certificate_office import Drawn
from skillsmatrix.operations.jobs import want_job
from skillsmatrix.queries.certificate_awards import Award, award, data_version
from skillsmatrix.queries.certificate_log import LOG_NAME, leaf_of, leaves, newest_checkpoint
from skillsmatrix.queries.certificates import issued_for, live_certificates, says_already

CHECKPOINT_JOB = "certificate_checkpoint"


class NotIssued(Exception):
    """A certificate may not be issued; `reason` says why."""

    def __init__(self, reason: RefusalReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class RevocationRefused(Exception):
    """It was revoked already, or nobody revokes a certificate of their own."""


def issue_certificate(session: Session, drawn: Drawn, *, request_key: str, by: str, at: datetime) -> int:
    """Issue what was drawn, if it is still true; returns the certificate's id.

    Under the write lock the facts are read again, unless nothing at all was recorded since they were read: a
    sign-off withdrawn while the page was drawn stops it. Certificates of the same person and competency that
    say something else are replaced by this one. Asked again with the same key, the first certificate is
    returned. Raises NotIssued.
    """
    wanted = drawn.award
    before = issued_for(session, staff_id=wanted.staff_id, request_key=request_key)
    if before is not None:
        return before
    day = drawn.facts.issued_on
    if (wanted.on, wanted.data_version) != (day, data_version(session)):
        _require_unchanged(session, wanted, on=day)
    if says_already(session, wanted):
        raise NotIssued(RefusalReason.ALREADY_ISSUED)
    live = live_certificates(session, staff_ids=[wanted.staff_id], competency_id=wanted.competency_id)
    certificate = _store(session, drawn, request_key=request_key, by=by, at=at)
    for each in live:
        each.replaced_by_id = certificate.id
        _enter(session, each, "replaced", at=at)
        audit(
            session,
            "certificate_replaced",
            by=by,
            at=at,
            subject=("certificates", each.id),
            staff_id=each.staff_id,
            after={"replaced_by": certificate.number},
        )
    return certificate.id


def _require_unchanged(session: Session, wanted: Award, *, on: date) -> None:
    now = award(
        session, staff_id=wanted.staff_id, competency_id=wanted.competency_id, on=on, level=wanted.level
    )
    if isinstance(now, RefusalReason):
        raise NotIssued(now)
    if now != wanted:
        raise NotIssued(RefusalReason.CHANGED)


def _store(session: Session, drawn: Drawn, *, request_key: str, by: str, at: datetime) -> Certificate:
    facts = drawn.facts
    certificate = Certificate(
        number=facts.number,
        staff_id=drawn.award.staff_id,
        competency_id=drawn.award.competency_id,
        level=facts.level,
        issued_on=facts.issued_on,
        valid_to=facts.valid_to,
        request_key=request_key,
        facts=facts.to_json().decode(),
        badge=drawn.badge.decode(),
        badge_jwt=drawn.badge_jwt,
        pdf=drawn.pdf,
        pdf_sha256=hashlib.sha256(drawn.pdf).hexdigest(),
        key_id=drawn.key_id,
        status_index=drawn.status_index,
        log_salt=drawn.log_salt.hex(),
        recorded_at=at,
        version_from=at,
        recorded_by=by,
    )
    session.add(certificate)
    session.flush()
    _enter(session, certificate, "issued", at=at)
    audit(
        session,
        "certificate_issued",
        by=by,
        at=at,
        subject=("certificates", certificate.id),
        staff_id=certificate.staff_id,
        after={"number": certificate.number, "level": certificate.level, "valid_to": certificate.valid_to},
    )
    return certificate


def revoke_certificate(
    session: Session, *, certificate_id: int, kind: RevocationKind, reason: str, by: str, at: datetime
) -> None:
    """Revoke a certificate: it stays, and says so from this instant on. Raises RevocationRefused."""
    certificate = session.get_one(Certificate, certificate_id, with_for_update=True)
    if certificate.revoked_at is not None or not reason.strip():
        raise RevocationRefused
    certificate.revoked_at, certificate.revoked_by = at, by
    certificate.revocation_kind, certificate.revocation_reason = kind.value, reason.strip()
    session.flush()
    _enter(session, certificate, "revoked", at=at)
    audit(
        session,
        "certificate_revoked",
        by=by,
        at=at,
        subject=("certificates", certificate.id),
        staff_id=certificate.staff_id,
        after={"kind": kind.value, "reason": reason.strip()},
    )


def note_check(session: Session, *, certificate_id: int, way: str, told: str, by: str, at: datetime) -> None:
    """Note that somebody looked a certificate up, for its holder to see. Who it was is not kept."""
    del by  # whoever checks a certificate need not say who they are
    session.add(CertificateCheck(certificate_id=certificate_id, checked_at=at, way=way, told=told))


def _enter(session: Session, certificate: Certificate, event: str, *, at: datetime) -> None:
    """One more leaf of the transparency log: a salted hash of what happened to which certificate."""
    leaf = leaf_of(certificate, event, at=at)
    last = session.scalar(select(LogLeaf.id).order_by(LogLeaf.id.desc()).limit(1)) or 0
    session.add(LogLeaf(id=last + 1, certificate_id=certificate.id, event=event, leaf_hash=leaf.hex(), at=at))
    session.flush()
    # A day on which the log grew is closed by a signed checkpoint in the night after it.
    day = london_day(at)
    want_job(session, CHECKPOINT_JOB, day.isoformat(), by="worker", at=at, not_before=_midnight_after(day))


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def make_checkpoint(session: Session, keys: SigningKeys, *, by: str, at: datetime) -> str:
    """Sign how long the transparency log is and what its root is; returns the signed text.

    Made at most once for each London day and length of the log.
    """
    hashes = list(leaves(session))
    newest = newest_checkpoint(session)
    if (
        newest is not None
        and newest.tree_size == len(hashes)
        and london_day(newest.made_at) == london_day(at)
    ):
        return newest.text
    chain = session.scalar(select(Ledger.last_hash).where(Ledger.id == 1)) or ""
    facts = CheckpointFacts(LOG_NAME, len(hashes), root(hashes), at, bytes.fromhex(chain))
    text = signed_checkpoint(facts, keys.checkpoint)
    checkpoint = Checkpoint(tree_size=facts.size, root_hash=facts.root.hex(), text=text, made_at=at)
    session.add(checkpoint)
    session.flush()
    audit(session, "checkpoint_made", by=by, at=at, subject=("checkpoints", checkpoint.id))
    return text
