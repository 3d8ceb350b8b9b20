"""One-time links: who gets one, how long it works, and that it works once."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.trust import AccountState
from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.models import Account, AccountGrant, AccountLink, AccountSession, AuditEntry, Job, Mail
from skillsmatrix.operations.account_links import (
    LINK_JOB,
    AccountShut,
    MailOnly,
    Sender,
    answer_request,
    ask_for_link,
    link_token,
    mail_link,
    make_link,
    with_links,
)
from skillsmatrix.operations.accounts import (
    LinkDead,
    create_account,
    disable_account,
    grant_role,
    take_up_link,
    token_digest,
)
from skillsmatrix.queries.account_list import account_line, last_link_used
from skillsmatrix.queries.accounts import link_holder
from skillsmatrix.queries.audit import broken_links

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ON = date(2026, 11, 22)
BY = "account:99"
KEY = "k" * 64
SENDER = Sender(KEY, "https://skills.example.org", "skills.example.org", "Harbour Homes")


def an_account(session: Session, email: str = "amina@example.org", *, kept: str | None = None) -> int:
    number = create_account(session, email=email, display_name="Amina Khan", by=BY, at=AT)
    session.get_one(Account, number).password_hash = kept
    session.flush()
    return number


def a_link(session: Session, account_id: int, *, at: datetime = AT, by: str = BY) -> str:
    """The digest under which a new link is kept."""
    number = make_link(session, account_id=account_id, secret_key=KEY, by=by, at=at)
    return token_digest(link_token(KEY, number))


def use(session: Session, digest: str, *, at: datetime = AT) -> str:
    return take_up_link(session, token_hash=digest, new_hash="new", by="account:1", at=at)


def test_a_link_sets_the_password_opens_a_session_and_is_used_up(engine: Engine) -> None:
    with writing(engine) as session:
        number = an_account(session)
        digest = a_link(session, number)
        token = use(session, digest)

        opened = session.scalars(select(AccountSession)).one()
        assert (opened.account_id, opened.token_hash) == (number, token_digest(token))
        assert session.get_one(Account, number).password_hash == "new"
        assert account_line(session, number, on=ON).state is AccountState.ACTIVE  # type: ignore[union-attr]
        assert last_link_used(session, number) == (AT, BY)
        with pytest.raises(LinkDead):
            use(session, digest)
    with reading(engine) as session:
        kinds = session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all()
        assert kinds == ["account_created", "account_link_made", "account_activated"]
        assert broken_links(session) == []


def test_a_link_lasts_24_hours_to_the_minute(engine: Engine) -> None:
    with writing(engine) as session:
        digest = a_link(session, an_account(session))

        assert link_holder(session, digest, on=ON, at=AT + timedelta(hours=23, minutes=59)) is not None
        assert link_holder(session, digest, on=ON, at=AT + timedelta(hours=24)) is None
        with pytest.raises(LinkDead):
            use(session, digest, at=AT + timedelta(hours=24))


def test_a_newer_link_ends_the_one_before(engine: Engine) -> None:
    with writing(engine) as session:
        number = an_account(session)
        first, second = a_link(session, number), a_link(session, number)

        with pytest.raises(LinkDead):
            use(session, first)
        use(session, second)


def test_setting_the_password_signs_out_every_device(engine: Engine) -> None:
    with writing(engine) as session:
        number = an_account(session, kept="old")
        use(session, a_link(session, number))
        use(session, a_link(session, number))

        ends = session.scalars(select(AccountSession.ended_because).order_by(AccountSession.id)).all()
    assert ends == ["password_changed", None]


def test_a_shut_or_ended_account_has_no_way_in(engine: Engine) -> None:
    with writing(engine) as session:
        number, outside = an_account(session), an_account(session, "visitor@example.org")
        digest, other = a_link(session, number), a_link(session, outside)
        disable_account(session, account_id=number, by=BY, at=AT)
        session.get_one(Account, outside).ends_on = date(2026, 11, 21)
        session.flush()

        for each in (digest, other, token_digest("never made")):
            assert link_holder(session, each, on=ON, at=AT) is None
            with pytest.raises(LinkDead):
                use(session, each)
        for account_id in (number, outside):
            with pytest.raises(AccountShut):
                a_link(session, account_id)


def test_nothing_that_is_stored_lets_anybody_in(engine: Engine) -> None:
    with writing(engine) as session:
        mail_link(session, SENDER, account_id=an_account(session), by=BY, at=AT)

    with reading(engine) as session:
        stored = session.scalars(select(Mail)).one()
        sent = with_links(stored.body, secret_key=KEY, public_url=SENDER.public_url)
        address = next(line for line in sent.splitlines() if line.startswith("https://"))
        token = address.removeprefix("https://skills.example.org/set-password/")
        assert link_holder(session, token_digest(token), on=ON, at=AT) is not None
        assert token not in stored.body
        assert token not in session.scalars(select(AccountLink.token_hash)).one()
        assert with_links(stored.body, secret_key="another", public_url="") != sent


@pytest.mark.parametrize("kept", [None, "kept"], ids=["not activated", "active"])
@pytest.mark.parametrize("role", [AccessRole.HUMAN_RESOURCES, AccessRole.ADMINISTRATOR])
def test_nobody_is_handed_a_way_into_an_account_that_reaches_everybody(
    sqlite_engine: Engine, role: AccessRole, kept: str | None
) -> None:
    with writing(sqlite_engine) as session:
        number = an_account(session, kept=kept)
        a_link(session, number)
        grant_role(session, account_id=number, role=role, from_on=date(2026, 12, 1), by=BY, at=AT)

        with pytest.raises(MailOnly):
            a_link(session, number)
        assert a_link(session, number, by="command:root")
        mail_link(session, SENDER, account_id=number, by=BY, at=AT)


def test_a_forgotten_password_leads_to_one_mail_and_only_where_there_is_an_account(engine: Engine) -> None:
    with writing(engine) as session:
        number = an_account(session, kept="old")
        for place, email in enumerate(("AMINA@example.org", "amina@example.org", "nobody@example.org")):
            ask_for_link(session, email=email, by="anonymous", at=AT + timedelta(seconds=place))
        keys = session.scalars(select(Job.key).where(Job.kind == LINK_JOB).order_by(Job.id)).all()
        answers = [answer_request(session, SENDER, key, by="worker", at=AT)["mail"] for key in keys]

        assert answers == [True, False, False]
        assert [mail.account_id for mail in session.scalars(select(Mail))] == [number]
        assert "example.org" not in "".join(keys)
        later = AT + timedelta(minutes=5)
        assert answer_request(session, SENDER, keys[0], by="worker", at=later) == {"mail": True}


def test_a_leaver_is_sent_nothing(engine: Engine) -> None:
    with writing(engine) as session:
        number = an_account(session, kept="old")
        disable_account(session, account_id=number, by=BY, at=AT)
        ask_for_link(session, email="amina@example.org", by="anonymous", at=AT)
        key = session.scalars(select(Job.key)).one()

        assert answer_request(session, SENDER, key, by="worker", at=AT) == {"mail": False}


def test_a_link_that_is_used_twice_at_once_works_once(database_url: str) -> None:
    first = make_engine(database_url)
    with writing(first) as session:
        digest = a_link(session, an_account(session))
    outcomes: list[str] = []

    def try_it(word: str) -> None:
        engine = make_engine(database_url)
        try:
            with writing(engine) as session:
                take_up_link(session, token_hash=digest, new_hash=word, by="account:1", at=AT)
            outcomes.append(word)
        except LinkDead:
            outcomes.append("dead")
        finally:
            engine.dispose()

    threads = [threading.Thread(target=try_it, args=(word,)) for word in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(first) as session:
        kept = session.scalars(select(Account.password_hash)).one()
        assert session.scalars(select(AccountGrant.id)).all() == []
    first.dispose()

    assert sorted(outcomes).count("dead") == 2
    assert kept in outcomes
