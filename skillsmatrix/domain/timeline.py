"""One person's conclusions for every day at once: stretches of days in each of which the rules say the same.

Nothing here decides. The functions that answer for one day are asked on the days on which their answer may
change, and equal neighbours become one stretch. Supervision (contract S3) is kept apart, as stretches of its
own: pages that look ahead assume that it goes on (V8), and one session should not rewrite all that a person
holds. For the same reason `valid` and `expiring` are one here, with the last valid day beside them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.competency import Competency, older_ones
from skillsmatrix.domain.compliance import PersonStandings
from skillsmatrix.domain.cover import in_scope
from skillsmatrix.domain.evidence import Evidence
from skillsmatrix.domain.person import Person, is_long
from skillsmatrix.domain.requirement import Asking, Requirement, Requirements, asked_of, instance
from skillsmatrix.domain.standing import Holding, Standing, holding, standing, supervision_lapses_on
from skillsmatrix.domain.stretches import Steps, edges, steps, stretches, within


class InPost(NamedTuple):
    """The person holds a post at the service (R1), away or not."""

    starts_on: date
    ends_on: date | None
    service: str


class InTeam(NamedTuple):
    """The person counts in the team of rows for this role, None: rows for any role (V1)."""

    starts_on: date
    ends_on: date | None
    service: str
    role: str | None


class Covering(NamedTuple):
    """In scope of one row at one service, and either exempt from it or holding it up to `valid_to`."""

    starts_on: date
    ends_on: date | None
    competency: str
    requirement: str
    service: str
    exempt: bool
    valid_to: date | None


class Required(NamedTuple):
    """A requirement instance: `service` None counts all posts, else those at that service alone.

    `standing` is never `expiring`, and leaves supervision aside. `valid_to` means something only where
    `satisfied`, and None is then without end.
    """

    starts_on: date
    ends_on: date | None
    competency: str
    service: str | None
    level: int
    hard_stop: bool
    standing: Standing
    satisfied: bool
    valid_to: date | None
    in_headline: bool
    in_all_in: bool


class Lapsed(NamedTuple):
    """Supervision has lapsed for whatever the person holds of this competency (S3)."""

    starts_on: date
    ends_on: date | None
    competency: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All of it for one person, or for some of the competencies."""

    posts: tuple[InPost, ...]
    teams: tuple[InTeam, ...]
    covering: tuple[Covering, ...]
    required: tuple[Required, ...]
    lapsed: tuple[Lapsed, ...]


class _Known(NamedTuple):
    """The verdict on one level, whoever asks for it."""

    standing: Standing
    satisfied: bool
    valid_to: date | None


class _Asked(NamedTuple):
    """What the posts of a person ask for, and in which figures it counts."""

    level: int
    hard_stop: bool
    in_induction: bool
    in_headline: bool
    in_all_in: bool


class Timelines:
    """Makes timelines under one catalogue: the competencies, the requirement rows and the services."""

    def __init__(self, competencies: Mapping[str, Competency], requirements: Requirements) -> None:
        self.competencies = competencies
        self.requirements = requirements
        self._replaced_by = older_ones(competencies.values())
        self._without_evidence: dict[tuple[str, int, bool], Steps[_Known]] = {}
        self._without_supervision = {
            code: replace(each, supervision_kind=None, supervision_lapse_days=None)
            for code, each in competencies.items()
        }

    def of(self, person: Person, competencies: Collection[str] | None = None) -> Timeline:
        """The timeline of one person; `competencies` keeps to those, None is all of them."""
        return _OnePerson(self, person, competencies).timeline()

    def holding(self, person: Person, competency: str, *, supervised: bool) -> Holding:
        """What is recorded about the pair, with or without the rule on supervision."""
        rules = self.competencies if supervised else self._without_supervision
        return holding(person, rules[competency], self._replaced_by.get(competency, {}))

    def has_evidence(self, person: Person, competency: str) -> bool:
        """Is anything recorded that the pair could ever be held by, or be exempt from."""
        codes = (competency, *self._replaced_by.get(competency, ()))
        return competency in person.exemptions or any(
            code in person.completions or code in person.sign_offs for code in codes
        )

    def without_evidence(self, competency: str, level: int, *, in_induction: bool) -> Steps[_Known]:
        """What is known of everybody of whom nothing is recorded: the same on every day."""
        key = (competency, level, in_induction)
        if key not in self._without_evidence:
            facts = Holding("", Evidence(self.competencies[competency]))
            self._without_evidence[key] = [(date.min, _known_on(facts, level, date.min, in_induction))]
        return self._without_evidence[key]

    def replaced_by(self, competency: str) -> frozenset[str]:
        """The older competencies that this one has replaced, whose evidence can stand in for it."""
        return frozenset(self._replaced_by.get(competency, ()))

    def depend_on(self, competency: str) -> frozenset[str]:
        """The competencies whose standings evidence for this one can change: itself and its successor."""
        successor = self.competencies[competency].superseded_by
        return frozenset({competency} if successor is None else {competency, successor})


