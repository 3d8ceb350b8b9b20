"""What the page about a person shows besides facts and the catalogue: it does not raise the data version."""

from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Integer, bindparam, cast, null, select, union_all
from sqlalchemy.orm import Session

from skillsmatrix.models import SignOff, SignOffReview, Staff, SupervisionAgreement
from skillsmatrix.models.base import Day, Instant


def besides(session: Session, code: str) -> frozenset[tuple[Any, ...]]:
    """Agreements about the supervision of the person with this code, and what became of doubts about them.

    Only to be compared: two that are equal say that the record shows the same of both.
    """
    return frozenset(map(tuple, session.connection().execute(_besides(), {"code": code})))


@cache
def _besides() -> CompoundSelect[Any]:
    staff, agreement, review, sign_off = (
        model.__table__ for model in (Staff, SupervisionAgreement, SignOffReview, SignOff)
    )
    agreements = (
        select(
            agreement.c.kind,
            agreement.c.supervisor_id,
            agreement.c.every_days,
            agreement.c.starts_on,
            agreement.c.ends_on,
            cast(null(), Instant),
        )
        .join(staff, staff.c.id == agreement.c.supervisee_id)
        .where(staff.c.code == bindparam("code"))
    )
    number, day = cast(null(), Integer), cast(null(), Day)
    reviews = (
        select(review.c.outcome, review.c.sign_off_id, number, day, day, review.c.closed_at)
        .join(sign_off, sign_off.c.id == review.c.sign_off_id)
        .join(staff, staff.c.id == sign_off.c.staff_id)
        .where(staff.c.code == bindparam("code"))
    )
    return union_all(agreements, reviews)
