"""From the tables of a data package (contract section 8), values typed, to the facts the rules work on.

The one place that knows what a blank cell means: which default, which inherited level, which length.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from skillsmatrix.domain.calendar import Period
from skillsmatrix.domain.competency import Competency, Renewal
from skillsmatrix.domain.evidence import Completion, SignOff, counted_months
from skillsmatrix.domain.person import Basis, Person, Post
from skillsmatrix.domain.requirement import Cover, Requirement, Requirements, Service
from skillsmatrix.domain.supervision import Session
from skillsmatrix.domain.workforce import Workforce

Row = Mapping[str, Any]
Tables = Mapping[str, Iterable[Row]]
T = TypeVar("T")


def workforce(tables: Tables) -> Workforce:
    """The facts of a whole package; `tables`: name → rows (column → value, None where blank or absent)."""
    competencies = {row["competency"]: competency(row) for row in tables.get("competencies", ())}
    services = {row["service"]: service(row) for row in tables.get("services", ())}
    rows = [requirement(row) for row in tables.get("requirements", ())]
    return Workforce(people(tables, competencies), competencies, Requirements(rows, services))


def competency(row: Row) -> Competency:
    """One row of `competencies`."""
    return Competency(
        code=row["competency"],
        title=row.get("title") or "",
        needs_learning=row["needs_learning"],
        needs_sign_off=row["needs_sign_off"],
        learning_level=_or(row.get("learning_level"), 1),
        learning_months=row.get("learning_months"),
        sign_off_months=row.get("sign_off_months"),
        renewal=Renewal(row.get("renewal") or Renewal.RESET),
        early_window_days=_or(row.get("early_window_days"), 0),
        cumulative=_or(row.get("cumulative"), True),
        supervision_kind=row.get("supervision_kind"),
        supervision_every_days=row.get("supervision_every_days"),
        supervision_lapse_days=row.get("supervision_lapse_days"),
        supervision_max_group=row.get("supervision_max_group"),
        registration_body=row.get("registration_body"),
        superseded_on=row.get("superseded_on"),
        superseded_by=row.get("superseded_by"),
        boundary=row.get("boundary"),
        framework=row.get("framework"),
        group=row.get("group"),
    )


def service(row: Row) -> Service:
    """One row of `services`."""
    return Service(row["service"], row["organisation"], row.get("opens_on"), row.get("closes_on"))


def requirement(row: Row) -> Requirement:
    """One row of `requirements`."""
    return Requirement(
        code=row["requirement"],
        competency=row["competency"],
        in_force_from=row["in_force_from"],
        service=row.get("service"),
        role=row.get("role"),
        level=_or(row.get("level"), 1),
        cover=Cover(row["cover"]),
        amount=row.get("amount"),
        hard_stop=row["strength"] == "hard_stop",
        in_force_to=row.get("in_force_to"),
        induction_days=row.get("induction_days"),
        reason=row.get("reason"),
    )


def people(tables: Tables, competencies: Mapping[str, Competency]) -> dict[str, Person]:
    """Staff code → person, in the order of the `staff` table."""
    posts = _by_staff(tables.get("posts", ()), _post)
    absences = _by_staff(tables.get("absences", ()), _period)
    sessions = _by_staff(tables.get("supervision", ()), _session, key="supervisee")
    completions = _by_staff_and(tables.get("learning", ()), "competency", _completions(tables, competencies))
    sign_offs = _by_staff_and(tables.get("sign_offs", ()), "competency", _sign_off)
    registrations = _by_staff_and(tables.get("registrations", ()), "body", _registration)
    suspensions = _by_staff_and(tables.get("suspensions", ()), "competency", _period)
    exemptions = _by_staff_and(tables.get("exemptions", ()), "competency", _period)
    return {
        (code := row["staff"]): Person(
            code=code,
            employer=row["employer"],
            employed_from=row["employed_from"],
            employed_to=row.get("employed_to"),
            posts=tuple(posts.get(code, ())),
            absences=tuple(absences.get(code, ())),
            completions=completions.get(code, {}),
            sign_offs=sign_offs.get(code, {}),
            sessions=tuple(sessions.get(code, ())),
            registrations=registrations.get(code, {}),
            suspensions=suspensions.get(code, {}),
            exemptions=exemptions.get(code, {}),
        )
        for row in tables.get("staff", ())
    }


def _by_staff(rows: Iterable[Row], read: Callable[[Row], T], key: str = "staff") -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(read(row))
    return found


def _by_staff_and(
    rows: Iterable[Row], column: str, read: Callable[[Row], T]
) -> dict[str, dict[str, tuple[T, ...]]]:
    found: dict[str, dict[str, tuple[T, ...]]] = defaultdict(dict)
    for row in rows:
        of_person = found[row["staff"]]
        of_person[row[column]] = (*of_person.get(row[column], ()), read(row))
    return found


def _completions(tables: Tables, competencies: Mapping[str, Competency]) -> Callable[[Row], Completion]:
    """How to read `learning`: a blank level is the course's for the competency, then its own (E5)."""
    grants = {(row["course"], row["competency"]): row for row in tables.get("course_grants", ())}

    def read(row: Row) -> Completion:
        of_competency = competencies[row["competency"]]
        grant = grants.get((row.get("course"), row["competency"]), {})
        return Completion(
            completed_on=row["completed_on"],
            level=_or(row.get("level"), _or(grant.get("level"), of_competency.learning_level)),
            months=counted_months(
                row.get("valid_months"), grant.get("valid_months"), of_competency.learning_months
            ),
            reference=row.get("reference") or "",
        )

    return read


def _sign_off(row: Row) -> SignOff:
    return SignOff(
        assessed_on=row["assessed_on"],
        level=row["level"],
        competent=row["outcome"] == "competent",
        assessor=row["assessor"],
        withdrawn_on=row.get("withdrawn_on"),
    )


def _session(row: Row) -> Session:
    return Session(row["held_on"], row["kind"], row["supervisor"], _or(row.get("group_size"), 1))


def _post(row: Row) -> Post:
    return Post(row["service"], row["role"], Basis(row["basis"]), row["starts_on"], row.get("ends_on"))


def _period(row: Row) -> Period:
    return Period(row["starts_on"], row.get("ends_on"))


def _registration(row: Row) -> Period:
    return Period(row["registered_on"], row.get("valid_to"))


def _or(value: T | None, default: T) -> T:
    return default if value is None else value
