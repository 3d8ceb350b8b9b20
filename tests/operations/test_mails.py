"""Mails: handed over once, also when the program is killed; what went wrong is kept."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.foundation.smtp import MailNotTaken, MailServer
from skillsmatrix.models import Account, Mail
from skillsmatrix.operations.accounts import create_account, disable_account
from skillsmatrix.operations.mails import (
    IN_DOUBT,
    NO_ADDRESS,
    TOO_OLD,
    InOtherHands,
    PostOffice,
    send_mail,
    write_mail,
)
from tests.operations.post import Server, mail_server

AT = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
BY = "command:test"


@pytest.fixture
def server() -> Iterator[Server]:
    with mail_server() as found:
        yield found


@pytest.fixture
def mail(sqlite_engine: Engine) -> int:
    return written(sqlite_engine)


def written(engine: Engine, *, email: str = "ade@example.org") -> int:
    with writing(engine) as session:
        account = create_account(session, email=email, display_name="Ade", by=BY, at=AT)
        found = write_mail(
            session,
            account_id=account,
            key=f"digest:2026-11-16:{account}",
            subject="Your week: 1 thing to do",
            body="Put right: Medicines.\nŵ\n",
            host="skills.example.org",
            by=BY,
            at=AT,
        )
    assert found is not None
    return found


def office(url: str) -> PostOffice:
    page = "https://skills.example.org/digest"
    return PostOffice(MailServer(url), "skills@example.org", "Bridge Homes, skills", page)


def sent(engine: Engine, server: Server | str, mail: int, *, at: datetime = AT) -> bool:
    url = server if isinstance(server, str) else server.url
    outcome = send_mail(engine, office(url), mail, go_on=lambda: True, now=lambda: at)
    return bool(outcome["sent"])


def kept(engine: Engine, mail: int) -> Mail:
    with reading(engine) as session:
        row = session.get_one(Mail, mail)
        session.expunge(row)
        return row


def test_a_mail_arrives_as_plain_text_with_the_headers_of_a_mail_nobody_should_answer(
    sqlite_engine: Engine, mail: int, server: Server
) -> None:
    assert sent(sqlite_engine, server, mail)

    (arrived,) = server.mails
    assert str(arrived["From"]) == '"Bridge Homes, skills" <skills@example.org>'
    assert str(arrived["To"]) == "ade@example.org"
    assert str(arrived["Subject"]) == "Your week: 1 thing to do"
    assert str(arrived["Date"]) == "Mon, 16 Nov 2026 07:00:00 +0000"
    assert str(arrived["Message-ID"]) == kept(sqlite_engine, mail).message_id
    assert str(arrived["Message-ID"]).endswith("@skills.example.org>")
    assert str(arrived["Auto-Submitted"]) == "auto-generated"
    assert str(arrived["List-Unsubscribe"]) == "<https://skills.example.org/digest>"
    assert arrived.get_content_type() == "text/plain"
    assert arrived.get_content().splitlines() == ["Put right: Medicines.", "ŵ"]
    assert (kept(sqlite_engine, mail).sent_at, kept(sqlite_engine, mail).body) == (AT, "")


def test_a_mail_is_written_once_for_its_key(sqlite_engine: Engine, mail: int) -> None:
    row = kept(sqlite_engine, mail)
    with writing(sqlite_engine) as session:
        again = write_mail(
            session,
            account_id=row.account_id,
            key=row.key,
            subject="s",
            body="b",
            host="h",
            by=BY,
            at=AT,
        )

    assert again is None


def test_a_mail_that_was_sent_is_not_sent_again(sqlite_engine: Engine, mail: int, server: Server) -> None:
    assert sent(sqlite_engine, server, mail)
    assert sent(sqlite_engine, server, mail)

    assert len(server.mails) == 1


@pytest.mark.parametrize("answer", ["451 try later", "452 no room"])
def test_a_server_that_is_busy_is_asked_again_later(
    sqlite_engine: Engine, mail: int, server: Server, answer: str
) -> None:
    server.answers = [answer]

    with pytest.raises(MailNotTaken):
        sent(sqlite_engine, server, mail)
    assert answer in (kept(sqlite_engine, mail).last_error or "")
    assert "Medicines" in kept(sqlite_engine, mail).body
    assert sent(sqlite_engine, server, mail)

    assert len(server.mails) == 1
    assert (kept(sqlite_engine, mail).last_error, kept(sqlite_engine, mail).attempts) == (None, 2)


def test_a_mail_that_is_refused_for_good_is_given_up(
    sqlite_engine: Engine, mail: int, server: Server
) -> None:
    server.answers = ["554 not wanted"]

    assert not sent(sqlite_engine, server, mail)

    assert "554 not wanted" in (kept(sqlite_engine, mail).last_error or "")
    assert kept(sqlite_engine, mail).body == ""
    assert server.mails == []


def test_an_address_that_is_not_known_there_is_given_up_and_one_that_is_full_is_not(
    sqlite_engine: Engine, mail: int, server: Server
) -> None:
    server.refused = {"ade@example.org": "450 mailbox full"}
    with pytest.raises(MailNotTaken):
        sent(sqlite_engine, server, mail)
    server.refused = {"ade@example.org": "550 nobody here"}
    assert not sent(sqlite_engine, server, mail)

    row = kept(sqlite_engine, mail)
    assert ("550 nobody here" in (row.last_error or ""), row.sending_at) == (True, None)


def test_no_server_and_a_password_that_it_does_not_take_are_tried_again(
    sqlite_engine: Engine, mail: int, server: Server
) -> None:
    with pytest.raises(MailNotTaken) as gone:
        sent(sqlite_engine, "smtp://127.0.0.1:1", mail)
    with pytest.raises(MailNotTaken) as refused:
        sent(sqlite_engine, f"smtp://me:secret@127.0.0.1:{server.port}", mail)

    assert not gone.value.lasting
    assert not refused.value.lasting
    assert "secret" not in (kept(sqlite_engine, mail).last_error or "")
    assert sent(sqlite_engine, server, mail)


def test_a_line_that_goes_dead_after_the_text_leaves_a_doubt_and_no_second_mail(
    sqlite_engine: Engine, mail: int, server: Server
) -> None:
    server.hang_up = True

    assert not sent(sqlite_engine, server, mail)
    assert "No answer after the text" in (kept(sqlite_engine, mail).last_error or "")
    server.hang_up = False
    assert not sent(sqlite_engine, server, mail)

    assert len(server.mails) == 1


def test_a_worker_that_has_lost_the_job_sends_nothing(
    sqlite_engine: Engine, mail: int, server: Server
) -> None:
    with pytest.raises(InOtherHands):
        send_mail(sqlite_engine, office(server.url), mail, go_on=lambda: False, now=lambda: AT)

    assert (server.mails, kept(sqlite_engine, mail).sending_at) == ([], None)


def test_two_workers_with_the_same_mail_send_it_once(
    sqlite_engine: Engine, mail: int, server: Server
) -> None:
    both_agreed = threading.Barrier(2, timeout=10)
    outcomes: list[str] = []

    def send() -> None:
        try:
            send_mail(
                sqlite_engine,
                office(server.url),
                mail,
                go_on=lambda: both_agreed.wait() >= 0,
                now=lambda: AT,
            )
            outcomes.append("sent")
        except InOtherHands:
            outcomes.append("in other hands")

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["in other hands", "sent"]
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    "email",
    ["ade@example.org\r\nBcc: eve@example.org", "ade@example.org, eve@example.org", "a d e", "äd@x.org"],
)
def test_an_address_that_is_more_than_an_address_reaches_nobody(
    sqlite_engine: Engine, mail: int, server: Server, email: str
) -> None:
    with writing(sqlite_engine) as session:
        session.get_one(Account, kept(sqlite_engine, mail).account_id).email = email

    assert not sent(sqlite_engine, server, mail)

    assert server.mails == []
    assert (kept(sqlite_engine, mail).last_error or "") == NO_ADDRESS


def test_nothing_goes_to_a_shut_account_nor_after_a_week(
    sqlite_engine: Engine, mail: int, server: Server
) -> None:
    late = AT + TOO_OLD + timedelta(seconds=1)
    assert not sent(sqlite_engine, server, mail, at=late)
    with writing(sqlite_engine) as session:
        disable_account(session, account_id=kept(sqlite_engine, mail).account_id, by=BY, at=AT)
    assert not sent(sqlite_engine, server, mail)

    assert server.mails == []


def _send(database_url: str, server_url: str, mail: int) -> None:
    """In a process of its own, which is killed."""
    sent(make_engine(database_url), server_url, mail)


def killed_while(database_url: str, server: Server, mail: int, arrived: threading.Event) -> None:
    """Begin to send in another process and kill it as soon as the server says that something arrived."""
    process = multiprocessing.get_context("spawn").Process(
        target=_send, args=(database_url, server.url, mail)
    )
    process.start()
    assert arrived.wait(15)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()


@pytest.mark.parametrize("moment", ["on_recipient", "on_text"])
def test_killed_before_the_text_it_goes_the_next_time_and_killed_after_it_never_again(
    sqlite_url: str, server: Server, moment: str
) -> None:
    engine = make_engine(sqlite_url)
    mail = written(engine)
    arrived, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        arrived.set()
        assert go_on.wait(30)

    setattr(server, moment, wait)
    try:
        killed_while(sqlite_url, server, mail, arrived)
    finally:
        go_on.set()
        setattr(server, moment, lambda: None)

    again = sent(engine, server, mail)

    assert len(server.mails) == 1
    assert again is (moment == "on_recipient")
    assert kept(engine, mail).last_error == (None if again else IN_DOUBT)
    engine.dispose()
