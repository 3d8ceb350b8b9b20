"""Nothing is written without somebody who did it and an instant at which it was done."""

import ast

import pytest

from tests.guards.source import Source, sources, told

REASON = (
    "A write says who and when: the log and both times of a fact hang on it. Give the operation "
    "keyword-only parameters `by` and `at` without defaults (the web passes the actor and the request's "
    "instant). A function of operations/ that only reads belongs in queries/."
)
# Functions that are handed a session and change nothing, each with what it is for.
ONLY_READ = {
    "skillsmatrix/operations/demonstration.py:is_empty": "whether there is anything to keep",
    "skillsmatrix/operations/demonstration.py:sign_ins_present": "what a start prints",
    "skillsmatrix/operations/imports.py:preview_package": "what an import would do, for its preview",
    "skillsmatrix/operations/keeping.py:found": "the row that a write is about, or that it is missing",
    "skillsmatrix/operations/package_comparison.py:compare": "the same, which the import then writes",
    "skillsmatrix/operations/package_review.py:review": "what is worth knowing about the same beforehand",
}


def faults_in(source: Source) -> list[str]:
    """Public functions that are handed a session and could be called without an actor or an instant.

    A check that raises (`require_…`) is no write.
    """
    faults = []
    for node in source.tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        positional = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        required = {
            argument.arg
            for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
            if default is None
        }
        missing = {"by", "at"} - required
        exempt = node.name.startswith("require_") or f"{source.path}:{node.name}" in ONLY_READ
        if "session" in positional and missing and not exempt:
            faults.append(f"{source.path}:{node.lineno}: {node.name} lacks {', '.join(sorted(missing))}")
    return faults


def test_every_operation_takes_who_and_when() -> None:
    faults = [fault for source in sources("skillsmatrix/operations") for fault in faults_in(source)]

    assert not faults, told(faults, REASON)


def test_every_exception_is_still_there() -> None:
    defined = {
        f"{source.path}:{node.name}"
        for source in sources("skillsmatrix/operations")
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef)
    }

    assert set(ONLY_READ) <= defined, "Take the exception out of ONLY_READ: the function is gone."


@pytest.mark.parametrize(
    "line",
    [
        "def close(session): ...",
        "def close(session, by, at): ...",
        "def close(session, *, by): ...",
        "def close(session, *, by, at=None): ...",
    ],
)
def test_the_guard_sees_an_operation_without_actor_or_instant(line: str) -> None:
    assert faults_in(Source("skillsmatrix/operations/bad.py", line))


@pytest.mark.parametrize(
    "line",
    [
        "def close(session, *, by, at): ...",
        "def _close(session): ...",
        "def digest(text): ...",
        "def require_employed(session, staff): ...",
    ],
)
def test_the_guard_lets_the_innocent_pass(line: str) -> None:
    assert not faults_in(Source("skillsmatrix/operations/good.py", line))
