"""The package for some awkward days, made once for all tests of this folder."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from skillsmatrix.demonstration import demonstration_package
from skillsmatrix.demonstration.package import Package
from skillsmatrix.domain import records
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.foundation.paths import SEED
from skillsmatrix.interchange.package import read_package
from skillsmatrix.interchange.writing import write_folder

DAYS = (date(2026, 11, 22), date(2028, 2, 29), date(2026, 12, 31))


@cache
def package_on(day: date) -> Package:
    """The demonstration as loaded on a day."""
    return demonstration_package(SEED, on=day)


@pytest.fixture(params=DAYS, ids=str)
def day(request: pytest.FixtureRequest) -> date:
    """A day on which somebody loads the demonstration."""
    return date.fromisoformat(str(request.param))


@pytest.fixture
def package(day: date) -> Package:
    """The package of that day."""
    return package_on(day)


@pytest.fixture(scope="session")
def read_back(tmp_path_factory: pytest.TempPathFactory) -> Callable[[date], Workforce]:
    """A day → the people and rules, written as a package and read through its reader."""

    @cache
    def of(day: date) -> Workforce:
        folder = Path(tmp_path_factory.mktemp("demonstration")) / "package"
        write_folder(package_on(day), folder)
        tables = read_package(folder).rows
        return records.workforce({table: [row.values for row in rows] for table, rows in tables.items()})

    return of


@pytest.fixture
def workforce(day: date, read_back: Callable[[date], Workforce]) -> Workforce:
    """The people and rules of that day."""
    return read_back(day)
