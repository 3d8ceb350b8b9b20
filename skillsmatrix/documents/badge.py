"""The same award as an Open Badges 3.0 credential, and the list that says which credentials were revoked.

Two proofs of one credential: a Data Integrity proof (Ed25519, eddsa-rdfc-2022), which travels inside the PDF,
and a JWT (ES256) for readers that know only those. The holder is an opaque identifier, never an address.
Contexts come out of the library's own package: nothing is fetched.
"""

import base64
import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.keys import public_jwk_from_pem
from openbadgeslib.ob3 import (
    Achievement,
    Issuer,
    OB3LdpSigner,
    OB3LdpVerifier,
    OB3Signer,
    OB3Verifier,
    OpenBadgeCredential,
    add_data_integrity_proof,
    build_did_document,
    build_status_list_credential,
    decode_encoded_list,
    did_key_from_pem,
    did_web_from_url,
    status_entry,
    verify_data_integrity_proof,
)

from skillsmatrix.documents.facts import CertificateFacts
from skillsmatrix.documents.keys import KeyRing, SigningKeys, private_pem, public_pem
from skillsmatrix.documents.wording import long_day

# W3C Bitstring Status List 1.0, section 6.1: so many entries that one look-up does not say who is being
# checked.
STATUS_LIST_SIZE = 131_072

_LONDON = ZoneInfo("Europe/London")


class BadgeRefused(ValueError):
    """The credential is not genuine, or cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """Where the credential's bits are: the address of each list, and the random index, never used again."""

    revocation_list: str
    suspension_list: str
    index: int

    def __post_init__(self) -> None:
        if not 0 <= self.index < STATUS_LIST_SIZE:
            raise ValueError(f"the index must be below {STATUS_LIST_SIZE}")


@dataclass(frozen=True, slots=True)
class BadgeIssuer:
    """Who issues: `did` under which the keys are published, and the address people may visit."""

    did: str
    name: str
    url: str


def issuer_did(public_url: str, keys: SigningKeys) -> str:
    """did:web of the public address. Without https there is nothing to vouch for it: did:key of the keys."""
    if public_url.startswith("https://"):
        return str(did_web_from_url(public_url))
    return str(did_key_from_pem(public_pem(keys.badge_ed25519)))


def did_document(did: str, ring: KeyRing) -> dict[str, Any]:
    """What is served at the did:web address: every generation's public keys, newest first."""
    methods = [
        (f"{kind}-{keys.made}", public_jwk_from_pem(public_pem(key)))
        for keys in ring.generations
        for kind, key in (("ed25519", keys.badge_ed25519), ("es256", keys.badge_es256))
    ]
    document: dict[str, Any] = build_did_document(did, methods)
    return document


def verification_method(did: str, keys: SigningKeys) -> str:
    """The name of the Ed25519 key under which a proof is made."""
    if did.startswith("did:key:"):
        return f"{did}#{did.removeprefix('did:key:')}"
    return f"{did}#ed25519-{keys.made}"


class BadgeMaker:
    """Makes credentials with one generation of keys; keep it, so that the keys are prepared once."""

    def __init__(self, issuer: BadgeIssuer, keys: SigningKeys) -> None:
        self._issuer = issuer
        self._linked = OB3LdpSigner(private_pem(keys.badge_ed25519), verification_method(issuer.did, keys))
        self._web_token = OB3Signer(private_pem(keys.badge_es256), algorithm="ES256")

    def linked_data(self, facts: CertificateFacts, status: StatusPlace) -> bytes:
        """The credential with its Data Integrity proof as JSON; the same facts give the same bytes."""
        try:
            signed = self._linked.sign(self._credential(facts, status), created=facts.issued_at)
        except LibOpenBadgesException as fault:
            raise BadgeRefused(str(fault)) from fault
        return json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def web_token(self, facts: CertificateFacts, status: StatusPlace) -> str:
        """The credential as a compact JWT."""
        return str(self._web_token.sign(self._credential(facts, status)))

    def status_list(
        self, *, url: str, purpose: str, indices: Iterable[int], at: datetime, valid_days: int = 7
    ) -> bytes:
        """A signed status list: `purpose` revocation or suspension, the bits at `indices` set.

        Dated `at` and stale after `valid_days`, so that an old list cannot be shown for a new one for long.
        """
        document = build_status_list_credential(
            self._issuer.did,
            url,
            purpose,
            (),
            STATUS_LIST_SIZE,
            issued=at,
            valid_until=at + timedelta(days=valid_days),
        )
        document["credentialSubject"]["encodedList"] = _encoded(indices)
        signed = add_data_integrity_proof(
            document, self._linked.privkey_pem, self._linked.verification_method, created=at
        )
        return json.dumps(signed, sort_keys=True, separators=(",", ":")).encode()

    def _credential(self, facts: CertificateFacts, status: StatusPlace) -> OpenBadgeCredential:
        printed = facts.as_printed()
        return OpenBadgeCredential(
            id=printed.check_url,
            issuer=Issuer(id=self._issuer.did, name=printed.issuer, url=self._issuer.url),
            recipient_id=printed.subject,
            achievement=_achievement(printed, self._issuer.url),
            name=printed.competency_title,
            issuance_date=facts.issued_at,
            expiration_date=None if facts.valid_to is None else _end_of(facts.valid_to),
            credential_status=[
                status_entry(status.revocation_list, "revocation", status.index),
                status_entry(status.suspension_list, "suspension", status.index),
            ],
        )


