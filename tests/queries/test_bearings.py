"""What a thing bears on, looked up at once, is what the rule of cover says person by person."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from skillsmatrix.domain.cover import CoverLine, in_scope
from skillsmatrix.domain.digest import Bearing
from skillsmatrix.domain.standing import Standing
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.foundation.database import reading
from skillsmatrix.queries.bearings import Bearings, open_stops
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.workforce import workforce
from tests.conftest import DEMONSTRATION_DAY as TODAY


@pytest.fixture
def session(demonstration: Engine) -> Iterator[Session]:
    with reading(demonstration) as session:
        yield session


def by_the_rule(
    facts: Workforce, lines: list[CoverLine], person: str, competency: str, holds: bool
) -> Bearing:
    theirs = [
        (line.required - line.held + holds, line.requirement.hard_stop)
        for line in lines
        if line.requirement.competency == competency
        and in_scope(facts.people[person], line.requirement, line.service, on=TODAY)
    ]
    worst = max((missing for missing, _ in theirs), default=0)
    stop = max((missing for missing, hard_stop in theirs if hard_stop), default=0)
    return Bearing(max(stop, 0), max(worst, 0))


@pytest.mark.parametrize("holds", [False, True])
def test_the_worst_line_of_each_person_is_found(session: Session, holds: bool) -> None:
    facts, image = workforce(session), current(session)
    lines = image.cover(on=TODAY)
    asked = sorted({line.requirement.competency for line in lines})[::3]
    pairs = [(person, competency) for person in sorted(facts.people)[::5] for competency in asked]

    found = Bearings(image, on=TODAY).of_all(pairs, holds=holds)

    assert dict(zip(pairs, found, strict=True)) == {
        (person, competency): by_the_rule(facts, lines, person, competency, holds)
        for person, competency in pairs
    }
    assert any(bearing.hard_stop for bearing in found)


def test_whoever_is_not_known_bears_on_nothing(session: Session) -> None:
    bearings = Bearings(current(session), on=TODAY)

    assert bearings.of("nobody", "nothing", holds=True) == Bearing()
    assert bearings.of_all([], holds=False) == []


def test_the_hard_stops_that_stand_open_are_those_of_the_standings(session: Session) -> None:
    fine = (Standing.VALID, Standing.EXPIRING, Standing.EXEMPT, Standing.IN_INDUCTION)
    by_the_rule = {
        (row.person, row.instance.competency)
        for row in workforce(session).standings(on=TODAY)
        if row.instance.hard_stop and row.verdict.standing not in fine
    }

    assert set(open_stops(session, on=TODAY)) == by_the_rule
    assert by_the_rule
