"""Certificates in bulk: warm child processes, each with limits, none able to spoil more than one document.

A child is kept from document to document, because importing WeasyPrint takes seconds and a page a tenth of
one. It never sees a key: pages are signed by the caller.
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

from skillsmatrix.documents.certificate import certificate_pdf
from skillsmatrix.documents.confinement import (
    MEMORY_BYTES,
    limit_memory,
    limit_time,
    nothing_but,
    without_network,
)
from skillsmatrix.documents.facts import CertificateFacts
from skillsmatrix.documents.fonts import use_bundled_fonts
from skillsmatrix.documents.renderer import Renderer

WALL_SECONDS = 30.0
CPU_SECONDS = 20

# WeasyPrint and the libraries under it keep some 25 kB of each page for ever: a fresh child now and then.
PAGES_EACH = 500

_WARM_UP_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Job:
    """One page to make; `key` comes back with the result."""

    key: str
    facts: CertificateFacts
    badge: bytes = b""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a job: its PDF, or else the reason it has none."""

    key: str
    pdf: bytes = b""
    failure: str = ""


Work = Callable[[Renderer, Any], bytes]


def certificate_of(renderer: Renderer, job: Job) -> bytes:
    """The work of a child: the unsigned page of one job."""
    return certificate_pdf(job.facts, renderer=renderer, badge=job.badge)


class RenderingPool:
    """So many children, started when first needed and warm from then on. Use it in a `with` block.

    `work` must be a function of a module, and jobs need a `key`. A child that crashes, hangs or grows is
    ended and replaced; its document fails with a reason and the others go on.
    """

    def __init__(
        self,
        templates: Path,
        *,
        workers: int = 2,
        wall_seconds: float = WALL_SECONDS,
        cpu_seconds: int = CPU_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        pages_each: int = PAGES_EACH,
        work: Work = certificate_of,
    ) -> None:
        self._wall_seconds = wall_seconds
        self._start = (templates, use_bundled_fonts(), cpu_seconds, memory_bytes, work)
        self._size = workers
        self._pages_each = pages_each
        self._children: list[_Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children:
            child.end()
        self._children.clear()

    @property
    def process_ids(self) -> list[int]:
        """The children's process numbers, for those who measure them."""
        return [child.pid for child in self._children]

    def render_many(self, jobs: Iterable[Any]) -> Iterator[Rendered]:
        """Every job's result as it comes, in no particular order; the jobs are taken one by one as needed.

        A child that is free is given its next page before a result is handed out, so that signing one page
        and rendering the next happen at the same time.
        """
        waiting = iter(jobs)
        while len(self._children) < self._size:
            self._children.append(_Child(self._start))
        try:
            self._hand_out(waiting)
            while busy := [child for child in self._children if child.job is not None]:
                results = self._collect(busy)
                self._hand_out(waiting)
                yield from results
        finally:
            self._end_busy()  # a consumer that stopped early must not leave its pages to the next one

    def _end_busy(self) -> None:
        for child in [child for child in self._children if child.job is not None]:
            child.end()
            self._children.remove(child)

    def _hand_out(self, waiting: Iterator[Any]) -> None:
        for child in self._children:
            if child.job is None and (job := next(waiting, None)) is not None:
                child.give(job, self._wall_seconds)

    def _collect(self, busy: list["_Child"]) -> list[Rendered]:
        patience = min(child.deadline for child in busy) - time.monotonic()
        ready = wait([child.pipe for child in busy], timeout=max(0.0, patience))
        results = []
        for child in busy:
            if child.pipe in ready:
                results.append(child.result())
            elif child.deadline <= time.monotonic():
                results.append(child.given_up())
            if not child.usable or child.pages >= self._pages_each:
                child.end()
                self._children[self._children.index(child)] = _Child(self._start)
        return results


class _Child:
    """One process and the job it has, if any."""

    def __init__(self, start: tuple[Path, Path, int, int, Work]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_render_for_ever, args=(theirs, *start), daemon=True
        )
        self._process.start()
        theirs.close()
        self.job: Any = None
        self.deadline = 0.0
        self.usable = True
        self.pages = 0

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def give(self, job: Any, seconds: float) -> None:
        self.job = job
        self.deadline = time.monotonic() + seconds + (0 if self.pages else _WARM_UP_SECONDS)
        with contextlib.suppress(OSError):  # a dead child's pipe: the result says so in a moment
            self.pipe.send(job)

    def result(self) -> Rendered:
        job, self.job = self.job, None
        try:
            pdf, failure, self.usable = self.pipe.recv()
        except (EOFError, OSError):
            self.usable = False
            return Rendered(job.key, failure="the rendering process ended unexpectedly")
        self.pages += 1
        return Rendered(job.key, pdf=pdf, failure=failure)

    def given_up(self) -> Rendered:
        job, self.job = self.job, None
        self.usable = False
        return Rendered(job.key, failure="the page took too long")

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _render_for_ever(
    pipe: Connection, templates: Path, fonts: Path, cpu_seconds: int, memory_bytes: int, work: Work
) -> None:
    without_network()
    limit_memory(memory_bytes)
    renderer = Renderer(templates, fonts=fonts)
    nothing_but(templates, fonts)
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        limit_time(cpu_seconds)
        try:
            answer = (work(renderer, job), "", True)
        except MemoryError:
            answer = (b"", "the page needed too much memory", False)
        except Exception as fault:  # noqa: BLE001 - whatever it was, it concerns this one document
            answer = (b"", f"{type(fault).__name__}: {fault}"[:500], True)
        pipe.send(answer)
