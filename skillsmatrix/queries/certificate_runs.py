"""Many certificates at once: who would get one, how far a run is, and what came out of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.certificate import may_issue
from skillsmatrix.domain.standing import standing
from skillsmatrix.models import (
    Certificate,
    CertificateRun,
    CertificateRunItem,
    Competency,
    Post,
    Service,
    Staff,
)
from skillsmatrix.queries.known_people import workforce_now


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who holds the competency, valid or expiring, on the day."""

    staff_id: int
    staff: str
    name: str


@dataclass(frozen=True, slots=True)
class Failure:
    """One certificate of a run that was not issued, and the reason as it was kept."""

    staff: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `left` is an estimate from what was done so far; None before anything was."""

    id: int
    title: str
    state: str
    asked_by: str
    asked_at: datetime
    total: int
    done: int
    failures: tuple[Failure, ...]
    left: timedelta | None

    @property
    def waiting(self) -> int:
        """Certificates still to be made."""
        return self.total - self.done - len(self.failures)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "cancelled")


def candidates(
    session: Session,
    *,
    services: Collection[str],
    competency_id: int,
    on: date,
    staff_codes: Collection[str] | None,
) -> list[Candidate]:
    """Everybody with a post in these services on the day who holds the competency then, by name.

    `staff_codes`: only these people; None for no such limit.
    """
    rows = session.execute(
        select(Staff)
        .join(Post, Post.staff_id == Staff.id)
        .join(Service, Service.id == Post.service_id)
        .where(
            Service.code.in_(services),
            Post.starts_on <= on,
            Post.ends_on.is_(None) | (Post.ends_on >= on),
            Staff.employed_to.is_(None) | (Staff.employed_to >= on),
        )
        .distinct()
    ).scalars()
    people = [each for each in rows if staff_codes is None or each.code in staff_codes]
    facts = workforce_now(session, {each.id for each in people})
    competency = session.get_one(Competency, competency_id).code
    found = []
    for each in people:
        held = facts.holding(each.code, competency)
        level = held.evidence.held_level(on)
        if level and may_issue(standing(held, level=level, on=on).standing) is None:
            found.append(Candidate(each.id, each.code, each.name))
    return sorted(found, key=lambda each: (each.name.casefold(), each.staff))


def waiting_items(session: Session, run_id: int) -> list[tuple[int, int, int]]:
    """(id, staff id, competency id) of what a run has still to do, in order."""
    rows = session.execute(
        select(CertificateRunItem.id, CertificateRunItem.staff_id, CertificateRunItem.competency_id)
        .where(CertificateRunItem.run_id == run_id, CertificateRunItem.state == "waiting")
        .order_by(CertificateRunItem.id)
    )
    return [(row.id, row.staff_id, row.competency_id) for row in rows]


def run_state(session: Session, run_id: int) -> str:
    """waiting, running, done or cancelled."""
    return session.scalars(select(CertificateRun.state).where(CertificateRun.id == run_id)).one()


def staff_of_run(session: Session, run_id: int) -> frozenset[str]:
    """Codes of the people whom a run is to give certificates; empty when there is no such run."""
    codes = session.scalars(
        select(Staff.code)
        .join(CertificateRunItem, CertificateRunItem.staff_id == Staff.id)
        .join(CertificateRun, CertificateRun.id == CertificateRunItem.run_id)
        .where(CertificateRunItem.run_id == run_id, CertificateRun.kind == "issue")
    )
    return frozenset(codes)


def run_ids(session: Session, *, most: int = 50) -> list[int]:
    """The newest runs that give certificates, newest first."""
    rows = session.scalars(
        select(CertificateRun.id)
        .where(CertificateRun.kind == "issue")
        .order_by(CertificateRun.id.desc())
        .limit(most)
    )
    return list(rows)


def progress(session: Session, run_id: int, *, at: datetime) -> Progress:
    """How far a run is at an instant."""
    run = session.get_one(CertificateRun, run_id)
    states = {
        row[0]: row[1]
        for row in session.execute(
            select(CertificateRunItem.state, func.count())
            .where(CertificateRunItem.run_id == run_id)
            .group_by(CertificateRunItem.state)
        )
    }
    done, waiting = states.get("done", 0), states.get("waiting", 0)
    title = session.scalars(
        select(Competency.title)
        .join(CertificateRunItem, CertificateRunItem.competency_id == Competency.id)
        .where(CertificateRunItem.run_id == run_id)
        .limit(1)
    ).one()
    return Progress(
        id=run.id,
        title=title,
        state=run.state,
        asked_by=run.recorded_by,
        asked_at=run.recorded_at,
        total=sum(states.values()),
        done=done,
        failures=tuple(_failures(session, run_id)),
        left=_left(session, run_id, done=done, waiting=waiting, at=at),
    )


def issued_in_run(session: Session, run_id: int) -> list[tuple[str, str, int]]:
    """(holder's staff code, number, id) of the certificates a run has issued, by name."""
    rows = session.execute(
        select(Staff, Certificate.number, Certificate.id)
        .join(CertificateRunItem, CertificateRunItem.certificate_id == Certificate.id)
        .join(Staff, Staff.id == Certificate.staff_id)
        .where(CertificateRunItem.run_id == run_id)
    )
    found = sorted(rows, key=lambda row: (row[0].name.casefold(), row[0].code))
    return [(row[0].code, row[1], row[2]) for row in found]


def pdf_of(session: Session, certificate_id: int) -> bytes:
    """The signed bytes of one certificate."""
    return session.scalars(select(Certificate.pdf).where(Certificate.id == certificate_id)).one()


def _failures(session: Session, run_id: int) -> list[Failure]:
    rows = session.execute(
        select(Staff, CertificateRunItem.failure)
        .join(CertificateRunItem, CertificateRunItem.staff_id == Staff.id)
        .where(CertificateRunItem.run_id == run_id, CertificateRunItem.state == "failed")
        .order_by(CertificateRunItem.id)
    )
    return [Failure(row[0].code, row[0].name, row[1] or "") for row in rows]


def _left(session: Session, run_id: int, *, done: int, waiting: int, at: datetime) -> timedelta | None:
    """What is waiting, at the pace from the first certificate to this instant."""
    first = session.scalar(
        select(func.min(Certificate.recorded_at))
        .join(CertificateRunItem, CertificateRunItem.certificate_id == Certificate.id)
        .where(CertificateRunItem.run_id == run_id)
    )
    if first is None or not waiting:
        return None
    return max(at - first, timedelta(0)) / done * waiting
