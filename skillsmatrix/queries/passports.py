"""What goes into a person's passport, in words, and the passports that were made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from skillsmatrix.documents.passport import MOST_ROWS, Section
from skillsmatrix.documents.passport import Award as BundledCertificate
from skillsmatrix.documents.wording import long_day
from skillsmatrix.domain.certificate import CertificateState
from skillsmatrix.domain.standing import Standing, standing
from skillsmatrix.models import Certificate, Passport, Staff
from skillsmatrix.queries.certificates import Issued, issued
from skillsmatrix.queries.record import EvidenceLine, PersonRecord, person_record

_STANDINGS = {
    Standing.VALID: "Valid",
    Standing.EXPIRING: "Valid, ends soon",
    Standing.SUSPENDED: "Suspended",
}
_STATES = {
    CertificateState.CURRENT: "Current",
    CertificateState.NOT_YET: "Not valid yet",
    CertificateState.EXPIRED: "Expired",
    CertificateState.SUSPENDED: "Suspended",
    CertificateState.REPLACED: "Replaced",
    CertificateState.REVOKED: "Revoked",
}

_WIDTHS = {
    "posts": (34, 32, 17, 17),
    "competencies": (40, 7, 17, 18, 18),
    "learning": (26, 15, 6, 25, 13, 15),
    "sign_offs": (36, 17, 7, 22, 18),
    "supervision": (26, 22, 12, 40),
    "registrations": (30, 30, 20, 20),
    "certificates": (34, 7, 18, 26, 15),
}


@dataclass(frozen=True, slots=True)
class WholeRecord:
    """A person's record on a day, as a passport tells it; the certificates are those that still stand."""

    staff_id: int
    holder: str
    employed_from: date
    employed_to: date | None
    sections: tuple[Section, ...]
    certificates: tuple[BundledCertificate, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """One passport that was made: for whom, and when."""

    number: str
    holder: str
    issued_on: date
    made_at: datetime


def whole_record(session: Session, code: str, *, on: date) -> WholeRecord:
    """All that is recorded about this person's work and skills on the day.

    Absences, exemptions and what was said in supervision are nobody else's business: they are left out.
    """
    record = person_record(session, code, on=on, today=on)
    if record is None:
        raise LookupError(code)
    staff = session.scalars(select(Staff).where(Staff.code == code)).one()
    certificates = issued(session, staff_codes={code}, on=on, most=MOST_ROWS)
    return WholeRecord(
        staff_id=staff.id,
        holder=staff.name,
        employed_from=staff.employed_from,
        employed_to=staff.employed_to,
        sections=(
            _section("posts", "Posts", ("Role", "Service", "From", "To"), _posts(record)),
            _section(
                "competencies",
                f"Competencies held on {long_day(on)}",
                ("Competency", "Level", "Standing", "Held since", "Last valid day"),
                _competencies(record),
            ),
            _section(
                "learning",
                "Learning",
                ("Competency", "Completed", "Level", "Course or provider", "Reference", "Last valid day"),
                _learning(record),
            ),
            _section(
                "sign_offs",
                "Sign-offs",
                ("Competency", "Assessed", "Level", "Assessor", "Outcome"),
                _sign_offs(record),
            ),
            _section(
                "supervision", "Supervision attended", ("Kind", "Day", "Minutes", "With"), _sessions(record)
            ),
            _section(
                "registrations", "Registrations", ("Body", "Number", "From", "To"), _registrations(record)
            ),
            _section(
                "certificates",
                "Certificates issued",
                ("Competency", "Level", "Issued", "Number", f"On {long_day(on)}"),
                _certificates(certificates),
            ),
        ),
        certificates=tuple(_bundled(session, certificates)),
    )


def passport_for(session: Session, *, staff_id: int, request_key: str) -> str | None:
    """The number of the passport that this very request led to before, so that a retry gives it again."""
    return session.scalar(
        select(Passport.number).where(Passport.staff_id == staff_id, Passport.request_key == request_key)
    )


def passports_of(session: Session, staff_id: int) -> list[Made]:
    """The passports of one person, newest first."""
    rows = session.execute(
        select(Passport.number, Passport.holder, Passport.issued_on, Passport.recorded_at)
        .where(Passport.staff_id == staff_id)
        .order_by(Passport.id.desc())
    )
    return [Made(row.number, row.holder, row.issued_on, row.recorded_at) for row in rows]


def made_within_a_day(session: Session, *, staff_id: int, at: datetime) -> int:
    """How many passports of this person were made in the 24 hours before an instant."""
    since = at - timedelta(days=1)
    return (
        session.scalar(
            select(func.count())
            .select_from(Passport)
            .where(Passport.staff_id == staff_id, Passport.recorded_at > since)
        )
        or 0
    )


def bundle_of(session: Session, *, staff_id: int, number: str) -> bytes | None:
    """The file of this person's passport with this number; None when there is none."""
    return session.scalar(
        select(Passport.bundle).where(Passport.staff_id == staff_id, Passport.number == number)
    )


def passport_numbered(session: Session, number: str) -> Made | None:
    """The passport with this number, in its one true form."""
    return _made(session.scalar(_WITHOUT_FILE.where(Passport.number == number)))


def passport_with_digest(session: Session, sha256: str) -> Made | None:
    """The passport whose signed PDF has this SHA-256, in hexadecimal."""
    return _made(session.scalar(_WITHOUT_FILE.where(Passport.pdf_sha256 == sha256)))


_WITHOUT_FILE = select(Passport).options(defer(Passport.bundle))


def _made(found: Passport | None) -> Made | None:
    if found is None:
        return None
    return Made(found.number, found.holder, found.issued_on, found.recorded_at)


def _section(key: str, title: str, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Section:
    return Section(key, title, columns, tuple(rows)[:MOST_ROWS], _WIDTHS[key])


def _end(day: date | None, *, none: str = "no end") -> str:
    return none if day is None else long_day(day)


def _posts(record: PersonRecord) -> Iterator[tuple[str, ...]]:
    for row in record.rows("posts"):
        yield (
            record.labels.roles.get(row["role"], row["role"]),
            record.labels.services.get(row["service"], row["service"]),
            long_day(row["starts_on"]),
            _end(row["ends_on"], none="open"),
        )


def _competencies(record: PersonRecord) -> Iterator[tuple[str, ...]]:
    codes = {*record.person.completions, *record.person.sign_offs}
    found = []
    for code in codes:
        facts = record.holding(code)
        level = facts.evidence.held_level(record.on)
        if not level:
            continue
        verdict = standing(facts, level=level, on=record.on)
        since = long_day(verdict.held_since) if verdict.held_since else ""
        stands = _STANDINGS.get(verdict.standing, "Held")
        found.append((facts.competency.title, str(level), stands, since, _end(verdict.valid_to)))
    yield from sorted(found, key=lambda row: row[0].casefold())


def _learning(record: PersonRecord) -> Iterator[tuple[str, ...]]:
    for line in _lines(record, "learning"):
        yield (
            record.labels.competencies.get(line.competency, line.competency),
            long_day(line.day),
            str(line.level),
            line.source,
            line.reference,
            _end(line.valid_to),
        )


def _sign_offs(record: PersonRecord) -> Iterator[tuple[str, ...]]:
    for line in _lines(record, "sign_off"):
        outcome = "Competent" if line.outcome == "competent" else "Not yet"
        if line.withdrawn_on:
            outcome += f", withdrawn on {long_day(line.withdrawn_on)}"
        yield (
            record.labels.competencies.get(line.competency, line.competency),
            long_day(line.day),
            str(line.level),
            line.source,
            outcome,
        )


def _lines(record: PersonRecord, kind: str) -> list[EvidenceLine]:
    return [line for line in record.evidence() if line.kind == kind]


def _sessions(record: PersonRecord) -> Iterator[tuple[str, ...]]:
    for row in record.rows("supervision"):
        yield (
            str(row["kind"]).replace("_", " "),
            long_day(row["held_on"]),
            "" if row["minutes"] is None else str(row["minutes"]),
            record.name_of(row["supervisor"]),
        )


def _registrations(record: PersonRecord) -> Iterator[tuple[str, ...]]:
    for row in record.rows("registrations"):
        yield row["body"], row["number"] or "", long_day(row["registered_on"]), _end(row["valid_to"])


def _certificates(found: list[Issued]) -> Iterator[tuple[str, ...]]:
    for each in found:
        state = _STATES[each.today.state]
        yield each.title, str(each.level), long_day(each.issued_on), each.number, state


def _bundled(session: Session, found: list[Issued]) -> Iterator[BundledCertificate]:
    """The files of the certificates that were neither revoked nor replaced."""
    gone = (CertificateState.REVOKED, CertificateState.REPLACED)
    standing_ids = [each.id for each in found if each.today.state not in gone]
    rows = session.execute(
        select(Certificate.number, Certificate.pdf, Certificate.badge)
        .where(Certificate.id.in_(standing_ids))
        .order_by(Certificate.id)
    )
    for row in rows:
        yield BundledCertificate(row.number, row.pdf, row.badge.encode())
