"""Why a person stands where they stand in one competency, as every page that opens a cell says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.queries.record import EvidenceLine, PersonRecord, Standpoint
from skillsmatrix.web.shared.guards import visible_services
from skillsmatrix.web.shared.requirement_words import whom
from skillsmatrix.web.shared.wording import lazy_gettext as _

LEVELS: Final = {
    1: _("Aware: can recognise it, and knows whom to call"),
    2: _("Supervised: does it with somebody, or with each case talked through"),
    3: _("Competent: does it alone, inside the boundary"),
    4: _("Proficient: handles the unusual, and may assess others when named to"),
    5: _("Specialist: leads, accredited or registered where there is such a thing"),
}


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement row in words."""

    whom: str
    level: int
    hard_stop: bool
    reason: str
    in_force_from: date


@dataclass(frozen=True, slots=True)
class Reasons:
    """Need, requirement, evidence, what stands in the way, and what would change it."""

    person: str
    person_code: str
    point: Standpoint
    needs: tuple[Need, ...]
    needs_elsewhere: int
    evidence: tuple[EvidenceLine, ...]
    suspended_by: tuple[str, ...]
    suspension_reasons: tuple[str, ...]
    exempt_to: date | None
    exempt_because: str
    last_sessions: tuple[tuple[date, str], ...]
    level_words: str


def level_words(level: int) -> str:
    """What somebody at this level may do; blank for a level beyond our ladder."""
    return str(LEVELS.get(level, ""))


def reasons_of(record: PersonRecord, competency: str) -> Reasons:
    """All that a page says about one person and one competency on the day of the record."""
    point = record.standpoint(competency)
    seen = visible_services("requirement.read")
    rows = [row for row in point.rows if row.service is None or row.service in seen]
    covering = [
        row
        for row in record.rows("suspensions")
        if row["competency"] == competency and _covers(row, record.on)
    ]
    exempting = [
        row
        for row in record.rows("exemptions")
        if row["competency"] == competency and _covers(row, record.on)
    ]
    return Reasons(
        person=record.name_of(record.code),
        person_code=record.code,
        point=point,
        needs=tuple(need_in_words(record, row) for row in rows),
        needs_elsewhere=len(point.rows) - len(rows),
        evidence=tuple(record.evidence(competency)),
        suspended_by=tuple(by.value for by in point.verdict.suspended_by),
        suspension_reasons=tuple(row["reason"] for row in covering if row["reason"]),
        exempt_to=exempting[0]["ends_on"] if exempting else None,
        exempt_because=exempting[0]["reason_kind"] or "" if exempting else "",
        last_sessions=tuple(_sessions(record, point)),
        level_words=level_words(point.verdict.level),
    )


def need_in_words(record: PersonRecord, row: Requirement) -> Need:
    """A requirement row with the names of its role and service."""
    return Need(
        whom=whom(
            row.cover.value,
            row.amount,
            role=record.labels.roles.get(row.role, row.role) if row.role else None,
            service=record.labels.services.get(row.service, row.service) if row.service else None,
        ),
        level=row.level,
        hard_stop=row.hard_stop,
        reason=row.reason or "",
        in_force_from=row.in_force_from,
    )


def _covers(row: Mapping[str, Any], on: date) -> bool:
    starts_on, ends_on = row["starts_on"], row["ends_on"]
    return bool(starts_on <= on and (ends_on is None or on <= ends_on))


def _sessions(record: PersonRecord, point: Standpoint) -> Sequence[tuple[date, str]]:
    """The last three sessions of the kind that the competency needs, with the supervisor's name."""
    kind = point.competency.supervision_kind
    if kind is None:
        return []
    rows = [row for row in record.rows("supervision") if row["kind"] == kind]
    return [(row["held_on"], record.name_of(row["supervisor"])) for row in rows[:3]]
