"""One person's conclusions for every day at once: stretches of days in each of which the rules say the same.

Nothing here decides. The functions that answer for one day are asked on the days on which their answer may
change, and equal neighbours become one stretch. Supervision (contract S3) is kept apart, as stretches of its
own: pages that look ahead assume that it goes on (V8), and one session should not rewrite all that a person
holds. For the same reason `valid` and `expiring` are one here, with the last valid day beside them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from skillsmatrix.domain.calendar import ONE_DAY, cut
from skillsmatrix.domain.competency import Competency, older_ones
from skillsmatrix.domain.compliance import PersonStandings
from skillsmatrix.domain.cover import in_team
from skillsmatrix.domain.evidence import Evidence
from skillsmatrix.domain.person import Person, Post, is_long
from skillsmatrix.domain.requirement import (
    Asking,
    Requirement,
    Requirements,
    Wanted,
    in_induction,
    strength,
    which_ask,
)
from skillsmatrix.domain.standing import (
    Conclusion,
    Holding,
    Standing,
    conclusion,
    countable,
    holding,
    within_induction,
)
from skillsmatrix.domain.stretches import Steps, Stretch, edges, seen_as, steps, stretches, within
from skillsmatrix.domain.supervision import lapses
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


_AtWork = tuple[tuple[Post, ...], bool]  # posts in force, and away for long
# What is known where nothing is recorded: the same of everybody, of any competency and level, on any day.
NOBODY_KNOWN = Holding("", Evidence(Competency("")))
NOTHING_SHOWN = ((date.min, None, conclusion(NOBODY_KNOWN, level=1, on=date.min)),)


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

    def holding(self, person: Person, competency: str) -> Holding:
        """What is recorded about the pair, without the rule on supervision."""
        rules = self._without_supervision[competency]
        return holding(person, rules, self._replaced_by.get(competency, {}))

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
        self.at_work = self._at_work()
        self._holdings: dict[str, tuple[Holding, set[date]]] = {}
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

    def _at_work(self) -> Steps[_AtWork]:
        """Which posts are in force from day to day (R1), and whether the person is away for long (R5)."""
        person = self.person
        days = edges(person.employed_from, person.employed_to)
        for post in person.posts:
            days |= edges(post.starts_on, post.ends_on)
        for absence in person.absences:
            if is_long(absence):
                days |= edges(absence.starts_on, absence.ends_on)
        return steps(days, lambda on: (person.posts_in_force(on), person.out_of_scope(on)))

    def _posts(self, service: str) -> Iterator[InPost]:
        found = seen_as(self.at_work, lambda now: any(post.service == service for post in now[0]))
        return (InPost(first, last, service) for first, last, held in stretches(found) if held)

    def _teams(self, service: str) -> Iterator[InTeam]:
        roles = {post.role for post in self.person.posts if post.service == service}
        for role in (None, *sorted(roles)):

            def counts(now: _AtWork, role: str | None = role) -> bool:
                posts, away = now
                return not away and in_team(posts, service, role)

            for first, last, counted in stretches(seen_as(self.at_work, counts)):
                if counted:
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
            told = [
                each for each in known if each[2].standing is Standing.EXEMPT or each[2].standing.compliant
            ]
            for team in teams:
                if team.role == row.role:
                    for first, last, state in within(team.starts_on, team.ends_on, told):
                        exempt = state.standing is Standing.EXEMPT
                        valid_to = None if exempt else state.valid_to
                        yield Covering(first, last, row.competency, row.code, team.service, exempt, valid_to)

    def _required(self, services: Sequence[str]) -> Iterator[Required]:
        """By all posts and by those at each service; where there is one service only, the two are one."""
        alone = len(services) == 1
        for scope in services if alone else (None, *services):
            for wanted, asked in self._asked_in(scope):
                for each, found in self._by_what_is_known(wanted, asked):
                    yield Required(each, scope, alone or scope is None, found)

    def _asked_in(self, scope: str | None) -> Iterator[tuple[Sequence[Wanted], Sequence[_Asked]]]:
        """What the posts at the service ask for, or all posts: by one row of one post, then by several."""
        present = self._presence(scope)
        posts = [post for post in self.person.posts if scope in (None, post.service)]
        several = self._asked_by_several(posts)
        left_out = several.keys() | self.unwanted
        for post in posts:
            service = self.timelines.requirements.services[post.service]
            for row, alike in self.timelines.requirements.asked_in(post).alike:
                wanted = [each for each in alike if each.competency not in left_out]
                if wanted:
                    yield wanted, _asked_by([Asking(post, row, service)], present)
        yield from _by_strength(several, present)

    def _by_what_is_known(
        self, wanted: Sequence[Wanted], asked: Sequence[_Asked]
    ) -> Iterator[tuple[Sequence[Wanted], Sequence[Instance]]]:
        """All of which nothing is recorded have the same instances; the others their own."""
        unshown = [each for each in wanted if each.competency not in self.shown]
        if unshown:
            yield unshown, _instances(asked, NOTHING_SHOWN)
        for each in wanted:
            if each.competency in self.shown:
                yield (each,), _instances(asked, self._known_at(each.competency, each.level))

    def _asked_by_several(self, posts: Sequence[Post]) -> dict[str, list[Asking]]:
        """The competencies that several posts ask for, or several rows of one post, and by which."""
        once: set[str] = set()
        several: set[str] = set()
        requirements = self.timelines.requirements
        for asked in map(requirements.asked_in, posts):
            several |= asked.by_several | (once & asked.competencies)
            once |= asked.competencies
        several -= self.unwanted
        asking: dict[str, list[Asking]] = {}
        for post in posts if several else ():
            for row in requirements.of_everybody_in(post):
                if row.competency in several:
                    each = Asking(post, row, requirements.services[post.service])
                    asking.setdefault(row.competency, []).append(each)
        return asking

    def _presence(self, scope: str | None) -> list[_Present]:
        """When posts at the service are in force, or any posts where it is None."""

        def posts(now: _AtWork) -> tuple[Post, ...]:
            in_force, away = now
            return () if away else tuple([post for post in in_force if scope in (None, post.service)])

        present = []
        for first, last, found in stretches(seen_as(self.at_work, posts)):
            if found:
                counted = PersonStandings(self.person.code, frozenset(post.basis for post in found), ())
                present.append(_Present(first, last, found, counted.in_headline, counted.in_all_in))
        return present

    def _known_at(self, competency: str, level: int) -> Sequence[Stretch[Conclusion]]:
        key = (competency, level)
        if key not in self._known:
            facts, days = self._facts(competency)
            self._known[key] = list(stretches(steps(days, lambda on: conclusion(facts, level=level, on=on))))
        return self._known[key]

    def _facts(self, competency: str) -> tuple[Holding, set[date]]:
        if competency not in self._holdings:
            facts = self.timelines.holding(self.person, competency)
            self._holdings[competency] = facts, _holding_days(facts)
        return self._holdings[competency]

    def _lapsed(self, competency: str) -> Iterator[Lapsed]:
        rules = self.timelines.competencies[competency]
        if rules.supervision_kind is None or rules.supervision_lapse_days is None:
            return
        sessions = countable(self.person, rules)
        for run in self._facts(competency)[0].evidence.runs():
            for each in lapses(run, sessions, rules.supervision_lapse_days, self.person.absences):
                yield Lapsed(each.starts_on, each.ends_on, competency)


def _holding_days(facts: Holding) -> set[date]:
    """The days on which a standing may differ from the day before, supervision and expiring aside."""
    days = facts.evidence.change_days()
    for period in (*facts.exemptions, *facts.suspensions, *facts.registrations):
        days |= edges(period.starts_on, period.ends_on)
    for older in facts.older:
        days |= older.change_days() | edges(older.competency.superseded_on, None)
    return days


def _by_strength(
    several: Mapping[str, Sequence[Asking]], present: Sequence[_Present]
) -> Iterator[tuple[Sequence[Wanted], Sequence[_Asked]]]:
    """What several ask for, by the level and hard stop that they come to together (R4)."""
    known: dict[tuple[object, ...], list[_Asked]] = {}
    for competency, asking in several.items():
        when = tuple([(id(each.post), each.requirement.when) for each in asking])
        if when not in known:
            known[when] = _asked_by(asking, present)
        parts: dict[tuple[int, bool], list[_Asked]] = {}
        for each in known[when]:
            by = strength([asking[number].requirement for number in each.by])
            parts.setdefault(by, []).append(each)
        for (level, hard_stop), part in parts.items():
            yield (Wanted(competency, level, hard_stop),), part


def _instances(found: Iterable[_Asked], known: Sequence[Stretch[Conclusion]]) -> list[Instance]:
    """The days on which it is asked, with what is known on each; neighbours that say the same are one."""
    instances: list[Instance] = []
    for starts_on, ends_on, _by, in_window, in_headline, in_all_in in found:
        for first, last, state in within(starts_on, ends_on, known):
            what = within_induction(state) if in_window else state
            each = Instance(first, last, *what, in_headline, in_all_in)
            before = instances[-1] if instances else None
            if before is not None and before[2:] == each[2:] and before.ends_on == first - ONE_DAY:
                instances[-1] = before._replace(ends_on=last)
            else:
                instances.append(each)
    return instances


def _asked_by(asking: Sequence[Asking], presence: Iterable[_Present]) -> list[_Asked]:
    """When the posts and rows ask."""
    days = {day for each in asking for day in _asking_days(each)}
    asked = []
    for starts_on, ends_on, posts, in_headline, in_all_in in presence:
        for first, last in cut(starts_on, ends_on, days):
            by = which_ask(asking, posts, on=first)
            if by:
                in_window = in_induction([asking[number] for number in by], on=first)
                asked.append(_Asked(first, last, by, in_window, in_headline, in_all_in))
    return asked


def _asking_days(asking: Asking) -> list[date]:
    """The days on which it may ask otherwise than the day before, the first day of the post aside."""
    row, service = asking.requirement, asking.service
    days = [row.in_force_from]
    if row.in_force_to is not None or service.opens_on is not None or service.closes_on is not None:
        days += edges(None, row.in_force_to) | edges(service.opens_on, service.closes_on)
    if row.induction_days:
        days += edges(None, asking.post.starts_on + timedelta(days=row.induction_days))
    return days
