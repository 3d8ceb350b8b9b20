"""What differs between two days: who stands differently and why, what cover became, which rules came or went.

As recorded now it is answered from the image; as known at an instant, for one service, from the facts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import EXPIRING_DAYS
from skillsmatrix.domain.changes import Asked, Change, Presence, cause, in_order
from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.domain.standing import Standing, SuspendedBy
from skillsmatrix.domain.workforce import InstanceStanding
from skillsmatrix.engine.columns import Flags, Numbers
from skillsmatrix.engine.days import day_number
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.packing import ALL_POSTS, STANDINGS
from skillsmatrix.queries.ahead import supervised_on
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.effects import Ahead
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.queries.state import kept
from skillsmatrix.queries.team import team

_VALID = STANDINGS.index(Standing.VALID)
_EXPIRING = STANDINGS.index(Standing.EXPIRING)
_SUSPENDED = STANDINGS.index(Standing.SUSPENDED)
_ABSENT = len(STANDINGS)


@dataclass(frozen=True, slots=True)
class Between:
    """What differs between two days. `places`: staff code → services on either day, for those who changed."""

    changes: tuple[Change, ...]
    places: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Tally:
    """The cover of one service on one day, in lines."""

    lines: int
    unsafe: int
    short: int


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A requirement in force on one of the two days only. `began`: on the later one."""

    requirement: Requirement
    began: bool

    @property
    def on(self) -> date | None:
        """Its first day, or its last."""
        return self.requirement.in_force_from if self.began else self.requirement.in_force_to


def changes_between(session: Session, *, start: date, end: date, today: date) -> Between:
    """Everybody who stands differently on the later day, as recorded now."""
    question = ("changes", start, end, today)
    return kept(session, question, lambda: _between(current(session), start, end, today))


@dataclass(frozen=True, slots=True)
class _Day:
    """The requirement instances of one day as columns; `key` is person and competency in one, sorted."""

    key: Numbers
    standing: Numbers
    level: Numbers
    lapsed: Flags


def _day(image: Image, on: date, today: date) -> _Day:
    asked = image.columns.required
    rows, standing = image.required_on(on, supervision_on=supervised_on(on=on, today=today))
    counted = (asked.state[rows] & ALL_POSTS) > 0
    rows, found = rows[counted], standing[counted].astype(np.int64)
    lapsed = (found == _SUSPENDED) & (asked.standing[rows] == _VALID)
    soon = (found == _VALID) & (asked.valid_to[rows] > 0)
    soon &= asked.valid_to[rows] <= on.toordinal() + EXPIRING_DAYS
    found[soon] = _EXPIRING
    key = asked.person[rows].astype(np.int64) * len(image.catalogue.competency_codes) + asked.competency[rows]
    order = np.argsort(key, kind="stable")
    return _Day(key[order], found[order], asked.level[rows][order].astype(np.int64), lapsed[order])


def _between(image: Image, start: date, end: date, today: date) -> Between:
    before, after = _day(image, start, today), _day(image, end, today)
    keys = np.union1d(before.key, after.key)
    was, will = _spread(before, keys), _spread(after, keys)
    differ = np.flatnonzero((was[0] != will[0]) | ((was[1] != will[1]) & (was[0] < _ABSENT)))
    people, competencies = np.divmod(keys[differ], max(len(image.catalogue.competency_codes), 1))
    numbers = sorted(set(people.tolist()))
    presence = {on: _presence(image, on, numbers) for on in (start, end)}
    found = []
    for place, person, competency in zip(
        differ.tolist(), people.tolist(), competencies.tolist(), strict=True
    ):
        one, other = _asked(was, place), _asked(will, place)
        why = cause(one, other, was=presence[start][person], is_=presence[end][person])
        codes = image.people.codes[person], image.catalogue.competency_codes[competency]
        found.append(Change(*codes, one, other, why))
    places = {
        image.people.codes[number]: presence[start][number].services | presence[end][number].services
        for number in numbers
    }
    return Between(tuple(in_order(found)), places)


