"""A small house to state cases in: one service, one role, Ann who works there, and Bea who assesses.

Each function gives rows as (table, row); `house` puts them into a package.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tests.oracle.form import Row, Tables, empty_tables, row

Placed = tuple[str, Row]
LONG_AGO = "2015-01-01"
UNCOUNTED = ("bank", "agency", "volunteer", "student")  # M1: out of the headline


@dataclass(frozen=True)
class Case:
    """One question and its answer: so many rows, each with at least the values given."""

    id: str
    tables: Tables
    command: str
    question: Mapping[str, object]
    expected: list[Row]


def house(*parts: Placed | Iterable[Placed], ann: bool = True) -> Tables:
    """A package of these rows in the house; `ann`: with her, permanent there since long ago."""
    tables = empty_tables()
    placed = [
        ("organisations", row("organisations", organisation="trust", name="Trust")),
        ("services", row("services", service="house", name="House", organisation="trust")),
        ("roles", row("roles", role="worker", name="Support worker")),
        employed("bea"),
        *(worker("ann") if ann else []),
    ]
    for part in parts:
        placed += [part] if isinstance(part, tuple) else list(part)
    for table, made in placed:
        tables[table].append(made)
    return tables


def service(code: str, **values: object) -> Placed:
    return "services", row("services", service=code, name=code, organisation="trust", **values)


def role(code: str) -> Placed:
    return "roles", row("roles", role=code, name=code)


def employed(staff: str, *, since: str = LONG_AGO, to: str = "", by: str = "trust") -> Placed:
    made = row("staff", staff=staff, family_name=staff, employer=by, employed_from=since, employed_to=to)
    return "staff", made


def post(
    staff: str,
    *,
    at: str = "house",
    as_a: str = "worker",
    basis: str = "permanent",
    since: str = LONG_AGO,
    to: str = "",
) -> Placed:
    made = row("posts", staff=staff, service=at, role=as_a, basis=basis, starts_on=since, ends_on=to)
    return "posts", made


def worker(staff: str, *, basis: str = "permanent", since: str = LONG_AGO) -> list[Placed]:
    """Somebody employed since long ago with one post in the house."""
    return [employed(staff), post(staff, basis=basis, since=since)]


def team(size: int) -> list[Placed]:
    """So many permanent workers of the house: p00, p01 and so on."""
    return [part for n in range(size) for part in worker(f"p{n:02}")]


def skill(code: str = "skill", *, evidence: str = "learning", **values: object) -> Placed:
    """A competency; `evidence` is learning, sign-off or both."""
    made = row(
        "competencies",
        competency=code,
        title=code,
        needs_learning="no" if evidence == "sign-off" else "yes",
        needs_sign_off="no" if evidence == "learning" else "yes",
        **values,
    )
    return "competencies", made


def need(code: str = "need", **values: object) -> Placed:
    """A requirement, by default of everybody, at level 1, since long ago."""
    stated = {
        "competency": "skill",
        "cover": "each",
        "strength": "target",
        "in_force_from": LONG_AGO,
        **values,
    }
    return "requirements", row("requirements", requirement=code, **stated)


def learnt(staff: str, completed_on: str, *, competency: str = "skill", **values: object) -> Placed:
    made = row("learning", staff=staff, competency=competency, completed_on=completed_on, **values)
    return "learning", made


def signed(
    staff: str,
    assessed_on: str,
    *,
    level: int = 1,
    outcome: str = "competent",
    competency: str = "skill",
    assessor: str = "bea",
    **values: object,
) -> Placed:
    made = row(
        "sign_offs",
        staff=staff,
        competency=competency,
        level=level,
        assessed_on=assessed_on,
        outcome=outcome,
        assessor=assessor,
        **values,
    )
    return "sign_offs", made


def session(staff: str, held_on: str, *, by: str = "bea", **values: object) -> Placed:
    stated = {"kind": "clinical", **values}
    made = row("supervision", supervisee=staff, supervisor=by, held_on=held_on, **stated)
    return "supervision", made


def registered(staff: str, since: str, to: str = "", *, body: str = "NMC") -> Placed:
    made = row("registrations", staff=staff, body=body, registered_on=since, valid_to=to)
    return "registrations", made


def stopped(staff: str, since: str, to: str = "", *, competency: str = "skill") -> Placed:
    made = row(
        "suspensions", staff=staff, competency=competency, starts_on=since, ends_on=to,
        reason="Review of an incident",
    )  # fmt: skip
    return "suspensions", made


def exempted(staff: str, since: str, to: str, *, competency: str = "skill") -> Placed:
    made = row(
        "exemptions", staff=staff, competency=competency, starts_on=since, ends_on=to,
        approved_by="bea",
    )  # fmt: skip
    return "exemptions", made


def away(staff: str, since: str, to: str = "", *, kind: str = "sickness") -> Placed:
    return "absences", row("absences", staff=staff, kind=kind, starts_on=since, ends_on=to)


def course(code: str) -> Placed:
    return "courses", row("courses", course=code, title=code)


def grants(code: str, competency: str = "skill", **values: object) -> Placed:
    return "course_grants", row("course_grants", course=code, competency=competency, **values)


Expectation = str | tuple[str, str, str]


def ann_on(name: str, tables: Tables, expected: Mapping[str, Expectation]) -> list[Case]:
    """Ann's one standing on several days: its name alone, or with held_since and valid_to."""
    cases = []
    for day, wanted in expected.items():
        standing, since, until = (wanted, "", "") if isinstance(wanted, str) else wanted
        answer = {"staff": "ann", "standing": standing, "held_since": since, "valid_to": until}
        question = {"on": date.fromisoformat(day), "staff": "ann"}
        cases.append(Case(f"{name} [{day}]", tables, "standings", question, [answer]))
    return cases


def ask(
    name: str,
    tables: Tables,
    command: str,
    day: str,
    expected: list[Row],
    *,
    known_at: str = "",
    **question: object,
) -> Case:
    """One question of any kind; the name of the case carries the day."""
    asked = {"on": date.fromisoformat(day), **question}
    if known_at:
        asked["known_at"] = datetime.fromisoformat(known_at)
    return Case(f"{name} [{day}]", tables, command, asked, expected)
