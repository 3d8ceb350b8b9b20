"""The generated columns as the facts of the rules, without the tables between: for sizes that no table holds.

Gives what `benchmarks/facts.py` gives, in an eighth of the time.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from benchmarks.data import BASES, BLANK, Table
from benchmarks.facts import BODY, CODED, KIND, code, packaged, rows, somebody_else
from skillsmatrix.domain import records
from skillsmatrix.domain.calendar import Period
from skillsmatrix.domain.competency import Competency
from skillsmatrix.domain.evidence import Completion, SignOff, counted_months
from skillsmatrix.domain.person import Basis, Person, Post
from skillsmatrix.domain.requirement import Requirements
from skillsmatrix.domain.supervision import Session
from skillsmatrix.engine.catalogue import Catalogue
from skillsmatrix.engine.packing import Ids

DAYS: Mapping[int, Any] = {BLANK: None} | {each: date.fromordinal(each) for each in range(700_000, 760_000)}
KINDS = tuple(Basis(each) for each in BASES)
Tables = dict[str, Table]


def catalogue(tables: Tables) -> Catalogue:
    """The rules, with the ids of the data."""
    known: dict[str, list[dict[str, Any]]] = {
        table: [packaged(table, row) for row in rows(tables, table)]
        for table in ("competencies", "services", "requirements")
    }
    competencies = {row["competency"]: records.competency(row) for row in known["competencies"]}
    services = {row["service"]: records.service(row) for row in known["services"]}
    requirements = Requirements(map(records.requirement, known["requirements"]), services)
    numbered = {
        table: {code(table, number): number for number in tables[table]["id"].tolist()}
        for table in ("competencies", "services", "roles", "requirements")
    }
    return Catalogue(competencies, requirements, Ids(**numbered))


def people(tables: Tables, competencies: Mapping[str, Competency]) -> Iterator[Person]:
    """Everybody, in the order of their codes."""
    found = _OfStaff(tables, competencies)
    for number, employer, employed_from, employed_to in _rows(tables, "staff"):
        yield Person(
            code=code("staff", number),
            employer=code("organisations", employer),
            employed_from=DAYS[employed_from],
            employed_to=DAYS[employed_to],
            **{name: of_staff.get(number, ()) for name, of_staff in found.several.items()},
            **{name: of_staff.get(number, {}) for name, of_staff in found.by_code.items()},
        )


def _rows(tables: Tables, table: str) -> Iterator[tuple[int, ...]]:
    return zip(*(column.tolist() for column in tables[table].values()), strict=True)


class _OfStaff:
    """By number of the person: tuples of facts, and tuples of facts by code."""

    def __init__(self, tables: Tables, competencies: Mapping[str, Competency]) -> None:
        self.codes = {
            table: [code(table, number) for number in range(int(tables[table]["id"][-1]) + 1)]
            for table in CODED
            if table in tables
        }
        self.several = {
            "posts": _grouped(self._posts(tables)),
            "absences": _grouped((who, _period(*days)) for who, *days in _rows(tables, "absences")),
            "sessions": _grouped(self._sessions(tables)),
        }
        self.by_code = {
            "completions": _grouped_by_code(self._completions(tables, competencies)),
            "sign_offs": _grouped_by_code(self._sign_offs(tables)),
            "registrations": _grouped_by_code(
                (who, BODY, _period(*days)) for who, *days in _rows(tables, "registrations")
            ),
            "suspensions": _grouped_by_code(self._periods(tables, "suspensions")),
            "exemptions": _grouped_by_code(self._periods(tables, "exemptions")),
        }

    def _posts(self, tables: Tables) -> Iterator[tuple[int, Post]]:
        services, roles = self.codes["services"], self.codes["roles"]
        for who, service, role, starts_on, ends_on, basis in _rows(tables, "posts"):
            yield who, Post(services[service], roles[role], KINDS[basis], DAYS[starts_on], DAYS[ends_on])

    def _sessions(self, tables: Tables) -> Iterator[tuple[int, Session]]:
        staff = self.codes["staff"]
        for who, held_on in _rows(tables, "supervision"):
            yield who, Session(DAYS[held_on], KIND, staff[somebody_else(who)])

    def _completions(
        self, tables: Tables, competencies: Mapping[str, Competency]
    ) -> Iterator[tuple[int, str, Completion]]:
        months = {each: rules.learning_months for each, rules in competencies.items()}
        for who, competency, completed_on, level, valid_months in _rows(tables, "learning"):
            what = self.codes["competencies"][competency]
            stated = None if valid_months == BLANK else valid_months
            yield who, what, Completion(DAYS[completed_on], level, counted_months(stated, months[what]))

    def _sign_offs(self, tables: Tables) -> Iterator[tuple[int, str, SignOff]]:
        staff = self.codes["staff"]
        for who, competency, assessed_on, level, withdrawn_on in _rows(tables, "sign_offs"):
            assessor = staff[somebody_else(who)]
            what = self.codes["competencies"][competency]
            yield who, what, SignOff(DAYS[assessed_on], level, True, assessor, DAYS[withdrawn_on])

    def _periods(self, tables: Tables, table: str) -> Iterator[tuple[int, str, Period]]:
        for who, competency, starts_on, ends_on in _rows(tables, table):
            yield who, self.codes["competencies"][competency], _period(starts_on, ends_on)


def _period(starts_on: int, ends_on: int) -> Period:
    return Period(DAYS[starts_on], DAYS[ends_on])


def _grouped(found: Iterator[tuple[int, Any]]) -> dict[int, tuple[Any, ...]]:
    groups = defaultdict(list)
    for who, fact in found:
        groups[who].append(fact)
    return {who: tuple(facts) for who, facts in groups.items()}


def _grouped_by_code(found: Iterator[tuple[int, str, Any]]) -> dict[int, dict[str, tuple[Any, ...]]]:
    groups: dict[int, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for who, what, fact in found:
        of_person = groups[who]
        of_person[what] = (*of_person.get(what, ()), fact)
    return groups
