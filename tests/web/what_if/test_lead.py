"""What the page of a scenario says first: nothing that is not so, and what is not safe before the rest."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Engine, select

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Absence, Competency, Requirement, Service, Staff
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.web.shared.formats import typed_day
from tests.facts import add
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words
from tests.web.what_if.bench import IN_TEN_DAYS, add_change, said, version_on, with_leaver

Browser = Callable[[str], CheckedClient]


def test_a_leaver_who_is_away_is_felt_from_the_day_they_would_have_come_back(
    browser_of: Browser, world_engine: Engine
) -> None:
    back = clock.today() + timedelta(days=90)
    with writing(world_engine) as session:
        ada = session.scalars(select(Staff.id).where(Staff.code == "ada")).one()
        add(
            session,
            Absence(staff_id=ada, kind="parental", starts_on=clock.today(), ends_on=back - timedelta(days=1)),
        )
        rebuild(session, by="test", at=clock.now())
    browser = browser_of("hcp")
    path = with_leaver(browser)

    page = words(browser.get(path).text)

    assert f"nothing changes in the services you may see. Cover first changes on {said(back)}." in page
    assert f"/what-if/{path.rsplit('/', 1)[1]}?on={back.isoformat()}" in browser.get(path).text
    assert "Alder: Fire safety" in browser.get(f"{path}?on={back.isoformat()}").text


def test_the_first_day_short_of_anything_is_not_taken_for_the_first_hard_stop(browser_of: Browser) -> None:
    browser = browser_of("svc")
    page = words(browser.get(with_leaver(browser)).text)

    assert "First short of anything on" in page
    assert "when any requirement is not met, hard stop or target" in page
    assert "First short of anything on" in words(browser.get("/outlook").text)


def test_where_nothing_changes_the_days_that_were_looked_at_are_said(browser_of: Browser) -> None:
    browser = browser_of("svc")
    path = with_leaver(browser)

    page = words(browser.get(f"{path}?on={clock.today().isoformat()}").text)

    assert f"Cover first changes on {said(IN_TEN_DAYS + timedelta(days=1))}." in page
    much_later = clock.today() + timedelta(days=400)
    add_change(browser, path, "person_leaves", "ben", last_day=typed_day(much_later))
    browser.send(f"{path}/changes/0/remove", version=version_on(browser.get(path).text))
    page = words(browser.get(f"{path}?on={clock.today().isoformat()}").text)
    last = said(clock.today() + timedelta(days=365))
    assert f"cover changes on none of the days from today to {last}." in page


def test_a_hard_stop_that_is_not_met_already_and_gets_worse_is_counted_apart_and_comes_first(
    browser_of: Browser, world_engine: Engine
) -> None:
    """At alder ada alone holds fire safety. One must hold it, a target, and two must, a hard stop."""
    with writing(world_engine) as session:
        fire = session.scalars(select(Competency.id).where(Competency.code == "fire")).one()
        alder = session.scalars(select(Service.id).where(Service.code == "alder")).one()
        for amount, strength in ((1, "target"), (2, "hard_stop")):
            add(
                session,
                Requirement(
                    code=f"R-{amount}",
                    competency_id=fire,
                    service_id=alder,
                    cover="count",
                    amount=amount,
                    strength=strength,
                    in_force_from=clock.today(),
                ),
            )
        rebuild(session, by="test", at=clock.now())
    browser = browser_of("svc")

    page = words(browser.get(with_leaver(browser)).text)

    assert "1 hard stop that is not met already gets worse, 1 other requirement gets worse." in page
    already, ordinary = "Not safe to run already, and worse after these changes", "Gets worse"
    assert "1 held of 2 becomes 0 held of 2" in page.split(already)[1].split("The changes")[0]
    assert "1 held of 1 becomes 0 held of 1" in page.split(ordinary)[1]
