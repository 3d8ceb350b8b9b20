"""My record: what must not be done now comes first, in plain words, with what to do about it."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine, select

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Competency, Learning, Requirement, Staff, Suspension
from skillsmatrix.operations.conclusions import refresh
from tests.facts import add
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]


def test_what_must_not_be_done_comes_first(browser_of: Browser) -> None:
    page = words(browser_of("staff").get("/me").text)

    assert "Do not do the things in the first list until they are put right. Start with Fire safety." in page
    assert page.index("What you must not do now (1)") < page.index("In order (1)")
    assert "Complete the learning." in page


def test_each_competency_has_a_picture_and_the_same_in_words(browser_of: Browser) -> None:
    page = browser_of("staff").get("/me").text

    assert page.count("<svg") == page.count("<title id=") == page.count("<desc id=") == 2
    assert "Not held in the last two years." in page
    assert "Held from " in page


def test_a_competency_opens_its_reasons(browser_of: Browser) -> None:
    page = words(browser_of("staff").get("/me/competencies/fire").text)

    assert "Nothing recorded that counts." in page
    assert "Needed in every house" in page


def test_an_account_that_is_nobodys_on_the_staff_has_no_record(browser_of: Browser) -> None:
    assert browser_of("svc").get("/me").status_code == 200
    assert browser_of("hcp").get("/me").status_code == 404


def test_nothing_of_others_is_on_my_record(browser_of: Browser) -> None:
    page = browser_of("staff").get("/me").text

    assert page.count("Qanary") == 0 or "Qanarysid" in page
    assert "Qanaryada" not in page


def holds(engine: Engine, *, asked_of_team: bool, months: int, stopped: bool = False) -> None:
    """Sid has learned gardening 100 days ago; nobody asks it of him alone."""
    with writing(engine) as session:
        sid = session.scalars(select(Staff.id).where(Staff.code == "sid")).one()
        skill = add(
            session, Competency(code="grow", title="Gardening", needs_learning=True, needs_sign_off=False)
        ).id
        about = {"staff_id": sid, "competency_id": skill}
        done_on = clock.today() - timedelta(days=100)
        add(session, Learning(**about, completed_on=done_on, valid_months=months))
        if asked_of_team:
            row = {"code": "R-GROW", "competency_id": skill, "cover": "count", "amount": 1}
            add(session, Requirement(**row, strength="target", in_force_from=done_on))
        if stopped:
            add(session, Suspension(**about, starts_on=clock.today(), reason="A doubt"))
        refresh(session, staff_ids=None, by="test", at=clock.now())


def part_of(page: str, heading: str) -> str:
    """What stands under a heading, up to the next."""
    return page.split(heading)[1].split("<h2")[0]


def test_what_the_team_counts_on_is_told_apart_from_what_nobody_asks(
    browser_of: Browser, world_engine: Engine
) -> None:
    holds(world_engine, asked_of_team=True, months=36)

    page = browser_of("staff").get("/me").text

    assert "Gardening" in part_of(page, "What your team counts on you for</h2>")
    assert "What you hold besides" not in page


def test_what_the_team_counts_on_and_runs_out_is_among_what_runs_out(
    browser_of: Browser, world_engine: Engine
) -> None:
    holds(world_engine, asked_of_team=True, months=4)

    assert "Gardening" in part_of(browser_of("staff").get("/me").text, "Running out soon (1)</h2>")


def test_what_is_stopped_must_not_be_done_though_nobody_asks_it(
    browser_of: Browser, world_engine: Engine
) -> None:
    holds(world_engine, asked_of_team=False, months=36, stopped=True)

    assert "Gardening" in part_of(browser_of("staff").get("/me").text, "What you must not do now (2)</h2>")
