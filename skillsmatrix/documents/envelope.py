"""The part of a signed file that no signature protects: the signature's own envelope.

Padding, letter case, version numbers, lists of algorithms and certificates can be changed without the
signature noticing. So the envelope is built again from what is protected, and has to come out the same to the
last byte.
"""

import re
from collections.abc import Collection
from typing import Any

from asn1crypto import cms, core  # type: ignore[import-untyped]


def is_as_written(data: bytes, signature: Any, *, timestamp_path: Collection[bytes]) -> bool:
    """Whether the gap in the file that holds the signature holds it as we write it, and nothing else.

    `signature` is pyHanko's embedded signature, found valid. `timestamp_path`: the certificates its
    time-stamp was traced through (DER); the stamp may carry no others.
    """
    start, end = signature.byte_range[1], signature.byte_range[2]
    hexadecimal = re.fullmatch(rb"<((?:[0-9A-F]{2})+)>", data[start:end])
    if hexadecimal is None or signature.byte_range[0] != 0:
        return False
    written = bytes.fromhex(hexadecimal[1].decode())
    unsigned = signature.signer_info["unsigned_attrs"]
    if not isinstance(unsigned, core.Void) and not _is_one_plain_stamp(unsigned, timestamp_path):
        return False
    return written == _rebuilt(signature.signer_info, signature.signer_cert).ljust(len(written), b"\0")


def _rebuilt(found: Any, certificate: Any) -> bytes:
    """The envelope that pyHanko writes around these attributes, this signature and this certificate."""
    digest = cms.DigestAlgorithm({"algorithm": "sha256"})
    serial = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(serial)}),
        "digest_algorithm": digest,
        "signature_algorithm": cms.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        "signed_attrs": found["signed_attrs"],
        "signature": found["signature"].native,
    }
    if not isinstance(found["unsigned_attrs"], core.Void):
        signer["unsigned_attrs"] = found["unsigned_attrs"]
    signed = {
        "version": "v1",
        "digest_algorithms": cms.DigestAlgorithms([digest]),
        "encap_content_info": {"content_type": "data"},
        "certificates": [certificate],
        "signer_infos": [cms.SignerInfo(signer)],
    }
    content = {"content_type": "signed_data", "content": cms.SignedData(signed)}
    return bytes(cms.ContentInfo(content).dump())


def _is_one_plain_stamp(attributes: Any, path: Collection[bytes]) -> bool:
    """One time-stamp token and nothing else, with nothing in it but what its authority protected."""
    if [attribute["type"].native for attribute in attributes] != ["signature_time_stamp_token"]:
        return False
    values = attributes[0]["values"]
    if len(values) != 1 or values[0]["content_type"].native != "signed_data":
        return False
    token = values[0]["content"]
    if len(token["signer_infos"]) != 1:
        return False
    stamper = token["signer_infos"][0]
    return (
        token["version"].native == "v3"
        and stamper["version"].native == "v1"
        and isinstance(stamper["unsigned_attrs"], core.Void)
        and isinstance(token["crls"], core.Void)
        and [one.dump() for one in token["digest_algorithms"]] == [stamper["digest_algorithm"].dump()]
        and all(certificate.chosen.dump() in path for certificate in token["certificates"])
    )
