"""What certificates need to know: the facts to print, what was issued, and what it is worth today."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from skillsmatrix.documents.facts import CertificateFacts
from skillsmatrix.domain.certificate import (
    Afterwards,
    Frozen,
    RefusalReason,
    RevocationKind,
    StateToday,
    may_issue,
    state_on,
)
from skillsmatrix.domain.standing import Holding, standing, suspended
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import (
    Certificate,
    CertificateCheck,
    Checkpoint,
    Competency,
    Course,
    Learning,
    LogLeaf,
    SignOff,
    Staff,
)
from skillsmatrix.queries.workforce import workforce


@dataclass(frozen=True, slots=True)
class Award:
    """What a certificate would say of one person and competency on a day; texts as they are recorded."""

    staff_id: int
    competency_id: int
    holder: str
    competency: str
    title: str
    framework: str
    boundary: str
    level: int
    valid_from: date
    valid_to: date | None
    learning_title: str
    learning_provider: str
    learning_completed_on: date | None
    assessor: str
    assessed_on: date | None

    @property
    def frozen(self) -> Frozen:
        """What decides whether another certificate says the same."""
        return Frozen(self.competency, self.level, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate in a list, and what it is worth on the day asked about."""

    id: int
    number: str
    staff: str
    holder: str
    competency: str
    title: str
    level: int
    issued_on: date
    valid_to: date | None
    today: StateToday


def award(
    session: Session, *, staff_id: int, competency_id: int, on: date, level: int | None = None
) -> Award | RefusalReason:
    """What a certificate for this person would say on the day, or why there can be none.

    `level`: the level asked for; None is the level held on the day.
    """
    staff = session.get_one(Staff, staff_id)
    competency = session.get_one(Competency, competency_id)
    facts = workforce(session, staff_ids=[staff_id]).holding(staff.code, competency.code)
    wanted = level or max(facts.evidence.held_level(on), 1)
    verdict = standing(facts, level=wanted, on=on)
    refusal = may_issue(verdict.standing)
    if refusal is not None:
        return refusal
    learning = _learning(session, facts, staff_id, competency_id, on)
    sign_off = _sign_off(session, staff_id, competency_id, wanted, on) if competency.needs_sign_off else None
    return Award(
        staff_id=staff_id,
        competency_id=competency_id,
        holder=staff.name,
        competency=competency.code,
        title=competency.title,
        framework=competency.framework or "",
        boundary=competency.boundary or "",
        level=wanted,
        valid_from=verdict.held_since or on,
        valid_to=verdict.valid_to,
        learning_title=learning[0],
        learning_provider=learning[1],
        learning_completed_on=learning[2],
        assessor=sign_off[0] if sign_off else "",
        assessed_on=sign_off[1] if sign_off else None,
    )


def _learning(
    session: Session, facts: Holding, staff_id: int, competency_id: int, on: date
) -> tuple[str, str, date | None]:
    """Title, provider and day of the learning that counts longest on the day."""
    terms = [term for term in facts.evidence.learning if term.counts_on(on)]
    if not terms:
        return "", "", None
    longest = max(terms, key=lambda term: (term.valid_to is None, term.valid_to or on, term.starts_on))
    found = session.execute(
        select(Course.title, func.coalesce(Learning.provider, Course.provider))
        .select_from(Learning)
        .outerjoin(Course, Course.id == Learning.course_id)
        .where(
            Learning.staff_id == staff_id,
            Learning.competency_id == competency_id,
            Learning.completed_on == longest.starts_on,
        )
        .order_by(Learning.reference)
    ).first()
    title, provider = found if found else (None, None)
    return title or facts.competency.title, provider or "", longest.starts_on


def _sign_off(
    session: Session, staff_id: int, competency_id: int, level: int, on: date
) -> tuple[str, date] | None:
    """Assessor and day of the latest sign-off at the level that stands on the day."""
    assessor = aliased(Staff)
    found = session.execute(
        select(assessor, SignOff.assessed_on)
        .join(assessor, assessor.id == SignOff.assessor_id)
        .where(
            SignOff.staff_id == staff_id,
            SignOff.competency_id == competency_id,
            SignOff.outcome == "competent",
            SignOff.level >= level,
            SignOff.assessed_on <= on,
            SignOff.withdrawn_on.is_(None) | (SignOff.withdrawn_on > on),
        )
        .order_by(SignOff.assessed_on.desc(), SignOff.id.desc())
    ).first()
    return None if found is None else (found[0].name, found[1])


def live_certificates(session: Session, *, staff_id: int, competency_id: int) -> list[Certificate]:
    """Certificates for this person and competency that are neither revoked nor replaced, oldest first."""
    return list(
        session.scalars(
            select(Certificate)
            .where(
                Certificate.staff_id == staff_id,
                Certificate.competency_id == competency_id,
                Certificate.revoked_at.is_(None),
                Certificate.replaced_by_id.is_(None),
            )
            .order_by(Certificate.id)
        )
    )


def frozen(certificate: Certificate) -> Frozen:
    """What the certificate says about itself."""
    said = json.loads(certificate.facts)
    return Frozen(
        said["competency_code"],
        said["level"],
        date.fromisoformat(said["valid_from"]),
        certificate.valid_to,
    )