def verify_linked_data(document: bytes, *, ring: KeyRing) -> Mapping[str, Any]:
    """The credential when one of our keys made its proof, within its dates. Raises BadgeRefused otherwise."""
    reason = "no key of ours made this proof"
    for keys in ring.generations:
        try:
            OB3LdpVerifier(pubkey_pem=public_pem(keys.badge_ed25519)).verify(document)
        except LibOpenBadgesException as fault:
            reason = str(fault)
            continue
        credential: Mapping[str, Any] = json.loads(document)
        return credential
    raise BadgeRefused(reason)


def verify_web_token(token: str, *, ring: KeyRing) -> Mapping[str, Any]:
    """The credential in the JWT when one of our keys signed it. Raises BadgeRefused otherwise."""
    reason = "no key of ours signed this token"
    for keys in ring.generations:
        try:
            credential = OB3Verifier(pubkey_pem=public_pem(keys.badge_es256)).verify(token)
        except LibOpenBadgesException as fault:
            reason = str(fault)
            continue
        found: Mapping[str, Any] = credential.to_vc()
        return found
    raise BadgeRefused(reason)


def status_of(document: bytes, index: int, *, ring: KeyRing) -> bool:
    """Whether the bit at `index` of a status list is set. Raises BadgeRefused when the list is not ours."""
    listed = json.loads(document)
    for keys in ring.generations:
        try:
            verify_data_integrity_proof(listed, public_pem(keys.badge_ed25519))
        except LibOpenBadgesException:
            continue
        bits: bytes = decode_encoded_list(listed["credentialSubject"]["encodedList"])
        return bool(bits[index // 8] & 0x80 >> index % 8)
    raise BadgeRefused("the status list was not made with a key of ours")


def _achievement(printed: CertificateFacts, url: str) -> Achievement:
    criteria = [f"Holds the competency at level {printed.level}."]
    if printed.learning_completed_on:
        criteria.append(f"Learning completed on {long_day(printed.learning_completed_on)}.")
    if printed.assessed_on:
        criteria.append(f"Assessed in practice on {long_day(printed.assessed_on)}.")
    if printed.boundary:
        criteria.append(f"Boundary: {printed.boundary}")
    return Achievement(
        id=f"{url.rstrip('/')}/competencies/{quote(printed.competency_code, safe='')}/level/{printed.level}",
        name=printed.competency_title,
        description=printed.may_do or printed.competency_title,
        criteria_narrative=" ".join(criteria),
        achievement_type="Competency",
    )


def _end_of(day: date) -> datetime:
    """The last second of a London day, in UTC: the credential counts on the whole of it."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=_LONDON).astimezone(UTC)


def _encoded(indices: Iterable[int]) -> str:
    # The library's own encoder writes the machine's clock into the compressed bytes.
    bits = bytearray(STATUS_LIST_SIZE // 8)
    for index in indices:
        if not 0 <= index < STATUS_LIST_SIZE:
            raise ValueError(f"the index must be below {STATUS_LIST_SIZE}")
        bits[index // 8] |= 0x80 >> index % 8
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode().rstrip("=")
