"""A scenario: a short list of changes that somebody tries out, in the words of whoever plans.

Staff, services, roles, competencies and requirements are named by code, as in the record; somebody or
something that the scenario brings in has a code of its own. A scenario is kept as plain values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from types import UnionType
from typing import Any, Final, get_args, get_type_hints

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.person import Basis
from skillsmatrix.domain.requirement import Cover

MOST_CHANGES: Final = 30
_OWN: Final = "what-if "


@dataclass(frozen=True, slots=True)
class PersonLeaves:
    """A person's last day of employment."""

    staff: str
    last_day: date


@dataclass(frozen=True, slots=True)
class PersonJoins:
    """Somebody new, under a name of the scenario's own; `trained`: with all that the post asks for."""

    staff: str
    name: str
    service: str
    role: str
    basis: Basis
    starts_on: date
    trained: bool


@dataclass(frozen=True, slots=True)
class PostStarts:
    """A person has a post more, up to its last day or without end."""

    staff: str
    service: str
    role: str
    basis: Basis
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class CompetencyGained:
    """Some people come to hold a competency at a level on a day."""

    staff: tuple[str, ...]
    competency: str
    level: int
    held_from: date


@dataclass(frozen=True, slots=True)
class CourseMoves:
    """A planned course date, by its number, is held on another day."""

    course_date: int
    held_on: date


@dataclass(frozen=True, slots=True)
class ServiceOpens:
    """A service that there is opens on a day."""

    service: str
    opens_on: date


@dataclass(frozen=True, slots=True)
class ServiceCloses:
    """A service closes after its last day."""

    service: str
    closes_on: date


@dataclass(frozen=True, slots=True)
class ServiceAdded:
    """A new service opens; `like`: a service whose own requirements it takes over."""

    service: str
    name: str
    opens_on: date
    like: str | None


@dataclass(frozen=True, slots=True)
class RequirementAdded:
    """Something more is asked, from a day on; a blank service or role is every one."""

    requirement: str
    competency: str
    service: str | None
    role: str | None
    level: int
    cover: Cover
    amount: int | None
    hard_stop: bool
    in_force_from: date
    induction_days: int | None


@dataclass(frozen=True, slots=True)
class RequirementChanged:
    """A requirement asks something else from a day on."""

    requirement: str
    level: int
    cover: Cover
    amount: int | None
    hard_stop: bool
    takes_effect_on: date


@dataclass(frozen=True, slots=True)
class RequirementEnded:
    """A requirement is asked up to a last day."""

    requirement: str
    in_force_to: date


@dataclass(frozen=True, slots=True)
class LengthChanged:
    """Evidence for a competency counts for so many months, whenever it was shown; None is without end."""

    competency: str
    learning_months: int | None
    sign_off_months: int | None


Change = (
    PersonLeaves
    | PersonJoins
    | PostStarts
    | CompetencyGained
    | CourseMoves
    | ServiceOpens
    | ServiceCloses
    | ServiceAdded
    | RequirementAdded
    | RequirementChanged
    | RequirementEnded
    | LengthChanged
)

KINDS: Final[Mapping[str, type[Change]]] = {
    "person_leaves": PersonLeaves,
    "person_joins": PersonJoins,
    "post_starts": PostStarts,
    "competency_gained": CompetencyGained,
    "course_moves": CourseMoves,
    "service_opens": ServiceOpens,
    "service_closes": ServiceCloses,
    "service_added": ServiceAdded,
    "requirement_added": RequirementAdded,
    "requirement_changed": RequirementChanged,
    "requirement_ended": RequirementEnded,
    "length_changed": LengthChanged,
}
_KIND_OF: Final = {made: kind for kind, made in KINDS.items()}


def kind_of(change: Change) -> str:
    """The name of the kind of a change, as it is kept."""
    return _KIND_OF[type(change)]


def stored(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes as values that JSON can hold, in order."""
    return [
        {"kind": kind_of(change), **{name: _plain(value) for name, value in asdict(change).items()}}
        for change in changes
    ]


def read(kept: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """The changes that `stored` was given, in order."""
    return tuple(_change(KINDS[row["kind"]], row) for row in kept)


def felt_from(change: Change) -> date | None:
    """The first day on which the change is felt; None where it has no day of its own.

    A course that moves is felt from the earlier of its two days, of which the scenario knows one.
    """
    match change:
        case PersonLeaves(last_day=last) | ServiceCloses(closes_on=last) | RequirementEnded(in_force_to=last):
            return last + ONE_DAY
        case PersonJoins(starts_on=first) | PostStarts(starts_on=first):
            return first
        case ServiceOpens(opens_on=first) | ServiceAdded(opens_on=first):
            return first
        case CompetencyGained(held_from=first) | CourseMoves(held_on=first):
            return first
        case RequirementAdded(in_force_from=first) | RequirementChanged(takes_effect_on=first):
            return first
        case LengthChanged():
            return None


def newcomers(changes: Iterable[Change]) -> dict[str, str]:
    """Code → name of the people that these changes bring in."""
    return {change.staff: change.name for change in changes if isinstance(change, PersonJoins)}


def new_services(changes: Iterable[Change]) -> dict[str, str]:
    """Code → name of the services that these changes bring in."""
    return {change.service: change.name for change in changes if isinstance(change, ServiceAdded)}


def own_code(word: str, changes: Sequence[Change]) -> str:
    """A code for something that a scenario brings in: the word and the next free number."""
    taken = newcomers(changes).keys() | new_services(changes).keys()
    taken |= {change.requirement for change in changes if isinstance(change, RequirementAdded)}
    return next(code for code in (f"{_OWN}{word} {n}" for n in range(1, 1000)) if code not in taken)


def is_own_code(code: str) -> bool:
    """Is it the code of something that a scenario brings in."""
    return code.startswith(_OWN)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _change(made: type[Change], row: Mapping[str, Any]) -> Change:
    hints = get_type_hints(made)
    return made(**{each.name: _value(hints[each.name], row[each.name]) for each in fields(made)})


def _value(hint: Any, kept: Any) -> Any:
    if isinstance(hint, UnionType):
        if kept is None:
            return None
        hint = get_args(hint)[0]
    if hint is date:
        return date.fromisoformat(kept)
    if hint in (Basis, Cover):
        return hint(kept)
    return tuple(kept) if isinstance(kept, list) else kept
