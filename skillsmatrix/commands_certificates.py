"""The commands about certificates: keys, a file checked offline, checkpoints, and the audit of the log.

What reads and signs PDFs takes a second to load, so each command loads what it needs, and other commands
nothing of it.
"""

import argparse
import getpass
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Engine

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.foundation.settings import Settings

DONE, FAILED, INPUT_AT_FAULT = 0, 1, 2
Command = Callable[[argparse.Namespace, Settings], int]
Database = Callable[[Settings], AbstractContextManager[Engine]]


def add_commands(parser: argparse.ArgumentParser, database: Database) -> None:
    """Add `keys`, `verify`, `checkpoint` and `audit`; `database` opens the database of the settings."""
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=_told(command))
        return sub

    add("keys", _keys, "make signing keys; earlier ones go on verifying what they signed")
    sub = add("verify", _verify, "is this PDF exactly what was signed? Needs no server and no database")
    sub.add_argument("file", metavar="FILE", type=Path)
    sub.add_argument(
        "--issuer", metavar="PEM", type=Path, help="the issuer's certificate (otherwise the key folder)"
    )
    add(
        "checkpoint",
        lambda _asked, settings: _checkpoint(settings, database),
        "sign and print how long the log of certificates is and what its root is",
    )
    sub = add(
        "audit",
        lambda asked, settings: _audit(asked, settings, database),
        "compare the log with the certificates, and prove that an earlier checkpoint is contained",
    )
    sub.add_argument("--against", metavar="CHECKPOINT", type=Path, help="an earlier checkpoint, as a file")


def make_first_keys(settings: Settings) -> str | None:
    """Make keys when there are none at all; their fingerprint, or None when there were some."""
    if settings.keys_dir.is_dir() and any(settings.keys_dir.iterdir()):
        return None
    from skillsmatrix.documents.keys import make_keys

    return make_keys(settings.keys_dir, issuer=settings.organisation_name, at=clock.now()).fingerprint


def _told(command: Command) -> Command:
    def telling(asked: argparse.Namespace, settings: Settings) -> int:
        from skillsmatrix.documents.keys import KeysRefused

        try:
            return command(asked, settings)
        except KeysRefused as refused:
            return _say(str(refused), FAILED)
        except OSError as fault:
            return _say(f"{fault.filename}: {fault.strerror}", INPUT_AT_FAULT)

    return telling


def _keys(_asked: argparse.Namespace, settings: Settings) -> int:
    from skillsmatrix.documents.keys import make_keys

    keys = make_keys(settings.keys_dir, issuer=settings.organisation_name, at=clock.now())
    sys.stdout.write(f"{keys.fingerprint}\n")
    return _say(f"Made keys in {settings.keys_dir}. Back them up apart from the database.", DONE)


def _verify(asked: argparse.Namespace, settings: Settings) -> int:
    data = asked.file.read_bytes()
    from cryptography import x509

    from skillsmatrix.documents.keys import open_keys
    from skillsmatrix.documents.verifying import verify_pdf
    from skillsmatrix.operations.certificate_office import stampers

    if asked.issuer is None:
        trusted: tuple[x509.Certificate, ...] = open_keys(settings.keys_dir).certificates
    else:
        try:
            trusted = tuple(x509.load_pem_x509_certificates(asked.issuer.read_bytes()))
        except ValueError:
            return _say(f"{asked.issuer} holds no certificate in PEM form", INPUT_AT_FAULT)
    verdict = verify_pdf(
        data,
        trusted_certificates=trusted,
        timestamp_certificates=stampers(settings.keys_dir),
        at=clock.now(),
    )
    if not verdict.is_genuine:
        return _say(f"Not genuine: {verdict.reason}.", FAILED)
    sys.stdout.write(verdict.facts.decode())
    return _say(
        f"Genuine: {verdict.reason}, by the key {verdict.fingerprint}. "
        "What it is worth today is shown at the address printed on it.",
        DONE,
    )


def _checkpoint(settings: Settings, database: Database) -> int:
    from skillsmatrix.documents.keys import open_keys
    from skillsmatrix.operations.certificates import make_checkpoint

    keys = open_keys(settings.keys_dir).newest
    with database(settings) as engine, writing(engine) as session:
        text = make_checkpoint(session, keys, by=f"command:{getpass.getuser()}", at=clock.now())
    sys.stdout.write(text)
    return _say("Keep this text somewhere that the keeper of the database cannot change.", DONE)


def _audit(asked: argparse.Namespace, settings: Settings, database: Database) -> int:
    from skillsmatrix.documents.checkpoint import CheckpointRefused, read_checkpoint
    from skillsmatrix.documents.keys import open_keys
    from skillsmatrix.queries.certificate_log import LOG_NAME, contains, log_faults

    with database(settings) as engine, reading(engine) as session:
        faults = list(log_faults(session))
        if asked.against is not None:
            keys = [each.checkpoint.public_key() for each in open_keys(settings.keys_dir).generations]
            try:
                earlier = read_checkpoint(asked.against.read_text("utf-8"), origin=LOG_NAME, keys=keys)
            except (CheckpointRefused, UnicodeDecodeError) as refused:
                return _say(f"{asked.against}: {refused}", INPUT_AT_FAULT)
            if not contains(session, earlier):
                faults.append(f"the log does not begin with the {earlier.size} entries of the checkpoint")
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    if faults:
        return _say(f"{len(faults)} things are wrong.", FAILED)
    return _say("The log agrees with the certificates, and only ever grew.", DONE)


def _say(message: str, status: int) -> int:
    sys.stderr.write(f"{message}\n")
    return status
