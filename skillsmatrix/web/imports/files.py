"""The files between handing in and importing: under a random name, in a folder of the account's own.

Nobody finds another account's file: the folder is part of the address on disk and never of the one on the
page. What is left behind is cleared away after a day.
"""

import re
import secrets
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from flask import Flask, current_app
from werkzeug.datastructures import FileStorage

from skillsmatrix.foundation.settings import Settings

_KEPT_FOR: Final = timedelta(days=1)
_SCAN_SECONDS: Final = 120
_NAME: Final = re.compile(r"[0-9a-f]{32}")
_ENDINGS: Final = {".xlsx": ".xlsx"}  # anything else is looked at as a zip
_CALLED: Final = ".called"  # beside each file: the name it was handed in under
_LONGEST_NAME: Final = 200
_EXTENSION: Final = "skillsmatrix.imports"


class HarmfulFile(Exception):
    """The scanner found something in the file, or could not look at it."""


@dataclass(frozen=True, slots=True)
class ImportFolder:
    """Where files wait, and the command that looks at them first."""

    path: Path
    scan_command: tuple[str, ...]


def init_imports(app: Flask, settings: Settings) -> None:
    """Remember where files wait."""
    app.extensions[_EXTENSION] = ImportFolder(settings.uploads_dir / "imports", settings.scan_command)


def keep(file: FileStorage, *, account: int, at: datetime) -> str:
    """Store a file that was handed in; returns the name under which `find` finds it. Raises HarmfulFile."""
    own = _own_folder(account)
    own.mkdir(parents=True, exist_ok=True, mode=0o700)
    _clear(own, at)
    name = secrets.token_hex(16)
    ending = _ENDINGS.get(Path(file.filename or "").suffix.lower(), ".zip")
    draft = own / f"{name}.part"
    file.save(draft)
    try:
        _scan(draft)
    except HarmfulFile:
        draft.unlink()
        raise
    (own / f"{name}{_CALLED}").write_text((file.filename or "")[:_LONGEST_NAME], encoding="utf-8")
    draft.rename(own / f"{name}{ending}")
    return name


def given_name(name: str, *, account: int) -> str:
    """What the file was called when it was handed in; empty when that is not known."""
    if find(name, account=account) is None:
        return ""
    path = _own_folder(account) / f"{name}{_CALLED}"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def find(name: str, *, account: int) -> Path | None:
    """The file of this account by its name; None when there is none (any more)."""
    if _NAME.fullmatch(name) is None:
        return None
    own = _own_folder(account)
    found = (own / f"{name}{ending}" for ending in (".zip", ".xlsx"))
    return next((path for path in found if path.is_file()), None)


def drop(name: str, *, account: int) -> None:
    """Remove the file; nothing when it is gone already."""
    path = find(name, account=account)
    if path is not None:
        path.unlink(missing_ok=True)
        path.with_suffix(_CALLED).unlink(missing_ok=True)


def _own_folder(account: int) -> Path:
    folder: ImportFolder = current_app.extensions[_EXTENSION]
    return folder.path / str(account)


def _clear(own: Path, at: datetime) -> None:
    limit = (at - _KEPT_FOR).timestamp()
    for path in own.iterdir():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)


def _scan(path: Path) -> None:
    folder: ImportFolder = current_app.extensions[_EXTENSION]
    if not folder.scan_command:
        return
    try:
        done = subprocess.run(  # noqa: S603 - the command is a setting of whoever runs this installation
            [*folder.scan_command, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SCAN_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise HarmfulFile from None
    if done.returncode != 0:
        raise HarmfulFile
