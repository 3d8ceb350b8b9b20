"""What differs between two days: who stands differently and why, what cover became, which rules came or went.

It is answered from the image, of now or of an instant; of an instant, for one service, from the facts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import EXPIRING_DAYS
from skillsmatrix.domain.changes import Asked, Change, Presence, cause, in_order
from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.domain.standing import Standing, SuspendedBy
from skillsmatrix.domain.workforce import InstanceStanding, Workforce
from skillsmatrix.engine.columns import Flags
from skillsmatrix.engine.days import day_number
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.packing import ALL_POSTS, STANDINGS
from skillsmatrix.queries.ahead import supervised_on
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.effects import Ahead
from skillsmatrix.queries.known_then import image_known_at
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.queries.state import kept
from skillsmatrix.queries.team import team

_VALID = STANDINGS.index(Standing.VALID)
_EXPIRING = STANDINGS.index(Standing.EXPIRING)
_SUSPENDED = STANDINGS.index(Standing.SUSPENDED)
_ABSENT = len(STANDINGS)


@dataclass(frozen=True, slots=True)
class Tally:
    """The cover of one service on one day, in lines."""

    lines: int
    unsafe: int
    short: int


@dataclass(frozen=True, slots=True)
class Between:
    """What differs between two days. `places`: staff code → services on either day, for those who changed.

    `before` and `after`: service code → its cover on the earlier day, and on the later one.
    """

    changes: tuple[Change, ...]
    places: Mapping[str, frozenset[str]]
    before: Mapping[str, Tally]
    after: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A requirement in force on one of the two days only. `began`: on the later one."""

    requirement: Requirement
    began: bool

    @property
    def on(self) -> date | None:
        """Its first day, or its last."""
        return self.requirement.in_force_from if self.began else self.requirement.in_force_to


def changes_between(
    session: Session, *, start: date, end: date, today: date, known_at: datetime | None = None
) -> Between:
    """Everybody who stands differently on the later day, as known at an instant, or now."""

    def found() -> Between:
        image = current(session) if known_at is None else image_known_at(session, known_at)
        return _between(image, start, end, today)

    return kept(session, ("changes", start, end, today, known_at), found)


@dataclass(frozen=True, slots=True)
class _Day:
    """What is asked on one day: a number for each person and competency, those of one person together.

    Where nothing is asked the standing is _ABSENT and the level 0.
    """

    standing: NDArray[np.uint8]
    level: NDArray[np.int16]
    lapsed: Flags

    def asked(self, place: int) -> Asked | None:
        """One of them; None where nothing is asked."""
        standing = int(self.standing[place])
        if standing == _ABSENT:
            return None
        return Asked(STANDINGS[standing], int(self.level[place]), bool(self.lapsed[place]))


def _day(image: Image, on: date, today: date) -> _Day:
    asked, width = image.columns.required, len(image.catalogue.competency_codes)
    rows, standing = image.required_on(on, supervision_on=supervised_on(on=on, today=today))
    counted = (asked.state[rows] & ALL_POSTS) > 0
    rows, standing = rows[counted], standing[counted]
    valid_to = asked.valid_to[rows]
    soon = (standing == _VALID) & (valid_to > 0) & (valid_to <= on.toordinal() + EXPIRING_DAYS)
    place = asked.person[rows].astype(np.int64) * width + asked.competency[rows]
    size = len(image.people) * width
    day = _Day(np.full(size, _ABSENT, np.uint8), np.zeros(size, np.int16), np.zeros(size, np.bool_))
    day.standing[place] = np.where(soon, np.uint8(_EXPIRING), standing)
    day.level[place] = asked.level[rows]
    day.lapsed[place] = (standing == _SUSPENDED) & (asked.standing[rows] == _VALID)
    return day


def _between(image: Image, start: date, end: date, today: date) -> Between:
    before, after = _day(image, start, today), _day(image, end, today)
    differ = np.flatnonzero((before.standing != after.standing) | (before.level != after.level))
    people, competencies = np.divmod(differ, max(len(image.catalogue.competency_codes), 1))
    numbers = sorted(set(people.tolist()))
    was, is_ = (_presence(image, on, numbers) for on in (start, end))
    found = []
    for place, person, competency in zip(
        differ.tolist(), people.tolist(), competencies.tolist(), strict=True
    ):
        one, other = before.asked(place), after.asked(place)
        why = cause(one, other, was=was[person], is_=is_[person])
        codes = image.people.codes[person], image.catalogue.competency_codes[competency]
        found.append(Change(*codes, one, other, why))
    places = {image.people.codes[each]: was[each].services | is_[each].services for each in numbers}
    tallies = (_tallies(image, on, today) for on in (start, end))
    return Between(tuple(in_order(found)), places, *tallies)