class _OnePerson:
    """One person's timeline in the making; what several rows need is worked out once."""

    def __init__(self, timelines: Timelines, person: Person, competencies: Collection[str] | None) -> None:
        self.timelines = timelines
        self.person = person
        self.wanted = competencies
        self._holdings: dict[str, tuple[Holding, frozenset[date]]] = {}
        self._known: dict[tuple[str, int, bool], Steps[_Known]] = {}
        self._asked: dict[tuple[object, ...], Steps[_Asked | None]] = {}

    def timeline(self) -> Timeline:
        services = sorted({post.service for post in self.person.posts})
        teams = tuple(each for service in services for each in self._teams(service))
        covering = tuple(each for service in services for each in self._covering(service, teams))
        required = tuple(self._required(None))
        if len(services) == 1:
            required += tuple(each._replace(service=services[0]) for each in required)
        else:
            required += tuple(each for service in services for each in self._required(service))
        asked = {
            row.competency
            for post in self.person.posts
            for row in self.timelines.requirements.of_post(post)
            if self._is_wanted(row.competency)
        }
        lapsed = tuple(each for competency in sorted(asked) for each in self._lapsed(competency))
        posts = tuple(each for service in services for each in self._posts(service))
        return Timeline(posts, teams, covering, required, lapsed)

    def _is_wanted(self, competency: str) -> bool:
        return self.wanted is None or competency in self.wanted

    def _has_evidence(self, competency: str) -> bool:
        return self.timelines.has_evidence(self.person, competency)

    def _employment_days(self) -> set[date]:
        return edges(self.person.employed_from, self.person.employed_to)

    def _days_in_post(self, service: str | None) -> set[date]:
        days = self._employment_days()
        for post in self.person.posts:
            if service in (None, post.service):
                days |= edges(post.starts_on, post.ends_on)
        return days

    def _away_days(self) -> set[date]:
        days: set[date] = set()
        for absence in self.person.absences:
            if is_long(absence):
                days |= edges(absence.starts_on, absence.ends_on)
        return days

    def _posts(self, service: str) -> Iterator[InPost]:
        found = steps(
            self._days_in_post(service),
            lambda on: any(post.service == service for post in self.person.posts_in_force(on)),
        )
        return (InPost(first, last, service) for first, last, held in stretches(found) if held)

    def _teams(self, service: str) -> Iterator[InTeam]:
        roles = {post.role for post in self.person.posts if post.service == service}
        days = self._days_in_post(service) | self._away_days()
        for role in (None, *sorted(roles)):
            row = Requirement(code="", competency="", in_force_from=date.min, service=service, role=role)
            found = steps(days, lambda on, row=row: in_scope(self.person, row, service, on=on))  # type: ignore[misc]
            for first, last, counts in stretches(found):
                if counts:
                    yield InTeam(first, last, service, role)

    def _covering(self, service: str, teams: Iterable[InTeam]) -> Iterator[Covering]:
        """For each row that applies to a post there: the days in its team that are exempt or covered.

        The row's own days, and the service's, are left to whoever asks: a line that is not in force that
        day is not shown.
        """
        here = [team for team in teams if team.service == service]
        for row in self._rows(service):
            if self._is_wanted(row.competency) and self._has_evidence(row.competency):
                known = self._known_at(row.competency, row.level, in_induction=False)
                for team in here:
                    if team.role == row.role:
                        for first, last, state in within(team.starts_on, team.ends_on, known):
                            exempt = state.standing is Standing.EXEMPT
                            if exempt or state.standing.compliant:
                                valid_to = None if exempt else state.valid_to
                                yield Covering(
                                    first, last, row.competency, row.code, service, exempt, valid_to
                                )

    def _rows(self, service: str) -> list[Requirement]:
        rows = {
            row.code: row
            for post in self.person.posts
            if post.service == service
            for row in self.timelines.requirements.of_post(post)
        }
        return [rows[code] for code in sorted(rows)]

    def _required(self, scope: str | None) -> Iterator[Required]:
        asked = asked_of(self.person, self.timelines.requirements, service=scope)
        for competency, asking in asked.items():
            if self._is_wanted(competency):
                yield from _joined(self._instances(competency, scope, asking))

    def _instances(
        self, competency: str, scope: str | None, asking: tuple[Asking, ...]
    ) -> Iterator[Required]:
        for starts_on, ends_on, asked in stretches(self._asked_by(asking, scope)):
            if asked is not None:
                known = self._known_at(competency, asked.level, in_induction=asked.in_induction)
                for first, last, state in within(starts_on, ends_on, known):
                    yield Required(
                        first,
                        last,
                        competency,
                        scope,
                        asked.level,
                        asked.hard_stop,
                        state.standing,
                        state.satisfied,
                        state.valid_to,
                        asked.in_headline,
                        asked.in_all_in,
                    )

    def _asked_by(self, asking: tuple[Asking, ...], scope: str | None) -> Steps[_Asked | None]:
        """What the posts ask for on each day; rows that ask alike are worked out once."""
        key = (scope, *((id(each.post), _terms(each.requirement)) for each in asking))
        if key not in self._asked:
            days = self._days_in_post(scope) | self._away_days()
            for each in asking:
                days |= _asking_days(each)
            self._asked[key] = steps(days, lambda on: self._asked_on(on, asking, scope))
        return self._asked[key]

    def _asked_on(self, on: date, asking: tuple[Asking, ...], scope: str | None) -> _Asked | None:
        found = instance(self.person, asking, on=on)
        if found is None:
            return None
        posts = self.person.posts_in_force(on)
        bases = frozenset(post.basis for post in posts if scope in (None, post.service))
        counted = PersonStandings(self.person.code, bases, ())
        return _Asked(
            found.level, found.hard_stop, found.in_induction, counted.in_headline, counted.in_all_in
        )

    def _known_at(self, competency: str, level: int, *, in_induction: bool) -> Steps[_Known]:
        key = (competency, level, in_induction)
        if key not in self._known:
            if self._has_evidence(competency):
                facts, days = self._facts(competency)
                found = steps(days, lambda on: _known_on(facts, level, on, in_induction))
            else:
                found = self.timelines.without_evidence(competency, level, in_induction=in_induction)
            self._known[key] = found
        return self._known[key]

    def _facts(self, competency: str) -> tuple[Holding, frozenset[date]]:
        if competency not in self._holdings:
            facts = self.timelines.holding(self.person, competency, supervised=False)
            self._holdings[competency] = facts, _holding_days(facts)
        return self._holdings[competency]

    def _lapsed(self, competency: str) -> Iterator[Lapsed]:
        rules = self.timelines.competencies[competency]
        if rules.supervision_lapse_days is None or not self._has_evidence(competency):
            return
        facts = self.timelines.holding(self.person, competency, supervised=True)
        days = {*facts.evidence.change_days(), *facts.sessions}
        days |= {lapse for on in days if (lapse := supervision_lapses_on(facts, on=on)) is not None}
        found = steps(days, lambda on: _has_lapsed(facts, on))
        for first, last, lapsed in stretches(found):
            if lapsed:
                yield Lapsed(first, last, competency)


