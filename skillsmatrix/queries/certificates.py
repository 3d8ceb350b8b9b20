"""What was issued, and what it is worth today."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select, true
from sqlalchemy.orm import Session, defer

from skillsmatrix.documents.facts import CertificateFacts
from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.certificate import (
    Afterwards,
    CertificateState,
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
    Competency,
    LogLeaf,
    Staff,
)
from skillsmatrix.queries.certificate_awards import Award, award, data_version
from skillsmatrix.queries.known_people import workforce_now

WITHOUT_FILES = (defer(Certificate.pdf), defer(Certificate.badge), defer(Certificate.badge_jwt))


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


def live_certificates(
    session: Session, *, staff_ids: Collection[int], competency_id: int
) -> list[Certificate]:
    """Certificates of these people in the competency that are neither revoked nor replaced, oldest first."""
    return list(
        session.scalars(
            select(Certificate)
            .where(
                Certificate.staff_id.in_(staff_ids),
                Certificate.competency_id == competency_id,
                Certificate.revoked_at.is_(None),
                Certificate.replaced_by_id.is_(None),
            )
            .options(*WITHOUT_FILES)
            .order_by(Certificate.id)
        )
    )


def issued_for(session: Session, *, staff_id: int, request_key: str) -> int | None:
    """The certificate that this very request led to before, so that a retry gives it again."""
    return session.scalar(
        select(Certificate.id).where(Certificate.staff_id == staff_id, Certificate.request_key == request_key)
    )


def refusal(session: Session, *, staff_id: int, competency_id: int, on: date) -> RefusalReason | None:
    """Why no certificate could be issued on the day; None when one could."""
    found = award(session, staff_id=staff_id, competency_id=competency_id, on=on)
    if isinstance(found, RefusalReason):
        return found
    return RefusalReason.ALREADY_ISSUED if says_already(session, found) else None


def says_already(session: Session, found: Award) -> bool:
    """Whether a certificate that is neither revoked nor replaced says the same of the same name."""
    return bool(say_already(session, [found]))


def say_already(session: Session, found: Collection[Award]) -> frozenset[int]:
    """Ids of the staff of whom a live certificate says just what one of these awards of a competency says."""
    said = {(each.staff_id, each.holder, each.frozen) for each in found}
    live = [
        each
        for competency_id in {each.competency_id for each in found}
        for each in live_certificates(
            session, staff_ids={each.staff_id for each in found}, competency_id=competency_id
        )
    ]
    return frozenset(
        each.staff_id
        for each in live
        if (each.staff_id, json.loads(each.facts)["holder"], frozen(each)) in said
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
    return states_today(session, [certificate], on=on)[certificate.id]


def states_today(
    session: Session, certificates: Collection[Certificate], *, on: date
) -> dict[int, StateToday]:
    """The same for many at once, by id of the certificate."""
    if not certificates:
        return {}
    facts = workforce_now(session, {each.staff_id for each in certificates})
    people = _codes(session, Staff, {each.staff_id for each in certificates})
    skills = _codes(session, Competency, {each.competency_id for each in certificates})
    newer = {each.replaced_by_id for each in certificates if each.replaced_by_id}
    replaced = {
        row.id: (row.issued_on, row.number)
        for row in session.execute(
            select(Certificate.id, Certificate.issued_on, Certificate.number).where(Certificate.id.in_(newer))
        )
    }
    found = {}
    for each in certificates:
        holding = facts.holding(people[each.staff_id], skills[each.competency_id])
        found[each.id] = state_on(
            frozen(each),
            _afterwards(each, replaced.get(each.replaced_by_id or 0)),
            suspended=_may_not_be_relied_on(holding, each.level, on),
            on=on,
            record_to=_record_to(holding, each.level, on),
        )
    return found


def _codes(session: Session, kind: type[Staff] | type[Competency], ids: Collection[int]) -> dict[int, str]:
    return {row.id: row.code for row in session.execute(select(kind.id, kind.code).where(kind.id.in_(ids)))}


def _afterwards(certificate: Certificate, newer: tuple[date, str] | None) -> Afterwards:
    kind = certificate.revocation_kind
    return Afterwards(
        revoked_on=None if certificate.revoked_at is None else london_day(certificate.revoked_at),
        revocation_kind=None if kind is None else RevocationKind(kind),
        replaced_on=None if newer is None else newer[0],
        replaced_by="" if newer is None else newer[1],
    )


def _may_not_be_relied_on(facts: Holding, level: int, on: date) -> bool:
    """Suspended by the rules, or no longer held at all (withdrawn): either way not to be relied on today."""
    return not facts.evidence.satisfies(level, on) or bool(suspended(facts, on=on))


def _record_to(facts: Holding, level: int, on: date) -> date | None:
    """The last day on which the level is held by the record as it is now, also where that is over.

    None: no end, never held, or ended by a withdrawal, whose day stays inside the organisation.
    """
    evidence = facts.evidence
    if evidence.satisfies(level, on):
        return evidence.valid_to(level, on)
    ended = evidence.last_day_before(on, level)
    return None if ended is None or evidence.withdrawn_on(ended + ONE_DAY) else ended


def issued(
    session: Session, *, staff_codes: Collection[str] | None, on: date, search: str = "", most: int = 200
) -> list[Issued]:
    """Certificates of some people (None: of everybody), newest first; `search` in name or number."""
    rows = session.execute(
        select(Certificate, Staff.code, Competency.code, Competency.title)
        .join(Staff, Staff.id == Certificate.staff_id)
        .join(Competency, Competency.id == Certificate.competency_id)
        .options(*WITHOUT_FILES)
        .where(true() if staff_codes is None else Staff.code.in_(staff_codes))
        .order_by(Certificate.id.desc())
    )
    found = []
    for certificate, staff, competency, title in rows:
        holder = json.loads(certificate.facts)["holder"]
        if search.casefold() in f"{holder} {certificate.number} {competency} {title}".casefold():
            found.append((certificate, staff, holder, competency, title))
        if len(found) == most:
            break
    states = states_today(session, [each[0] for each in found], on=on)
    return [
        Issued(
            each.id,
            each.number,
            staff,
            holder,
            competency,
            title,
            each.level,
            each.issued_on,
            each.valid_to,
            states[each.id],
        )
        for each, staff, holder, competency, title in found
    ]


def by_number(session: Session, number: str) -> Certificate | None:
    """The certificate with this number, in its one true form."""
    return session.scalar(select(Certificate).where(Certificate.number == number))


def by_id(session: Session, certificate_id: int) -> Certificate:
    """One certificate."""
    return session.get_one(Certificate, certificate_id)


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


def status_version(session: Session, *, purpose: str) -> tuple[int, int]:
    """What changes a status list besides the day: the newest leaf of the log and, where rules decide, the
    version of all facts. The same version on the same day is the same list."""
    newest = session.scalar(select(func.max(LogLeaf.id))) or 0
    return newest, 0 if purpose == "revocation" else data_version(session)


def status_places(session: Session, *, purpose: str, on: date) -> list[int]:
    """Places whose bit is set. `purpose`: revocation (revoked or replaced) or suspension (on the day)."""
    gone = or_(Certificate.revoked_at.is_not(None), Certificate.replaced_by_id.is_not(None))
    if purpose == "revocation":
        return sorted(session.scalars(select(Certificate.status_index).where(gone)))
    rest = session.scalars(select(Certificate).where(~gone).options(*WITHOUT_FILES)).all()
    states = states_today(session, rest, on=on)
    return sorted(each.status_index for each in rest if states[each.id].state is CertificateState.SUSPENDED)


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


def competency_id_of(session: Session, code: str) -> int | None:
    """The id behind a competency code; None when it is unknown."""
    return session.scalar(select(Competency.id).where(Competency.code == code))


def title_of(session: Session, competency_id: int) -> str:
    """The title of a competency."""
    return session.get_one(Competency, competency_id).title


def number_of(session: Session, certificate_id: int) -> str:
    """The number of a certificate."""
    return session.get_one(Certificate, certificate_id).number


def facts_of(certificate: Certificate) -> CertificateFacts:
    """What the certificate says, as it was frozen when it was issued."""
    return CertificateFacts.from_json(certificate.facts.encode())


def certifiable(session: Session, staff_id: int, *, on: date) -> list[tuple[str, str]]:
    """Code and title of what this person holds, valid or expiring, at some level on the day; by title."""
    staff = session.get_one(Staff, staff_id)
    facts = workforce_now(session, [staff_id])
    person = facts.people[staff.code]
    found = []
    for code in {*person.completions, *person.sign_offs}:
        held = facts.holding(staff.code, code)
        level = held.evidence.held_level(on)
        if level and may_issue(standing(held, level=level, on=on).standing) is None:
            found.append((code, held.competency.title))
    return sorted(found, key=lambda each: each[1].casefold())
