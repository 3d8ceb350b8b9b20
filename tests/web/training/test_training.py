"""A trainer's, a manager's and a member of staff's week with courses, through the pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from skillsmatrix.domain.booking import Need
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import Absence, Booking, CourseDate, CoursePrerequisite, Learning, Staff
from skillsmatrix.web.shared.formats import typed_day
from tests.facts import add
from tests.web import world
from tests.web.conftest import CheckedClient
from tests.web.training_of_world import TEN_DAYS

Browsers = Callable[[str], CheckedClient]
DATE = "/training/dates/1"
IN_TEN_DAYS = clock.today() + TEN_DAYS
PLAN = {
    "course": "C-MED",
    "day": typed_day(clock.today() + timedelta(days=20)),
    "starts": "9:30",
    "ends": "15:30",
    "trainer": "tom",
    "place": "Training room",
    "seats": "8",
    "minimum": "4",
    "seat_cost": "45.50",
}


def state_of(engine: Engine, staff: str, date: int = 1) -> str | None:
    with reading(engine) as session:
        return session.scalar(
            select(Booking.state)
            .join(Staff, Staff.id == Booking.staff_id)
            .where(Staff.code == staff, Booking.course_date_id == date)
        )


def moved_to_yesterday(engine: Engine) -> None:
    """The course date of the world has been held."""
    with writing(engine) as session:
        date = session.get_one(CourseDate, 1)
        date.starts_at -= timedelta(days=11)
        date.ends_at -= timedelta(days=11)


def test_a_member_of_staff_books_themself_and_joins_the_list(
    browser_of: Browsers, world_engine: Engine
) -> None:
    client = browser_of("staff")

    client.send(f"{DATE}/book", staff="sid", once="a")
    again = client.send(f"{DATE}/book", staff="sid", once="a")

    assert again.status_code == 302
    assert state_of(world_engine, "sid") == "waiting"
    assert "You are number" in client.get(DATE).text


def test_nobody_books_whom_they_may_not(browser_of: Browsers, world_engine: Engine) -> None:
    assert browser_of("staff").send(f"{DATE}/book", staff="ada").status_code == 404
    assert browser_of("svc").send(f"{DATE}/book", staff=["ada", "cyn"]).status_code == 404

    assert state_of(world_engine, "ada") == "waiting"


def test_a_manager_is_told_at_once_who_cannot_come_and_why(
    browser_of: Browsers, world_engine: Engine
) -> None:
    with writing(world_engine) as session:
        mia = session.scalars(select(Staff.id).where(Staff.code == "mia")).one()
        add(session, Absence(staff_id=mia, kind="leave", starts_on=IN_TEN_DAYS, ends_on=IN_TEN_DAYS))
    client = browser_of("svc")

    page = client.get(f"{DATE}/book").text
    refused = client.send(f"{DATE}/book", staff=["sid", "mia"]).text

    assert "Away on that day" in page
    assert f"Mia {world.STAFF['mia']}: Away on that day" in refused
    assert (state_of(world_engine, "sid"), state_of(world_engine, "mia")) == (None, None)


def test_a_freed_seat_is_offered_and_taken(browser_of: Browsers, world_engine: Engine) -> None:
    browser_of("svc_birch").send(f"{DATE}/people/cyn", do="cancel", reason="Ill")
    assert state_of(world_engine, "ada") == "offered"

    supervisor = browser_of("sup")
    assert "The offer stands until" in supervisor.get(f"{DATE}/people/ada").text
    supervisor.send(f"{DATE}/people/ada", do="take")

    assert (state_of(world_engine, "cyn"), state_of(world_engine, "ada")) == ("cancelled", "booked")


def test_the_trainer_gives_a_seat_out_of_turn_and_it_is_shown(
    browser_of: Browsers, world_engine: Engine
) -> None:
    browser_of("staff").send(f"{DATE}/book", staff="sid", once="a")
    browser_of("svc_birch").send(f"{DATE}/people/cyn", do="cancel")
    trainer = browser_of("trn")
    give = {"staff": "ada", "reason": "Starts nights"}

    full = trainer.send(f"{DATE}/give-seat", **give).text
    trainer.send(f"{DATE}/give-seat", **give, instead_of="sid")

    assert "Every seat is held" in full
    assert (state_of(world_engine, "ada"), state_of(world_engine, "sid")) == ("booked", "waiting")
    assert "Given a seat out of turn: Starts nights" in trainer.get(DATE).text


def test_the_trainer_enters_the_group_on_one_screen_and_it_counts_at_once(
    browser_of: Browsers, world_engine: Engine
) -> None:
    moved_to_yesterday(world_engine)
    trainer = browser_of("trn")

    assert f"Cyn {world.STAFF['cyn']}" in trainer.get(f"{DATE}/register").text
    response = trainer.send(f"{DATE}/register", person_1="booked", rest="attended")

    assert response.headers["Location"].endswith(DATE)
    assert state_of(world_engine, "cyn") == "attended"
    with reading(world_engine) as session:
        completed = session.scalars(
            select(Learning.completed_on).where(Learning.reference == "booking-1")
        ).all()
    assert completed == [clock.today() - timedelta(days=1)]


def test_the_register_is_shut_before_the_last_day(browser_of: Browsers, world_engine: Engine) -> None:
    page = browser_of("trn").send(f"{DATE}/register", person_1="attended").text

    assert "The register opens on the last day" in page
    assert state_of(world_engine, "cyn") == "booked"


def test_somebody_elses_date_can_be_looked_at_and_not_changed(
    browser_of: Browsers, world_engine: Engine
) -> None:
    for path in ("change", "give-seat"):
        client = browser_of("svc")
        assert client.get(f"{DATE}/{path}").headers["Location"].endswith(DATE)
        assert client.send(f"{DATE}/{path}").status_code == 403
    with writing(world_engine) as session:
        session.get_one(CourseDate, 1).trainer_id = None
    trainer = browser_of("trn")
    for path in ("register", "call-off"):
        assert trainer.send(f"{DATE}/{path}", reason="x").status_code == 403


def test_a_date_is_planned_once_and_says_what_it_costs(browser_of: Browsers, world_engine: Engine) -> None:
    client = browser_of("trn")

    for _ in range(2):
        response = client.send("/training/dates/new", **PLAN, once="one")

    assert response.headers["Location"].endswith("/training/dates/2")
    page = client.get("/training/dates/2").text
    assert "£45.50 for each seat" in page
    assert "9:30 to 15:30" in page
    with reading(world_engine) as session:
        assert len(session.scalars(select(CourseDate)).all()) == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"day": "  "}, "Enter the day"),
        ({"day": "31/2/2027"}, "Enter a real date"),
        ({"day": typed_day(clock.today() - timedelta(days=1))}, "still to come"),
        ({"ends": "9:30"}, "must end after it starts"),
        ({"starts": "25:00"}, "Enter a time"),
        ({"place": " "}, "Enter a place, or a link"),
        ({"link": "javascript:alert(1)"}, "beginning with https"),
        ({"minimum": "9"}, "more than there are seats"),
        ({"seat_cost": "-4"}, "Enter an amount in pounds"),
        ({"seats": "0"}, "Number must be between"),
    ],
)
def test_a_date_that_makes_no_sense_is_said_on_its_field(
    browser_of: Browsers, changes: dict[str, str], says: str
) -> None:
    assert says in browser_of("trn").send("/training/dates/new", **{**PLAN, **changes}).text


def test_two_people_who_change_a_date_do_not_overwrite_each_other(
    browser_of: Browsers, world_engine: Engine
) -> None:
    hr = browser_of("hr")
    with reading(world_engine) as session:
        version = session.get_one(CourseDate, 1).version_from.isoformat()
    change = {**PLAN, "reason": "A larger room", "version": version}

    first = hr.send(f"{DATE}/change", **change)
    second = browser_of("trn").send(f"{DATE}/change", **{**change, "seats": "3"})

    assert (first.status_code, second.status_code) == (302, 409)
    assert "Somebody changed this date" in second.text
    with reading(world_engine) as session:
        assert session.get_one(CourseDate, 1).seats == 8
    assert state_of(world_engine, "ada") == "offered"


def test_calling_off_frees_everybody_and_says_why(browser_of: Browsers, world_engine: Engine) -> None:
    browser_of("trn").send(f"{DATE}/call-off", reason="Trainer ill")

    assert "Trainer ill" in browser_of("staff").get(DATE).text
    assert {state_of(world_engine, code) for code in ("ada", "cyn")} == {"cancelled"}


def test_what_a_course_asks_first_is_kept_by_head_of_practice_and_stops_bookings(
    browser_of: Browsers, world_engine: Engine
) -> None:
    client = browser_of("hcp")
    client.send("/training/courses/C-MED/asked-first", competency="fire", level="1")

    page = browser_of("staff").get(f"{DATE}/book").text
    client.send("/training/courses/C-MED/asked-first/1/end")

    assert "Needs Fire safety first" in page
    with reading(world_engine) as session:
        assert session.scalars(select(CoursePrerequisite)).all() == []


def test_people_out_of_reach_are_counted_and_not_named(browser_of: Browsers) -> None:
    manager = browser_of("svc").get(DATE).text

    assert world.STAFF["ada"] in manager
    assert world.STAFF["cyn"] not in manager
    assert "1 other person, whom you do not see" in manager


def test_a_register_that_is_not_taken_comes_first(browser_of: Browsers, world_engine: Engine) -> None:
    before = browser_of("trn").get("/training").text
    moved_to_yesterday(world_engine)

    after = {persona: browser_of(persona).get("/training").text for persona in ("trn", "hr", "svc", "staff")}

    assert "Enter who attended" not in before
    assert [persona for persona, page in after.items() if f'href="{DATE}/register"' in page] == ["trn", "hr"]
    browser_of("trn").send(f"{DATE}/register", person_1="attended")
    trainer = browser_of("trn")
    assert "Enter who attended" not in trainer.get("/training").text
    assert "Put the register right" in trainer.get(DATE).text


def test_whoever_books_themself_is_told_so_and_offered_no_second_seat(browser_of: Browsers) -> None:
    sid = browser_of("staff")
    before = sid.get(DATE).text

    sid.send(f"{DATE}/book", staff="sid")
    after = sid.get(DATE).text

    assert f'href="{DATE}/book"' in before
    assert "You are on the waiting list" in after
    assert f'href="{DATE}/book"' not in after
    assert f'href="{DATE}/book"' in browser_of("svc").get(DATE).text


def test_whoever_books_a_team_is_told_by_name_who_is_in_and_who_waits(browser_of: Browsers) -> None:
    manager = browser_of("svc")

    manager.send(f"{DATE}/book", staff=["sid", "mia"], once="a")

    told = manager.get(DATE).text
    assert "On the waiting list: " in told
    assert f"Mia {world.STAFF['mia']}" in told


@pytest.mark.parametrize(
    ("persona", "staff", "said"),
    [
        ("svc_birch", "cyn", "The seat is cancelled, in time. It is offered to the next in line."),
        ("sup", "ada", "The place on the waiting list is given up."),
    ],
)
def test_giving_up_says_what_was_given_up_and_who_is_next(
    browser_of: Browsers, persona: str, staff: str, said: str
) -> None:
    browser = browser_of(persona)

    browser.send(f"{DATE}/people/{staff}", do="cancel")

    assert said in browser.get(DATE).text


@pytest.mark.parametrize(
    ("staff", "sent", "status", "said"),
    [
        ("ada", {}, 400, "This request could not be read"),
        ("mia", {"do": "cancel"}, 200, "They have no seat and no place on the list any more"),
    ],
)
def test_a_seat_is_changed_only_as_somebody_asked(
    browser_of: Browsers, world_engine: Engine, staff: str, sent: dict[str, str], status: int, said: str
) -> None:
    before = state_of(world_engine, staff)

    answer = browser_of("svc").send(f"{DATE}/people/{staff}", **sent)

    assert answer.status_code == status
    assert said in answer.text
    assert state_of(world_engine, staff) == before


def test_a_register_with_nothing_entered_is_not_taken_for_saved(
    browser_of: Browsers, world_engine: Engine
) -> None:
    moved_to_yesterday(world_engine)

    answer = browser_of("trn").send(f"{DATE}/register", person_1="booked")

    assert answer.status_code == 200
    assert "Choose what became of at least one person" in answer.text
    assert state_of(world_engine, "cyn") == "booked"


def test_a_full_date_without_an_open_offer_leads_to_adding_a_seat(browser_of: Browsers) -> None:
    page = browser_of("trn").get(f"{DATE}/give-seat").text

    assert "add a seat first" in page
    assert f'href="{DATE}/change"' in page
    assert "Give the seat" not in page


def test_those_nobody_is_short_of_are_folded_away_when_a_team_is_booked(
    browser_of: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = browser_of("svc")
    monkeypatch.setattr(Need, "is_pressing", lambda need, *, on: False)
    nobody_pressing = manager.get(f"{DATE}/book").text
    first = iter([True])
    monkeypatch.setattr(Need, "is_pressing", lambda need, *, on: next(first, False))

    folded = manager.get(f"{DATE}/book").text

    assert "Everybody else" not in nobody_pressing
    people = nobody_pressing.count('name="staff"')
    assert people > 1
    assert f"Everybody else ({people - 1})" in folded
    assert folded.count('name="staff"') == people
