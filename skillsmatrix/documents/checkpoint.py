"""A signed line about the certificate log on one day: how many entries it had and what their root was.

The text is a C2SP signed note with a tlog checkpoint in it, so that other people's tools can read it: origin,
size, root, further lines, an empty line, and one signature line. Whoever kept one can later have it proved
that the log of today begins with exactly those entries. Nobody who kept none can be shown anything.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from skillsmatrix.documents.wording import long_day

_ED25519 = b"\x01"  # the algorithm's number in C2SP signed-note
_HASH_BYTES = 32
_MOST_CHARACTERS = 10_000
_TIME, _CHAIN = "time ", "audit "


class CheckpointRefused(ValueError):
    """The text is no checkpoint, or none of our keys signed it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log at an instant: `origin` names it, `chain` is the head of the audit chain, where stated."""

    origin: str
    size: int
    root: bytes
    at: datetime
    chain: bytes = b""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\x21-\x2a\x2c-\x7e]{1,200}", self.origin):
            raise ValueError("the origin is a name without spaces and plus signs")
        if self.size < 0 or len(self.root) != _HASH_BYTES:
            raise ValueError("a checkpoint needs a size and a root of 32 bytes")
        if self.at.tzinfo is None:
            raise ValueError("the instant needs its time zone")


def signed_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note; the same checkpoint and key give the same text."""
    body = _body(checkpoint)
    signature = _key_id(checkpoint.origin, key.public_key()) + key.sign(body.encode())
    return f"{body}\n\u2014 {checkpoint.origin} {base64.b64encode(signature).decode()}\n"


def read_checkpoint(text: str, *, origin: str, keys: Iterable[Ed25519PublicKey]) -> Checkpoint:
    """The checkpoint in a signed note of this log. Raises CheckpointRefused unless a key signed it."""
    body, found, signatures = text.partition("\n\n")
    if len(text) > _MOST_CHARACTERS or not found:
        raise CheckpointRefused("the text is not a signed checkpoint")
    body += "\n"
    if not any(_signed_by(key, origin, body, line) for key in keys for line in signatures.splitlines()):
        raise CheckpointRefused("no key of this log signed the checkpoint")
    checkpoint = _parsed(body)
    if checkpoint.origin != origin or _body(checkpoint) != body:
        raise CheckpointRefused("the checkpoint is not one of this log")
    return checkpoint


def checkpoint_line(checkpoint: Checkpoint) -> str:
    """One short line for the foot of a certificate: entries, day and root."""
    root = base64.b64encode(checkpoint.root).decode()
    return f"{checkpoint.size:,} entries, {long_day(checkpoint.at.astimezone(UTC).date())}, {root}"


def _body(checkpoint: Checkpoint) -> str:
    lines = [
        checkpoint.origin,
        str(checkpoint.size),
        base64.b64encode(checkpoint.root).decode(),
        _TIME + checkpoint.at.astimezone(UTC).isoformat(),
    ]
    if checkpoint.chain:
        lines.append(_CHAIN + checkpoint.chain.hex())
    return "".join(f"{line}\n" for line in lines)


def _parsed(body: str) -> Checkpoint:
    lines = body.splitlines()
    try:
        chain = next((line.removeprefix(_CHAIN) for line in lines[4:] if line.startswith(_CHAIN)), "")
        return Checkpoint(
            origin=lines[0],
            size=int(lines[1]),
            root=base64.b64decode(lines[2], validate=True),
            at=datetime.fromisoformat(lines[3].removeprefix(_TIME)),
            chain=bytes.fromhex(chain),
        )
    except (ValueError, IndexError) as fault:
        raise CheckpointRefused("the text is not a checkpoint of a certificate log") from fault


def _signed_by(key: Ed25519PublicKey, origin: str, body: str, line: str) -> bool:
    prefix = f"\u2014 {origin} "
    if not line.startswith(prefix):
        return False
    try:
        signature = base64.b64decode(line.removeprefix(prefix), validate=True)
        if signature[:4] != _key_id(origin, key):
            return False
        key.verify(signature[4:], body.encode())
    except (binascii.Error, InvalidSignature, UnicodeEncodeError):
        return False
    return True


def _key_id(name: str, key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]
