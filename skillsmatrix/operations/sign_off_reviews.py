"""Doubts about sign-offs: opened for one or for all that an assessor signed, and settled (domain S6)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.sign_off import held_without
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Competency, SignOff, SignOffReview, Staff, Suspension
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.versions import correct, record
from skillsmatrix.queries.sign_offs import open_reviews_of
from skillsmatrix.queries.workforce import workforce


class ReviewRefused(Exception):
    """The review cannot be closed so; `about` names the fact that is wrong."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


class AlreadyClosed(ReviewRefused):
    """The doubt has been settled."""


class NotToBeKept(ReviewRefused):
    """It was withdrawn, or is under review already, which is to be settled instead."""


class OwnReview(ReviewRefused):
    """Nobody settles a doubt about themself, their own sign-off or their own "not yet"."""


def review_sign_offs(
    session: Session, *, sign_off_ids: Collection[int], reason: str, by: str, at: datetime
) -> list[int]:
    """Put sign-offs under review in one step; the ids of the reviews opened (S6).

    Whoever holds the competency by these sign-offs alone is suspended in it from today until the review is
    closed. Withdrawn ones, and those under review already, are left as they are.
    """
    doubted = set(sign_off_ids) - {each.sign_off_id for each in open_reviews_of(session, sign_off_ids)}
    facts = session.scalars(
        select(SignOff)
        .where(SignOff.id.in_(doubted), SignOff.withdrawn_on.is_(None), SignOff.outcome == "competent")
        .order_by(SignOff.id)
    ).all()
    pairs: dict[tuple[int, int], list[SignOff]] = {}
    for fact in facts:
        pairs.setdefault((fact.staff_id, fact.competency_id), []).append(fact)
    known = workforce(session, staff_ids={fact.staff_id for fact in facts})
    opened = []
    for found in pairs.values():
        suspension_id = _suspend_meanwhile(session, known, found, reason, by=by, at=at)
        opened += [open_review(session, fact, reason, suspension_id, by=by, at=at) for fact in found]
    if facts:
        refresh(
            session,
            staff_ids={fact.staff_id for fact in facts},
            competency_ids={fact.competency_id for fact in facts},
            by=by,
            at=at,
        )
    return opened


def _suspend_meanwhile(
    session: Session, known: Workforce, doubted: Sequence[SignOff], reason: str, *, by: str, at: datetime
) -> int | None:
    """Suspend the person in the competency, unless they hold it without the sign-offs in doubt."""
    on, first = london_day(at), doubted[0]
    person = session.get_one(Staff, first.staff_id).code
    competency = session.get_one(Competency, first.competency_id).code
    evidence = known.holding(person, competency).evidence
    level = evidence.held_level(on)
    codes = dict(
        session.execute(
            select(Staff.id, Staff.code).where(Staff.id.in_({each.assessor_id for each in doubted}))
        ).all()
    )
    in_doubt = [(each.assessed_on, codes[each.assessor_id]) for each in doubted]
    if level == 0 or held_without(evidence, in_doubt, level=level, on=on):
        return None
    return _own_suspension(session, first, reason, on=on, by=by, at=at)


def _own_suspension(
    session: Session, fact: SignOff, reason: str, *, on: date, by: str, at: datetime
) -> int | None:
    """A suspension of the review's own; one that another review made today is shared.

    Where a decision of somebody else starts today, ours begins when that one ends; it may have no end.
    """
    today = session.scalar(
        select(Suspension).where(
            Suspension.staff_id == fact.staff_id,
            Suspension.competency_id == fact.competency_id,
            Suspension.starts_on == on,
        )
    )
    starts_on = on
    if today is not None:
        shared = session.scalar(select(SignOffReview.id).where(SignOffReview.suspension_id == today.id))
        if today.ends_on is None:
            return today.id if shared is not None else None
        starts_on = today.ends_on + ONE_DAY
    suspension = Suspension(
        staff_id=fact.staff_id, competency_id=fact.competency_id, starts_on=starts_on, reason=reason
    )
    return record(session, suspension, "suspension_recorded", by=by, at=at, staff_id=fact.staff_id)


