"""What should be done first for the cover of some services: person by person, by what it does for cover.

The image says which lines are short, or will be within a month when nothing is done; the facts of the people
on those lines say who could fill a place, who is about to leave one empty, and what it takes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

import numpy as np
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.cover import in_scope
from skillsmatrix.domain.explanation import explain, next_step
from skillsmatrix.domain.next_steps import Doing, Effect, Place, Weight, doing, first, steps_from, weight
from skillsmatrix.domain.person import Person, is_long
from skillsmatrix.domain.requirement import Cover, Requirement
from skillsmatrix.domain.standing import Holding, Standing, Verdict, standing, supervision_lapses_on
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.engine.columns import Flags, Numbers
from skillsmatrix.engine.days import day_number
from skillsmatrix.engine.image import Image
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.conclusions import current, people_of
from skillsmatrix.queries.state import kept

LOOK_AHEAD_DAYS = 30  # what runs out later can wait for another week
STAYS_DAYS = 7  # nobody is sent anywhere at once who is about to leave, or to be away for long
_ENOUGH = 2  # several lines can wait for the same person: look at twice as many things as are asked for
_MOST_STEPS = 3  # to find somebody and bring them to it


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `person` None: somebody has yet to be found. `by`: the last day in time; None: now.

    `level`: what is asked; `what`: what to do, in words; `because`: where the person stands.
    """

    service: str
    person: str | None
    competency: str
    level: int
    doing: Doing
    standing: Standing | None
    because: str
    what: str
    by: date | None
    weight: Weight


