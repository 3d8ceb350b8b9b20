"""Contract section 6."""

import pytest

from skillsmatrix.domain.cover import Candidate, CoverLine, cover_line, in_scope, required
from skillsmatrix.domain.person import Basis
from skillsmatrix.domain.requirement import Cover
from tests.builders import day, period, person, post, requirement

ON = day("2025-06-15")


def line(cover: Cover, amount: int | None, *held: bool | None, hard_stop: bool = False) -> CoverLine:
    """`held`: True compliant, False not, None exempt; one each person in scope."""
    people = [Candidate(str(n), exempt=each is None, compliant=bool(each)) for n, each in enumerate(held)]
    row = requirement(cover=cover, amount=amount, hard_stop=hard_stop)
    return cover_line("HOUSE", row, people, on=ON)


@pytest.mark.parametrize(
    ("cover", "amount", "people", "exempt", "needed"),
    [
        (Cover.EACH, None, 7, 2, 5),
        (Cover.PERCENT, 50, 7, 2, 4),  # 5.3 example 6: rounded up; exempt people stay in scope
        (Cover.PERCENT, 100, 7, 0, 7),
        (Cover.PERCENT, 50, 0, 0, 0),
        (Cover.COUNT, 2, 0, 0, 2),
        (Cover.NAMED, 1, 9, 0, 1),
    ],
)
def test_v2_how_many_are_required(
    cover: Cover, amount: int | None, people: int, exempt: int, needed: int
) -> None:
    assert required(cover, amount, in_scope=people, exempt=exempt) == needed


def test_v4_shortfall_is_never_below_zero() -> None:
    assert line(Cover.COUNT, 2, True, False).shortfall == 1
    assert line(Cover.COUNT, 2, True, True, True).shortfall == 0


def test_v3_v6_an_exempt_person_is_never_cover() -> None:
    found = line(Cover.COUNT, 2, True, None)

    assert (found.in_scope, found.held, found.met) == (2, 1, False)


def test_v6_an_unmet_hard_stop_is_unsafe() -> None:
    assert line(Cover.COUNT, 1, False, hard_stop=True).unsafe
    assert not line(Cover.COUNT, 1, False).unsafe
    assert not line(Cover.COUNT, 1, True, hard_stop=True).unsafe


@pytest.mark.parametrize(
    ("found", "single"),
    [
        (line(Cover.COUNT, 1, True, False), True),
        (line(Cover.COUNT, 1, True, True), False),
        (line(Cover.COUNT, 0, True), False),
        (line(Cover.COUNT, 2, True), False),  # not met in the first place
        (line(Cover.EACH, None, True), False),  # without them nobody is asked
        (line(Cover.PERCENT, 50, True, True, False), False),  # 2 of 3 needed; of the 2 left, 1
        (line(Cover.PERCENT, 60, True, True, False), True),  # 2 of 3 needed; of the 2 left, 2
    ],
)
def test_v7_met_and_not_met_without_one_of_the_people_held(found: CoverLine, single: bool) -> None:
    assert found.single_point_of_failure is single


def test_v5_expiring_within_30_60_and_90_days() -> None:
    ends = ["2025-07-15", "2025-07-16", "2025-08-14", "2025-09-13", "2025-09-14"]
    people = [Candidate(end, compliant=True, valid_to=day(end)) for end in ends]

    found = cover_line("HOUSE", requirement(), [*people, Candidate("open", compliant=True)], on=ON)

    assert (found.expiring_30, found.expiring_60, found.expiring_90) == (1, 3, 4)


@pytest.mark.parametrize(
    ("basis", "counted"),
    [(Basis.AGENCY, True), (Basis.BANK, True), (Basis.VOLUNTEER, False), (Basis.STUDENT, False)],
)
def test_v1_volunteers_and_students_are_no_cover(basis: Basis, counted: bool) -> None:
    assert in_scope(person("ade", post(basis=basis)), requirement(), "HOUSE", on=ON) is counted


def test_v1_p2_a_person_counts_where_they_have_a_post_to_which_the_row_applies() -> None:
    someone = person("ade", post(), post(service="BARN", role="NURSE"))

    assert in_scope(someone, requirement(), "BARN", on=ON)
    assert not in_scope(someone, requirement(role="SW"), "BARN", on=ON)
    assert not in_scope(someone, requirement(), "MILL", on=ON)
    assert not in_scope(someone, requirement(service="HOUSE"), "BARN", on=ON)


def test_v1_a_person_who_is_away_for_long_is_in_no_team() -> None:
    someone = person("ade", absences=(period("2025-06-01.."),))

    assert not in_scope(someone, requirement(), "HOUSE", on=ON)
