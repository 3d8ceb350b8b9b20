"""Two conveniences that have opened systems like this one to their users."""

import ast
import re

import pytest

from tests.guards.source import Source, sources, told

UNESCAPED = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false")
REASON_SAFE = (
    "What people type must reach a page escaped. Take `|safe` (or `autoescape false`) out; where markup "
    "is ours, make it in a macro, or return `Markup` from the one function that builds it."
)
REASON_POPULATE = (
    "`populate_obj` writes every field that a request brings to the row, also those the page does not "
    "show. Pass the values to an operation by name."
)


def unescaped_in(source: Source) -> list[str]:
    """Lines of a template that switch escaping off."""
    lines = enumerate(source.text.splitlines(), start=1)
    return [f"{source.path}:{number}: {line.strip()}" for number, line in lines if UNESCAPED.search(line)]


def populated_in(source: Source) -> list[str]:
    """Calls that copy a form onto an object."""
    return [
        f"{source.path}:{node.lineno}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "populate_obj"
    ]


def test_no_template_switches_escaping_off() -> None:
    files = [
        source
        for ending in (".html", ".svg", ".xml", ".txt")
        for source in sources("templates", ending=ending)
    ]

    faults = [fault for source in files for fault in unescaped_in(source)]

    assert not faults, told(faults, REASON_SAFE)


def test_no_form_is_copied_onto_a_row() -> None:
    faults = [fault for source in sources("skillsmatrix") for fault in populated_in(source)]

    assert not faults, told(faults, REASON_POPULATE)


@pytest.mark.parametrize("line", ["{{ name|safe }}", "{{ name | safe }}", "{%- autoescape false %}"])
def test_the_guard_sees_unescaped_text(line: str) -> None:
    assert unescaped_in(Source("templates/bad.html", line))


@pytest.mark.parametrize("line", ["{{ name }}", "<p>keep it safe</p>", "{{ name|safely }}"])
def test_the_guard_lets_escaped_text_pass(line: str) -> None:
    assert not unescaped_in(Source("templates/good.html", line))


def test_the_guard_sees_a_form_copied_onto_a_row() -> None:
    assert populated_in(Source("skillsmatrix/web/bad.py", "form.populate_obj(staff)"))
