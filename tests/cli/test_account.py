"""The command that lets the first people in."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import update

from skillsmatrix.cli import main
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.models import Account, Organisation, Staff
from skillsmatrix.operations.accounts import token_digest
from skillsmatrix.queries.account_list import account_lines, administrators
from skillsmatrix.queries.accounts import link_holder
from tests.facts import add

Run = Callable[..., tuple[int, str, str]]
ANN = ("account", "ann@example.org", "--name", "Ann Lee")


@pytest.fixture
def run(database_url: str, settings_for: Callable[..., Settings], capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments, lambda: settings_for(database_url, public_url="https://skills.example.org"))
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


def holder_of(database_url: str, printed: str) -> str | None:
    """The address of the account whose password the printed link sets."""
    token = printed.strip().removeprefix("https://skills.example.org/set-password/")
    engine = make_engine(database_url)
    with reading(engine) as session:
        found = link_holder(session, token_digest(token), on=clock.today(), at=clock.now())
    engine.dispose()
    return found.email if found else None


def take_up(database_url: str) -> None:
    engine = make_engine(database_url)
    with writing(engine) as session:
        session.execute(update(Account).values(password_hash="kept"))
    engine.dispose()


def test_the_first_administrator_gets_a_way_in(run: Run, database_url: str) -> None:
    status, out, err = run(*ANN)

    assert status == 0
    assert re.fullmatch(r"https://skills\.example\.org/set-password/[A-Za-z0-9_-]{43}\n", out)
    assert "works once, for 24 hours" in err
    assert holder_of(database_url, out) == "ann@example.org"


def test_a_lost_way_in_is_replaced(run: Run, database_url: str) -> None:
    _, first, _ = run(*ANN)
    status, second, _ = run("account", "ANN@example.org", "--again")

    assert (status, holder_of(database_url, first)) == (0, None)
    assert holder_of(database_url, second) == "ann@example.org"


def test_the_command_makes_two_administrators_and_no_more(run: Run, database_url: str) -> None:
    run(*ANN)
    assert run("account", "bob@example.org", "--name", "Bob May")[0] == 0

    status, out, err = run("account", "cat@example.org", "--name", "Cat Roe")

    assert (status, out) == (1, "")
    assert "Ann Lee, ann@example.org, not taken up yet" in err
    assert "Bob May, bob@example.org" in err
    engine = make_engine(database_url)
    with reading(engine) as session:
        assert len(account_lines(session, on=clock.today())) == 2
    engine.dispose()


def test_the_only_administrator_is_not_made_twice(run: Run) -> None:
    run(*ANN)

    status, _, err = run("account", "ann+again@example.org", "--name", "Ann Lee")

    assert status == 1
    assert "Ann Lee, ann@example.org" in err


def test_an_administrator_can_be_a_member_of_staff(run: Run, database_url: str) -> None:
    engine = make_engine(database_url)
    with writing(engine) as session:
        org = add(session, Organisation(code="ORG", name="Bridge Homes"))
        person = Staff(code="P1", family_name="Lee", employer_id=org.id, employed_from=clock.today())
        add(session, person)

    assert run(*ANN, "--staff", "P9")[0] == 2
    assert run(*ANN, "--staff", "P1")[0] == 0
    status, _, err = run("account", "other@example.org", "--name", "Ann Lee", "--staff", "P1")

    assert (status, "under ann@example.org" in err) == (2, True)
    with reading(engine) as session:
        assert [line.staff for line in administrators(session, on=clock.today())] == ["P1"]
    engine.dispose()


def test_an_account_in_use_becomes_an_administrator_and_keeps_its_password(
    run: Run, database_url: str
) -> None:
    run(*ANN)
    engine = make_engine(database_url)
    with writing(engine) as session:
        session.add(
            Account(
                email="bob@example.org",
                display_name="Bob May",
                password_hash="kept",
                created_at=clock.now(),
                created_by="command:test",
            )
        )

    status, out, err = run("account", "bob@example.org", "--name", "Bob May")

    assert (status, out) == (0, "")
    assert "is a technical administrator now" in err
    with reading(engine) as session:
        assert len(administrators(session, on=clock.today())) == 2
    engine.dispose()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("not an address", "--name", "Ann"), "is not an e-mail address"),
        (("аnn@example.org", "--name", "Ann"), "is not an e-mail address"),
        (("ann@example.org",), "--name"),
        (("ann@example.org", "--name", " "), "--name"),
        (("ann@example.org", "--again", "--name", "Ann"), "--again goes without"),
        (("ann@example.org", "--again"), "No account has the address"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_made(
    run: Run, database_url: str, arguments: tuple[str, ...], word: str
) -> None:
    status, out, err = run("account", *arguments)

    assert (status, out) == (2, "")
    assert word in err
    engine = make_engine(database_url)
    with reading(engine) as session:
        assert account_lines(session, on=clock.today()) == []
    engine.dispose()
