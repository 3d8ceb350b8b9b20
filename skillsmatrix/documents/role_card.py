"""A role card on paper: what somebody may do alone, with somebody, and not at all, on one page of A4."""

from dataclasses import dataclass
from datetime import date, datetime

from skillsmatrix.documents.certificate import qr_svg
from skillsmatrix.documents.letterhead import Letterhead
from skillsmatrix.documents.renderer import DoesNotFit, Renderer
from skillsmatrix.documents.wording import printable

# Tried in turn until the card fits its page. Smaller type than the last is not read on a corridor.
_DENSITIES = ("roomy", "close", "dense")

LONGEST_NAME = 120
LONGEST_LINE = 300
LONGEST_TEXT = 900
MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class CardEntry:
    """One competency: its title, what is said after it (level, end, or why not), and its boundary."""

    title: str
    note: str = ""
    boundary: str = ""
    stop: bool = False


@dataclass(frozen=True, slots=True)
class CardPart:
    """One part of a card. `kind` is alone, supervised, aware, team or not_now; `nothing` is said without
    entries."""

    kind: str
    title: str
    meaning: str
    nothing: str
    entries: tuple[CardEntry, ...]

    def __post_init__(self) -> None:
        if len(self.entries) > MOST_LINES:
            raise ValueError(f"a part of a card has at most {MOST_LINES} lines")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCardFacts:
    """All that a card says, already in words. `made_at` is an aware instant.

    `places`: where, as what and for whom, with whom to call. `boundaries`: role and what it does not do.
    `overflow` is printed at the head of a card that needs a second page.
    """

    kind: str
    subject: str
    day_line: str
    on: date
    made_at: datetime
    letterhead: Letterhead
    places: tuple[tuple[str, str], ...]
    boundaries_title: str
    boundaries: tuple[tuple[str, str], ...]
    parts: tuple[CardPart, ...]
    closing: tuple[str, ...]
    overflow: str
    check_line: str
    address: str
    address_words: str


def role_card_pdf(facts: RoleCardFacts, *, renderer: Renderer) -> bytes:
    """The card as one page, PDF/UA-1 and PDF/A-3a, unsigned; the same facts give the same bytes.

    A card that does not fit one page in readable type says so at its head and goes on overleaf.
    """
    try:
        return _written(facts, renderer, overflow="", densities=_DENSITIES, pages=1)
    except DoesNotFit:
        return _written(facts, renderer, overflow=facts.overflow, densities=("close",), pages=None)


def _written(
    facts: RoleCardFacts, renderer: Renderer, *, overflow: str, densities: tuple[str, ...], pages: int | None
) -> bytes:
    return renderer.pdf(
        "role_card.html",
        {
            **facts.letterhead.values(),
            "kind": printable(facts.kind, limit=LONGEST_NAME),
            "subject": printable(facts.subject, limit=LONGEST_NAME),
            "day_line": printable(facts.day_line, limit=LONGEST_LINE),
            "on": facts.on,
            "places": _pairs(facts.places),
            "boundaries_title": facts.boundaries_title,
            "boundaries": _pairs(facts.boundaries),
            "parts": [_part(part) for part in facts.parts],
            "closing": [printable(line, limit=LONGEST_TEXT) for line in facts.closing],
            "overflow": overflow,
            "check_line": facts.check_line,
            "address": facts.address,
            "address_words": facts.address_words,
        },
        made_at=facts.made_at,
        identifier=f"role card {facts.subject} {facts.on} {facts.made_at.isoformat()}",
        assets={**facts.letterhead.assets(), "asset:qr": ("image/svg+xml", qr_svg(facts.address))},
        densities=densities,
        pages=pages,
    )


def _pairs(pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [
        (printable(first, limit=LONGEST_LINE), printable(second, limit=LONGEST_TEXT))
        for first, second in pairs
    ]


def _part(part: CardPart) -> dict[str, object]:
    return {
        "kind": part.kind,
        "title": part.title,
        "meaning": part.meaning,
        "nothing": part.nothing,
        "entries": [
            CardEntry(
                printable(entry.title, limit=LONGEST_LINE),
                printable(entry.note, limit=LONGEST_LINE),
                printable(entry.boundary, limit=LONGEST_TEXT),
                entry.stop,
            )
            for entry in part.entries
        ],
    }
