import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from skillsmatrix.documents.keys import KeyRing
from skillsmatrix.documents.signing import FIELD_NAME, PdfSeal, authority_at
from skillsmatrix.documents.verifying import Genuineness, verify_pdf
from tests.documents.builders import AT
from tests.documents.detached import stands


def test_pdfsig_finds_one_valid_signature_over_the_whole_file(
    signed_certificate: bytes, tmp_path: Path
) -> None:
    (tmp_path / "c.pdf").write_bytes(signed_certificate)

    told = subprocess.run(
        ["pdfsig", "-nocert", "c.pdf"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert "Signature is Valid" in told.stdout
    assert "Total document signed" in told.stdout
    assert "ETSI.CAdES.detached" in told.stdout
    assert "Jun 02 2025" in told.stdout
    assert told.stdout.count("Signature #") == 1


def test_the_field_is_certified_against_any_change_and_has_a_readable_name(signed_certificate: bytes) -> None:
    with pikepdf.open(BytesIO(signed_certificate)) as document:
        field = document.Root.AcroForm.Fields[0]
        transform = document.Root.Perms.DocMDP.Reference[0].TransformParams

        assert str(field.T) == FIELD_NAME
        assert [float(side) for side in field.Rect] == [0, 0, 0, 0]
        assert int(transform.P) == 1
        assert str(field.V.Name) == "Brightwater Supported Housing"


@pytest.fixture(scope="module")
def stamper() -> tuple[DummyTimeStamper, x509.Certificate]:
    """A time-stamping authority that lives in this process."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(AT - timedelta(days=1)).not_valid_after(AT + timedelta(days=4000))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        fixed_dt=AT,
    )
    return stamper, certificate


def test_with_an_authority_the_signature_carries_a_trusted_time(
    ring: KeyRing,
    signed_certificate: bytes,
    renderer: object,
    stamper: tuple[DummyTimeStamper, x509.Certificate],
) -> None:
    authority, certificate = stamper
    unsigned = _unsigned(signed_certificate)

    stamped = PdfSeal(ring.newest, timestamper=authority).signed(unsigned, issuer="B", reason="r", at=AT)

    def judged(authorities: list[x509.Certificate]) -> Genuineness:
        return verify_pdf(
            stamped, trusted_certificates=ring.certificates, at=AT, timestamp_certificates=authorities
        ).genuineness

    assert judged([certificate]) is Genuineness.GENUINE
    assert judged([]) is not Genuineness.GENUINE
    assert len(stamped) > len(signed_certificate) + 2000
    start = stamped.index(b"/Contents <") + 11
    token = stamped.index(b"060B2A864886F70D010910020E", start)  # the attribute that holds the stamp
    passed = []
    for place in range(token - 8, token + 2820, 7):
        changed = (
            stamped[:place] + (b"1" if stamped[place : place + 1] == b"0" else b"0") + stamped[place + 1 :]
        )
        found = verify_pdf(
            changed, trusted_certificates=ring.certificates, at=AT, timestamp_certificates=[certificate]
        )
        passed += [place] if found.is_genuine else []
    assert passed == []


def test_an_authority_is_asked_over_http(
    ring: KeyRing, signed_certificate: bytes, stamper: tuple[DummyTimeStamper, x509.Certificate]
) -> None:
    with _serving(stamper[0]) as address:
        seal = PdfSeal(ring.newest, timestamper=authority_at(address))
        stamped = seal.signed(_unsigned(signed_certificate), issuer="B", reason="r", at=AT)

    found = verify_pdf(
        stamped, trusted_certificates=ring.certificates, at=AT, timestamp_certificates=[stamper[1]]
    )
    assert found.is_genuine


@contextmanager
def _serving(stamper: DummyTimeStamper) -> Iterator[str]:
    class Authority(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Authority) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def _unsigned(signed: bytes) -> bytes:
    """The first revision, up to its end mark."""
    return signed[: signed.index(b"%%EOF\n") + 6]


def test_a_stamped_certificate_keeps_both_standards(
    ring: KeyRing, signed_certificate: bytes, faults, stamper: tuple[DummyTimeStamper, x509.Certificate]
) -> None:
    stamped = PdfSeal(ring.newest, timestamper=stamper[0]).signed(
        _unsigned(signed_certificate), issuer="B", reason="r", at=AT
    )

    assert faults(stamped) == []


def test_the_certificate_of_the_issuer_verifies_a_detached_signature(
    seal: PdfSeal, ring: KeyRing, tmp_path: Path
) -> None:
    beside = seal.signature_beside(b"listed", at=AT)
    certificate = ring.newest.certificate

    assert stands(beside, b"listed", certificate)
    assert not stands(beside, b"Listed", certificate)
    assert not stands(beside[:-1] + bytes([beside[-1] ^ 1]), b"listed", certificate)
    if shutil.which("openssl"):  # the tool that the recipe in a passport names agrees
        (tmp_path / "list.p7s").write_bytes(beside)
        (tmp_path / "issuer.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        assert [openssl_says(tmp_path, content) for content in (b"listed", b"Listed")] == [True, False]


def openssl_says(folder: Path, content: bytes) -> bool:
    (folder / "list").write_bytes(content)
    command = (
        "openssl cms -verify -binary -inform DER -in list.p7s -content list -CAfile issuer.pem -purpose any"
    )
    return subprocess.run(command.split(), cwd=folder, capture_output=True, check=False).returncode == 0


def test_signing_does_not_read_the_machines_clock(seal: PdfSeal, signed_certificate: bytes) -> None:
    then = seal.signed(_unsigned(signed_certificate), issuer="B", reason="r", at=AT.replace(year=2001))

    with pikepdf.open(BytesIO(then)) as document:
        assert str(document.Root.AcroForm.Fields[0].V.M) == "D:20010602093000Z"
