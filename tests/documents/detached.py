"""A detached signature judged without the library that made it: RFC 5652, sections 5.4 and 5.6, by hand."""

import hashlib

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def stands(beside: bytes, content: bytes, certificate: x509.Certificate) -> bool:
    """Whether the signature beside the content was made over it by the key of the certificate."""
    signer = cms.ContentInfo.load(beside)["content"]["signer_infos"][0]
    digests = {each["type"].native: each["values"][0].native for each in signer["signed_attrs"]}
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    try:
        key.verify(
            signer["signature"].native, signer["signed_attrs"].untag().dump(), ec.ECDSA(hashes.SHA256())
        )
    except InvalidSignature:
        return False
    return bool(digests["message_digest"] == hashlib.sha256(content).digest())
