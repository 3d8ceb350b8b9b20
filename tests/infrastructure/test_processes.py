"""Work shared out to forked processes gives what one process gives, whatever becomes of them."""

import gc
import json
import os
import platform
import subprocess
import sys
import threading
from typing import Any

import pytest

from skillsmatrix.foundation.processes import keep_for_good, shared_out


def test_what_is_in_memory_when_a_server_has_started_is_not_searched_again() -> None:
    pair: list[object] = []
    pair.append(pair)
    keep_for_good()
    try:
        assert not any(each is pair for each in gc.get_objects())
    finally:
        gc.unfreeze()


def of_a_fresh_process(code: str) -> Any:
    """What the code prints: tests before this one may have left threads here, and then nothing is shared."""
    return json.loads(subprocess.check_output([sys.executable, "-c", SHARED + code]))


SHARED = """
import json, os, signal
from skillsmatrix.foundation.processes import shared_out
"""
SQUARES = """
found = list(shared_out(lambda piece: (piece * piece, os.getpid()), 7, processes=3))
print(json.dumps([os.getpid(), found]))
"""
KILLED = """
first = os.getpid()
def work(piece):
    if piece == 3 and os.getpid() != first:
        os.kill(os.getpid(), signal.SIGKILL)
    return piece, os.getpid() == first
print(json.dumps(list(shared_out(work, 8, processes=2))))
"""


def test_pieces_come_in_order_and_are_worked_out_by_several_processes() -> None:
    first, found = of_a_fresh_process(SQUARES)

    assert [square for square, _ in found] == [0, 1, 4, 9, 16, 25, 36]
    assert len({process for _, process in found}) == 3
    assert first not in {process for _, process in found}


def test_what_a_killed_process_leaves_is_worked_out_by_the_first() -> None:
    found = of_a_fresh_process(KILLED)

    assert [piece for piece, _ in found] == list(range(8))
    assert [piece for piece, by_the_first in found if by_the_first] == [3, 5, 7]


def test_an_error_is_raised_where_the_pieces_are_asked_for() -> None:
    with pytest.raises(ZeroDivisionError):
        list(shared_out(lambda piece: 1 // (2 - piece), 4, processes=2))


def test_one_process_or_one_with_other_threads_does_the_work_itself() -> None:
    over = threading.Event()
    beside = threading.Thread(target=over.wait)
    alone = set(shared_out(lambda _piece: os.getpid(), 3, processes=1))
    beside.start()
    with_a_thread = set(shared_out(lambda _piece: os.getpid(), 3, processes=2))
    over.set()
    beside.join()

    assert alone == with_a_thread == {os.getpid()}


def test_no_pieces_are_no_work() -> None:
    assert list(shared_out(lambda piece: piece, 0, processes=2)) == []


PAGES = """
import resource
from skillsmatrix.foundation.processes import keep_for_good
{first}
def page():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    bytes(2_000_000), bytes(1_000_000).decode()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
print(max([page() for _number in range(9)][3:]))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries of C decide for themselves")
def test_a_page_writes_into_the_memory_of_the_page_before_it() -> None:
    """Memory that is asked for anew costs a page fault for every 4 kB."""
    given_back, kept = (
        int(subprocess.check_output([sys.executable, "-c", PAGES.format(first=first)]))
        for first in ("", "keep_for_good()")
    )

    assert kept < 50 < given_back
