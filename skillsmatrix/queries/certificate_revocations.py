"""Revoking many certificates: which ones a filter finds, and how far a revocation is."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.certificate import RevocationKind
from skillsmatrix.models import (
    Certificate,
    CertificateRun,
    CertificateRunItem,
    Competency,
    Post,
    Service,
    SignOff,
    Staff,
)
from skillsmatrix.queries.certificates import WITHOUT_FILES


@dataclass(frozen=True, slots=True)
class RevocationFilter:
    """Which certificates: codes and names as chosen, empty where nothing was. `key`: a signing key's name."""

    competency: str = ""
    services: tuple[str, ...] = ()
    assessor: str = ""
    key: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether it would find every certificate there is."""
        return not (self.competency or self.services or self.assessor or self.key)


@dataclass(frozen=True, slots=True)
class Listed:
    """One certificate on a list."""

    id: int
    staff_id: int
    competency_id: int
    staff: str
    holder: str
    title: str
    number: str
    issued_on: date
    state: str = "waiting"
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Revocation:
    """A list of certificates to be revoked: who asked, who confirmed, and how far it is."""

    id: int
    state: str
    kind: RevocationKind
    reason: str
    asked_by: str
    asked_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    total: int
    done: int
    failed: int
    left: timedelta | None

    @property
    def waits_for_somebody(self) -> bool:
        """Whether a second person has still to say yes or no."""
        return self.state == "waiting" and not self.confirmed_by

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "cancelled")


def revocable(
    session: Session, wanted: RevocationFilter, *, on: date, staff_codes: Collection[str] | None
) -> list[Listed]:
    """Certificates that a filter finds and that are neither revoked nor replaced, by holder.

    `services`: where the holder has a post on the day. `staff_codes`: only of these people; None: of all.
    """
    statement = (
        select(Certificate, Staff.code, Competency.title)
        .join(Staff, Staff.id == Certificate.staff_id)
        .join(Competency, Competency.id == Certificate.competency_id)
        .where(Certificate.revoked_at.is_(None), Certificate.replaced_by_id.is_(None))
        .options(*WITHOUT_FILES)
    )
    if wanted.competency:
        statement = statement.where(Competency.code == wanted.competency)
    if wanted.key:
        statement = statement.where(Certificate.key_id == wanted.key)
    if wanted.services:
        statement = statement.where(Certificate.staff_id.in_(_posted(wanted.services, on)))
    signed = _signed_off_by(session, wanted.assessor) if wanted.assessor else None
    found = []
    for certificate, staff, title in session.execute(statement):
        said = json.loads(certificate.facts)
        event = (certificate.staff_id, certificate.competency_id, said["assessed_on"])
        if (staff_codes is None or staff in staff_codes) and (signed is None or event in signed):
            found.append(_listed(certificate, staff, title, said["holder"]))
    return sorted(found, key=lambda each: (each.holder.casefold(), each.title.casefold(), each.id))


def assessors_of_certificates(session: Session) -> list[tuple[str, str]]:
    """Code and name of whoever signed off somebody with a certificate that still stands, by name."""
    rows = session.scalars(
        select(Staff).where(
            Staff.id.in_(
                select(SignOff.assessor_id)
                .join(
                    Certificate,
                    (Certificate.staff_id == SignOff.staff_id)
                    & (Certificate.competency_id == SignOff.competency_id),
                )
                .where(Certificate.revoked_at.is_(None), Certificate.replaced_by_id.is_(None))
            )
        )
    )
    return sorted(((each.code, each.name) for each in rows), key=lambda each: each[1].casefold())


def keys_in_use(session: Session) -> list[str]:
    """Names of the signing keys behind certificates that still stand, newest first."""
    rows = session.scalars(
        select(Certificate.key_id)
        .where(Certificate.revoked_at.is_(None), Certificate.replaced_by_id.is_(None))
        .distinct()
    )
    return sorted(rows, reverse=True)


def revocation_ids(session: Session, *, unconfirmed: bool = False, most: int = 50) -> list[int]:
    """The newest revocations of many, newest first; or those of them that wait for a second person."""
    statement = select(CertificateRun.id).where(CertificateRun.kind == "revoke")
    if unconfirmed:
        waiting = CertificateRun.state == "waiting"
        statement = statement.where(waiting, CertificateRun.confirmed_by.is_(None))
    return list(session.scalars(statement.order_by(CertificateRun.id.desc()).limit(most)))


def revocation(session: Session, run_id: int, *, at: datetime) -> Revocation | None:
    """One revocation and how far it is at an instant; None when there is none with this id."""
    run = session.scalar(
        select(CertificateRun).where(CertificateRun.id == run_id, CertificateRun.kind == "revoke")
    )
    if run is None:
        return None
    states: dict[str, int] = {
        row[0]: row[1]
        for row in session.execute(
            select(CertificateRunItem.state, func.count())
            .where(CertificateRunItem.run_id == run_id)
            .group_by(CertificateRunItem.state)
        )
    }
    wanted, done = json.loads(run.wanted), states.get("done", 0)
    waiting = states.get("waiting", 0)
    return Revocation(
        id=run.id,
        state=run.state,
        kind=RevocationKind(wanted["kind"]),
        reason=wanted["reason"],
        asked_by=run.recorded_by,
        asked_at=run.recorded_at,
        confirmed_by=run.confirmed_by or "",
        confirmed_at=run.confirmed_at,
        total=sum(states.values()),
        done=done,
        failed=states.get("failed", 0),
        left=_left(session, run_id, done=done, waiting=waiting, at=at),
    )


def on_the_list(session: Session, run_id: int) -> list[Listed]:
    """The certificates of a revocation, by holder, and what became of each."""
    rows = session.execute(
        select(Certificate, Staff.code, Competency.title, CertificateRunItem)
        .join(CertificateRunItem, CertificateRunItem.certificate_id == Certificate.id)
        .join(Staff, Staff.id == Certificate.staff_id)
        .join(Competency, Competency.id == Certificate.competency_id)
        .where(CertificateRunItem.run_id == run_id)
        .options(*WITHOUT_FILES)
    )
    found = [
        _listed(
            certificate, staff, title, json.loads(certificate.facts)["holder"], item.state, item.failure or ""
        )
        for certificate, staff, title, item in rows
    ]
    return sorted(found, key=lambda each: (each.holder.casefold(), each.title.casefold(), each.id))


def _listed(
    certificate: Certificate, staff: str, title: str, holder: str, state: str = "waiting", failure: str = ""
) -> Listed:
    return Listed(
        id=certificate.id,
        staff_id=certificate.staff_id,
        competency_id=certificate.competency_id,
        staff=staff,
        holder=holder,
        title=title,
        number=certificate.number,
        issued_on=certificate.issued_on,
        state=state,
        failure=failure,
    )


def _posted(services: Collection[str], on: date) -> Select[int]:
    return (
        select(Post.staff_id)
        .join(Service, Service.id == Post.service_id)
        .where(
            Service.code.in_(services),
            Post.starts_on <= on,
            Post.ends_on.is_(None) | (Post.ends_on >= on),
        )
    )


def _signed_off_by(session: Session, assessor: str) -> set[tuple[int, int, str]]:
    """(staff id, competency id, day as it is printed in the facts) of the assessor's sign-offs."""
    rows = session.execute(
        select(SignOff.staff_id, SignOff.competency_id, SignOff.assessed_on)
        .join(Staff, Staff.id == SignOff.assessor_id)
        .where(Staff.code == assessor)
    )
    return {(row.staff_id, row.competency_id, row.assessed_on.isoformat()) for row in rows}


def _left(session: Session, run_id: int, *, done: int, waiting: int, at: datetime) -> timedelta | None:
    """What is waiting, at the pace from the first certificate to this instant."""
    first = session.scalar(
        select(func.min(Certificate.revoked_at))
        .join(CertificateRunItem, CertificateRunItem.certificate_id == Certificate.id)
        .where(CertificateRunItem.run_id == run_id, CertificateRunItem.state == "done")
    )
    if first is None or not waiting or not done:
        return None
    return max(at - first, timedelta(0)) / done * waiting
