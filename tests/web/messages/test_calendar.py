"""The calendar feed: one's own dates behind an address that can be taken back."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import Engine, select

from skillsmatrix.documents.calendar_feed import Entry, calendar_file
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Account, Booking, CalendarFeed, CourseDate, Learning, Staff
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.web.shared.limits import FROM_ONE_ADDRESS
from tests.facts import add
from tests.web import world
from tests.web.conftest import CheckedClient, signed_in_client

Browser = Callable[[str], CheckedClient]
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def made(browser: CheckedClient) -> str:
    """The path of a new feed, as its owner is shown it."""
    assert browser.send("/digest/calendar").status_code == 302
    found = re.search(
        r"<code>http://127.0.0.1:8000(/calendar/[\w-]{43}\.ics)</code>", browser.get("/digest").text
    )
    assert found
    return found[1]


def events(client: CheckedClient, path: str) -> dict[str, object]:
    """Title → event of a feed."""
    response = client.get(path)
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(response.data).walk("VEVENT")}


@pytest.fixture
def expiring(world_engine: Engine) -> date:
    """Sid learned fire safety for a year, and has a seat on the course of the world."""
    today = clock.today()
    with writing(world_engine) as session:
        sid = session.scalars(select(Staff).where(Staff.code == "sid")).one().id
        fire = session.scalars(select(Learning.competency_id).where(Learning.competency_id != 1)).first()
        row = Learning(staff_id=sid, competency_id=fire, completed_on=today, valid_months=6)
        add(session, row)
        add(session, Booking(course_date_id=1, staff_id=sid, state="booked", asked_at=AT))
        refresh(session, staff_ids=[sid], by="test", at=clock.now())
    return today


def test_a_feed_holds_bookings_and_last_days_and_opens_without_signing_in(
    browser_of: Browser, client: CheckedClient, expiring: date
) -> None:
    found = events(client, made(browser_of("staff")))

    assert sorted(found) == ["Fire safety: last valid day", "Medicines day", "Medicines: last valid day"]
    seat, end = found["Medicines day"], found["Fire safety: last valid day"]
    starts = seat["DTSTART"].dt  # type: ignore[index]
    assert (starts.astimezone(clock.LONDON).hour, starts.utcoffset()) == (9, timedelta(0))
    assert str(seat["LOCATION"]) == "Training room"  # type: ignore[index]
    assert str(seat["STATUS"]) == "CONFIRMED"  # type: ignore[index]
    assert type(end["DTSTART"].dt) is date  # type: ignore[index]
    assert end["DTSTART"].dt > expiring  # type: ignore[index]


def test_nobody_elses_name_or_date_is_in_it(
    browser_of: Browser, client: CheckedClient, expiring: date
) -> None:
    body = client.get(made(browser_of("staff"))).text

    assert not any(name in body for name in world.STAFF.values())
    assert "Tom" not in body
    assert body.count("BEGIN:VEVENT") == 3


def test_the_names_of_the_entries_stay_and_a_course_that_is_called_off_is_shown_as_that(
    browser_of: Browser, client: CheckedClient, world_engine: Engine, expiring: date
) -> None:
    path = made(browser_of("staff"))
    before = events(client, path)
    with writing(world_engine) as session:
        course_date = session.get_one(CourseDate, 1)
        course_date.starts_at += timedelta(days=1)
        course_date.ends_at += timedelta(days=1)
        course_date.cancelled_at, course_date.cancelled_reason = AT, "The trainer is ill"
    after = events(client, path)

    assert [str(before[title]["UID"]) for title in sorted(before)] == [  # type: ignore[index]
        str(after[title]["UID"])
        for title in sorted(after)  # type: ignore[index]
    ]
    assert str(after["Medicines day"]["STATUS"]) == "CANCELLED"  # type: ignore[index]


def test_unknown_revoked_and_malformed_addresses_look_the_same(
    browser_of: Browser, client: CheckedClient
) -> None:
    browser = browser_of("staff")
    revoked, path = made(browser), made(browser)
    assert client.get(path).status_code == 200
    browser.send("/digest/calendar/end")

    malformed = f"/calendar/{'x' * 5000}.ics"
    answers = [client.get(each) for each in (revoked, path, "/calendar/x.ics", malformed)]

    assert {(answer.status_code, answer.data) for answer in answers} == {
        (404, b"There is no calendar here.\n")
    }
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_the_address_is_shown_once_and_only_a_digest_of_it_is_kept(
    browser_of: Browser, world_engine: Engine
) -> None:
    browser = browser_of("staff")
    token = made(browser).removeprefix("/calendar/").removesuffix(".ics")

    assert token not in browser.get("/digest").text
    with writing(world_engine) as session:
        kept = session.scalars(select(CalendarFeed.token_hash)).one()
    assert (len(kept), token in kept) == (64, False)


@pytest.mark.parametrize("how", ["shut", "left"])
def test_the_feed_ends_with_the_account_and_with_the_employment(
    browser_of: Browser, client: CheckedClient, world_engine: Engine, how: str
) -> None:
    path = made(browser_of("staff"))
    with writing(world_engine) as session:
        account = session.scalars(select(Account).where(Account.email == world.email_of("staff"))).one()
        if how == "shut":
            account.disabled_at, account.disabled_by = AT, "test"
        else:
            session.get_one(Staff, account.staff_id).employed_to = clock.today() - timedelta(days=1)

    assert client.get(path).status_code == 404


def test_whoever_asks_too_often_has_to_wait(client: CheckedClient) -> None:
    answers = [client.get("/calendar/guess.ics").status_code for _ in range(FROM_ONE_ADDRESS + 1)]

    assert (set(answers[:-1]), answers[-1]) == ({404}, 429)


def test_an_account_without_a_staff_record_gets_no_feed(browser_of: Browser, world_engine: Engine) -> None:
    browser_of("adm").send("/digest/calendar")

    with writing(world_engine) as session:
        assert session.scalars(select(CalendarFeed)).all() == []


def test_a_feed_looks_the_same_signed_in_or_not(
    app: Flask, browser_of: Browser, client: CheckedClient, world_engine: Engine
) -> None:
    path = made(browser_of("staff"))
    other = signed_in_client(app, world_engine, "hr")

    assert events(client, path).keys() == events(other, path).keys()


@pytest.mark.parametrize(
    ("instant", "london"),
    [
        ("2026-03-29T00:30:00+00:00", "2026-03-29 00:30 GMT"),
        ("2026-03-29T01:30:00+00:00", "2026-03-29 02:30 BST"),
        ("2026-10-25T00:30:00+00:00", "2026-10-25 01:30 BST"),
        ("2026-10-25T01:30:00+00:00", "2026-10-25 01:30 GMT"),
    ],
)
def test_an_hour_that_there_is_twice_or_not_at_all_is_read_back_as_the_instant_it_was(
    instant: str, london: str
) -> None:
    starts = datetime.fromisoformat(instant)
    entry = Entry("seat:1", "First aid", starts, starts + timedelta(hours=1), "https://x.example/1")

    (event,) = Calendar.from_ical(calendar_file([entry], name="n", host="x.example", at=AT)).walk("VEVENT")

    assert event["DTSTART"].dt == starts
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=1)
    assert event["DTSTART"].dt.astimezone(clock.LONDON).strftime("%Y-%m-%d %H:%M %Z") == london


def test_what_people_typed_cannot_add_an_entry_to_a_feed() -> None:
    title = "First aid\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Free beer; 1, 2 \\n"
    entry = Entry("seat:1", title, date(2026, 11, 22), None, "https://x.example/1", place="a\nb,c;d")

    body = calendar_file([entry], name="n", host="x.example", at=AT)

    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert "Free beer" in str(event["SUMMARY"])
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
