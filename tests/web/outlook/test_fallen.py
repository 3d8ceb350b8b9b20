"""What came to be not met at one service between two days, hard stops first, and who is behind it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Competency, Organisation, Post, Requirement, Role, Service, Staff
from skillsmatrix.operations.conclusions import rebuild
from tests.facts import add
from tests.web import world
from tests.web.conftest import CheckedClient
from tests.web.outlook.test_outlook import days_ago
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]
CHANGES = f"/changes?service=alder&from={days_ago(5)}"


def number_of(session: Session, model: type, code: str) -> int:
    found: int = session.scalars(select(model.id).where(model.code == code)).one()  # type: ignore[attr-defined]
    return found


@pytest.fixture
def four_for_medicines(world_engine: Engine) -> None:
    """At alder four must hold medicines, and did: sid, mia, ada, whose was stopped, and gus, who left."""
    with writing(world_engine) as session:
        add(
            session,
            Requirement(
                code="R-FOUR",
                competency_id=number_of(session, Competency, "med"),
                service_id=number_of(session, Service, "alder"),
                cover="count",
                amount=4,
                strength="hard_stop",
                in_force_from=world.LONG_AGO,
            ),
        )
        rebuild(session, by=world.BY, at=clock.now())


@pytest.fixture
def new_porter(world_engine: Engine) -> None:
    """Zed came to alder as its only porter two days ago, and has a month to learn lifting."""
    with writing(world_engine) as session:
        role, alder = add(session, Role(code="porter", name="Porter")), number_of(session, Service, "alder")
        lifting = add(
            session, Competency(code="lift", title="Lifting", needs_learning=True, needs_sign_off=False)
        )
        began = clock.today() - timedelta(days=2)
        zed = add(
            session,
            Staff(
                code="zed",
                given_name="Zed",
                family_name="Newstart",
                employer_id=number_of(session, Organisation, "HOME"),
                employed_from=began,
            ),
        )
        add(
            session,
            Post(staff_id=zed.id, service_id=alder, role_id=role.id, basis="permanent", starts_on=began),
        )
        add(
            session,
            Requirement(
                code="R-LIFT",
                competency_id=lifting.id,
                service_id=alder,
                role_id=role.id,
                cover="each",
                strength="target",
                induction_days=30,
                in_force_from=world.LONG_AGO,
            ),
        )
        rebuild(session, by=world.BY, at=clock.now())


def fallen(page: str) -> str:
    """The part of the page that lists what came to be not met."""
    return words(page).partition("Came to be not met")[2].partition("By service")[0]


def test_who_counted_and_does_not_now_is_named_with_the_reason(
    browser_of: Browser, four_for_medicines: None
) -> None:
    client = browser_of("hcp")

    page = client.get(CHANGES).text
    known = client.get(f"{CHANGES}&known_at={days_ago(-1)}").text

    assert "1 hard stop came to be not met. Among its people:" in words(page)
    assert "At least 4 people at Alder: 4 held of 4 &rarr; then 2 held of 4" in fallen(page)
    assert "Ada Qanaryada (stopped, or no registration), Gus Qanarygus (left)." in fallen(page)
    assert fallen(known) == fallen(page)


def test_a_new_starter_in_induction_is_named_as_the_cause(browser_of: Browser, new_porter: None) -> None:
    listed = fallen(browser_of("svc").get(CHANGES).text)

    assert "Lifting" in listed
    assert "0 held of 0 &rarr; then 0 held of 1" in listed
    assert "and without it: Zed Newstart (began; in induction, does not count yet)." in listed


def test_hard_stops_come_first(browser_of: Browser, four_for_medicines: None, new_porter: None) -> None:
    page = browser_of("svc").get(CHANGES).text
    listed = fallen(page)

    assert "2 requirements came to be not met, 1 hard stop among them." in words(page)
    assert listed.index("Medicines Hard stop") < listed.index("Lifting")


def test_nobody_is_told_that_no_gap_opened_where_a_requirement_fell_short(
    browser_of: Browser, new_porter: None
) -> None:
    client = browser_of("hcp")
    since = f"/changes?from={(clock.today() - timedelta(days=4)).isoformat()}"

    everywhere, here = (words(client.get(path).text) for path in (since, f"{since}&service=alder"))

    assert "No gap opened" not in everywhere
    assert "1 requirement more is short" in everywhere
    assert "1 requirement came to be not met." in here


def test_somebody_out_of_sight_is_behind_it_without_a_name(
    browser_of: Browser, four_for_medicines: None
) -> None:
    """Gus left yesterday: the manager of alder reads that there is somebody."""
    listed = fallen(browser_of("svc").get(CHANGES).text)

    assert "Ada Qanaryada (stopped, or no registration), and somebody who is not in your sight." in listed
    assert "Qanarygus" not in listed


def test_an_inspector_reads_what_fell_short_without_figures_about_few_people(
    browser_of: Browser, four_for_medicines: None
) -> None:
    listed = fallen(browser_of("insp").get(CHANGES).text)

    assert "Medicines Hard stop" in listed
    assert "fewer than 5 people, figures not shown" in listed
    assert "held of" not in listed
