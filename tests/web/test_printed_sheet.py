"""The observation sheet on paper leads to the form at the address the site is published under."""

from collections.abc import Callable
from io import BytesIO

import pikepdf

from tests.web.conftest import CheckedClient


def test_the_sheet_is_printed_with_the_published_address_of_its_form(
    browser_of: Callable[[str], CheckedClient],
) -> None:
    answer = browser_of("svc").get("/people/ada/assessments/sheet/med/sheet.pdf?level=1")

    assert answer.mimetype == "application/pdf"
    assert "attachment; filename=observation-sheet-" in answer.headers["Content-Disposition"]
    with pikepdf.open(BytesIO(answer.data)) as document:
        (page,) = document.pages
        links = [str(note.A.URI) for note in page.Annots if "/A" in note]
    assert set(links) == {"http://127.0.0.1:8000/people/ada/assessments/new/med?level=1"}
