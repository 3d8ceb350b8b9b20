import hashlib
import json
import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from skillsmatrix.documents.certificate import certificate_pdf
from skillsmatrix.documents.facts import LIMITS
from skillsmatrix.documents.renderer import Renderer
from skillsmatrix.foundation.paths import PROJECT
from tests.documents.builders import CHECK_URL, certificate_facts, logo
from tests.documents.corpus import NAMES, corpus, printed_letters

FONTS = {
    "Source-Sans-Pro",
    "Source-Sans-Pro-Semi-Bold",
    "IBM-Plex-Sans-Arabic",
    "IBM-Plex-Sans-Arabic-Semi-Bold",
}

AGAIN = """
import hashlib
from skillsmatrix.documents.certificate import certificate_pdf
from skillsmatrix.documents.renderer import Renderer
from skillsmatrix.foundation.paths import TEMPLATES
from tests.documents.builders import certificate_facts, logo
facts = certificate_facts(holder="علی‌رضا Ọláwálé", logo=logo())
print(hashlib.sha256(certificate_pdf(facts, renderer=Renderer(TEMPLATES), badge=b"{}")).hexdigest())
"""


def text_of(pdf: bytes, tmp_path: Path, *options: str) -> str:
    (tmp_path / "page.pdf").write_bytes(pdf)
    ran = subprocess.run(
        ["pdftotext", *options, "page.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
    )
    return ran.stdout.decode()


def picture_of(pdf: bytes, tmp_path: Path) -> Image.Image:
    (tmp_path / "page.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", "110", "-png", "-singlefile", "page.pdf", "page"], cwd=tmp_path, check=True
    )
    return Image.open(tmp_path / "page.png").convert("RGB")


def test_the_same_facts_give_the_same_bytes_in_another_process_too(renderer: Renderer) -> None:
    facts = certificate_facts(holder="علی‌رضا Ọláwálé", logo=logo())
    first = certificate_pdf(facts, renderer=renderer, badge=b"{}")
    certificate_pdf(certificate_facts(holder="Somebody else"), renderer=renderer)

    again = certificate_pdf(facts, renderer=renderer, badge=b"{}")
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    elsewhere = subprocess.run(
        [sys.executable, "-c", AGAIN],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert again == first
    assert elsewhere.stdout.strip() == hashlib.sha256(first).hexdigest()


def test_each_fact_shows_on_the_page(renderer: Renderer, tmp_path: Path) -> None:
    text = " ".join(text_of(certificate_pdf(certificate_facts(), renderer=renderer), tmp_path).split())

    for fact in (
        "Siân Ŵyn Okafor-Ṣọlá", "Administration of medicines in supported housing", "CS-MED", "Level",
        "working alone", "controlled drugs", "Safe handling of medicines, Brightwater Academy",
        "completed on 12 May 2025", "by Nguyễn Thị Ánh Tuyết", "on 30 May 2025", "to 28 February 2099",
        "Issued on 2 June 2025", "Małgorzata Śliwińska", "Head of Clinical Practice", "8A:1F:8A",
        "7K3Q-9DMV-2XRA-HT5C-04WZ-EJ8B-PN6Y", CHECK_URL,
    ):  # fmt: skip
        assert fact in text


def test_a_certificate_without_an_end_says_so(renderer: Renderer, tmp_path: Path) -> None:
    text = text_of(certificate_pdf(certificate_facts(valid_to=None), renderer=renderer), tmp_path)

    assert "no end date" in text


@pytest.mark.parametrize("name", NAMES)
def test_every_name_prints_as_it_is_spelt(name: str, renderer: Renderer, tmp_path: Path) -> None:
    pdf = certificate_pdf(certificate_facts(holder=name), renderer=renderer)

    # Word order on a line that mixes directions is the reader's affair: compare the letters.
    assert sorted(printed_letters(name)) == sorted(printed_letters(_line_of_the_name(pdf, tmp_path)))
    assert _fonts(pdf) <= FONTS


def _line_of_the_name(pdf: bytes, tmp_path: Path) -> str:
    text = text_of(pdf, tmp_path, "-layout")
    return text.split("This certifies that")[1].split("holds the competency")[0]


def _fonts(pdf: bytes) -> set[str]:
    with pikepdf.open(BytesIO(pdf)) as document:
        fonts = [font for page in document.pages for font in page.Resources.Font.values()]
        return {str(font["/BaseFont"]).partition("+")[2] for font in fonts}


def test_tricks_of_writing_show_as_boxes(renderer: Renderer, tmp_path: Path) -> None:
    facts = certificate_facts(holder="Ada\u202egro.live\u0000 \u200bByron")

    text = text_of(certificate_pdf(facts, renderer=renderer), tmp_path)

    assert "Ada■gro.live■ ■Byron" in text


def test_the_widest_letters_at_every_limit_fit_one_page_unclipped(renderer: Renderer, tmp_path: Path) -> None:
    facts = certificate_facts(
        check_url="https://" + "W" * 152, **{name: "W" * limit for name, limit in LIMITS.items()}
    )

    pdf = certificate_pdf(facts, renderer=renderer)

    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.pages) == 1
    # Every letter is drawn (the issuer's twice, and three of the page's own), clear of the box with the code.
    assert text_of(pdf, tmp_path).count("W") == sum(LIMITS.values()) + LIMITS["issuer"] + 152 + 3
    boxes = _boxes(pdf, tmp_path)
    above = max(bottom for top, bottom, text in boxes if "checkpoint" in text or "Fingerprint" in text)
    below = min(top for top, bottom, text in boxes if text.startswith("Check"))
    assert above < below


