"""The contract's answers over everybody, from the tables of a package."""

from typing import Any

import pytest

from skillsmatrix.domain.records import workforce
from skillsmatrix.domain.workforce import Workforce
from tests.builders import day

ON = day("2025-06-15")


def tables(**changes: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Ade and Bo at the house; fire safety is required of each, at level 1, as a hard stop."""
    since = day("2024-01-01")
    people = ("ade", "bo")
    return {
        "services": [
            {"service": "HOUSE", "organisation": "ORG"},
            {"service": "BARN", "organisation": "ORG", "closes_on": day("2025-06-14")},
        ],
        "competencies": [
            {"competency": "FIRE", "needs_learning": True, "needs_sign_off": False, "learning_months": 12}
        ],
        "staff": [{"staff": code, "employer": "ORG", "employed_from": since} for code in people],
        "posts": [
            {"staff": code, "service": "HOUSE", "role": "SW", "basis": "permanent", "starts_on": since}
            for code in people
        ],
        "requirements": [
            {
                "requirement": "R1",
                "competency": "FIRE",
                "cover": "each",
                "strength": "hard_stop",
                "in_force_from": since,
            }
        ],
        "learning": [{"staff": "ade", "competency": "FIRE", "completed_on": day("2025-01-01")}],
        **changes,
    }


def standings(facts: Workforce, **question: Any) -> list[tuple[str, str]]:
    return [(row.person, row.verdict.standing.value) for row in facts.standings(on=ON, **question)]


def test_one_row_for_each_requirement_instance_in_order() -> None:
    assert standings(workforce(tables())) == [("ade", "valid"), ("bo", "not_held")]


def test_one_person_or_the_people_of_one_service() -> None:
    facts = workforce(tables())

    assert standings(facts, person="bo") == [("bo", "not_held")]
    assert len(standings(facts, service="HOUSE")) == 2
    assert standings(facts, service="BARN") == []


def test_cover_leaves_out_closed_services_and_rows_that_bind_nobody() -> None:
    of_nurses = {
        "requirement": "R2",
        "role": "NURSE",
        "competency": "FIRE",
        "cover": "count",
        "amount": 1,
        "strength": "target",
        "in_force_from": day("2024-01-01"),
    }
    rows = tables()["requirements"]

    blank = workforce(tables(requirements=[*rows, of_nurses])).cover(on=ON)
    named = workforce(tables(requirements=[*rows, of_nurses | {"service": "HOUSE"}])).cover(on=ON)

    assert [(line.service, line.requirement.code, line.held, line.shortfall) for line in blank] == [
        ("HOUSE", "R1", 1, 1)
    ]
    assert [(line.requirement.code, line.in_scope, line.shortfall) for line in named] == [
        ("R1", 2, 1),
        ("R2", 0, 1),
    ]


def test_compliance_by_everything() -> None:
    facts = workforce(tables())

    assert facts.compliance(on=ON).headline.percent == "50.0"
    for figures in (
        facts.compliance_by_service(on=ON)["HOUSE"],
        facts.compliance_by_organisation(on=ON)["ORG"],
        facts.compliance_by_competency(on=ON)["FIRE"],
    ):
        assert (figures.headline.compliant, figures.headline.total) == (1, 2)
        assert (figures.people.compliant, figures.people.total) == (1, 2)


@pytest.mark.parametrize(
    ("own", "of_course", "of_competency", "level"),
    [(3, 2, 1, 3), (None, 2, 1, 2), (None, None, 4, 4), (None, None, None, 1)],
)
def test_e5_a_blank_level_is_the_courses_then_the_competencys(
    own: int | None, of_course: int | None, of_competency: int | None, level: int
) -> None:
    skill = tables()["competencies"][0] | {"learning_level": of_competency}
    learning = tables()["learning"][0] | {"level": own, "course": "C1"}
    grants = [{"course": "C1", "competency": "FIRE", "level": of_course}]

    facts = workforce(tables(competencies=[skill], learning=[learning], course_grants=grants))

    assert facts.standings(on=ON, person="ade")[0].verdict.held_level == level


def test_l2_a_course_that_does_not_grant_the_competency_states_no_length() -> None:
    learning = [tables()["learning"][0] | {"course": "C1"}]
    other = [{"course": "C1", "competency": "OTHER", "valid_months": 1}]

    facts = workforce(tables(learning=learning, course_grants=other))

    assert facts.standings(on=ON, person="ade")[0].verdict.valid_to == day("2026-01-01")
