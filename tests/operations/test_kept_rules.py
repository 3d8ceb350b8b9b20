"""A process that only writes keeps the rules it reads, and never any that came to nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix import models
from skillsmatrix.foundation.database import begin_writing, reading, writing
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.queries.conclusions import read_catalogue, rules, versions
from tests.contract.stored import import_from, write
from tests.operations.edits import AT, BY
from tests.oracle.packages import random_package
from tests.statements import statements


@pytest.fixture
def written(engine: Engine, tmp_path: Path) -> Engine:
    """A database with a random package, in a process that has read no page of it."""
    import_from(write(random_package(11), tmp_path / "package"), engine, at=AT)
    return engine


def of_one(session: Session) -> None:
    """What a change to the facts of one person calls."""
    refresh(session, staff_ids=[1], by=BY, at=AT)


def ask_for_more(session: Session) -> None:
    session.scalars(select(models.Requirement).order_by(models.Requirement.id)).first().level = 3


def ask_of_all(session: Session) -> None:
    session.scalars(select(models.Requirement).order_by(models.Requirement.id)).first().role_id = None
    session.scalars(select(models.Competency).order_by(models.Competency.id)).first().boundary = "Never alone"


def of_all(session: Session) -> None:
    refresh(session, staff_ids=None, by=BY, at=AT)


def reads_rules(said: list[str]) -> bool:
    return any("FROM requirements" in each for each in said)


def right(engine: Engine) -> bool:
    """Are the rules that this process has those of the database."""
    with reading(engine) as session:
        known, stored = rules(session, versions(session)[1])[0], read_catalogue(session)
        return (
            known.competencies == stored.competencies and known.requirements.rows == stored.requirements.rows
        )


def test_the_rules_are_read_for_the_first_write_and_not_for_the_next(written: Engine) -> None:
    read = []
    for _write in range(3):
        with statements(written) as said, writing(written) as session:
            of_one(session)
        read.append(reads_rules(said))

    assert read == [True, False, False]
    assert right(written)


def test_a_write_that_changes_the_rules_is_followed_by_the_new_ones(written: Engine) -> None:
    with writing(written) as session:
        of_one(session)
    with writing(written) as session:
        ask_for_more(session)
        of_all(session)
    with writing(written) as session:
        of_one(session)

    assert right(written)


def test_rules_that_a_writer_saw_and_took_back_are_not_kept(written: Engine) -> None:
    with Session(written) as session:
        begin_writing(session)
        ask_for_more(session)
        rules(session, versions(session)[1])
        session.rollback()

    assert right(written)


@pytest.mark.parametrize(
    "steps",
    [(ask_for_more, of_all, of_one), (of_all, of_one), (of_one, ask_for_more, of_all, of_one)],
    ids=["changed", "rebuilt", "changed after a write"],
)
def test_rules_of_a_version_that_came_to_nothing_are_not_taken_for_those_that_reach_it(
    written: Engine, steps: tuple[Callable[[Session], object], ...]
) -> None:
    with Session(written) as session:
        begin_writing(session)
        for step in steps:
            step(session)
        taken_back = versions(session)[1]
        session.rollback()

    with writing(written) as session:
        ask_of_all(session)
        while versions(session)[1] < taken_back:
            of_all(session)

    assert right(written)


def test_nothing_is_kept_of_rules_that_only_the_writer_sees(written: Engine) -> None:
    with writing(written) as session:
        ask_for_more(session)
        of_all(session)
        of_one(session)
        with statements(written) as said:
            rules(session, versions(session)[1])
        assert reads_rules(said)
