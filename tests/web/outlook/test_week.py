"""This week for cover: nobody is sent anywhere who goes, each thing leads on, what is arranged is said."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.explanation import in_words
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import (
    Absence,
    AssessmentRequest,
    Booking,
    Competency,
    Course,
    CourseDate,
    CourseGrant,
    Post,
    Requirement,
    Service,
    Staff,
)
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.web.outlook import week
from tests.facts import add
from tests.statements import statements_of_site
from tests.web import world
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]
SOMEBODY_NEW = "Somebody new"
BEN_FIRE, BEN_MEDICINES = "Ben Qanaryben: Fire safety", "Ben Qanaryben: Medicines"


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


def of_staff(session: Session, code: str) -> int:
    return session.scalars(select(Staff.id).where(Staff.code == code)).one()


def of_competency(session: Session, code: str) -> int:
    return session.scalars(select(Competency.id).where(Competency.code == code)).one()


def step(page: str, heading: str) -> str:
    """What the page says of one thing to do, in words."""
    listed = [words(each.partition("</li>")[0]) for each in page.split("<li")]
    return next(each for each in listed if heading in each)


def fire_course(session: Session) -> int:
    """A course that gives fire safety; nothing gives it in the world."""
    course = add(session, Course(code="C-FIRE", title="Fire day")).id
    add(session, CourseGrant(course_id=course, competency_id=of_competency(session, "fire"), level=1))
    return int(course)


def held_in(session: Session, course: int, days: int) -> int:
    starts_at = datetime.combine(in_days(days), time(9, 0), clock.LONDON)
    ends_at = starts_at + timedelta(hours=3)
    return int(
        add(
            session,
            CourseDate(course_id=course, starts_at=starts_at, ends_at=ends_at, place="Hall", seats=9),
        ).id
    )


def booked(session: Session, code: str, course_date: int, state: str = "booked") -> None:
    asked_at = clock.now() - timedelta(days=1)
    booking = Booking(
        course_date_id=course_date, staff_id=of_staff(session, code), state=state, asked_at=asked_at
    )
    add(session, booking)


def so_many_at_alder(session: Session, competency: str, amount: int) -> None:
    requirement = Requirement(
        code="R-SO-MANY",
        competency_id=of_competency(session, competency),
        service_id=session.scalars(select(Service.id).where(Service.code == "alder")).one(),
        cover="count",
        amount=amount,
        strength="hard_stop",
        in_force_from=world.LONG_AGO,
    )
    add(session, requirement)


def away(session: Session, *, first: int, days: int) -> None:
    absence = Absence(
        staff_id=of_staff(session, "ben"),
        kind="quarantine",
        starts_on=in_days(first),
        ends_on=in_days(first + days - 1),
    )
    add(session, absence)


def last_day(session: Session, *, ahead: int) -> None:
    session.get_one(Staff, of_staff(session, "ben")).employed_to = in_days(ahead)


def last_day_here(session: Session, *, ahead: int) -> None:
    post = session.scalars(select(Post).where(Post.staff_id == of_staff(session, "ben"))).one()
    post.ends_on = in_days(ahead)


@pytest.mark.parametrize(
    ("happens", "sent"),
    [
        (lambda session: away(session, first=0, days=28), False),
        (lambda session: away(session, first=7, days=28), False),
        (lambda session: away(session, first=8, days=28), True),
        (lambda session: away(session, first=1, days=27), True),
        (lambda session: last_day(session, ahead=6), False),
        (lambda session: last_day(session, ahead=7), True),
        (lambda session: last_day_here(session, ahead=6), False),
        (lambda session: last_day_here(session, ahead=7), True),
    ],
)
def test_nobody_is_sent_anywhere_who_leaves_or_is_away_for_long_within_seven_days(
    browser_of: Browser, world_engine: Engine, happens: Callable[[Session], None], sent: bool
) -> None:
    with writing(world_engine) as session:
        happens(session)
        rebuild(session, by=world.BY, at=clock.now())

    page = words(browser_of("svc").get("/week").text)

    assert (BEN_MEDICINES in page, BEN_FIRE in page) == (sent, sent)
    assert SOMEBODY_NEW not in page  # everybody there must hold it: who goes takes the need along
    assert "quarantine" not in page


def test_where_a_number_is_needed_somebody_else_is_looked_for(
    browser_of: Browser, world_engine: Engine
) -> None:
    """Four have to hold medicines at alder, sid and mia do: ada and ben could, and ben leaves."""
    with writing(world_engine) as session:
        so_many_at_alder(session, "med", 4)
        last_day(session, ahead=3)
        rebuild(session, by=world.BY, at=clock.now())

    page = words(browser_of("svc").get("/week").text)

    assert f"{SOMEBODY_NEW}: Medicines" in page
    assert BEN_MEDICINES not in page


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("svc", "Ask their assessor or the head of clinical practice whether it can be allowed again."),
        ("hcp", "Decide whether the stop can be lifted."),
    ],
)
def test_a_stop_leads_to_what_is_recorded_about_it(browser_of: Browser, role: str, said: str) -> None:
    client = browser_of(role)
    page = client.get("/week?service=alder").text

    assert said in step(page, "Ada Qanaryada: Medicines")
    assert "whoever stopped it" not in page
    assert 'href="/people/ada/records#stops"' in page
    assert 'id="stops"' in client.get("/people/ada/records").text


def test_asking_for_the_sign_off_begins_with_what_is_missing(browser_of: Browser) -> None:
    client = browser_of("svc")

    assert 'href="/people/ben/assessments/ask?competency=med&amp;level=1"' in client.get("/week").text
    form = client.get("/people/ben/assessments/ask?competency=med&level=1").text
    assert '<option value="med" selected>' in form
    assert '<option value="1" selected>' in form
    assert "Medicines, level 1" in words(form)


@pytest.mark.parametrize("nonsense", ["competency=fire&level=1", "competency=none&level=x", "level=77"])
def test_what_is_none_of_its_choices_the_form_leaves_alone(browser_of: Browser, nonsense: str) -> None:
    form = browser_of("svc").get(f"/people/ben/assessments/ask?{nonsense}")

    assert form.status_code == 200
    assert "Who is asked to assess" not in form.text


@pytest.mark.parametrize(
    ("role", "service", "href", "said"),
    [
        ("svc", "alder", "/training/dates/new?course=C-FIRE", "No date is planned: plan one"),
        ("aud", "birch", "/training/courses/C-FIRE", "No date is planned: see the course"),
    ],
)
def test_where_no_date_is_planned_that_is_said(
    browser_of: Browser, world_engine: Engine, role: str, service: str, href: str, said: str
) -> None:
    client, address = browser_of(role), f"/week?service={service}"
    assert "No course gives it: see the courses" in words(client.get(address).text)
    with writing(world_engine) as session:
        held_in(session, fire_course(session), -3)

    page = client.get(address).text

    assert f'href="{href}">{said}' in page
    assert "Dates of the course" not in step(page, "Fire safety")
    opened = client.get(href)
    assert opened.status_code == 200
    assert ('<option value="C-FIRE" selected>' in opened.text) == (role == "svc")


def test_where_a_date_is_planned_it_leads_there(browser_of: Browser, world_engine: Engine) -> None:
    with writing(world_engine) as session:
        held_in(session, fire_course(session), 12)

    page = browser_of("svc").get("/week").text

    assert 'href="/training?course=C-FIRE">Dates of the course' in page


def test_whoever_is_booked_is_not_asked_for_again(browser_of: Browser, world_engine: Engine) -> None:
    with writing(world_engine) as session:
        course = fire_course(session)
        seat = held_in(session, course, 12)
        booked(session, "ben", seat)
        booked(session, "sid", seat, state="waiting")
        booked(session, "mia", held_in(session, course, -3))  # over, and not entered

    client = browser_of("svc")
    page = client.get("/week").text
    day = in_words(in_days(12))
    ben = step(page, BEN_FIRE)

    assert f"Booked for {day}. Complete the learning." in ben
    assert "At once" not in ben
    assert "Dates of the course" not in ben
    assert f'href="/training/dates/{seat}"' in page
    assert "Booked" not in step(page, "Sid Qanarysid: Fire safety")
    assert "Booked" not in step(page, "Mia Qanarymia: Fire safety")
    assert f"Booked for {day}. Complete the learning." in client.get("/week.csv").text


def test_a_seat_after_the_last_day_is_too_late(browser_of: Browser, world_engine: Engine) -> None:
    """Ada's fire safety runs out four months from a hundred days ago: within 30 days. The course is later."""
    with writing(world_engine) as session:
        so_many_at_alder(session, "fire", 1)
        booked(session, "ada", held_in(session, fire_course(session), 60))
        rebuild(session, by=world.BY, at=clock.now())

    ada = step(browser_of("svc").get("/week").text, "Ada Qanaryada: Fire safety")

    assert f"Booked for {in_words(in_days(60))}: too late." in ada
    assert "Renew the learning by" in ada
    assert "Dates of the course" in ada


