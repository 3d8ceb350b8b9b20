"""The matrix: a cell for each service and competency with a line, speaking for its worst."""

from random import Random

import numpy as np
import pytest

from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.matrix import matrix
from tests.builders import day
from tests.engine.house import facts_of, image_of
from tests.oracle.packages import edge_days, random_package

Cell = tuple[str, str]


def cells_of(lines: list[CoverLine]) -> dict[Cell, CoverLine]:
    """The worst line of each cell: unmet hard stop, then shortfall, then need, then the first code."""
    worst: dict[Cell, CoverLine] = {}
    for line in sorted(lines, key=lambda line: line.requirement.code):
        cell = (line.service, line.requirement.competency)
        if cell not in worst or badness(line) > badness(worst[cell]):
            worst[cell] = line
    return worst


def badness(line: CoverLine) -> tuple[bool, int, int]:
    return line.unsafe, line.shortfall, line.required


def cells_in(image: Image, found: object) -> dict[Cell, int]:
    """Cell → its place in the columns of a matrix."""
    rules = image.catalogue
    return {
        (rules.service_codes[service], rules.competency_codes[competency]): at
        for at, (service, competency) in enumerate(
            zip(found.service.tolist(), found.competency.tolist(), strict=True)  # type: ignore[attr-defined]
        )
    }


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_each_cell_speaks_for_its_worst_line(first: int) -> None:
    several = 0
    for seed in range(first, first + 10):
        tables = random_package(seed, services=2, competencies=3)
        facts = facts_of(tables)
        image = image_of(facts)
        for on in Random(seed).sample(edge_days(tables), 8):  # noqa: S311 - drawn from a seed on purpose
            lines = facts.cover(on=on)
            wanted, found = cells_of(lines), matrix(image, on=on)
            places = cells_in(image, found)

            assert set(places) == set(wanted)
            for cell, at in places.items():
                line = wanted[cell]
                assert (
                    image.catalogue.requirements.rows[image.catalogue.lines.row[found.line[at]]]
                    == line.requirement
                )
                assert (found.required[at], found.held[at], found.shortfall[at]) == (
                    line.required,
                    line.held,
                    line.shortfall,
                )
                assert (found.expiring_30[at], found.expiring_60[at], found.expiring_90[at]) == (
                    line.expiring_30,
                    line.expiring_60,
                    line.expiring_90,
                )
                assert found.hard_stop[at] == line.requirement.hard_stop
                assert found.unsafe[at] == line.unsafe
                assert found.single_point_of_failure[at] == line.single_point_of_failure
            assert found.lines.sum() == len(lines)
            several += int((found.lines > 1).sum())

    assert several > 0, "no cell with more than one line was drawn"


def test_with_one_line_a_cell_the_short_way_gives_the_same() -> None:
    facts = facts_of(random_package(8, services=3, competencies=30))
    image = image_of(facts)
    lines = facts.cover(on=day("2025-03-31"))
    found = matrix(image, on=day("2025-03-31"))

    assert len(found) == len(cells_of(lines))


def test_a_grid_is_blank_where_nothing_is_required() -> None:
    image = image_of(facts_of(random_package(4)))
    found = matrix(image, on=day("2025-03-31"))

    grid = found.grid(found.required)

    assert grid.shape == found.shape == (3, 6)
    assert (grid >= 0).sum() == len(found)
    assert np.array_equal(grid[found.service, found.competency], found.required)
