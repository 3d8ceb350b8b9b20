"""What is required, of whom (contract section 4)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from skillsmatrix.domain.calendar import covers
from skillsmatrix.domain.person import Person, Post


class Cover(StrEnum):
    """How many must hold it: everybody, a share, so many, or named people."""

    EACH = "each"
    PERCENT = "percent"
    COUNT = "count"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Service:
    """When a service is open; None is open-ended."""

    code: str
    organisation: str = ""
    opens_on: date | None = None
    closes_on: date | None = None

    def is_open(self, on: date) -> bool:
        return covers(on, self.opens_on, self.closes_on)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule of cover; `service` or `role` None means every one. `amount` is people, or per cent."""

    code: str
    competency: str
    in_force_from: date
    service: str | None = None
    role: str | None = None
    level: int = 1
    cover: Cover = Cover.EACH
    amount: int | None = None
    hard_stop: bool = False
    in_force_to: date | None = None
    induction_days: int | None = None
    reason: str | None = None

    def in_force(self, on: date) -> bool:
        return covers(on, self.in_force_from, self.in_force_to)

    @property
    def when(self) -> tuple[date, date | None, int | None]:
        """All that decides on which days it asks the holder of a post, and with which window (R2, R7)."""
        return self.in_force_from, self.in_force_to, self.induction_days

    def applies_to(self, post: Post) -> bool:
        """Its service is blank or the post's, and so is its role (R3)."""
        return self.service in (None, post.service) and self.role in (None, post.role)


@dataclass(frozen=True, slots=True)
class Instance:
    """One competency required of one person, at the highest level any of their posts asks for (R4)."""

    competency: str
    level: int
    hard_stop: bool
    in_induction: bool
    requirements: tuple[Requirement, ...]


class Requirements:
    """All the requirement rows and services, ready to be asked what a post needs."""

    def __init__(self, rows: Iterable[Requirement], services: Mapping[str, Service]) -> None:
        self.rows = tuple(sorted(rows, key=lambda row: row.code))
        self.services = services
        self._for_post: dict[tuple[str, str], tuple[Requirement, ...]] = {}
        self._for_each: dict[tuple[str, str], tuple[Requirement, ...]] = {}
        self._asked_in: dict[tuple[str, str], AskedInPost] = {}
        self._by_service: dict[str | None, list[Requirement]] = {}
        for row in self.rows:
            self._by_service.setdefault(row.service, []).append(row)

    def of_post(self, post: Post) -> tuple[Requirement, ...]:
        """The rows that apply to the post, whenever they are in force (R3)."""
        key = (post.service, post.role)
        if key not in self._for_post:
            applying = (row for row in self.of_service(post.service) if row.applies_to(post))
            self._for_post[key] = tuple(applying)
        return self._for_post[key]

    def of_everybody_in(self, post: Post) -> tuple[Requirement, ...]:
        """Those among them that everybody in such a post must meet (R4)."""
        key = (post.service, post.role)
        if key not in self._for_each:
            self._for_each[key] = tuple(row for row in self.of_post(post) if row.cover is Cover.EACH)
        return self._for_each[key]

    def asked_in(self, post: Post) -> "AskedInPost":
        """What such a post asks of everybody in it, in a form that is the same for all of them."""
        key = (post.service, post.role)
        if key not in self._asked_in:
            self._asked_in[key] = _asked_in(self.of_everybody_in(post))
        return self._asked_in[key]

    def of_service(self, service: str) -> list[Requirement]:
        """The rows that name the service or no service, in order of code, whenever they are in force."""
        rows = [*self._by_service.get(service, ()), *self._by_service.get(None, ())]
        return sorted(rows, key=lambda row: row.code)


class Wanted(NamedTuple):
    """What is required: a competency at a level, and whether without it the activity is stopped."""

    competency: str
    level: int
    hard_stop: bool


