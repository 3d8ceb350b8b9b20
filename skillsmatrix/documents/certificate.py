"""One certificate: facts → one accessible, archivable page of A4, before it is signed."""

import io

import segno

from skillsmatrix.documents.branding import printable_logo, text_colour
from skillsmatrix.documents.facts import CertificateFacts
from skillsmatrix.documents.renderer import AttachedFile, Renderer

FACTS_FILE = "certificate.json"
BADGE_FILE = "open-badge.json"

# Tried in turn until the content fits its page; the last holds whatever the limits let through. A body longer
# than the number of characters has no chance in that layout, so that none is tried for nothing.
_DENSITIES = ((900, "roomy"), (1400, "close"), (10_000, "dense"))

# Longest name, in characters, for each size of type.
_NAME_SIZES = ((22, "name-1"), (34, "name-2"), (60, "name-3"))

# From this many characters on the foot is set in smaller type.
_LONG_FOOT = 270


def certificate_pdf(facts: CertificateFacts, *, renderer: Renderer, badge: bytes = b"") -> bytes:
    """The certificate as one page, PDF/UA-1 and PDF/A-3a, unsigned; the same arguments give the same bytes.

    Its facts travel inside as `certificate.json` and, when given, the Open Badges credential `badge` as
    `open-badge.json`. Texts longer than their limit are cut with an ellipsis (`facts.LIMITS`).
    """
    printed = facts.as_printed()
    attached = [AttachedFile(FACTS_FILE, facts.published_json(), "The facts of this certificate", "Data")]
    if badge:
        attached.append(
            AttachedFile(BADGE_FILE, badge, "The same award as an Open Badges 3.0 credential", "Supplement")
        )
    assets = {"asset:qr": ("image/svg+xml", qr_svg(printed.check_url))}
    if facts.logo:
        assets["asset:logo"] = ("image/png", printable_logo(facts.logo))
    return renderer.pdf(
        "certificate.html",
        {
            "facts": printed,
            "groups": number_groups(printed.number),
            "long_foot": _foot_length(printed) > _LONG_FOOT,
            "name_size": _name_size(printed.holder),
            "text_colour": text_colour(facts.colour),
        },
        made_at=facts.issued_at,
        identifier=f"certificate {facts.number}",
        assets=assets,
        attached=attached,
        densities=[name for longest, name in _DENSITIES if _body_length(printed) <= longest],
        pages=1,
    )


def qr_svg(text: str) -> bytes:
    """A QR code of the text as an SVG picture with its quiet zone, black on white, error correction M."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True, dark="#000000", light="#ffffff"
    )
    return out.getvalue()


def number_groups(number: str) -> list[str]:
    """The parts of a number between its hyphens, so that a line may break there and nowhere else."""
    return number.split("-")


def _body_length(facts: CertificateFacts) -> int:
    award = facts.holder + facts.competency_title + facts.framework + facts.may_do + facts.boundary
    return len(award + facts.learning_title + facts.learning_provider + facts.assessor)


def _foot_length(facts: CertificateFacts) -> int:
    return len(facts.signatory + facts.signatory_title + facts.issuer + facts.checkpoint + facts.check_url)


def _name_size(name: str) -> str:
    return next((size for length, size in _NAME_SIZES if len(name) <= length), "name-4")
