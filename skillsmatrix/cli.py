"""The commands: thin; each opens the database, asks or does one thing, prints CSV, and says how it went.

Exit status 0 when done, 2 when the input is at fault, 1 otherwise. Answers go to standard output, messages
to standard error. What only one command needs and is slow to load is loaded by that command.
"""

import argparse
import csv
import getpass
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from skillsmatrix import commands_account
from skillsmatrix.commands_certificates import add_commands, make_first_keys
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import DatabaseUnready, make_engine, reading, writing
from skillsmatrix.foundation.paths import SEED
from skillsmatrix.foundation.processes import keep_for_good
from skillsmatrix.foundation.schema_version import require_current
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.queries import answers

if TYPE_CHECKING:
    from skillsmatrix.interchange.notes import Note

DONE, FAILED, INPUT_AT_FAULT = 0, 1, 2
MOST_NOTES = 20
SECONDS_TO_STOP = 5
Command = Callable[[argparse.Namespace, Settings], int]


class BadInput(Exception):
    """What was asked cannot be answered; the message says what is wrong and what to do."""


def main(arguments: Sequence[str], settings: Callable[[], Settings]) -> int:
    """Run one command; returns its exit status. `settings` is called once and may raise ValueError."""
    asked = _parser().parse_args(list(arguments))
    try:
        command: Command = asked.command
        return command(asked, settings())
    except (BadInput, answers.UnknownCode) as error:
        return _say(str(error), INPUT_AT_FAULT)
    except (DatabaseUnready, ValueError) as error:
        return _say(str(error), FAILED)
    except OperationalError as error:
        return _say(f"The database cannot be used: {error.orig}", FAILED)
    except BrokenPipeError:
        sys.stderr.close()  # whoever reads our output has seen enough
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m skillsmatrix",
        description="Who may do what, today, in every service. Without a command: set up, fill and serve.",
    )
    parser.set_defaults(command=_start)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, command: Command, help_text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_text, description=help_text)
        sub.set_defaults(command=command)
        return sub

    sub = add("import", _import, "read a data package (folder, zip or workbook): all of it or nothing")
    sub.add_argument("path", metavar="PATH", type=Path)
    sub = add(
        "export", _export, "write everything as a data package; PATH ends in .zip, .xlsx or is a folder"
    )
    sub.add_argument("path", metavar="PATH", type=Path)
    for name, command, text in (
        ("standings", _standings, "each person in each competency required of them, on a day"),
        ("cover", _cover, "each requirement at each service, on a day: required, held, short"),
    ):
        sub = add(name, command, text)
        sub.add_argument("--on", metavar="DAY", type=_day, required=True)
        sub.add_argument("--known-at", metavar="INSTANT", type=_instant)
        sub.add_argument("--service", metavar="CODE")
        if name == "standings":
            sub.add_argument("--staff", metavar="CODE")
    sub = add("compliance", _compliance, "headline, all-in and people, on a day")
    sub.add_argument("--on", metavar="DAY", type=_day, required=True)
    sub.add_argument("--by", choices=sorted(answers.KEYS))
    add("migrate", _migrate, "create the database or bring it up to date")
    sub = add("check", _check, "compare every kept conclusion with the facts, and verify the log")
    sub.add_argument("--mend", action="store_true", help="work them out anew when they differ")
    sub = add("demo", _demo, "write the demonstration organisation as a data package, dated for a day")
    sub.add_argument("path", metavar="PATH", type=Path)
    sub.add_argument("--on", metavar="DAY", type=_day, help="the day it is dated for (today)")
    add_commands(add("certificates", _start, "keys, checks and the log of certificates"), _database)
    sub = add("account", _account, "make the first administrators, or a new way into an account")
    commands_account.add_arguments(sub)
    add("serve", _serve, "serve the site")
    add("worker", _worker, "do the background work, until stopped")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-11-22") from None


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an instant such as 2026-11-22T09:30:00Z") from None
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


