"""One module knows what time it is; everybody else is told the day or the instant."""

import ast
import re

import pytest

from tests.guards.source import Source, imports, sources, told

THE_CLOCK = "skillsmatrix/foundation/clock.py"
REASON = (
    "Every answer is for a day that its caller names (contract C1), and tests pass days instead of "
    "freezing time. Take `on=` or `at=` as a keyword; only the outermost layer (web, api, cli) asks "
    "foundation/clock.py."
)
MAY_ASK = tuple(
    f"skillsmatrix/{outer}" for outer in ("web/", "api/", "cli.py", "commands_", "worker.py", "app.py")
)

ASKS = {"now", "today", "utcnow", "current_timestamp", "current_date", "localtimestamp"}
HOLDERS = {"datetime", "date", "dt", "func", "DateTime"}
TIME_OF_DAY = {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime"}
IN_SQL = re.compile(
    r"\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\bLOCALTIME|\b(now|julianday|unixepoch)\(\)|\('now'", re.I
)


def faults_in(source: Source) -> list[str]:
    """Each place that reads a clock other than ours, or ours from too deep inside."""
    docstrings = {id(node.value) for node in ast.walk(source.tree) if isinstance(node, ast.Expr)}
    found: list[tuple[int, str]] = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            holder = _last_name(node.value)
            if (node.attr in ASKS and holder in HOLDERS) or (holder == "time" and node.attr in TIME_OF_DAY):
                found.append((node.lineno, f"{holder}.{node.attr}"))
            if node.attr in {"now", "today"} and holder == "clock" and not source.path.startswith(MAY_ASK):
                found.append((node.lineno, f"{holder}.{node.attr}"))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            found += [(node.lineno, match[0]) for match in IN_SQL.finditer(node.value)]
    for module, name, line in imports(source.tree):
        if module == "time" and name in TIME_OF_DAY:
            found.append((line, f"from time import {name}"))
        of_ours = module == "skillsmatrix.foundation.clock" and name in {"now", "today"}
        if of_ours and not source.path.startswith(MAY_ASK):
            found.append((line, f"{name} of the clock"))
    return [f"{source.path}:{line}: {what}" for line, what in sorted(found)]


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_only_the_clock_module_reads_the_clock() -> None:
    read = sources("skillsmatrix", "config.py", "wsgi.py", "migrations", "seed")

    faults = [fault for source in read if source.path != THE_CLOCK for fault in faults_in(source)]

    assert not faults, told(faults, REASON)


@pytest.mark.parametrize(
    "line",
    [
        "day = date.today()",
        "at = datetime.now(UTC)",
        "at = dt.datetime.utcnow()",
        "column(default=datetime.now)",
        "column(server_default=func.now())",
        "seconds = time.time()",
        "from time import time",
        "text('SELECT CURRENT_TIMESTAMP')",
        "text(\"SELECT datetime('now')\")",
        "clock.now()",
        "from skillsmatrix.foundation.clock import today",
    ],
)
def test_the_guard_sees_a_clock_being_read(line: str) -> None:
    assert faults_in(Source("skillsmatrix/domain/bad.py", line))


@pytest.mark.parametrize(
    "line",
    [
        '"""What is true now (CURRENT_DATE is never asked)."""',
        "started = time.monotonic()",
        "from skillsmatrix.foundation.clock import london_day",
        "datetime.combine(day, time.min)",
    ],
)
def test_the_guard_lets_the_innocent_pass(line: str) -> None:
    assert not faults_in(Source("skillsmatrix/domain/good.py", line))


def test_the_outermost_layer_may_ask_our_clock() -> None:
    assert not faults_in(Source("skillsmatrix/web/home/routes.py", "clock.now()"))
