import os
import random
import time
import zlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from skillsmatrix.documents.certificate import certificate_pdf
from skillsmatrix.documents.keys import KeyRing, make_keys, open_keys
from skillsmatrix.documents.renderer import Renderer
from skillsmatrix.documents.signing import PdfSeal
from skillsmatrix.documents.verifying import MOST_BYTES, Genuineness, Verification, verify_pdf
from tests.documents.builders import AT, certificate_facts

# The nightly run tries ten times as many.
MUTATIONS = 2000 if os.environ.get("SKILLSMATRIX_NIGHTLY") else 200


@pytest.fixture
def judge(ring: KeyRing):
    def judged(data: bytes, **more) -> Verification:
        return verify_pdf(data, trusted_certificates=ring.certificates, at=AT + timedelta(days=3650), **more)

    return judged


@pytest.fixture(scope="session")
def another_certificate(renderer: Renderer, seal: PdfSeal) -> bytes:
    pdf = certificate_pdf(certificate_facts(holder="Noor Ahmed"), renderer=renderer)
    return seal.signed(pdf, issuer="Brightwater", reason="Certificate", at=AT)


def gap(pdf: bytes) -> tuple[int, int]:
    """Where the signature itself stands, the brackets left out."""
    start = pdf.index(b"/Contents <") + len(b"/Contents <")
    return start, pdf.index(b">", start)


def test_what_was_issued_is_genuine_ten_years_later_and_says_what_it_says(
    judge, signed_certificate, ring
) -> None:
    found = judge(signed_certificate)

    assert found.genuineness is Genuineness.GENUINE
    assert found.is_genuine
    assert "Siân Ŵyn" in found.facts.decode()
    assert found.fingerprint == ring.newest.fingerprint
    assert found.signed_at == AT
    assert len(found.digest) == 64


