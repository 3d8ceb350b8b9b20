"""Which way the house may look: what the contracts in pyproject.toml cannot say."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.guards.source import PROJECT, Source, imports, sources, told

OUTSIDE = {"benchmarks", "config", "seed", "tests", "wsgi"}
ENTRY = "skillsmatrix/__main__.py"
REASON_OUTSIDE = (
    "Settings arrive as arguments and tests stand outside, so that the package can be installed and "
    "started anywhere. Take what you need as a parameter; only skillsmatrix/__main__.py and wsgi.py read "
    "`config`."
)
REASON_PURE = (
    "The rules need nothing but Python: they can be read, tested and trusted without a database or a "
    "page. Move what needs a library out of domain/, and pass its result in."
)
REASON_BARE = "The setup runs on a machine that has Python and nothing else. Use the standard library only."
REASON_SQL = (
    "Pages never touch tables: a page asks queries/ and writes through operations/, where scope and log "
    "are. In web/ and api/, SQLAlchemy may be imported for the type `Session` and for its exceptions "
    "only."
)
REASON_AREAS = (
    "Areas of the site are independent: a page can be changed without reading another. What two areas "
    "need goes to web/shared."
)
# Library → the one room that knows it, so that it can be replaced there.
ONE_ROOM = {
    "alembic": "foundation",
    "openbadgeslib": "documents",
    "openpyxl": "interchange",
    "pyhanko": "documents",
    "weasyprint": "documents",
}
REASON_ONE_ROOM = (
    "One room keeps this library, so that a change of it is a change in one place. Call a function of "
    "that room."
)


def outside_in(source: Source) -> list[str]:
    """Imports of what stands around the package."""
    allowed = {"config"} if source.path == ENTRY else set()
    return _imports_where(source, lambda module, _: module.partition(".")[0] in OUTSIDE - allowed)


def impure_in(source: Source) -> list[str]:
    """Imports in a rule of anything but the standard library and other rules."""
    return _imports_where(source, lambda module, _: not _is_standard(module) and not _is_in(module, "domain"))


def not_bare_in(source: Source) -> list[str]:
    """Imports in the setup of anything but the standard library and itself."""
    return _imports_where(source, lambda module, _: not _is_standard(module) and not _is_in(module, "setup"))


def sql_in(source: Source) -> list[str]:
    """Imports in a page of what could read or write a table; web/shared/database.py has the handle."""

    def is_sql(module: str, name: str | None) -> bool:
        if _is_in(module, "models"):
            return True
        harmless = module.startswith(("sqlalchemy.exc", "sqlalchemy.orm.exc")) or name == "Session"
        return module.partition(".")[0] == "sqlalchemy" and not harmless

    if source.path == "skillsmatrix/web/shared/database.py":
        return []
    return _imports_where(source, is_sql)


def neighbours_in(source: Source) -> list[str]:
    """Imports in an area of the site of another area; all may use web/shared."""
    area = ".".join(Path(source.path).with_suffix("").parts[:3])

    def is_neighbour(module: str, _: str | None) -> bool:
        other = ".".join(module.split(".")[:3])
        return other.startswith("skillsmatrix.web.") and other not in {area, "skillsmatrix.web.shared"}

    return _imports_where(source, is_neighbour)


def astray_in(source: Source) -> list[str]:
    """Imports of a library outside the room that keeps it."""
    room = Path(source.path).parts[1]
    return _imports_where(source, lambda module, _: ONE_ROOM.get(module.partition(".")[0], room) != room)


def _imports_where(source: Source, is_wrong: Callable[[str, str | None], bool]) -> list[str]:
    return [
        f"{source.path}:{line}: {module}{f' ({name})' if name else ''}"
        for module, name, line in imports(source.tree)
        if is_wrong(module, name)
    ]


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def _is_in(module: str, room: str) -> bool:
    return module == f"skillsmatrix.{room}" or module.startswith(f"skillsmatrix.{room}.")


PACKAGE = sources("skillsmatrix")
RULES = {
    "outside": (outside_in, PACKAGE, REASON_OUTSIDE),
    "pure": (impure_in, sources("skillsmatrix/domain"), REASON_PURE),
    "bare": (not_bare_in, sources("skillsmatrix/setup"), REASON_BARE),
    "sql": (sql_in, sources("skillsmatrix/web", "skillsmatrix/api"), REASON_SQL),
    "areas": (neighbours_in, sources("skillsmatrix/web"), REASON_AREAS),
    "one room": (astray_in, PACKAGE, REASON_ONE_ROOM),
}


@pytest.mark.parametrize("rule", RULES)
def test_imports_keep_to_the_rule(rule: str) -> None:
    faults_in, files, reason = RULES[rule]

    faults = [fault for source in files for fault in faults_in(source)]

    assert files
    assert not faults, told(faults, reason)


@pytest.mark.parametrize(
    ("rule", "path", "line"),
    [
        ("outside", "skillsmatrix/cli.py", "import config"),
        ("outside", "skillsmatrix/web/a.py", "def f():\n    from tests.builders import staff"),
        ("outside", ENTRY, "import wsgi"),
        ("pure", "skillsmatrix/domain/a.py", "import numpy"),
        ("pure", "skillsmatrix/domain/a.py", "from skillsmatrix.foundation import clock"),
        ("bare", "skillsmatrix/setup/a.py", "import requests"),
        ("bare", "skillsmatrix/setup/a.py", "from skillsmatrix.foundation.paths import PROJECT"),
        ("sql", "skillsmatrix/web/a.py", "from sqlalchemy import select"),
        ("sql", "skillsmatrix/web/a.py", "from skillsmatrix.models import Staff"),
        ("areas", "skillsmatrix/web/people/routes.py", "from skillsmatrix.web.services.pages import row"),
        ("areas", "skillsmatrix/web/shared/pages.py", "import skillsmatrix.web.home"),
        ("one room", "skillsmatrix/web/a.py", "import weasyprint"),
        ("one room", "skillsmatrix/operations/a.py", "from pyhanko.sign import signers"),
    ],
)
def test_the_guard_sees_a_broken_rule(rule: str, path: str, line: str) -> None:
    assert RULES[rule][0](Source(path, line))


@pytest.mark.parametrize(
    ("rule", "path", "line"),
    [
        ("outside", ENTRY, "from config import settings_from_environment"),
        (
            "pure",
            "skillsmatrix/domain/a.py",
            "from skillsmatrix.domain.calendar import add_months\nimport datetime",
        ),
        (
            "sql",
            "skillsmatrix/web/a.py",
            "from sqlalchemy.orm import Session\nfrom sqlalchemy.exc import DBAPIError",
        ),
        ("areas", "skillsmatrix/web/people/routes.py", "from skillsmatrix.web.shared.pages import row"),
        ("areas", "skillsmatrix/web/people/routes.py", "from skillsmatrix.web.people.pages import row"),
        ("one room", "skillsmatrix/documents/a.py", "import weasyprint"),
    ],
)
def test_the_guard_lets_the_innocent_pass(rule: str, path: str, line: str) -> None:
    assert not RULES[rule][0](Source(path, line))


def declared(*, for_tests: bool) -> set[str]:
    """Names of the distributions that pyproject.toml asks for, in one spelling."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    asked = list(project["project"]["dependencies"])
    if for_tests:
        asked += [line for group in project["dependency-groups"].values() for line in group]
    return {_spelt_once(re.split(r"[\[<>=!~ ]", line)[0]) for line in asked}


