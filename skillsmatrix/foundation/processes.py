"""What a process does with its memory, and long work shared out to forked copies of it, one for each core.

The copies are for commands only: a process with other threads, such as one that serves pages, does the work
itself. They see everything that is in memory at the fork, without its being sent. They must not touch a
database connection, which the fork shares, and they end without running anything that was meant for the end
of this process.
"""

import contextlib
import ctypes
import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TypeVar

T = TypeVar("T")

MOST_MEMORY_KEPT = 16 * 1024 * 1024  # for the next page; a large matrix takes half of it
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # mallopt(3)


def cores() -> int:
    """How many processes can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """For work that makes millions of objects, and none that refers to itself: looking for such would take a
    third of its time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def keep_for_good() -> None:
    """What is in memory stays, and no later search for objects that refer to each other goes through it.

    For a server that has started: it took a quarter of a second, in the middle of somebody's page. Memory
    that a page has used stays as well, for the next one: to give megabytes back and ask for them again took
    longer than to fill them.
    """
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):  # only the GNU library of C has these settings
        settings = ctypes.CDLL(None).mallopt
        for setting in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
            settings(setting, MOST_MEMORY_KEPT)


def shared_out(work: Callable[[int], T], pieces: int, *, processes: int) -> Iterator[T]:
    """`work(0)`, `work(1)` and so on up to so many pieces, in this order, by so many processes.

    What a process that was killed has not given is worked out here; an error in `work` is raised here too.
    """
    processes = min(processes, pieces)
    if processes < 2 or threading.active_count() > 1 or not hasattr(os, "fork"):
        with without_collecting():
            yield from map(work, range(pieces))
        return
    gc.freeze()  # what is there already is not looked through again, here or in a copy
    children = [_start(work, range(first, pieces, processes)) for first in range(processes)]
    lost: set[int] = set()
    try:
        for piece in range(pieces):
            number = piece % processes
            if number not in lost:
                try:
                    yield children[number][1].recv()
                    continue
                except (EOFError, OSError):
                    lost.add(number)
            yield work(piece)
    finally:
        gc.unfreeze()
        for process, results in children:
            results.close()
            process.terminate()
            process.join()


def _start(work: Callable[[int], T], pieces: range) -> tuple[BaseProcess, Connection]:
    """A copy of this process at work on some pieces, and where its results come out."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_give, args=(work, pieces, theirs), daemon=True
    )
    process.start()
    theirs.close()
    return process, ours


def _give(work: Callable[[int], T], pieces: range, results: Connection) -> None:
    """Whatever goes wrong, the first process meets it as well when it does the same piece."""
    gc.disable()
    with contextlib.suppress(BaseException):
        for piece in pieces:
            results.send(work(piece))
