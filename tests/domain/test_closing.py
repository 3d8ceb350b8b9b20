"""May a service close: who has nowhere to go, and whether what follows is open and safe."""

from dataclasses import replace
from datetime import date

import pytest

from skillsmatrix.domain.closing import obstacles
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.requirement import Service
from skillsmatrix.domain.workforce import Workforce
from tests.builders import competency, learnt, person, post, requirement, requirements

CLOSES = date(2026, 6, 30)
MOVES = post("2026-07-01", service="BARN")


def workforce(*people: Person, barn: Service | None = None) -> Workforce:
    rows = requirements(requirement(service="BARN", hard_stop=True), BARN=barn or Service("BARN"))
    return Workforce({each.code: each for each in people}, {"SKILL": competency()}, rows)


@pytest.mark.parametrize(
    ("someone", "stranded"),
    [
        (person("ade", post()), ("ade",)),
        (person("ade", post(to="2026-06-30")), ()),
        (person("ade", post(to="2026-07-01")), ("ade",)),
        (person("ade", post(), MOVES), ()),
        (person("ade", post(), post("2026-01-01", "2026-06-30", service="BARN")), ("ade",)),
        (person("ade", post("2026-08-01")), ("ade",)),
        (replace(person("ade", post()), employed_to=CLOSES), ()),
        (replace(person("ade", post()), employed_to=date(2026, 7, 1)), ("ade",)),
        (person("ade", post(service="BARN")), ()),
    ],
)
def test_everybody_needs_a_post_elsewhere_or_a_leaving_date(
    someone: Person, stranded: tuple[str, ...]
) -> None:
    assert obstacles(workforce(someone), "HOUSE", successor=None, closes_on=CLOSES).stranded == stranded


def test_a_successor_whose_people_lack_a_hard_stop_stands_in_the_way() -> None:
    found = obstacles(workforce(person("ade", post(), MOVES)), "HOUSE", successor="BARN", closes_on=CLOSES)

    assert [line.requirement.code for line in found.unsafe] == ["R1"]
    assert found.of_successor


def test_a_successor_that_is_safe_does_not() -> None:
    ready = person("ade", post(), MOVES, completions={"SKILL": (learnt("2026-05-01"),)})

    assert not obstacles(workforce(ready), "HOUSE", successor="BARN", closes_on=CLOSES).of_successor


@pytest.mark.parametrize(("opens", "closed"), [("2026-07-01", False), ("2026-07-02", True)])
def test_a_successor_must_be_open_the_day_after(opens: str, closed: bool) -> None:
    facts = workforce(barn=Service("BARN", opens_on=date.fromisoformat(opens)))

    found = obstacles(facts, "HOUSE", successor="BARN", closes_on=CLOSES)

    assert found.successor_closed is closed
