"""Who is signed in is read anew each time, in one statement: what was ended or taken away is gone at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole, Grant
from skillsmatrix.domain.sign_in import SessionLimits
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import Account, AccountSession, Organisation, Service, Staff
from skillsmatrix.operations.accounts import (
    create_account,
    disable_account,
    end_grant,
    grant_role,
    revoke_session,
    token_digest,
)
from skillsmatrix.queries.accounts import SignedIn, signed_in
from tests.facts import add
from tests.statements import statements

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY, LONG_AGO = date(2026, 11, 22), date(2020, 1, 1)
BY = "command:test"
LIMITS = SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))


@pytest.fixture
def account(engine: Engine) -> int:
    """A member of staff who manages a service and is an auditor too, signed in."""
    with writing(engine) as session:
        employer = add(session, Organisation(code="O1", name="Harbour"))
        service = add(session, Service(code="S1", name="Alder", organisation_id=employer.id))
        person = add(
            session, Staff(code="P1", family_name="Reed", employer_id=employer.id, employed_from=LONG_AGO)
        )
        number = create_account(
            session, email="reed@example.org", display_name="A. Reed", staff_id=person.id, by=BY, at=AT
        )
        grant_role(
            session,
            account_id=number,
            role=AccessRole.SERVICE_MANAGER,
            from_on=LONG_AGO,
            service_id=service.id,
            by=BY,
            at=AT,
        )
        grant_role(
            session,
            account_id=number,
            role=AccessRole.HUMAN_RESOURCES,
            from_on=LONG_AGO,
            organisation_id=employer.id,
            by=BY,
            at=AT,
        )
        session.add(
            AccountSession(
                account_id=number, token_hash=token_digest("token"), created_at=AT, last_seen_at=AT
            )
        )
    return number


def found(session: Session, *, on: date = TODAY) -> SignedIn | None:
    return signed_in(session, token_digest("token"), on=on, at=AT, limits=LIMITS)


def test_account_person_and_grants_come_in_one_statement(engine: Engine, account: int) -> None:
    with reading(engine) as session:
        session.connection()
        with statements(engine) as said:
            answer = found(session)

    assert answer is not None
    assert len(said) == 1
    assert (answer.actor.account_id, answer.actor.staff_code) == (account, "P1")
    assert answer.actor.display_name == "Reed"  # as the staff record says; the account was made as "A. Reed"
    assert answer.actor.grants == (
        Grant(AccessRole.STAFF, LONG_AGO),
        Grant(AccessRole.SERVICE_MANAGER, LONG_AGO, None, ("S1",)),
        Grant(AccessRole.HUMAN_RESOURCES, LONG_AGO, None, (), "O1"),
    )


def test_an_account_without_grants_is_signed_in_all_the_same(engine: Engine) -> None:
    with writing(engine) as session:
        number = create_account(session, email="out@example.org", display_name="Out", by=BY, at=AT)
        session.add(
            AccountSession(
                account_id=number, token_hash=token_digest("token"), created_at=AT, last_seen_at=AT
            )
        )

    with reading(engine) as session:
        answer = found(session)
    assert answer is not None
    assert answer.actor.grants == ()


def test_a_role_that_is_ended_is_gone_at_the_next_question(engine: Engine, account: int) -> None:
    with writing(engine) as session:
        end_grant(session, grant_id=1, last_on=TODAY - timedelta(days=1), by=BY, at=AT)

    with reading(engine) as session:
        answer = found(session)
    assert answer is not None
    assert [each.role for each in answer.actor.grants if each.covers(TODAY)] == ["staff", "hr"]


@pytest.mark.parametrize("how", ["session ended", "account disabled"])
def test_a_session_that_is_ended_is_nobodys_at_the_next_question(
    engine: Engine, account: int, how: str
) -> None:
    with writing(engine) as session:
        assert found(session) is not None
        if how == "session ended":
            number = session.scalars(select(AccountSession.id)).one()
            revoke_session(session, account_id=account, session_id=number, by=BY, at=AT)
        else:
            disable_account(session, account_id=account, by=BY, at=AT)
        assert found(session) is None

    with reading(engine) as session:
        assert found(session) is None


@pytest.mark.parametrize("last_day", ["employed_to", "ends_on"])
def test_the_last_day_still_counts_and_the_next_does_not(engine: Engine, account: int, last_day: str) -> None:
    with writing(engine) as session:
        own = session.get_one(Account, account)
        if last_day == "ends_on":
            own.ends_on = TODAY
        else:
            session.get_one(Staff, own.staff_id).employed_to = TODAY

    with reading(engine) as session:
        assert found(session) is not None
        assert found(session, on=TODAY + timedelta(days=1)) is None
