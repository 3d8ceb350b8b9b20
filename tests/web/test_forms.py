"""Fields as the kit draws them: labels, hints, errors tied to their field, and values that come back."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from skillsmatrix.domain.standing import Standing
from skillsmatrix.web.shared.standings import STANDINGS
from tests.web.conftest import CheckedClient
from tests.web.specimen import add_specimen

Browsers = Callable[[str], CheckedClient]

GOOD = {
    "name": "Zoë O'Neill-Ade",
    "email": "zoe@example.org",
    "secret": "river stone lamp",
    "number": "3",
    "held_on": "28/2/2027",
    "note": "two\r\nlines",
    "place": "a",
    "kind": "b",
    "several": ["a", "b"],
    "agreed": "y",
}


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", html)


def test_every_field_and_component_makes_a_page_in_order(app: Flask, browser_of: Browsers) -> None:
    add_specimen(app)

    page = squeezed(browser_of("hr").get("/specimen").text)

    assert "37 of 41" in page
    assert "(90.2%)" in page
    assert "not required" in page
    assert 'aria-describedby="name-hint"' in page
    assert 'aria-describedby="held_on-hint"' in page
    assert "For example, 28/2/2027" in page


def test_what_was_typed_arrives_as_values(app: Flask, browser_of: Browsers) -> None:
    taken = add_specimen(app)

    response = browser_of("hr").send("/specimen", **GOOD)

    assert response.status_code == 302
    form = taken[0]
    assert form.held_on.data == date(2027, 2, 28)
    assert form.name.data == "Zoë O'Neill-Ade"
    assert (form.number.data, form.kind.data, form.several.data) == (3, "b", ["a", "b"])


def test_every_error_leads_to_a_field_that_says_it_is_wrong(app: Flask, browser_of: Browsers) -> None:
    add_specimen(app)

    page = squeezed(browser_of("hr").send("/specimen").text)

    targets = re.findall(r'<a href="#([^"]+)">[^<]+</a> </li>', page)
    assert targets == [
        "name", "email", "secret", "number", "held_on", "note", "place", "kind-0", "several-0", "agreed",
    ]  # fmt: skip
    assert page.count('aria-invalid="true"') == len(targets) + 2  # both choices of the two groups
    assert "<title>Error: One of everything - Harbour Homes</title>" in page


@pytest.mark.parametrize("typed", ["31/2/2027", "28/2/27", "soon", "2027"])
def test_a_day_that_is_none_is_refused_and_shown_as_it_was_typed(
    app: Flask, browser_of: Browsers, typed: str
) -> None:
    taken = add_specimen(app)

    page = browser_of("hr").send("/specimen", **{**GOOD, "held_on": typed}).text

    assert taken == []
    assert "Enter a real date, such as 28/2/2027" in page
    assert f'value="{typed}"' in page


@pytest.mark.parametrize("typed", ["1/1/1949", "31/12/9999", "2101-01-01"])
def test_a_day_out_of_reach_is_not_called_no_date(app: Flask, browser_of: Browsers, typed: str) -> None:
    taken = add_specimen(app)

    page = browser_of("hr").send("/specimen", **{**GOOD, "held_on": typed}).text

    assert taken == []
    assert "Enter a day from 1 January 1950 to 31 December 2100" in page


@pytest.mark.parametrize(
    ("field", "sent", "said"),
    [
        ("place", "nowhere", "Place: choose one of those listed"),
        ("kind", "z", "Kind: choose one of those listed"),
        ("several", ["a", "z"], "Several: tick only what is listed"),
        ("number", "three", "Number: enter a whole number, such as 12 <"),
        ("number", "1234567", "Number: enter a whole number, such as 12 <"),
    ],
)
def test_what_a_field_cannot_be_is_said_with_its_name_and_what_to_do(
    app: Flask, browser_of: Browsers, field: str, sent: str | list[str], said: str
) -> None:
    taken = add_specimen(app)

    page = squeezed(browser_of("hr").send("/specimen", **{**GOOD, field: sent}).text)

    assert taken == []
    assert said in page
    assert "valid choice" not in page


def test_what_is_typed_comes_back_escaped_and_never_as_markup(app: Flask, browser_of: Browsers) -> None:
    add_specimen(app)
    hostile = "\"><script>alert(1)</script>{{ 7*7 }}'<b onclick=x>"

    page = browser_of("hr").send(
        "/specimen", **{**GOOD, "name": hostile, "note": hostile, "held_on": hostile}
    )

    assert page.status_code == 200  # the page checker has looked for scripts and handlers
    assert "<script>alert" not in page.text
    assert "49" not in re.sub(r'value="[^"]*"', "", page.text)


@pytest.mark.parametrize("name", ["two\nlines", "right\u202eleft", "zero\u200bwidth", "x" * 21])
def test_a_line_takes_no_control_or_direction_characters(app: Flask, browser_of: Browsers, name: str) -> None:
    taken = add_specimen(app)

    browser_of("hr").send("/specimen", **{**GOOD, "name": name})

    assert taken == []


def test_accents_are_composed_and_edges_trimmed(app: Flask, browser_of: Browsers) -> None:
    taken = add_specimen(app)

    browser_of("hr").send("/specimen", **{**GOOD, "name": "  Zoe\u0308 "})

    assert taken[0].name.data == "Zoë"


def test_fields_that_a_form_does_not_have_are_left(app: Flask, browser_of: Browsers) -> None:
    taken = add_specimen(app)

    browser_of("hr").send("/specimen", **GOOD, is_admin="1", role="adm")

    assert not hasattr(taken[0], "is_admin")
    assert "role" not in taken[0].data


def test_each_showing_of_a_form_is_one_of_its_own(app: Flask, browser_of: Browsers) -> None:
    add_specimen(app)
    client = browser_of("hr")

    pages = [client.get("/specimen").text for _showing in range(2)]

    found = {match[1] for page in pages if (match := re.search(r'name="once" [^>]*value="([^"]{24})"', page))}
    assert len(found) == 2


def test_every_standing_has_a_word_and_a_meaning() -> None:
    assert set(STANDINGS) == {standing.value for standing in Standing}
    assert len({str(words.word) for words in STANDINGS.values()}) == len(STANDINGS)
