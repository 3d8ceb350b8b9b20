"""One person's record on a day: what is asked of them, where they stand, and every piece of evidence."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain import records
from skillsmatrix.domain.competency import Competency
from skillsmatrix.domain.evidence import Term
from skillsmatrix.domain.explanation import explain, next_step
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.requirement import Cover, Instance, Requirement, instances
from skillsmatrix.domain.standing import Holding, Standing, Verdict, standing, supervision_lapses_on
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.models import Staff
from skillsmatrix.queries.ahead import looking_ahead
from skillsmatrix.queries.conclusions import rules, versions
from skillsmatrix.queries.labels import Labels, labels
from skillsmatrix.queries.person_rows import OF_A_PERSON, person_rows
from skillsmatrix.queries.state import kept
from skillsmatrix.queries.tables import StoredTables

Row = Mapping[str, Any]

_CATALOGUE = ("competencies", "services", "requirements", "course_grants")
_HAPPENED = frozenset({"learning", "sign_offs", "supervision"})


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A completion or a sign-off. `valid_to`: its own planned end (None: no end, or it grants nothing).

    `counts`: it is valid on the day and of a kind that the competency needs. `source`: the course or
    provider, or the assessor's name.
    """

    kind: str
    competency: str
    day: date
    level: int
    valid_to: date | None
    counts: bool
    source: str
    reference: str
    outcome: str
    withdrawn_on: date | None
    withdrawn_reason: str | None
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Where a person stands in one competency. `asked`: what is required of them; None: of nobody, or of
    the team. `rows`: every requirement row that asks, those that bind a team included."""

    competency: Competency
    verdict: Verdict
    asked: Instance | None
    rows: tuple[Requirement, ...]
    because: str
    next_step: str
    supervision_lapses_on: date | None

    @property
    def hard_stop(self) -> bool:
        return any(row.hard_stop for row in self.rows)


class PersonRecord:
    """All that is recorded about one person, seen on one day."""

    def __init__(
        self,
        code: str,
        tables: Mapping[str, Sequence[Row]],
        facts: Workforce,
        names: Labels,
        *,
        on: date,
        today: date,
    ) -> None:
        self.today = today
        self.code = code
        self.on = on
        self.facts = facts
        self.labels = names
        self._tables = tables
        self._holdings: dict[str, Holding] = {}

    @property
    def person(self) -> Person:
        return self.facts.people[self.code]

    @property
    def staff(self) -> Row:
        """The person's own row of the `staff` table."""
        return self._tables["staff"][0]

    def rows(self, table: str) -> list[Row]:
        """The rows of one table about the person, newest first; what happened after the day is left out."""
        day = OF_A_PERSON[table]
        found = [row for row in self._tables[table] if table not in _HAPPENED or row[day] <= self.on]
        return sorted(found, key=lambda row: row[day], reverse=True)

    def name_of(self, code: str) -> str:
        """The name of somebody who supervised or assessed this person."""
        return self.labels.people.get(code, code)

    @cached_property
    def _asked(self) -> dict[str, Instance]:
        return instances(self.person, self.facts.requirements, on=self.on)

    @cached_property
    def required(self) -> list[Standpoint]:
        """Where the person stands in all that is required of them, by title."""
        return self._by_title(self.standpoint(code) for code in self._asked)

    @cached_property
    def also_held(self) -> list[Standpoint]:
        """What the person holds on the day without being asked, by title."""
        codes = {*self.person.completions, *self.person.sign_offs} - self._asked.keys()
        return self._by_title(
            self.standpoint(code) for code in codes if self.holding(code).evidence.held_level(self.on)
        )

    def _by_title(self, found: Iterator[Standpoint]) -> list[Standpoint]:
        return sorted(found, key=lambda each: (each.competency.title.casefold(), each.competency.code))

    def holding(self, competency: str) -> Holding:
        """The facts about the person and one competency; supervision goes on past today (V8)."""
        if competency not in self._holdings:
            facts = self.facts.holding(self.code, competency)
            self._holdings[competency] = looking_ahead(facts, on=self.on, today=self.today)
        return self._holdings[competency]

    def standpoint(self, competency: str) -> Standpoint:
        """Where the person stands in a competency, be it asked of them, of their team or of nobody."""
        asked = self._asked.get(competency)
        rows = (*(asked.requirements if asked else ()), *self._team_rows.get(competency, ()))
        facts = self.holding(competency)
        level = asked.level if asked else max((row.level for row in rows), default=0)
        level = level or max(facts.evidence.held_level(self.on), 1)
        verdict = standing(
            facts, level=level, on=self.on, in_induction=asked is not None and asked.in_induction
        )
        return Standpoint(
            competency=facts.competency,
            verdict=verdict,
            asked=asked,
            rows=rows,
            because=explain(verdict, facts, on=self.on),
            next_step=next_step(verdict, facts, on=self.on),
            supervision_lapses_on=supervision_lapses_on(facts, on=self.on),
        )

    @cached_property
    def _team_rows(self) -> dict[str, list[Requirement]]:
        """Competency → rows that bind a team the person is in, and no person (R4), by code."""
        found = {
            row.code: row
            for post in self.person.posts_in_force(self.on)
            if self.facts.requirements.services[post.service].is_open(self.on)
            for row in self.facts.requirements.of_post(post)
            if row.cover is not Cover.EACH and row.in_force(self.on)
        }
        rows: dict[str, list[Requirement]] = {}
        for code in sorted(found):
            rows.setdefault(found[code].competency, []).append(found[code])
        return rows

    def evidence(self, competency: str | None = None) -> list[EvidenceLine]:
        """Completions and sign-offs up to the day, newest first; of one competency, or of all."""
        codes = {*self.person.completions, *self.person.sign_offs} if competency is None else {competency}
        found = [line for code in codes for line in self._evidence(code) if line.day <= self.on]
        return sorted(found, key=lambda line: (line.day, line.competency, line.kind), reverse=True)

    def _evidence(self, competency: str) -> Iterator[EvidenceLine]:
        evidence = self.holding(competency).evidence
        terms = list(evidence.learning)
        for row, completion in zip(self._of("learning", competency), evidence.completions, strict=True):
            term = _take(terms, completion.completed_on, completion.level)
            yield self._completion(row, completion.level, term)
        terms = list(evidence.signed_off)
        for row in self._of("sign_offs", competency):
            term = _take(terms, row["assessed_on"], row["level"]) if row["outcome"] == "competent" else None
            yield self._sign_off(row, term)

    def _of(self, table: str, competency: str) -> list[Row]:
        return self._by_competency[table].get(competency, [])

    @cached_property
    def _by_competency(self) -> dict[str, dict[str, list[Row]]]:
        """Table of evidence → competency → its rows, in the order of the table."""
        found: dict[str, dict[str, list[Row]]] = {"learning": {}, "sign_offs": {}}
        for table, rows in found.items():
            for row in self._tables[table]:
                rows.setdefault(row["competency"], []).append(row)
        return found

    def _completion(self, row: Row, level: int, term: Term | None) -> EvidenceLine:
        course = self.labels.courses.get(row["course"]) if row["course"] else None
        return EvidenceLine(
            kind="learning",
            competency=row["competency"],
            day=row["completed_on"],
            level=level,
            valid_to=term.valid_to if term else None,
            counts=term is not None and term.counts_on(self.on),
            source=", ".join(part for part in (course, row["provider"]) if part),
            reference=row["reference"] or "",
            outcome="",
            withdrawn_on=None,
            withdrawn_reason=None,
            recorded_at=row["recorded_at"],
        )

    def _sign_off(self, row: Row, term: Term | None) -> EvidenceLine:
        withdrawn_on = row["withdrawn_on"]
        withdrawn = withdrawn_on is not None and withdrawn_on <= self.on
        return EvidenceLine(
            kind="sign_off",
            competency=row["competency"],
            day=row["assessed_on"],
            level=row["level"],
            valid_to=term.valid_to if term else None,
            counts=term is not None and term.counts_on(self.on),
            source=self.name_of(row["assessor"]),
            reference="",
            outcome=row["outcome"],
            withdrawn_on=withdrawn_on if withdrawn else None,
            withdrawn_reason=row["withdrawn_reason"] if withdrawn else None,
            recorded_at=row["recorded_at"],
        )