@contextmanager
def _database(settings: Settings):  # type: ignore[no-untyped-def]
    """An engine on a database that is there and up to date."""
    engine = make_engine(settings.database_url)
    try:
        require_current(engine)
        yield engine
    finally:
        engine.dispose()


def _import(asked: argparse.Namespace, settings: Settings) -> int:
    from skillsmatrix.interchange.faults import (
        PackageFaults,
        UnreadablePackage,
        faults_as_csv,
        faults_as_text,
    )
    from skillsmatrix.interchange.notes import notes
    from skillsmatrix.interchange.package import read_package
    from skillsmatrix.operations.imports import import_package
    from skillsmatrix.queries.packages import known_codes

    with _database(settings) as engine:
        try:
            with reading(engine) as session:
                known = known_codes(session)
            package = read_package(asked.path, known=known)
            _tell(notes(package, on=clock.today()))
            with writing(engine) as session:
                counts = import_package(session, package, by=_operator(), at=clock.now())
        except UnreadablePackage as error:
            return _say(str(error), INPUT_AT_FAULT)
        except PackageFaults as error:
            sys.stdout.write(faults_as_csv(error.faults))
            for line in faults_as_text(error.faults):
                print(line, file=sys.stderr)
            return _say(f"{error} Nothing was stored.", INPUT_AT_FAULT)
    _print_csv(
        ("table", "added", "corrected", "unchanged"),
        (
            (table, str(count.added), str(count.corrected), str(count.unchanged))
            for table, count in counts.items()
        ),
    )
    return _say("Imported." if counts.changed else "No changes: all of it is recorded already.", DONE)


def _tell(found: "Sequence[Note]") -> None:
    """What deserves a second look in a package that is accepted all the same."""
    for note in found[:MOST_NOTES]:
        print(f"Note: {note.table} line {note.line}, {note.column}: {note.remark}", file=sys.stderr)
    if len(found) > MOST_NOTES:
        print(f"Note: and {len(found) - MOST_NOTES:,} more like these", file=sys.stderr)


def _export(asked: argparse.Namespace, settings: Settings) -> int:
    from skillsmatrix.interchange.writing import write_package
    from skillsmatrix.queries.packages import package_tables

    with _database(settings) as engine, reading(engine) as session:
        try:
            write_package(package_tables(session), asked.path)
        except OSError as error:
            why = f"{asked.path} cannot be written: {error.strerror}" if error.strerror else str(error)
            raise BadInput(why) from None
    return _say(f"Wrote the package {asked.path}.", DONE)


def _standings(asked: argparse.Namespace, settings: Settings) -> int:
    with _database(settings) as engine, reading(engine) as session:
        rows = answers.standings(
            session, on=asked.on, known_at=asked.known_at, staff=asked.staff, service=asked.service
        )
    return _print_csv(answers.STANDINGS, rows)


def _cover(asked: argparse.Namespace, settings: Settings) -> int:
    with _database(settings) as engine, reading(engine) as session:
        rows = answers.cover(session, on=asked.on, known_at=asked.known_at, service=asked.service)
    return _print_csv(answers.COVER, rows)


def _compliance(asked: argparse.Namespace, settings: Settings) -> int:
    with _database(settings) as engine, reading(engine) as session:
        rows = answers.compliance(session, on=asked.on, by=asked.by)
    return _print_csv(answers.COMPLIANCE, rows)


def _migrate(_asked: argparse.Namespace, settings: Settings) -> int:
    from skillsmatrix.foundation.migrations import migrate

    before, after = migrate(settings.database_url)
    if before == after:
        return _say(f"The database is up to date, at version {after}.", DONE)
    return _say(f"The database went from version {before or 'none'} to {after}.", DONE)


