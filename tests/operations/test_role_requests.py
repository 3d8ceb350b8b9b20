"""Roles: asked for by one administrator, given by another, ended at once or on a day."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.trust import RoleFault, RoleTerms
from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.models import Account, AccountGrant, AuditEntry, Organisation, RoleRequest, Service, Staff
from skillsmatrix.operations.accounts import (
    EmailTaken,
    LastAdministrator,
    NotOneself,
    create_account,
    disable_account,
    enable_account,
    grant_role,
    sign_in,
    sign_out_everywhere,
)
from skillsmatrix.operations.role_requests import (
    NoSuchGrant,
    RoleNotGiven,
    SecondPersonNeeded,
    SettledAlready,
    ask_for_role,
    confirm_role,
    end_role,
    refuse_role,
)
from skillsmatrix.queries.account_list import administrators, roles_of, waiting_roles
from skillsmatrix.queries.actors import actors
from skillsmatrix.queries.audit import broken_links
from tests.facts import add

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 22)
YESTERDAY = ON - timedelta(days=1)
COMMAND = "command:test"


def an_account(session: Session, name: str, *, staff_id: int | None = None) -> int:
    number = create_account(
        session, email=f"{name}@example.org", display_name=name, staff_id=staff_id, by=COMMAND, at=AT
    )
    session.get_one(Account, number).password_hash = "kept"
    session.flush()
    return number


def an_administrator(session: Session, name: str) -> str:
    """How the new administrator signs."""
    number = an_account(session, name)
    role = AccessRole.ADMINISTRATOR
    grant_role(session, account_id=number, role=role, from_on=ON, by=COMMAND, at=AT)
    return f"account:{number}"


def hr(session: Session, account_id: int, *, by: str, from_on: date = ON) -> int:
    terms = RoleTerms(AccessRole.HUMAN_RESOURCES, from_on)
    return ask_for_role(session, terms, account_id=account_id, by=by, at=AT)


def roles_today(session: Session, account_id: int) -> list[AccessRole]:
    return [grant.role for grant in actors(session, on=ON)[account_id].grants]


def test_a_role_gives_nothing_until_another_administrator_confirms_it(engine: Engine) -> None:
    with writing(engine) as session:
        ann, bob = an_administrator(session, "ann"), an_administrator(session, "bob")
        jo = an_account(session, "jo")
        request_id = hr(session, jo, by=ann)

        assert roles_today(session, jo) == []
        assert [each.account_name for each in waiting_roles(session)] == ["jo"]
        with pytest.raises(SecondPersonNeeded):
            confirm_role(session, request_id=request_id, by=ann, at=AT)
        confirm_role(session, request_id=request_id, by=bob, at=AT)

        assert roles_today(session, jo) == [AccessRole.HUMAN_RESOURCES]
        assert waiting_roles(session) == []
        with pytest.raises(SettledAlready):
            confirm_role(session, request_id=request_id, by=bob, at=AT)
    with reading(engine) as session:
        kinds = session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id.desc()).limit(3)).all()
        assert kinds == ["role_granted", "role_confirmed", "role_asked_for"]
        assert broken_links(session) == []


def test_nobody_asks_for_or_confirms_a_role_of_their_own(engine: Engine) -> None:
    with writing(engine) as session:
        ann, bob = an_administrator(session, "ann"), an_administrator(session, "bob")
        own = int(ann.removeprefix("account:"))

        with pytest.raises(RoleNotGiven) as refused:
            hr(session, own, by=ann)
        assert refused.value.fault is RoleFault.NOT_TO_ONESELF
        with pytest.raises(SecondPersonNeeded):
            confirm_role(session, request_id=hr(session, own, by=bob), by=ann, at=AT)


def test_a_refused_request_stays_refused(engine: Engine) -> None:
    with writing(engine) as session:
        ann, bob = an_administrator(session, "ann"), an_administrator(session, "bob")
        jo = an_account(session, "jo")
        request_id = hr(session, jo, by=ann)
        refuse_role(session, request_id=request_id, by=bob, at=AT)

        with pytest.raises(SettledAlready):
            confirm_role(session, request_id=request_id, by=bob, at=AT)
        assert roles_today(session, jo) == []


def test_a_role_is_not_asked_for_twice(engine: Engine) -> None:
    with writing(engine) as session:
        ann, bob = an_administrator(session, "ann"), an_administrator(session, "bob")
        jo = an_account(session, "jo")
        request_id = hr(session, jo, by=ann)
        with pytest.raises(RoleNotGiven, match="held_already"):
            hr(session, jo, by=bob)
        confirm_role(session, request_id=request_id, by=bob, at=AT)

        with pytest.raises(RoleNotGiven, match="held_already"):
            hr(session, jo, by=ann, from_on=date(2027, 3, 1))


def test_a_role_confirmed_late_begins_on_the_day_it_is_confirmed(engine: Engine) -> None:
    with writing(engine) as session:
        ann, bob = an_administrator(session, "ann"), an_administrator(session, "bob")
        jo = an_account(session, "jo")
        request_id = hr(session, jo, by=ann)
        confirm_role(session, request_id=request_id, by=bob, at=AT + timedelta(days=3))

        assert [each.from_on for each in roles_of(session, [jo])[jo]] == [date(2026, 11, 25)]


@pytest.mark.parametrize(
    ("role", "bounds", "to_on", "fault"),
    [
        (AccessRole.STAFF, {}, None, RoleFault.FOLLOWS_FROM_THE_RECORD),
        (AccessRole.ASSESSOR, {}, None, RoleFault.NEEDS_A_STAFF_RECORD),
        (AccessRole.SERVICE_MANAGER, {}, None, RoleFault.NEEDS_A_SERVICE),
        (AccessRole.HOST_PARTNER, {}, None, RoleFault.NEEDS_AN_ORGANISATION),
        (AccessRole.INSPECTOR, {}, ON, RoleFault.NEEDS_BOUNDS),
        (AccessRole.INSPECTOR, {"service_id": 1}, None, RoleFault.NEEDS_A_LAST_DAY),
        (AccessRole.INSPECTOR, {"service_id": 1, "organisation_id": 1}, ON, RoleFault.ONE_BOUND_ONLY),
        (AccessRole.HUMAN_RESOURCES, {"service_id": 1}, None, RoleFault.NO_SERVICE_HERE),
        (AccessRole.HUMAN_RESOURCES, {}, YESTERDAY, RoleFault.ENDS_BEFORE_IT_BEGINS),
    ],
)
def test_a_role_is_asked_for_within_its_bounds(
    sqlite_engine: Engine,
    role: AccessRole,
    bounds: dict[str, int],
    to_on: date | None,
    fault: RoleFault,
) -> None:
    with writing(sqlite_engine) as session:
        ann, jo = an_administrator(session, "ann"), an_account(session, "jo")

        terms = RoleTerms(role, ON, to_on, **bounds)
        with pytest.raises(RoleNotGiven) as refused:
            ask_for_role(session, terms, account_id=jo, by=ann, at=AT)
    assert refused.value.fault is fault


def test_a_role_does_not_begin_in_the_past(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        ann, jo = an_administrator(session, "ann"), an_account(session, "jo")

        with pytest.raises(RoleNotGiven, match="begins_in_the_past"):
            hr(session, jo, by=ann, from_on=YESTERDAY)


def test_a_manager_of_a_service_gets_that_service_and_loses_it_at_once(engine: Engine) -> None:
    with writing(engine) as session:
        org = add(session, Organisation(code="ORG", name="Bridge Homes"))
        house = Service(code="HOUSE", name="The House", organisation_id=org.id, opens_on=date(2020, 1, 1))
        add(session, house)
        mia = Staff(code="mia", family_name="Okoro", employer_id=org.id, employed_from=date(2020, 1, 1))
        ann, bob = an_administrator(session, "ann"), an_administrator(session, "bob")
        jo = an_account(session, "jo", staff_id=add(session, mia).id)
        terms = RoleTerms(AccessRole.SERVICE_MANAGER, ON, service_id=house.id)
        request_id = ask_for_role(session, terms, account_id=jo, by=ann, at=AT)
        grant_id = confirm_role(session, request_id=request_id, by=bob, at=AT)
        assert roles_today(session, jo) == [AccessRole.STAFF, AccessRole.SERVICE_MANAGER]

        end_role(session, account_id=jo, grant_id=grant_id, last_on=YESTERDAY, by=ann, at=AT)

        assert roles_today(session, jo) == [AccessRole.STAFF]
        assert session.get(AccountGrant, grant_id) is None
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (last.kind, '"role":"svc"' in str(last.before)) == ("role_taken_back", True)
        with pytest.raises(NoSuchGrant):
            end_role(session, account_id=jo, grant_id=grant_id, last_on=ON, by=ann, at=AT)


def test_there_is_always_an_administrator_who_can_sign_in(engine: Engine) -> None:
    with writing(engine) as session:
        ann = an_administrator(session, "ann")
        own = int(ann.removeprefix("account:"))
        grant_id = roles_of(session, [own])[own][0].number
        with pytest.raises(LastAdministrator):
            end_role(session, account_id=own, grant_id=grant_id, last_on=YESTERDAY, by=ann, at=AT)
        with pytest.raises(LastAdministrator):
            disable_account(session, account_id=own, by=COMMAND, at=AT)

        bob = an_administrator(session, "bob")
        session.get_one(Account, int(bob.removeprefix("account:"))).password_hash = None
        session.flush()
        with pytest.raises(LastAdministrator):
            disable_account(session, account_id=own, by=bob, at=AT)
        session.get_one(Account, int(bob.removeprefix("account:"))).password_hash = "kept"
        session.flush()
        disable_account(session, account_id=own, by=bob, at=AT)

        assert [line.display_name for line in administrators(session, on=ON)] == ["bob"]


def test_nobody_shuts_or_opens_their_own_account(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        ann = an_administrator(session, "ann")
        bob = an_administrator(session, "bob")
        own = int(ann.removeprefix("account:"))
        with pytest.raises(NotOneself):
            disable_account(session, account_id=own, by=ann, at=AT)
        disable_account(session, account_id=own, by=bob, at=AT)
        with pytest.raises(NotOneself):
            enable_account(session, account_id=own, by=ann, at=AT)
        enable_account(session, account_id=own, by=bob, at=AT)

        assert len(administrators(session, on=ON)) == 2


def test_signing_out_everywhere_ends_every_session(engine: Engine) -> None:
    with writing(engine) as session:
        jo = an_account(session, "jo")
        for _device in range(3):
            sign_in(session, account_id=jo, checked_hash="kept", by=f"account:{jo}", at=AT)

        assert sign_out_everywhere(session, account_id=jo, by=COMMAND, at=AT) == 3
        assert sign_out_everywhere(session, account_id=jo, by=COMMAND, at=AT) == 0


@pytest.mark.parametrize("spelling", ["JO@example.org", "jo+hr@example.org", " jo+a+b@EXAMPLE.org"])
def test_an_address_with_the_same_mailbox_leads_to_the_account_there_is(
    engine: Engine, spelling: str
) -> None:
    with writing(engine) as session:
        jo = an_account(session, "jo")
        an_account(session, "jo_")
        with pytest.raises(EmailTaken) as taken:
            create_account(session, email=spelling, display_name="Jo", by=COMMAND, at=AT)

    assert taken.value.account_id == jo


def test_the_database_refuses_a_role_that_its_asker_confirmed(engine: Engine) -> None:
    with writing(engine) as session:
        ann = an_administrator(session, "ann")
        hr(session, an_account(session, "jo"), by=ann)

    by_hand = "UPDATE role_requests SET outcome = 'confirmed', settled_by = asked_by, settled_at = asked_at"
    with (
        pytest.raises(IntegrityError, match="ck_role_requests_confirmed_by_another"),
        engine.begin() as connection,
    ):
        connection.execute(text(by_hand))


def test_two_who_confirm_at_once_give_the_role_once(database_url: str) -> None:
    first = make_engine(database_url)
    with writing(first) as session:
        ann = an_administrator(session, "ann")
        others = [an_administrator(session, name) for name in ("bob", "cat", "dan")]
        jo = an_account(session, "jo")
        request_id = hr(session, jo, by=ann)
    outcomes: list[str] = []

    def confirm(by: str) -> None:
        engine = make_engine(database_url)
        try:
            with writing(engine) as session:
                confirm_role(session, request_id=request_id, by=by, at=AT)
            outcomes.append("given")
        except SettledAlready:
            outcomes.append("settled")
        finally:
            engine.dispose()

    threads = [threading.Thread(target=confirm, args=(by,)) for by in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["given", "settled", "settled"]
    with reading(first) as session:
        assert len(roles_of(session, [jo])[jo]) == 1
        assert session.scalars(select(RoleRequest.outcome)).all() == ["confirmed"]
    first.dispose()