def _take(terms: list[Term], day: date, level: int) -> Term | None:
    """The term that a row gave, taken out of the list; None when the competency needs no such evidence."""
    for place, term in enumerate(terms):
        if term.starts_on == day and term.level == level:
            return terms.pop(place)
    return None


def person_record(
    session: Session,
    code: str,
    *,
    on: date,
    today: date,
    known_at: datetime | None = None,
    seen: Container[str] | None = None,
    unnamed: str = "",
) -> PersonRecord | None:
    """The record of one person on a day, as known at an instant (None: now).

    `seen`: whose names the reader may learn, by staff code (None: everybody's); assessors and supervisors
    beyond it are called `unnamed`. None when there is no such person, or none was recorded by then.
    """
    found = _as_now(session, code) if known_at is None else _as_then(session, code, known_at)
    if found is None:
        return None
    tables, facts, named = found
    if seen is not None:
        people = {other: name if other in seen else unnamed for other, name in named.people.items()}
        named = replace(named, people=people)
    return PersonRecord(code, tables, facts, named, on=on, today=today)


_Found = tuple[Mapping[str, Sequence[Row]], Workforce, Labels]


def _as_now(session: Session, code: str) -> _Found | None:
    """Tables, facts and names as believed now: the catalogue is what the process keeps of it."""
    version, of_catalogue = versions(session)
    catalogue, codes = rules(session, of_catalogue)
    found = person_rows(session, code, codes)
    if found is None:
        return None
    tables = {**found.tables, "course_grants": codes.course_grants}
    people = records.people(tables, catalogue.competencies)
    facts = Workforce(people, catalogue.competencies, catalogue.requirements)
    named = kept(session, "labels", lambda: labels(session, ()), version=version)
    return found.tables, facts, replace(named, people=found.names)


