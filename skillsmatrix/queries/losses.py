"""Who counted for a line of cover until lately and does not today, for every service at once, and why.

Who and when is read from the image, why from the facts of those few; the page of one service reads all of it
from the facts (queries/team.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import ONE_DAY, Period
from skillsmatrix.domain.requirement import Cover
from skillsmatrix.engine.columns import Flags
from skillsmatrix.engine.days import day_number
from skillsmatrix.engine.image import Image
from skillsmatrix.models import Competency, Registration, SignOff, Staff, Suspension

LOOK_BACK_DAYS = 90

LineKey = tuple[str, str]


class LostBy(StrEnum):
    """How a place that was filled came to be empty."""

    LEFT = "left"
    AWAY = "away"
    OTHER_ROLE = "other_role"
    SUSPENDED = "suspended"
    RAN_OUT = "ran_out"
    WITHDRAWN = "withdrawn"


def asks_a_number(cover: Cover) -> bool:
    """Does the row ask for so many people, whoever is there.

    Only then is somebody who left or is away missed: what is asked of each falls with the people in scope.
    """
    return cover in (Cover.COUNT, Cover.NAMED)


@dataclass(frozen=True, slots=True)
class LatelyLost:
    """One person who counted until `last_day`, and why no longer. `at_its_end`: the evidence ran that far."""

    person: str
    last_day: date
    by: LostBy
    at_its_end: bool = False


def lately_lost(
    image: Image, lines: Iterable[LineKey], *, on: date, supervision_on: date | None = None
) -> Mapping[LineKey, tuple[LatelyLost, ...]]:
    """(service, requirement) → who stopped counting within the last 90 days, latest first.

    Lines that lost nobody are absent. Whatever ended the evidence is given as `ran_out`: see `told_why`.
    """
    wanted = _numbers(image, lines)
    if not wanted:
        return {}
    day = day_number(on)
    held = image.columns.held
    of_interest = np.isin(held.line, list(wanted))
    last = held.ends_on.astype(np.int64)
    lapses = image.held_lapses
    lapse_day = day_number(supervision_on or on)
    open_now = (lapses.starts_on <= lapse_day) & (lapses.ends_on >= lapse_day)
    np.minimum.at(last, lapses.row[open_now], lapses.starts_on[open_now].astype(np.int64) - 1)
    now = _settled(image, image.held_on(on, supervision_on=supervision_on), of_interest, day)
    rows = np.flatnonzero(
        of_interest & (last < day) & (last >= day - LOOK_BACK_DAYS) & (held.starts_on <= last)
    )
    latest: dict[tuple[int, int], int] = {}
    lapsed: set[tuple[int, int]] = set()
    at_its_end: set[tuple[int, int]] = set()
    for row in sorted(rows.tolist(), key=lambda each: int(last[each])):
        key = (int(held.line[row]), int(held.person[row]))
        if key not in now:
            latest[key] = int(last[row])
            (lapsed.add if last[row] < held.ends_on[row] else lapsed.discard)(key)
            (at_its_end.add if last[row] == held.valid_to[row] else at_its_end.discard)(key)
    in_order = sorted((line, -end, person) for (line, person), end in latest.items())
    teams = _Teams(image, on, [person for _line, _end, person in in_order])
    found: dict[LineKey, tuple[LatelyLost, ...]] = {}
    for line, group in groupby(in_order, key=lambda each: each[0]):
        lost = []
        for _line, minus_end, person in group:
            by = teams.out_of_team(line, person)
            if by is None or teams.counts_heads(line):
                last_day = min(on - timedelta(days=day + minus_end), on - ONE_DAY)
                by = by or (LostBy.SUSPENDED if (line, person) in lapsed else LostBy.RAN_OUT)
                ended = (line, person) in at_its_end
                lost.append(LatelyLost(image.people.codes[person], last_day, by, ended))
        if lost:
            found[wanted[line]] = tuple(lost)
    return found


def _settled(image: Image, held_now: NDArray[np.int64], of_interest: Flags, day: int) -> set[tuple[int, int]]:
    """(line, person) of those who count on the day, and of those who are exempt."""
    held, exempt = image.columns.held, image.columns.exempt
    rows = held_now[of_interest[held_now]]
    excused = exempt.on(day)
    return {
        *zip(held.line[rows].tolist(), held.person[rows].tolist(), strict=True),
        *zip(exempt.line[excused].tolist(), exempt.person[excused].tolist(), strict=True),
    }


def _pairs(ones: NDArray[Any], others: NDArray[Any]) -> set[tuple[int, int]]:
    return set(zip(ones.tolist(), others.tolist(), strict=True))


class _Teams:
    """Who is in the team of a line on the day, and why not."""

    def __init__(self, image: Image, on: date, people: list[int]) -> None:
        self._image = image
        day = day_number(on)
        posts, teams = image.columns.posts, image.columns.teams
        posted = posts.on(day) & np.isin(posts.person, people)
        counted = teams.on(day) & np.isin(teams.person, people)
        self._posted = _pairs(posts.service[posted], posts.person[posted])
        self._counted = _pairs(teams.team[counted], teams.person[counted])

    def out_of_team(self, line: int, person: int) -> LostBy | None:
        """Why the person is not in scope of the line; None: they are."""
        lines = self._image.catalogue.lines
        service = int(lines.service[line])
        if (int(lines.team[line]), person) in self._counted:
            return None
        if (service, person) not in self._posted:
            return LostBy.LEFT
        anybody = (service * self._image.catalogue.roles, person)
        return LostBy.OTHER_ROLE if anybody in self._counted else LostBy.AWAY

    def counts_heads(self, line: int) -> bool:
        """Does the line ask for a number of people."""
        rows = self._image.catalogue.requirements.rows
        return asks_a_number(rows[int(self._image.catalogue.lines.row[line])].cover)


def told_why(
    session: Session,
    lost: Mapping[LineKey, tuple[LatelyLost, ...]],
    competencies: Mapping[str, str],
    *,
    on: date,
) -> Mapping[LineKey, tuple[LatelyLost, ...]]:
    """The same with what the record says of the day after: stopped, withdrawn, or run out.

    `competencies`: requirement code → competency code.
    """
    people = {each.person for several in lost.values() for each in several if each.by is LostBy.RAN_OUT}
    stopped, registered = _stopped(session, people), _registered(session, people)
    withdrawn = _withdrawn(session, people, on)

    def why(requirement: str, each: LatelyLost) -> LatelyLost:
        key, after = (each.person, competencies[requirement]), each.last_day + ONE_DAY
        if each.by is not LostBy.RAN_OUT or each.at_its_end:
            return each
        if any(period.covers(after) for period in stopped.get(key, ())):
            return replace(each, by=LostBy.SUSPENDED)
        if key in registered and not any(period.covers(after) for period in registered[key]):
            return replace(each, by=LostBy.SUSPENDED)
        return replace(each, by=LostBy.WITHDRAWN) if (*key, after) in withdrawn else each

    return {key: tuple(why(key[1], each) for each in several) for key, several in lost.items()}


def _stopped(session: Session, people: Iterable[str]) -> dict[tuple[str, str], list[Period]]:
    """(staff, competency) → when it was stopped by decision."""
    rows = session.execute(
        select(Staff.code, Competency.code, Suspension.starts_on, Suspension.ends_on)
        .join(Suspension, Suspension.staff_id == Staff.id)
        .join(Competency, Competency.id == Suspension.competency_id)
        .where(Staff.code.in_(sorted(people)))
    )
    found: dict[tuple[str, str], list[Period]] = {}
    for person, code, starts_on, ends_on in rows:
        found.setdefault((person, code), []).append(Period(starts_on, ends_on))
    return found


def _registered(session: Session, people: Iterable[str]) -> dict[tuple[str, str], list[Period]]:
    """(staff, competency that needs a registration) → when one was in force."""
    rows = session.execute(
        select(Staff.code, Competency.code, Registration.registered_on, Registration.valid_to)
        .select_from(Staff)
        .join(Competency, Competency.registration_body.is_not(None))
        .outerjoin(
            Registration,
            (Registration.staff_id == Staff.id) & (Registration.body == Competency.registration_body),
        )
        .where(Staff.code.in_(sorted(people)))
    )
    found: dict[tuple[str, str], list[Period]] = {}
    for person, code, registered_on, valid_to in rows:
        periods = found.setdefault((person, code), [])
        if registered_on is not None:
            periods.append(Period(registered_on, valid_to))
    return found


def _withdrawn(session: Session, people: Iterable[str], on: date) -> set[tuple[str, str, date]]:
    """(staff, competency, day) of sign-offs withdrawn up to the day."""
    rows = session.execute(
        select(Staff.code, Competency.code, SignOff.withdrawn_on)
        .join(SignOff, SignOff.staff_id == Staff.id)
        .join(Competency, Competency.id == SignOff.competency_id)
        .where(Staff.code.in_(sorted(people)), SignOff.withdrawn_on <= on)
    )
    return {(person, code, day) for person, code, day in rows if day is not None}


def _numbers(image: Image, lines: Iterable[LineKey]) -> dict[int, LineKey]:
    """Number of a line in the image → its service and requirement."""
    rows = {row.code: number for number, row in enumerate(image.catalogue.requirements.rows)}
    places = {code: number for number, code in enumerate(image.catalogue.service_codes)}
    keys = list(lines)
    if not keys:
        return {}
    found = image.catalogue.lines.of(
        np.array([rows[requirement] for _, requirement in keys], dtype=np.int64),
        np.array([places[service] for service, _ in keys], dtype=np.int64),
    )
    return dict(zip(found.tolist(), keys, strict=True))
