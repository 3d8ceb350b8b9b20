"""What of a scenario whoever is signed in may see: whom it may name, which services it may speak of.

Somebody else's scenario is read as a whole or not at all: what it names must all be in sight.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import abort, g

from skillsmatrix.domain import scenario as tried
from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.labels import labels
from skillsmatrix.queries.scenario_fit import Fitted, Misfit, Sight, fitted
from skillsmatrix.queries.scenarios import SavedScenario, saved_scenario, saved_scenarios
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import allowed, visible_services, visible_staff

READ: Final = "scenario.read"
WRITE: Final = "plan.service.edit"


@dataclass(frozen=True, slots=True)
class Names:
    """Code → name, those of the scenarios' own newcomers and services included; requirements by code."""

    services: Mapping[str, str]
    roles: Mapping[str, str]
    competencies: Mapping[str, str]
    people: Mapping[str, str]
    requirements: Mapping[str, Requirement]


@dataclass(frozen=True, slots=True)
class Read:
    """A scenario as it is read: how each change fits, and whether it is the reader's own."""

    saved: SavedScenario
    fitted: list[Fitted]
    own: bool

    @property
    def unfit(self) -> int:
        """How many changes are left out."""
        return sum(each.unfit is not None for each in self.fitted)


def sight() -> Sight:
    """Whom and what a scenario may speak of for whoever is signed in."""
    return Sight(visible_staff(READ), visible_services(READ), allowed("course.read"))


def fit(changes: Sequence[tried.Change]) -> list[Fitted]:
    """Each change as it fits the record, for whoever is signed in."""
    return fitted(db_session(), current(db_session()), changes, sight(), today=g.today)


def read_scenario(scenario_id: int) -> Read:
    """The scenario, or an error page when there is none or it is not for whoever asks."""
    saved = saved_scenario(db_session(), scenario_id)
    found = None if saved is None else _readable(saved)
    if found is None:
        abort(404)
    return found


def own_scenario(scenario_id: int) -> Read:
    """The same, to change it: those who only read it are refused."""
    found = read_scenario(scenario_id)
    if not found.own:
        abort(403)
    return found


def readable_scenarios() -> list[Read]:
    """All that whoever is signed in may read, by name."""
    found = (_readable(saved) for saved in saved_scenarios(db_session()))
    return [each for each in found if each is not None]


def names_for(changes: Iterable[tried.Change], people: Iterable[str] = ()) -> Names:
    """The names behind what these changes say; of people only those in sight."""
    said = list(changes)
    staff = visible_staff(READ)
    found = labels(db_session(), (code for code in {*_named(said), *people} if code in staff))
    rows = current(db_session()).catalogue.requirements.rows
    return Names(
        services={**found.services, **tried.new_services(said)},
        roles=found.roles,
        competencies=found.competencies,
        people={**found.people, **tried.newcomers(said)},
        requirements={row.code: row for row in rows},
    )


def _readable(saved: SavedScenario) -> Read | None:
    own = saved.owner_id == g.actor.account_id
    if not own and (saved.archived or not saved.shared):
        return None
    found = fit(saved.changes)
    hidden = any(each.unfit is not None and each.unfit.why is Misfit.OUT_OF_SIGHT for each in found)
    return None if hidden and not own else Read(saved, found, own)


def _named(changes: Iterable[tried.Change]) -> set[str]:
    found: set[str] = set()
    for change in changes:
        match change:
            case tried.PersonLeaves() | tried.PostStarts():
                found.add(change.staff)
            case tried.CompetencyGained():
                found.update(change.staff)
            case _:
                pass
    return found
