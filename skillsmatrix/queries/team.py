"""One service on a day: its people, what each must hold, and how every line of its cover is met."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.compliance import Compliance, PersonStandings, compliance
from skillsmatrix.domain.cover import Candidate, CoverLine, cover_line, in_scope
from skillsmatrix.domain.explanation import explain, next_step
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.requirement import Instance, Requirement, instances
from skillsmatrix.domain.standing import (
    Conclusion,
    Holding,
    Standing,
    Verdict,
    conclusion,
    expiring_told,
    standing,
    within_induction,
)
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.models import Post, Service, Staff
from skillsmatrix.queries.ahead import looking_ahead
from skillsmatrix.queries.known_people import workforce_now
from skillsmatrix.queries.labels import names, role_names
from skillsmatrix.queries.losses import LOOK_BACK_DAYS, LostBy, asks_a_number
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.queries.state import kept
from skillsmatrix.queries.tables import StoredTables
from skillsmatrix.queries.workforce import workforce


@dataclass(frozen=True, slots=True)
class Loss:
    """One person who counted for a line lately and no longer does. `last_day`: the last on which they did."""

    person: str
    by: LostBy
    last_day: date


@dataclass(frozen=True, slots=True)
class Placing:
    """One person in scope of a line: where they stand at its level, why, and what would change it."""

    person: str
    verdict: Verdict
    because: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person with a post in force at the service. `roles`, `bases`: of the posts here."""

    code: str
    name: str
    roles: tuple[str, ...]
    bases: tuple[str, ...]
    away: bool


@dataclass(frozen=True, slots=True)
class TeamCell:
    """One person and one competency at a level. `asked`: what is required of the person; None: of the team
    only. What lies behind it: `Team.verdict_of`."""

    person: str
    competency: str
    level: int
    found: Conclusion
    asked: Instance | None

    @property
    def standing(self) -> Standing:
        return self.found.standing

    @property
    def hard_stop(self) -> bool:
        return self.asked is not None and self.asked.hard_stop


