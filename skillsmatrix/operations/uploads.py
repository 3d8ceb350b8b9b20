"""Files that people hand in: checked, scanned, kept under a name of our own outside the web root.

The file is on disk, whole, before the row that names it is committed. A row that is rolled back leaves a file
that nobody can reach; `clear_strays` takes such files away.
"""

import hashlib
import os
import secrets
import subprocess
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.file_kinds import Fault, FileKind, FileRefused, kind_of
from skillsmatrix.models import Upload
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.versions import record

SCAN_SECONDS: Final = 60
STRAY_AFTER: Final = timedelta(days=1)
LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that has been checked and lies in the folder, but that no row names yet."""

    name: str
    given_name: str
    kind: FileKind
    size: int
    sha256: str


def store_file(content: bytes, given_name: str, *, folder: Path, scan: Sequence[str] = ()) -> StoredFile:
    """Check a file and put it into the folder under a random name. Raises FileRefused.

    `scan`: words of a command that takes one file name and fails when the file is harmful. Needs no
    database, and so is done before the write lock is taken.
    """
    kind = kind_of(content)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_hex(16) + kind.ending
    draft = folder / f"{name}.part"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if scan:
            _scan(scan, draft)
        draft.rename(folder / name)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(folder)
    return StoredFile(name, _shown_name(given_name), kind, len(content), hashlib.sha256(content).hexdigest())


def record_upload(session: Session, stored: StoredFile, *, staff_id: int, by: str, at: datetime) -> int:
    """Name a stored file in the record, as handed in for this person; returns its id."""
    fact = Upload(
        name=stored.name,
        given_name=stored.given_name,
        media_type=stored.kind.value,
        size=stored.size,
        sha256=stored.sha256,
        staff_id=staff_id,
    )
    return record(session, fact, "evidence_uploaded", by=by, at=at, staff_id=staff_id)


def clear_strays(session: Session, folder: Path, *, by: str, at: datetime) -> int:
    """Remove files that no row names and that are older than a day; returns how many."""
    if not folder.is_dir():
        return 0
    named = set(session.scalars(select(Upload.name)))
    limit = (at - STRAY_AFTER).timestamp()
    strays = [
        path
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in named and path.stat().st_mtime < limit
    ]
    for path in strays:
        path.unlink()
    if strays:
        audit(session, "stray_files_cleared", by=by, at=at, after={"files": len(strays)})
    return len(strays)


def _scan(command: Sequence[str], path: Path) -> None:
    """Run the scanner; a file that could not be scanned is not taken."""
    try:
        done = subprocess.run(  # noqa: S603 - the command is a setting of whoever runs this installation
            [*command, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SCAN_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise FileRefused(Fault.NOT_SCANNED) from None
    if done.returncode != 0:
        raise FileRefused(Fault.HARMFUL)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _shown_name(given: str) -> str:
    """The name it came with, for people to recognise it by; never used to find it."""
    last = given.replace("\\", "/").rpartition("/")[2]
    plain = "".join(each for each in last if unicodedata.category(each)[0] != "C")
    return unicodedata.normalize("NFC", plain).strip()[:LONGEST_NAME] or "file"
