"""PDF/UA-1 and PDF/A-3a in one file, judged by the veraPDF engine."""

import os
from collections.abc import Callable
from io import BytesIO

import pikepdf

from skillsmatrix.documents.certificate import certificate_pdf
from skillsmatrix.documents.passport import passport_pdf
from skillsmatrix.documents.renderer import Renderer
from skillsmatrix.documents.signing import PdfSeal
from skillsmatrix.documents.workers import Job, RenderingPool
from skillsmatrix.foundation.paths import TEMPLATES
from tests.documents.builders import AT, certificate_facts, logo, passport_facts
from tests.documents.corpus import CHOSEN, HOSTILE, NAMES, chosen, corpus

Faults = Callable[[bytes], list[str]]


def test_a_signed_certificate_keeps_both_standards(signed_certificate: bytes, faults: Faults) -> None:
    assert faults(signed_certificate) == []


def test_a_logo_and_a_light_colour_keep_both_standards(renderer: Renderer, faults: Faults) -> None:
    for kind in ("PNG", "JPEG"):
        facts = certificate_facts(logo=logo(kind=kind), colour="#ffee00")

        assert faults(certificate_pdf(facts, renderer=renderer)) == []


def test_a_signed_passport_keeps_both_standards(renderer: Renderer, seal: PdfSeal, faults: Faults) -> None:
    pdf = passport_pdf(passport_facts(logo=logo()), renderer=renderer)

    assert faults(seal.signed(pdf, issuer="Brightwater", reason="Passport", at=AT)) == []


def test_awkward_certificates_are_one_page_each_and_keep_both_standards(faults: Faults) -> None:
    awkward = corpus() if os.environ.get("SKILLSMATRIX_NIGHTLY") else chosen()
    jobs = [Job(str(number), facts, badge=b"{}") for number, facts in enumerate(awkward)]

    with RenderingPool(TEMPLATES) as pool:
        found = {
            result.key: result.failure or faults(result.pdf) or _pages(result.pdf)
            for result in pool.render_many(jobs)
        }

    assert found == {job.key: 1 for job in jobs}


def test_the_nightly_run_takes_two_hundred_and_this_one_some_of_each_kind() -> None:
    assert len(corpus()) == 200
    assert len(chosen()) == 24
    assert set(CHOSEN) <= {*NAMES, *HOSTILE}


def test_the_engine_does_find_what_is_wrong(renderer: Renderer, faults: Faults) -> None:
    pdf = certificate_pdf(certificate_facts(), renderer=renderer)

    untagged = faults(_without(pdf, "/StructTreeRoot"))

    assert any(fault.startswith("PDF/UA-1") for fault in untagged)
    assert any(fault.startswith("PDF/A-3a") for fault in untagged)


def _pages(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


def _without(pdf: bytes, entry: str) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        del document.Root[entry]
        document.save(out)
    return out.getvalue()
