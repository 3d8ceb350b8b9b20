import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pikepdf
import pytest

from skillsmatrix.documents.keys import KeyRing
from skillsmatrix.documents.passport import (
    LONGEST_CELL,
    MOST_ROWS,
    Award,
    Section,
    bundle_faults,
    passport_bundle,
    passport_pdf,
)
from skillsmatrix.documents.renderer import Renderer
from skillsmatrix.documents.signing import PdfSeal
from skillsmatrix.documents.verifying import verify_pdf
from tests.documents.builders import AT, NUMBER, passport_facts
from tests.documents.detached import stands


@pytest.fixture(scope="module")
def passport(renderer: Renderer, seal: PdfSeal) -> bytes:
    return seal.signed(
        passport_pdf(passport_facts(), renderer=renderer), issuer="B", reason="Passport", at=AT
    )


@pytest.fixture(scope="module")
def bundle(passport: bytes, ring: KeyRing, signed_certificate: bytes) -> bytes:
    awards = [Award(NUMBER, signed_certificate, b'{"badge":1}'), Award("0000-0001", signed_certificate)]
    return passport_bundle(passport_facts(), passport, awards, keys=ring.newest, at=AT)


def test_the_pages_show_each_section_and_say_when_one_is_empty(passport: bytes, tmp_path: Path) -> None:
    (tmp_path / "p.pdf").write_bytes(passport)
    text = subprocess.run(
        ["pdftotext", "-layout", "p.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
    ).stdout

    shown = text.decode()
    for fact in (
        "Siân Ŵyn", "Employed from 1 April 2021 to 31 May 2025", "stood on 2 June 2025",
        "Moving and handling",
        "28 February 2027", "Nothing recorded.", NUMBER, "Page 1 of 1",
    ):  # fmt: skip
        assert fact in shown


def test_the_same_facts_give_the_same_pages(renderer: Renderer) -> None:
    assert passport_pdf(passport_facts(), renderer=renderer) == passport_pdf(
        passport_facts(), renderer=renderer
    )


def test_a_long_record_runs_over_pages_with_its_headings(renderer: Renderer, tmp_path: Path) -> None:
    rows = tuple((f"Course {number}", "1 March 2024") for number in range(120))
    pdf = passport_pdf(
        passport_facts(sections=(Section("l", "Learning", ("Course", "Day"), rows),)), renderer=renderer
    )

    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) >= 3
    (tmp_path / "p.pdf").write_bytes(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", "p.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
    ).stdout
    assert all(f"Course {number}".encode() in text for number in range(120))


def test_a_table_with_widths_of_its_own_keeps_within_the_page(renderer: Renderer, tmp_path: Path) -> None:
    columns, widths = (
        ("Competency", "Completed", "Level", "Course", "Reference", "End"),
        (26, 15, 6, 25, 13, 15),
    )
    row = (
        "Medicines support",
        "2 September 2025",
        "1",
        "Safe handling, In-house",
        "MED-1",
        "2 September 2026",
    )
    section = Section("learning", "Learning", columns, (row,) * 3, widths)
    (tmp_path / "p.pdf").write_bytes(passport_pdf(passport_facts(sections=(section,)), renderer=renderer))

    words = subprocess.run(
        ["pdftotext", "-bbox", "p.pdf", "-"], cwd=tmp_path, capture_output=True, check=True, text=True
    ).stdout

    edges = [float(edge) for edge in re.findall(r'xMax="([\d.]+)"', words)]
    assert words.count(">Reference<") == 1
    assert max(edges) <= (210 - 16) / 25.4 * 72 + 1  # the right margin is 16 mm, in points
    with pytest.raises(ValueError, match="together they are the page"):
        Section("learning", "Learning", columns, (row,), (50, 50, 10, 10, 10, 10))


def test_the_record_is_there_as_json_too(bundle: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle)) as files:
        record = json.loads(files.read("passport.json"))

    assert record["holder"] == "Siân Ŵyn Okafor-Ṣọlá"
    assert record["sections"]["competencies"][0] == {
        "Competency": "Medicines", "Level": "2", "Valid to": "28 February 2027",
    }  # fmt: skip
    assert record["sections"]["supervision"] == []


def test_the_bundle_holds_everything_and_its_manifest_says_so(bundle: bytes, ring: KeyRing) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle)) as files:
        names = files.namelist()
        passport, certificate = files.read("passport.pdf"), files.read(f"certificates/{NUMBER}.pdf")

    assert names == [
        f"badges/{NUMBER}.json", "certificates/0000-0001.pdf", f"certificates/{NUMBER}.pdf",
        "how-to-check.txt",
        "issuer.pem", "manifest.json", "manifest.json.p7s", "passport.json", "passport.pdf",
    ]  # fmt: skip
    assert bundle_faults(bundle) == []
    for pdf in (passport, certificate):
        assert verify_pdf(pdf, trusted_certificates=ring.certificates, at=AT).is_genuine


def test_the_recipe_in_the_bundle_works_without_us(bundle: bytes, ring: KeyRing, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle)) as files:
        files.extractall(tmp_path)
    recipe = (tmp_path / "how-to-check.txt").read_text(encoding="utf-8")
    command = recipe[recipe.index("openssl") : recipe.index("\n2. ")].replace("\\\n", " ")
    manifest = (tmp_path / "manifest.json").read_bytes()

    assert stands((tmp_path / "manifest.json.p7s").read_bytes(), manifest, ring.newest.certificate)
    if shutil.which("openssl"):  # the recipe word for word, where its tool is there
        subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
        assert (tmp_path / "checked.json").read_bytes() == manifest


def _with(bundle: bytes, name: str, content: bytes | None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        if content is not None:
            new.writestr(name, content)
    return out.getvalue()


def test_a_file_changed_added_or_left_out_is_named(bundle: bytes) -> None:
    assert bundle_faults(_with(bundle, "passport.json", b"{}")) == ["passport.json: changed"]
    assert bundle_faults(_with(bundle, "passport.json", None)) == ["passport.json: missing"]
    assert bundle_faults(_with(bundle, "extra.txt", b"x")) == ["extra.txt: not in the manifest"]
    assert bundle_faults(_with(bundle, "manifest.json", b"[]")) == ["the file is not a passport bundle"]
    assert bundle_faults(b"PK") == ["the file is not a passport bundle"]


def test_cells_are_cut_and_rows_are_bounded() -> None:
    section = Section("x", "X", ("A",), (("W" * 5000,),))

    stated = json.loads(passport_facts(sections=(section,)).to_json())

    assert len(stated["sections"]["x"][0]["A"]) == LONGEST_CELL
    with pytest.raises(ValueError, match="at most"):
        Section("x", "X", ("A",), (("",),) * (MOST_ROWS + 1))
    with pytest.raises(ValueError, match="each column"):
        Section("x", "X", ("A", "B"), (("",),))
