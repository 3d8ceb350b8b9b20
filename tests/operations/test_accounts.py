"""Accounts: what is stored, what is refused, and that each act leaves its line in the log."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.sign_in import PasswordFault
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import (
    Account,
    AccountGrant,
    AccountSession,
    AuditEntry,
    Ledger,
    Organisation,
    Service,
)
from skillsmatrix.operations import accounts
from skillsmatrix.operations.accounts import EmailTaken, Overtaken, RoleRefused
from skillsmatrix.operations.passwords import (
    PasswordRefused,
    hash_password,
    is_outdated,
    new_password_hash,
    password_matches,
)
from skillsmatrix.queries.audit import broken_links
from tests.facts import add

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BY = "command:test"
SINCE = date(2026, 1, 1)


def an_account(session: Session, email: str = "amina@example.org") -> int:
    return accounts.create_account(session, email=email, display_name="Amina Khan", by=BY, at=AT)


def with_password(session: Session, kept: str = "hash") -> Account:
    account = session.get_one(Account, an_account(session))
    account.password_hash = kept
    session.flush()
    return account


def open_sessions(session: Session) -> list[str | None]:
    return list(session.scalars(select(AccountSession.ended_because).order_by(AccountSession.id)))


def kinds(engine: Engine) -> list[str]:
    with reading(engine) as session:
        assert broken_links(session) == []
        return list(session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))


def test_an_account_is_kept_under_its_folded_address(engine: Engine) -> None:
    with writing(engine) as session:
        account = session.get_one(Account, an_account(session, " Amina@Example.ORG"))

    assert account.email == "amina@example.org"
    assert account.password_hash is None
    assert kinds(engine) == ["account_created"]


def test_one_person_has_one_account_however_the_address_is_spelt(engine: Engine) -> None:
    with writing(engine) as session:
        an_account(session, "amina@example.org")
        with pytest.raises(EmailTaken):
            an_account(session, "AMINA@example.org")


def test_a_poor_password_is_refused_and_nothing_is_stored(engine: Engine) -> None:
    with pytest.raises(PasswordRefused) as refused, writing(engine) as session:
        accounts.create_account(
            session, email="a@example.org", display_name="A", password="password1234", by=BY, at=AT
        )

    assert refused.value.fault is PasswordFault.COMMON
    assert kinds(engine) == []


def test_nobody_gives_a_role_to_themself(engine: Engine) -> None:
    with writing(engine) as session:
        account_id = an_account(session)
        with pytest.raises(RoleRefused):
            accounts.grant_role(
                session,
                account_id=account_id,
                role=AccessRole.ADMINISTRATOR,
                from_on=SINCE,
                by=f"account:{account_id}",
                at=AT,
            )


def test_staff_is_not_a_role_that_is_given(engine: Engine) -> None:
    with writing(engine) as session, pytest.raises(RoleRefused):
        accounts.grant_role(
            session, account_id=an_account(session), role=AccessRole.STAFF, from_on=SINCE, by=BY, at=AT
        )


@pytest.mark.parametrize(
    ("role", "missing"),
    [
        (AccessRole.SERVICE_MANAGER, "ck_account_grants_manager_of_a_service"),
        (AccessRole.HOST_PARTNER, "ck_account_grants_host_of_an_organisation"),
        (AccessRole.INSPECTOR, "ck_account_grants_engagement_has_bounds"),
        (AccessRole.AUDITOR, "ck_account_grants_engagement_has_bounds"),
    ],
)
def test_the_database_refuses_a_role_without_its_bounds(
    engine: Engine, role: AccessRole, missing: str
) -> None:
    with pytest.raises(IntegrityError, match=missing), writing(engine) as session:
        accounts.grant_role(session, account_id=an_account(session), role=role, from_on=SINCE, by=BY, at=AT)


def test_an_inspection_of_an_organisation_has_an_end(engine: Engine) -> None:
    with writing(engine) as session:
        home = add(session, Organisation(code="HOME", name="Home"))
        service = add(session, Service(code="S", name="S", organisation_id=home.id))
        for bounds in ({"organisation_id": home.id}, {"service_id": service.id}):
            accounts.grant_role(
                session,
                account_id=an_account(session, f"{next(iter(bounds))}@example.org"),
                role=AccessRole.INSPECTOR,
                from_on=SINCE,
                to_on=date(2026, 12, 31),
                by=BY,
                at=AT,
                **bounds,
            )

        assert len(session.scalars(select(AccountGrant)).all()) == 2


@pytest.mark.parametrize(
    ("last", "kept"), [(date(2026, 11, 21), date(2026, 11, 21)), (date(2025, 1, 1), SINCE)]
)
def test_a_role_ends_on_its_last_day_but_not_before_it_began(engine: Engine, last: date, kept: date) -> None:
    with writing(engine) as session:
        grant_id = accounts.grant_role(
            session, account_id=an_account(session), role=AccessRole.TRAINER, from_on=SINCE, by=BY, at=AT
        )
        accounts.end_grant(session, grant_id=grant_id, last_on=last, by=BY, at=AT)

        assert session.get_one(AccountGrant, grant_id).to_on == kept

    assert kinds(engine) == ["account_created", "role_granted", "role_ended"]


def test_disabling_an_account_ends_every_session_and_is_done_once(engine: Engine) -> None:
    with writing(engine) as session:
        account = with_password(session)
        for _browser in range(2):
            accounts.sign_in(session, account_id=account.id, checked_hash="hash", by=BY, at=AT)
        accounts.disable_account(session, account_id=account.id, by=BY, at=AT)
        accounts.disable_account(session, account_id=account.id, by="account:9", at=AT + timedelta(days=1))

        assert open_sessions(session) == ["disabled", "disabled"]
        assert (account.disabled_at, account.disabled_by) == (AT, BY)

    assert kinds(engine)[-1] == "account_disabled"
    assert kinds(engine).count("account_disabled") == 1


def test_a_session_keeps_a_digest_and_never_the_token(engine: Engine) -> None:
    with writing(engine) as session:
        account = with_password(session)
        token = accounts.sign_in(session, account_id=account.id, checked_hash="hash", by=BY, at=AT)

        row = session.scalars(select(AccountSession)).one()

        assert len(token) == 43  # 256 bits
        assert token not in row.token_hash
        assert row.token_hash == accounts.token_digest(token)


def test_a_password_changed_meanwhile_overtakes_the_sign_in(engine: Engine) -> None:
    with writing(engine) as session:
        account = with_password(session, "new hash")

        with pytest.raises(Overtaken):
            accounts.sign_in(session, account_id=account.id, checked_hash="old hash", by=BY, at=AT)


def test_an_account_shut_meanwhile_overtakes_the_sign_in(engine: Engine) -> None:
    with writing(engine) as session:
        account = with_password(session)
        accounts.disable_account(session, account_id=account.id, by=BY, at=AT)

        with pytest.raises(Overtaken):
            accounts.sign_in(session, account_id=account.id, checked_hash="hash", by=BY, at=AT)


def test_a_new_password_ends_every_other_session(engine: Engine) -> None:
    with writing(engine) as session:
        account = with_password(session)
        account.must_change_password = True
        accounts.sign_in(session, account_id=account.id, checked_hash="hash", by=BY, at=AT)

        token = accounts.change_password(
            session, account_id=account.id, checked_hash="hash", new_hash="other", by=BY, at=AT
        )

        assert open_sessions(session) == ["password_changed", None]
        last = session.scalars(select(AccountSession.token_hash).order_by(AccountSession.id.desc())).first()
        assert last == accounts.token_digest(token)
        assert (account.password_hash, account.must_change_password) == ("other", False)


def test_only_ones_own_session_can_be_ended_from_elsewhere(engine: Engine) -> None:
    with writing(engine) as session:
        account = with_password(session)
        other = an_account(session, "other@example.org")
        accounts.sign_in(session, account_id=account.id, checked_hash="hash", by=BY, at=AT)
        session_id = session.scalars(select(AccountSession.id)).one()
        end = accounts.revoke_session

        assert not end(session, account_id=other, session_id=session_id, by=BY, at=AT)
        assert open_sessions(session) == [None]
        assert end(session, account_id=account.id, session_id=session_id, by=BY, at=AT)
        assert not end(session, account_id=account.id, session_id=session_id, by=BY, at=AT)
        assert open_sessions(session) == ["revoked"]


def test_old_tries_are_cleared_away(engine: Engine) -> None:
    with writing(engine) as session:
        for at in (AT - timedelta(days=31), AT - timedelta(days=29)):
            accounts.count_attempt(session, email="a@example.org", address="192.0.2.1", by="anonymous", at=at)

        accounts.count_attempt(session, email="a@example.org", address="192.0.2.1", by="anonymous", at=AT)

        assert session.scalars(
            select(accounts.SignInAttempt.at).order_by(accounts.SignInAttempt.at)
        ).all() == [
            AT - timedelta(days=29),
            AT,
        ]


def test_a_failing_log_leaves_nothing_behind(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(delete(Ledger))

    with pytest.raises(NoResultFound), writing(engine) as session:
        an_account(session)

    with reading(engine) as session:
        assert session.scalars(select(Account)).all() == []


def test_passwords_are_hashed_with_the_parameters_we_chose() -> None:
    kept = hash_password("river stone lamp")

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert password_matches(kept, "river stone lamp")
    assert not password_matches(kept, "river stone lamps")
    assert not is_outdated(kept)


def test_a_hash_with_other_parameters_is_made_anew() -> None:
    assert is_outdated(
        "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$9f9oyo3aXTPcjl8Q9VYQ3mM9Cjx3MfQ1"
    )


@pytest.mark.parametrize("kept", [None, "", "not a hash"])
def test_without_a_usable_hash_no_password_matches(kept: str | None) -> None:
    assert not password_matches(kept, "river stone lamp")


def test_a_new_password_is_judged_before_it_is_hashed() -> None:
    with pytest.raises(PasswordRefused):
        new_password_hash("short", email="a@example.org", display_name="A")
