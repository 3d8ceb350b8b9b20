"""Catalogues come in pages and are searched, so that a telephone shows them at once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Competency, Course, Learning, SignOff, Staff
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
        ["C-MED"],
    ]
    assert "Page 1 of 2" in trainer.get("/training/courses").text
    assert "Page 2 of 2" in trainer.get("/training/courses?page=3").text


def test_a_page_that_is_no_number_or_before_the_first_is_the_first(
    browser_of: Browsers, two_courses: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "COURSES_ON_PAGE", 1)
    trainer = browser_of("trn")

    for page in ("0", "-1", "two", ""):
        assert listed(trainer, f"/training/courses?page={page}") == ["C-ZEN"]


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


def test_earlier_sign_offs_of_the_same_are_folded_unless_the_later_one_is_withdrawn(
    browser_of: Browsers, world_engine: Engine
) -> None:
    today = clock.today()
    with writing(world_engine) as session:
        first = session.scalars(
            select(SignOff).join(Staff, Staff.id == SignOff.staff_id).where(Staff.code == "ada")
        ).one()
        again = {
            "staff_id": first.staff_id,
            "competency_id": first.competency_id,
            "assessor_id": first.assessor_id,
            "level": 1,
            "outcome": "competent",
        }
        add(session, SignOff(**again, assessed_on=today - timedelta(days=1)))
        add(session, SignOff(**again, assessed_on=today, withdrawn_on=today, withdrawn_reason="Unseen"))

    page = browser_of("hr").get("/people/ada/assessments").text

    shown, folded = page.split("1 earlier sign-off of the same")
    yesterday = today - timedelta(days=1)
    assert [f"{each.day} {each:%B %Y} by" in shown for each in (today, yesterday)] == [True, True]
    assert f"{first.assessed_on.day} {first.assessed_on:%B %Y} by" in folded


@pytest.mark.parametrize(
    ("path", "summary"),
    [("/outlook", "The same in figures, month by month"), ("/people/ada/card", "Where it ends")],
)
def test_what_a_telephone_folds_away_is_on_the_page_all_the_same(
    browser_of: Browsers, world_engine: Engine, path: str, summary: str
) -> None:
    with writing(world_engine) as session:
        for competency in session.scalars(select(Competency)):
            competency.boundary = "Two people, always."
        session.execute(update(SignOff).values(level=3))
        session.execute(update(Learning).values(level=3))

    page = browser_of("hr").get(path).text

    fold = page[: page.index(summary)].rindex("<details")
    assert 'class="nhsuk-details app-fold"' in page[fold : page.index(summary)]
    folded = page[fold : page.index("</details>", fold)]
    assert {"/outlook": 'id="months"', "/people/ada/card": "Two people, always."}[path] in folded
