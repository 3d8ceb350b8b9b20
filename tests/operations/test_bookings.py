"""Seats: booked, waited for, passed on, given up, given out of turn; and what came of them."""

import json
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.booking import BookingState, Obstacle
from skillsmatrix.foundation.database import begin_writing, make_engine, reading, writing
from skillsmatrix.models import Absence, AuditEntry, Booking, CoursePrerequisite, Job, Learning
from skillsmatrix.operations.bookings import (
    DateClosed,
    GivenUp,
    Hindered,
    NoOffer,
    NoSeat,
    NotBooked,
    NotHeldYet,
    OwnAttendance,
    accept_offer,
    book,
    cancel_booking,
    give_seat,
    record_attendance,
)
from skillsmatrix.operations.courses import SeatsTaken, call_off_date, change_date
from skillsmatrix.operations.seats import settle_offers
from skillsmatrix.queries.conclusions import current, differences
from tests.facts import add
from tests.operations.training_world import AFTER, AT, BY, STARTS, House, build, planned, states

LATER = AT + timedelta(hours=1)
WAITING, OFFERED, BOOKED, CANCELLED = "waiting", "offered", "booked", "cancelled"


@pytest.fixture
def session(sqlite_engine: Engine) -> Iterator[Session]:
    with Session(sqlite_engine) as session:
        begin_writing(session)
        yield session


@pytest.fixture
def house(session: Session) -> House:
    return build(session)


def asked(session: Session, course_date: int, *staff: int) -> None:
    for place, staff_id in enumerate(staff):
        at = AT + timedelta(minutes=place)
        book(session, course_date_id=course_date, staff_ids=[staff_id], by=BY, at=at)


def gave_up(session: Session, course_date: int, staff: int) -> GivenUp:
    return cancel_booking(session, course_date_id=course_date, staff_id=staff, reason="Ill", by=BY, at=LATER)


def test_seats_go_as_they_are_asked_for_and_then_the_list_begins(session: Session, house: House) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())

    asked(session, course_date, *staff[:3])
    asked(session, course_date, staff[0])

    assert states(session, course_date) == {staff[0]: BOOKED, staff[1]: BOOKED, staff[2]: WAITING}


def test_a_freed_seat_is_offered_to_whom_the_house_needs_most_and_says_why(
    session: Session, house: House
) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())
    asked(session, course_date, *staff[:3], house.staff["p4"])

    gave_up(session, course_date, staff[0])

    now = states(session, course_date)
    assert (now[house.staff["p4"]], now[staff[2]]) == (OFFERED, WAITING)
    offer = session.scalars(select(Booking).where(Booking.state == OFFERED)).one()
    reason = json.loads(offer.reason or "")
    assert (reason["why"], reason["service"], reason["competency"], reason["hard_stop"]) == (
        "hard_stop", "HOUSE", "MED", 2,
    )  # fmt: skip
    assert offer.offered_until == LATER + timedelta(hours=48)


def test_an_offer_taken_is_a_seat_and_taking_it_twice_changes_nothing(session: Session, house: House) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())
    asked(session, course_date, *staff[:3])
    gave_up(session, course_date, staff[0])

    for _ in range(2):
        accept_offer(session, course_date_id=course_date, staff_id=staff[2], by=BY, at=LATER)

    assert states(session, course_date)[staff[2]] == BOOKED
    taken = select(AuditEntry.id).where(AuditEntry.kind == "seat_taken")
    assert len(session.scalars(taken).all()) == 1
    with pytest.raises(NoOffer):
        accept_offer(session, course_date_id=course_date, staff_id=staff[3], by=BY, at=LATER)


def test_an_offer_nobody_answers_goes_to_the_next(session: Session, house: House) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())
    asked(session, course_date, *staff[:4])
    gave_up(session, course_date, staff[0])
    over = LATER + timedelta(hours=48)
    assert session.scalars(select(Job.not_before).where(Job.kind == "seat_offer")).all() == [over]

    assert settle_offers(session, by="worker", at=over - timedelta(seconds=1)) == 0
    assert settle_offers(session, by="worker", at=over) == 1

    now = states(session, course_date)
    assert (now[staff[2]], now[staff[3]]) == (CANCELLED, OFFERED)


def test_whoever_cannot_come_keeps_their_place_and_the_next_is_asked(session: Session, house: House) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())
    asked(session, course_date, *staff[:4])
    leave = Absence(staff_id=staff[2], kind="leave", starts_on=STARTS.date(), ends_on=STARTS.date())
    add(session, leave)

    gave_up(session, course_date, staff[0])

    now = states(session, course_date)
    assert (now[staff[2]], now[staff[3]]) == (WAITING, OFFERED)


