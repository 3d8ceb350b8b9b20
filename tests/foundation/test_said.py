"""Two answers of the database are the same when every word of them is."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.foundation.said import Question, Said, said, still_said
from skillsmatrix.models import KeptCatalogue, Ledger

VERSION = Question(select(Ledger.data_version).where(Ledger.id == 1), {})
CATALOGUE = Question(select(KeptCatalogue.data_version), {})


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with reading(engine) as session:
        yield session


def raise_version(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(update(Ledger).values(data_version=Ledger.data_version + 1))


def test_what_nobody_changed_is_said_again(engine: Engine) -> None:
    with reading(engine) as session:
        answers = [said(session, VERSION), said(session, CATALOGUE)]

    assert answers[0].rows == [(0,)]
    assert all(still_said(engine, answers) for _time in range(8))


def test_what_changed_is_not(engine: Engine) -> None:
    with reading(engine) as session:
        answers = [said(session, CATALOGUE), said(session, VERSION)]
    raise_version(engine)

    assert not still_said(engine, answers)


def test_an_answer_is_of_the_moment_that_the_session_sees(engine: Engine) -> None:
    with reading(engine) as session:
        said(session, CATALOGUE)
        raise_version(engine)
        seen_before = said(session, VERSION)

    assert seen_before.rows == [(0,)]
    assert not still_said(engine, [seen_before])


def test_what_cannot_be_asked_is_not_said_again_and_the_next_question_is_answered(engine: Engine) -> None:
    assert not still_said(engine, [Said("SELECT nothing FROM nowhere", (), [])])

    with reading(engine) as session:
        assert session.scalar(text("SELECT data_version FROM ledger")) == 0


def test_asking_again_leaves_no_transaction_open(engine: Engine) -> None:
    with reading(engine) as session:
        answers = [said(session, VERSION)]
    assert still_said(engine, answers)

    raise_version(engine)
    raise_version(engine)

    assert not still_said(engine, answers)
    assert states(engine) == []


def states(engine: Engine) -> list[Any]:
    """On PostgreSQL: sessions of ours that wait inside a transaction."""
    if engine.dialect.name == "sqlite":
        return []
    waiting = text("SELECT pid FROM pg_stat_activity WHERE state LIKE 'idle in%' AND pid != pg_backend_pid()")
    with engine.connect() as connection:
        return list(connection.execute(waiting))
