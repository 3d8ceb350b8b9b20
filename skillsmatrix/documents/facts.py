"""What a certificate says, frozen on the day it is issued, and the same as JSON."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any, Self

from skillsmatrix.documents.wording import printable

VERSION = 1

# Longest text that is printed, in characters; longer ones end in an ellipsis. Chosen so that a page holds the
# widest letters at every limit at once (tests/documents/test_certificate.py).
LIMITS = {
    "holder": 120,
    "competency_code": 40,
    "competency_title": 160,
    "framework": 100,
    "may_do": 420,
    "boundary": 600,
    "learning_title": 160,
    "learning_provider": 100,
    "assessor": 120,
    "issuer": 100,
    "signatory": 100,
    "signatory_title": 100,
    "fingerprint": 100,
    "checkpoint": 100,
}

# These are never cut: a shortened address leads nowhere.
LONGEST_NUMBER = 40
LONGEST_CHECK_URL = 160

DEFAULT_COLOUR = "#1d4f67"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """Everything one certificate says.

    Days are Europe/London days and `valid_to` is the last day that still counts (None: no end); `issued_at`
    is an aware instant. Empty text means "not stated". `holder` is the name as it was on the day. `subject`
    is an opaque identifier for the badge, never an address. `fingerprint` is that of the issuer's
    certificate, `checkpoint` a line of the transparency log.
    """

    number: str
    check_url: str
    holder: str
    competency_code: str
    competency_title: str
    level: int
    valid_from: date
    issued_on: date
    issued_at: datetime
    issuer: str
    subject: str
    framework: str = ""
    may_do: str = ""
    boundary: str = ""
    learning_title: str = ""
    learning_provider: str = ""
    learning_completed_on: date | None = None
    assessor: str = ""
    assessed_on: date | None = None
    valid_to: date | None = None
    signatory: str = ""
    signatory_title: str = ""
    colour: str = DEFAULT_COLOUR
    logo: bytes = b""
    fingerprint: str = ""
    checkpoint: str = ""

    def __post_init__(self) -> None:
        if self.issued_at.tzinfo is None:
            raise ValueError("issued_at needs its time zone")
        if not _COLOUR.fullmatch(self.colour):
            raise ValueError("colour must be like #1d4f67")
        if not re.fullmatch(r"https?://[^\s\"'<>\\]+", self.check_url):
            raise ValueError("check_url must be an http or https address")
        if len(self.check_url) > LONGEST_CHECK_URL:
            raise ValueError(f"check_url must have at most {LONGEST_CHECK_URL} characters")
        if not re.fullmatch(rf"[0-9A-Za-z-]{{1,{LONGEST_NUMBER}}}", self.number):
            raise ValueError(f"number must have at most {LONGEST_NUMBER} letters, digits and hyphens")
        if not re.fullmatch(r"[a-z][a-z0-9+.-]*:[\x21-\x7e]+", self.subject):
            raise ValueError("subject must be a URI")

    def as_printed(self) -> Self:
        """The same facts with every text as the page shows it (`printable`); twice changes nothing."""
        texts: dict[str, Any] = {
            name: printable(getattr(self, name), limit=limit) for name, limit in LIMITS.items()
        }
        return replace(self, **texts)

    def to_json(self) -> bytes:
        """The facts as canonical JSON: sorted keys, ASCII, no spaces. The logo is kept whole, in base64."""
        stated: dict[str, Any] = {"version": VERSION}
        for field in fields(self):
            value = getattr(self, field.name)
            stated[field.name] = _plain(value)
        return json.dumps(stated, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Facts out of `to_json`. Raises ValueError for another version or an unknown or missing field."""
        stated = json.loads(data)
        if not isinstance(stated, dict) or stated.pop("version", None) != VERSION:
            raise ValueError("not the facts of a certificate of this version")
        known = {field.name for field in fields(cls)}
        if stated.keys() != known:
            raise ValueError(f"unknown or missing: {sorted(stated.keys() ^ known)}")
        for name in ("valid_from", "valid_to", "issued_on", "learning_completed_on", "assessed_on"):
            stated[name] = None if stated[name] is None else date.fromisoformat(stated[name])
        stated["issued_at"] = datetime.fromisoformat(stated["issued_at"])
        stated["logo"] = base64.b64decode(stated["logo"], validate=True)
        return cls(**stated)

    def published_json(self) -> bytes:
        """The facts that travel inside the PDF: as printed, readable, the logo as its SHA-256 only."""
        printed = json.loads(self.as_printed().to_json())
        printed["logo"] = f"sha256:{hashlib.sha256(self.logo).hexdigest()}" if self.logo else ""
        return (json.dumps(printed, sort_keys=True, indent=2, ensure_ascii=False) + "\n").encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value
