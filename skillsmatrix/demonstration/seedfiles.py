"""What is fixed: the starter catalogue, the service profiles, and the plan of the invented organisation."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]
CATALOGUE_TABLES = ("roles", "competencies", "courses", "course_grants")


@dataclass(frozen=True, slots=True)
class SeedFiles:
    """The tables of the starter catalogue, its service profiles, and the plan of the demonstration."""

    catalogue: Mapping[str, list[Row]]
    profiles: Mapping[str, list[Row]]
    plan: Mapping[str, list[Row]]

    def requirements_of_everyone(self) -> list[Row]:
        """The rows of the catalogue that name neither a service nor a role."""
        return [row for row in self.catalogue["requirements"] if not row["service"] and not row["role"]]


def read_seed(folder: Path) -> SeedFiles:
    """The seed folder, whole. A missing file is an error: the demonstration is not made of half a plan."""
    return SeedFiles(_tables(folder / "catalogue"), _tables(folder / "profiles"), _tables(folder / "demo"))


def _tables(folder: Path) -> dict[str, list[Row]]:
    return {path.stem: read_rows(path) for path in sorted(folder.glob("*.csv"))}


def read_rows(path: Path) -> list[Row]:
    """The rows of one CSV file by column name."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [dict(row) for row in csv.DictReader(stream)]