def _has_lapsed(facts: Holding, on: date) -> bool:
    lapse = supervision_lapses_on(facts, on=on)
    return lapse is not None and lapse <= on


def _known_on(facts: Holding, level: int, on: date, in_induction: bool) -> _Known:
    verdict = standing(facts, level=level, on=on, in_induction=in_induction)
    found = Standing.VALID if verdict.standing is Standing.EXPIRING else verdict.standing
    return _Known(found, verdict.satisfied, verdict.valid_to)


def _holding_days(facts: Holding) -> frozenset[date]:
    """The days on which a standing may differ from the day before, supervision and expiring aside."""
    days = set(facts.evidence.change_days())
    for period in (*facts.exemptions, *facts.suspensions, *facts.registrations):
        days |= edges(period.starts_on, period.ends_on)
    for older in facts.older:
        days |= older.change_days()
        days |= edges(older.competency.superseded_on, None)
    return frozenset(days)


def _asking_days(asking: Asking) -> set[date]:
    row, service, post = asking.requirement, asking.service, asking.post
    days = edges(row.in_force_from, row.in_force_to) | edges(service.opens_on, service.closes_on)
    if row.induction_days:
        days |= edges(None, post.starts_on + timedelta(days=row.induction_days))
    return days


def _terms(row: Requirement) -> tuple[object, ...]:
    """All of a row that bears on what it asks of a post, besides the competency."""
    return row.in_force_from, row.in_force_to, row.level, row.hard_stop, row.induction_days


def _joined(found: Iterable[Required]) -> Iterator[Required]:
    """Neighbours that say the same become one stretch."""
    last: Required | None = None
    for each in found:
        if last is not None and last.ends_on == each.starts_on - ONE_DAY and last[2:] == each[2:]:
            last = last._replace(ends_on=each.ends_on)
        else:
            if last is not None:
                yield last
            last = each
    if last is not None:
        yield last
