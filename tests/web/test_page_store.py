"""What an application keeps of its pages: as much as it has room for, and no answer without its page."""

from datetime import UTC, date, datetime, timedelta

import pytest

from skillsmatrix.web.shared import page_store
from skillsmatrix.web.shared.page_store import Answer, Grounds, Page, Pages

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
GROUNDS = Grounds(said=(), on=date(2026, 6, 30), at=NOON, until=NOON + timedelta(days=2))


def answer(words: str, body: bytes = b"page") -> Answer:
    return Answer(words, (("Vary", "Cookie"),), body, GROUNDS)


def test_a_page_is_found_under_what_it_was_kept_under() -> None:
    pages = Pages()
    pages.keep("matrix", Page(b"one", "text/html"))
    pages.keep("matrix", Page(b"two", "text/html"))

    assert pages.find("matrix") == Page(b"two", "text/html")
    assert pages.find("record") is None


def test_when_there_is_no_room_the_page_that_was_not_asked_for_goes_with_its_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(page_store, "MOST_BYTES_KEPT", 25)
    pages = Pages()
    for key in ("first", "second"):
        pages.keep(key, Page(b"ten bytes.", "text/html"))
        pages.note(key, answer(f"GET {key}"))

    assert pages.answer_to("GET first") == answer("GET first")
    pages.keep("third", Page(b"ten bytes.", "text/html"))

    assert pages.find("second") is None
    assert pages.answer_to("GET second") is None
    assert pages.answer_to("GET first") == answer("GET first")


def test_a_page_remembers_the_last_answer_only() -> None:
    pages = Pages()
    pages.keep("matrix", Page(b"page", "text/html"))
    pages.note("matrix", answer("GET as a person"))
    pages.note("matrix", answer("GET as a script"))

    assert pages.answer_to("GET as a person") is None
    assert pages.answer_to("GET as a script") == answer("GET as a script")


def test_the_same_request_is_answered_with_the_newer_page() -> None:
    pages = Pages()
    for version in (b"1", b"2"):
        pages.keep(version, Page(version, "text/html"))
        pages.note(version, answer("GET", version))

    pages.keep(b"1", Page(b"1", "text/html"))  # drops what came before, and its answer with it

    assert pages.answer_to("GET") == answer("GET", b"2")


def test_there_is_no_answer_to_a_page_that_went_meanwhile() -> None:
    pages = Pages()
    pages.note("matrix", answer("GET"))

    assert pages.answer_to("GET") is None


@pytest.mark.parametrize(
    ("now", "stand"),
    [
        (NOON, True),
        (NOON - timedelta(seconds=1), False),
        (datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), False),  # midnight in London, in summer
        (NOON + timedelta(days=2), False),
    ],
)
def test_grounds_stand_on_their_day_from_their_instant(now: datetime, stand: bool) -> None:
    assert GROUNDS.stand(now) is stand


def test_grounds_stand_until_they_are_to_be_looked_at() -> None:
    grounds = Grounds(said=(), on=NOON.date(), at=NOON, until=NOON + timedelta(minutes=1))

    assert grounds.stand(NOON + timedelta(seconds=59))
    assert not grounds.stand(NOON + timedelta(minutes=1))
