"""Papers without a signature: role cards and observation sheets, on one page, readable by anybody."""

import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from skillsmatrix.documents.letterhead import Letterhead
from skillsmatrix.documents.observation_sheet import ObservationSheetFacts, observation_sheet_pdf
from skillsmatrix.documents.papers import PaperJob, paper_of
from skillsmatrix.documents.renderer import Renderer
from skillsmatrix.documents.role_card import CardEntry, CardPart, RoleCardFacts, role_card_pdf
from tests.documents.builders import logo

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CARD_ADDRESS = "https://skills.example.org/people/BH1005/card"
FORM_ADDRESS = "https://skills.example.org/people/BH1005/assessments/new/CS-MED?level=3"
OVERLEAF = "It goes on overleaf"


def part(kind: str, *entries: CardEntry) -> CardPart:
    return CardPart(kind, kind.title(), f"What {kind} means", f"Nothing {kind}", entries)


def card(**changes: Any) -> RoleCardFacts:
    stated: dict[str, Any] = {
        "kind": "Role card",
        "subject": "Siân Ŵyn Okafor-Ṣọlá",
        "day_line": "As on 22 November 2026.",
        "on": date(2026, 11, 22),
        "made_at": AT,
        "letterhead": Letterhead("Brightwater Supported Housing", "#7a1f4d", logo()),
        "places": (("Support worker at Larchgate House", "Call 01632 960101"),),
        "boundaries_title": "Never, in this role",
        "boundaries": (("Support worker", "Does not diagnose."),),
        "parts": (
            part("not_now", CardEntry("Fire marshal", "Not held", stop=True)),
            part("alone", CardEntry("Medicines", "level 3, to 30 Jul 2027", "Never covert medicines.")),
            part("supervised"),
            part("aware", CardEntry("Conflict resolution", "to 16 Sept 2027"), CardEntry("Equality")),
        ),
        "closing": ("This card stands to 8 January 2027.",),
        "besides_title": "Besides:",
        "overflow": OVERLEAF,
        "check_line": "The card as it is today",
        "address": CARD_ADDRESS,
        "address_words": "Look it up at",
    }
    return RoleCardFacts(**(stated | changes))


def sheet(**changes: Any) -> ObservationSheetFacts:
    stated: dict[str, Any] = {
        "kind": "Observation sheet",
        "person": "Harpreet Kaur Dhaliwal",
        "competency": "Medicines support",
        "made_on": date(2026, 11, 22),
        "made_at": AT,
        "letterhead": Letterhead("Brightwater Supported Housing"),
        "lines": ("Level 3: does it alone.", "2 more observations."),
        "criteria_title": "What has to be seen",
        "criteria": ("Checks the chart", "Writes it down at once"),
        "settings_title": "Where",
        "settings": ("Morning round", "Night"),
        "blanks": ("Day", "Assessor"),
        "outcomes_title": "What the assessor decided",
        "outcomes": ("Competent", "Not yet"),
        "next_steps": "If not yet: what to do next",
        "overflow": OVERLEAF,
        "address": FORM_ADDRESS,
        "address_words": "Open the form",
    }
    return ObservationSheetFacts(**(stated | changes))


