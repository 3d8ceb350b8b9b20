"""Enter, see what it changes, keep: in the browser of whoever may, and of whoever is late."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import (
    Absence,
    AuditEntry,
    Competency,
    EarlierVersion,
    Exemption,
    Learning,
    Post,
    Requirement,
    Service,
    Staff,
    Suspension,
)
from skillsmatrix.web.shared.formats import typed_day
from tests.facts import add
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words
from tests.web.world import LONG_AGO

Browser = Callable[[str], CheckedClient]
TODAY = clock.today()
TODAY_TYPED = typed_day(TODAY)
NEXT_WEEK = typed_day(TODAY + timedelta(days=7))


def rows(engine: Engine, model: Any, code: str = "ada") -> list[Any]:
    """What is stored about a person."""
    with reading(engine) as session:
        found = session.scalars(
            select(model).join(Staff, Staff.id == model.staff_id).where(Staff.code == code)
        ).all()
        session.expunge_all()
        return list(found)


def absence_of(browser: CheckedClient, engine: Engine, **fields: Any) -> Any:
    """Record an absence of ada; the stored row."""
    browser.send(
        "/people/ada/records/absences/new",
        kind="sickness",
        starts_on=TODAY_TYPED,
        ends_on="",
        once="first",
        step="save",
        **fields,
    )
    return rows(engine, Absence)[0]


def test_what_a_post_changes_is_shown_and_nothing_is_kept(browser_of: Browser, world_engine: Engine) -> None:
    before = len(rows(world_engine, Post, "cyn"))

    page = browser_of("hr").send(
        "/people/cyn/records/posts/new",
        role="sw",
        service="alder",
        basis="secondment",
        wte="0.5",
        starts_on=NEXT_WEEK,
        ends_on="",
        once="one",
    )

    assert page.status_code == 200
    assert "Nothing is kept yet." in page.text
    assert "Alder: Medicines" in page.text
    assert 'name="starts_on" value="' + NEXT_WEEK in page.text
    assert len(rows(world_engine, Post, "cyn")) == before


def test_a_change_is_kept_once_though_it_is_sent_twice(browser_of: Browser, world_engine: Engine) -> None:
    browser = browser_of("hr")

    first = absence_of(browser, world_engine)
    again = browser.send(
        "/people/ada/records/absences/new",
        kind="sickness",
        starts_on=TODAY_TYPED,
        once="first",
        step="save",
    )

    assert again.status_code == 302
    assert [row.id for row in rows(world_engine, Absence)] == [first.id]


def test_a_form_sent_again_with_something_else_in_it_is_kept_as_well(
    browser_of: Browser, world_engine: Engine
) -> None:
    browser = browser_of("hr")
    days = {"kind": "sickness", "once": "same showing", "step": "save"}

    browser.send("/people/ada/records/absences/new", starts_on="1/9/2025", ends_on="2/9/2025", **days)
    browser.send("/people/ada/records/absences/new", starts_on="5/9/2025", ends_on="6/9/2025", **days)
    browser.send("/people/cyn/records/absences/new", starts_on="5/9/2025", ends_on="6/9/2025", **days)

    assert [row.starts_on.day for row in rows(world_engine, Absence)] == [1, 5]
    assert [row.starts_on.day for row in rows(world_engine, Absence, "cyn")] == [5]


def test_what_was_entered_can_be_changed(browser_of: Browser) -> None:
    page = browser_of("hr").send(
        "/people/ada/records/absences/new", kind="sickness", starts_on=NEXT_WEEK, step="edit", once="a"
    )

    assert page.status_code == 200
    assert f'value="{NEXT_WEEK}"' in page.text
    assert "Show what this changes" in page.text


def test_a_leaver_says_who_loses_their_supervisor_and_what_falls(browser_of: Browser) -> None:
    page = browser_of("hr").send(
        "/people/sam/records/leaver", employed_to=NEXT_WEEK, why="Moves away", once="a", version=""
    )

    assert page.status_code == 409  # a page that was never shown has no version
    browser = browser_of("hr")
    version = version_on(browser.get("/people/sam/records/leaver").text)
    page = browser.send(
        "/people/sam/records/leaver", employed_to=NEXT_WEEK, why="Moves away", once="a", version=version
    )
    assert "Ada Qanaryada loses their supervisor (management supervision)." in page.text
    assert "Birch: Fire safety" in page.text


def test_a_leaver_who_is_away_is_missed_from_the_day_they_would_have_come_back(
    browser_of: Browser, world_engine: Engine
) -> None:
    back = TODAY + timedelta(days=61)
    with writing(world_engine) as session:
        ada = session.scalars(select(Staff.id).where(Staff.code == "ada")).one()
        add(
            session,
            Absence(staff_id=ada, kind="parental", starts_on=TODAY, ends_on=back - timedelta(days=1)),
        )
    browser = browser_of("hr")
    version = version_on(browser.get("/people/ada/records/leaver").text)

    page = words(
        browser.send(
            "/people/ada/records/leaver", employed_to=NEXT_WEEK, why="Moves away", once="a", version=version
        ).text
    )

    after = page.split(f"From {back.day} {back:%B} {back.year}")[1]
    assert "Nothing changes on this day." not in after
    assert "Alder: Fire safety" in after


def version_on(page: str) -> str:
    """The version that a form carries."""
    found = page.split('name="version"')[1]
    return found.split('value="')[1].split('"')[0]


def test_the_second_of_two_editors_sees_both_versions(browser_of: Browser, world_engine: Engine) -> None:
    browser = browser_of("hr")
    row = absence_of(browser, world_engine)
    path = f"/people/ada/records/absences/{row.id}"
    version = version_on(browser.get(path).text)
    fields = {"kind": "sickness", "starts_on": TODAY_TYPED, "why": "The doctor wrote", "version": version}

    browser.send(path, **fields, ends_on=NEXT_WEEK, once="a", step="save")
    late = browser.send(path, **fields, ends_on=TODAY_TYPED, once="b", step="save")

    assert late.status_code == 409
    assert "Somebody else changed this first" in late.text
    assert late.text.count("<td") == 8  # four questions: as it is now, as entered
    with reading(world_engine) as session:
        assert session.get_one(Absence, row.id).ends_on == TODAY + timedelta(days=7)
        assert session.scalars(select(EarlierVersion.reason)).all() == ["The doctor wrote"]


def test_a_manager_records_an_absence_without_its_kind(browser_of: Browser, world_engine: Engine) -> None:
    browser = browser_of("svc")

    page = browser.get("/people/ada/records/absences/new").text
    row = absence_of(browser, world_engine)

    assert "Kind" not in page
    assert row.kind == "not stated"


def test_a_manager_who_ends_an_absence_neither_reads_nor_changes_its_kind(
    browser_of: Browser, world_engine: Engine
) -> None:
    row = absence_of(browser_of("hr"), world_engine)
    manager = browser_of("svc")
    path = f"/people/ada/records/absences/{row.id}"
    page = manager.get(path).text

    manager.send(
        path,
        kind="career break",
        starts_on=TODAY_TYPED,
        ends_on=NEXT_WEEK,
        why="Back soon",
        version=version_on(page),
        once="b",
        step="save",
    )

    assert "ickness" not in page
    (after,) = rows(world_engine, Absence)
    assert (after.kind, after.ends_on) == ("sickness", TODAY + timedelta(days=7))


@pytest.mark.parametrize(("who", "asked"), [("hr", True), ("hcp", False)])
def test_the_kind_of_reason_is_for_those_who_may_read_it(browser_of: Browser, who: str, asked: bool) -> None:
    page = browser_of(who).get("/people/ada/records/exemptions/new").text
    listed = browser_of(who).get("/people/ada/records").text

    assert ("Kind of reason" in page) is asked
    assert ("quinsy" in listed) is asked


def test_a_hard_stop_is_not_waived_and_the_page_says_why(browser_of: Browser, world_engine: Engine) -> None:
    before = len(rows(world_engine, Exemption))

    page = browser_of("hcp").send(
        "/people/ada/records/exemptions/new",
        competency="med",
        starts_on=TODAY_TYPED,
        ends_on=NEXT_WEEK,
        once="a",
        step="save",
    )

    assert page.status_code == 200
    assert "a hard stop is never waived" in page.text
    assert len(rows(world_engine, Exemption)) == before


def test_a_stop_is_lifted_by_the_head_of_practice(browser_of: Browser, world_engine: Engine) -> None:
    browser = browser_of("hcp")
    (stop,) = rows(world_engine, Suspension)
    path = f"/people/ada/records/stops/{stop.id}/lift"

    answer = browser.send(
        path,
        allowed_from=NEXT_WEEK,
        why="Walked through it",
        version=version_on(browser.get(path).text),
        once="a",
        step="save",
    )

    assert answer.status_code == 302
    assert rows(world_engine, Suspension)[0].ends_on == TODAY + timedelta(days=6)
    with reading(world_engine) as session:
        kinds = session.scalars(select(AuditEntry.kind)).all()
        assert "suspension_lifted" in kinds


def test_a_row_of_somebody_else_has_no_page_here(browser_of: Browser, world_engine: Engine) -> None:
    (stop,) = rows(world_engine, Suspension)

    assert browser_of("hcp").get(f"/people/ben/records/stops/{stop.id}/lift").status_code == 404


def test_fields_that_the_form_has_not_are_left_alone(browser_of: Browser, world_engine: Engine) -> None:
    row = absence_of(browser_of("hr"), world_engine, staff_id="1", recorded_by="nobody", id="77")

    assert (row.id, row.recorded_by.startswith("account:")) == (1, True)


@pytest.mark.parametrize("code", ["A/1", "..", "x" * 41, "a b"])
def test_a_staff_code_that_no_package_or_address_takes_is_refused(browser_of: Browser, code: str) -> None:
    page = browser_of("hr").send("/starters/new", code=code, step="save", once="a").text

    assert "Use letters, figures, dots, dashes and underscores" in page


def test_a_starter_is_recorded_with_their_first_post(browser_of: Browser, world_engine: Engine) -> None:
    fields = {
        "given_name": "Zia",
        "family_name": "Reed",
        "employer": "HOME",
        "employed_from": NEXT_WEEK,
        "code": "zia",
        "role": "sw",
        "service": "alder",
        "basis": "permanent",
        "once": "a",
    }

    shown = browser_of("hr").send("/starters/new", **fields)
    kept = browser_of("hr").send("/starters/new", **fields, step="save")

    assert "Nothing is kept yet." in shown.text
    assert kept.headers["Location"] == "/people/zia"
    assert [row.starts_on for row in rows(world_engine, Post, "zia")] == [TODAY + timedelta(days=7)]


def test_a_service_with_people_is_not_closed_and_they_are_listed(
    browser_of: Browser, world_engine: Engine
) -> None:
    browser = browser_of("hcp")
    page = browser.get("/services/alder/life/close").text

    refused = browser.send(
        "/services/alder/life/close",
        closes_on=NEXT_WEEK,
        why="Contract ends",
        version=version_on(page),
        once="a",
        step="save",
    )

    assert refused.status_code == 200
    assert 'href="/people/ada/records"' in refused.text
    with reading(world_engine) as session:
        assert session.scalars(select(Service.closes_on).where(Service.code == "alder")).one() is None


def test_an_escalation_contact_is_kept(browser_of: Browser, world_engine: Engine) -> None:
    browser = browser_of("hcp")
    page = browser.get("/services/alder/life").text

    answer = browser.send(
        "/services/alder/life",
        name="Alder",
        escalation_contact="Crisis team, 01632 960123",
        opens_on="6/1/2020",
        successor="birch",
        why="New number",
        version=version_on(page),
        once="a",
        step="save",
    )

    assert answer.status_code == 302
    with reading(world_engine) as session:
        alder = session.scalars(select(Service).where(Service.code == "alder")).one()
        assert (alder.escalation_contact, alder.successor_id is not None) == (
            "Crisis team, 01632 960123",
            True,
        )


def test_a_line_of_blanks_is_a_line_left_empty(browser_of: Browser, world_engine: Engine) -> None:
    browser = browser_of("hcp")
    version = version_on(browser.get("/services/alder/life").text)
    alder = {"name": "Alder", "escalation_contact": "   ", "opens_on": "6/1/2020", "successor": ""}

    browser.send("/services/alder/life", **alder, why="No number", version=version, once="a", step="save")

    with reading(world_engine) as session:
        assert session.scalar(select(Service.escalation_contact).where(Service.code == "alder")) is None


def test_cover_that_comes_to_hang_on_one_person_is_said_although_none_falls(
    browser_of: Browser, world_engine: Engine
) -> None:
    """Ada and Sid hold fire safety at alder, where one person must; Sid goes away."""
    with writing(world_engine) as session:
        fire = session.scalars(select(Competency.id).where(Competency.code == "fire")).one()
        alder = session.scalars(select(Service.id).where(Service.code == "alder")).one()
        sid = session.scalars(select(Staff.id).where(Staff.code == "sid")).one()
        add(session, Learning(staff_id=sid, competency_id=fire, completed_on=TODAY))
        one = {"cover": "count", "amount": 1, "strength": "target", "in_force_from": LONG_AGO}
        add(session, Requirement(code="R-ONE", competency_id=fire, service_id=alder, **one))

    page = browser_of("hr").send(
        "/people/sid/records/absences/new", kind="sickness", starts_on=TODAY_TYPED, ends_on="", once="a"
    )

    assert "No line of cover falls. 1 comes to hang on one person." in words(page.text)
