import base64
import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from skillsmatrix.documents.checkpoint import (
    Checkpoint,
    CheckpointRefused,
    checkpoint_line,
    read_checkpoint,
    signed_checkpoint,
)
from skillsmatrix.documents.facts import LIMITS
from tests.documents.builders import AT

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN = "skills.example.org/certificates"
THEN = Checkpoint(ORIGIN, 12_408, hashlib.sha256(b"root").digest(), AT, chain=b"\x01" * 32)


def test_a_checkpoint_comes_back_as_it_was_signed() -> None:
    text = signed_checkpoint(THEN, KEY)

    assert read_checkpoint(text, origin=ORIGIN, keys=[KEY.public_key()]) == THEN
    assert text == signed_checkpoint(THEN, KEY)


def test_the_text_is_a_signed_note_that_others_can_read() -> None:
    lines = signed_checkpoint(THEN, KEY).split("\n")

    assert lines[:3] == [ORIGIN, "12408", base64.b64encode(THEN.root).decode()]
    assert lines[3:6] == ["time 2025-06-02T09:30:00+00:00", "audit " + "01" * 32, ""]
    dash, name, signature = lines[6].split(" ")
    raw = base64.b64decode(signature)
    key = KEY.public_key()
    assert (dash, name) == ("\u2014", ORIGIN)
    assert raw[:4] == hashlib.sha256(name.encode() + b"\n\x01" + key.public_bytes_raw()).digest()[:4]
    key.verify(raw[4:], "\n".join([*lines[:5], ""]).encode())


def test_signatures_of_witnesses_beside_ours_do_no_harm() -> None:
    text = signed_checkpoint(THEN, KEY) + "\u2014 witness.example abcdabcd\n"

    assert read_checkpoint(text, origin=ORIGIN, keys=[KEY.public_key()]) == THEN


def test_each_changed_character_is_refused() -> None:
    text = signed_checkpoint(THEN, KEY)

    for place in range(len(text) - 1):
        changed = text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]
        with pytest.raises(CheckpointRefused):
            read_checkpoint(changed, origin=ORIGIN, keys=[KEY.public_key()])


@pytest.mark.parametrize(
    "text", ["", "\n\n", "a\n\nb", "x" * 20_000, ORIGIN + "\n1\n\n\u2014 " + ORIGIN + " !!!\n"]
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(CheckpointRefused):
        read_checkpoint(text, origin=ORIGIN, keys=[KEY.public_key()])


def test_another_key_and_another_log_are_refused() -> None:
    text = signed_checkpoint(THEN, KEY)
    other = signed_checkpoint(replace(THEN, origin="elsewhere.example/log"), KEY)

    with pytest.raises(CheckpointRefused):
        read_checkpoint(text, origin=ORIGIN, keys=[Ed25519PrivateKey.generate().public_key()])
    with pytest.raises(CheckpointRefused):
        read_checkpoint(other, origin=ORIGIN, keys=[KEY.public_key()])


def test_a_signed_text_that_is_no_checkpoint_is_refused() -> None:
    body = f"{ORIGIN}\nmany\n"
    key_id = hashlib.sha256(ORIGIN.encode() + b"\n\x01" + KEY.public_key().public_bytes_raw()).digest()[:4]
    signature = base64.b64encode(key_id + KEY.sign(body.encode())).decode()

    with pytest.raises(CheckpointRefused, match="not a checkpoint"):
        read_checkpoint(f"{body}\n\u2014 {ORIGIN} {signature}\n", origin=ORIGIN, keys=[KEY.public_key()])


def test_a_checkpoint_that_cannot_be_is_not_made() -> None:
    for change in (
        {"origin": "two words"},
        {"size": -1},
        {"root": b"short"},
        {"at": AT.replace(tzinfo=None)},
    ):
        with pytest.raises(ValueError, match=r"origin|size|time zone"):
            replace(THEN, **change)


def test_the_line_on_a_certificate_holds_the_whole_root() -> None:
    line = checkpoint_line(replace(THEN, size=123_456_789))

    assert line.startswith("123,456,789 entries, 2 June 2025, ")
    assert line.endswith(base64.b64encode(THEN.root).decode())
    assert len(line) <= LIMITS["checkpoint"]
