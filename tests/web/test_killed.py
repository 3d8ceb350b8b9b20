"""A process killed in the middle of a POST leaves all of it or nothing, and the retry does not do it twice.

The site answers in a fork of this process that ends itself at a statement, or after the last one and before
anybody has read the answer: whoever sent the form cannot know which it was, and sends it again.
"""

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from skillsmatrix.app import create_app
from skillsmatrix.domain.rule_change import RuleChange, What
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.models import Base
from skillsmatrix.operations.rules import Proposal, draft_change
from skillsmatrix.queries.audit import broken_links
from skillsmatrix.queries.conclusions import differences
from skillsmatrix.web.shared.database import db
from skillsmatrix.web.shared.formats import typed_day
from tests.databases import Databases
from tests.web.conftest import CheckedClient, _fill, signed_in_client
from tests.web.practice_world import unsigned
from tests.web.test_assessments import NEW, seen
from tests.web.training.test_training import moved_to_yesterday
from tests.web.world import BY

DONE, FAILED = 0, 1  # how a fork ends that nobody kills
EVERY = 17  # the statements between one kill and the next


@dataclass(frozen=True)
class Write:
    """A form that somebody sends, and how many rows it adds to which tables (others: none)."""

    persona: str
    path: str
    adds: dict[str, int]
    fields: dict[str, Any] = field(default_factory=dict)
    prepare: Callable[[Engine], None] = lambda _engine: None


def _ada_unsigned(engine: Engine) -> None:
    with writing(engine) as session:
        unsigned(session, "ada")


def _fire_drafted(engine: Engine) -> None:
    """Somebody else drafted a higher level for fire safety, from today on."""
    change = RuleChange("requirements", "R-FIRE", What.CHANGE, {"level": 2}, clock.today())
    with writing(engine) as session:
        draft_change(session, Proposal(change=change, why="New order"), by=BY, at=DRAFTED_AT)


DRAFTED_AT = clock.now()
TODAY = typed_day(clock.today())
TOMORROW = typed_day(clock.today() + timedelta(days=1))
SAVED = {"step": "save"}  # the effect was shown before
WRITES = {
    "booking": Write("staff", "/training/dates/1/book", {"bookings": 1}, {"staff": "sid"}),
    "register": Write(
        "trn", "/training/dates/1/register", {"learning": 1}, {"person_1": "attended"}, moved_to_yesterday
    ),
    "assessment": Write("ass", NEW, {"assessments": 1, "sign_offs": 1}, seen(), _ada_unsigned),
    "supervision": Write(
        "sup",
        "/supervision/record",
        {"supervision": 1},
        {"supervisees": ["ada"], "kind": "management", "held_on": TODAY, "minutes": "60"},
    ),
    "claim": Write(
        "staff",
        "/people/sid/claims/new",
        {"claims": 1},
        {"competency": "med", "title": "Day", "provider": "Trust", "completed_on": TODAY, "reference": "F-1"},
    ),
    "withdrawal": Write(
        "svc",
        "/people/sid/sign-offs/1/withdraw",
        {"earlier_versions": 1},
        {"since": "today", "reason": "Unseen", **SAVED},
    ),
    "post": Write(
        "hr",
        "/people/cyn/records/posts/new",
        {"posts": 1},
        {"role": "sw", "service": "alder", "basis": "secondment", "wte": "0.5", "starts_on": TODAY, **SAVED},
    ),
    "absence": Write(
        "hr",
        "/people/ada/records/absences/new",
        {"absences": 1},
        {"kind": "sickness", "starts_on": TODAY, **SAVED},
    ),
    "rule": Write(
        "hr",
        "/rules/requirements/R-FIRE/change",
        {"rule_changes": 1},
        {
            "level": "2",
            "cover": "each",
            "strength": "hard_stop",
            "reason": "Needed",
            "takes_effect_on": TOMORROW,
            "why": "New order",
        },
    ),
    "approval": Write(
        "hcp",
        "/rules/changes/1/approve",
        {"requirements": 1, "jobs": 1},
        {"version": DRAFTED_AT.isoformat()},
        _fire_drafted,
    ),
}

# Rows that a request leaves about itself, or that stand for others.
ASIDE = {"audit_entries", "idempotency_keys", "kept_conclusions", "account_sessions", "earlier_versions"}


@dataclass
class Site:
    """The site over a copy of the world, and a browser of the one who sends the form."""

    app: Flask
    engine: Engine
    client: CheckedClient


@pytest.fixture(params=sorted(WRITES))
def write(request: pytest.FixtureRequest) -> Write:
    return WRITES[request.param]


@pytest.fixture
def site(databases: Databases, write: Write, tmp_path: Path) -> Iterator[Site]:
    """On each kind of database in turn."""
    with databases.copy(databases.template("world", _fill)) as url:
        engine = make_engine(url)
        write.prepare(engine)
        folders = {"uploads_dir": tmp_path / "uploads", "keys_dir": tmp_path / "keys"}
        app = create_app(
            Settings(secret_key="k" * 64, database_url=url, organisation_name="Harbour Homes", **folders)
        )
        app.test_client_class = CheckedClient
        yield Site(app, engine, signed_in_client(app, engine, write.persona))
        _let_go(app, engine)


def _let_go(app: Flask, engine: Engine) -> None:
    """No connection is shared with a fork."""
    with app.app_context():
        db.engine.dispose()
    engine.dispose()


def rows(engine: Engine) -> dict[str, int]:
    with reading(engine) as session:
        return {table.name: _count(session, table) for table in Base.metadata.sorted_tables}


def _count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def killed_at(site: Site, write: Write, statement: int) -> bool:
    """Send the form in a fork that is killed after so many statements; True: it came to its end first."""
    _let_go(site.app, site.engine)
    child = os.fork()
    if child == 0:
        try:
            _send_until(site, write, statement)
        finally:  # a fault must not let a second test run go on from here
            traceback.print_exc()
            os._exit(FAILED)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == DONE
    return True


def _send_until(site: Site, write: Write, statement: int) -> None:
    """In the fork: never comes back."""
    left = statement

    def count(*_arguments: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with site.app.app_context():
        event.listen(db.engine, "after_cursor_execute", count)
    answer = site.client.send(write.path, once="sent-once", **write.fields)
    os._exit(DONE if answer.status_code == 302 else FAILED)


def test_a_kill_leaves_all_or_nothing_and_a_retry_does_it_once(site: Site, write: Write) -> None:
    before = rows(site.engine)
    statement = EVERY
    while not killed_at(site, write, statement):
        assert rows(site.engine) == before, statement
        statement += EVERY
    stored = rows(site.engine)

    assert statement > EVERY, "nothing was ever cut off"
    added = {name: stored[name] - before[name] for name in before}
    assert write.adds.items() <= added.items()
    assert {name for name, number in added.items() if number} <= write.adds.keys() | ASIDE
    again = site.client.send(write.path, once="sent-once", **write.fields)
    assert again.status_code < 500
    assert {**rows(site.engine), **_aside(stored)} == stored
    with reading(site.engine) as session:
        assert list(differences(session)) == []
        assert broken_links(session) == []


def _aside(counts: dict[str, int]) -> dict[str, int]:
    """What a second look may leave behind: that it was refused."""
    return {name: counts[name] for name in ("audit_entries", "account_sessions")}
