"""Sign-offs in doubt: a later "not yet" shows until somebody withdraws the sign-off or lets it stand."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from skillsmatrix.foundation.database import writing
from skillsmatrix.operations.sign_off_reviews import NotToBeKept, OwnReview, keep_sign_off, review_sign_offs
from skillsmatrix.operations.sign_offs import withdraw_sign_off
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.doubts import doubts
from tests.operations.practice import BY, NOW, TODAY, House, house, not_yet, signed_off


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with writing(engine) as found:
        yield found


@pytest.fixture
def at_house(session: Session) -> House:
    """Ade was signed off by Cy in January, and Bo said "not yet" today."""
    found = house(session)
    signed_off(session, found.ade, found.skill, found.cy)
    not_yet(session, found, days=0, key="later")
    return found


def sign_off_of(session: Session) -> int:
    (found,) = doubts(session, on=TODAY, staff=["ade"])
    assert found.sign_off_id is not None
    return found.sign_off_id


def test_a_doubt_names_both_assessors_and_both_days(session: Session, at_house: House) -> None:
    (found,) = doubts(session, on=TODAY, staff=["ade"])

    assert (found.staff, found.assessor, found.assessed_on) == ("ade", "bo", TODAY)
    assert (found.signed_by, str(found.signed_on), found.level) == ("cy", "2025-01-10", 3)


def test_a_doubt_is_asked_for_by_person_by_competency_and_by_reach(session: Session, at_house: House) -> None:
    (found,) = doubts(session, on=TODAY, staff=["ade"])

    assert doubts(session, on=TODAY, within=Reach(frozenset({"ade"})), competency=found.competency) == [found]
    assert doubts(session, on=TODAY, within=Reach(frozenset({"bo"}))) == []
    assert doubts(session, on=TODAY, staff=["ade"], competency="another") == []
    assert doubts(session, on=TODAY - timedelta(days=1), staff=["ade"]) == []


def test_it_was_not_known_before_it_was_recorded(session: Session, at_house: House) -> None:
    assert doubts(session, on=TODAY, staff=["ade"], known_at=NOW - timedelta(seconds=1)) == []
    assert doubts(session, on=TODAY, staff=["ade"], known_at=NOW) != []


def test_withdrawing_the_sign_off_ends_the_doubt(session: Session, at_house: House) -> None:
    withdraw_sign_off(
        session, sign_off_id=sign_off_of(session), withdrawn_on=TODAY, reason="Seen unsafe", by=BY, at=NOW
    )

    assert doubts(session, on=TODAY, staff=["ade"]) == []


def test_letting_it_stand_ends_the_doubt_until_the_next_not_yet(session: Session, at_house: House) -> None:
    later = NOW + timedelta(hours=1)
    keep_sign_off(
        session,
        sign_off_id=sign_off_of(session),
        closer_id=at_house.dee,
        reason="A bad day",
        by=BY,
        at=later,
    )
    kept = doubts(session, on=TODAY, staff=["ade"])
    before = doubts(session, on=TODAY, staff=["ade"], known_at=NOW)
    not_yet(session, at_house, days=2, key="again")

    assert kept == []
    assert len(before) == 1
    assert len(doubts(session, on=TODAY + timedelta(days=2), staff=["ade"])) == 1


def test_nobody_settles_a_doubt_of_their_own(session: Session, at_house: House) -> None:
    number = sign_off_of(session)

    for own in (at_house.ade, at_house.cy, at_house.bo):
        with pytest.raises(OwnReview):
            keep_sign_off(session, sign_off_id=number, closer_id=own, reason="Mine", by=BY, at=NOW)


def test_what_is_under_review_or_withdrawn_is_not_kept_beside_it(session: Session, at_house: House) -> None:
    number = sign_off_of(session)
    review_sign_offs(session, sign_off_ids=[number], reason="Looked at", by=BY, at=NOW)
    with pytest.raises(NotToBeKept):
        keep_sign_off(session, sign_off_id=number, closer_id=None, reason="Fine", by=BY, at=NOW)

    withdraw_sign_off(session, sign_off_id=number, withdrawn_on=TODAY, reason="Unsafe", by=BY, at=NOW)
    with pytest.raises(NotToBeKept):
        keep_sign_off(session, sign_off_id=number, closer_id=None, reason="Fine", by=BY, at=NOW)
