"""Is this PDF exactly what one of our keys signed? Answered from the file and our certificates alone."""

import io
import json
from collections.abc import Collection, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from asn1crypto import x509 as asn1_x509  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from skillsmatrix.documents.certificate import FACTS_FILE
from skillsmatrix.documents.envelope import is_as_written
from skillsmatrix.documents.keys import fingerprint

# A certificate has about 35 kB and a passport a few hundred; a larger file is none of ours.
MOST_BYTES = 20_000_000

_OPENING = b"%PDF-1.7\n"


class Genuineness(StrEnum):
    """What the file turned out to be. Only GENUINE may ever be shown as good."""

    GENUINE = "genuine"
    CHANGED = "changed_after_signing"
    APPENDED = "appended_revision"
    UNKNOWN_KEY = "unknown_key"
    ANOTHER_FILE = "another_files_signature"
    SEVERAL = "several_signatures"
    NO_SIGNATURE = "no_signature"
    NOT_A_PDF = "not_a_pdf"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer, why, and what a genuine file says.

    `facts` is the attached JSON, `fingerprint` the signer's certificate, `signed_at` what the signer's clock
    said; all three only when genuine. `digest` is the SHA-256 that the signature was made over, as
    hexadecimal, whenever there is one of ours to read: the number it was issued under can be looked up by it.
    Of a changed file, `content_digest` is that of what it holds now, and `claimed_number` the number that it
    says it has; neither is to be believed.
    """

    genuineness: Genuineness
    reason: str
    facts: bytes = b""
    fingerprint: str = ""
    signed_at: datetime | None = None
    digest: str = ""
    content_digest: str = ""
    claimed_number: str = ""

    @property
    def is_genuine(self) -> bool:
        """True for exactly one outcome."""
        return self.genuineness is Genuineness.GENUINE


def verify_pdf(
    data: bytes,
    *,
    trusted_certificates: Sequence[x509.Certificate],
    at: datetime,
    timestamp_certificates: Sequence[x509.Certificate] = (),
    other_digests: Collection[str] = (),
) -> Verification:
    """Judge the bytes of a file; never raises, whatever they are.

    Genuine means: one signature, covering every byte of the file, certified "no changes", valid, and made
    with a key whose certificate is one of `trusted_certificates`. `at`: the instant to judge at.
    `timestamp_certificates`: every certificate that the time-stamping authority sends; a stamped file is not
    genuine without them.
    `other_digests`: digests (`Verification.digest`) of the certificates issued, so that a signature lifted
    out of one of them is recognised as such.
    """
    if len(data) > MOST_BYTES:
        return _not(Genuineness.TOO_LARGE, "The file is larger than any document we issue")
    if b"%PDF-" not in data[:1024]:
        return _not(Genuineness.NOT_A_PDF, "The file is not a PDF")
    try:
        return _judged(data, trusted_certificates, at, timestamp_certificates, other_digests)
    except Exception as fault:  # noqa: BLE001 - damaged bytes raise anything at all
        if b"/ByteRange" in data:
            return _not(Genuineness.CHANGED, f"The file is damaged or was changed ({type(fault).__name__})")
        return _not(Genuineness.NOT_A_PDF, "The file cannot be read as a PDF")


def _judged(
    data: bytes,
    trusted: Sequence[x509.Certificate],
    at: datetime,
    stampers: Sequence[x509.Certificate],
    other_digests: Collection[str],
) -> Verification:
    reader = PdfFileReader(io.BytesIO(data))
    signatures = reader.embedded_signatures
    if not signatures:
        return _not(Genuineness.NO_SIGNATURE, "The file carries no signature")
    if len(signatures) > 1:
        return _not(Genuineness.SEVERAL, "The file carries more than one signature; ours carry exactly one")
    signature = signatures[0]
    ours = {certificate.public_bytes(Encoding.DER): certificate for certificate in trusted}
    signer = ours.get(signature.signer_cert.dump())
    if signer is None:
        return _not(Genuineness.UNKNOWN_KEY, "The file was signed with a key that is not ours")
    status = _at_once(async_validate_pdf_signature(signature, _context([signer], at), _context(stampers, at)))
    digest = _claimed_digest(signature)
    if not status.intact:
        if digest != signature.compute_digest().hex() and digest in other_digests:
            return _not(Genuineness.ANOTHER_FILE, "The signature belongs to another file", digest=digest)
        return Verification(
            Genuineness.CHANGED,
            "The content was changed after it was signed",
            digest=digest,
            content_digest=signature.compute_digest().hex(),
            claimed_number=_claimed_number(reader),
        )
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return _not(
            Genuineness.APPENDED, "Something was added to the file after it was signed", digest=digest
        )
    fault = _fault(data, status, signature)
    if fault:
        return _not(Genuineness.CHANGED, fault, digest=digest)
    return Verification(
        Genuineness.GENUINE,
        "Exactly the file that was signed",
        facts=_attached_facts(reader),
        fingerprint=fingerprint(signer),
        signed_at=signature.self_reported_timestamp,
        digest=digest,
    )


def _fault(data: bytes, status: Any, signature: Any) -> str:
    """Why an intact signature over the whole file is not good enough after all; empty when it is."""
    if not status.bottom_line:
        return "The signature is not valid"
    if signature.docmdp_level is not MDPPerm.NO_CHANGES:
        return "The file was not certified against changes"
    if not data.startswith(_OPENING):
        return "The file does not begin as ours do"
    if not is_as_written(data, signature, timestamp_path=_path_of(status.timestamp_validity)):
        return "The signature was altered where it does not protect itself"
    return ""


def _context(certificates: Sequence[x509.Certificate], at: datetime) -> ValidationContext:
    # Roots are the certificates themselves. Nothing is fetched: there is no authority to ask.
    return ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates],
        allow_fetching=False,
        moment=at,
    )


def _at_once(judging: Coroutine[Any, Any, PdfSignatureStatus]) -> PdfSignatureStatus:
    """The end of a coroutine that waits for nothing, for nothing is fetched: no event loop, no socket."""
    try:
        judging.send(None)
    except StopIteration as ended:
        found: PdfSignatureStatus = ended.value
        return found
    judging.close()
    raise RuntimeError("the check wanted to wait for something outside the file")


def _path_of(timestamp: Any) -> Collection[bytes]:
    """The certificates that a valid time-stamp was traced through, each as DER."""
    if timestamp is None or timestamp.validation_path is None:
        return ()
    return {certificate.dump() for certificate in timestamp.validation_path}


def _claimed_digest(signature: Any) -> str:
    for attribute in signature.signer_info["signed_attrs"]:
        if attribute["type"].native == "message_digest":
            return bytes(attribute["values"][0].native).hex()
    return ""


def _attached_facts(reader: PdfFileReader) -> bytes:
    names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    for place in range(0, len(names), 2):
        if str(names[place]) == FACTS_FILE:
            return bytes(names[place + 1]["/EF"]["/F"].data)
    return b""


def _claimed_number(reader: PdfFileReader) -> str:
    """The number in the facts of a file that is not genuine; empty when there is none to read."""
    try:
        return str(json.loads(_attached_facts(reader))["number"])[:100]
    except Exception:  # noqa: BLE001 - damaged bytes raise anything at all
        return ""


def _not(genuineness: Genuineness, reason: str, *, digest: str = "") -> Verification:
    return Verification(genuineness, reason, digest=digest)
