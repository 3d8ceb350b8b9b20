"""Pure facts for tests of the rules: what matters is said in the test, the rest is ordinary."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from skillsmatrix.domain.calendar import Period
from skillsmatrix.domain.competency import Competency
from skillsmatrix.domain.evidence import Completion, Evidence, SignOff
from skillsmatrix.domain.person import Basis, Person, Post
from skillsmatrix.domain.requirement import Requirement, Requirements, Service
from skillsmatrix.domain.standing import Holding

LONG_AGO = date(2020, 1, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def period(text: str) -> Period:
    """`2025-01-01..2025-02-01`, or `2025-01-01..` without an end."""
    start, _, end = text.partition("..")
    return Period(day(start), day(end) if end else None)


def learnt(on: str, months: int | None = 12, level: int = 1, reference: str = "") -> Completion:
    return Completion(day(on), level, months, reference)


def signed(on: str, level: int = 3, withdrawn: str | None = None, competent: bool = True) -> SignOff:
    return SignOff(day(on), level, competent, "assessor", day(withdrawn) if withdrawn else None)


def competency(code: str = "SKILL", **rules: Any) -> Competency:
    return Competency(code, title=rules.pop("title", "A skill"), **rules)


def holding(
    *,
    learning: Iterable[Completion] = (),
    sign_offs: Iterable[SignOff] = (),
    rules: Competency | None = None,
    sessions: Iterable[str] = (),
    **periods: str | Iterable[Evidence],
) -> Holding:
    """One person's facts for one competency; `absences="2025-01-01..2025-02-01"` and the like."""
    older = periods.pop("older", ())
    return Holding(
        person="ade",
        evidence=Evidence(rules or competency(), learning, sign_offs),
        sessions=tuple(day(each) for each in sessions),
        older=tuple(older),  # type: ignore[arg-type]
        **{name: tuple(period(each) for each in str(text).split()) for name, text in periods.items()},
    )


def post(
    since: str = "2024-01-01",
    to: str | None = None,
    *,
    service: str = "HOUSE",
    role: str = "SW",
    basis: Basis = Basis.PERMANENT,
) -> Post:
    return Post(service, role, basis, day(since), day(to) if to else None)


def person(code: str = "ade", *posts: Post, **facts: Any) -> Person:
    return Person(
        code,
        facts.pop("employer", "ORG"),
        facts.pop("employed_from", LONG_AGO),
        posts=posts or (post(),),
        **facts,
    )


def requirement(code: str = "R1", **rule: Any) -> Requirement:
    return Requirement(code, rule.pop("competency", "SKILL"), day(rule.pop("since", "2020-01-01")), **rule)


def requirements(*rows: Requirement, **services: Service) -> Requirements:
    """The rows, at services that are open; `HOUSE=Service(…)` says otherwise."""
    codes = {"HOUSE", "BARN", *(row.service for row in rows if row.service)}
    return Requirements(rows, {code: Service(code) for code in sorted(codes)} | services)
