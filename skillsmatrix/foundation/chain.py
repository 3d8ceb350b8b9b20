"""Hashes that chain the log: each entry carries the hash of the one before it, so a change shows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

FIRST_HASH = "0" * 64


def canonical(values: Mapping[str, Any] | None) -> str | None:
    """Values as JSON that is the same every time: keys sorted, days and instants as ISO text."""
    if values is None:
        return None
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_as_text)


def link_hash(parts: Sequence[Any]) -> str:
    """SHA-256 of what one link of the chain says, in order, the hash of the link before included."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), default=_as_text)
    return hashlib.sha256(text.encode()).hexdigest()


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written to the log")
