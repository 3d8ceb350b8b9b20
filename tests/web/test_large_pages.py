"""A page with its large parts put in as bytes."""

import pytest
from markupsafe import escape

from skillsmatrix.web.shared.large_pages import PLACE, filled


def test_each_part_stands_in_its_place_and_is_sent_as_it_is() -> None:
    rows = ["Wård".encode(), " & Söhne".encode()]

    answer = filled(f"<p>Ångström{PLACE}</p>{escape('<b>')}{PLACE}", [rows, [b"<td>"]])

    assert list(answer.response) == ["<p>Ångström".encode(), *rows, b"</p>&lt;b&gt;", b"<td>", b""]
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.get_data() == "<p>ÅngströmWård & Söhne</p>&lt;b&gt;<td>".encode()


@pytest.mark.parametrize("parts", [0, 2])
def test_parts_and_places_are_as_many(parts: int) -> None:
    with pytest.raises(ValueError, match="zip"):
        filled(f"<p>{PLACE}</p>", [[b"<td>"]] * parts)