def _as_then(session: Session, code: str, known_at: datetime) -> _Found | None:
    """The same as known at an instant."""
    number = session.scalar(select(Staff.id).where(Staff.code == code))
    if number is None:
        return None
    stored = StoredTables(session, known_at=known_at, staff_ids=[number])
    tables = {table: list(stored.rows(table)) for table in ("staff", *_CATALOGUE, *OF_A_PERSON)}
    if not tables["staff"]:
        return None
    mentioned = {row["assessor"] for row in tables["sign_offs"]}
    mentioned |= {row["supervisor"] for row in tables["supervision"]} | {code}
    return tables, records.workforce(tables), labels(session, mentioned)


def worst_first(points: Sequence[Standpoint]) -> list[Standpoint]:
    """What must be dealt with first comes first: hard stops, then the standings that need most, then ends."""
    return sorted(
        points,
        key=lambda each: (
            each.verdict.standing.compliant or each.verdict.standing is Standing.EXEMPT,
            not each.hard_stop,
            _URGENCY.index(each.verdict.standing),
            each.verdict.valid_to or date.max,
            each.competency.title.casefold(),
        ),
    )


_URGENCY = (
    Standing.SUSPENDED,
    Standing.WITHDRAWN,
    Standing.EXPIRED,
    Standing.BELOW_LEVEL,
    Standing.NOT_HELD,
    Standing.SUPERSEDED,
    Standing.AWAITING_SIGN_OFF,
    Standing.IN_INDUCTION,
    Standing.EXPIRING,
    Standing.VALID,
    Standing.EXEMPT,
)
