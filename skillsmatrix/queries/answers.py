"""The three answers of contract section 9 as rows of text, ready to be written as CSV."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from skillsmatrix.domain.compliance import Compliance, Share
from skillsmatrix.domain.explanation import explain
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.queries.tables import StoredTables
from skillsmatrix.queries.workforce import workforce

STANDINGS = (
    "staff",
    "competency",
    "level",
    "strength",
    "standing",
    "held_level",
    "held_since",
    "valid_to",
    "reason",
)
COVER = (
    "service",
    "requirement",
    "competency",
    "level",
    "cover",
    "strength",
    "in_scope",
    "required",
    "held",
    "expiring_30",
    "expiring_60",
    "expiring_90",
    "shortfall",
    "met",
)
COMPLIANCE = (
    "key",
    "headline_compliant",
    "headline_total",
    "headline_percent",
    "all_in_compliant",
    "all_in_total",
    "all_in_percent",
    "people_compliant",
    "people_total",
)
KEYS = {"competency": "competencies", "service": "services", "organisation": "organisations"}
NOBODY = Compliance(Share(0, 0), Share(0, 0), Share(0, 0))


class UnknownCode(Exception):
    """A staff or service code that the record does not have."""


def standings(
    session: Session,
    *,
    on: date,
    known_at: datetime | None = None,
    staff: str | None = None,
    service: str | None = None,
) -> list[tuple[str, ...]]:
    """One row for each requirement instance, by staff and competency; columns as in STANDINGS."""
    facts = workforce(session, known_at=known_at)
    _require(staff, facts.people, "staff")
    _require(service, facts.requirements.services, "service")
    return [
        (
            row.person,
            row.instance.competency,
            str(row.instance.level),
            _strength(row.instance.hard_stop),
            row.verdict.standing.value,
            str(row.verdict.held_level),
            _day(row.verdict.held_since),
            _day(row.verdict.valid_to),
            explain(row.verdict, facts.holding(row.person, row.instance.competency), on=on),
        )
        for row in facts.standings(on=on, person=staff, service=service)
    ]


def cover(
    session: Session, *, on: date, known_at: datetime | None = None, service: str | None = None
) -> list[tuple[str, ...]]:
    """One row for each requirement at each service it applies to; columns as in COVER."""
    facts = workforce(session, known_at=known_at)
    _require(service, facts.requirements.services, "service")
    return [
        (
            line.service,
            line.requirement.code,
            line.requirement.competency,
            str(line.requirement.level),
            line.requirement.cover.value,
            _strength(line.requirement.hard_stop),
            str(line.in_scope),
            str(line.required),
            str(line.held),
            str(line.expiring_30),
            str(line.expiring_60),
            str(line.expiring_90),
            str(line.shortfall),
            "yes" if line.met else "no",
        )
        for line in facts.cover(on=on, service=service)
    ]


def compliance(session: Session, *, on: date, by: str | None = None) -> list[tuple[str, ...]]:
    """One row for each code of the table `by` names, or one with the key `all`; columns as in COMPLIANCE."""
    facts = workforce(session)
    if by is None:
        return [_compliance_row("all", facts.compliance(on=on))]
    figures = _figures(facts, by, on)
    codes = StoredTables(session).codes(KEYS[by]).values()
    return [_compliance_row(code, figures.get(code, NOBODY)) for code in sorted(codes)]


def _figures(facts: Workforce, by: str, on: date) -> Mapping[str, Compliance]:
    if by == "competency":
        return facts.compliance_by_competency(on=on)
    if by == "service":
        return facts.compliance_by_service(on=on)
    return facts.compliance_by_organisation(on=on)


def _compliance_row(key: str, figures: Compliance) -> tuple[str, ...]:
    return (
        key,
        str(figures.headline.compliant),
        str(figures.headline.total),
        figures.headline.percent,
        str(figures.all_in.compliant),
        str(figures.all_in.total),
        figures.all_in.percent,
        str(figures.people.compliant),
        str(figures.people.total),
    )


def _require(code: str | None, known: Iterable[str], what: str) -> None:
    if code is not None and code not in known:
        raise UnknownCode(f"There is no {what} with the code {code!r}.")


def _strength(hard_stop: bool) -> str:
    return "hard_stop" if hard_stop else "target"


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
