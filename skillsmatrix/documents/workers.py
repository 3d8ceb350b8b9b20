"""Pages in bulk: warm child processes that render, none able to spoil more than one document.

A child is kept from document to document, because importing WeasyPrint takes seconds and a page a tenth of
one. It never sees a key: pages are signed by the caller.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from skillsmatrix.documents.certificate import certificate_pdf
from skillsmatrix.documents.children import ConfinedPool, Limits
from skillsmatrix.documents.confinement import MEMORY_BYTES
from skillsmatrix.documents.facts import CertificateFacts
from skillsmatrix.documents.fonts import use_bundled_fonts
from skillsmatrix.documents.passport import PassportFacts, passport_pdf
from skillsmatrix.documents.renderer import Renderer

WALL_SECONDS = 30.0
CPU_SECONDS = 20

# WeasyPrint and the libraries under it keep some 25 kB of each page for ever: a fresh child now and then.
PAGES_EACH = 500


@dataclass(frozen=True, slots=True)
class Job:
    """One document to make: a certificate with its badge, or a passport; `key` comes back with the result."""

    key: str
    facts: CertificateFacts | PassportFacts
    badge: bytes = b""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a job: its PDF, or else the reason it has none."""

    key: str
    pdf: bytes = b""
    failure: str = ""


Work = Callable[[Renderer, Any], bytes]


def document_of(renderer: Renderer, job: Job) -> bytes:
    """The work of a child: the unsigned document of one job."""
    if isinstance(job.facts, PassportFacts):
        return passport_pdf(job.facts, renderer=renderer)
    return certificate_pdf(job.facts, renderer=renderer, badge=job.badge)


class RenderingPool:
    """So many children, started when first needed and warm from then on. Use it in a `with` block.

    `work` must be a function of a module, and jobs need a `key`. A document that fails gives its reason.
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
        work: Work = document_of,
    ) -> None:
        fonts = use_bundled_fonts()
        self._pool = ConfinedPool(
            _warm_renderer,
            (templates, fonts, work),
            readable=(templates, fonts),
            workers=workers,
            limits=Limits(wall_seconds, cpu_seconds, memory_bytes, pages_each),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    @property
    def process_ids(self) -> list[int]:
        """The children's process numbers, for those who measure them."""
        return self._pool.process_ids

    def render_many(self, jobs: Iterable[Any]) -> Iterator[Rendered]:
        """Every job's result as it comes, in no particular order; the jobs are taken one by one as needed."""
        for answer in self._pool.answers(jobs):
            yield Rendered(answer.key, answer.content, answer.failure)


def _warm_renderer(templates: Path, fonts: Path, work: Work) -> Callable[[Any], bytes]:
    return partial(work, Renderer(templates, fonts=fonts))
