"""Contract section 4: what is required of whom."""

import pytest

from skillsmatrix.domain.person import Person
from skillsmatrix.domain.requirement import Cover, Requirement, Service, instances
from tests.builders import day, period, person, post, requirement, requirements

ON = day("2025-06-15")


def required(someone: Person, *rows: Requirement, on: str = "2025-06-15", **services: Service) -> dict:  # type: ignore[type-arg]
    found = instances(someone, requirements(*rows, **services), on=day(on))
    return {code: (each.level, each.hard_stop, each.in_induction) for code, each in found.items()}


@pytest.mark.parametrize(
    ("on", "asked"),
    [("2025-02-28", False), ("2025-03-01", True), ("2025-08-31", True), ("2025-09-01", False)],
)
def test_r1_p6_a_post_asks_from_its_first_day_to_its_last(on: str, asked: bool) -> None:
    someone = person("ade", post("2025-03-01", "2025-08-31"))

    assert bool(required(someone, requirement(), on=on)) is asked


def test_r1_a_post_outside_employment_asks_nothing() -> None:
    someone = person("ade", post(), employed_from=day("2024-01-01"), employed_to=day("2025-06-14"))

    assert required(someone, requirement()) == {}


@pytest.mark.parametrize(
    ("opens", "closes", "asked"),
    [(None, "2025-06-15", True), (None, "2025-06-14", False), ("2025-06-16", None, False)],
)
def test_r2_a_closed_service_asks_nothing_even_of_a_row_for_all(
    opens: str | None, closes: str | None, asked: bool
) -> None:
    house = Service("HOUSE", "ORG", day(opens) if opens else None, day(closes) if closes else None)

    assert bool(required(person(), requirement(), HOUSE=house)) is asked


@pytest.mark.parametrize(
    ("on", "asked"), [("2025-01-31", False), ("2025-02-01", True), ("2025-07-01", False)]
)
def test_r2_v11_a_row_asks_only_while_it_is_in_force(on: str, asked: bool) -> None:
    row = requirement(since="2025-02-01", in_force_to=day("2025-06-30"))

    assert bool(required(person(), row, on=on)) is asked


@pytest.mark.parametrize(
    ("rule", "asked"),
    [
        ({}, True),
        ({"service": "HOUSE"}, True),
        ({"service": "BARN"}, False),
        ({"role": "SW"}, True),
        ({"role": "NURSE"}, False),
        ({"service": "HOUSE", "role": "NURSE"}, False),
    ],
)
def test_r3_a_blank_service_or_role_means_every_one(rule: dict[str, str], asked: bool) -> None:
    assert bool(required(person(), requirement(**rule))) is asked


def test_r4_two_posts_make_one_instance_at_the_highest_level() -> None:
    someone = person("ade", post(), post(service="BARN"))
    rows = [
        requirement("R1", service="HOUSE", level=3),
        requirement("R2", service="BARN", level=2, hard_stop=True),
    ]

    assert required(someone, *rows) == {"SKILL": (3, True, False)}
    only_barn = instances(someone, requirements(*rows), on=ON, service="BARN")
    assert [(each.level, each.hard_stop) for each in only_barn.values()] == [(2, True)]


@pytest.mark.parametrize("cover", [Cover.PERCENT, Cover.COUNT, Cover.NAMED])
def test_r4_covers_that_bind_a_team_bind_no_person(cover: Cover) -> None:
    assert required(person(), requirement(cover=cover, amount=1)) == {}


@pytest.mark.parametrize(
    ("absence", "asked"),
    [
        ("2025-06-01..2025-06-27", True),  # 27 days
        ("2025-06-01..2025-06-28", False),  # 28 days, both ends counted
        ("2025-06-15..", False),
        ("2025-05-01..2025-06-14", True),  # back today
        ("2025-06-01..2025-06-20 2025-06-10..2025-06-25", True),  # neither is long by itself
    ],
)
def test_r5_a_long_absence_takes_a_person_out_of_scope(absence: str, asked: bool) -> None:
    away = tuple(period(each) for each in absence.split())

    assert bool(required(person("ade", absences=away), requirement())) is asked


@pytest.mark.parametrize(
    ("on", "in_window"),
    [("2025-06-01", True), ("2025-06-29", True), ("2025-06-30", False)],
)
def test_r7_induction_lasts_from_the_start_to_so_many_days_later(on: str, in_window: bool) -> None:
    someone = person("ade", post("2025-06-01"))

    assert required(someone, requirement(induction_days=28), on=on) == {"SKILL": (1, False, in_window)}


@pytest.mark.parametrize(
    ("first", "second", "in_induction"),
    [(28, None, True), (14, 28, True), (0, None, False), (None, None, False), (7, 13, False)],
)
def test_r7_the_longest_window_of_the_rows_counts(
    first: int | None, second: int | None, in_induction: bool
) -> None:
    rows = [requirement("R1", induction_days=first), requirement("R2", induction_days=second)]

    assert required(person("ade", post("2025-06-01")), *rows)["SKILL"][2] is in_induction


def test_p1_r7_an_older_post_that_asks_for_it_too_ends_the_induction() -> None:
    someone = person("ade", post("2024-01-01"), post("2025-06-10", service="BARN"))

    assert required(someone, requirement(induction_days=28)) == {"SKILL": (1, False, False)}
    barn_only = requirement(service="BARN", induction_days=28)
    assert required(someone, barn_only) == {"SKILL": (1, False, True)}


def test_rows_of_a_post_that_ask_on_the_same_days_are_told_from_those_that_share_a_competency() -> None:
    rows = requirements(
        requirement("a", competency="first"),
        requirement("b", competency="second", level=3),
        requirement("c", competency="third", induction_days=84),
        requirement("d", competency="twice"),
        requirement("e", competency="twice", level=2),
        requirement("f", competency="percent", cover=Cover.PERCENT, amount=50),
    )

    asked = rows.asked_in(post())

    assert asked.competencies == {"first", "second", "third", "twice"}
    assert asked.by_several == {"twice"}
    assert [(row.code, wanted) for row, wanted in asked.alike] == [
        ("a", (("first", 1, False), ("second", 3, False))),
        ("c", (("third", 1, False),)),
    ]
