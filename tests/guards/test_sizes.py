"""Small files and short functions, or the reason why not."""

import ast
import re

import pytest

from tests.guards.source import Source, sources, told

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
NEAR_THE_TOP = 20
REASON = (
    f"Nobody reads a file of more than {LONGEST_FILE} lines or a function of more than {LONGEST_FUNCTION} "
    "to its end. Split it by what its parts are about. Where it is one list that belongs together, write "
    f"`# long: ` and the reason in the first {NEAR_THE_TOP} lines of the file, or in the first lines of "
    "the function."
)
A_REASON = re.compile(r"(#|/\*) ?long: \S+ \S+")


def faults_in(source: Source) -> list[str]:
    """The file and its functions, where they are too long and do not say why."""
    lines = source.text.splitlines()
    faults = []
    if len(lines) > LONGEST_FILE and not A_REASON.search("\n".join(lines[:NEAR_THE_TOP])):
        faults.append(f"{source.path}: {len(lines)} lines")
    if not source.path.endswith(".py") or A_REASON.search("\n".join(lines[:NEAR_THE_TOP])):
        return faults
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first, last = node.lineno, node.end_lineno or node.lineno
            start = "\n".join(lines[first - 1 : node.body[0].end_lineno or first])
            after = "\n".join(lines[first - 1 : first + NEAR_THE_TOP])
            if last - first >= LONGEST_FUNCTION and not A_REASON.search(start + after):
                faults.append(f"{source.path}:{first}: {node.name} has {last - first + 1} lines")
    return faults


def test_no_file_or_function_is_too_long_to_read() -> None:
    code = sources("skillsmatrix", "config.py", "wsgi.py", "tests", "benchmarks", "migrations", "seed")
    pages = sources("templates", ending=".html") + sources("skillsmatrix/static", ending=".css")

    faults = [fault for source in [*code, *pages] for fault in faults_in(source)]

    assert not faults, told(faults, REASON)


def function_of(lines: int, first: str = '"""What it does."""') -> str:
    """A function with so many lines in all."""
    return "\n".join(["def long():", f"    {first}", *["    x = 1"] * (lines - 2)])


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n" * 401,
        "# long:\n" + "x = 1\n" * 401,
        "x = 1\n" * 30 + "# long: too far down to be read first\n" + "x = 1\n" * 400,
        function_of(51),
    ],
)
def test_the_guard_sees_what_is_too_long(text: str) -> None:
    assert faults_in(Source("skillsmatrix/domain/bad.py", text))


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n" * 400,
        "# long: one table of codes\n" + "x = 1\n" * 401,
        function_of(50),
        function_of(51, "# long: one list of columns"),
    ],
)
def test_the_guard_lets_the_innocent_pass(text: str) -> None:
    assert not faults_in(Source("skillsmatrix/domain/good.py", text))
