"""What everybody's kept conclusions say, as columns. A person is a number; days as in engine/days.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.engine.catalogue import Catalogue
from skillsmatrix.engine.days import Days, short
from skillsmatrix.engine.packing import PARTS, STANDING_BITS, Rows, unpack

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stretches:
    """Rows that say something about a person from one day to another, both included."""

    person: NDArray[np.int32]
    starts_on: Days
    ends_on: Days

    def __len__(self) -> int:
        return len(self.person)

    def on(self, day: int) -> Flags:
        """Which rows include the day."""
        return (self.starts_on <= day) & (self.ends_on >= day)

    @property
    def bytes(self) -> int:
        """How much memory the columns take."""
        return sum(getattr(self, each.name).nbytes for each in fields(self))

    def kept(self, rows: Flags) -> Self:
        """Some of the rows."""
        return replace(self, **{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    def renumbered(self, numbers: NDArray[np.int32]) -> Self:
        """With person n called numbers[n]."""
        return replace(self, person=numbers[self.person])

    def and_also(self, more: Self) -> Self:
        """These rows and then those."""
        both: dict[str, Any] = {
            each.name: np.concatenate((getattr(self, each.name), getattr(more, each.name)))
            for each in fields(self)
        }
        return replace(self, **both)


R = TypeVar("R", bound=Stretches)
MOST_CHANGES = 64  # laid over one another before they are laid down


@dataclass(frozen=True, slots=True)
class AtService(Stretches):
    """In post at a service, by its number."""

    service: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class InTeam(Stretches):
    """Counted in a team, by its number."""

    team: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class OnLine(Stretches):
    """In scope of a line of cover, and exempt from it."""

    line: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Held(OnLine):
    """In scope of a line of cover, and holding what it asks for, supervision aside, up to a day."""

    valid_to: Days


@dataclass(frozen=True, slots=True)
class Lapsed(Stretches):
    """Supervision has lapsed in a competency, by its number."""

    competency: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Required(Stretches):
    """A requirement instance, by the numbers of competency and service (-1: all posts only).

    `valid_to` is an ordinal, 0 where the level is not satisfied; `state` as in engine/packing.py.
    """

    competency: NDArray[np.int16]
    service: NDArray[np.int32]
    level: NDArray[np.int32]
    valid_to: NDArray[np.int32]
    state: NDArray[np.uint8]

    @property
    def standing(self) -> NDArray[np.uint8]:
        """Index into STANDINGS."""
        return self.state & np.uint8(STANDING_BITS)


@dataclass(frozen=True, slots=True)
class Change:
    """Some people (a flag for each number), some competencies (None: all), and all there is about them."""

    people: Flags
    competencies: Flags | None
    required: Required

    def stays(self, rows: Stretches, competency: NDArray[Any]) -> Flags:
        """Which rows are about others; `competency` of each row."""
        goes: Flags = self.people[rows.person]
        if self.competencies is not None:
            goes = goes & self.competencies[competency]
        return ~goes


@dataclass(frozen=True)
class Columns:
    """All of it. Requirement instances are many, and seldom asked for as soon as they have changed: changes
    to them are laid over the base when they are asked for."""

    posts: AtService
    teams: InTeam
    held: Held
    exempt: OnLine
    lapsed: Lapsed
    base: Required
    changes: tuple[Change, ...] = ()

    @cached_property
    def required(self) -> Required:
        """The requirement instances."""
        rows = self.base
        for change in self.changes:
            rows = rows.kept(change.stays(rows, rows.competency)).and_also(change.required)
        return rows

    @property
    def bytes(self) -> int:
        """How much memory they take."""
        parts = (self.posts, self.teams, self.held, self.exempt, self.lapsed, self.required)
        return sum(part.bytes for part in parts)

    def with_replaced(self, change: Change, fresh: "Columns", competency_of_line: Numbers) -> "Columns":
        """These columns, with all that they say about what the change is about taken from `fresh`.

        Posts and teams are taken whole, whatever the competencies.
        """
        whole = replace(change, competencies=None)
        settled = "required" in self.__dict__ or len(self.changes) >= MOST_CHANGES
        return Columns(
            posts=_changed(whole, self.posts, fresh.posts, self.posts.person),
            teams=_changed(whole, self.teams, fresh.teams, self.teams.person),
            held=_changed(change, self.held, fresh.held, competency_of_line[self.held.line]),
            exempt=_changed(change, self.exempt, fresh.exempt, competency_of_line[self.exempt.line]),
            lapsed=_changed(change, self.lapsed, fresh.lapsed, self.lapsed.competency),
            base=self.required if settled else self.base,
            changes=(change,) if settled else (*self.changes, change),
        )

    def renumbered(self, numbers: NDArray[np.int32]) -> "Columns":
        """With person n called numbers[n]."""
        return Columns(
            posts=self.posts.renumbered(numbers),
            teams=self.teams.renumbered(numbers),
            held=self.held.renumbered(numbers),
            exempt=self.exempt.renumbered(numbers),
            lapsed=self.lapsed.renumbered(numbers),
            base=self.required.renumbered(numbers),
        )


def _changed(change: Change, rows: R, fresh: R, competency: NDArray[Any]) -> R:
    return rows.kept(change.stays(rows, competency)).and_also(fresh)


def columns(
    packed: Mapping[str, Sequence[bytes]], people: NDArray[np.int32], catalogue: Catalogue
) -> Columns:
    """The columns of some people: for each part of `packed`, one piece of bytes for each of `people`."""
    rows: dict[str, Rows] = {}
    who: dict[str, NDArray[np.int32]] = {}
    for part, names in PARTS.items():
        pieces = packed[part]
        rows[part] = unpack(part, b"".join(pieces))
        lengths = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces)) // (4 * len(names))
        who[part] = np.repeat(people, lengths)
    posts, teams, lapsed = rows["posts"], rows["teams"], rows["lapsed"]
    service = catalogue.service_numbers
    held, exempt = _covering(rows["covering"], who["covering"], catalogue)
    return Columns(
        posts=AtService(*_when(posts, who["posts"]), _narrow(service[posts[:, 2]])),
        teams=InTeam(
            *_when(teams, who["teams"]),
            _narrow(service[teams[:, 2]] * catalogue.roles + teams[:, 3]),
        ),
        held=held,
        exempt=exempt,
        base=_required(rows["required"], who["required"], catalogue),
        lapsed=Lapsed(*_when(lapsed, who["lapsed"]), _narrow(catalogue.competency_numbers[lapsed[:, 2]])),
    )


def _covering(rows: Rows, people: NDArray[np.int32], catalogue: Catalogue) -> tuple[Held, OnLine]:
    line = _narrow(
        catalogue.lines.of(catalogue.row_numbers[rows[:, 3]], catalogue.service_numbers[rows[:, 4]])
    )
    people, starts_on, ends_on = _when(rows, people)
    in_order = np.argsort(line, kind="stable")
    counted = in_order[rows[in_order, 5] > 0]
    excused = in_order[rows[in_order, 5] == 0]
    held = Held(people[counted], starts_on[counted], ends_on[counted], line[counted], short(rows[counted, 5]))
    return held, OnLine(people[excused], starts_on[excused], ends_on[excused], line[excused])


def _required(rows: Rows, people: NDArray[np.int32], catalogue: Catalogue) -> Required:
    service = np.where(rows[:, 3] == 0, -1, catalogue.service_numbers[rows[:, 3]])
    return Required(
        *_when(rows, people),
        competency=catalogue.competency_numbers[rows[:, 2]].astype(np.int16),
        service=_narrow(service),
        level=_narrow(rows[:, 4]),
        valid_to=np.ascontiguousarray(rows[:, 5]),
        state=rows[:, 6].astype(np.uint8),
    )


def _when(rows: Rows, people: NDArray[np.int32]) -> tuple[NDArray[np.int32], Days, Days]:
    return people, short(rows[:, 0]), short(rows[:, 1])


def _narrow(numbers: NDArray[Any]) -> NDArray[np.int32]:
    return numbers.astype(np.int32)