def undeclared_in(source: Source, names: set[str]) -> list[str]:
    """Imports of a library that is here only because something else happens to need it."""

    def is_undeclared(module: str, _: str | None) -> bool:
        top = module.partition(".")[0]
        if not top or _is_standard(module) or top in {"skillsmatrix", *OUTSIDE}:
            return False
        return not names & {_spelt_once(name) for name in _owners().get(top, [])}

    return _imports_where(source, is_undeclared)


@cache
def _owners() -> Mapping[str, list[str]]:
    return packages_distributions()


def _spelt_once(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


REASON_UNDECLARED = (
    "What is imported is asked for by name, or it goes with the next update of whatever brought it. Add "
    "the library to pyproject.toml (`dependencies`, or a group for tests) and lock it with `uv lock`."
)


@pytest.mark.parametrize(("folder", "for_tests"), [("skillsmatrix", False), ("tests", True)])
def test_what_is_imported_is_asked_for(folder: str, for_tests: bool) -> None:
    names = declared(for_tests=for_tests)

    faults = [fault for source in sources(folder) for fault in undeclared_in(source, names)]

    assert not faults, told(faults, REASON_UNDECLARED)


def test_the_guard_sees_a_library_that_nobody_asked_for() -> None:
    line = "import numpy, markupsafe"

    assert undeclared_in(Source("skillsmatrix/a.py", line), {"numpy"}) == ["skillsmatrix/a.py:1: markupsafe"]


def test_the_contracts_catch_an_import_that_points_outwards(tmp_path: Path) -> None:
    contracts = (PROJECT / "pyproject.toml").read_text()
    (tmp_path / "pyproject.toml").write_text(
        "[tool.importlinter]" + contracts.partition("[tool.importlinter]")[2]
    )
    for source in PACKAGE:
        copy = tmp_path / source.path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(source.text)
    (tmp_path / "skillsmatrix/domain/astray.py").write_text("import skillsmatrix.operations\n")

    finished = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert finished.returncode == 1
    assert "skillsmatrix.domain.astray -> skillsmatrix.operations" in finished.stdout
