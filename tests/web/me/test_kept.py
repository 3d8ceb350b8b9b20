"""My record is kept only while nothing on it changed: everything it shows is in what it is kept under."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import (
    Account,
    AccountGrant,
    Competency,
    Role,
    SignOff,
    Staff,
    SupervisionAgreement,
)
from skillsmatrix.models.base import Base
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.learning import record_learning
from skillsmatrix.operations.sign_off_reviews import keep_sign_off
from skillsmatrix.operations.supervision import agree_supervision
from skillsmatrix.queries.doubts import doubts
from skillsmatrix.queries.tables import TABLES
from tests.facts import add
from tests.statements import statements_of_site
from tests.web import world
from tests.web.conftest import CheckedClient, text_of

BY = "command:test"
RAISE_THE_VERSION = {*TABLES, "ledger", "kept_catalogue"}  # of the record and of the catalogue: one statement


def staff_id(session: Session, code: str) -> int:
    return session.scalars(select(Staff.id).where(Staff.code == code)).one()


def skill_id(session: Session, code: str) -> int:
    return session.scalars(select(Competency.id).where(Competency.code == code)).one()


def record(client: CheckedClient) -> str:
    return text_of(client.get("/me", headers={"Accept-Encoding": "gzip"}))


def settled(client: CheckedClient) -> str:
    """As it is for somebody who has asked often enough to be answered before the site begins to work."""
    return [record(client) for _time in range(3)][-1]


def tables_read(app: Flask, client: CheckedClient) -> set[str]:
    with statements_of_site(app) as said:
        record(client)
    found = {name for each in said for name in re.findall(r"(?:FROM|JOIN) (\w+)", each)}
    return found & Base.metadata.tables.keys()


def learn(session: Session) -> None:
    record_learning(
        session,
        staff_id=staff_id(session, "sid"),
        competency_id=skill_id(session, "med"),
        completed_on=clock.today(),
        provider="Night school",
        by=BY,
        at=clock.now(),
    )


def agree(session: Session) -> None:
    agree_supervision(
        session,
        supervisee_id=staff_id(session, "sid"),
        supervisor_id=staff_id(session, "sam"),
        kind="clinical",
        every_days=28,
        starts_on=clock.today(),
        by=BY,
        at=clock.now(),
    )


def doubt(session: Session) -> None:
    for days, outcome in ((30, "competent"), (1, "not_yet")):
        fact = SignOff(
            staff_id=staff_id(session, "sid"),
            competency_id=skill_id(session, "med"),
            level=1,
            assessed_on=clock.today() - timedelta(days=days),
            outcome=outcome,
            assessor_id=staff_id(session, "ivy" if outcome == "competent" else "sam"),
        )
        add(session, fact)
    refresh(session, staff_ids=[staff_id(session, "sid")], by=BY, at=clock.now())


def write_down_the_boundary(session: Session) -> None:
    session.scalars(select(Role)).one().boundary = "Never lifts alone"
    refresh(session, staff_ids=None, by=BY, at=clock.now())


@pytest.mark.parametrize(
    ("change", "shows"),
    [
        (learn, "Night school"),
        (agree, "Clinical, with Sam"),
        (doubt, "and that sign-off still counts"),
        (write_down_the_boundary, "Never lifts alone"),
    ],
)
def test_what_changed_shows_at_once(
    browser_of: Callable[[str], CheckedClient],
    world_engine: Engine,
    change: Callable[[Session], None],
    shows: str,
) -> None:
    client = browser_of("staff")
    before = settled(client)
    with writing(world_engine) as session:
        change(session)

    assert shows not in before
    assert shows in record(client)


def test_what_was_decided_takes_the_doubt_off_at_once(
    browser_of: Callable[[str], CheckedClient], world_engine: Engine
) -> None:
    client = browser_of("staff")
    with writing(world_engine) as session:
        doubt(session)
    before = settled(client)
    with writing(world_engine) as session:
        (found,) = doubts(session, on=clock.today(), staff=["sid"])
        keep_sign_off(
            session,
            sign_off_id=found.sign_off_id or 0,
            closer_id=staff_id(session, "mia"),
            reason="A bad day",
            by=BY,
            at=clock.now(),
        )

    assert "and that sign-off still counts" in before
    assert "and that sign-off still counts" not in record(client)


def test_an_agreement_that_is_no_more_is_gone_at_once(
    browser_of: Callable[[str], CheckedClient], world_engine: Engine
) -> None:
    client = browser_of("staff")
    with writing(world_engine) as session:
        agree(session)
    before = settled(client)
    with writing(world_engine) as session:
        session.execute(delete(SupervisionAgreement).where(SupervisionAgreement.kind == "clinical"))

    assert "Clinical, with Sam" in before
    assert "Clinical, with Sam" not in record(client)


def test_a_right_that_was_taken_away_takes_its_link_along(
    browser_of: Callable[[str], CheckedClient], world_engine: Engine
) -> None:
    client = browser_of("svc")
    before = settled(client)
    with writing(world_engine) as session:
        manager = select(Account.id).where(Account.email == world.email_of("svc")).scalar_subquery()
        session.execute(
            update(AccountGrant).where(AccountGrant.account_id == manager).values(to_on=date(2021, 1, 1))
        )

    assert ">Services</a>" in before
    assert ">Services</a>" not in record(client)


@pytest.mark.parametrize("in_doubt", [False, True])
def test_drawing_it_reads_nothing_that_is_not_in_what_it_is_kept_under(
    app: Flask, browser_of: Callable[[str], CheckedClient], world_engine: Engine, in_doubt: bool
) -> None:
    client = browser_of("staff")
    record(client)  # begins the token against forged forms
    with writing(world_engine) as session:
        learn(session)
        if in_doubt:
            doubt(session)

    drawn, kept = tables_read(app, client), tables_read(app, client)

    assert "learning" in drawn
    assert "learning" not in kept
    assert {"account_sessions", "account_grants", "supervision_agreements", "ledger"} <= kept
    assert drawn - kept <= RAISE_THE_VERSION


def test_lists_are_compressed_and_neither_the_token_nor_the_address(
    browser_of: Callable[[str], CheckedClient],
) -> None:
    client = browser_of("staff")
    answer = client.get("/me?said=Ballast", headers={"Accept-Encoding": "gzip"})
    token = re.search(r'name="csrf_token" value="([^"]+)"', text_of(answer))

    assert token is not None
    assert answer.data.count(token[1].encode()) == text_of(answer).count(token[1])
    assert answer.data.count(b"Ballast") == text_of(answer).count("Ballast") > 0
    assert b"pages-timeline__ground" not in answer.data