def _spread(day: _Day, keys: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Standing, level and lapse for each of the keys; where nothing is asked the standing is _ABSENT."""
    places = np.searchsorted(keys, day.key)
    standing = np.full(len(keys), _ABSENT, dtype=np.int64)
    level, lapsed = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.int64)
    standing[places], level[places], lapsed[places] = day.standing, day.level, day.lapsed
    return standing, level, lapsed


def _asked(columns: tuple[Numbers, Numbers, Numbers], place: int) -> Asked | None:
    standing, level, lapsed = (int(column[place]) for column in columns)
    return None if standing == _ABSENT else Asked(STANDINGS[standing], level, bool(lapsed))


def _presence(image: Image, on: date, people: Sequence[int]) -> Mapping[int, Presence]:
    """Where these people work on the day; with posts and in no team somebody is away, or a volunteer."""
    day, posts, teams = day_number(on), image.columns.posts, image.columns.teams
    services: dict[int, set[str]] = {}
    wanted = np.isin(posts.person, people) & posts.on(day)
    for person, service in zip(posts.person[wanted].tolist(), posts.service[wanted].tolist(), strict=True):
        services.setdefault(person, set()).add(image.catalogue.service_codes[service])
    counted = set(teams.person[np.isin(teams.person, people) & teams.on(day)].tolist())
    return {
        person: Presence(frozenset(services.get(person, ())), person in services and person not in counted)
        for person in people
    }


def changes_as_known(
    session: Session, entry: ServiceEntry, *, start: date, end: date, today: date, known_at: datetime
) -> Between:
    """The same for the people of one service, by what was known at an instant."""
    found = [team(session, entry, on=on, today=today, known_at=known_at) for on in (start, end)]
    facts = {**found[0].facts.people, **found[1].facts.people}
    rows: list[dict[tuple[str, str], InstanceStanding]] = []
    for one, on in zip(found, (start, end), strict=True):
        ahead = Ahead(one.facts, on=on, today=today)
        rows.append({(row.person, row.instance.competency): row for row in ahead.standings(on=on)})
    here = {person.code for one in found for person in one.people}
    changes = []
    for key in sorted(rows[0].keys() | rows[1].keys()):
        before, after = (_of_row(each.get(key)) for each in rows)
        if key[0] in here and _differs(before, after):
            person = facts[key[0]]
            was, is_ = (
                Presence(
                    frozenset(post.service for post in person.posts_in_force(on)), person.out_of_scope(on)
                )
                for on in (start, end)
            )
            changes.append(Change(*key, before, after, cause(before, after, was=was, is_=is_)))
    return Between(tuple(in_order(changes)), {code: frozenset({entry.code}) for code in here})


def _differs(before: Asked | None, after: Asked | None) -> bool:
    """Do they stand differently, or is another level asked for."""
    if before is None or after is None:
        return before is not after
    return (before.standing, before.level) != (after.standing, after.level)


def _of_row(row: InstanceStanding | None) -> Asked | None:
    if row is None:
        return None
    lapsed = row.verdict.suspended_by[:1] == (SuspendedBy.SUPERVISION,)
    return Asked(row.verdict.standing, row.instance.level, lapsed)


def cover_tallies(session: Session, *, on: date, today: date) -> Mapping[str, Tally]:
    """Service code → its cover on the day, as recorded now."""
    question = ("cover tallies", on, today)
    return kept(session, question, lambda: _tallies(current(session), on, today))


def tally_as_known(
    session: Session, entry: ServiceEntry, *, on: date, today: date, known_at: datetime
) -> Tally:
    """The cover of one service on the day, by what was known at an instant."""
    lines = team(session, entry, on=on, today=today, known_at=known_at).lines
    return Tally(len(lines), sum(line.unsafe for line in lines), sum(not line.met for line in lines))


def _tallies(image: Image, on: date, today: date) -> Mapping[str, Tally]:
    found = image.counts(on=on, supervision_on=supervised_on(on=on, today=today))
    lines, size = image.catalogue.lines, len(image.catalogue.service_codes)
    short = found.shown & (found.shortfall > 0)

    def count(chosen: Numbers) -> list[int]:
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
    rows = current(session).catalogue.requirements.rows
    return [
        RuleChange(row, began=row.in_force(end))
        for row in rows
        if row.service in wanted and row.in_force(start) != row.in_force(end)
    ]
