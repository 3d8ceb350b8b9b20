"""Importing a data package: all or nothing, merged by its keys, every correction keeping what was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from skillsmatrix.interchange.package import Package
from skillsmatrix.interchange.tables import TABLES, Value
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.package_comparison import Differences, compare
from skillsmatrix.operations.package_review import Review, Reviewed, require_reviewed, review
from skillsmatrix.operations.package_storing import store

# A change in one of these can change what is concluded about anybody.
CATALOGUE = frozenset({"services", "roles", "competencies", "courses", "course_grants", "requirements"})
MOST_NAMED = 1_000  # for more people than this, conclusions are drawn anew for everybody at once


@dataclass(frozen=True, slots=True)
class TableCounts:
    """How many rows of one table are new, differ from what is stored, or are equal to it."""

    added: int = 0
    corrected: int = 0
    unchanged: int = 0


class ImportCounts(dict[str, TableCounts]):
    """What an import did: table → counts, for every table of the contract in load order."""

    @property
    def changed(self) -> bool:
        """Whether anything was added or corrected at all."""
        return any(counts.added or counts.corrected for counts in self.values())


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A row that an import would add, with the line of the file where it starts."""

    line: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """A row that an import would correct. `key`: which; `before` and `after`: only what differs."""

    line: int
    key: Mapping[str, Value]
    before: Mapping[str, Value]
    after: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class TablePreview:
    """One table of a preview: the counts are whole, the rows only the first in the order of the file."""

    counts: TableCounts
    added: list[AddedRow]
    corrected: list[CorrectedRow]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do: table → preview, for every table of the contract in load order."""

    tables: Mapping[str, TablePreview]
    review: Review

    @property
    def counts(self) -> ImportCounts:
        """The counts that the import itself would give."""
        return ImportCounts({name: table.counts for name, table in self.tables.items()})


def preview_package(
    session: Session, package: Package, *, staff: str | None = None, most_rows: int = 100
) -> Preview:
    """What importing this package now would add and correct; writes nothing.

    At most `most_rows` rows of each kind are given for each table. `staff`: the code of whoever looks at it.
    Raises PackageFaults as the import does.
    """
    found = compare(session, package)
    reviewed = review(session, package, found, staff=staff)
    of_table = {one.rows.table.name: one for one in found}
    nothing = TablePreview(TableCounts(), [], [])
    return Preview(
        {
            table.name: _preview(of_table[table.name], most_rows) if table.name in of_table else nothing
            for table in TABLES
        },
        reviewed,
    )


def import_package(
    session: Session,
    package: Package,
    *,
    by: str,
    at: datetime,
    reason: str | None = None,
    reviewed: Reviewed | None = None,
) -> ImportCounts:
    """Merge a package into what is stored, in the caller's transaction; returns what was done.

    New rows are added, rows that differ are corrected and keep their earlier version, rows that the package
    does not have are left alone. A package that changes nothing leaves no trace, not even in the log.
    Raises PackageFaults when it refers to what is nowhere or breaks a rule together with what is stored;
    the caller then rolls back. The session must have begun as a writing one. `reviewed`: from a page, where
    one person answers for it; raises ChangedSince or RulesNeedTwo as `require_reviewed` does.
    """
    found = compare(session, package)
    if reviewed is not None:
        require_reviewed(session, package, found, reviewed=reviewed)
    counts = _counts(found)
    if not counts.changed:
        return counts
    people: set[int] = set()
    changed = [one for one in found if one.added or one.corrected]
    for differences in changed:
        people |= store(session, differences, by=by, at=at, reason=reason)
    session.expire_all()  # rows were written past the objects that the session may hold
    concerns_all = len(people) > MOST_NAMED or any(one.rows.table.name in CATALOGUE for one in changed)
    refresh(session, staff_ids=None if concerns_all else people, by=by, at=at)
    audit(session, "package_imported", by=by, at=at, after=_said(package, counts, reason))
    return counts


def _counts(found: list[Differences]) -> ImportCounts:
    counts = {one.rows.table.name: _table_counts(one) for one in found}
    return ImportCounts({table.name: counts.get(table.name, TableCounts()) for table in TABLES})


def _table_counts(one: Differences) -> TableCounts:
    return TableCounts(len(one.added), len(one.corrected), one.unchanged)


def _said(package: Package, counts: ImportCounts, reason: str | None) -> dict[str, Any]:
    return {
        "package": package.digest,
        "reason": reason,
        "tables": {
            name: [table.added, table.corrected, table.unchanged]
            for name, table in counts.items()
            if name in package.present_tables
        },
    }


def _preview(one: Differences, most_rows: int) -> TablePreview:
    rows = one.rows
    added = [AddedRow(row.line, row.values) for row in (rows[index] for index in one.added[:most_rows])]
    corrected = []
    for correction in one.corrected[:most_rows]:
        row = rows[correction.index]
        key = {name: row.values.get(name) for name in rows.table.key}
        corrected.append(CorrectedRow(row.line, key, correction.before, correction.after))
    return TablePreview(_table_counts(one), added, corrected)