class Team:
    """The people of one service with their facts; answers are worked out when asked, and once."""

    def __init__(
        self,
        entry: ServiceEntry,
        facts: Workforce,
        names: Mapping[str, str],
        roles: Mapping[str, str],
        *,
        on: date,
        today: date,
    ) -> None:
        self._today = today
        self.service = entry.code
        self.service_name = entry.name
        self.facts = facts
        self.on = on
        self.people = facts.team(entry.code, on=on)
        self._names = names
        self._roles = roles
        self._holdings: dict[tuple[str, str], Holding] = {}
        self._conclusions: dict[tuple[str, str, int], Conclusion] = {}
        self._missing: dict[Requirement, list[Placing]] = {}
        self._losses: dict[Requirement, list[Loss]] = {}
        self._scopes: dict[tuple[str | None, str | None], tuple[str, ...]] = {}

    def name(self, person: str) -> str:
        """The person's name, or their code where the record has none."""
        return self._names.get(person, person)

    def role_name(self, role: str) -> str:
        """The name of a role."""
        return self._roles.get(role, role)

    def members(self) -> list[Member]:
        """The people with a post in force here, by name."""
        found = [self._member(person) for person in self.people]
        return sorted(found, key=lambda each: (each.name.casefold(), each.code))

    def _member(self, person: Person) -> Member:
        posts = [post for post in person.posts_in_force(self.on) if post.service == self.service]
        return Member(
            code=person.code,
            name=self.name(person.code),
            roles=tuple(dict.fromkeys(self.role_name(post.role) for post in posts)),
            bases=tuple(dict.fromkeys(post.basis.value for post in posts)),
            away=person.out_of_scope(self.on),
        )

    def holding(self, person: str, competency: str) -> Holding:
        """The facts about one person and one competency; supervision goes on past today (V8)."""
        key = (person, competency)
        if key not in self._holdings:
            facts = self.facts.holding(person, competency)
            self._holdings[key] = looking_ahead(facts, on=self.on, today=self._today)
        return self._holdings[key]

    def conclusion(self, person: str, competency: str, level: int) -> Conclusion:
        """Where the person stands at a level on the day, induction left aside; `valid` is `expiring` too."""
        key = (person, competency, level)
        if key not in self._conclusions:
            facts = self.holding(person, competency)
            self._conclusions[key] = conclusion(facts, level=level, on=self.on)
        return self._conclusions[key]

    def verdict(self, person: str, competency: str, level: int) -> Verdict:
        """Where the person stands at a level on the day, induction counted in, with what lies behind it."""
        asked = self._asked.get(person, {}).get(competency)
        return standing(
            self.holding(person, competency),
            level=level,
            on=self.on,
            in_induction=asked is not None and asked.in_induction,
        )

    def verdict_of(self, cell: TeamCell) -> Verdict:
        """The standing of a cell with what lies behind it."""
        return self.verdict(cell.person, cell.competency, cell.level)

    @cached_property
    def cells(self) -> dict[tuple[str, str], TeamCell]:
        """(person, competency) → cell, for what is required of each and for what their team must have."""
        found = {
            (person.code, asked.competency): self._asked_cell(person, asked)
            for person in self.people
            for asked in self._asked[person.code].values()
        }
        for line in self.lines:
            row = line.requirement
            for code in self._in_scope(row):
                cell = found.get((code, row.competency))
                if cell is None or (cell.asked is None and cell.level < row.level):
                    found[code, row.competency] = self._cell(code, row.competency, row.level, None)
        return found

    @cached_property
    def _asked(self) -> dict[str, dict[str, Instance]]:
        """Person → what is required of them, in all their posts."""
        return {person.code: instances(person, self.facts.requirements, on=self.on) for person in self.people}

    def _asked_cell(self, person: Person, asked: Instance) -> TeamCell:
        return self._cell(person.code, asked.competency, asked.level, asked)

    def _cell(self, person: str, competency: str, level: int, asked: Instance | None) -> TeamCell:
        found = self.conclusion(person, competency, level)
        if asked is not None and asked.in_induction:
            found = within_induction(found)
        return TeamCell(person, competency, level, expiring_told(found, on=self.on), asked)

    @cached_property
    def lines(self) -> list[CoverLine]:
        """Every line of the cover of this service, as `Workforce.cover` gives them (contract section 6)."""
        requirements = self.facts.requirements
        if not requirements.services[self.service].is_open(self.on):
            return []
        return [
            cover_line(self.service, row, [self._candidate(code, row) for code in scope], on=self.on)
            for row in requirements.rows
            if row.in_force(self.on) and row.service in (None, self.service)
            for scope in [self._in_scope(row)]
            if row.service is not None or scope
        ]

    def compliance(self, within: Container[str]) -> Compliance:
        """M1 and M2 of those of its people who are in `within`, as if they had no other posts (section 7)."""
        return compliance(each for each in self._standings_here if each.person in within)

    @cached_property
    def _standings_here(self) -> list[PersonStandings]:
        return [self._standings(person) for person in self.people]

    def _standings(self, person: Person) -> PersonStandings:
        held = person.posts_in_force(self.on)
        here = [post for post in held if post.service == self.service]
        found = self._asked[person.code]
        if len(here) < len(held):
            found = instances(person, self.facts.requirements, on=self.on, service=self.service)
        return PersonStandings(
            person.code,
            frozenset(post.basis for post in here),
            tuple(self._asked_cell(person, asked).standing for asked in found.values()),
        )

    def _candidate(self, person: str, row: Requirement) -> Candidate:
        found = self.conclusion(person, row.competency, row.level)
        return Candidate(
            person,
            exempt=found.standing is Standing.EXEMPT,
            compliant=found.standing.compliant,
            valid_to=found.valid_to,
        )

    def _in_scope(self, row: Requirement) -> tuple[str, ...]:
        key = (row.service, row.role)
        if key not in self._scopes:
            self._scopes[key] = tuple(
                person.code for person in self.people if in_scope(person, row, self.service, on=self.on)
            )
        return self._scopes[key]

    def held_by(self, line: CoverLine) -> list[str]:
        """Those who fill the line, first to run out first."""
        row = line.requirement
        held = [(code, self.conclusion(code, row.competency, row.level)) for code in self._in_scope(row)]
        return [
            code
            for code, found in sorted(held, key=lambda each: (each[1].valid_to or date.max, each[0]))
            if found.standing.compliant
        ]

    def missing(self, line: CoverLine) -> Sequence[Placing]:
        """Those in scope who do not fill the line and are not exempt, nearest to filling it first."""
        row = line.requirement
        if row not in self._missing:
            self._missing[row] = sorted(self._placings(row), key=_nearest)
        return self._missing[row]

    def _placings(self, row: Requirement) -> Iterator[Placing]:
        for code in self._in_scope(row):
            now = self.conclusion(code, row.competency, row.level).standing
            if not now.compliant and now is not Standing.EXEMPT:
                verdict = self.verdict(code, row.competency, row.level)
                facts = self.holding(code, row.competency)
                because = explain(verdict, facts, on=self.on)
                yield Placing(code, verdict, because, next_step(verdict, facts, on=self.on))

    def losses(self, line: CoverLine) -> Sequence[Loss]:
        """Those who filled the line within the last 90 days and do not on the day, latest first.

        Somebody who left or is away is missed only where a number of people is asked for: what is asked of
        each person in scope falls with them.
        """
        row = line.requirement
        if row not in self._losses:
            found = (self._loss(person, row) for person in self.facts.people.values())
            self._losses[row] = sorted(
                (each for each in found if each is not None), key=_latest, reverse=True
            )
        return self._losses[row]

    def _loss(self, person: Person, row: Requirement) -> Loss | None:
        here = person.code in self._in_scope(row)
        today = self.conclusion(person.code, row.competency, row.level)
        if here and (today.standing.compliant or today.standing is Standing.EXEMPT):
            return None
        if not here and not asks_a_number(row.cover):
            return None
        last_day = self._last_day(person, row, suspended=today.standing is Standing.SUSPENDED)
        if last_day is None:
            return None
        return Loss(person.code, self._lost_by(person, row, here, last_day + ONE_DAY), last_day)

    def _lost_by(self, person: Person, row: Requirement, here: bool, after: date) -> LostBy:
        if not here:
            if not any(post.service == self.service for post in person.posts_in_force(self.on)):
                return LostBy.LEFT
            return LostBy.AWAY if person.out_of_scope(self.on) else LostBy.OTHER_ROLE
        match self._standing_on(after, person, row):
            case Standing.SUSPENDED:
                return LostBy.SUSPENDED
            case Standing.WITHDRAWN:
                return LostBy.WITHDRAWN
            case _:
                return LostBy.RAN_OUT

    def _last_day(self, person: Person, row: Requirement, *, suspended: bool) -> date | None:
        """The last day, of the 90 before this one, on which the person filled the row; None: on none."""
        first = self.on - timedelta(days=LOOK_BACK_DAYS)
        ends: set[date | None] = {each.starts_on - ONE_DAY for each in person.absences}
        ends |= {post.ends_on for post in person.posts} | {person.employed_to}
        ends.add(self.holding(person.code, row.competency).evidence.last_day_before(self.on, row.level))
        if suspended:
            ends |= {self.on - timedelta(days=ago) for ago in range(1, LOOK_BACK_DAYS + 1)}
        days = sorted((day for day in ends if day is not None and first <= day < self.on), reverse=True)
        return next((day for day in days if self._filled(day, person, row)), None)

    def _filled(self, day: date, person: Person, row: Requirement) -> bool:
        return in_scope(person, row, self.service, on=day) and self._standing_on(day, person, row).compliant

    def _standing_on(self, day: date, person: Person, row: Requirement) -> Standing:
        facts = self.facts.holding(person.code, row.competency)
        facts = looking_ahead(facts, on=day, today=self._today)
        return conclusion(facts, level=row.level, on=day).standing


