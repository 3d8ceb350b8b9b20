"""How long a certificate takes: `python3 -m benchmarks.certificates [--count 1000] [--rounds 15]`.

First one page at a time, warm, in turn with two programs that make the same page another way (reportlab
without tags or archive format; typst with tags), so that a busy machine slows all of them alike; then
certificates in bulk as the site issues them (`issuing.py`). Processor time is the median; bulk is wall time.
Memory is what each child really holds. The figures become the last section of `results.md`.
"""

import argparse
import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.issuing import Bulk, issue_in_bulk
from benchmarks.report import RESULTS, Section, bar, milliseconds
from benchmarks.timing import machine
from skillsmatrix.documents.badge import BadgeIssuer, BadgeMaker, StatusPlace
from skillsmatrix.documents.certificate import certificate_pdf, qr_svg
from skillsmatrix.documents.facts import CertificateFacts
from skillsmatrix.documents.keys import make_keys
from skillsmatrix.documents.renderer import Renderer
from skillsmatrix.documents.signing import PdfSeal
from skillsmatrix.documents.workers import PAGES_EACH
from skillsmatrix.domain.certificate import RANDOM_BYTES, certificate_number
from skillsmatrix.foundation.paths import TEMPLATES

HEADING = "Certificates: a page, and a thousand"
AT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
PAGE, SIGNATURE = "page, tagged and archivable", "signature (ECDSA P-256, PAdES)"
AIM_SECONDS = 120  # for 1,000 signed certificates on two quiet cores

FACTS = CertificateFacts(
    number=certificate_number(bytes(range(RANDOM_BYTES))),
    check_url="https://skills.example.org/verify/0410-81R4-1G2G-Q0S2",
    holder="Siân Okafor-Prydderch",
    competency_code="CS-MED",
    competency_title="Administration of medicines in supported housing",
    framework="Medicines and physical health",
    level=2,
    may_do="May give prescribed medicines from original packs, record each dose, and act on a missed dose.",
    boundary="Does not cover controlled drugs or injections. A registered nurse decides these.",
    learning_title="Safe handling of medicines",
    learning_provider="Brightwater Academy",
    learning_completed_on=date(2025, 11, 12),
    assessor="Małgorzata Śliwińska",
    assessed_on=date(2025, 12, 1),
    valid_from=date(2025, 12, 1),
    valid_to=date(2026, 11, 30),
    issued_on=AT.date(),
    issued_at=AT,
    issuer="Brightwater Supported Housing",
    subject="urn:uuid:5f0c2a54-3f5d-4c58-9d0e-0d7a3c1f5a11",
    signatory="Nguyễn Thị Ánh",
    signatory_title="Head of Clinical Practice",
    fingerprint=":".join(["8A", "1F"] * 16),
)
PLACE = StatusPlace("https://skills.example.org/status/1", "https://skills.example.org/status/2", 4711)


