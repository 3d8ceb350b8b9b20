"""What a rule, a read or a write answers is said where it is written."""

import ast

import pytest

from tests.guards.source import Source, sources, told

REASON = (
    "A registered manager should be able to follow a rule read aloud. Begin the public function, the "
    "class or the module with a docstring: what it answers or does, in the field's words, then order, "
    "units and errors."
)
SAYS_WHAT_IT_DOES = tuple(
    f"skillsmatrix/{room}"
    for room in ("domain", "operations", "queries", "documents", "interchange", "engine", "foundation")
)


def faults_in(source: Source) -> list[str]:
    """The module, and its public functions and classes, that begin without a docstring."""
    faults = []
    if source.text.strip() and ast.get_docstring(source.tree) is None:
        faults.append(f"{source.path}:1: the module")
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if not node.name.startswith("_") and not (ast.get_docstring(node) or "").strip():
            faults.append(f"{source.path}:{node.lineno}: {node.name}")
    return faults


def test_what_is_public_inside_says_what_it_does() -> None:
    faults = [fault for source in sources(*SAYS_WHAT_IT_DOES) for fault in faults_in(source)]

    assert not faults, told(faults, REASON)


def test_every_module_says_what_it_is_for() -> None:
    faults = [
        fault
        for source in sources("skillsmatrix", "config.py", "wsgi.py", "benchmarks", "migrations")
        for fault in faults_in(source)
        if fault.endswith("the module")
    ]

    assert not faults, told(faults, REASON)


@pytest.mark.parametrize(
    "text",
    [
        "x = 1",
        '"""Module."""\ndef shortfall(): return 1',
        '"""Module."""\nclass Verdict:\n    """   """',
        '"""Module."""\nclass Verdict: pass',
    ],
)
def test_the_guard_sees_what_is_not_said(text: str) -> None:
    assert faults_in(Source("skillsmatrix/domain/bad.py", text))


@pytest.mark.parametrize(
    "text", ["", '"""Module."""\ndef _inner(): return 1', '"""M."""\ndef f():\n    """F."""']
)
def test_the_guard_lets_the_innocent_pass(text: str) -> None:
    assert not faults_in(Source("skillsmatrix/domain/good.py", text))