def _boxes(pdf: bytes, tmp_path: Path) -> list[tuple[float, float, str]]:
    text = text_of(pdf, tmp_path, "-bbox")
    found = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)<', text)
    return [(float(top), float(bottom), word) for top, bottom, word in found]


def test_longer_texts_are_cut_with_an_ellipsis_and_never_spill(renderer: Renderer, tmp_path: Path) -> None:
    pdf = certificate_pdf(certificate_facts(boundary="never ending " * 4000), renderer=renderer)

    assert "…" in text_of(pdf, tmp_path)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.pages) == 1


def test_ordinary_certificates_are_not_made_small(renderer: Renderer) -> None:
    pdf = certificate_pdf(certificate_facts(), renderer=renderer)

    with pikepdf.open(BytesIO(pdf)) as document:
        drawn = [
            float(operands[1])
            for operands, operator in pikepdf.parse_content_stream(document.pages[0])
            if str(operator) == "Tf"
        ]
    assert max(drawn) * 0.75 > 25


def test_the_code_on_the_printed_page_leads_to_the_check_address(renderer: Renderer, tmp_path: Path) -> None:
    picture = picture_of(certificate_pdf(certificate_facts(logo=logo()), renderer=renderer), tmp_path)

    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [CHECK_URL]


def test_the_organisations_colour_and_logo_are_used(renderer: Renderer, tmp_path: Path) -> None:
    facts = certificate_facts(colour="#7a1f4d", logo=logo())

    colours = {
        colour
        for _, colour in picture_of(certificate_pdf(facts, renderer=renderer), tmp_path).getcolors(1 << 20)
        or []
    }

    assert (0x7A, 0x1F, 0x4D) in colours
    assert (200, 90, 40) in colours


def test_the_facts_and_the_badge_travel_inside(renderer: Renderer) -> None:
    facts = certificate_facts()
    pdf = certificate_pdf(facts, renderer=renderer, badge=b'{"badge":1}')

    with pikepdf.open(BytesIO(pdf)) as document:
        inside = {name: document.attachments[name].get_file().read_bytes() for name in document.attachments}
        kinds = [str(entry["/AFRelationship"]) for entry in document.Root.AF]

    assert inside["open-badge.json"] == b'{"badge":1}'
    assert json.loads(inside["certificate.json"])["holder"] == facts.holder
    assert kinds == ["/Data", "/Supplement"]


def test_a_reader_is_told_title_language_and_author(renderer: Renderer) -> None:
    with pikepdf.open(BytesIO(certificate_pdf(certificate_facts(), renderer=renderer))) as document:
        assert str(document.Root.Lang) == "en-GB"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert str(document.docinfo["/Title"]).startswith("Certificate of competency: Siân Ŵyn")
        assert str(document.docinfo["/Author"]) == "Brightwater Supported Housing"
        assert str(document.docinfo["/CreationDate"]).startswith("D:20250602093000")


def test_the_corpus_has_two_hundred_different_certificates() -> None:
    assert len({facts.to_json() for facts in corpus()}) == 200
