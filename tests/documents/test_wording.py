import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillsmatrix.documents.wording import BOX, long_day, printable
from tests.documents.corpus import NAMES


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ada\u202eByron", "Ada■Byron"),  # right-to-left override
        ("a\u2066b\u2069", "a■b■"),  # isolates
        ("a\u200bb", "a■b"),  # zero width space
        ("soft\u00adhyphen", "soft■hyphen"),
        ("nul\x00", "nul■"),
        ("\ue000", BOX),  # private use
        ("\ud800", BOX),  # half a pair
        ("漢", BOX),  # no bundled font has it
        ("\u0301a", "■a"),  # a mark on nothing
        ("q\u0323\u0301\u0302\u0300", "q\u0323\u0301\u0302■"),  # more marks than a letter carries
        ("two\u00a0 \t\r\n\u2028words", "two words"),
        ("e\u0323\u0301", "ẹ́"),  # composed as far as Unicode can
        ("علی\u200cرضا", "علی\u200cرضا"),  # part of the spelling in Persian
        ("a\u200cb", "a■b"),  # and a trick elsewhere
    ],
)
def test_what_cannot_be_seen_is_shown(typed: str, shown: str) -> None:
    assert printable(typed, limit=40) == shown


@pytest.mark.parametrize("name", NAMES)
def test_names_of_the_workforce_are_left_alone(name: str) -> None:
    assert BOX not in printable(name, limit=120)


def test_text_is_cut_at_its_limit_with_an_ellipsis() -> None:
    assert printable("abcdef", limit=6) == "abcdef"
    assert printable("abcdefg", limit=6) == "abcde…"
    assert printable("abcd efg", limit=6) == "abcd…"


@given(st.text(max_size=300), st.integers(1, 60))
def test_printing_twice_changes_nothing_and_keeps_the_limit(text: str, limit: int) -> None:
    once = printable(text, limit=limit)

    assert printable(once, limit=limit) == once
    assert len(once) <= limit


def test_endless_text_takes_no_time() -> None:
    started = time.perf_counter()

    for text in ("W" * 50_000, "\u0301" * 50_000, "a" + "\u0301" * 50_000, "\u202e" * 50_000, " " * 50_000):
        printable(text, limit=600)

    assert time.perf_counter() - started < 1


def test_days_are_written_in_words() -> None:
    assert long_day(date(2027, 2, 28)) == "28 February 2027"
    assert long_day(date(2026, 12, 1)) == "1 December 2026"
