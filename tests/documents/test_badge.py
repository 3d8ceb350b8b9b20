import base64
import gzip
import json
from datetime import date
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from skillsmatrix.documents.badge import (
    STATUS_LIST_SIZE,
    BadgeIssuer,
    BadgeMaker,
    BadgeRefused,
    StatusPlace,
    did_document,
    issuer_did,
    status_of,
    verify_linked_data,
    verify_web_token,
)
from skillsmatrix.documents.keys import KeyRing, make_keys, open_keys, public_pem
from tests.documents.builders import AT, CHECK_URL, certificate_facts

ISSUER = BadgeIssuer(
    "did:web:skills.example.org", "Brightwater Supported Housing", "https://skills.example.org"
)
PLACE = StatusPlace(
    "https://skills.example.org/status/revocation/1", "https://skills.example.org/status/suspension/1", 77_777
)


@pytest.fixture
def maker(ring: KeyRing) -> BadgeMaker:
    return BadgeMaker(ISSUER, ring.newest)


def test_the_credential_says_what_the_certificate_says(maker: BadgeMaker) -> None:
    badge = json.loads(maker.linked_data(certificate_facts(), PLACE))

    assert badge["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert badge["id"] == CHECK_URL
    assert badge["issuer"]["id"] == ISSUER.did
    assert badge["validUntil"] == "2099-02-28T23:59:59Z"
    achievement = badge["credentialSubject"]["achievement"]
    assert achievement["name"] == "Administration of medicines in supported housing"
    assert "level 2" in achievement["criteria"]["narrative"]
    assert "controlled drugs" in achievement["criteria"]["narrative"]
    assert badge["proof"]["cryptosuite"] == "eddsa-rdfc-2022"


def test_the_last_day_counts_to_its_london_midnight_in_summer(maker: BadgeMaker) -> None:
    badge = json.loads(maker.linked_data(certificate_facts(valid_to=date(2098, 7, 31)), PLACE))

    assert badge["validUntil"] == "2098-07-31T22:59:59Z"


def test_a_certificate_without_an_end_gives_a_badge_without_one(maker: BadgeMaker) -> None:
    assert "validUntil" not in json.loads(maker.linked_data(certificate_facts(valid_to=None), PLACE))


def test_the_holder_is_an_opaque_identifier_and_nothing_else(maker: BadgeMaker) -> None:
    facts = certificate_facts()
    for badge in (
        maker.linked_data(facts, PLACE).decode(),
        json.dumps(_payload(maker.web_token(facts, PLACE))),
    ):
        assert facts.subject in badge
        assert "Okafor" not in badge
        assert "@example" not in badge


def _payload(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def test_the_same_facts_give_the_same_badge(maker: BadgeMaker, ring: KeyRing) -> None:
    again = BadgeMaker(ISSUER, ring.newest)

    assert maker.linked_data(certificate_facts(), PLACE) == again.linked_data(certificate_facts(), PLACE)


def test_both_proofs_verify_with_our_keys_and_with_no_others(
    maker: BadgeMaker, ring: KeyRing, tmp_path: Any
) -> None:
    facts = certificate_facts()
    make_keys(tmp_path / "theirs", issuer="Brightwater", at=AT)
    theirs = open_keys(tmp_path / "theirs")

    assert verify_linked_data(maker.linked_data(facts, PLACE), ring=ring)["id"] == CHECK_URL
    assert verify_web_token(maker.web_token(facts, PLACE), ring=ring)["id"] == CHECK_URL
    with pytest.raises(BadgeRefused):
        verify_linked_data(maker.linked_data(facts, PLACE), ring=theirs)
    with pytest.raises(BadgeRefused):
        verify_web_token(maker.web_token(facts, PLACE), ring=theirs)


def test_the_token_verifies_with_another_library_too(maker: BadgeMaker, ring: KeyRing) -> None:
    token = maker.web_token(certificate_facts(), PLACE)
    key: Any = load_pem_public_key(public_pem(ring.newest.badge_es256))

    claims = jwt.decode(token, key, algorithms=["ES256"], options={"verify_aud": False})

    assert claims["jti"] == CHECK_URL
    assert claims["iss"] == ISSUER.did
    assert claims["sub"] == certificate_facts().subject


@pytest.mark.parametrize("place", ["name", "validFrom", "validUntil", "id"])
def test_a_changed_credential_is_refused(place: str, maker: BadgeMaker, ring: KeyRing) -> None:
    badge = json.loads(maker.linked_data(certificate_facts(), PLACE))
    badge[place] = {"validFrom": "2024-01-01T00:00:00Z", "validUntil": "2199-01-01T00:00:00Z"}.get(
        place, "urn:x:y"
    )

    with pytest.raises(BadgeRefused):
        verify_linked_data(json.dumps(badge).encode(), ring=ring)


def test_a_badge_past_its_end_is_refused(maker: BadgeMaker, ring: KeyRing) -> None:
    facts = certificate_facts(valid_to=date(2025, 6, 3))

    with pytest.raises(BadgeRefused):
        verify_linked_data(maker.linked_data(facts, PLACE), ring=ring)
    with pytest.raises(BadgeRefused):
        verify_web_token(maker.web_token(facts, PLACE), ring=ring)


@pytest.mark.parametrize("junk", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"proof":1}'])
def test_what_is_no_credential_is_refused(junk: bytes, ring: KeyRing) -> None:
    with pytest.raises(BadgeRefused):
        verify_linked_data(junk, ring=ring)
    with pytest.raises(BadgeRefused):
        verify_web_token(junk.decode("latin-1"), ring=ring)


def test_the_status_list_hides_who_is_being_checked_and_says_who_was_revoked(
    maker: BadgeMaker, ring: KeyRing
) -> None:
    document = maker.status_list(url=PLACE.revocation_list, purpose="revocation", indices=[0, 77_777], at=AT)

    asked = (0, 1, 77_776, 77_777, STATUS_LIST_SIZE - 1)
    assert [index for index in asked if status_of(document, index, ring=ring)] == [0, 77_777]
    packed = json.loads(document)["credentialSubject"]["encodedList"].removeprefix("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    assert len(bits) * 8 == 131_072
    assert document == maker.status_list(
        url=PLACE.revocation_list, purpose="revocation", indices=[77_777, 0], at=AT
    )


def test_a_status_list_of_somebody_else_is_refused(maker: BadgeMaker, ring: KeyRing) -> None:
    document = json.loads(
        maker.status_list(url=PLACE.revocation_list, purpose="revocation", indices=[], at=AT)
    )
    document["credentialSubject"]["statusPurpose"] = "suspension"

    with pytest.raises(BadgeRefused):
        status_of(json.dumps(document).encode(), 5, ring=ring)


def test_an_index_outside_the_list_is_refused(maker: BadgeMaker) -> None:
    with pytest.raises(ValueError, match="below"):
        maker.status_list(url=PLACE.revocation_list, purpose="revocation", indices=[STATUS_LIST_SIZE], at=AT)
    with pytest.raises(ValueError, match="below"):
        StatusPlace("https://x.example/a", "https://x.example/b", -1)


def test_the_did_document_names_every_generation_of_keys(tmp_path: Any) -> None:
    make_keys(tmp_path / "keys", issuer="B", at=AT)
    make_keys(tmp_path / "keys", issuer="B", at=AT.replace(year=2026))
    ring = open_keys(tmp_path / "keys")

    document = did_document(issuer_did("https://skills.example.org", ring.newest), ring)

    assert document["id"] == "did:web:skills.example.org"
    assert [method["id"].partition("#")[2] for method in document["verificationMethod"]] == [
        "ed25519-20260602T093000Z", "es256-20260602T093000Z",
        "ed25519-20250602T093000Z", "es256-20250602T093000Z",
    ]  # fmt: skip
    assert all("d" not in method["publicKeyJwk"] for method in document["verificationMethod"])


def test_without_https_the_keys_vouch_for_themselves(ring: KeyRing) -> None:
    did = issuer_did("http://127.0.0.1:8000", ring.newest)
    facts = certificate_facts(check_url="http://127.0.0.1:8000/verify/X")

    badge = BadgeMaker(BadgeIssuer(did, "B", "http://127.0.0.1:8000"), ring.newest).linked_data(facts, PLACE)

    assert did.startswith("did:key:z6Mk")
    assert verify_linked_data(badge, ring=ring)["issuer"]["id"] == did


def test_awkward_text_still_makes_a_badge_that_verifies(maker: BadgeMaker, ring: KeyRing) -> None:
    for text in ("a\u202eb\x00 <b>", "\ud800", "علی‌رضا", "😀", '"quoted" \\ back', "W" * 50_000, ""):
        facts = certificate_facts(
            competency_title=text or "t", competency_code=text, boundary=text, may_do=text, issuer=text or "i"
        )

        assert verify_linked_data(maker.linked_data(facts, PLACE), ring=ring)
