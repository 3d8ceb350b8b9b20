"""A role card on paper: what somebody may do alone, with somebody, and not at all, on one page of A4."""

from dataclasses import dataclass
from datetime import date, datetime

from skillsmatrix.documents.certificate import qr_svg
from skillsmatrix.documents.letterhead import Letterhead
from skillsmatrix.documents.renderer import DoesNotFit, Renderer
from skillsmatrix.documents.wording import printable

# Tried in turn until the card fits its page, each when the text is not too long to have a chance (laying a
# page out takes a second). Smaller type than the last is not read on a corridor.
_DENSITIES = ((5_000, "roomy"), (8_000, "close"), (12_000, "dense"))

# Parts that are one paragraph: what is only known about, and what only some of a team can do.
_RUN_ON = ("aware", "team")

LONGEST_NAME = 120
LONGEST_LINE = 300
LONGEST_TEXT = 900
MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class CardEntry:
    """One competency: its title, what is said after it (level, end, or why not), and its boundary.

    `besides`: nobody asks for it in this work; its boundary is the first to go when the page is full.
    """

    title: str
    note: str = ""
    boundary: str = ""
    stop: bool = False
    besides: bool = False


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
    `besides_title` stands before what is held besides, where that is only listed. `overflow` is printed at
    the head of a card that needs a second page.
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
    besides_title: str
    overflow: str
    check_line: str
    address: str
    address_words: str


def role_card_pdf(facts: RoleCardFacts, *, renderer: Renderer) -> bytes:
    """The card as one page, PDF/UA-1 and PDF/A-3a, unsigned; the same facts give the same bytes.

    When the page is full, what is held besides is only listed. A card that still does not fit one page in
    readable type says so at its head and goes on overleaf.
    """
    for listing in (False, True):
        length = _length(facts, listing=listing)
        densities = tuple(name for longest, name in _DENSITIES if length <= longest)
        try:
            if densities:
                return _written(facts, renderer, listing=listing, overflow="", densities=densities, pages=1)
        except DoesNotFit:
            continue
    return _written(facts, renderer, listing=True, overflow=facts.overflow, densities=("close",), pages=None)


def _length(facts: RoleCardFacts, *, listing: bool) -> int:
    """How many characters there are to set."""
    entries = [entry for part in facts.parts for entry in part.entries]
    texts = [entry.title + entry.note for entry in entries]
    texts += [entry.boundary for entry in entries if not (listing and entry.besides)]
    texts += [text for pair in (*facts.places, *facts.boundaries) for text in pair]
    return sum(map(len, texts))


def _written(
    facts: RoleCardFacts,
    renderer: Renderer,
    *,
    listing: bool,
    overflow: str,
    densities: tuple[str, ...],
    pages: int | None,
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
            "parts": [_part(part, listing=listing) for part in facts.parts],
            "besides_title": facts.besides_title,
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


def _part(part: CardPart, *, listing: bool) -> dict[str, object]:
    runs_on = part.kind in _RUN_ON
    listed = [entry for entry in part.entries if runs_on or (listing and entry.besides)]
    return {
        "kind": part.kind,
        "title": part.title,
        "meaning": part.meaning,
        "nothing": part.nothing,
        "runs_on": runs_on,
        "listed": [_printed(entry) for entry in listed],
        "entries": [_printed(entry) for entry in part.entries if entry not in listed],
    }


def _printed(entry: CardEntry) -> CardEntry:
    return CardEntry(
        printable(entry.title, limit=LONGEST_LINE),
        printable(entry.note, limit=LONGEST_LINE),
        printable(entry.boundary, limit=LONGEST_TEXT),
        entry.stop,
    )
