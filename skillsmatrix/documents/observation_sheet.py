"""The observation sheet on paper: what has to be seen, boxes to tick, a code that opens the form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from skillsmatrix.documents.certificate import qr_svg
from skillsmatrix.documents.letterhead import Letterhead
from skillsmatrix.documents.renderer import DoesNotFit, Renderer
from skillsmatrix.documents.wording import printable

_DENSITIES = ("roomy", "close", "dense")

LONGEST_NAME = 120
LONGEST_TITLE = 160
LONGEST_LINE = 400
MOST_CRITERIA = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationSheetFacts:
    """What is printed on a sheet for one person, competency and level, in words. `made_at` is aware.

    `lines`: what is said under the name. `criteria`, `settings`: one box each. `blanks`: lines to write on.
    """

    kind: str
    person: str
    competency: str
    made_on: date
    made_at: datetime
    letterhead: Letterhead
    lines: tuple[str, ...]
    criteria_title: str
    criteria: tuple[str, ...]
    settings_title: str
    settings: tuple[str, ...]
    blanks: tuple[str, ...]
    outcomes_title: str
    outcomes: tuple[str, ...]
    next_steps: str
    overflow: str
    address: str
    address_words: str

    def __post_init__(self) -> None:
        if len(self.criteria) > MOST_CRITERIA:
            raise ValueError(f"a sheet has at most {MOST_CRITERIA} criteria")


def observation_sheet_pdf(facts: ObservationSheetFacts, *, renderer: Renderer) -> bytes:
    """The sheet as one page, PDF/UA-1 and PDF/A-3a; the same facts give the same bytes.

    A list too long for one page says so at its head and goes on overleaf.
    """
    try:
        return _written(facts, renderer, overflow="", densities=_DENSITIES, pages=1)
    except DoesNotFit:
        return _written(facts, renderer, overflow=facts.overflow, densities=("close",), pages=None)


def _written(
    facts: ObservationSheetFacts,
    renderer: Renderer,
    *,
    overflow: str,
    densities: tuple[str, ...],
    pages: int | None,
) -> bytes:
    return renderer.pdf(
        "observation_sheet.html",
        {
            **facts.letterhead.values(),
            "kind": facts.kind,
            "person": printable(facts.person, limit=LONGEST_NAME),
            "competency": printable(facts.competency, limit=LONGEST_TITLE),
            "lines": _lines(facts.lines),
            "criteria_title": facts.criteria_title,
            "criteria": _lines(facts.criteria),
            "settings_title": facts.settings_title,
            "settings": _lines(facts.settings),
            "blanks": _lines(facts.blanks),
            "outcomes_title": facts.outcomes_title,
            "outcomes": _lines(facts.outcomes),
            "next_steps": facts.next_steps,
            "overflow": overflow,
            "address": facts.address,
            "address_words": facts.address_words,
        },
        made_at=facts.made_at,
        identifier=f"observation sheet {facts.person} {facts.competency} {facts.made_at.isoformat()}",
        assets={**facts.letterhead.assets(), "asset:qr": ("image/svg+xml", qr_svg(facts.address))},
        densities=densities,
        pages=pages,
    )


def _lines(texts: Sequence[str]) -> list[str]:
    return [printable(text, limit=LONGEST_LINE) for text in texts]
