"""A scenario is kept as plain values and comes back as it was."""

import json
from datetime import date

import pytest

from skillsmatrix.domain.person import Basis
from skillsmatrix.domain.requirement import Cover
from skillsmatrix.domain.scenario import (
    KINDS,
    Change,
    CompetencyGained,
    CourseMoves,
    LengthChanged,
    PersonJoins,
    PersonLeaves,
    PostStarts,
    RequirementAdded,
    RequirementChanged,
    RequirementEnded,
    ServiceAdded,
    ServiceCloses,
    ServiceOpens,
    felt_from,
    new_services,
    newcomers,
    own_code,
    read,
    stored,
)

DAY, NEXT = date(2027, 3, 3), date(2027, 3, 4)
ONE_OF_EACH: list[tuple[Change, date | None]] = [
    (PersonLeaves("ada", DAY), NEXT),
    (PersonJoins("what-if person 1", "New nurse", "alder", "sw", Basis.BANK, DAY, trained=True), DAY),
    (PostStarts("ada", "birch", "sw", Basis.PERMANENT, DAY, None), DAY),
    (CompetencyGained(("ada", "ben"), "med", 2, DAY), DAY),
    (CourseMoves(4, DAY), DAY),
    (ServiceOpens("birch", DAY), DAY),
    (ServiceCloses("birch", DAY), NEXT),
    (ServiceAdded("what-if service 1", "Elm House", DAY, "birch"), DAY),
    (RequirementAdded("what-if requirement 1", "med", None, "sw", 1, Cover.COUNT, 2, True, DAY, 28), DAY),
    (RequirementChanged("R-MED", 2, Cover.EACH, None, False, DAY), DAY),
    (RequirementEnded("R-MED", DAY), NEXT),
    (LengthChanged("med", 12, None), None),
]


@pytest.mark.parametrize(("change", "_felt"), ONE_OF_EACH)
def test_every_kind_of_change_comes_back_from_its_text_as_it_was(change: Change, _felt: date | None) -> None:
    text = json.dumps(stored([change]))

    assert read(json.loads(text)) == (change,)


@pytest.mark.parametrize(("change", "felt"), ONE_OF_EACH)
def test_a_last_day_is_felt_from_the_day_after_it(change: Change, felt: date | None) -> None:
    assert felt_from(change) == felt


def test_every_kind_that_there_is_was_tried() -> None:
    assert {type(change) for change, _felt in ONE_OF_EACH} == set(KINDS.values())


def test_what_a_scenario_brings_in_gets_a_code_that_is_free_in_it() -> None:
    changes = [change for change, _felt in ONE_OF_EACH]

    assert own_code("person", changes) == "what-if person 2"
    assert own_code("person", []) == "what-if person 1"
    assert newcomers(changes) == {"what-if person 1": "New nurse"}
    assert new_services(changes) == {"what-if service 1": "Elm House"}