def state_today(session: Session, certificate: Certificate, *, on: date) -> StateToday:
    """What a certificate is worth on the day, by what has happened since and by the holder's record."""
    replaced = session.get(Certificate, certificate.replaced_by_id) if certificate.replaced_by_id else None
    afterwards = Afterwards(
        revoked_on=None if certificate.revoked_at is None else london_day(certificate.revoked_at),
        revocation_kind=(
            None if certificate.revocation_kind is None else RevocationKind(certificate.revocation_kind)
        ),
        replaced_on=None if replaced is None else replaced.issued_on,
        replaced_by="" if replaced is None else replaced.number,
    )
    return state_on(frozen(certificate), afterwards, suspended=_is_suspended(session, certificate, on), on=on)


def _is_suspended(session: Session, certificate: Certificate, on: date) -> bool:
    """Suspended by the rules, or no longer held at all (withdrawn): either way not to be relied on today."""
    staff = session.get_one(Staff, certificate.staff_id)
    competency = session.get_one(Competency, certificate.competency_id)
    facts = workforce(session, staff_ids=[staff.id]).holding(staff.code, competency.code)
    return not facts.evidence.satisfies(certificate.level, on) or bool(suspended(facts, on=on))


def issued(
    session: Session, *, staff_codes: Collection[str] | None, on: date, search: str = ""
) -> list[Issued]:
    """Certificates of some people (None: of everybody), newest first; `search` in name or number."""
    rows = session.execute(
        select(Certificate, Staff.code, Competency.code, Competency.title)
        .join(Staff, Staff.id == Certificate.staff_id)
        .join(Competency, Competency.id == Certificate.competency_id)
        .order_by(Certificate.id.desc())
    )
    found = []
    for certificate, staff, competency, title in rows:
        holder = json.loads(certificate.facts)["holder"]
        wanted = search.casefold() in f"{holder} {certificate.number} {competency} {title}".casefold()
        if wanted and (staff_codes is None or staff in staff_codes):
            found.append(
                Issued(
                    certificate.id,
                    certificate.number,
                    staff,
                    holder,
                    competency,
                    title,
                    certificate.level,
                    certificate.issued_on,
                    certificate.valid_to,
                    state_today(session, certificate, on=on),
                )
            )
    return found


def by_number(session: Session, number: str) -> Certificate | None:
    """The certificate with this number, in its one true form."""
    return session.scalar(select(Certificate).where(Certificate.number == number))


def by_digest(session: Session, sha256: str) -> Certificate | None:
    """The certificate whose very bytes have this SHA-256, in hexadecimal."""
    return session.scalar(select(Certificate).where(Certificate.pdf_sha256 == sha256))


def checks_of(session: Session, *, staff_id: int) -> list[tuple[datetime, str, str, str]]:
    """When somebody looked up a certificate of this person: instant, way, what they were told, number."""
    rows = session.execute(
        select(CertificateCheck.checked_at, CertificateCheck.way, CertificateCheck.told, Certificate.number)
        .join(Certificate, Certificate.id == CertificateCheck.certificate_id)
        .where(Certificate.staff_id == staff_id)
        .order_by(CertificateCheck.id.desc())
    )
    return [(row.checked_at, row.way, row.told, row.number) for row in rows]


def taken_status_places(session: Session) -> set[int]:
    """The places in the status lists of badges that are in use; none is ever used again."""
    return set(session.scalars(select(Certificate.status_index)))


def leaves(session: Session) -> Iterator[bytes]:
    """The leaf hashes of the transparency log in its order."""
    for text in session.scalars(select(LogLeaf.leaf_hash).order_by(LogLeaf.id)):
        yield bytes.fromhex(text)


def newest_checkpoint(session: Session) -> Checkpoint | None:
    """The last signed checkpoint; None before the first."""
    return session.scalar(select(Checkpoint).order_by(Checkpoint.id.desc()).limit(1))


CertificateRecord = Certificate  # what a page is given to read from; it writes nothing to it


@dataclass(frozen=True, slots=True)
class Named:
    """A member of staff by id, code and name."""

    id: int
    code: str
    name: str


def person_named(session: Session, code: str) -> Named:
    """Who this staff code is."""
    staff = session.scalars(select(Staff).where(Staff.code == code)).one()
    return Named(staff.id, staff.code, staff.name)


def ids_of(session: Session, staff: str, competency: str | None) -> tuple[int, int | None] | None:
    """The ids behind a staff code and a competency code (None: not asked); None when one is unknown."""
    staff_id = session.scalar(select(Staff.id).where(Staff.code == staff))
    if staff_id is None or competency is None:
        return None if staff_id is None else (staff_id, None)
    competency_id = session.scalar(select(Competency.id).where(Competency.code == competency))
    return None if competency_id is None else (staff_id, competency_id)


def number_of(session: Session, certificate_id: int) -> str:
    """The number of a certificate."""
    return session.get_one(Certificate, certificate_id).number


def facts_of(certificate: Certificate) -> CertificateFacts:
    """What the certificate says, as it was frozen when it was issued."""
    return CertificateFacts.from_json(certificate.facts.encode())


def certifiable(session: Session, staff_id: int, *, on: date) -> list[tuple[str, str]]:
    """Code and title of what this person holds, valid or expiring, at some level on the day; by title."""
    staff = session.get_one(Staff, staff_id)
    facts = workforce(session, staff_ids=[staff_id])
    person = facts.people[staff.code]
    found = []
    for code in {*person.completions, *person.sign_offs}:
        held = facts.holding(staff.code, code)
        level = held.evidence.held_level(on)
        if level and may_issue(standing(held, level=level, on=on).standing) is None:
            found.append((code, held.competency.title))
    return sorted(found, key=lambda each: each[1].casefold())