@dataclass(frozen=True, slots=True)
class Week:
    """What to do first; `more`: lines of cover that are short today and on which none of the steps bears."""

    steps: Sequence[Step]
    more: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is short, or will be. `people`: who could fill a place, or will leave one, by number."""

    number: int
    service: str
    row: Requirement
    place: Place
    people: tuple[int, ...] = ()

    @property
    def urgency(self) -> tuple[int, int]:
        return self.place.effect, self.place.missing or self.place.missing_later


@dataclass(frozen=True, slots=True)
class _Bears:
    """One line that a step bears on, and how the person stands at its level."""

    line: _Line
    by: date | None
    doing: Doing
    verdict: Verdict | None = None
    because: str = ""
    what: str = ""


def week(session: Session, services: Reach, *, today: date, most: int) -> Week:
    """What should be done first at these services, no more than `most` things."""
    return kept(session, ("week", services, today, most), lambda: _week(session, services, today, most))


def _week(session: Session, services: Reach, today: date, most: int) -> Week:
    image = current(session)
    pressing, short = _lines(image, services, today, _ENOUGH * most)
    lines = _with_people(image, pressing, today)
    facts = _facts(session, image, lines, today)
    found: dict[tuple[str, str, Doing], list[_Bears]] = {}
    for line in lines:
        for person, bears in facts.gaps(line) if line.place.missing else facts.endings(line):
            whom = person if person is not None else f" {line.service}"  # no staff code begins with a blank
            found.setdefault((whom, line.row.competency, bears.doing), []).append(bears)
    made = [
        (_step(None if whom.startswith(" ") else whom, competency, several), several)
        for (whom, competency, _doing), several in found.items()
    ]
    chosen = first(made, key=lambda each: each[0].weight, most=most)
    said = {bears.line.number for _step, several in chosen for bears in several}
    return Week([step for step, _several in chosen], len(short - said))


def _lines(image: Image, services: Reach, today: date, things: int) -> tuple[list[_Line], set[int]]:
    """Lines of these services that are short today, or in a month when nothing is done: the most pressing,
    as many as so many things to do hang on, and those that press as much; and the numbers of all that are
    short today."""
    lines = image.catalogue.lines
    now, later = image.counts(on=today), image.counts(on=today + timedelta(days=LOOK_AHEAD_DAYS))
    missing, missing_later = now.shortfall, later.shortfall
    seen = np.array([code in services for code in image.catalogue.service_codes], dtype=np.bool_)
    chosen = ((missing > 0) | ((missing_later > 0) & now.shown)) & seen[lines.service]
    found = _most_pressing(lines.hard_stop, missing, missing_later, np.flatnonzero(chosen), things)
    pressing = [
        _Line(
            number,
            image.catalogue.service_codes[lines.service[number]],
            image.catalogue.requirements.rows[lines.row[number]],
            Place(bool(lines.hard_stop[number]), int(missing[number]), int(missing_later[number])),
        )
        for number in found
    ]
    return pressing, set(np.flatnonzero(chosen & (missing > 0)).tolist())


def _most_pressing(
    hard_stop: Flags, missing: Numbers, missing_later: Numbers, chosen: Numbers, things: int
) -> list[int]:
    """Of the chosen lines those that press most, in order: see `_Line.urgency`."""
    short = missing[chosen] > 0
    first = np.where(short, Effect.MAKES_SAFE, Effect.KEEPS_SAFE)
    effect = np.where(hard_stop[chosen], first, np.where(short, Effect.FILLS, Effect.KEEPS))
    amount = np.where(short, missing[chosen], missing_later[chosen])
    order = np.lexsort((amount, effect))
    before = np.cumsum(np.maximum(missing[chosen][order], 1)) >= things
    if before.any():
        last = order[int(np.argmax(before))]
        pressing = (effect < effect[last]) | ((effect == effect[last]) & (amount <= amount[last]))
        order = order[pressing[order]]
    return [int(number) for number in chosen[order]]


def _with_people(image: Image, lines: Iterable[_Line], today: date) -> list[_Line]:
    """The lines, with those who are there and could fill a place, or else will leave one within a month."""
    held, teams = image.columns.held, image.columns.teams
    now, later = image.held_on(today), image.held_on(today + timedelta(days=LOOK_AHEAD_DAYS))
    there = np.flatnonzero(teams.on(day_number(today)))
    found = []
    for line in lines:
        counted = held.person[now[held.line[now] == line.number]]
        if line.place.missing:
            team = image.catalogue.lines.team[line.number]
            people = np.setdiff1d(teams.person[there[teams.team[there] == team]], counted)
        else:
            people = np.setdiff1d(counted, held.person[later[held.line[later] == line.number]])
        found.append(replace(line, people=tuple(people.tolist())))
    return found


def _facts(session: Session, image: Image, lines: Sequence[_Line], today: date) -> "_Facts":
    """What is recorded about the people of these lines and what the lines ask for."""
    ids = {image.people.ids[number] for line in lines for number in line.people}
    codes = {line.row.competency for line in lines}
    codes |= {code for code, each in image.catalogue.competencies.items() if each.superseded_by in codes}
    people = people_of(session, image.catalogue, ids, sorted(codes)) if ids else {}
    by_code = {person.code: person for person in people.values()}
    return _Facts(
        image, Workforce(by_code, image.catalogue.competencies, image.catalogue.requirements), today
    )


class _Facts:
    """The people of some lines: who does not count and could, who counts and soon will not."""

    def __init__(self, image: Image, facts: Workforce, today: date) -> None:
        self._codes = image.people.codes
        self._facts = facts
        self._today = today

    def _scope(self, line: _Line) -> list[tuple[str, Holding, Verdict]]:
        found = []
        for code in sorted(self._codes[number] for number in line.people):
            if in_scope(self._facts.people[code], line.row, line.service, on=self._today):
                facts = self._facts.holding(code, line.row.competency)
                found.append((code, facts, standing(facts, level=line.row.level, on=self._today)))
        return found

    def gaps(self, line: _Line) -> Iterator[tuple[str | None, _Bears]]:
        """As many people as are missing, the nearest first, of those who stay; and a place for which nobody
        is there. Where each person must hold it, whoever goes takes the need along."""
        could = [
            each
            for each in self._scope(line)
            if not each[2].standing.compliant and each[2].standing is not Standing.EXEMPT
        ]
        could.sort(key=lambda each: (steps_from(each[2].standing), each[0]))
        stay = list(islice((each for each in could if self._stays(each[0], line)), line.place.missing))
        for code, facts, verdict in stay:
            because, what = explain(verdict, facts, on=self._today), next_step(verdict, facts, on=self._today)
            yield code, _Bears(line, None, doing(verdict, facts, on=self._today), verdict, because, what)
        if len(stay) < line.place.missing and line.row.cover is not Cover.EACH:
            yield None, _Bears(line, None, Doing.REPLACE)

    def _stays(self, code: str, line: _Line) -> bool:
        """Is the person in scope of the line today and on each of the days to come that are looked at."""
        person = self._facts.people[code]
        days = (self._today + timedelta(days=ahead) for ahead in range(STAYS_DAYS + 1))
        return all(in_scope(person, line.row, line.service, on=day) for day in days)

    def endings(self, line: _Line) -> Iterator[tuple[str | None, _Bears]]:
        """Those who count today and will not in a month."""
        for code, facts, verdict in self._scope(line):
            if verdict.standing.compliant:
                ending = self._ending(self._facts.people[code], facts, verdict, line)
                if ending is not None:
                    yield code, ending

    def _ending(self, person: Person, facts: Holding, verdict: Verdict, line: _Line) -> _Bears | None:
        lapse = supervision_lapses_on(facts, on=self._today)
        leaves = None if line.row.cover is Cover.EACH else _last_day(person, line.service, self._today)
        ends = {
            doing(verdict, facts, on=self._today): verdict.valid_to,
            Doing.SUPERVISE: None if lapse is None else lapse - ONE_DAY,
            Doing.REPLACE: leaves,
        }
        if not self._stays(person.code, line):
            ends = {Doing.REPLACE: leaves}
        soonest = min(((day, kind) for kind, day in ends.items() if day is not None), default=None)
        if soonest is None or soonest[0] > self._today + timedelta(days=LOOK_AHEAD_DAYS):
            return None
        by, kind = soonest
        renews = kind not in (Doing.SUPERVISE, Doing.REPLACE)
        what = next_step(verdict, facts, on=self._today) if renews else ""
        return _Bears(line, by, kind, verdict, explain(verdict, facts, on=self._today), what)


def _last_day(person: Person, service: str, on: date) -> date | None:
    """The last day of the person's posts there, or before a long absence; None: none is planned."""
    ends = [post.ends_on for post in person.posts_in_force(on) if post.service == service]
    last = None if any(end is None for end in ends) else max((end for end in ends if end), default=None)
    away = [each.starts_on - ONE_DAY for each in person.absences if each.starts_on > on and is_long(each)]
    return min((end for end in (last, person.employed_to, *away) if end is not None), default=None)


def _step(person: str | None, competency: str, several: Sequence[_Bears]) -> Step:
    chief = min(several, key=lambda each: (each.line.urgency, each.by or date.min))
    now = chief.line.place.missing > 0
    by = None if now else min(each.by for each in several if each.by is not None)
    return Step(
        service=chief.line.service,
        person=person,
        competency=competency,
        level=chief.line.row.level,
        doing=chief.doing,
        standing=None if chief.verdict is None else chief.verdict.standing,
        because=chief.because,
        what=chief.what,
        by=by,
        weight=weight(
            (each.line.place for each in several),
            by=by,
            steps=_MOST_STEPS if chief.verdict is None else steps_from(chief.verdict.standing),
        ),
    )
