"""One person's conclusions for every day at once: stretches of days in each of which the rules say the same.

Nothing here decides. The functions that answer for one day are asked on the days on which their answer may
change, and equal neighbours become one stretch. Supervision (contract S3) is kept apart, as stretches of its
own: pages that look ahead assume that it goes on (V8), and one session should not rewrite all that a person
holds. For the same reason `valid` and `expiring` are one here, with the last valid day beside them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.competency import Competency, older_ones
from skillsmatrix.domain.compliance import PersonStandings
from skillsmatrix.domain.cover import in_scope
from skillsmatrix.domain.evidence import Evidence
from skillsmatrix.domain.person import Person, Post, is_long
from skillsmatrix.domain.requirement import (
    Asking,
    Requirement,
    Requirements,
    in_induction,
    strength,
    which_ask,
)
from skillsmatrix.domain.standing import (
    Conclusion,
    Holding,
    Standing,
    conclusion,
    holding,
    supervision_lapses_on,
    within_induction,
)
from skillsmatrix.domain.stretches import Stretch, edges, steps, stretches, within
from skillsmatrix.domain.timeline_rows import (
    Covering,
    InPost,
    Instance,
    InTeam,
    Lapsed,
    Required,
    Timeline,
)


class _Present(NamedTuple):
    """Days on which some posts are in force and the person is not away, and the figures it counts in."""

    starts_on: date
    ends_on: date | None
    posts: tuple[Post, ...]
    in_headline: bool
    in_all_in: bool


class _Asked(NamedTuple):
    """Days on which some posts and rows ask for something, `by` number, and the figures it counts in."""

    starts_on: date
    ends_on: date | None
    by: tuple[int, ...]
    in_induction: bool
    in_headline: bool
    in_all_in: bool


# What is known where nothing is recorded: the same of everybody, of any competency and level, on any day.
NOBODY_KNOWN = Holding("", Evidence(Competency("")))
NOTHING_SHOWN = ((date.min, None, conclusion(NOBODY_KNOWN, level=1, on=date.min)),)
J = TypeVar("J", Instance, Lapsed)
S = TypeVar("S")


class Timelines:
    """Makes timelines under one catalogue: the competencies, the requirement rows and the services."""

    def __init__(self, competencies: Mapping[str, Competency], requirements: Requirements) -> None:
        self.competencies = competencies
        self.requirements = requirements
        self._replaced_by = older_ones(competencies.values())
        self._depend_on = {
            code: frozenset({code} if each.superseded_by is None else {code, each.superseded_by})
            for code, each in competencies.items()
        }
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

    def with_evidence(self, person: Person) -> frozenset[str]:
        """The competencies about which anything is recorded that they could ever be held by, or be exempt
        from: evidence for a competency bears on its successor as well."""
        shown = {*person.completions, *person.sign_offs}
        bears_on = [self._depend_on[code] for code in shown if code in self._depend_on]
        return frozenset(person.exemptions).union(*bears_on)

    def replaced_by(self, competency: str) -> frozenset[str]:
        """The older competencies that this one has replaced, whose evidence can stand in for it."""
        return frozenset(self._replaced_by.get(competency, ()))

    def depend_on(self, competency: str) -> frozenset[str]:
        """The competencies whose standings evidence for this one can change: itself and its successor."""
        return self._depend_on[competency]


class _OnePerson:
    """One person's timeline in the making; what several rows need is worked out once."""

    def __init__(self, timelines: Timelines, person: Person, competencies: Collection[str] | None) -> None:
        self.timelines = timelines
        self.person = person
        self.services = sorted({post.service for post in person.posts})
        shown = timelines.with_evidence(person)
        self.shown = shown if competencies is None else shown.intersection(competencies)
        self.unwanted = (
            frozenset() if competencies is None else timelines.competencies.keys() - set(competencies)
        )
        self._holdings: dict[str, tuple[Holding, frozenset[date]]] = {}
        self._known: dict[tuple[str, int], list[Stretch[Conclusion]]] = {}

    def timeline(self) -> Timeline:
        teams = {service: list(self._teams(service)) for service in self.services}
        rows = {service: self._rows(service) for service in self.services}
        asked = sorted({row.competency for service in self.services for row in rows[service]})
        posts = tuple(each for service in self.services for each in self._posts(service))
        return Timeline(
            posts=posts,
            teams=tuple(each for service in self.services for each in teams[service]),
            covering=tuple(
                each for service in self.services for each in self._covering(rows[service], teams[service])
            ),
            required=tuple(self._required(sorted({each.service for each in posts}))),
            lapsed=tuple(each for competency in asked for each in self._lapsed(competency)),
        )

    def _days_in_post(self, service: str | None) -> set[date]:
        days = edges(self.person.employed_from, self.person.employed_to)
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

    def _rows(self, service: str) -> list[Requirement]:
        """The rows that apply to a post there, for what is wanted and something is recorded about."""
        rows = {
            row.code: row
            for post in self.person.posts
            if post.service == service
            for row in self.timelines.requirements.of_post(post)
            if row.competency in self.shown
        }
        return [rows[code] for code in sorted(rows)]

    def _covering(self, rows: Iterable[Requirement], teams: Iterable[InTeam]) -> Iterator[Covering]:
        """For each row: the days in its team at a service that are exempt or covered.

        The row's own days, and the service's, are left to whoever asks: a line that is not in force that
        day is not shown.
        """
        for row in rows:
            known = self._known_at(row.competency, row.level)
            for team in teams:
                if team.role == row.role:
                    for first, last, state in within(team.starts_on, team.ends_on, known):
                        exempt = state.standing is Standing.EXEMPT
                        if exempt or state.standing.compliant:
                            valid_to = None if exempt else state.valid_to
                            yield Covering(
                                first, last, row.competency, row.code, team.service, exempt, valid_to
                            )

    def _required(self, services: Sequence[str]) -> Iterator[Required]:
        """By all posts and by those at each service; where there is one service only, the two are one."""
        alone = len(services) == 1
        for scope in services if alone else (None, *services):
            for competency, level, hard_stop, found in self._required_in(scope):
                yield Required(competency, scope, alone or scope is None, level, hard_stop, found)

    def _required_in(self, scope: str | None) -> Iterator[tuple[str, int, bool, Sequence[Instance]]]:
        """What the posts at the service ask for, or all posts: by one row of one post, then by several."""
        present = self._presence(scope)
        posts = [post for post in self.person.posts if scope in (None, post.service)]
        several = self._asked_by_several(posts)
        left_out = several.keys() | self.unwanted
        for post in posts:
            service = self.timelines.requirements.services[post.service]
            for alike in self.timelines.requirements.asked_in(post).alike:
                rows = [row for row in alike if row.competency not in left_out]
                if rows:
                    asked = _asked_by([Asking(post, rows[0], service)], present)
                    unshown = self._instances("", 0, asked)
                    for row in rows:
                        shown = row.competency in self.shown
                        found = self._instances(row.competency, row.level, asked) if shown else unshown
                        yield row.competency, row.level, row.hard_stop, found
        for competency in sorted(several.keys() - self.unwanted):
            yield from self._by_strength(competency, several[competency], present)

    def _asked_by_several(self, posts: Sequence[Post]) -> dict[str, list[Asking]]:
        """The competencies that several posts ask for, or several rows of one post, and by which."""
        once: set[str] = set()
        several: set[str] = set()
        requirements = self.timelines.requirements
        for asked in map(requirements.asked_in, posts):
            several |= asked.by_several | (once & asked.competencies)
            once |= asked.competencies
        asking: dict[str, list[Asking]] = {}
        for post in posts if several else ():
            for row in requirements.of_everybody_in(post):
                if row.competency in several:
                    each = Asking(post, row, requirements.services[post.service])
                    asking.setdefault(row.competency, []).append(each)
        return asking

    def _presence(self, scope: str | None) -> list[_Present]:
        """When posts at the service are in force, or any posts where it is None."""
        found = steps(self._days_in_post(scope) | self._away_days(), lambda on: self._present_on(on, scope))
        return [_Present(first, last, *state) for first, last, state in stretches(found) if state[0]]

    def _present_on(self, on: date, scope: str | None) -> tuple[tuple[Post, ...], bool, bool]:
        if self.person.out_of_scope(on):
            return (), False, False
        posts = tuple(post for post in self.person.posts_in_force(on) if scope in (None, post.service))
        counted = PersonStandings(self.person.code, frozenset(post.basis for post in posts), ())
        return posts, counted.in_headline, counted.in_all_in

    def _by_strength(
        self, competency: str, asking: Sequence[Asking], present: list[_Present]
    ) -> Iterator[tuple[str, int, bool, Sequence[Instance]]]:
        """What several ask for, by the level and hard stop that they come to together (R4)."""
        parts: dict[tuple[int, bool], list[_Asked]] = {}
        for each in _asked_by(asking, present):
            by = strength([asking[number].requirement for number in each.by])
            parts.setdefault(by, []).append(each)
        for (level, hard_stop), part in parts.items():
            yield competency, level, hard_stop, self._instances(competency, level, part)

    def _instances(self, competency: str, level: int, found: Iterable[_Asked]) -> list[Instance]:
        known = self._known_at(competency, level)
        instances = []
        for asked in found:
            for first, last, state in within(asked.starts_on, asked.ends_on, known):
                what = within_induction(state) if asked.in_induction else state
                instances.append(Instance(first, last, *what, asked.in_headline, asked.in_all_in))
        return _joined(instances)

    def _known_at(self, competency: str, level: int) -> Sequence[Stretch[Conclusion]]:
        if competency not in self.shown:
            return NOTHING_SHOWN
        key = (competency, level)
        if key not in self._known:
            facts, days = self._facts(competency)
            self._known[key] = list(stretches(steps(days, lambda on: conclusion(facts, level=level, on=on))))
        return self._known[key]

    def _facts(self, competency: str) -> tuple[Holding, frozenset[date]]:
        if competency not in self._holdings:
            facts = self.timelines.holding(self.person, competency, supervised=False)
            self._holdings[competency] = facts, _holding_days(facts)
        return self._holdings[competency]

    def _lapsed(self, competency: str) -> Iterator[Lapsed]:
        """Between two of the days the lapse stays where it is: no session, no evidence comes or goes."""
        if self.timelines.competencies[competency].supervision_lapse_days is None:
            return
        facts = self.timelines.holding(self.person, competency, supervised=True)
        days = {*facts.evidence.change_days(), *facts.sessions}
        found = steps(days, lambda on: supervision_lapses_on(facts, on=on))
        lapsed: list[Lapsed] = []
        for first, last, lapse in stretches(found):
            if lapse is not None and (last is None or lapse <= last):
                lapsed.append(Lapsed(max(first, lapse), last, competency))
        yield from _joined(lapsed)


