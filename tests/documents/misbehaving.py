"""Work for confined processes that does what it must not; each is a function that a child can import."""

import os
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from skillsmatrix.documents.reading import FileToJudge, judged
from skillsmatrix.documents.renderer import Renderer


@dataclass(frozen=True)
class Task:
    key: str
    what: str = ""
    argument: str = ""


def do(renderer: Renderer | None, task: Task) -> bytes:
    """Do what the task says and answer with what came of it."""
    return DEEDS[task.what](task.argument) or task.key.encode()


def begin() -> Callable[[Task], bytes]:
    """For a child that renders nothing."""
    return partial(do, None)


def begin_crashing_on_hostile_files() -> Callable[[FileToJudge], bytes]:
    """For a reader of files that does not survive every one of them."""
    return _judged_unless_hostile


def _judged_unless_hostile(work: FileToJudge) -> bytes:
    if work.data.endswith(b"hostile"):
        os._exit(3)
    return judged(work)


def _nothing(_: str) -> None:
    """Behaves."""


def _crash(_: str) -> None:
    os._exit(3)


def _kill(_: str) -> None:
    os.kill(os.getpid(), 9)


def _sleep(_: str) -> None:
    time.sleep(60)


def _spin(_: str) -> None:
    while True:
        pass


def _grow(_: str) -> bytes:
    return b"x" * 5_000_000_000


def _fail(_: str) -> None:
    raise RuntimeError("no ink")


def _read(path: str) -> bytes:
    return Path(path).read_bytes()


def _read_low(path: str) -> bytes:
    return os.read(os.open(path, os.O_RDONLY), 100)


def _write(path: str) -> None:
    Path(path).write_text("written", encoding="utf-8")


def _connect(port: str) -> None:
    socket.create_connection(("127.0.0.1", int(port)), timeout=2)


def _run(_: str) -> None:
    subprocess.run(["true"], check=True)


def _fork(_: str) -> None:
    os.fork()


def _process(_: str) -> bytes:
    return str(os.getpid()).encode()


def _interfaces(_: str) -> bytes:
    return ",".join(name for _, name in socket.if_nameindex()).encode()


DEEDS: dict[str, Callable[[str], bytes | None]] = {
    "": _nothing,
    "crash": _crash,
    "kill": _kill,
    "sleep": _sleep,
    "spin": _spin,
    "grow": _grow,
    "fail": _fail,
    "read": _read,
    "read low": _read_low,
    "write": _write,
    "connect": _connect,
    "run": _run,
    "fork": _fork,
    "process": _process,
    "interfaces": _interfaces,
}
