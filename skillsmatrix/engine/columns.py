"""What everybody's kept conclusions say, as columns. A person is a number; days as in engine/days.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.engine.catalogue import Catalogue
from skillsmatrix.engine.days import Days, short
from skillsmatrix.engine.packing import PARTS, STANDING_BITS, Rows, unpack
from skillsmatrix.engine.splice import Persons, Splice, places

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_PENDING = 200  # people, before what is said about them is laid in its places


@dataclass(frozen=True, slots=True)
class Stretches:
    """Rows that say something about a person from one day to another, both included; in order of person."""

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

    def kept(self, rows: NDArray[Any]) -> Self:
        """Some of the rows."""
        return type(self)(*(getattr(self, each.name)[rows] for each in fields(self)))

    def rows_about(self, people: Persons) -> list[tuple[int, ...]]:
        """What is said about some people (by number, ascending), row by row."""
        columns = [getattr(self, each.name) for each in fields(self)]
        return [
            row
            for first, after in places(self.person, people)
            for row in zip(*(column[first:after].tolist() for column in columns), strict=True)
        ]

    def about(self, people: Persons) -> Self:
        """The same as columns."""
        ranges = [np.arange(first, after) for first, after in places(self.person, people)]
        return self.kept(np.concatenate((np.arange(0), *ranges)))

    def renumbered(self, numbers: Persons) -> Self:
        """With person n called numbers[n]."""
        person = numbers[self.person]
        return replace(self, person=person).kept(np.argsort(person, kind="stable"))

    def and_also(self, more: Self) -> Self:
        """These rows and those."""
        columns = ((getattr(self, each.name), getattr(more, each.name)) for each in fields(self))
        both = type(self)(*map(np.concatenate, columns))
        return both.kept(np.argsort(both.person, kind="stable"))

    def with_replaced(self, people: Persons, fresh: Self) -> Self:
        """With what `fresh` says in place of all that is said about these people; the same rows if it is."""
        splice = Splice.between(people, self.person, fresh.person)
        columns = [(getattr(self, each.name), getattr(fresh, each.name)) for each in fields(self)]
        if not any(splice.alters(*both) for both in columns):
            return self
        return type(self)(*(splice.laid(*both) for both in columns))


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


@dataclass(frozen=True)
class Columns:
    """All of it. Requirement instances are many, and seldom asked for as soon as they have changed: those of
    the people in `pending` stand beside the base, and take their places there when they are asked for."""

    posts: AtService
    teams: InTeam
    held: Held
    exempt: OnLine
    lapsed: Lapsed
    base: Required
    pending: tuple[Persons, Required] | None = None

    @cached_property
    def required(self) -> Required:
        """The requirement instances."""
        return self.base if self.pending is None else self.base.with_replaced(*self.pending)

    def required_about(self, people: Persons) -> Required:
        """The requirement instances of some people (ascending)."""
        found = self.base.about(people)
        if self.pending is None:
            return found
        changed, instances = self.pending
        some = np.intersect1d(changed, people)
        return found.with_replaced(some, instances)

    @property
    def bytes(self) -> int:
        """How much memory they take."""
        parts = (self.posts, self.teams, self.held, self.exempt, self.lapsed, self.required)
        return sum(part.bytes for part in parts)

    def with_replaced(self, people: Persons, fresh: "Columns") -> "Columns":
        """These columns, with all that they say about some people (ascending) taken from `fresh`."""
        base, pending = self.base, (people, fresh.required)
        if "required" in self.__dict__ or (self.pending and len(self.pending[0]) >= MOST_PENDING):
            base = self.required
        elif self.pending:
            before, instances = self.pending
            pending = np.union1d(before, people), instances.with_replaced(people, fresh.required)
        return Columns(
            posts=self.posts.with_replaced(people, fresh.posts),
            teams=self.teams.with_replaced(people, fresh.teams),
            held=self.held.with_replaced(people, fresh.held),
            exempt=self.exempt.with_replaced(people, fresh.exempt),
            lapsed=self.lapsed.with_replaced(people, fresh.lapsed),
            base=base,
            pending=pending,
        )

    def counts_as(self, other: "Columns") -> bool:
        """Are the rows that count for cover the very same."""
        parts = ("teams", "held", "exempt", "lapsed")
        return all(getattr(self, part) is getattr(other, part) for part in parts)

    def completed(
        self, people: Persons, competencies: Flags, known: "Columns", of_line: Numbers
    ) -> "Columns":
        """These columns, about some people (ascending) and competencies (a flag for each number), with what
        is known of the same people's others. `of_line`: the competency of each line."""
        held, exempt = known.held.about(people), known.exempt.about(people)
        lapsed, required = known.lapsed.about(people), known.required_about(people)
        return replace(
            self,
            held=self.held.and_also(held.kept(~competencies[of_line[held.line]])),
            exempt=self.exempt.and_also(exempt.kept(~competencies[of_line[exempt.line]])),
            lapsed=self.lapsed.and_also(lapsed.kept(~competencies[lapsed.competency])),
            base=self.required.and_also(required.kept(~competencies[required.competency])),
        )

    def renumbered(self, numbers: Persons) -> "Columns":
        """With person n called numbers[n]."""
        return Columns(
            posts=self.posts.renumbered(numbers),
            teams=self.teams.renumbered(numbers),
            held=self.held.renumbered(numbers),
            exempt=self.exempt.renumbered(numbers),
            lapsed=self.lapsed.renumbered(numbers),
            base=self.required.renumbered(numbers),
        )


def columns(packed: Mapping[str, Sequence[bytes]], people: Persons, catalogue: Catalogue) -> Columns:
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


def _covering(rows: Rows, people: Persons, catalogue: Catalogue) -> tuple[Held, OnLine]:
    line = _narrow(
        catalogue.lines.of(catalogue.row_numbers[rows[:, 3]], catalogue.service_numbers[rows[:, 4]])
    )
    everyone = Held(*_when(rows, people), line, short(rows[:, 5]))
    counted = rows[:, 5] > 0
    exempt = everyone.kept(~counted)
    return everyone.kept(counted), OnLine(exempt.person, exempt.starts_on, exempt.ends_on, exempt.line)


def _required(rows: Rows, people: Persons, catalogue: Catalogue) -> Required:
    service = np.where(rows[:, 3] == 0, -1, catalogue.service_numbers[rows[:, 3]])
    return Required(
        *_when(rows, people),
        competency=catalogue.competency_numbers[rows[:, 2]].astype(np.int16),
        service=_narrow(service),
        level=_narrow(rows[:, 4]),
        valid_to=np.ascontiguousarray(rows[:, 5]),
        state=rows[:, 6].astype(np.uint8),
    )


def _when(rows: Rows, people: Persons) -> tuple[NDArray[np.int32], Days, Days]:
    return people, short(rows[:, 0]), short(rows[:, 1])


def _narrow(numbers: NDArray[Any]) -> NDArray[np.int32]:
    return numbers.astype(np.int32)
