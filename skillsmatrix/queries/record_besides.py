"""What the page about a person shows besides facts and the catalogue: it does not raise the data version."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Text, bindparam, cast, func, select, union_all
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import Person
from skillsmatrix.foundation.said import Question
from skillsmatrix.models import SignOff, SignOffReview, Staff, SupervisionAgreement
from skillsmatrix.queries.access import about_one_person, moment, people_said, says

AGREEMENT, REVIEW = "agreement", "review"


def person_and_besides(
    session: Session, staff: str, *, on: date
) -> tuple[Person | None, frozenset[tuple[Any, ...]]]:
    """What rights about the person are judged by that day, and what else the page shows, in one statement.

    The second, agreements about supervision and what became of doubts, is only to be compared: two that are
    equal say that the page shows the same of both.
    """
    asked = besides_question(staff, on=on)
    rows = session.connection().execute(asked.statement, asked.values).all()
    besides = frozenset(tuple(row) for row in rows if row[0] in (AGREEMENT, REVIEW))
    found = people_said(row for row in rows if row[0] not in (AGREEMENT, REVIEW))
    return (found[0] if found else None), besides


def besides_question(staff: str, *, on: date) -> Question:
    """What `person_and_besides` asks."""
    return Question(_person_and_besides(), {"staff": staff, **moment(on)})


@cache
def _person_and_besides() -> CompoundSelect[Any]:
    agreements = (
        select(
            says(AGREEMENT),
            SupervisionAgreement.kind,
            _text(SupervisionAgreement.supervisor_id),
            _text(SupervisionAgreement.every_days),
            _text(SupervisionAgreement.starts_on)
            + "/"
            + func.coalesce(_text(SupervisionAgreement.ends_on), ""),
        )
        .join(Staff, Staff.id == SupervisionAgreement.supervisee_id)
        .where(Staff.code == bindparam("staff"))
    )
    reviews = (
        select(
            says(REVIEW),
            SignOffReview.outcome,
            _text(SignOffReview.sign_off_id),
            _text(SignOffReview.closed_at),
            _text(SignOffReview.id),
        )
        .join(SignOff, SignOff.id == SignOffReview.sign_off_id)
        .join(Staff, Staff.id == SignOff.staff_id)
        .where(Staff.code == bindparam("staff"))
    )
    return union_all(*about_one_person().selects, agreements, reviews)


def _text(column: Any) -> ColumnElement[str]:
    return cast(column, Text)
