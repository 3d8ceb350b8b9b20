"""A file from anybody, judged in a confined child: bounded time and memory, no network, no other file."""

import json
import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from skillsmatrix.documents.children import Begin, ConfinedPool, Limits
from skillsmatrix.documents.verifying import MOST_BYTES, Genuineness, Verification, verify_pdf

LIMITS: Final = Limits(wall_seconds=15.0, cpu_seconds=10, memory_bytes=1_000_000_000, pieces_each=200)
_PATIENCE_SECONDS: Final = 10.0


class EverybodyBusy(Exception):
    """Other files are being read; ask again in a moment."""


@dataclass(frozen=True, slots=True)
class FileToJudge:
    """One file and the certificates to hold it against, as PEM."""

    key: str
    data: bytes
    trusted: tuple[bytes, ...]
    stampers: tuple[bytes, ...]
    at: datetime


class FileReader:
    """Judges files in so many children; safe across threads. Close it at the end of the process.

    `begin`: what a child does with a file; a function of a module.
    """

    def __init__(self, *, children: int = 2, limits: Limits = LIMITS, begin: Begin | None = None) -> None:
        self._pools = [
            ConfinedPool(begin or reader, (), readable=(), workers=1, limits=limits) for _ in range(children)
        ]
        self._free: queue.LifoQueue[ConfinedPool] = queue.LifoQueue()  # the warm one first
        for pool in self._pools:
            self._free.put(pool)

    def close(self) -> None:
        """End the children."""
        for pool in self._pools:
            pool.close()

    def judge(
        self,
        data: bytes,
        *,
        trusted: Sequence[x509.Certificate],
        stampers: Sequence[x509.Certificate],
        at: datetime,
        patience: float = _PATIENCE_SECONDS,
    ) -> Verification:
        """What `verify_pdf` says of a file. Raises EverybodyBusy when no child is free for so many seconds.

        A file that no child could read within its limits is none of ours.
        """
        if len(data) > MOST_BYTES:  # refused before it is copied anywhere
            return verify_pdf(data, trusted_certificates=(), at=at)
        work = FileToJudge("file", data, _pem(trusted), _pem(stampers), at)
        try:
            pool = self._free.get(timeout=patience)
        except queue.Empty:
            raise EverybodyBusy from None
        try:
            answer = next(pool.answers([work]))
        finally:
            self._free.put(pool)
        if answer.failure:
            return Verification(Genuineness.NOT_A_PDF, f"The file cannot be read: {answer.failure}")
        return _from_json(answer.content)


def reader() -> Callable[[FileToJudge], bytes]:
    """What a child needs before it is confined: nothing but the modules that are imported with this one."""
    return judged


def judged(work: FileToJudge) -> bytes:
    """The work of a child: the verdict on one file, as JSON."""
    found = verify_pdf(
        work.data,
        trusted_certificates=[x509.load_pem_x509_certificate(each) for each in work.trusted],
        timestamp_certificates=[x509.load_pem_x509_certificate(each) for each in work.stampers],
        at=work.at,
    )
    stated = {
        "genuineness": found.genuineness.value,
        "reason": found.reason,
        "facts": found.facts.decode("utf-8", "replace"),
        "fingerprint": found.fingerprint,
        "signed_at": None if found.signed_at is None else found.signed_at.isoformat(),
        "digest": found.digest,
        "content_digest": found.content_digest,
        "claimed_number": found.claimed_number,
    }
    return json.dumps(stated).encode()


def _from_json(content: bytes) -> Verification:
    said = json.loads(content)
    return Verification(
        Genuineness(said["genuineness"]),
        said["reason"],
        facts=said["facts"].encode(),
        fingerprint=said["fingerprint"],
        signed_at=None if said["signed_at"] is None else datetime.fromisoformat(said["signed_at"]),
        digest=said["digest"],
        content_digest=said["content_digest"],
        claimed_number=said["claimed_number"],
    )


def _pem(certificates: Sequence[x509.Certificate]) -> tuple[bytes, ...]:
    return tuple(each.public_bytes(Encoding.PEM) for each in certificates)