def test_no_changed_byte_anywhere_passes(judge, signed_certificate) -> None:
    source = random.SystemRandom()
    start, end = gap(signed_certificate)
    # Half of them in the signature and what pyHanko added: the content is covered by one hash, they are not.
    places = [source.randrange(len(signed_certificate)) for _ in range(MUTATIONS // 2)]
    places += [source.randrange(start - 400, len(signed_certificate)) for _ in range(MUTATIONS // 2)]

    passed = []
    for place in places:
        changed = bytearray(signed_certificate)
        changed[place] ^= source.randrange(1, 256)
        if judge(bytes(changed)).is_genuine:
            passed.append((place, changed[place]))

    assert passed == []
    assert start < end


def test_the_room_after_the_signature_cannot_hide_anything(judge, signed_certificate) -> None:
    start, end = gap(signed_certificate)
    for place, letter in ((end - 1, b"1"), (end - 2, b"f"), (end - 1, b" "), (end - 2, b"\n")):
        changed = signed_certificate[:place] + letter + signed_certificate[place + 1 :]

        assert not judge(changed).is_genuine
    lower = signed_certificate[:start] + signed_certificate[start:end].lower() + signed_certificate[end:]
    assert judge(lower).genuineness is Genuineness.CHANGED


def test_a_changed_letter_is_a_change_after_signing(judge, signed_certificate) -> None:
    place = signed_certificate.index(b"/Lang") + 8

    changed = signed_certificate[:place] + b"x" + signed_certificate[place + 1 :]

    assert judge(changed).genuineness in (Genuineness.CHANGED, Genuineness.NOT_A_PDF)


def appended(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root["/Note"] = generic.TextStringObject("added")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_appended_revision_is_seen(judge, signed_certificate) -> None:
    assert judge(appended(signed_certificate)).genuineness is Genuineness.APPENDED


def test_bytes_before_or_after_the_file_are_seen(judge, signed_certificate) -> None:
    for changed in (
        signed_certificate + b"\n",
        signed_certificate + b"%" + b"x" * 100,
        b"\n" + signed_certificate,
        b"<html>" + signed_certificate,
        signed_certificate[:-1],
    ):
        assert not judge(changed).is_genuine


def test_a_second_signature_of_our_own_is_one_too_many(judge, renderer, seal) -> None:
    from pyhanko.sign.fields import SigFieldSpec
    from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

    pdf = certificate_pdf(certificate_facts(), renderer=renderer)
    for name in ("first", "second"):
        about = PdfSignatureMetadata(field_name=name)
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        pdf = sign_pdf(writer, about, seal._signer, new_field_spec=SigFieldSpec(name)).getvalue()

    assert judge(pdf).genuineness is Genuineness.SEVERAL


def test_a_signature_of_ours_that_allows_changes_is_not_enough(judge, renderer, seal) -> None:
    from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

    pdf = certificate_pdf(certificate_facts(), renderer=renderer)
    signed = sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), PdfSignatureMetadata(field_name="x"), seal._signer
    ).getvalue()

    assert judge(signed).genuineness is Genuineness.CHANGED


def test_a_key_that_is_not_ours_is_unknown_even_under_our_name(judge, renderer, tmp_path: Path) -> None:
    theirs = make_keys(tmp_path / "keys", issuer="Brightwater Supported Housing", at=AT)
    pdf = certificate_pdf(certificate_facts(), renderer=renderer)

    forged = PdfSeal(theirs).signed(pdf, issuer="Brightwater Supported Housing", reason="Certificate", at=AT)

    assert judge(forged).genuineness is Genuineness.UNKNOWN_KEY


def test_the_signature_of_another_certificate_does_not_serve(
    judge, signed_certificate, another_certificate
) -> None:
    start, end = gap(signed_certificate)
    other_start, other_end = gap(another_certificate)
    lifted = another_certificate[other_start:other_end][: end - start].ljust(end - start, b"0")

    swapped = signed_certificate[:start] + lifted + signed_certificate[end:]

    assert judge(swapped).genuineness is Genuineness.CHANGED
    known = {judge(another_certificate).digest}
    assert judge(swapped, other_digests=known).genuineness is Genuineness.ANOTHER_FILE


def test_an_old_certificate_verifies_after_the_keys_were_replaced(renderer, tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = make_keys(folder, issuer="Brightwater", at=AT)
    pdf = certificate_pdf(certificate_facts(), renderer=renderer)
    signed = PdfSeal(first).signed(pdf, issuer="Brightwater", reason="Certificate", at=AT)
    make_keys(folder, issuer="Brightwater", at=AT + timedelta(days=700))

    ring = open_keys(folder)

    found = verify_pdf(signed, trusted_certificates=ring.certificates, at=AT + timedelta(days=800))
    assert found.is_genuine
    assert found.fingerprint == first.fingerprint
    only_new = verify_pdf(signed, trusted_certificates=ring.certificates[:1], at=AT + timedelta(days=800))
    assert only_new.genuineness is Genuineness.UNKNOWN_KEY


def test_renaming_the_holder_and_saving_again_is_seen(judge, signed_certificate) -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(signed_certificate)) as document:
        document.docinfo["/Title"] = "Certificate of competency: somebody else"
        document.save(out)

    assert not judge(out.getvalue()).is_genuine


def test_an_unsigned_pdf_has_no_signature(judge, renderer) -> None:
    pdf = certificate_pdf(certificate_facts(), renderer=renderer)

    assert judge(pdf).genuineness is Genuineness.NO_SIGNATURE


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", Genuineness.NOT_A_PDF),
        (b"hello", Genuineness.NOT_A_PDF),
        (b"%PDF-1.7\n%%EOF\n", Genuineness.NOT_A_PDF),
        (b"PK\x03\x04" + b"\0" * 2000, Genuineness.NOT_A_PDF),
        (b"%PDF-1.7\n" + b"[" * 100_000, Genuineness.NOT_A_PDF),
        (b"%PDF-1.7\n" + b"\0" * MOST_BYTES, Genuineness.TOO_LARGE),
    ],
)
def test_what_is_no_document_of_ours_is_said_to_be_so(data: bytes, expected: Genuineness, judge) -> None:
    assert judge(data).genuineness is expected


def test_a_file_that_unpacks_to_a_great_deal_is_refused_without_unpacking_it(judge) -> None:
    packed = zlib.compress(b"\0" * 200_000_000, 1)
    head = b"%PDF-1.7\n1 0 obj\n<</Type/XRef/Size 2/W[1 2 1]/Filter/FlateDecode/Length "
    bomb = (
        head
        + str(len(packed)).encode()
        + b">>\nstream\n"
        + packed
        + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    )

    started = time.process_time()

    found = judge(bomb)

    assert not found.is_genuine
    assert time.process_time() - started < 1
