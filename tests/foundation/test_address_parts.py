"""A code of any kind is one part of an address, and comes back as it was."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as some

from skillsmatrix.foundation.address_parts import address_part, code_of


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("BH1005", "BH1005"),
        ("123/45", "123~2F45"),
        ("..", "~2E~2E"),
        ("a.b", "a.b"),
        ("50% ~2F", "50%25%20~7E2F"),
    ],
)
def test_a_code_stands_in_one_part(code: str, part: str) -> None:
    assert address_part(code) == part
    assert code_of(unquote(part)) == code


@given(some.text(min_size=1))
def test_every_code_comes_back_and_no_server_or_browser_takes_the_part_for_a_path(code: str) -> None:
    part = address_part(code)

    assert code_of(unquote(part)) == code
    assert "/" not in unquote(part)
    assert unquote(part) not in {".", ".."}
