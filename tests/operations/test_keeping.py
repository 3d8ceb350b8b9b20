"""Posts, absences, registrations, stops, exemptions: refusals, what a correction keeps, who is late."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import begin_writing, make_engine, reading, writing
from skillsmatrix.models import (
    Absence,
    AuditEntry,
    EarlierVersion,
    Exemption,
    Post,
    Registration,
    Role,
    Service,
    Staff,
    Suspension,
)
from skillsmatrix.operations import keeping
from skillsmatrix.operations.absences import AbsencePlan, correct_absence, record_absence, take_back_absence
from skillsmatrix.operations.exemptions import (
    Approver,
    ExemptionPlan,
    OwnExemption,
    TooLong,
    WaivesHardStop,
    approve_exemption,
    correct_exemption,
    take_back_exemption,
)
from skillsmatrix.operations.posts import (
    PostPlan,
    ServiceClosed,
    WteOutOfReach,
    correct_post,
    record_post,
    take_back_post,
)
from skillsmatrix.operations.registrations import (
    RegistrationPlan,
    correct_registration,
    record_registration,
    take_back_registration,
)
from skillsmatrix.operations.suspensions import (
    NotStopped,
    OwnSuspension,
    SuspensionPlan,
    lift_suspension,
    suspend,
)
from skillsmatrix.queries.conclusions import differences
from tests.operations.training_world import AT, BY, TODAY, House, build

LATER = AT + timedelta(hours=1)
HEAD = Approver("Head of practice", None)
WHY = "Entered on the wrong day"


@pytest.fixture
def session(sqlite_engine: Engine) -> Iterator[Session]:
    with Session(sqlite_engine) as session:
        begin_writing(session)
        yield session


@pytest.fixture
def house(session: Session) -> House:
    return build(session)


def post_plan(session: Session, **changes: Any) -> PostPlan:
    """A bank post beside the permanent one."""
    usual = {
        "service_id": session.scalars(select(Service.id)).one(),
        "role_id": session.scalars(select(Role.id).where(Role.code == "rn")).one(),
        "basis": "bank",
        "wte": 0.2,
        "starts_on": TODAY,
        "ends_on": None,
    }
    return PostPlan(**{**usual, **changes})


def absence(first: str, last: str | None = None, kind: str = "sickness") -> AbsencePlan:
    end = None if last is None else date.fromisoformat(last)
    return AbsencePlan(kind=kind, starts_on=date.fromisoformat(first), ends_on=end)


def exemption(house: House, *, of: str = "fire", days: int = 30, first: date = TODAY) -> ExemptionPlan:
    return ExemptionPlan(
        competency_id=getattr(house, of),
        starts_on=first,
        ends_on=first + timedelta(days=days),
        reason_kind="medical",
    )


def test_a_second_post_is_recorded_signed_and_followed_by_the_conclusions(
    session: Session, house: House
) -> None:
    post_id = record_post(session, staff_id=house.staff["p0"], plan=post_plan(session), by=BY, at=LATER)

    assert session.get_one(Post, post_id).version_from == LATER
    entry = session.scalars(select(AuditEntry).where(AuditEntry.kind == "post_recorded")).one()
    assert (entry.subject_id, entry.staff_id, entry.by) == (post_id, house.staff["p0"], BY)
    assert differences(session) == []


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"ends_on": date(2026, 3, 1)}, keeping.EndsBeforeItStarts),
        ({"starts_on": date(2023, 12, 31)}, keeping.OutsideEmployment),
        ({"wte": 10.1}, WteOutOfReach),
        ({"wte": -0.1}, WteOutOfReach),
    ],
)
def test_a_post_that_cannot_be_is_refused(
    session: Session, house: House, changes: dict[str, Any], refusal: type[keeping.KeepingRefused]
) -> None:
    with pytest.raises(refusal):
        record_post(session, staff_id=house.staff["p0"], plan=post_plan(session, **changes), by=BY, at=LATER)

    assert len(session.scalars(select(Post).where(Post.staff_id == house.staff["p0"])).all()) == 1


def test_the_same_post_twice_at_once_is_refused(session: Session, house: House) -> None:
    person = house.staff["p4"]  # a nurse already

    with pytest.raises(keeping.Overlaps):
        record_post(session, staff_id=person, plan=post_plan(session), by=BY, at=LATER)
    first = post_plan(session, starts_on=date(2024, 1, 1))
    with pytest.raises(keeping.AlreadyRecorded):
        record_post(session, staff_id=person, plan=first, by=BY, at=LATER)


def test_nobody_starts_at_a_service_that_has_closed(session: Session, house: House) -> None:
    session.scalars(select(Service)).one().closes_on = TODAY - timedelta(days=1)

    with pytest.raises(ServiceClosed):
        record_post(session, staff_id=house.staff["p0"], plan=post_plan(session), by=BY, at=LATER)


def test_a_correction_keeps_what_was_said_before_and_why(session: Session, house: House) -> None:
    post_id = record_post(session, staff_id=house.staff["p0"], plan=post_plan(session), by=BY, at=AT)

    ended = post_plan(session, ends_on=TODAY)
    changed = correct_post(
        session, post_id=post_id, plan=ended, version=AT, reason=WHY, by="account:2", at=LATER
    )

    assert changed
    before = session.scalars(select(EarlierVersion)).one()
    assert (before.table_name, before.row_id, before.reason) == ("posts", post_id, WHY)
    assert json.loads(before.row)["ends_on"] is None
    assert (session.get_one(Post, post_id).ends_on, session.get_one(Post, post_id).recorded_by) == (
        TODAY,
        "account:2",
    )
    assert differences(session) == []


def test_a_correction_of_nothing_writes_nothing(session: Session, house: House) -> None:
    post_id = record_post(session, staff_id=house.staff["p0"], plan=post_plan(session), by=BY, at=AT)

    assert not correct_post(
        session, post_id=post_id, plan=post_plan(session), version=AT, reason=WHY, by=BY, at=LATER
    )

    assert session.scalars(select(EarlierVersion)).all() == []


def test_what_is_taken_back_is_gone_and_stays_readable(session: Session, house: House) -> None:
    person = house.staff["p0"]
    post_id = record_post(session, staff_id=person, plan=post_plan(session), by=BY, at=AT)
    absence_id = record_absence(session, staff_id=person, plan=absence("2026-03-03"), by=BY, at=AT)
    entry = RegistrationPlan(body="NMC", number="1", registered_on=TODAY, valid_to=None)
    entry_id = record_registration(session, staff_id=person, plan=entry, by=BY, at=AT)
    excused = approve_exemption(session, staff_id=person, plan=exemption(house), approver=HEAD, by=BY, at=AT)

    take_back_post(session, post_id=post_id, version=AT, reason=WHY, by=BY, at=LATER)
    take_back_absence(session, absence_id=absence_id, version=AT, reason=WHY, by=BY, at=LATER)
    take_back_registration(session, registration_id=entry_id, version=AT, reason=WHY, by=BY, at=LATER)
    take_back_exemption(session, exemption_id=excused, version=AT, reason=WHY, by=BY, at=LATER)

    for model in (Absence, Registration, Exemption):
        assert session.scalars(select(model)).all() == []
    kept = session.scalars(select(EarlierVersion.table_name).order_by(EarlierVersion.table_name)).all()
    assert kept == ["absences", "exemptions", "posts", "registrations"]
    assert differences(session) == []


def test_whoever_is_late_gets_the_other_version_and_changes_nothing(session: Session, house: House) -> None:
    absence_id = record_absence(session, staff_id=house.staff["p0"], plan=absence("2026-03-03"), by=BY, at=AT)
    known = absence("2026-03-03", "2026-03-20")
    correct_absence(session, absence_id=absence_id, plan=known, version=AT, reason=WHY, by=BY, at=LATER)

    wrong = absence("2026-03-03", "2026-04-30")
    with pytest.raises(keeping.ChangedMeanwhile) as late:
        correct_absence(session, absence_id=absence_id, plan=wrong, version=AT, reason=WHY, by=BY, at=LATER)

    assert late.value.fact.id == absence_id
    assert session.get_one(Absence, absence_id).ends_on == date(2026, 3, 20)
    with pytest.raises(keeping.Gone):
        take_back_absence(session, absence_id=0, version=AT, reason=WHY, by=BY, at=LATER)


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        ("2026-03-10", None, keeping.Overlaps),
        ("2026-03-01", "2026-03-03", keeping.Overlaps),
        ("2026-03-03", "2026-03-03", keeping.AlreadyRecorded),
        ("2026-03-05", "2026-03-04", keeping.EndsBeforeItStarts),
    ],
)
def test_two_absences_never_share_a_day(
    session: Session, house: House, first: str, last: str, refusal: type[keeping.KeepingRefused]
) -> None:
    person = house.staff["p0"]
    record_absence(session, staff_id=person, plan=absence("2026-03-03", "2026-03-10"), by=BY, at=AT)

    with pytest.raises(refusal):
        record_absence(session, staff_id=person, plan=absence(first, last), by=BY, at=LATER)
    record_absence(session, staff_id=person, plan=absence("2026-03-11", None), by=BY, at=LATER)


def test_a_registration_is_renewed_and_never_entered_twice(session: Session, house: House) -> None:
    person = house.staff["p4"]
    entry = RegistrationPlan(body="NMC", number=None, registered_on=TODAY, valid_to=date(2027, 3, 1))
    entry_id = record_registration(session, staff_id=person, plan=entry, by=BY, at=AT)
    renewed = RegistrationPlan(body="NMC", number=None, registered_on=TODAY, valid_to=date(2028, 3, 1))
    backwards = RegistrationPlan(body="HCPC", number=None, registered_on=TODAY, valid_to=date(2026, 1, 1))

    assert correct_registration(
        session, registration_id=entry_id, plan=renewed, version=AT, reason=WHY, by=BY, at=LATER
    )
    with pytest.raises(keeping.AlreadyRecorded):
        record_registration(session, staff_id=person, plan=entry, by=BY, at=LATER)
    with pytest.raises(keeping.EndsBeforeItStarts) as refused:
        record_registration(session, staff_id=person, plan=backwards, by=BY, at=LATER)
    assert refused.value.about == "valid_to"


def stopped(session: Session, house: House) -> int:
    plan = SuspensionPlan(
        competency_id=house.fire, starts_on=date(2026, 3, 2), ends_on=None, reason="Doors left open"
    )
    return suspend(session, staff_id=house.staff["p0"], plan=plan, by=BY, at=AT)


def lift(session: Session, house: House, number: int, allowed: str, who: str | None = None) -> bool:
    return lift_suspension(
        session,
        suspension_id=number,
        allowed_from=date.fromisoformat(allowed),
        actor_staff_id=None if who is None else house.staff[who],
        version=AT,
        reason="Walked through it together",
        by=BY,
        at=LATER,
    )


def test_a_stop_ends_the_day_before_it_is_allowed_again(session: Session, house: House) -> None:
    number = stopped(session, house)

    assert lift(session, house, number, "2026-03-09", who="p1")

    assert session.get_one(Suspension, number).ends_on == date(2026, 3, 8)
    assert session.get_one(Suspension, number).reason == "Doors left open"


def test_nobody_lifts_their_own_stop_nor_one_that_had_not_begun(session: Session, house: House) -> None:
    number = stopped(session, house)

    with pytest.raises(OwnSuspension):
        lift(session, house, number, "2026-03-09", who="p0")
    with pytest.raises(NotStopped):
        lift(session, house, number, "2026-03-02")
    plan = SuspensionPlan(competency_id=house.fire, starts_on=date(2026, 4, 1), ends_on=None, reason="Again")
    with pytest.raises(keeping.Overlaps):
        suspend(session, staff_id=house.staff["p0"], plan=plan, by=BY, at=LATER)
    assert session.get_one(Suspension, number).ends_on is None


def excuse(session: Session, house: House, who: str, plan: ExemptionPlan, approver: Approver = HEAD) -> int:
    return approve_exemption(session, staff_id=house.staff[who], plan=plan, approver=approver, by=BY, at=AT)


def test_an_exemption_carries_the_name_of_whoever_approved_it_last(session: Session, house: House) -> None:
    number = excuse(session, house, "p0", exemption(house))

    correct_exemption(
        session,
        exemption_id=number,
        plan=exemption(house, days=10),
        approver=Approver("Deputy", None),
        version=AT,
        reason=WHY,
        by=BY,
        at=LATER,
    )

    row = session.get_one(Exemption, number)
    assert (row.approved_by, row.ends_on) == ("Deputy", TODAY + timedelta(days=10))


def test_nobody_approves_their_own_and_a_year_is_the_longest(session: Session, house: House) -> None:
    with pytest.raises(OwnExemption):
        excuse(session, house, "p0", exemption(house), Approver("P0", house.staff["p0"]))
    with pytest.raises(TooLong):
        excuse(session, house, "p0", exemption(house, days=366))
    excuse(session, house, "p0", exemption(house, days=365))
    with pytest.raises(keeping.Overlaps):
        excuse(session, house, "p0", exemption(house, first=TODAY + timedelta(days=9)))


def test_a_hard_stop_is_never_waived(session: Session, house: House) -> None:
    with pytest.raises(WaivesHardStop) as refused:
        excuse(session, house, "p4", exemption(house, of="medicines"))

    assert refused.value.detail == ("R-MED",)
    excuse(session, house, "p0", exemption(house, of="medicines"))  # no nurse: nothing binds them
    assert session.scalars(select(Exemption.staff_id)).all() == [house.staff["p0"]]


def both_at_once(url: str, one: Callable[[Session], Any], other: Callable[[Session], Any]) -> list[Any]:
    """What came of two writers who start together."""
    gate, came = threading.Barrier(2), []

    def write(do: Callable[[Session], Any]) -> None:
        own = make_engine(url)
        gate.wait()
        try:
            with writing(own) as session:
                do(session)
            came.append("kept")
        except Exception as refused:  # noqa: BLE001 - looked at below
            came.append(type(refused).__name__)
        own.dispose()

    threads = [threading.Thread(target=write, args=(do,)) for do in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


def test_of_two_editors_at_once_one_is_kept_and_the_other_told(database_url: str) -> None:
    engine = make_engine(database_url)
    with writing(engine) as session:
        house = build(session)
        number = record_absence(session, staff_id=house.staff["p0"], plan=absence("2026-03-03"), by=BY, at=AT)

    def correct_to(day: str) -> Callable[[Session], Any]:
        return lambda session: correct_absence(
            session,
            absence_id=number,
            plan=absence("2026-03-03", day),
            version=AT,
            reason=WHY,
            by=BY,
            at=LATER,
        )

    came = both_at_once(database_url, correct_to("2026-03-20"), correct_to("2026-04-20"))

    assert came == ["ChangedMeanwhile", "kept"]
    with reading(engine) as session:
        assert len(session.scalars(select(EarlierVersion)).all()) == 1
        assert session.get_one(Absence, number).version_from == LATER
    engine.dispose()


def test_of_two_who_enter_the_same_post_at_once_one_is_refused(database_url: str) -> None:
    engine = make_engine(database_url)
    with writing(engine) as session:
        house = build(session)
        plan = post_plan(session)

    def enter(session: Session) -> Any:
        return record_post(session, staff_id=house.staff["p0"], plan=plan, by=BY, at=LATER)

    came = both_at_once(database_url, enter, enter)

    assert came == ["AlreadyRecorded", "kept"]
    with reading(engine) as session:
        posts = session.scalars(select(Post).join(Staff).where(Staff.code == "p0")).all()
        assert len(posts) == 2
    engine.dispose()
