"""The weekly digests: once a week for each account, also after the worker was down."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.models import Absence, AuditEntry, Job, Mail
from skillsmatrix.operations.accounts import create_account
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.digests import DIGEST_JOB, DigestsInterrupted, write_digests
from skillsmatrix.operations.mails import set_weekly_digest
from skillsmatrix.operations.regular import STRAYS_JOB, want_regular_work
from skillsmatrix.worker import Worker, handlers
from tests.facts import add
from tests.operations.post import mail_server
from tests.operations.practice import BY, NOW, house

MONDAY = date(2025, 6, 16)
MORNING = datetime(2025, 6, 16, 6, 0, tzinfo=UTC)  # 7 o'clock in London
SETTINGS = {"public_url": "https://skills.example.org", "host": "skills.example.org"}


def accounts(engine: Engine) -> dict[str, int]:
    """Ade and Dee lack a hard stop; Bo and Cy hold it for months to come."""
    with writing(engine) as session:
        at_house = house(session)
        return {
            code: create_account(
                session,
                email=f"{code}@example.org",
                display_name=code.title(),
                staff_id=getattr(at_house, code),
                password="river stone lamp",
                by=BY,
                at=NOW,
            )
            for code in ("ade", "bo", "dee")
        }


def written(engine: Engine, at: datetime = MORNING, week: date = MONDAY) -> int:
    found = write_digests(engine, week, **SETTINGS, go_on=lambda: True, now=lambda: at)
    return int(str(found["mails"]))


def keys(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Mail.key).order_by(Mail.key)))


def test_everybody_with_something_to_do_gets_one_mail_and_nobody_else(engine: Engine) -> None:
    ids = accounts(engine)

    assert written(engine) == 2

    assert keys(engine) == [f"digest:2025-06-16:{ids['ade']}", f"digest:2025-06-16:{ids['dee']}"]
    with reading(engine) as session:
        mail = session.scalars(select(Mail).where(Mail.account_id == ids["ade"])).one()
        assert mail.subject == "Your week: 1 thing to do"
        assert "https://skills.example.org/me/competencies/MED" in mail.body
        assert mail.message_id.endswith("@skills.example.org>")


def test_done_again_in_the_same_week_it_writes_nothing_and_in_the_next_week_once_more(
    sqlite_engine: Engine,
) -> None:
    accounts(sqlite_engine)

    counts = [
        written(sqlite_engine),
        written(sqlite_engine),
        written(sqlite_engine, MORNING + timedelta(days=2)),
    ]
    next_week = MORNING + timedelta(days=9)

    assert counts == [2, 0, 0]
    assert written(sqlite_engine, next_week) == 0, "the week of the job is over"
    assert written(sqlite_engine, next_week, MONDAY + timedelta(days=7)) == 2


def test_after_a_stop_in_the_middle_the_rest_is_written(sqlite_engine: Engine) -> None:
    accounts(sqlite_engine)
    answers = iter([True, True, False])

    with pytest.raises(DigestsInterrupted):
        write_digests(sqlite_engine, MONDAY, **SETTINGS, go_on=lambda: next(answers), now=lambda: MORNING)
    assert len(keys(sqlite_engine)) == 1
    assert written(sqlite_engine) == 1

    assert len(keys(sqlite_engine)) == 2


def test_whoever_switched_it_off_gets_none_until_it_is_switched_on_again(sqlite_engine: Engine) -> None:
    ids = accounts(sqlite_engine)
    with writing(sqlite_engine) as session:
        for wanted in (False, False):
            set_weekly_digest(session, account_id=ids["ade"], wanted=wanted, by="account:1", at=NOW)

    assert written(sqlite_engine) == 1
    with writing(sqlite_engine) as session:
        set_weekly_digest(session, account_id=ids["ade"], wanted=True, by="account:1", at=NOW)
    assert written(sqlite_engine) == 1

    with reading(sqlite_engine) as session:
        kinds = list(session.scalars(select(AuditEntry.kind).where(AuditEntry.by == "account:1")))
    assert kinds == ["weekly_digest_switched"] * 2, "switching to what it is already leaves no line"


def test_somebody_on_a_long_absence_gets_none(sqlite_engine: Engine) -> None:
    accounts(sqlite_engine)
    with writing(sqlite_engine) as session:
        add(
            session,
            Absence(staff_id=1, kind="sickness", starts_on=date(2025, 6, 1), ends_on=date(2025, 6, 28)),
        )
        refresh(session, staff_ids=[1], by=BY, at=NOW)

    assert written(sqlite_engine) == 1


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda instant: monkeypatch.setattr(clock, "now", lambda: instant)


def worked(engine: Engine, settings: Settings) -> None:
    """One more worker, from its start until there is nothing left to do."""
    worker = Worker(engine, handlers(engine, settings))
    worker.ask_for_regular_work()
    while worker.work_once():
        pass


def test_a_worker_mails_each_week_once_on_monday_morning_or_when_it_is_up_again(
    sqlite_engine: Engine,
    settings_for: Callable[..., Settings],
    at: Callable[[datetime], None],
) -> None:
    accounts(sqlite_engine)
    with mail_server() as server:
        settings = settings_for(
            "sqlite://",
            smtp_url=server.url,
            mail_from="skills@example.org",
            public_url=SETTINGS["public_url"],
        )
        arrived = []
        for instant in (
            MORNING - timedelta(minutes=1),
            MORNING,
            MORNING + timedelta(hours=1),
            MORNING + timedelta(days=4),
            # Down for two Mondays, and up again on a Wednesday: one digest, not three.
            MORNING + timedelta(days=23),
        ):
            at(instant)
            worked(sqlite_engine, settings)
            arrived.append(len(server.mails))

        assert arrived == [0, 2, 2, 2, 4]
        assert sorted(str(mail["To"]) for mail in server.mails[:2]) == ["ade@example.org", "dee@example.org"]
        assert len({str(mail["Message-ID"]) for mail in server.mails}) == 4


def test_without_a_mail_server_nothing_is_written_and_the_week_is_done(
    sqlite_engine: Engine, settings_for: Callable[..., Settings], at: Callable[[datetime], None]
) -> None:
    accounts(sqlite_engine)
    at(MORNING)

    worked(sqlite_engine, settings_for("sqlite://"))

    assert keys(sqlite_engine) == []
    with reading(sqlite_engine) as session:
        done = session.scalars(select(Job).where(Job.kind == DIGEST_JOB, Job.state == "done")).one()
        assert json.loads(done.outcome or "")["why"] == "no mail server is set up"


def test_files_that_no_row_names_are_cleared_every_day(
    sqlite_engine: Engine,
    settings_for: Callable[..., Settings],
    at: Callable[[datetime], None],
    tmp_path: Path,
) -> None:
    stray = tmp_path / "uploads" / "stray.pdf"
    stray.parent.mkdir()
    stray.write_bytes(b"left behind")
    settings = settings_for("sqlite://")
    tomorrow = clock.now() + timedelta(days=1, hours=1)

    worked(sqlite_engine, settings)
    assert stray.exists(), "it is not a day old"
    at(tomorrow)
    worked(sqlite_engine, settings)

    assert not stray.exists()


@pytest.mark.parametrize(
    ("day", "hour"),
    [("2026-03-23", 7), ("2026-03-30", 6), ("2026-10-19", 6), ("2026-10-26", 7)],
)
def test_it_is_seven_in_london_on_both_sides_of_a_clock_change(
    sqlite_engine: Engine, day: str, hour: int
) -> None:
    at = datetime.fromisoformat(f"{day}T05:00:00+00:00")
    with writing(sqlite_engine) as session:
        want_regular_work(session, by=BY, at=at)
        want_regular_work(session, by=BY, at=at)

    with reading(sqlite_engine) as session:
        week = session.scalars(select(Job).where(Job.kind == DIGEST_JOB, Job.key == day)).one()
        assert (week.not_before.date().isoformat(), week.not_before.hour) == (day, hour)
        kinds = session.scalars(select(Job.kind).order_by(Job.id)).all()
    assert kinds == [DIGEST_JOB] * 2 + [STRAYS_JOB] * 2


@pytest.mark.parametrize(
    ("first_start", "weeks"),
    [
        ("2026-03-23T05:00:00+00:00", ["2026-03-23", "2026-03-30"]),  # Monday, before seven
        ("2026-03-23T08:00:00+00:00", ["2026-03-30"]),
        ("2026-03-25T12:00:00+00:00", ["2026-03-30"]),
    ],
)
def test_a_fresh_installation_begins_with_the_next_monday(
    sqlite_engine: Engine, first_start: str, weeks: list[str]
) -> None:
    at = datetime.fromisoformat(first_start)
    with writing(sqlite_engine) as session:
        want_regular_work(session, by=BY, at=at)
        want_regular_work(session, by=BY, at=at + timedelta(hours=1))  # started again the same day

    assert digest_weeks(sqlite_engine) == weeks


def test_a_worker_that_was_down_for_weeks_does_the_digest_of_the_week_late(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        want_regular_work(session, by=BY, at=datetime(2026, 3, 4, 12, tzinfo=UTC))
        want_regular_work(session, by=BY, at=datetime(2026, 3, 25, 12, tzinfo=UTC))

    assert digest_weeks(sqlite_engine) == ["2026-03-09", "2026-03-23", "2026-03-30"]


def digest_weeks(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Job.key).where(Job.kind == DIGEST_JOB).order_by(Job.key)))