def test_nobody_waits_behind_more_than_three_later_arrivals(session: Session) -> None:
    house = build(session, people=9)
    course_date, staff = planned(session, house, seats=3), list(house.staff.values())
    support_worker, nurses = staff[3], staff[4:]
    asked(session, course_date, *staff[:3], support_worker, *nurses)

    for leaver in staff[:3]:
        gave_up(session, course_date, leaver)
    passed = states(session, course_date)
    more_seats = house.plan(seats=4)
    change_date(session, course_date_id=course_date, plan=more_seats, reason="Room", by=BY, at=LATER)

    assert [passed[each] for each in (support_worker, *nurses)] == [WAITING, *[OFFERED] * 3, *[WAITING] * 2]
    assert states(session, course_date)[support_worker] == OFFERED


@pytest.mark.parametrize(("days", "in_time"), [(13, True), (14, False)])
def test_a_late_cancellation_is_called_late_and_still_frees_the_seat(
    session: Session, house: House, days: int, in_time: bool
) -> None:
    early = STARTS - timedelta(hours=6)
    course_date, staff = planned(session, house), list(house.staff.values())
    asked(session, course_date, *staff[:3])

    at = early - timedelta(days=14 - days)
    found = cancel_booking(session, course_date_id=course_date, staff_id=staff[0], reason="Ill", by=BY, at=at)

    assert found == (in_time, True)
    assert states(session, course_date)[staff[2]] == OFFERED
    with pytest.raises(NotBooked):
        gave_up(session, course_date, staff[0])


def test_a_seat_that_nobody_waits_for_is_free(session: Session, house: House) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())
    asked(session, course_date, *staff[:2])

    assert gave_up(session, course_date, staff[0]) == GivenUp(in_time=True, passed_on=False)


def test_a_team_is_booked_whole_or_not_at_all(session: Session, house: House) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())
    other = planned(session, house, starts_at=STARTS + timedelta(hours=5), ends_at=AFTER)
    asked(session, other, staff[1])

    with pytest.raises(Hindered) as hindered:
        book(session, course_date_id=course_date, staff_ids=staff[:2], by=BY, at=LATER)

    assert [each.obstacle for each in hindered.value.by_staff[staff[1]]] == [Obstacle.OTHER_COURSE]
    assert set(hindered.value.by_staff) == {staff[1]}
    assert states(session, course_date) == {}


def test_what_the_course_asks_first_must_be_held_on_the_day(session: Session, house: House) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())
    add(session, CoursePrerequisite(course_id=house.course, competency_id=house.fire, level=1))
    about = {"staff_id": staff[1], "competency_id": house.fire, "valid_months": 1}
    add(session, Learning(**about, completed_on=date(2026, 2, 16)))
    add(session, Learning(**{**about, "staff_id": staff[2]}, completed_on=date(2026, 2, 15)))

    book(session, course_date_id=course_date, staff_ids=[staff[1]], by=BY, at=AT)
    with pytest.raises(Hindered) as hindered:
        book(session, course_date_id=course_date, staff_ids=[staff[0], staff[2]], by=BY, at=AT)

    assert set(hindered.value.by_staff) == {staff[0], staff[2]}


def test_a_closed_date_takes_nobody(session: Session, house: House) -> None:
    past_cut_off = planned(session, house, cut_off_on=AT.date())
    called_off = planned(session, house)
    call_off_date(session, course_date_id=called_off, reason="Trainer ill", by=BY, at=AT)

    for course_date, at in ((past_cut_off, AT + timedelta(days=1)), (called_off, AT), (past_cut_off, STARTS)):
        with pytest.raises(DateClosed):
            book(session, course_date_id=course_date, staff_ids=[house.staff["p0"]], by=BY, at=at)


def test_calling_off_tells_everybody_why(session: Session, house: House) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())
    asked(session, course_date, *staff[:3])

    assert call_off_date(session, course_date_id=course_date, reason="Trainer ill", by=BY, at=LATER) == 3

    assert set(states(session, course_date).values()) == {CANCELLED}
    assert set(session.scalars(select(Booking.reason))) == {"Trainer ill"}


def test_more_seats_are_offered_down_the_list_and_fewer_must_be_free(session: Session, house: House) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())
    asked(session, course_date, *staff[:4])

    with pytest.raises(SeatsTaken):
        change_date(session, course_date_id=course_date, plan=house.plan(seats=1), reason="", by=BY, at=LATER)
    change_date(session, course_date_id=course_date, plan=house.plan(seats=3), reason="Room", by=BY, at=LATER)

    assert list(states(session, course_date).values()) == [BOOKED, BOOKED, OFFERED, WAITING]