def _presence(image: Image, on: date, people: Sequence[int]) -> Mapping[int, Presence]:
    """Where these people work on the day; with posts and in no team somebody is away, or a volunteer."""
    day, posts, teams = day_number(on), image.columns.posts, image.columns.teams
    services: dict[int, set[str]] = {}
    named = np.zeros(len(image.people), dtype=np.bool_)
    named[list(people)] = True
    wanted = named[posts.person] & posts.on(day)
    for person, service in zip(posts.person[wanted].tolist(), posts.service[wanted].tolist(), strict=True):
        services.setdefault(person, set()).add(image.catalogue.service_codes[service])
    counted = set(teams.person[named[teams.person] & teams.on(day)].tolist())
    return {
        person: Presence(frozenset(services.get(person, ())), person in services and person not in counted)
        for person in people
    }


def changes_as_known(
    session: Session, entry: ServiceEntry, *, start: date, end: date, today: date, known_at: datetime
) -> Between:
    """The same for the people of one service, by what was known at an instant."""
    question = ("changes as known", entry, start, end, today, known_at)
    return kept(session, question, lambda: _as_known(session, entry, (start, end), today, known_at))


def _as_known(
    session: Session, entry: ServiceEntry, days: tuple[date, date], today: date, known_at: datetime
) -> Between:
    found = [team(session, entry, on=on, today=today, known_at=known_at) for on in days]
    people = {**found[0].facts.people, **found[1].facts.people}
    facts = Workforce(people, found[0].facts.competencies, found[0].facts.requirements)
    rows = [_standings(facts, on, today) for on in days]
    here = {person.code for one in found for person in one.people}
    changes = []
    for key in sorted(rows[0].keys() | rows[1].keys()):
        before, after = rows[0].get(key), rows[1].get(key)
        if key[0] in here and _differs(before, after):
            was, is_ = (_where(people[key[0]], on) for on in days)
            changes.append(Change(*key, before, after, cause(before, after, was=was, is_=is_)))
    tallies = ({entry.code: _tally(one.lines)} for one in found)
    return Between(tuple(in_order(changes)), {code: frozenset({entry.code}) for code in here}, *tallies)


def _standings(facts: Workforce, on: date, today: date) -> dict[tuple[str, str], Asked]:
    """(person, competency) → what is asked on the day; supervision goes on past today (V8)."""
    rows = Ahead(facts, on=on, today=today).standings(on=on)
    return {(row.person, row.instance.competency): _of_row(row) for row in rows}


def _where(person: Person, on: date) -> Presence:
    services = frozenset(post.service for post in person.posts_in_force(on))
    return Presence(services, bool(services) and person.out_of_scope(on))


def _differs(before: Asked | None, after: Asked | None) -> bool:
    """Do they stand differently, or is another level asked for."""
    if before is None or after is None:
        return before is not after
    return (before.standing, before.level) != (after.standing, after.level)


def _of_row(row: InstanceStanding) -> Asked:
    lapsed = row.verdict.suspended_by[:1] == (SuspendedBy.SUPERVISION,)
    return Asked(row.verdict.standing, row.instance.level, lapsed)


def _tally(lines: Sequence[CoverLine]) -> Tally:
    return Tally(len(lines), sum(line.unsafe for line in lines), sum(not line.met for line in lines))


def _tallies(image: Image, on: date, today: date) -> Mapping[str, Tally]:
    found = image.counts(on=on, supervision_on=supervised_on(on=on, today=today))
    lines, size = image.catalogue.lines, len(image.catalogue.service_codes)
    short = found.shown & (found.shortfall > 0)

    def count(chosen: NDArray[np.int64]) -> list[int]:
        return [int(each) for each in np.bincount(lines.service[chosen], minlength=size)]

    totals = zip(
        image.catalogue.service_codes,
        count(np.flatnonzero(found.shown)),
        count(np.flatnonzero(short & lines.hard_stop)),
        count(np.flatnonzero(short)),
        strict=True,
    )
    return {service: Tally(*figures) for service, *figures in totals}


def rule_changes(session: Session, services: Iterable[str], *, start: date, end: date) -> list[RuleChange]:
    """Requirements in force on one of the two days only, of these services and of every service."""
    wanted = {None, *services}
    every = kept(session, ("rule changes", start, end), lambda: _rule_changes(current(session), start, end))
    return [each for each in every if each.requirement.service in wanted]


def _rule_changes(image: Image, start: date, end: date) -> list[RuleChange]:
    rows = image.catalogue.requirements.rows
    return [
        RuleChange(row, began=row.in_force(end)) for row in rows if row.in_force(start) != row.in_force(end)
    ]
