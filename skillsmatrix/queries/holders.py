"""Who holds several competencies at once, all of them in date and none suspended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.standing import Verdict, standing
from skillsmatrix.models import Competency, Learning, SignOff
from skillsmatrix.queries.workforce import workforce


@dataclass(frozen=True, slots=True)
class Holder:
    """One person who holds all that was asked for; verdicts in the order of the question."""

    person: str
    verdicts: tuple[Verdict, ...]


def holders(session: Session, competencies: Sequence[str], *, on: date, level: int = 1) -> dict[str, Holder]:
    """Person code → holder, for those who hold every one of `competencies` at `level` or above.

    Codes that the catalogue does not have are held by nobody.
    """
    found: set[int] | None = None
    for code in competencies:
        having = _with_evidence(session, code)
        found = having if found is None else found & having
    facts = workforce(session, staff_ids=found or set())
    holding = {}
    for person in facts.people:
        verdicts = tuple(standing(facts.holding(person, code), level=level, on=on) for code in competencies)
        if all(verdict.standing.compliant for verdict in verdicts):
            holding[person] = Holder(person, verdicts)
    return holding


def _with_evidence(session: Session, competency: str) -> set[int]:
    """Ids of the people with any record at all for the competency."""
    number = session.scalar(select(Competency.id).where(Competency.code == competency))
    if number is None:
        return set()
    return {
        *session.scalars(select(Learning.staff_id).where(Learning.competency_id == number)),
        *session.scalars(select(SignOff.staff_id).where(SignOff.competency_id == number)),
    }