def test_a_seat_out_of_turn_is_recorded_with_who_and_why(session: Session, house: House) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())
    asked(session, course_date, *staff[:3], house.staff["p4"])
    give = partial(
        give_seat, session, course_date_id=course_date, staff_id=staff[2], reason="Leads", by=BY, at=LATER
    )
    with pytest.raises(NoSeat):
        give()
    gave_up(session, course_date, staff[0])

    give(instead_of=house.staff["p4"])

    now = states(session, course_date)
    assert (now[staff[2]], now[house.staff["p4"]]) == (BOOKED, WAITING)
    given = session.scalars(select(Booking).where(Booking.override)).one()
    assert (given.staff_id, given.reason) == (staff[2], "Leads")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.kind == "seat_given_out_of_turn")).one()
    assert (entry.by, entry.staff_id) == (BY, staff[2])


def test_attended_and_passed_becomes_learning_in_everything_the_course_gives(
    session: Session, house: House
) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())
    asked(session, course_date, house.staff["p4"], staff[0])
    outcomes = {house.staff["p4"]: BookingState.ATTENDED, staff[0]: BookingState.PART_ATTENDED}

    changed = record_attendance(session, course_date_id=course_date, outcomes=outcomes, by=BY, at=AFTER)

    rows = session.scalars(select(Learning).order_by(Learning.competency_id)).all()
    assert changed == 2
    assert [(row.staff_id, row.competency_id, row.completed_on, row.valid_months) for row in rows] == [
        (house.staff["p4"], house.medicines, STARTS.date(), 12),
        (house.staff["p4"], house.fire, STARTS.date(), None),
    ]
    kept = {
        row.competency: row.standing
        for row in current(session).standings(on=STARTS.date())
        if row.person == "p4"
    }
    assert kept == {"FIRE": "valid", "MED": "valid"}
    assert differences(session) == []


def test_an_entry_put_right_takes_its_learning_back_and_keeps_what_it_said(
    session: Session, house: House
) -> None:
    course_date, nurse = planned(session, house), house.staff["p4"]
    asked(session, course_date, nurse)
    for outcome in (BookingState.ATTENDED, BookingState.ATTENDED, BookingState.DID_NOT_ATTEND):
        record_attendance(session, course_date_id=course_date, outcomes={nurse: outcome}, by=BY, at=AFTER)

    assert session.scalars(select(Learning)).all() == []
    assert states(session, course_date) == {nurse: "did_not_attend"}
    assert differences(session) == []
    kinds = [entry.kind for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert (kinds.count("learning_recorded"), kinds.count("learning_voided")) == (2, 2)


def test_the_register_opens_on_the_last_day_and_nobody_enters_themself(
    session: Session, house: House
) -> None:
    course_date, staff = planned(session, house), list(house.staff.values())
    asked(session, course_date, *staff[:3])
    outcomes = {staff[0]: BookingState.ATTENDED}

    with pytest.raises(NotHeldYet):
        record_attendance(
            session, course_date_id=course_date, outcomes=outcomes, by=BY, at=STARTS - timedelta(days=1)
        )
    with pytest.raises(OwnAttendance):
        record_attendance(
            session,
            course_date_id=course_date,
            outcomes=outcomes,
            by=BY,
            at=AFTER,
            recorder_staff_id=staff[0],
        )
    with pytest.raises(NotBooked):
        record_attendance(
            session,
            course_date_id=course_date,
            outcomes={staff[2]: BookingState.ATTENDED},
            by=BY,
            at=AFTER,
        )


def test_forty_at_once_for_ten_seats_end_in_ten_bookings_and_a_list_in_order(database_url: str) -> None:
    engine = make_engine(database_url)
    with writing(engine) as session:
        house = build(session, people=40)
        course_date = planned(session, house, seats=10)
    gate, faults = threading.Barrier(40), []

    def ask(staff_id: int, place: int) -> None:
        own = make_engine(database_url)
        gate.wait()
        try:
            with writing(own) as session:
                at = AT + timedelta(seconds=place)
                book(session, course_date_id=course_date, staff_ids=[staff_id], by=BY, at=at)
        except Exception as fault:  # noqa: BLE001 - shown below
            faults.append(fault)
        own.dispose()

    threads = [
        threading.Thread(target=ask, args=(staff_id, place))
        for place, staff_id in enumerate(house.staff.values())
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    with reading(engine) as session:
        rows = session.scalars(select(Booking).order_by(Booking.id)).all()
        states_in_order = [row.state for row in rows]
    engine.dispose()
    assert states_in_order == [BOOKED] * 10 + [WAITING] * 30
