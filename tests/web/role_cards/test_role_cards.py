"""Role cards as pages: what may be done, what not, whom to call; both employers of a seconded person."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pikepdf
from sqlalchemy import Engine, select

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Competency, Learning, Post, Requirement, Role, Service, Staff
from tests.facts import add
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]


def write_boundary(engine: Engine, *, contact: str | None = "Duty desk 01632 960140") -> None:
    with writing(engine) as session:
        session.scalars(select(Role).where(Role.code == "sw")).one().boundary = "Does not diagnose."
        for service in session.scalars(select(Service)):
            service.escalation_contact = contact


def teach(engine: Engine, staff: str, *, level: int) -> None:
    """Safe moving, learnt ten days ago at a level, for twelve months; nobody asks for it."""
    with writing(engine) as session:
        person = session.scalars(select(Staff).where(Staff.code == staff)).one()
        moving = session.scalar(select(Competency).where(Competency.code == "moving")) or add(
            session,
            Competency(
                code="moving", title="Safe moving", needs_learning=True, needs_sign_off=False,
                boundary="Two people, always.",
            ),
        )  # fmt: skip
        done_on = clock.today() - timedelta(days=10)
        add(
            session,
            Learning(
                staff_id=person.id,
                competency_id=moving.id,
                completed_on=done_on,
                level=level,
                valid_months=12,
            ),
        )


def card_of(browser: CheckedClient, staff: str, **asked: str) -> str:
    return words(browser.get(f"/people/{staff}/card", query_string=asked).text)


def between(page: str, start: str, end: str) -> str:
    return page[page.index(start) : page.index(end, page.index(start))]


def test_the_card_sorts_what_somebody_may_do(browser_of: Browser, world_engine: Engine) -> None:
    write_boundary(world_engine)
    teach(world_engine, "sid", level=3)

    page = card_of(browser_of("staff"), "sid")

    assert "Safe moving , level 3, to " in between(page, "May do alone (1)", "May do under supervision")
    assert "Two people, always." in page
    assert "Fire safety Not held Hard stop" in between(page, "Must not do now (1)", "May do alone")
    assert "Medicines" in page[page.index("Knows about (1)") :]
    assert "Support worker : Does not diagnose." in page
    assert "If in doubt or in danger, call: Duty desk 01632 960140" in page


def test_what_is_suspended_is_among_what_must_not_be_done(browser_of: Browser, world_engine: Engine) -> None:
    write_boundary(world_engine)

    page = card_of(browser_of("svc"), "ada")

    assert "Medicines Suspended Hard stop" in between(page, "Must not do now (1)", "May do alone")
    assert "Quarrel in the office" not in page


def test_a_host_sees_the_card_of_whom_they_borrow_with_both_employers(
    browser_of: Browser, world_engine: Engine
) -> None:
    write_boundary(world_engine)

    page = card_of(browser_of("host"), "eve")

    assert "Employed by Harbour Homes." in page
    assert (
        "Support worker at Ward. Seconded by Harbour Homes to Fenland Trust, from 6 January 2020 to" in page
    )
    assert browser_of("host").get("/people/ada/card").status_code == 404
    listed = words(browser_of("host").get("/services/ward/cards").text)
    assert "Eve Qanaryeve Support worker, seconded by Harbour Homes" in listed
    assert "Qanaryjon" not in listed


def test_a_card_is_about_the_day_that_is_asked(browser_of: Browser, world_engine: Engine) -> None:
    write_boundary(world_engine)
    yesterday, long_ago = clock.today() - timedelta(days=1), "2019-01-01"

    assert "Support worker at Ward" in card_of(browser_of("hr"), "fay", on=yesterday.isoformat())
    assert "Fay Qanaryfay has no post on" in card_of(browser_of("hr"), "fay")
    assert "has no post on 1 January 2019" in card_of(browser_of("hr"), "fay", on=long_ago)
    assert "May do alone" not in card_of(browser_of("hr"), "fay")


def test_a_day_to_come_says_what_it_assumes(browser_of: Browser) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()

    assert "supervision is taken to go on" in card_of(browser_of("staff"), "sid", on=tomorrow)
    assert "supervision is taken to go on" not in card_of(browser_of("staff"), "sid")


def test_a_missing_contact_or_boundary_is_said_and_the_card_is_not_printed(browser_of: Browser) -> None:
    hr = browser_of("hr")

    page = card_of(hr, "ada")

    assert "No contact is recorded for Alder: ask its manager before the work begins." in page
    assert "No boundary is written for the role Support worker." in page
    assert "Print this card" not in page
    assert hr.get("/people/ada/card.pdf").headers["Location"] == "/people/ada/card"
    assert hr.get("/roles/sw/card.pdf").headers["Location"] == "/roles/sw/card"


def test_cards_are_printed_on_one_page(browser_of: Browser, world_engine: Engine) -> None:
    write_boundary(world_engine)
    hr = browser_of("hr")

    for path, name in (("/people/ada/card.pdf", "role-card-ada-"), ("/roles/sw/card.pdf", "role-card-sw-")):
        answer = hr.get(path)

        assert answer.mimetype == "application/pdf"
        assert f"attachment; filename={name}{clock.today()}.pdf" in answer.headers["Content-Disposition"]
        with pikepdf.open(BytesIO(answer.data)) as document:
            assert len(document.pages) == 1


def test_the_card_of_a_role_says_what_it_asks_for_and_where_to_call(
    browser_of: Browser, world_engine: Engine
) -> None:
    write_boundary(world_engine)

    page = words(browser_of("staff").get("/roles/sw/card").text)

    assert "Does not diagnose." in page
    assert "Alder, Harbour Homes If in doubt or in danger, call: Duty desk 01632 960140" in page
    assert "Fire safety Hard stop" in between(page, "Comes to know about (2)", "Medicines")
    assert browser_of("staff").get("/roles/none/card").status_code == 404


def test_a_host_is_told_no_contact_of_other_organisations(browser_of: Browser, world_engine: Engine) -> None:
    write_boundary(world_engine)

    page = words(browser_of("host").get("/roles/sw/card").text)

    assert "Ward, Fenland Trust" in page
    assert "Alder" not in page


def test_the_first_recorded_end_is_the_day_to_which_the_card_stands(
    browser_of: Browser, world_engine: Engine
) -> None:
    write_boundary(world_engine)
    last = clock.today() + timedelta(days=3)
    with writing(world_engine) as session:
        sid = session.scalars(select(Staff.id).where(Staff.code == "sid")).one()
        session.scalars(select(Post).where(Post.staff_id == sid)).one().ends_on = last

    page = card_of(browser_of("staff"), "sid")

    assert f"this card stands to {last.day} {last:%B %Y}." in page


def test_the_card_is_one_link_away(browser_of: Browser) -> None:
    for persona, path, target in (
        ("staff", "/me", "/people/sid/card"),
        ("svc", "/people/ada", "/people/ada/card"),
        ("svc", "/services/alder", "/services/alder/cards"),
        ("svc", "/services/alder/cards", "/people/ada/card"),
        ("svc", "/services/alder/cards", "/roles/sw/card"),
    ):
        assert f'href="{target}"' in browser_of(persona).get(path).text, path


def test_what_was_done_until_now_comes_before_what_never_was(
    browser_of: Browser, world_engine: Engine
) -> None:
    write_boundary(world_engine)
    with writing(world_engine) as session:
        ada = session.scalars(select(Staff).where(Staff.code == "ada")).one().id
        for code, title in (("aaa", "Asked and never held"), ("zzz", "Held until last year")):
            competency = add(
                session, Competency(code=code, title=title, needs_learning=True, needs_sign_off=False)
            )
            add(
                session,
                Requirement(
                    code=f"R-{code}",
                    competency_id=competency.id,
                    cover="each",
                    strength="hard_stop",
                    in_force_from=clock.today(),
                ),
            )
            if code == "zzz":
                add(
                    session,
                    Learning(
                        staff_id=ada,
                        competency_id=competency.id,
                        completed_on=clock.today() - timedelta(days=500),
                        valid_months=12,
                    ),
                )

    page = card_of(browser_of("hr"), "ada")

    assert "Not now: Held until last year." in page
    assert page.index("Held until last year") < page.index("Asked and never held")