def _latest(loss: Loss) -> tuple[date, str]:
    return loss.last_day, loss.person


_NEARNESS = (
    Standing.SUSPENDED,
    Standing.AWAITING_SIGN_OFF,
    Standing.EXPIRED,
    Standing.SUPERSEDED,
    Standing.BELOW_LEVEL,
    Standing.WITHDRAWN,
    Standing.IN_INDUCTION,
    Standing.NOT_HELD,
)


def _nearest(placing: Placing) -> tuple[int, str]:
    """Who is nearest to filling a place: one step before two, the competent before the untrained."""
    return _NEARNESS.index(placing.verdict.standing), placing.person


def team(
    session: Session, entry: ServiceEntry, *, on: date, today: date, known_at: datetime | None = None
) -> Team:
    """The people of the service on the day, those who left it lately included, with all their facts.

    As known at an instant (None: now). It is kept until the record changes.
    """
    question = ("team", entry, on, today, known_at)
    return kept(session, question, lambda: _team(session, entry, on, today, known_at))


def _team(session: Session, entry: ServiceEntry, on: date, today: date, known_at: datetime | None) -> Team:
    stored = StoredTables(session, known_at=known_at)
    ids = _ids_now(session, entry.code, on) if known_at is None else _ids_then(stored, entry.code)
    facts = (
        workforce_now(session, ids)
        if known_at is None
        else workforce(session, known_at=known_at, staff_ids=ids)
    )
    return Team(entry, facts, names(session, facts.people), role_names(session), on=on, today=today)


def _ids_now(session: Session, service: str, on: date) -> set[int]:
    lately = on - timedelta(days=LOOK_BACK_DAYS)
    return set(
        session.scalars(
            select(Post.staff_id)
            .join(Service, Service.id == Post.service_id)
            .join(Staff, Staff.id == Post.staff_id)
            .where(
                Service.code == service,
                Post.starts_on <= on,
                or_(Post.ends_on.is_(None), Post.ends_on >= lately),
                or_(Staff.employed_to.is_(None), Staff.employed_to >= lately),
            )
        )
    )


def _ids_then(stored: StoredTables, service: str) -> set[int]:
    codes = {row["staff"] for row in stored.rows("posts") if row["service"] == service}
    return {number for number, code in stored.codes("staff").items() if code in codes}
