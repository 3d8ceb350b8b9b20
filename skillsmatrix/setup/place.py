"""Where things are set up, what has been finished there, and who may work there now."""

import fcntl
import hashlib
import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SETUP = PROJECT / ".setup"
DEBIAN = SETUP / "debian"
VENV = SETUP / "venv"
PYTHON = VENV / "bin" / "python"
FONTS = SETUP / "fonts.conf"
LOCK = PROJECT / "uv.lock"

# What a purpose needs besides what it stands on: the tests need all that the program needs.
PURPOSES = ("run", "test")


class CannotSetUp(Exception):
    """A step failed; the message says which and why. `__main__` adds what to do by hand."""


def say(line: str) -> None:
    """One line of progress, on standard error: standard output belongs to the answers of commands."""
    print(f"skillsmatrix: {line}", file=sys.stderr, flush=True)


def is_ready(purpose: str) -> bool:
    """Whether `purpose` was set up to the end, for this lock file and interpreter; takes milliseconds."""
    try:
        kept = json.loads(_stamp(purpose).read_text())
    except (OSError, ValueError):
        return False
    return bool(kept == _fingerprint())


def is_from_elsewhere() -> bool:
    """Whether the environment was finished in another folder or for another interpreter than now."""
    now = _fingerprint()
    for purpose in PURPOSES:
        try:
            kept = json.loads(_stamp(purpose).read_text())
        except (OSError, ValueError):
            continue
        if any(kept.get(name) != now[name] for name in ("project", "interpreter")):
            return True
    return False


def mark_ready(purpose: str) -> None:
    """Write down that `purpose` is set up; the last thing done, and done whole or not at all."""
    draft = SETUP / f"ready-{purpose}.{os.getpid()}"
    draft.write_text(json.dumps(_fingerprint()))
    draft.replace(_stamp(purpose))


def _stamp(purpose: str) -> Path:
    return SETUP / f"ready-{purpose}.json"


def _fingerprint() -> dict[str, str]:
    """Changes when the environment would have to be made again: another lock, folder or interpreter."""
    return {
        "lock": hashlib.sha256(LOCK.read_bytes()).hexdigest(),
        "project": str(PROJECT),
        "interpreter": os.path.realpath(PYTHON) if PYTHON.exists() else "",
    }


@contextmanager
def alone() -> Iterator[None]:
    """Only one process sets up at a time; the others wait here, and look again afterwards."""
    try:
        SETUP.mkdir(exist_ok=True)
        file = (SETUP / "lock").open("a")
    except OSError as error:
        raise CannotSetUp(f"cannot write to {SETUP}: {error.strerror}") from error
    with file:
        os.set_inheritable(
            file.fileno(), True
        )  # when this is killed, apt or uv may go on: they keep the lock
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another start that is setting up")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def whole(folder: Path) -> Iterator[None]:
    """Fill `folder` in the block; when that is killed or fails, `clear_unfinished` will see it."""
    clear_unfinished(folder)
    _unfinished(folder).touch()
    yield
    _unfinished(folder).unlink()


def clear_unfinished(folder: Path) -> None:
    """Remove the folder when an earlier start left it half filled; then nothing counts as ready."""
    if _unfinished(folder).exists():
        say(f"clearing {folder}, which an earlier start left half done")
        for purpose in PURPOSES:
            _stamp(purpose).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        _unfinished(folder).unlink()


def _unfinished(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.unfinished")


def library_folders() -> list[Path]:
    """Folders of unpacked Debian packages that hold shared libraries."""
    triplet = sysconfig.get_config_var("MULTIARCH") or ""
    below = (f"usr/lib/{triplet}", f"lib/{triplet}", "usr/lib", f"usr/lib/{triplet}/pulseaudio")
    return [DEBIAN / folder for folder in below if (DEBIAN / folder).is_dir()]


def child_environment() -> dict[str, str]:
    """The environment of the real program: it finds unpacked libraries and programs, and a font."""
    environment = dict(os.environ)
    prepend(environment, "PYTHONPATH", [PROJECT])
    prepend(environment, "LD_LIBRARY_PATH", library_folders())
    if (DEBIAN / "usr/bin").is_dir():
        prepend(environment, "PATH", [DEBIAN / "usr/bin"])
    if FONTS.is_file():
        environment["FONTCONFIG_FILE"] = str(FONTS)
    return environment


def prepend(environment: dict[str, str], variable: str, folders: list[Path]) -> None:
    """Put the folders in front of what a search path says already."""
    words = [str(folder) for folder in folders] + [word for word in [environment.get(variable)] if word]
    if words:
        environment[variable] = os.pathsep.join(words)
