"""The package: every table of contract section 8, filled for the invented organisation."""

from datetime import date
from pathlib import Path

from skillsmatrix.demonstration.absences import absence_rows, build_absences
from skillsmatrix.demonstration.evidence import (
    History,
    build_history,
    courses_by_competency,
    founders_history,
)
from skillsmatrix.demonstration.learning import learning_rows
from skillsmatrix.demonstration.needs import (
    FOUNDERS,
    FOUNDERS_LEVEL,
    assessed_by_founders,
    build_needs,
)
from skillsmatrix.demonstration.people import Person, build_people
from skillsmatrix.demonstration.profiles import local_competencies, profile_rows
from skillsmatrix.demonstration.registrations import registered
from skillsmatrix.demonstration.seedfiles import Row, read_seed
from skillsmatrix.demonstration.setting import Setting
from skillsmatrix.demonstration.sign_offs import sign_off_rows
from skillsmatrix.demonstration.stories import (
    CHANGED_DAYS_AGO,
    OLD,
    apply_withdrawals,
    exemption_rows,
    suspension_rows,
    tell,
)
from skillsmatrix.demonstration.supervision import supervision_rows

Package = dict[str, list[Row]]
MARRIED, MISCOUNTED = "BH1015", "BH1013"


def demonstration_package(seed_folder: Path, *, on: date, seed: int = 7) -> Package:
    """Every table by name, each row by column name as text; the same for the same day and seed.

    Everything is dated relative to `on`. Nothing recorded or done lies after it; planned ends do.
    """
    setting = Setting(on, seed, read_seed(seed_folder))
    requirements = _requirements(setting)
    competencies = _competencies(setting, requirements)
    by_code = {row["competency"]: row for row in competencies}
    people = build_people(setting)
    absences = build_absences(setting, people)
    histories, registrations = _histories(setting, people, requirements, by_code)
    exemptions = exemption_rows(setting, people, histories)
    ordered = [histories[key] for key in sorted(histories)]
    by_staff = {person.code: person for person in people}
    catalogue = setting.files.catalogue
    courses = {row["course"]: row for row in catalogue["courses"]}
    roles = {row["role"]: row for row in catalogue["roles"]}
    sign_offs = sign_off_rows(setting, by_staff, ordered, by_code)
    apply_withdrawals(setting, sign_offs)
    grants = courses_by_competency(catalogue)
    return {
        "organisations": [dict(row) for row in setting.plan["organisations"]],
        "services": _services(setting),
        "roles": [dict(row) for row in catalogue["roles"]],
        "staff": [_staff(person) for person in people],
        "posts": _posts(people),
        "absences": absence_rows(absences),
        "competencies": competencies,
        "courses": [dict(row) for row in catalogue["courses"]],
        "course_grants": [dict(row) for row in catalogue["course_grants"]],
        "learning": learning_rows(setting, ordered, by_staff, grants, courses),
        "sign_offs": sign_offs,
        "supervision": supervision_rows(setting, people, ordered, by_code, roles, absences),
        "registrations": registrations,
        "suspensions": suspension_rows(setting, people),
        "requirements": requirements,
        "exemptions": exemptions,
    }


def demonstration_corrections(seed_folder: Path, *, on: date, seed: int = 7) -> Package:
    """A second, small package to import after the first: a married name, and hours that were noted wrongly.

    It leaves an earlier version behind, so that the pages have a correction to show.
    """
    people = build_people(Setting(on, seed, read_seed(seed_folder)))
    staff = next(_staff(person) for person in people if person.code == MARRIED)
    post = next(row for row in _posts(people) if row["staff"] == MISCOUNTED)
    return {
        "staff": [staff | {"family_name": f"{staff['family_name']}-Asante"}],
        "posts": [post | {"wte": "0.7"}],
    }


def _histories(
    setting: Setting, people: list[Person], requirements: list[Row], competencies: dict[str, Row]
) -> tuple[dict[tuple[str, str], History], list[Row]]:
    needs = build_needs(setting, people, requirements)
    histories = {
        key: build_history(setting, need, competencies[need.competency]) for key, need in needs.items()
    }
    for number, code in enumerate(FOUNDERS):
        for competency in assessed_by_founders(competencies.values()):
            histories[code, competency] = founders_history(
                setting, code, competencies[competency], FOUNDERS_LEVEL, second=number == 0
            )
    registrations, registered_histories = registered(setting, people)
    histories |= {(each.need.staff, each.need.competency): each for each in registered_histories}
    tell(setting, histories, competencies)
    return histories, registrations


def _requirements(setting: Setting) -> list[Row]:
    """What everyone needs, and the profiles of each service with its gaps filled."""
    rows = [dict(row) for row in setting.files.requirements_of_everyone()]
    for service, plan in sorted(setting.services.items()):
        closes_on = setting.ahead(plan["closes_in_days"]).isoformat() if plan["closes_in_days"] else ""
        for profile in plan["profiles"].split():
            rows += profile_rows(
                setting.files.profiles[profile],
                service=service,
                host=plan["host"],
                opens_on=setting.opens_on(service).isoformat(),
                closes_on=closes_on,
            )
    return sorted(rows, key=lambda row: row["requirement"])


def _competencies(setting: Setting, requirements: list[Row]) -> list[Row]:
    rows = {row["competency"]: dict(row) for row in setting.files.catalogue["competencies"]}
    rows[OLD]["superseded_on"] = setting.ago(CHANGED_DAYS_AGO).isoformat()
    local = local_competencies(requirements, rows)
    return sorted([*rows.values(), *local], key=lambda row: row["competency"])


def _services(setting: Setting) -> list[Row]:
    return [
        {
            "service": service,
            "name": plan["name"],
            "organisation": plan["organisation"],
            "kind": plan["kind"],
            "opens_on": setting.opens_on(service).isoformat(),
            "closes_on": setting.ahead(plan["closes_in_days"]).isoformat() if plan["closes_in_days"] else "",
            "successor": plan["successor"],
            "escalation_contact": plan["escalation_contact"],
        }
        for service, plan in sorted(setting.services.items())
    ]


def _staff(person: Person) -> Row:
    return {
        "staff": person.code,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "work_email": person.work_email,
        "employer": person.employer,
        "employed_from": person.employed_from.isoformat(),
        "employed_to": person.employed_to.isoformat() if person.employed_to else "",
    }


def _posts(people: list[Person]) -> list[Row]:
    rows = [
        {
            "staff": person.code,
            "service": post.service,
            "role": post.role,
            "basis": post.basis,
            "wte": post.wte,
            "starts_on": post.starts_on.isoformat(),
            "ends_on": post.ends_on.isoformat() if post.ends_on else "",
        }
        for person in people
        for post in person.posts
    ]
    return sorted(rows, key=lambda row: (row["staff"], row["service"], row["role"], row["starts_on"]))
