"""Work on what others wrote, in warm child processes: each has limits, and none can spoil another's work.

A child is kept from one piece of work to the next, because importing what it needs takes seconds. It never
sees a key. What it sends back is bytes and nothing but bytes: no object of a child is brought to life here.
"""

import contextlib
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from skillsmatrix.documents.confinement import limit_memory, limit_time, nothing_but, without_network

_WARM_UP_SECONDS = 120.0
_DONE, _FAILED, _SPENT = b"d", b"f", b"s"  # the first byte of an answer; a spent child is not used again

# Makes ready whatever the work needs, before the child is confined; gives what does one piece of work.
Begin = Callable[..., Callable[[Any], bytes]]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one piece of work may take, and after how many a fresh child is taken."""

    wall_seconds: float
    cpu_seconds: int
    memory_bytes: int
    pieces_each: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a piece of work: its bytes, or else the reason why there are none."""

    key: str
    content: bytes = b""
    failure: str = ""


class ConfinedPool:
    """So many children, started when first needed and warm from then on. Use a `with` block, or `close`.

    `begin` and what it returns must be functions of a module, and pieces of work need a `key`. A child that
    crashes, hangs or grows is ended and replaced; its piece of work fails with a reason, the others go on.
    Not safe across threads.
    """

    def __init__(
        self,
        begin: Begin,
        given: tuple[Any, ...],
        *,
        readable: tuple[Path, ...],
        workers: int,
        limits: Limits,
    ) -> None:
        self._start = (begin, given, readable, limits)
        self._size = workers
        self._limits = limits
        self._children: list[_Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the children."""
        for child in self._children:
            child.end()
        self._children.clear()

    @property
    def process_ids(self) -> list[int]:
        """The children's process numbers, for those who measure them."""
        return [child.pid for child in self._children]

    def answers(self, work: Iterable[Any]) -> Iterator[Answer]:
        """Every answer as it comes, in no particular order; the work is taken piece by piece as needed.

        A child that is free is given its next piece before an answer is handed out, so that what the caller
        does with one and what the child does with the next happen at the same time.
        """
        waiting = iter(work)
        while len(self._children) < self._size:
            self._children.append(_Child(self._start))
        try:
            self._hand_out(waiting)
            while busy := [child for child in self._children if child.work is not None]:
                found = self._collect(busy)
                self._hand_out(waiting)
                yield from found
        finally:
            self._end_busy()  # a consumer that stopped early must not leave its work to the next one

    def _end_busy(self) -> None:
        for child in [child for child in self._children if child.work is not None]:
            child.end()
            self._children.remove(child)

    def _hand_out(self, waiting: Iterator[Any]) -> None:
        for child in self._children:
            if child.work is None and (work := next(waiting, None)) is not None:
                child.give(work, self._limits.wall_seconds)

    def _collect(self, busy: list["_Child"]) -> list[Answer]:
        patience = min(child.deadline for child in busy) - time.monotonic()
        ready = wait([child.pipe for child in busy], timeout=max(0.0, patience))
        found = []
        for child in busy:
            if child.pipe in ready:
                found.append(child.answer())
            elif child.deadline <= time.monotonic():
                found.append(child.given_up())
            if not child.usable or child.pieces >= self._limits.pieces_each:
                child.end()
                self._children[self._children.index(child)] = _Child(self._start)
        return found


class _Child:
    """One process and the piece of work it has, if any."""

    def __init__(self, start: tuple[Begin, tuple[Any, ...], tuple[Path, ...], Limits]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_answer_for_ever, args=(theirs, *start), daemon=True
        )
        self._process.start()
        theirs.close()
        self.work: Any = None
        self.deadline = 0.0
        self.usable = True
        self.pieces = 0

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def give(self, work: Any, seconds: float) -> None:
        self.work = work
        self.deadline = time.monotonic() + seconds + (0 if self.pieces else _WARM_UP_SECONDS)
        with contextlib.suppress(OSError):  # a dead child's pipe: the answer says so in a moment
            self.pipe.send(work)

    def answer(self) -> Answer:
        work, self.work = self.work, None
        try:
            said = self.pipe.recv_bytes()
        except (EOFError, OSError):
            self.usable = False
            return Answer(work.key, failure="the process ended unexpectedly")
        self.pieces += 1
        kind, content = said[:1], said[1:]
        self.usable = kind != _SPENT
        if kind == _DONE:
            return Answer(work.key, content)
        return Answer(work.key, failure=content.decode("utf-8", "replace"))

    def given_up(self) -> Answer:
        work, self.work = self.work, None
        self.usable = False
        return Answer(work.key, failure="it took too long")

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _answer_for_ever(
    pipe: Connection, begin: Begin, given: tuple[Any, ...], readable: tuple[Path, ...], limits: Limits
) -> None:
    without_network()
    limit_memory(limits.memory_bytes)
    do = begin(*given)
    nothing_but(*readable)
    while True:
        try:
            work = pipe.recv()
        except EOFError:
            return
        limit_time(limits.cpu_seconds)
        try:
            said = _DONE + do(work)
        except MemoryError:
            said = _SPENT + b"it needed too much memory"
        except Exception as fault:  # noqa: BLE001 - whatever it was, it concerns this one piece of work
            said = _FAILED + f"{type(fault).__name__}: {fault}"[:500].encode("utf-8", "replace")
        pipe.send_bytes(said)
