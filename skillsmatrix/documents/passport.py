"""The leaver's passport: the whole of one person's record, to take along. A PDF, the same as JSON, their
badges.

The bundle is a zip whose manifest names the SHA-256 of every file in it and is itself signed (CMS, with the
key that signs certificates), so that it can be checked years later without us: the recipe is in the bundle.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.serialization import Encoding

from skillsmatrix.documents.branding import printable_logo, text_colour
from skillsmatrix.documents.certificate import FACTS_FILE, number_groups, qr_svg
from skillsmatrix.documents.facts import DEFAULT_COLOUR, LIMITS
from skillsmatrix.documents.keys import SigningKeys, fingerprint
from skillsmatrix.documents.renderer import AttachedFile, Renderer
from skillsmatrix.documents.signing import PdfSeal
from skillsmatrix.documents.wording import printable

LONGEST_CELL = 300
MOST_ROWS = 3000  # of one section: a daily record of ten years; more is a mistake

_WHOLE_WIDTH = 100
_PDF, _JSON, _MANIFEST, _SIGNATURE = "passport.pdf", "passport.json", "manifest.json", "manifest.json.p7s"
_CERTIFICATE, _RECIPE = "issuer.pem", "how-to-check.txt"

_RECIPE_TEXT = """How to check this bundle

It needs no help from the organisation that issued it. Its certificate is issuer.pem; SHA-256 fingerprint:
{fingerprint}
Ask the organisation for that fingerprint by a way you trust (its web site, its letterhead) and compare.

1. The list of files is signed:
   openssl cms -verify -binary -inform DER -in manifest.json.p7s -content manifest.json \\
     -CAfile issuer.pem -purpose any -out checked.json
2. Each file is the one in the list: compare `sha256sum FILE` with manifest.json.
3. The PDFs are signed one by one:
   pyhanko sign validate --trust issuer.pem --trust-replace --no-revocation-check --pretty-print passport.pdf
   or, with poppler-utils: pdfsig -nocert passport.pdf

A signature shows that nothing was changed since {issued_on}. What each certificate is worth today (current,
expired, suspended, replaced or revoked) is shown at the address printed on it.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the record, already in words: `key` names it in the JSON, a row has a cell a column.

    `widths`: of the columns, in hundredths of the page; none: the first is the widest, the others alike.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if len(self.rows) > MOST_ROWS:
            raise ValueError(f"a section of a passport has at most {MOST_ROWS} rows")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row needs a cell for each column")
        if self.widths and (len(self.widths) != len(self.columns) or sum(self.widths) != _WHOLE_WIDTH):
            raise ValueError("every column needs a width, and together they are the page")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassportFacts:
    """A person's record on the day it was taken; sections in the order in which they are printed."""

    number: str
    check_url: str
    holder: str
    issuer: str
    issued_on: date
    issued_at: datetime
    employed_from: date
    employed_to: date | None = None
    signatory: str = ""
    signatory_title: str = ""
    colour: str = DEFAULT_COLOUR
    logo: bytes = b""
    fingerprint: str = ""
    sections: tuple[Section, ...] = field(default=())

    def to_json(self) -> bytes:
        """The record as readable JSON, one list of objects a section; the same facts give the same bytes."""
        stated = {
            "version": 1,
            "number": self.number,
            "check_url": self.check_url,
            "holder": printable(self.holder, limit=LIMITS["holder"]),
            "issuer": printable(self.issuer, limit=LIMITS["issuer"]),
            "issued_on": self.issued_on.isoformat(),
            "issued_at": self.issued_at.astimezone(UTC).isoformat(),
            "employed_from": self.employed_from.isoformat(),
            "employed_to": None if self.employed_to is None else self.employed_to.isoformat(),
            "sections": {
                section.key: [dict(zip(section.columns, row, strict=True)) for row in _cells(section)]
                for section in self.sections
            },
        }
        return (json.dumps(stated, ensure_ascii=False, indent=2) + "\n").encode()


def passport_pdf(facts: PassportFacts, *, renderer: Renderer) -> bytes:
    """The passport as pages of A4, PDF/UA-1 and PDF/A-3a, unsigned, with its JSON inside."""
    assets = {"asset:qr": ("image/svg+xml", qr_svg(facts.check_url))}
    if facts.logo:
        assets["asset:logo"] = ("image/png", printable_logo(facts.logo))
    values = {
        name: printable(getattr(facts, name), limit=LIMITS[name])
        for name in ("holder", "issuer", "signatory", "signatory_title", "fingerprint")
    }
    sections = [
        {
            "title": section.title,
            "columns": section.columns,
            "widths": section.widths,
            "rows": _cells(section),
        }
        for section in facts.sections
    ]
    return renderer.pdf(
        "passport.html",
        {
            "facts": facts,
            "printed": values,
            "sections": sections,
            "groups": number_groups(facts.number),
            "text_colour": text_colour(facts.colour),
        },
        made_at=facts.issued_at,
        identifier=f"passport {facts.number}",
        assets=assets,
        attached=[AttachedFile(FACTS_FILE, facts.to_json(), "The record in this passport", "Data")],
    )


@dataclass(frozen=True, slots=True)
class Award:
    """A certificate that goes into the bundle: the exact bytes issued, and its badge."""

    number: str
    pdf: bytes
    badge: bytes = b""


def passport_bundle(
    facts: PassportFacts, pdf: bytes, awards: Sequence[Award], *, keys: SigningKeys, at: datetime
) -> bytes:
    """The zip a leaver is given; `pdf` is the signed passport. Its signed manifest names every file."""
    files = {
        _PDF: pdf,
        _JSON: facts.to_json(),
        _CERTIFICATE: keys.certificate.public_bytes(Encoding.PEM),
        _RECIPE: _RECIPE_TEXT.format(
            fingerprint=fingerprint(keys.certificate), issued_on=facts.issued_on
        ).encode(),
    }
    for award in awards:
        files[f"certificates/{award.number}.pdf"] = award.pdf
        if award.badge:
            files[f"badges/{award.number}.json"] = award.badge
    manifest = _manifest(facts, files)
    files[_MANIFEST] = manifest
    files[_SIGNATURE] = PdfSeal(keys).signature_beside(manifest, at=at)
    return _zipped(files, at)


def bundle_faults(data: bytes) -> list[str]:
    """Files of a bundle that are missing, added or other than its manifest says; empty when all are as
    listed.

    The manifest's own signature is another question (the recipe in the bundle answers it).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            listed: Mapping[str, str] = json.loads(bundle.read(_MANIFEST))["files"]
            there = {name for name in bundle.namelist() if name not in (_MANIFEST, _SIGNATURE)}
            faults = [f"{name}: missing" for name in listed.keys() - there]
            faults += [f"{name}: not in the manifest" for name in there - listed.keys()]
            faults += [
                f"{name}: changed"
                for name in listed.keys() & there
                if hashlib.sha256(bundle.read(name)).hexdigest() != listed[name]
            ]
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError):
        return ["the file is not a passport bundle"]
    return sorted(faults)


def _manifest(facts: PassportFacts, files: Mapping[str, bytes]) -> bytes:
    stated = {
        "passport": facts.number,
        "issued_at": facts.issued_at.astimezone(UTC).isoformat(),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return (json.dumps(stated, indent=2) + "\n").encode()


def _zipped(files: Mapping[str, bytes], at: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=at.astimezone(UTC).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, files[name])
    return out.getvalue()


def _cells(section: Section) -> list[tuple[str, ...]]:
    return [tuple(printable(cell, limit=LONGEST_CELL) for cell in row) for row in section.rows]
