"""What the page about one person is given: only what whoever asks may see, in words."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from skillsmatrix.queries.corrections import Change, Correction
from skillsmatrix.queries.labels import Labels
from skillsmatrix.queries.record import EvidenceLine, PersonRecord, Standpoint
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.sight import PersonSight
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _


def evidence_in_sight(record: PersonRecord, sight: PersonSight) -> list[EvidenceLine]:
    """Learning and sign-offs, newest first; each kind for those who may read it."""
    return [
        line for line in record.evidence() if (sight.learning if line.kind == "learning" else sight.standings)
    ]


def sorted_out(
    points: Iterable[Standpoint], doubted: Container[str]
) -> tuple[list[Standpoint], list[Standpoint]]:
    """What there is to see to, and what is in order; a sign-off in doubt is something to see to."""
    listed = list(points)
    to_do = [each for each in listed if each.next_step or each.competency.code in doubted]
    return to_do, [each for each in listed if each not in to_do]


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One correction in words."""

    what: str
    changes: tuple[tuple[str, str, str], ...]
    corrected_at: datetime
    corrected_by: str
    reason: str


_TABLES = {
    "staff": _("Employment"),
    "posts": _("Post"),
    "absences": _("Absence"),
    "learning": _("Learning"),
    "sign_offs": _("Sign-off"),
    "supervision": _("Supervision"),
    "registrations": _("Registration"),
    "suspensions": _("Suspension"),
    "exemptions": _("Exemption"),
}
_DAY_OF = ("completed_on", "assessed_on", "held_on", "registered_on", "starts_on")


def corrections_in_sight(
    found: Iterable[Correction], sight: PersonSight, labels: Labels
) -> list[CorrectionLine]:
    """The corrections that may be read, latest first; restricted columns are left out."""
    lines = []
    for each in found:
        changes = [change for change in each.changes if _in_sight(each.table, change, sight)]
        if _table_in_sight(each.table, sight) and changes:
            lines.append(
                CorrectionLine(
                    what=_what(each, labels),
                    changes=tuple(_said(change, labels) for change in changes),
                    corrected_at=each.known_to,
                    corrected_by=each.corrected_by,
                    reason=each.reason or gettext("no reason given"),
                )
            )
    return lines


def _table_in_sight(table: str, sight: PersonSight) -> bool:
    return {
        "staff": sight.contract,
        "posts": sight.contract,
        "absences": sight.contract,
        "learning": sight.learning,
        "supervision": sight.supervision,
        "registrations": sight.registrations,
    }.get(table, sight.standings)


def _in_sight(table: str, change: Change, sight: PersonSight) -> bool:
    return {
        ("absences", "kind"): sight.health,
        ("exemptions", "reason_kind"): sight.health,
        ("registrations", "number"): sight.registration_numbers,
        ("suspensions", "reason"): sight.reasons,
        ("sign_offs", "withdrawn_reason"): sight.reasons,
    }.get((table, change.column), True)


def _what(each: Correction, labels: Labels) -> str:
    competency = each.row.get("competency")
    parts = [
        str(_TABLES[each.table]),
        labels.competencies.get(competency, competency) if competency else "",
        each.row.get("body") or "",
        labels.services.get(each.row.get("service") or "", "") if each.table == "posts" else "",
    ]
    day = next((each.row[name] for name in _DAY_OF if each.row.get(name)), None)
    text = ", ".join(part for part in parts if part)
    return f"{text} ({_day(day)})" if day else text


def _said(change: Change, labels: Labels) -> tuple[str, str, str]:
    column = change.column.replace("_", " ").capitalize()
    return column, _value(change, change.before, labels), _value(change, change.after, labels)


def _value(change: Change, text: str | None, labels: Labels) -> str:
    if text is None:
        return gettext("not stated")
    named = {
        "competency": labels.competencies,
        "service": labels.services,
        "role": labels.roles,
        "employer": labels.organisations,
        "course": labels.courses,
        "assessor": labels.people,
        "supervisor": labels.people,
    }.get(change.column, {})
    return named.get(text) or _day(text)


def _day(text: str) -> str:
    try:
        return formats.day(date.fromisoformat(text))
    except ValueError:
        return text
