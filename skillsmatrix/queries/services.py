"""Services as pages list them: what each one is, what it lacks, what runs out, how far it complies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from skillsmatrix.domain.compliance import Compliance, Share
from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.models import Organisation, Service
from skillsmatrix.queries.access import ALL, Reach
from skillsmatrix.queries.ahead import supervised_on
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.losses import LatelyLost, LineKey, lately_lost, told_why
from skillsmatrix.queries.state import kept

NOTHING_ASKED = Compliance(Share(0, 0), Share(0, 0), Share(0, 0))


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """One service, who runs it and where it lies; `successor` is a code."""

    code: str
    name: str
    kind: str | None
    organisation: str
    organisation_name: str
    opens_on: date | None
    closes_on: date | None
    successor: str | None
    successor_name: str | None
    escalation_contact: str | None
    region: str | None = None

    def is_open(self, on: date) -> bool:
        return (self.opens_on is None or self.opens_on <= on) and (
            self.closes_on is None or on <= self.closes_on
        )


@dataclass(frozen=True, slots=True)
class Running:
    """How many of the lines' holders run out within so many days, each line's people counted in it."""

    days_30: int
    days_60: int
    days_90: int


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """What one service lacks on a day. `unsafe`: hard stops not met; `short`: the other lines not met, and
    `missing` so many people over those."""

    entry: ServiceEntry
    unsafe: tuple[CoverLine, ...]
    short: tuple[CoverLine, ...]
    missing: int
    lines: int
    running_out: Running
    compliance: Compliance


def service_entries(session: Session, within: Reach) -> list[ServiceEntry]:
    """The services within reach, by name."""
    successor = aliased(Service)
    rows = session.execute(
        select(Service, Organisation.code, Organisation.name, successor.code, successor.name)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .outerjoin(successor, successor.id == Service.successor_id)
        .where(within.narrow(Service.code.expression))
    )
    found = [
        ServiceEntry(
            code=row.code,
            name=row.name,
            kind=row.kind,
            organisation=organisation,
            organisation_name=organisation_name,
            opens_on=row.opens_on,
            closes_on=row.closes_on,
            successor=successor_code,
            successor_name=successor_name,
            escalation_contact=row.escalation_contact,
            region=row.region,
        )
        for row, organisation, organisation_name, successor_code, successor_name in rows
    ]
    return sorted(found, key=lambda each: (each.name.casefold(), each.code))


def service_entry(session: Session, code: str) -> ServiceEntry | None:
    """The service with this code; None when there is none."""
    return next(iter(service_entries(session, Reach(frozenset({code})))), None)


def regions(session: Session) -> list[str]:
    """The regions that services are said to lie in, in text order."""
    stated = session.scalars(select(Service.region).where(Service.region.is_not(None)).distinct()).all()
    return sorted((each for each in stated if each is not None), key=str.casefold)


def organisation_figures(
    session: Session, entries: Iterable[ServiceEntry], *, on: date, today: date, fewest: int = 0
) -> list[ServiceFigures]:
    """What each service lacks on the day: most unmet hard stops first, then shortfalls, then what runs out.

    Past `today`, supervision is taken to go on (contract V8). Requirements about fewer than `fewest` people
    are left out of what runs out, which is a sum of them.
    """

    def everywhere() -> dict[str, ServiceFigures]:
        return _figures(session, service_entries(session, ALL), on, supervised_on(on=on, today=today), fewest)

    known = kept(session, ("figures of services", on, today, fewest), everywhere)
    return sorted((known[each.code] for each in entries), key=urgency)


def lost_from(
    session: Session, lines: Iterable[tuple[str, Requirement]], *, on: date, today: date
) -> Mapping[LineKey, tuple[LatelyLost, ...]]:
    """(service, requirement code) of these lines → who stopped counting lately and why, latest first."""
    asked = {(service, row.code): row.competency for service, row in lines}
    found = lately_lost(current(session), asked, on=on, supervision_on=supervised_on(on=on, today=today))
    return told_why(session, found, {code: competency for (_, code), competency in asked.items()}, on=on)


def urgency(each: ServiceFigures) -> tuple[int, int, int, str]:
    """Sort key: what needs a head of practice first comes first."""
    return (
        -len(each.unsafe),
        -each.missing,
        -each.running_out.days_30,
        each.entry.name.casefold(),
    )


def _figures(
    session: Session, entries: Iterable[ServiceEntry], on: date, supervision_on: date | None, fewest: int
) -> dict[str, ServiceFigures]:
    """Service → what it lacks."""
    image = current(session)
    lines: dict[str, list[CoverLine]] = {}
    for line in image.cover(on=on, supervision_on=supervision_on):
        lines.setdefault(line.service, []).append(line)
    shares = image.compliance_by_service(on=on, supervision_on=supervision_on)
    return {
        each.code: _figures_of(each, lines.get(each.code, []), shares.get(each.code, NOTHING_ASKED), fewest)
        for each in entries
    }


def _figures_of(
    entry: ServiceEntry,
    lines: list[CoverLine],
    compliance: Compliance,
    fewest: int,
) -> ServiceFigures:
    counted = [line for line in lines if line.in_scope >= fewest]
    unmet = worst_first(line for line in lines if not line.met)
    short = tuple(line for line in unmet if not line.unsafe)
    return ServiceFigures(
        entry=entry,
        unsafe=tuple(line for line in unmet if line.unsafe),
        short=short,
        missing=sum(line.shortfall for line in short),
        lines=len(lines),
        running_out=Running(
            sum(line.expiring_30 for line in counted),
            sum(line.expiring_60 for line in counted),
            sum(line.expiring_90 for line in counted),
        ),
        compliance=compliance,
    )


def worst_first(lines: Iterable[CoverLine]) -> tuple[CoverLine, ...]:
    """Lines by what share of the people needed is missing, then how many, then the requirement's code."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                -(line.shortfall / line.required if line.required else 0),
                -line.shortfall,
                line.requirement.code,
            ),
        )
    )
