"""What the list of services is given: narrowed, sorted, and what must be done first in words."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import g
from wtforms import BooleanField, SearchField, SelectField

from skillsmatrix.domain.compliance import Compliance
from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.queries.labels import names
from skillsmatrix.queries.people import folded
from skillsmatrix.queries.services import ServiceEntry, ServiceFigures, lost_from, urgency
from skillsmatrix.queries.team import Team
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.formats import capital
from skillsmatrix.web.shared.forms import FilterForm, choices
from skillsmatrix.web.shared.guards import visible_staff
from skillsmatrix.web.shared.loss_words import last_lost
from skillsmatrix.web.shared.wording import lazy_gettext as _

MOST_NAMED = 3  # hard stops of one service that are named before "and … more"


class ServiceFilter(FilterForm):
    """What the list is narrowed to, and its order; all of it in the address."""

    q = SearchField(_("Name of the service"))
    kind = SelectField(_("Kind of service"), choices=choices([("", _("All kinds"))]), validate_choice=False)
    region = SelectField(_("Region"), choices=choices([("", _("All regions"))]), validate_choice=False)
    organisation = SelectField(
        _("Organisation"), choices=choices([("", _("All organisations"))]), validate_choice=False
    )
    sort = SelectField(
        _("Order"),
        choices=choices(
            [
                ("", _("Most to do first")),
                ("running_out", _("Soonest to run out first")),
                ("compliance", _("Lowest compliance first")),
                ("name", _("Name")),
            ]
        ),
        validate_choice=False,
    )
    unsafe = BooleanField(_("Only services with something unsafe"))

    def offer(self, entries: Iterable[ServiceEntry]) -> None:
        """Fill the choices with what there is to choose from."""
        listed = list(entries)
        kinds = sorted({each.kind for each in listed if each.kind})
        self.kind.choices = [*self.kind.choices, *choices((kind, capital(kind)) for kind in kinds)]
        regions = sorted({each.region for each in listed if each.region}, key=str.casefold)
        self.region.choices = [*self.region.choices, *choices((region, region) for region in regions)]
        organisations = sorted({(each.organisation_name, each.organisation) for each in listed})
        self.organisation.choices = [
            *self.organisation.choices,
            *choices((code, name) for name, code in organisations),
        ]

    def wants(self, entry: ServiceEntry) -> bool:
        """Is the service one of those asked for, leaving its figures aside."""
        return (
            folded(self.q.data or "") in folded(f"{entry.name} {entry.code}")
            and (not self.kind.data or entry.kind == self.kind.data)
            and (not self.region.data or entry.region == self.region.data)
            and (not self.organisation.data or entry.organisation == self.organisation.data)
        )

    def in_order(self, listed: Iterable[ServiceFigures]) -> list[ServiceFigures]:
        """The services in the order asked for."""
        keys = {
            "name": lambda each: each.entry.name.casefold(),
            "running_out": lambda each: (
                -each.running_out.days_30,
                -each.running_out.days_60,
                -each.running_out.days_90,
            ),
            "compliance": _compliance,
        }
        return sorted(sorted(listed, key=urgency), key=keys.get(self.sort.data or "", urgency))


def _compliance(each: ServiceFigures) -> float:
    share = each.compliance.headline
    return share.compliant / share.total if share.total else 2.0


@dataclass(frozen=True, slots=True)
class Stop:
    """One competency that a service lacks for safety: its worst line, and who stopped counting lately."""

    title: str
    line: CoverLine
    lost: str


@dataclass(frozen=True, slots=True)
class UnsafeService:
    """A service to be named first: the stops that are named, and how many more there are."""

    entry: ServiceEntry
    stops: tuple[Stop, ...]
    more: int


def unsafe_services(listed: Sequence[ServiceFigures], titles: Mapping[str, str]) -> list[UnsafeService]:
    """The services with a hard stop not met, in the order given."""
    worst = {each.entry.code: _worst_lines(each) for each in listed if each.unsafe}
    named = [(line.service, line.requirement) for lines in worst.values() for line in lines[:MOST_NAMED]]
    lost = lost_from(db_session(), named, on=g.on, today=g.today)
    within = visible_staff("matrix.view")
    people = names(
        db_session(), {one.person for several in lost.values() for one in several if one.person in within}
    )

    def stop(line: CoverLine) -> Stop:
        gone = lost.get((line.service, line.requirement.code), ())
        competency = line.requirement.competency
        return Stop(titles.get(competency, competency), line, last_lost(gone, people))

    return [
        UnsafeService(each.entry, tuple(stop(line) for line in lines[:MOST_NAMED]), len(lines[MOST_NAMED:]))
        for each in listed
        if (lines := worst.get(each.entry.code))
    ]


def _worst_lines(each: ServiceFigures) -> list[CoverLine]:
    """The worst unsafe line of each competency, the worst first."""
    found: dict[str, CoverLine] = {}
    for line in each.unsafe:
        found.setdefault(line.requirement.competency, line)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class PartlySeen:
    """A service of whose people only some may be seen: figures over them, and over nobody else."""

    code: str
    name: str
    people: int
    compliance: Compliance


def partly_seen(team: Team, within: Container[str]) -> PartlySeen:
    """A service where somebody may see a few people only."""
    people = [person for person in team.people if person.code in within]
    return PartlySeen(team.service, team.service_name, len(people), team.compliance(within))


def open_then(entries: Iterable[ServiceEntry]) -> list[ServiceEntry]:
    """Those open on the day asked about."""
    on = g.on
    return [entry for entry in entries if entry.is_open(on)]
