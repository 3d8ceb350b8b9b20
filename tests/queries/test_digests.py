"""Whose digest says what: Ade and Dee never held the hard stop; Bo and Cy hold it to 10 January 2026."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole, Actor, Grant
from skillsmatrix.domain.digest import Line, Topic
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import (
    Absence,
    Claim,
    Competency,
    Registration,
    Requirement,
    RuleChange,
    Service,
    Staff,
    SupervisionAction,
    SupervisionAgreement,
)
from skillsmatrix.operations.accounts import create_account, disable_account, grant_role
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.queries.actors import actors
from skillsmatrix.queries.digests import Digest, digest
from tests.facts import add
from tests.operations.practice import BY, LONG_AGO, NOW, House, house, signed_off

MONDAY = date(2025, 6, 16)
WEEK = timedelta(days=7)


def staff(code: str, *grants: Grant) -> Actor:
    return Actor(1, code, code.title(), (Grant(AccessRole.STAFF, from_on=LONG_AGO), *grants))


def granted(role: AccessRole, *services: str) -> Grant:
    return Grant(role, from_on=LONG_AGO, services=services)


MANAGER = granted(AccessRole.SERVICE_MANAGER, "HOUSE")
HEAD = granted(AccessRole.HEAD_OF_PRACTICE)
HR = granted(AccessRole.HUMAN_RESOURCES)
SUPERVISOR = granted(AccessRole.SUPERVISOR)


def made(session: Session, actor: Actor, on: date) -> Digest:
    return digest(session, actor, on=on, at=datetime.combine(on, time(7), UTC))


def lines(session: Session, actor: Actor, on: date = MONDAY, topic: Topic | None = None) -> list[Line]:
    found = [line for part in made(session, actor, on).parts for line in part.lines]
    return [line for line in found if topic in (None, line.topic)]


def said(session: Session, actor: Actor, on: date = MONDAY) -> list[tuple[str, str]]:
    return [(line.topic.value, line.staff or line.service) for line in lines(session, actor, on)]


@pytest.fixture
def at_house(sqlite_engine: Engine) -> House:
    with writing(sqlite_engine) as session:
        return house(session)


def refreshed(session: Session) -> None:
    refresh(session, staff_ids=None, by=BY, at=NOW)


def test_on_both_databases_staff_read_what_to_put_right_and_the_manager_what_is_not_safe(
    engine: Engine,
) -> None:
    with writing(engine) as session:
        house(session)
    with reading(engine) as session:
        (own,) = lines(session, staff("ade"))
        unsafe = lines(session, staff("dee", MANAGER))[0]

    assert (own.topic, own.title, own.hard_stop, own.bearing.hard_stop) == (
        Topic.NOT_HELD,
        "Medicines",
        True,
        2,
    )
    assert own.detail == "Be signed off at level 3."
    assert (unsafe.topic, unsafe.place, unsafe.held, unsafe.needed) == (Topic.UNSAFE, "The House", 2, 4)


def test_what_runs_out_is_said_when_it_enters_the_window_and_then_in_the_last_month(
    sqlite_engine: Engine, at_house: House
) -> None:
    with reading(sqlite_engine) as session:
        weeks = {
            monday: bool(lines(session, staff("bo"), monday))
            for monday in (date(2025, 10, 6) + number * WEEK for number in range(14))
        }

    assert [monday.isoformat() for monday, any_line in weeks.items() if any_line] == [
        "2025-10-13",
        "2025-11-17",
        "2025-12-15",
        "2025-12-22",
        "2025-12-29",
        "2026-01-05",
    ]


def test_nothing_is_said_of_what_will_no_longer_be_required_when_it_ends(
    sqlite_engine: Engine, at_house: House
) -> None:
    last = date(2026, 1, 5)
    with reading(sqlite_engine) as session:
        assert lines(session, staff("bo"), last)
    with writing(sqlite_engine) as session:
        session.scalars(select(Requirement)).one().in_force_to = date(2026, 1, 10)
        refreshed(session)

    with reading(sqlite_engine) as session:
        assert lines(session, staff("bo"), last) == []


def test_nothing_is_said_of_what_is_not_required_any_more(sqlite_engine: Engine, at_house: House) -> None:
    with writing(sqlite_engine) as session:
        session.scalars(select(Requirement)).one().in_force_to = MONDAY - timedelta(days=1)
        refreshed(session)

    with reading(sqlite_engine) as session:
        assert lines(session, staff("ade")) == []
        assert lines(session, staff("dee", MANAGER)) == []


def test_somebody_on_a_long_absence_is_told_nothing_and_nobody_is_told_of_them(
    sqlite_engine: Engine, at_house: House
) -> None:
    with writing(sqlite_engine) as session:
        add(session, Absence(staff_id=at_house.ade, kind="parental", starts_on=date(2025, 4, 1)))
        refreshed(session)

    with reading(sqlite_engine) as session:
        own = made(session, staff("ade"), MONDAY)
        assert own.away
        assert own.parts == ()
        assert ("told", "ade") not in said(session, staff("dee", HEAD))


@pytest.mark.parametrize(
    ("mondays_before", "manager", "head"), [(1, False, False), (2, True, False), (4, True, True)]
)
def test_a_stop_goes_to_the_manager_after_two_digests_and_to_the_head_after_four(
    sqlite_engine: Engine, at_house: House, mondays_before: int, manager: bool, head: bool
) -> None:
    with writing(sqlite_engine) as session:
        row = session.scalars(select(Requirement)).one()
        row.in_force_from = MONDAY - mondays_before * WEEK
        refreshed(session)

    with reading(sqlite_engine) as session:
        assert (("told", "ade") in said(session, staff("bo", MANAGER))) is manager
        assert (("told", "ade") in said(session, staff("bo", HEAD))) is head
        assert lines(session, staff("ade"))[0].told == mondays_before


def test_a_stop_that_was_put_right_in_between_starts_again(sqlite_engine: Engine, at_house: House) -> None:
    with writing(sqlite_engine) as session:
        number = signed_off(session, at_house.ade, at_house.skill, at_house.bo, on=date(2024, 6, 6))
        assert number
        refreshed(session)

    with reading(sqlite_engine) as session:
        # Valid to 6 June 2025: it has stood since the 7th, and so in the digest of the 9th only.
        assert lines(session, staff("ade"))[0].told == 1
        assert ("told", "ade") not in said(session, staff("bo", MANAGER))


def test_a_manager_of_another_service_reads_nothing_of_this_one(
    sqlite_engine: Engine, at_house: House
) -> None:
    with writing(sqlite_engine) as session:
        org = session.scalars(select(Service)).one().organisation_id
        add(session, Service(code="BARN", name="The Barn", organisation_id=org, opens_on=LONG_AGO))
        refreshed(session)

    with reading(sqlite_engine) as session:
        found = said(session, staff("bo", granted(AccessRole.SERVICE_MANAGER, "BARN")), MONDAY)

    assert found == []


def test_the_manager_hears_a_month_ahead_of_a_line_that_will_be_short(
    sqlite_engine: Engine, at_house: House
) -> None:
    with writing(sqlite_engine) as session:
        row = session.scalars(select(Requirement)).one()
        row.cover, row.amount = "count", 2
        refreshed(session)

    with reading(sqlite_engine) as session:
        before = lines(session, staff("dee", MANAGER), date(2025, 12, 11), Topic.SHORT_SOON)
        (soon,) = lines(session, staff("dee", MANAGER), date(2025, 12, 12), Topic.SHORT_SOON)

    assert before == []
    assert (soon.on, soon.held, soon.needed, soon.hard_stop) == (date(2026, 1, 11), 0, 2, True)


def test_a_supervisor_reads_who_is_due_and_what_it_would_stop(sqlite_engine: Engine, at_house: House) -> None:
    with writing(sqlite_engine) as session:
        skill = session.get_one(Competency, at_house.skill)
        skill.supervision_kind, skill.supervision_lapse_days = "clinical", 160
        agreement = SupervisionAgreement(
            supervisee_id=at_house.bo, supervisor_id=at_house.dee, kind="clinical", starts_on=LONG_AGO
        )
        add(session, agreement)
        refreshed(session)

    with reading(sqlite_engine) as session:
        (found,) = lines(session, staff("dee", SUPERVISOR), topic=Topic.SUPERVISION)
        (own,) = lines(session, staff("bo"), topic=Topic.OWN_SUPERVISION)
        elsewhere = lines(session, staff("cy", SUPERVISOR), topic=Topic.SUPERVISION)

    # Held since 10 January, 160 days: it may lapse on 20 June, and Bo is one of two where four are needed.
    assert (found.staff, found.detail, found.on, found.place) == (
        "bo",
        "due_soon",
        date(2025, 6, 19),
        "Medicines",
    )
    assert found.bearing.hard_stop == 3
    assert own.detail == "due_soon"
    assert elsewhere == []


def test_what_was_agreed_is_said_without_saying_what_it_is(sqlite_engine: Engine, at_house: House) -> None:
    with writing(sqlite_engine) as session:
        action = SupervisionAction(
            supervisee_id=at_house.ade, owner_id=at_house.bo, what="Talk to Ade's aunt", due_on=MONDAY
        )
        add(session, action)

    with reading(sqlite_engine) as session:
        (found,) = lines(session, staff("bo"))

    assert (found.topic, found.name) == (Topic.ACTION, "Ade")
    assert "aunt" not in repr(found)


def test_hr_reads_of_registrations_and_claims_and_their_owner_of_the_registration(
    sqlite_engine: Engine, at_house: House
) -> None:
    with writing(sqlite_engine) as session:
        body = {"body": "NMC", "registered_on": LONG_AGO}
        add(session, Registration(staff_id=at_house.bo, **body, valid_to=MONDAY + timedelta(days=20)))
        add(session, Registration(staff_id=at_house.cy, **body, valid_to=MONDAY + timedelta(days=20)))
        add(session, Registration(staff_id=at_house.cy, body="NMC", registered_on=MONDAY - WEEK))
        claim = Claim(
            staff_id=at_house.ade,
            competency_id=at_house.skill,
            completed_on=date(2025, 5, 1),
            title="Medicines day",
            provider="A trust",
            state="waiting",
        )
        add(session, claim)

    with reading(sqlite_engine) as session:
        assert said(session, staff("dee", HR))[:2] == [("claim", "ade"), ("registration", "bo")]
        assert said(session, staff("bo")) == [("own_registration", "bo")]
        assert ("claim", "ade") not in said(session, staff("ade", HR))


def test_an_account_without_work_of_its_own_has_an_empty_digest(
    sqlite_engine: Engine, at_house: House
) -> None:
    administrator = Actor(9, None, "Adm", (granted(AccessRole.ADMINISTRATOR),))
    inspector = Actor(9, None, "Insp", (granted(AccessRole.INSPECTOR, "HOUSE"),))

    with reading(sqlite_engine) as session:
        assert made(session, administrator, MONDAY).parts == ()
        assert made(session, inspector, MONDAY).parts == ()


def test_shut_accounts_those_never_taken_up_and_those_of_leavers_are_nobodys(
    sqlite_engine: Engine, at_house: House
) -> None:
    with writing(sqlite_engine) as session:
        ids = {}
        for code in ("ade", "bo", "cy", "dee"):
            ids[code] = create_account(
                session,
                email=f"{code}@example.org",
                display_name=code.title(),
                staff_id=getattr(at_house, code),
                password=None if code == "cy" else "river stone lamp",
                by=BY,
                at=NOW,
            )
        grant_role(
            session,
            account_id=ids["ade"],
            role=AccessRole.SERVICE_MANAGER,
            from_on=LONG_AGO,
            service_id=session.scalars(select(Service.id)).one(),
            by=BY,
            at=NOW,
        )
        disable_account(session, account_id=ids["bo"], by=BY, at=NOW)
        session.get_one(Staff, at_house.dee).employed_to = MONDAY - timedelta(days=1)

    with reading(sqlite_engine) as session:
        found = actors(session, on=MONDAY)

    assert list(found) == [ids["ade"]]
    assert [grant.role for grant in found[ids["ade"]].grants] == [
        AccessRole.STAFF,
        AccessRole.SERVICE_MANAGER,
    ]


def test_a_drafted_rule_waits_for_whoever_did_not_write_it(sqlite_engine: Engine, at_house: House) -> None:
    with writing(sqlite_engine) as session:
        for table, code, by in (("requirements", "R1", "account:1"), ("competencies", "MED", "account:2")):
            draft = RuleChange(
                table_name=table,
                code=code,
                changes='{"what": "change", "values": {}}',
                takes_effect_on=date(2025, 7, 1),
                why="Asked for",
                state="draft",
            )
            add(session, draft)
            draft.recorded_by = by

    with reading(sqlite_engine) as session:
        (found,) = lines(session, staff("dee", HR), topic=Topic.RULE_CHANGE)

    assert (found.number, found.title, found.on) == (2, "Medicines", date(2025, 7, 1))


def test_a_refused_claim_is_told_for_two_weeks_until_another_is_handed_in(
    sqlite_engine: Engine, at_house: House
) -> None:
    def claimed(state: str, **decided: object) -> Claim:
        return Claim(
            staff_id=at_house.bo,
            competency_id=at_house.skill,
            completed_on=date(2025, 5, 1),
            title="Medicines day",
            provider="A trust",
            state=state,
            **decided,
        )

    decided = {"decided_at": NOW, "decided_by": BY, "decision_reason": "Too long ago"}
    decided_on = london_day(NOW)
    with writing(sqlite_engine) as session:
        add(session, claimed("refused", **decided))

    def told(after: int) -> list[Line]:
        with reading(sqlite_engine) as session:
            return lines(session, staff("bo"), decided_on + timedelta(days=after), topic=Topic.CLAIM_REFUSED)

    (found,) = told(13)
    assert (found.number, found.title, found.on) == (1, "Medicines", decided_on)
    assert told(14) == []
    with writing(sqlite_engine) as session:
        add(session, claimed("waiting"))
    assert told(1) == []
