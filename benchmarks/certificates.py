"""How long a certificate takes: `python3 -m benchmarks.certificates [--count 1000] [--rounds 15]`.

First one page at a time, warm, in turn with two programs that make the same page another way (reportlab
without tags or archive format; typst with tags), so that a busy machine slows all of them alike; then
certificates in bulk as they are issued: badge made, page rendered by two children, page signed. Processor
time is the median, in milliseconds; bulk is wall time. Memory is what each child really holds.
"""

import argparse
import io
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from skillsmatrix.documents.badge import BadgeIssuer, BadgeMaker, StatusPlace
from skillsmatrix.documents.certificate import certificate_pdf, qr_svg
from skillsmatrix.documents.facts import CertificateFacts
from skillsmatrix.documents.keys import make_keys
from skillsmatrix.documents.renderer import Renderer
from skillsmatrix.documents.signing import PdfSeal
from skillsmatrix.documents.verifying import verify_pdf
from skillsmatrix.documents.workers import Job, RenderingPool
from skillsmatrix.domain.certificate import RANDOM_BYTES, certificate_number
from skillsmatrix.foundation.paths import TEMPLATES

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
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=1000, help="certificates in bulk")
    asked.add_argument("--rounds", type=int, default=15, help="pages of each kind, one at a time")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        keys = make_keys(Path(folder) / "keys", issuer=FACTS.issuer, at=AT)
    seal = PdfSeal(keys)
    maker = BadgeMaker(
        BadgeIssuer("did:web:skills.example.org", FACTS.issuer, "https://skills.example.org"), keys
    )
    _one_at_a_time(seal, maker, chosen.rounds)
    signed = _in_bulk(seal, maker, chosen.count)
    genuine = sum(
        verify_pdf(pdf, trusted_certificates=[keys.certificate], at=AT).is_genuine
        for pdf in signed[:: max(1, len(signed) // 20)]
    )
    print(f"verified again: {genuine} of a sample of {len(signed[:: max(1, len(signed) // 20)])} are genuine")


def _one_at_a_time(seal: PdfSeal, maker: BadgeMaker, rounds: int) -> None:
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
    middle = {name: statistics.median(times) for name, times in spent.items()}
    page, signature = middle[PAGE], middle[SIGNATURE]
    print(f"{'one at a time, warm':34} {'ms':>7} {'of ours':>8} {'with signature':>15} {'of ours':>8}")
    for name, spent_on in middle.items():
        print(f"{name:34} {spent_on:7.1f} {spent_on / page:8.2f}", end="")
        if "page" in name:
            print(f" {spent_on + signature:15.1f} {(spent_on + signature) / (page + signature):8.2f}", end="")
        print()


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


def _in_bulk(seal: PdfSeal, maker: BadgeMaker, count: int) -> list[bytes]:
    def jobs() -> Iterator[Job]:
        for number in range(count):
            facts = replace(FACTS, holder=f"Holder number {number}")
            yield Job(str(number), facts, maker.linked_data(facts, PLACE))

    signed: list[bytes] = []
    memory: list[list[int]] = []
    with RenderingPool(TEMPLATES, workers=2) as pool:
        list(pool.render_many(Job(f"warm {number}", FACTS) for number in range(2)))
        started, spent = time.monotonic(), _processor_seconds(pool.process_ids)
        for result in pool.render_many(jobs()):
            if result.failure:
                raise SystemExit(f"certificate {result.key} failed: {result.failure}")
            signed.append(seal.signed(result.pdf, issuer=FACTS.issuer, reason="Certificate", at=AT))
            if len(signed) % max(1, count // 10) == 0:
                memory.append([_megabytes(process) for process in pool.process_ids])
        seconds, spent = time.monotonic() - started, _processor_seconds(pool.process_ids) - spent
    print(f"in bulk, two children: {count} signed in {seconds:.1f} s, {count / seconds:.1f} a second;")
    print(
        f"  processor time {1000 * spent / count:.0f} ms each: 1,000 need {500 * spent / count:.0f} s of two"
        " quiet cores"
    )
    print(f"  aim: 1,000 in under {AIM_SECONDS} s on two quiet cores")
    print(
        "memory of each child in MB, at each tenth: " + "; ".join("/".join(map(str, now)) for now in memory)
    )
    return signed


def _processor_seconds(children: list[int]) -> float:
    """What this process and its children have used, those that were replaced included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = 0
    for process in children:
        after_name = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(after_name[11]) + int(after_name[12])
    return time.process_time() + ended.ru_utime + ended.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _megabytes(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 // 1_000_000


if __name__ == "__main__":
    main()