class AskedInPost(NamedTuple):
    """The competencies that a post asks for at all, and by several rows; the other rows, by when they ask.

    `alike`: one of the rows that ask on the same days, and what they all want.
    """

    competencies: frozenset[str]
    by_several: frozenset[str]
    alike: tuple[tuple[Requirement, tuple[Wanted, ...]], ...]


def _asked_in(rows: Sequence[Requirement]) -> AskedInPost:
    times = Counter(row.competency for row in rows)
    alike: dict[tuple[object, ...], list[Requirement]] = {}
    for row in rows:
        if times[row.competency] == 1:
            alike.setdefault(row.when, []).append(row)
    return AskedInPost(
        competencies=frozenset(times),
        by_several=frozenset(code for code, number in times.items() if number > 1),
        alike=tuple(
            (group[0], tuple(Wanted(row.competency, row.level, row.hard_stop) for row in group))
            for group in alike.values()
        ),
    )


class Asking(NamedTuple):
    """One post of a person, and one row that asks its holder for a competency whenever both are in force."""

    post: Post
    requirement: Requirement
    service: Service

    def in_force(self, on: date) -> bool:
        """The row is in force and the service of the post is open (R2); the post itself is R1."""
        return self.requirement.in_force(on) and self.service.is_open(on)


def asked_of(person: Person, requirements: Requirements) -> dict[str, tuple[Asking, ...]]:
    """Competency → every post and row that ever asks the person for it, on whatever day (R3, R4)."""
    asked: dict[str, list[Asking]] = {}
    for post in person.posts:
        place = requirements.services[post.service]
        for row in requirements.of_everybody_in(post):
            asked.setdefault(row.competency, []).append(Asking(post, row, place))
    return {competency: tuple(asked[competency]) for competency in sorted(asked)}


def instances(
    person: Person, requirements: Requirements, *, on: date, service: str | None = None
) -> dict[str, Instance]:
    """Competency → what is required of the person on the day, in order of competency (R1 to R5, R7).

    Empty for a person who is not employed or is away for long. `service`: as if the posts there were the
    only ones (contract section 7).
    """
    if person.out_of_scope(on):
        return {}
    asked: dict[str, list[Asking]] = {}
    for post in person.posts_in_force(on):
        place = requirements.services[post.service]
        if service in (None, post.service) and place.is_open(on):
            for row in requirements.of_everybody_in(post):
                if row.in_force(on):
                    asked.setdefault(row.competency, []).append(Asking(post, row, place))
    return {competency: _required_by(asked[competency], on=on) for competency in sorted(asked)}


def which_ask(asked: Sequence[Asking], posts: Sequence[Post], *, on: date) -> tuple[int, ...]:
    """The numbers of those that ask something on the day, given the posts that are in force (R2)."""
    return tuple([number for number, each in enumerate(asked) if each.post in posts and each.in_force(on)])


def _required_by(asking: Sequence[Asking], *, on: date) -> Instance:
    """One instance of all that asks for a competency on the day (R4, R7)."""
    rows = {each.requirement.code: each.requirement for each in asking}
    level, hard_stop = strength(list(rows.values()))
    return Instance(
        competency=asking[0].requirement.competency,
        level=level,
        hard_stop=hard_stop,
        in_induction=in_induction(asking, on=on),
        requirements=tuple(rows[code] for code in sorted(rows)),
    )


def strength(rows: Sequence[Requirement]) -> tuple[int, bool]:
    """The highest level that any of the rows asks for, and is any of them a hard stop (R4)."""
    return max([row.level for row in rows]), any(row.hard_stop for row in rows)


def in_induction(asking: Sequence[Asking], *, on: date) -> bool:
    """Is each of the posts that ask inside its window, the longest that its rows give it (R7)."""
    for each in asking:
        windows = [other.requirement.induction_days or 0 for other in asking if other.post is each.post]
        if not in_induction_window(each.post, max(windows), on):
            return False
    return True


def in_induction_window(post: Post, days: int, on: date) -> bool:
    """Within `days` of the start of the post, that day included; 0 is no window (R7)."""
    return days > 0 and post.starts_on <= on <= post.starts_on + timedelta(days=days)
