"""The transparency log read back: does it say what the certificates say, and did it only ever grow?"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.documents.checkpoint import Checkpoint, checkpoint_line
from skillsmatrix.domain.transparency import consistency_proof, extends, root, salted_leaf
from skillsmatrix.models import Certificate, LogLeaf
from skillsmatrix.models import Checkpoint as StoredCheckpoint

LOG_NAME = "skillsmatrix"


def leaf_of(certificate: Certificate, event: str, *, at: datetime) -> bytes:
    """The leaf of an event: a salted hash of it, the certificate's number and bytes, and the instant."""
    said = [event, certificate.number, certificate.pdf_sha256, at.astimezone(UTC).isoformat()]
    content = json.dumps(said, separators=(",", ":"))
    return salted_leaf(bytes.fromhex(certificate.log_salt), content.encode())


def leaves(session: Session) -> Iterator[bytes]:
    """The leaf hashes of the transparency log in its order."""
    for text in session.scalars(select(LogLeaf.leaf_hash).order_by(LogLeaf.id)):
        yield bytes.fromhex(text)


def newest_checkpoint(session: Session) -> StoredCheckpoint | None:
    """The last signed checkpoint; None before the first."""
    return session.scalar(select(StoredCheckpoint).order_by(StoredCheckpoint.id.desc()).limit(1))


def log_faults(session: Session) -> Iterator[str]:
    """Where the log and the certificates disagree, in words; nothing when they agree."""
    entered: set[tuple[int, str]] = set()
    rows = session.execute(
        select(LogLeaf, Certificate)
        .join(Certificate, Certificate.id == LogLeaf.certificate_id)
        .order_by(LogLeaf.id)
    )
    for place, (leaf, certificate) in enumerate(rows, start=1):
        if leaf.id != place:
            yield f"entry {place} is missing"
            return
        entered.add((certificate.id, leaf.event))
        if leaf_of(certificate, leaf.event, at=leaf.at).hex() != leaf.leaf_hash:
            yield f"entry {place} does not say what certificate {certificate.number} says"
    for certificate in session.scalars(select(Certificate).order_by(Certificate.id)):
        yield from _faults_of(certificate, entered)
        session.expunge(certificate)


def _faults_of(certificate: Certificate, entered: set[tuple[int, str]]) -> Iterator[str]:
    happened = {
        "issued": True,
        "revoked": certificate.revoked_at is not None,
        "replaced": certificate.replaced_by_id is not None,
    }
    for event, true in happened.items():
        if true != ((certificate.id, event) in entered):
            yield f"certificate {certificate.number}: {event} in one of log and record, not in both"
    if hashlib.sha256(certificate.pdf).hexdigest() != certificate.pdf_sha256:
        yield f"certificate {certificate.number}: its bytes are not those that were issued"


def contains(session: Session, earlier: Checkpoint) -> bool:
    """Whether the log of today begins with exactly the entries of an earlier checkpoint."""
    hashes = list(leaves(session))
    if earlier.size > len(hashes):
        return False
    proof = consistency_proof(hashes, earlier.size) if earlier.size else []
    return extends(earlier.size, earlier.root, len(hashes), root(hashes), proof)


def newest_checkpoint_line(session: Session) -> str:
    """The line that is printed at the foot of a certificate; empty before the first checkpoint."""
    newest = newest_checkpoint(session)
    if newest is None:
        return ""
    facts = Checkpoint(LOG_NAME, newest.tree_size, bytes.fromhex(newest.root_hash), newest.made_at)
    return checkpoint_line(facts)