def _check(asked: argparse.Namespace, settings: Settings) -> int:
    from skillsmatrix.foundation.processes import cores
    from skillsmatrix.operations.conclusions import rebuild
    from skillsmatrix.queries.audit import broken_links
    from skillsmatrix.queries.conclusions import differences

    with _database(settings) as engine:
        with reading(engine) as session:
            faults = [f"Log: {fault}" for fault in broken_links(session)]
            stale = differences(session, processes=cores())
        if stale and asked.mend:
            with writing(engine) as session:
                rebuild(session, by=_operator(), at=clock.now(), processes=cores())
            stale = []
        faults += [f"Kept conclusions: {difference}" for difference in stale]
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        return _say(f"{len(faults)} things are wrong.", FAILED)
    return _say("Every kept conclusion agrees with the facts, and the log is whole.", DONE)


def _demo(asked: argparse.Namespace, _settings: Settings) -> int:
    from skillsmatrix.demonstration import demonstration_package
    from skillsmatrix.interchange.writing import write_package

    write_package(demonstration_package(SEED, on=asked.on or clock.today()), asked.path)
    return _say(f"Wrote the demonstration to {asked.path}.", DONE)


def _account(asked: argparse.Namespace, settings: Settings) -> int:
    return commands_account.run(asked, settings, _database)


def _worker(_asked: argparse.Namespace, settings: Settings) -> int:
    from skillsmatrix.worker import Worker, handlers

    with _database(settings) as engine:
        Worker(engine, handlers(engine, settings)).run()
    return DONE


def _serve(_asked: argparse.Namespace, settings: Settings) -> int:
    with _database(settings):
        pass
    return _listen(settings)


def _start(_asked: argparse.Namespace, settings: Settings) -> int:
    """What a newcomer runs: the database is made, and filled with the demonstration when it is empty."""
    from skillsmatrix.foundation.migrations import migrate
    from skillsmatrix.operations import demonstration

    migrate(settings.database_url)
    with _database(settings) as engine, writing(engine) as session:
        if demonstration.is_empty(session):
            print("Filling the empty database with the demonstration organisation …", file=sys.stderr)
            demonstration.load_demonstration(session, SEED, on=clock.today(), by=_operator(), at=clock.now())
        found = demonstration.sign_ins_present(session, SEED, on=clock.today())
    if found and (fingerprint := make_first_keys(settings)):
        print(f"Made keys to sign certificates with. Fingerprint: {fingerprint}", file=sys.stderr)
    if found:
        print(f"Sign in to the demonstration with the password: {demonstration.PASSWORD}")
        for each in found:
            print(f"  {each.email:<42} {each.display_name}: {', '.join(each.roles)}")
    return _listen(settings)


def _listen(settings: Settings) -> int:
    """Serve until stopped, with waitress."""
    import waitress

    from skillsmatrix.app import create_app

    app = create_app(settings)
    keep_for_good()
    print(f"Serving at {settings.public_url} (stop with Ctrl+C)", flush=True)
    try:
        with _working_beside(settings):
            waitress.serve(app, host=settings.host, port=settings.port, threads=8, ident=None, _quiet=True)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        return _say(
            f"Cannot serve at {where}: {error.strerror}. Set SKILLSMATRIX_PORT to another port.", FAILED
        )
    return DONE


@contextmanager
def _working_beside(settings: Settings):  # type: ignore[no-untyped-def]
    """A worker in this process, so that one machine needs one command. What it holds is not lost with it."""
    from skillsmatrix.worker import Worker, handlers

    with _database(settings) as engine:
        worker = Worker(engine, handlers(engine, settings))
        thread = threading.Thread(target=worker.run, name="worker", daemon=True)
        thread.start()
        try:
            yield
        finally:
            worker.stop()
            thread.join(timeout=SECONDS_TO_STOP)


def _operator() -> str:
    """Who runs the command, for the log."""
    return f"command:{getpass.getuser()}"


def _print_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    sys.stdout.flush()
    return DONE


def _say(message: str, status: int) -> int:
    print(message, file=sys.stderr)
    return status
