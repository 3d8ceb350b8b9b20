"""Catalogues come in pages and are searched, so that a telephone shows them at once."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Course
from skillsmatrix.web.competencies import routes as competencies
from skillsmatrix.web.training import routes as training
from tests.facts import add
from tests.web.conftest import CheckedClient

Browsers = Callable[[str], CheckedClient]


def listed(client: CheckedClient, path: str) -> list[str]:
    """The codes that a page of a catalogue links to."""
    return re.findall(r'href="/(?:training/courses|competencies)/([^"]+)"', client.get(path).text)


@pytest.fixture
def two_courses(world_engine: Engine) -> None:
    with writing(world_engine) as session:
        add(session, Course(code="C-ZEN", title="Calm breathing", provider="Fenland Trust"))


def test_courses_come_in_pages(
    browser_of: Browsers, two_courses: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "COURSES_ON_PAGE", 1)
    trainer = browser_of("trn")

    assert [listed(trainer, f"/training/courses?page={number}") for number in (1, 2, 3)] == [
        ["C-ZEN"],
        ["C-MED"],
        [],
    ]
    assert "Page 1 of 2" in trainer.get("/training/courses").text


def test_a_course_is_found_by_a_part_of_its_name_or_of_who_gives_it(
    browser_of: Browsers, two_courses: None
) -> None:
    trainer = browser_of("trn")

    assert listed(trainer, "/training/courses?q=MEDIC") == ["C-MED"]
    assert listed(trainer, "/training/courses?q=fenland") == ["C-ZEN"]
    assert "No course matches" in trainer.get("/training/courses?q=zzz").text


def test_competencies_come_in_pages_and_a_search_begins_with_the_first(
    browser_of: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(competencies, "ON_PAGE", 1)
    staff = browser_of("staff")

    first, second = (listed(staff, f"/competencies?page={number}") for number in (1, 2))

    assert (len(first), len(second)) == (1, 1)
    assert first != second
    assert listed(staff, f"/competencies?q={second[0]}") == second
    assert 'name="page"' not in staff.get("/competencies?page=2").text
