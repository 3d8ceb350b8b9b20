"""Where somebody cannot go on, the page says what is missing or who can."""

from collections.abc import Callable

from skillsmatrix.foundation import clock
from skillsmatrix.web.shared.formats import typed_day
from tests.web.conftest import CheckedClient

Browser = Callable[[str], CheckedClient]


def test_asking_for_an_assessment_of_nothing_is_told_so(browser_of: Browser) -> None:
    browser = browser_of("svc")

    first, empty = (
        browser.get(f"/people/ada/assessments/ask{query}").text for query in ("", "?competency=&level=3")
    )

    assert "Choose what is to be assessed" not in first
    assert "Choose what is to be assessed" in empty


def test_whoever_stops_and_may_not_allow_again_reads_who_does(browser_of: Browser) -> None:
    answer = browser_of("hr").send(
        "/people/ada/records/stops/new",
        competency="fire",
        starts_on=typed_day(clock.today()),
        reason="Alarm left off",
        once="a",
        step="save",
    )

    assert answer.status_code == 302
    page = browser_of("hr").get("/people/ada/records").text
    assert "Their assessor or the head of clinical practice allows it again." in page
    assert "Allow again" in browser_of("hcp").get("/people/ada/records").text
