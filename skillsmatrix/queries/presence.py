"""Who is there to be reminded: employed on the day, and not on a long absence."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import Period
from skillsmatrix.domain.person import is_long
from skillsmatrix.models import Absence, Staff

_AT_ONCE = 500


def present(session: Session, codes: Collection[str], *, on: date) -> frozenset[str]:
    """Those of these staff codes who are employed on the day and not away for 28 days or longer (R5)."""
    wanted = sorted(codes)
    found: set[str] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        found |= _present(session, wanted[start : start + _AT_ONCE], on)
    return frozenset(found)


def _present(session: Session, codes: list[str], on: date) -> set[str]:
    employed = session.scalars(
        select(Staff.code).where(
            Staff.code.in_(codes),
            Staff.employed_from <= on,
            or_(Staff.employed_to.is_(None), Staff.employed_to >= on),
        )
    )
    absences = session.execute(
        select(Staff.code, Absence.starts_on, Absence.ends_on)
        .join(Absence, Absence.staff_id == Staff.id)
        .where(
            Staff.code.in_(codes),
            Absence.starts_on <= on,
            or_(Absence.ends_on.is_(None), Absence.ends_on >= on),
        )
    )
    return set(employed) - {code for code, first, last in absences if is_long(Period(first, last))}