def test_an_assessment_that_is_asked_for_is_not_asked_for_again(
    browser_of: Browser, world_engine: Engine
) -> None:
    with writing(world_engine) as session:
        request = AssessmentRequest(
            staff_id=of_staff(session, "ben"),
            competency_id=of_competency(session, "med"),
            level=1,
            assessor_id=of_staff(session, "ivy"),
            starts_on=world.LONG_AGO,
        )
        add(session, request)

    page = browser_of("svc").get("/week").text

    assert "Asked of Ivy Qanaryivy." in step(page, BEN_MEDICINES)
    assert "Ask for the sign-off" not in page
    assert 'href="/people/ben/assessments"' in page


@pytest.mark.parametrize(
    ("role", "address", "said", "href"),
    [
        ("svc", "/week", "1 more line of cover is short today. See the service", "/services/alder"),
        ("hr", "/week", "5 more lines of cover are short today. See the services", "/services"),
        ("insp", "/week", "More lines of cover are short today. See the service", "/services/alder"),
    ],
)
def test_what_is_short_besides_is_counted(
    browser_of: Browser, monkeypatch: pytest.MonkeyPatch, role: str, address: str, said: str, href: str
) -> None:
    """Each of the four services is short of fire safety, and alder of medicines by two requirements."""
    monkeypatch.setattr(week, "MOST", 1)

    page = browser_of(role).get(address).text

    assert said in words(page)
    assert f'<a href="{href}">See the service' in page


def test_the_number_of_statements_does_not_grow_with_the_things_to_do(
    app: Flask, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser_of("svc")

    def asked_for(most: int) -> int:
        monkeypatch.setattr(week, "MOST", most)
        client.get("/week")  # what the process keeps has been read
        with statements_of_site(app) as said:
            page = client.get("/week").text
        assert page.count("<h2") == most
        return len(said)

    assert asked_for(5) == asked_for(4)
