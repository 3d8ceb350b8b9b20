"""One service from the facts gives the figures that the rule and the image give for everybody."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from skillsmatrix.domain.compliance import Compliance, Share
from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.domain.standing import Standing, standing
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading
from skillsmatrix.queries.access import ALL
from skillsmatrix.queries.ahead import supervised_on
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.holders import holders
from skillsmatrix.queries.organisation_matrix import UNSAFE, organisation_matrix
from skillsmatrix.queries.record import person_record
from skillsmatrix.queries.services import lost_from, organisation_figures, service_entries
from skillsmatrix.queries.team import team
from skillsmatrix.queries.workforce import workforce
from tests.conftest import DEMONSTRATION_DAY

TODAY = DEMONSTRATION_DAY
NOBODY = Compliance(Share(0, 0), Share(0, 0), Share(0, 0))


@pytest.fixture
def session(demonstration: Engine) -> Iterator[Session]:
    with reading(demonstration) as session:
        yield session


@pytest.mark.slow
@pytest.mark.parametrize("days", [-365, 0, 70])
def test_the_cover_of_a_service_is_the_same_from_its_own_people_and_from_everybody(
    session: Session, days: int
) -> None:
    on = TODAY + timedelta(days=days)
    image = current(session)
    ahead = supervised_on(on=on, today=TODAY)
    lines = image.cover(on=on, supervision_on=ahead)
    shares = image.compliance_by_service(on=on, supervision_on=ahead)
    unsafe = [(line.service, line.requirement) for line in lines if line.unsafe]
    lost = lost_from(session, unsafe, on=on, today=TODAY)

    seen = 0
    for entry in service_entries(session, ALL):
        found = team(session, entry, on=on, today=TODAY)
        assert found.lines == [line for line in lines if line.service == entry.code]
        everybody = {person.code for person in found.people}
        assert found.compliance(everybody) == shares.get(entry.code, NOBODY)
        for line in found.lines:
            if line.unsafe:
                seen += 1
                by_facts = [(loss.person, loss.last_day, loss.by) for loss in found.losses(line)]
                by_image = lost.get((entry.code, line.requirement.code), ())
                assert sorted(by_facts) == sorted((each.person, each.last_day, each.by) for each in by_image)
    assert seen or days < 0, "the demonstration has a hard stop that is not met"


@pytest.mark.slow
def test_every_cell_of_a_matrix_is_the_standing_of_the_contract(session: Session) -> None:
    facts = workforce(session)
    for entry in service_entries(session, ALL):
        found = team(session, entry, on=TODAY, today=TODAY)

        asked = {key: cell for key, cell in found.cells.items() if cell.asked is not None}

        rows = facts.standings(on=TODAY, service=entry.code)
        assert {key: (cell.asked, found.verdict_of(cell)) for key, cell in asked.items()} == {
            (row.person, row.instance.competency): (row.instance, row.verdict) for row in rows
        }
        assert all(cell.standing is found.verdict_of(cell).standing for cell in found.cells.values())


def test_a_line_that_is_not_met_names_those_nearest_to_filling_it_first(session: Session) -> None:
    worst = next(
        each
        for each in organisation_figures(session, service_entries(session, ALL), on=TODAY, today=TODAY)
        if each.unsafe
    )
    found = team(session, worst.entry, on=TODAY, today=TODAY)
    line = worst.unsafe[0]

    missing = found.missing(line)

    held = found.held_by(line)
    assert len(held) == line.held
    assert not set(held) & {placing.person for placing in missing}
    assert all(placing.next_step for placing in missing)


@pytest.mark.slow
def test_whoever_is_in_induction_is_said_to_be_so_wherever_they_stand(session: Session) -> None:
    seen = 0
    for entry in service_entries(session, ALL):
        found = team(session, entry, on=TODAY, today=TODAY)
        for line in found.lines:
            for placing in found.missing(line):
                cell = found.cells[placing.person, line.requirement.competency]
                if cell.level == line.requirement.level:
                    seen += cell.standing is Standing.IN_INDUCTION
                    assert placing.verdict.standing is cell.standing
    assert seen, "the demonstration has somebody in induction"


def test_a_requirement_that_is_only_tried_is_answered_by_itself(session: Session) -> None:
    entry = next(each for each in service_entries(session, ALL) if each.code == "LARCH")
    found = team(session, entry, on=TODAY, today=TODAY)
    line = next(each for each in found.lines if each.requirement.level > 1 and found.held_by(each))
    missing = {placing.person for placing in found.missing(line)}

    higher = replace(line, requirement=replace(line.requirement, level=99))

    assert {placing.person for placing in found.missing(higher)} > missing


def test_the_most_dangerous_service_comes_first(session: Session) -> None:
    found = organisation_figures(session, service_entries(session, ALL), on=TODAY, today=TODAY)

    stops = [len(each.unsafe) for each in found]
    assert stops == sorted(stops, reverse=True)
    assert stops[0] > 0


@pytest.mark.parametrize(
    ("days", "known_at"),
    [(-100, None), (0, None), (40, None), (-30, datetime(2026, 5, 1, tzinfo=UTC))],
)
def test_a_cell_of_the_organisation_speaks_for_its_worst_line(
    session: Session, days: int, known_at: datetime | None
) -> None:
    on = TODAY + timedelta(days=days)
    entries = service_entries(session, ALL)
    codes = {entry.code for entry in entries}
    grid = organisation_matrix(session, codes, on=on, today=TODAY, known_at=known_at)

    lines: dict[tuple[str, str], list[CoverLine]] = {}
    for entry in entries:
        for line in team(session, entry, on=on, today=TODAY, known_at=known_at).lines:
            lines.setdefault((entry.code, line.requirement.competency), []).append(line)
    cells = grid.cells
    shown = {
        (grid.services[row], grid.competencies[column]): number
        for number, (row, column) in enumerate(zip(cells.row, cells.column, strict=True))
    }
    assert shown.keys() == lines.keys()
    for place, several in lines.items():
        worst = max(several, key=lambda line: (line.unsafe, line.shortfall, line.required))
        at = shown[place]
        found = (cells.state[at] == UNSAFE, cells.shortfall[at], cells.required[at])
        assert found == (worst.unsafe, worst.shortfall, worst.required)


def test_a_record_says_of_each_competency_what_the_contract_says(session: Session) -> None:
    record = person_record(session, "BH1005", on=TODAY, today=TODAY)
    assert record is not None

    standings = {row.instance.competency: row.verdict for row in record.facts.standings(on=TODAY)}

    assert {point.competency.code: point.verdict for point in record.required} == standings


def test_a_record_of_a_past_day_leaves_out_what_happened_later(session: Session) -> None:
    then = TODAY - timedelta(days=400)
    record = person_record(session, "BH1005", on=then, today=TODAY)
    assert record is not None

    days = [line.day for line in record.evidence()]

    assert days
    assert max(days) <= then
    assert all(row["held_on"] <= then for row in record.rows("supervision"))


def test_nobody_has_a_record_before_they_were_recorded(session: Session) -> None:
    long_ago = clock.now() - timedelta(days=40_000)

    assert person_record(session, "nobody", on=TODAY, today=TODAY) is None
    assert person_record(session, "BH1005", on=TODAY, today=TODAY, known_at=long_ago) is not None


@pytest.mark.parametrize("asked", [["CS-MED"], ["CS-MED", "CS-BLS"], ["PSY-LT", "PHY-BP"]])
def test_those_found_to_hold_several_are_those_of_whom_the_rule_says_so(
    session: Session, asked: list[str]
) -> None:
    facts = workforce(session)

    found = holders(session, asked, on=TODAY, today=TODAY)

    by_the_rule = {
        code
        for code in facts.people
        if all(standing(facts.holding(code, each), level=1, on=TODAY).standing.compliant for each in asked)
    }
    assert set(found) == by_the_rule
    assert by_the_rule
    assert holders(session, [*asked, "NO-SUCH-THING"], on=TODAY, today=TODAY) == {}
