"""The signature in a PDF: PAdES B-B, certified so that no change at all is allowed; B-T with a time-stamp."""

import asyncio
import io
from datetime import datetime
from typing import Any

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, select_suitable_signing_md
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from skillsmatrix.documents.keys import SigningKeys

# Read aloud as the label of the (invisible) field, and shown in the signature panel.
FIELD_NAME = "Signature of the issuer"

_STAMP_SECONDS = 10

# The signature's envelope holds the certificate and some 700 bytes besides (in the file: twice, as
# hexadecimal). Told in advance, pyHanko need not sign once more to find out; what a stamp takes nobody knows.
_BESIDE_CERTIFICATE = 1000


class PdfSeal:
    """Signs PDFs with one generation of keys; keep it, so that the key is prepared once.

    `timestamper` (pyHanko) adds a trusted time to each signature: B-T. Without it: B-B.
    """

    def __init__(self, keys: SigningKeys, *, timestamper: TimeStamper | None = None) -> None:
        certificate = asn1_x509.Certificate.load(keys.certificate.public_bytes(Encoding.DER))
        private = keys.pdf.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._signer = SimpleSigner(
            signing_cert=certificate,
            signing_key=asn1_keys.PrivateKeyInfo.load(private),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        )
        self._digest = select_suitable_signing_md(certificate.public_key)
        self._timestamper = timestamper
        self._room = None if timestamper else 2 * (len(certificate.dump()) + _BESIDE_CERTIFICATE)

    def signed(self, pdf: bytes, *, issuer: str, reason: str, at: datetime) -> bytes:
        """The same PDF with one invisible certification signature over the whole of it, dated `at`.

        `issuer` and `reason` are shown in the reader's signature panel.
        """
        about = PdfSignatureMetadata(
            field_name=FIELD_NAME,
            md_algorithm=self._digest,
            name=issuer,
            reason=reason,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        signer = _DatedSigner(
            about,
            self._signer,
            timestamper=self._timestamper,
            new_field_spec=SigFieldSpec(FIELD_NAME, on_page=0),
            at=at,
        )
        out: io.BytesIO = signer.sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf)),
            output=io.BytesIO(),
            bytes_reserved=self._room,
        )
        return out.getvalue()

    def signature_beside(self, content: bytes, *, at: datetime) -> bytes:
        """A detached CMS signature (DER) over any content, dated `at`: what `openssl cms -verify` reads."""
        dated = PdfCMSSignedAttributes(signing_time=at)
        signed = asyncio.run(
            self._signer.async_sign_general_data(content, self._digest, signed_attr_settings=dated)
        )
        return bytes(signed.dump())


def authority_at(address: str) -> TimeStamper:
    """The time-stamping authority (RFC 3161) at an address, for `PdfSeal`: asked each time something is
    signed.

    The only thing in these documents that reaches another machine, and only when an address was configured.
    Signing raises OSError or a pyHanko error when the authority cannot be reached or answers otherwise.
    """
    return HTTPTimeStamper(address, timeout=_STAMP_SECONDS)


class _DatedSigner(PdfSigner):
    """Takes the signing time as an argument; pyHanko reads the machine's clock otherwise."""

    def __init__(self, *arguments: Any, at: datetime, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._at = at

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session