def _holding_days(facts: Holding) -> frozenset[date]:
    """The days on which a standing may differ from the day before, supervision and expiring aside."""
    days = set(facts.evidence.change_days())
    for period in (*facts.exemptions, *facts.suspensions, *facts.registrations):
        days |= edges(period.starts_on, period.ends_on)
    for older in facts.older:
        days |= older.change_days()
        days |= edges(older.competency.superseded_on, None)
    return frozenset(days)


def _asked_by(asking: Sequence[Asking], presence: Iterable[_Present]) -> list[_Asked]:
    """When the posts and rows ask."""
    days = {day for each in asking for day in _asking_days(each)}
    return [
        _Asked(first, last, *state, present.in_headline, present.in_all_in)
        for present in presence
        for first, last, state in _between(present, days, lambda on, posts: _asked_on(asking, posts, on))
        if state[0]
    ]


def _between(
    present: _Present, days: Iterable[date], state_on: Callable[[date, tuple[Post, ...]], S]
) -> Iterator[Stretch[S]]:
    """What is asked between two days, given that it changes on no others than these."""
    first, last = present.starts_on, present.ends_on
    turning = [day for day in days if first < day and (last is None or day <= last)]
    starts = [first, *sorted(turning)]
    ends = [*(day - ONE_DAY for day in starts[1:]), last]
    for starts_on, ends_on in zip(starts, ends, strict=True):
        yield starts_on, ends_on, state_on(starts_on, present.posts)


def _asked_on(asking: Sequence[Asking], posts: tuple[Post, ...], on: date) -> tuple[tuple[int, ...], bool]:
    by = which_ask(asking, posts, on=on)
    return by, in_induction([asking[number] for number in by], on=on)


def _asking_days(asking: Asking) -> list[date]:
    """The days on which it may ask otherwise than the day before, the first day of the post aside."""
    row, service = asking.requirement, asking.service
    days = [row.in_force_from]
    if row.in_force_to is not None or service.opens_on is not None or service.closes_on is not None:
        days += edges(None, row.in_force_to) | edges(service.opens_on, service.closes_on)
    if row.induction_days:
        days += edges(None, asking.post.starts_on + timedelta(days=row.induction_days))
    return days


def _joined(found: Iterable[J]) -> list[J]:
    """Neighbours that say the same become one stretch."""
    joined: list[J] = []
    for each in found:
        last = joined[-1] if joined else None
        if last is not None and last[2:] == each[2:] and last.ends_on == each.starts_on - ONE_DAY:
            joined[-1] = last._replace(ends_on=each.ends_on)
        else:
            joined.append(each)
    return joined
