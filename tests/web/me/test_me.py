"""My record: what must not be done now comes first, in plain words, with what to do about it."""

from collections.abc import Callable

from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]


def test_what_must_not_be_done_comes_first(browser_of: Browser) -> None:
    page = words(browser_of("staff").get("/me").text)

    assert "Do not do the things in the first list until they are put right. Start with Fire safety." in page
    assert page.index("What you must not do now (1)") < page.index("In order (1)")
    assert "Complete the learning." in page


def test_each_competency_has_a_picture_and_the_same_in_words(browser_of: Browser) -> None:
    page = browser_of("staff").get("/me").text

    assert page.count("<svg") == page.count("<title id=") == page.count("<desc id=") == 2
    assert "Not held in the last two years." in page
    assert "Held from " in page


def test_a_competency_opens_its_reasons(browser_of: Browser) -> None:
    page = words(browser_of("staff").get("/me/competencies/fire").text)

    assert "Nothing recorded that counts." in page
    assert "Needed in every house" in page


def test_an_account_that_is_nobodys_on_the_staff_has_no_record(browser_of: Browser) -> None:
    assert browser_of("svc").get("/me").status_code == 200
    assert browser_of("hcp").get("/me").status_code == 404


def test_nothing_of_others_is_on_my_record(browser_of: Browser) -> None:
    page = browser_of("staff").get("/me").text

    assert page.count("Qanary") == 0 or "Qanarysid" in page
    assert "Qanaryada" not in page
