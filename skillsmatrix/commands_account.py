"""The command that lets the first people in: administrators, and a new way in when one was lost."""

import argparse
import getpass
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from skillsmatrix.operations.administrators import WayIn

DONE, FAILED, INPUT_AT_FAULT = 0, 1, 2
Database = Callable[[Settings], AbstractContextManager[Engine]]


class CannotBeDone(Exception):
    """What was asked for is refused; the message says why and what to do. `status` is the exit status."""

    def __init__(self, message: str, status: int = INPUT_AT_FAULT) -> None:
        super().__init__(message)
        self.status = status


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command `account` takes."""
    parser.add_argument("email", metavar="EMAIL", help="the address to sign in with")
    parser.add_argument("--name", metavar="NAME", help="the person's name, as others see it")
    parser.add_argument("--staff", metavar="CODE", help="their staff code, when they have a record here")
    parser.add_argument(
        "--again", action="store_true", help="a new address for an account that there is; the last one ends"
    )


def run(asked: argparse.Namespace, settings: Settings, database: Database) -> int:
    """Make the account or the new way in, and print its address; returns the exit status."""
    from skillsmatrix.documents.account_mail import link_address
    from skillsmatrix.foundation.database import writing
    from skillsmatrix.operations.account_links import link_token

    try:
        _require_sense(asked)
        with database(settings) as engine, writing(engine) as session:
            way_in = _again(session, asked, settings) if asked.again else _first(session, asked, settings)
    except CannotBeDone as refused:
        _say(str(refused))
        return refused.status
    who = f"{way_in.line.display_name} ({way_in.line.email})"
    if way_in.number is None:
        _say(f"{who} has an account, and is a technical administrator now.")
        return DONE
    _say(f"{who} sets a password at this address. It works once, for 24 hours; hand it to nobody else.")
    sys.stdout.write(link_address(settings.public_url, link_token(settings.secret_key, way_in.number)) + "\n")
    return DONE


def _require_sense(asked: argparse.Namespace) -> None:
    from skillsmatrix.domain.sign_in import is_address

    if not is_address(asked.email):
        raise CannotBeDone(f"{asked.email!r} is not an e-mail address such as name@example.org.")
    if asked.again and (asked.name or asked.staff):
        raise CannotBeDone("--again goes without --name and --staff: the account is there already.")
    if not asked.again and not (asked.name or "").strip():
        raise CannotBeDone('Say whose account it is, with --name "Given Family".')


def _first(session: "Session", asked: argparse.Namespace, settings: Settings) -> "WayIn":
    from skillsmatrix.operations import administrators as operations

    try:
        return operations.make_administrator(
            session,
            email=asked.email,
            display_name=asked.name,
            staff=asked.staff,
            secret_key=settings.secret_key,
            by=_operator(),
            at=clock.now(),
        )
    except operations.EnoughAdministrators as there:
        listed = "\n".join(
            f"  {line.display_name}, {line.email}, {'in use' if line.activated else 'not taken up yet'}"
            for line in there.lines
        )
        raise CannotBeDone(
            "There are administrators already:\n"
            f"{listed}\n"
            "They make further accounts on the site. A lost way in: python3 -m skillsmatrix account EMAIL"
            " --again",
            FAILED,
        ) from None
    except operations.NoSuchStaff:
        raise CannotBeDone(
            f"Nobody has the staff code {asked.staff!r}. Leave --staff out, or import first."
        ) from None
    except operations.StaffHasAccount as has:
        raise CannotBeDone(f"{asked.staff} has an account already, under {has.line.email}.") from None
    except operations.AccountShut:
        raise _shut(asked.email) from None


def _again(session: "Session", asked: argparse.Namespace, settings: Settings) -> "WayIn":
    from skillsmatrix.operations import administrators as operations

    try:
        return operations.make_way_in_again(
            session, email=asked.email, secret_key=settings.secret_key, by=_operator(), at=clock.now()
        )
    except operations.NoSuchAccount:
        raise CannotBeDone(f"No account has the address {asked.email}.") from None
    except operations.AccountShut:
        raise _shut(asked.email) from None


def _shut(email: str) -> CannotBeDone:
    return CannotBeDone(
        f"The account {email} is disabled, or its last day is over. An administrator can enable it; when"
        " there is none, make an account with another address.",
        FAILED,
    )


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")


def _operator() -> str:
    """Who runs the command, for the log."""
    return f"command:{getpass.getuser()}"