def text_of(pdf: bytes, tmp_path: Path) -> str:
    (tmp_path / "page.pdf").write_bytes(pdf)
    ran = subprocess.run(["pdftotext", "page.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
    return " ".join(ran.stdout.decode().split())


def codes_of(pdf: bytes, tmp_path: Path) -> list[str]:
    (tmp_path / "page.pdf").write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", "110", "-png", "-singlefile", "page.pdf", "page"], cwd=tmp_path, check=True
    )
    return [code.text for code in zxingcpp.read_barcodes(Image.open(tmp_path / "page.png").convert("RGB"))]


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


def many(number: int) -> tuple[CardEntry, ...]:
    return tuple(
        CardEntry(f"Skill {each}", "level 3", "No more than " + "this much " * 30) for each in range(number)
    )


def test_a_card_says_all_it_is_given_on_one_page(renderer: Renderer, tmp_path: Path) -> None:
    pdf = role_card_pdf(card(), renderer=renderer)
    text = text_of(pdf, tmp_path)

    for fact in (
        "Role card Siân Ŵyn Okafor-Ṣọlá", "Brightwater", "As on 22 November 2026.", "Larchgate House",
        "Call 01632 960101", "Does not diagnose.", "Fire marshal Not held", "level 3, to 30 Jul 2027",
        "Never covert medicines.", "Nothing supervised", "Conflict resolution", "Equality", CARD_ADDRESS,
        "This card stands to 8 January 2027.",
    ):  # fmt: skip
        assert fact in text
    assert OVERLEAF not in text
    assert pages_of(pdf) == 1
    assert codes_of(pdf, tmp_path) == [CARD_ADDRESS]


def test_what_must_not_be_done_comes_before_what_may(renderer: Renderer, tmp_path: Path) -> None:
    text = text_of(role_card_pdf(card(), renderer=renderer), tmp_path)

    assert text.index("Does not diagnose") < text.index("Fire marshal") < text.index("Never covert")


def test_a_fuller_card_is_set_closer_and_stays_on_one_page(renderer: Renderer, tmp_path: Path) -> None:
    pdf = role_card_pdf(card(parts=(part("alone", *many(14)),)), renderer=renderer)

    assert pages_of(pdf) == 1
    assert "Skill 13" in text_of(pdf, tmp_path)


def test_what_is_held_besides_is_only_listed_when_the_page_is_full(
    renderer: Renderer, tmp_path: Path
) -> None:
    besides = tuple(
        CardEntry(f"Hobby {each}", "level 3", "At home " * 40, besides=True) for each in range(60)
    )
    asked = CardEntry("Medicines", "level 3", "Never covert medicines.")

    full = role_card_pdf(card(parts=(part("alone", asked, *besides),)), renderer=renderer)
    roomy = role_card_pdf(card(parts=(part("alone", asked, *besides[:3]),)), renderer=renderer)
    text = text_of(full, tmp_path)

    assert pages_of(full) == 1
    assert "Never covert medicines." in text
    assert "Besides: Hobby 0 level 3 · Hobby 1" in text
    assert "At home" not in text
    assert "At home" in text_of(roomy, tmp_path)


def test_a_card_that_cannot_fit_says_so_and_loses_nothing(renderer: Renderer, tmp_path: Path) -> None:
    pdf = role_card_pdf(card(parts=(part("alone", *many(40)),)), renderer=renderer)
    text = text_of(pdf, tmp_path)

    assert pages_of(pdf) > 1
    assert OVERLEAF in text
    assert all(f"Skill {each}" in text for each in range(40))


def test_a_sheet_has_the_criteria_the_settings_and_the_code_of_its_form(
    renderer: Renderer, tmp_path: Path
) -> None:
    pdf = observation_sheet_pdf(sheet(), renderer=renderer)
    text = text_of(pdf, tmp_path)

    for fact in (
        "Harpreet Kaur Dhaliwal", "Medicines support", "Level 3: does it alone.", "2 more observations.",
        "Checks the chart", "Writes it down at once", "Morning round", "Night", "Assessor", "Not yet",
    ):  # fmt: skip
        assert fact in text
    assert pages_of(pdf) == 1
    assert codes_of(pdf, tmp_path) == [FORM_ADDRESS]


def test_a_list_of_two_dozen_stays_on_one_page_and_a_hundred_go_overleaf(
    renderer: Renderer, tmp_path: Path
) -> None:
    two_dozen = observation_sheet_pdf(sheet(criteria=("Does a part of it",) * 24), renderer=renderer)
    hundred = observation_sheet_pdf(sheet(criteria=("Does a part of it",) * 100), renderer=renderer)

    assert pages_of(two_dozen) == 1
    assert pages_of(hundred) > 1
    assert OVERLEAF in text_of(hundred, tmp_path)


@pytest.mark.parametrize("facts", [card(), sheet()], ids=["role card", "observation sheet"])
def test_a_paper_is_the_same_each_time_and_keeps_both_standards(
    facts: RoleCardFacts | ObservationSheetFacts, renderer: Renderer, faults: Callable[[bytes], list[str]]
) -> None:
    pdf = paper_of(renderer, PaperJob("one", facts))

    assert paper_of(renderer, PaperJob("two", facts)) == pdf
    assert faults(pdf) == []


def test_a_colour_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        Letterhead("Brightwater", "red; background: url(x)")
