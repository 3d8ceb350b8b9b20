"""The organisation's signing keys: made here, kept in one folder outside the database, and checked at every
start.

Each generation has four keys with one purpose each, so that losing one does not lose the others: the PDF
signature, the two proofs of an open badge, and the checkpoints of the transparency log. The newest generation
signs; every generation still verifies what it signed.
"""

import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

# A certificate of competency is looked at for a working life; the keys themselves are replaced much sooner.
CERTIFICATE_YEARS = 30

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
_GENERATION = re.compile(r"\d{8}T\d{6}Z")
_NAME_LENGTH = 64  # X.520 upper bound of an organisation's and a common name


class KeysRefused(Exception):
    """The keys cannot be used as they are; the message says what to do."""


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """One generation: `certificate` is the self-issued one of `pdf`, `made` its name, sortable by age."""

    made: str
    pdf: EllipticCurvePrivateKey
    certificate: x509.Certificate
    badge_ed25519: Ed25519PrivateKey
    badge_es256: EllipticCurvePrivateKey
    checkpoint: Ed25519PrivateKey

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in pairs: what a reader compares."""
        return fingerprint(self.certificate)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All generations, newest first; never empty."""

    generations: tuple[SigningKeys, ...]

    @property
    def newest(self) -> SigningKeys:
        """The keys that sign."""
        return self.generations[0]

    @property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        """The certificates a signature of ours may come from, newest first."""
        return tuple(keys.certificate for keys in self.generations)


def make_keys(folder: Path, *, issuer: str, at: datetime) -> SigningKeys:
    """Add a generation of keys named after the instant; the folder is made when missing.

    The folder is 0700 and each file 0600. Earlier generations stay and go on verifying. Raises KeysRefused
    when the folder's mode is wrong or that instant already has keys.
    """
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    _require_mode(folder, _FOLDER_MODE)
    made = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    pdf = generate_private_key(SECP256R1())
    certificate = _self_issued(pdf, issuer=issuer, at=at)
    keys = SigningKeys(
        made=made,
        pdf=pdf,
        certificate=certificate,
        badge_ed25519=Ed25519PrivateKey.generate(),
        badge_es256=generate_private_key(SECP256R1()),
        checkpoint=Ed25519PrivateKey.generate(),
    )
    for name in ("badge-ed25519", "badge-es256", "checkpoint", "pdf"):
        key: Ed25519PrivateKey | EllipticCurvePrivateKey = getattr(keys, name.replace("-", "_"))
        _write(
            folder / f"{made}-{name}.pem",
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        )
    # Last, because a generation counts from the moment its certificate is there.
    _write(folder / f"{made}-pdf.crt", certificate.public_bytes(Encoding.PEM))
    return keys


def open_keys(folder: Path) -> KeyRing:
    """Every generation in the folder. Raises KeysRefused when there is none, or a mode or a file is wrong."""
    if not folder.is_dir():
        raise KeysRefused(f"There is no key folder {folder}: make keys first")
    _require_mode(folder, _FOLDER_MODE)
    names = sorted(
        (path.name.removesuffix("-pdf.crt") for path in folder.glob("*-pdf.crt")),
        reverse=True,
    )
    generations = tuple(_read_generation(folder, made) for made in names if _GENERATION.fullmatch(made))
    if not generations:
        raise KeysRefused(f"The key folder {folder} holds no keys: make keys first")
    return KeyRing(generations)


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate as upper-case hexadecimal pairs with colons."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def public_pem(key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> bytes:
    """The public half, as PEM."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private_pem(key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> bytes:
    """The private half as unencrypted PKCS#8 PEM: for a library that wants it so, and for the key folder."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read_generation(folder: Path, made: str) -> SigningKeys:
    def read(name: str) -> bytes:
        path = folder / f"{made}-{name}"
        if not path.is_file():
            raise KeysRefused(f"The key file {path} is missing: restore it from the key backup")
        _require_mode(path, _FILE_MODE)
        return path.read_bytes()

    try:
        certificate = x509.load_pem_x509_certificate(read("pdf.crt"))
        pdf = _elliptic(read("pdf.pem"))
        if certificate.public_key() != pdf.public_key():
            raise KeysRefused(f"Certificate and key of {made} in {folder} do not belong together")
        return SigningKeys(
            made=made,
            pdf=pdf,
            certificate=certificate,
            badge_ed25519=_edwards(read("badge-ed25519.pem")),
            badge_es256=_elliptic(read("badge-es256.pem")),
            checkpoint=_edwards(read("checkpoint.pem")),
        )
    except (ValueError, TypeError) as fault:
        raise KeysRefused(f"A key file of {made} in {folder} cannot be read: {fault}") from fault


def _elliptic(pem: bytes) -> EllipticCurvePrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise TypeError("expected a P-256 key")
    return key


def _edwards(pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("expected an Ed25519 key")
    return key


def _require_mode(path: Path, mode: int) -> None:
    found = path.lstat()
    if stat.S_ISLNK(found.st_mode):
        raise KeysRefused(f"{path} is a link: keys are kept as plain files")
    if stat.S_IMODE(found.st_mode) != mode:
        raise KeysRefused(
            f"{path} has mode {stat.S_IMODE(found.st_mode):04o} and must have {mode:04o}: "
            f"chmod {mode:04o} {path}"
        )
    if found.st_uid != os.geteuid():
        raise KeysRefused(f"{path} belongs to another user of this machine")


def _write(path: Path, content: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    except FileExistsError as fault:
        raise KeysRefused(f"{path} exists already: keys are never overwritten") from fault
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), _FILE_MODE)  # whatever the umask says
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _self_issued(key: EllipticCurvePrivateKey, *, issuer: str, at: datetime) -> x509.Certificate:
    short = issuer.encode("utf-8", "replace").decode()[:_NAME_LENGTH] or "Issuer"
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, short),
            x509.NameAttribute(NameOID.COMMON_NAME, "Certificates of competency"),
        ]
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))  # a verifier's clock may be behind
        .not_valid_after(at + timedelta(days=CERTIFICATE_YEARS * 365))
    )
    for extension_value, critical in (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_SIGNING_ONLY, True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
    ):
        builder = builder.add_extension(extension_value, critical)
    return builder.sign(key, hashes.SHA256())


_SIGNING_ONLY = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