def main() -> None:
    """Measure, print, and write the section of the results."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=1000, help="certificates in bulk")
    asked.add_argument("--rounds", type=int, default=15, help="pages of each kind, one at a time")
    chosen = asked.parse_args()
    section = Section(HEADING)
    section.say(
        f"On {machine()}, {time.strftime('%d %B %Y')}; other work shared the machine. Made by "
        f"`python3 -m benchmarks.certificates --count {chosen.count}`."
    )
    _one_at_a_time(section, chosen.rounds)
    _bulk(section, issue_in_bulk(chosen.count), load=os.getloadavg()[2])
    print("\n".join([f"## {HEADING}", "", *section.lines]))
    _write(section)


def _one_at_a_time(section: Section, rounds: int) -> None:
    """One page, signature and badge in turn with the same page made another way."""
    with tempfile.TemporaryDirectory() as folder:
        keys = make_keys(Path(folder) / "keys", issuer=FACTS.issuer, at=AT)
    seal = PdfSeal(keys)
    maker = BadgeMaker(
        BadgeIssuer("did:web:skills.example.org", FACTS.issuer, "https://skills.example.org"), keys
    )
    renderer = Renderer(TEMPLATES)
    page = certificate_pdf(FACTS, renderer=renderer, badge=b"{}")
    steps: dict[str, Callable[[], object]] = {
        PAGE: lambda: certificate_pdf(FACTS, renderer=renderer, badge=b"{}"),
        SIGNATURE: lambda: seal.signed(page, issuer="B", reason="r", at=AT),
        "badge (Ed25519, JSON-LD)": lambda: maker.linked_data(FACTS, PLACE),
        **_peers(),
    }
    spent: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(rounds + 2):
        for name, step in steps.items():
            started = time.process_time()
            step()
            if turn >= 2:  # the first two warm the caches
                spent[name].append(1000 * (time.process_time() - started))
    middle = {name: statistics.median(taken) for name, taken in spent.items()}
    whole, signature = middle[PAGE] + middle[SIGNATURE], middle[SIGNATURE]
    section.say(f"One at a time, warm: processor time, medians of {rounds} in turn in one process.")
    section.table(
        ("what", "alone", "of ours", "signed", "of ours"),
        [
            (
                name,
                milliseconds(taken),
                f"{taken / middle[PAGE]:.2f}",
                milliseconds(taken + signature) if "page" in name else "",
                f"{(taken + signature) / whole:.2f}" if "page" in name else "",
            )
            for name, taken in middle.items()
        ],
    )


def _bulk(section: Section, found: Bulk, *, load: float) -> None:
    each = 1000 * found.processor_seconds / found.count
    thousand = 1000 * found.seconds / found.count
    section.say(
        f"In bulk as the site does it: {found.count:,} people of an SQLite database: facts read, badge made, "
        f"page rendered by {found.children} children, signed, stored with its leaf of the log and its line "
        "of the audit, each in a transaction of its own."
    )
    section.table(
        ("certificates", "wall", "a second", "processor time each", "bar"),
        [
            (
                f"{found.count:,}",
                f"{found.seconds:.1f} s",
                f"{found.count / found.seconds:.1f}",
                milliseconds(each),
                bar(thousand < AIM_SECONDS, f"1,000 under {AIM_SECONDS} s"),
            )
        ],
    )
    held = "; ".join("/".join(map(str, now)) for now in found.memory)
    section.say(
        f"Meanwhile {load:.0f} programs at a time wanted the processors (load average). "
        f"By processor time 1,000 need {each / 2:.0f} s of two quiet cores. {found.genuine} of a sample of "
        f"{found.sample} were checked again and are genuine. Memory of each child in MB, at each tenth "
        f"(a child is replaced after {PAGES_EACH} pages): {held}."
    )


def _write(section: Section) -> None:
    """The section in place of the last one; the rest of the page of results stays."""
    before, _, rest = RESULTS.read_text(encoding="utf-8").partition(f"\n## {HEADING}\n")
    _, found, after = rest.partition("\n## ")
    parts = [before.rstrip(), "\n".join([f"## {HEADING}", "", *section.lines]).rstrip()]
    if found:
        parts.append("## " + after.rstrip())
    RESULTS.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _peers() -> dict[str, Callable[[], object]]:
    peers: dict[str, Callable[[], object]] = {}
    try:
        import reportlab  # noqa: F401

        peers["reportlab page, untagged"] = _reportlab_page
    except ImportError:
        print("reportlab is not installed: left out", file=sys.stderr)
    try:
        import typst

        peers["typst page, PDF/UA-1"] = lambda: typst.compile(_TYPST.encode(), pdf_standards=["ua-1"])
    except ImportError:
        print("typst is not installed: left out", file=sys.stderr)
    return peers


def _lines() -> list[tuple[int, str]]:
    """The page's text, with its size in points."""
    return [
        (15, FACTS.issuer), (21, "Certificate of competency"), (11, "This certifies that"),
        (34, FACTS.holder), (11, "holds the competency"), (21, FACTS.competency_title),
        (10, f"{FACTS.competency_code} · {FACTS.framework}"), (10, "What the holder may do"),
        (10, FACTS.may_do), (10, "Within this boundary"), (10, FACTS.boundary),
        (13, FACTS.signatory), (10, FACTS.signatory_title), (8, FACTS.fingerprint), (8, FACTS.check_url),
        (11, FACTS.number),
    ]  # fmt: skip


_TABLE = [
    ["Learning", FACTS.learning_title, "completed on 12 November 2025"],
    ["Assessed in practice", FACTS.assessor, "on 1 December 2025"],
    ["Valid", "from 1 December 2025", "to 30 November 2026"],
]


def _reportlab_page() -> bytes:
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    from skillsmatrix.documents.fonts import use_bundled_fonts

    pdfmetrics.registerFont(TTFont("Sans", str(use_bundled_fonts() / "SourceSansPro-Regular.ttf")))
    flow: list[object] = [
        Paragraph(text, ParagraphStyle("x", fontName="Sans", fontSize=size, leading=size * 1.3))
        for size, text in _lines()
    ]
    code = Drawing(110, 110)
    code.add(QrCodeWidget(FACTS.check_url, barWidth=110, barHeight=110))
    flow += [Table(_TABLE, style=[("FONTNAME", (0, 0), (-1, -1), "Sans")]), code]
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(flow)
    return out.getvalue()


def _typst_source() -> str:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    cells = ", ".join(f"text({quoted(cell)})" for row in _TABLE for cell in row)
    lines = "\n".join(f"#text(size: {size}pt, {quoted(text)})\n" for size, text in _lines())
    return (
        '#set document(title: "Certificate of competency", date: none)\n#set page(paper: "a4")\n'
        f'#set text(lang: "en")\n{lines}\n#table(columns: 3, {cells})\n'
        f'#image(bytes({quoted(qr_svg(FACTS.check_url).decode())}), width: 38mm, alt: "QR code")\n'
    )


_TYPST = _typst_source()


if __name__ == "__main__":
    main()
