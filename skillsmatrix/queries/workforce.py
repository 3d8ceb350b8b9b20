"""The facts behind every answer, read from the database in a few statements."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from skillsmatrix.domain import records
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.queries.people_facts import SOURCES
from skillsmatrix.queries.tables import StoredTables


def workforce(
    session: Session, *, known_at: datetime | None = None, staff_ids: Collection[int] | None = None
) -> Workforce:
    """The facts of everybody, or of some people, as known at an instant (None: now)."""
    stored = StoredTables(session, known_at=known_at, staff_ids=staff_ids)
    needed = (
        "competencies",
        "services",
        "requirements",
        "staff",
        "posts",
        "absences",
        "course_grants",
        "learning",
        "sign_offs",
        "supervision",
        "registrations",
        "suspensions",
        "exemptions",
    )
    return records.workforce({table: stored.rows(table, _attributes(table)) for table in needed})


def _attributes(table: str) -> tuple[str, ...] | None:
    """Those that the rules need of a table about people; all of any other."""
    return SOURCES[table][1] if table in SOURCES else None