def open_review(
    session: Session, fact: SignOff, reason: str, suspension_id: int | None, *, by: str, at: datetime
) -> int:
    """Note a doubt about a sign-off; `suspension_id`: of what is stopped meanwhile. The caller refreshes."""
    review = SignOffReview(sign_off_id=fact.id, reason=reason, suspension_id=suspension_id)
    return record(session, review, "sign_off_review_opened", by=by, at=at, staff_id=fact.staff_id)


def let_stand(session: Session, *, review_id: int, closer_id: int | None, by: str, at: datetime) -> None:
    """Close a review: the sign-off stands, and the suspension made for it ends.

    It counts again from today, or from tomorrow where the review was opened today: a suspension lasts a day
    at least. Raises AlreadyClosed, OwnReview.
    """
    review = session.get_one(SignOffReview, review_id)
    if review.closed_at is not None:
        raise AlreadyClosed("review")
    fact = session.get_one(SignOff, review.sign_off_id)
    if closer_id is not None and closer_id in (fact.assessor_id, fact.staff_id):
        raise OwnReview("review")
    close_review(session, review, fact, "stands", by=by, at=at)
    refresh(session, staff_ids=[fact.staff_id], competency_ids=[fact.competency_id], by=by, at=at)


def keep_sign_off(
    session: Session, *, sign_off_id: int, closer_id: int | None, reason: str, by: str, at: datetime
) -> int:
    """Say why a sign-off stands although a later assessment said "not yet"; the id of the settled review.

    Nothing that counts changes, so nothing is suspended meanwhile. Raises NotToBeKept, OwnReview.
    """
    fact = session.get_one(SignOff, sign_off_id)
    if fact.outcome != "competent" or fact.withdrawn_on is not None:
        raise NotToBeKept("reason")
    if open_reviews_of(session, [sign_off_id]):
        raise NotToBeKept("reason")
    if closer_id is not None and closer_id in _concerned(session, fact):
        raise OwnReview("reason")
    number = open_review(session, fact, reason, None, by=by, at=at)
    close_review(session, session.get_one(SignOffReview, number), fact, "stands", by=by, at=at)
    return number


def _concerned(session: Session, fact: SignOff) -> set[int]:
    """The person, who signed them off, and whoever said "not yet" later."""
    later = select(SignOff.assessor_id).where(
        SignOff.staff_id == fact.staff_id,
        SignOff.competency_id == fact.competency_id,
        SignOff.outcome == "not_yet",
        SignOff.assessed_on > fact.assessed_on,
    )
    return {fact.assessor_id, fact.staff_id, *session.scalars(later)}


def close_review(
    session: Session, review: SignOffReview, fact: SignOff, outcome: str, *, by: str, at: datetime
) -> None:
    """Close a doubt, and end the suspension that no other doubt needs. The caller refreshes."""
    correct(
        session,
        review,
        {"closed_at": at, "closed_by": by, "outcome": outcome},
        "sign_off_review_closed",
        by=by,
        at=at,
        reason=None,
        staff_id=fact.staff_id,
    )
    if review.suspension_id is not None and not _still_needed(session, review):
        suspension = session.get_one(Suspension, review.suspension_id)
        last_on = max(suspension.starts_on, london_day(at) - ONE_DAY)
        if suspension.ends_on is None or last_on < suspension.ends_on:
            correct(
                session,
                suspension,
                {"ends_on": last_on},
                "suspension_ended",
                by=by,
                at=at,
                reason="Review closed",
                staff_id=fact.staff_id,
            )


def _still_needed(session: Session, closed: SignOffReview) -> bool:
    """Does another open review hold the same suspension."""
    return (
        session.scalar(
            select(SignOffReview.id).where(
                SignOffReview.suspension_id == closed.suspension_id, SignOffReview.closed_at.is_(None)
            )
        )
        is not None
    )
