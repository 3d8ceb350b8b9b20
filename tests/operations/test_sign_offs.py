"""Sign-offs: countersigned, withdrawn, doubted and cleared; what hangs on them follows at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from skillsmatrix.domain.sign_off import Refusal
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import AuditEntry, EarlierVersion, SignOff, SignOffReview, Suspension
from skillsmatrix.operations.assessment_rules import set_assessment_rule
from skillsmatrix.operations.sign_off_reviews import AlreadyClosed, OwnReview, let_stand, review_sign_offs
from skillsmatrix.operations.sign_offs import (
    AlreadyWithdrawn,
    NotWaiting,
    SecondSignatureOfTheSame,
    SignOffRefused,
    WithdrawnThatDay,
    countersign,
    withdraw_sign_off,
)
from skillsmatrix.queries.access import ALL
from skillsmatrix.queries.assessments import waiting_for_countersign
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.sign_offs import open_reviews, sign_offs
from tests.facts import add
from tests.operations.practice import BY, NOW, TODAY, House, assess, house, signed_off, standing_of

TOMORROW = TODAY + timedelta(days=1)
OTHER = "account:8"


def with_countersign(engine: Engine) -> tuple[House, int]:
    """Ade was seen by Bo, and a second signature is missing; the assessment's id."""
    with writing(engine) as session:
        at_house = house(session)
        set_assessment_rule(
            session,
            competency_id=at_house.skill,
            observations=1,
            settings=[],
            needs_countersign=True,
            by=BY,
            at=NOW,
        )
        outcome = assess(session, at_house)
    assert (outcome.sign_off_id, outcome.waiting) == (None, True)
    return at_house, outcome.assessment_id


def test_it_counts_only_from_the_second_signature_on(engine: Engine) -> None:
    at_house, assessment_id = with_countersign(engine)
    with reading(engine) as session:
        before = standing_of(session, "ade")
        assert [each.assessment_id for each in waiting_for_countersign(session)] == [assessment_id]

    with writing(engine) as session:
        countersign(
            session,
            assessment_id=assessment_id,
            countersigner_id=at_house.dee,
            by=OTHER,
            at=NOW + timedelta(days=1),
        )

    with reading(engine) as session:
        assert before == "not_held"
        assert standing_of(session, "ade", on=TODAY) == "not_held"
        assert standing_of(session, "ade", on=TOMORROW) == "valid"
        assert waiting_for_countersign(session) == []


@pytest.mark.parametrize("who", ["bo", "ade"])
def test_the_second_signature_is_somebody_elses(sqlite_engine: Engine, who: str) -> None:
    at_house, assessment_id = with_countersign(sqlite_engine)

    with writing(sqlite_engine) as session, pytest.raises(SecondSignatureOfTheSame):
        countersign(
            session, assessment_id=assessment_id, countersigner_id=getattr(at_house, who), by=OTHER, at=NOW
        )


def test_nor_does_the_assessors_own_account_give_it(sqlite_engine: Engine) -> None:
    _, assessment_id = with_countersign(sqlite_engine)

    with writing(sqlite_engine) as session, pytest.raises(SecondSignatureOfTheSame):
        countersign(session, assessment_id=assessment_id, countersigner_id=None, by=BY, at=NOW)


def test_a_second_signature_is_given_once(sqlite_engine: Engine) -> None:
    at_house, assessment_id = with_countersign(sqlite_engine)
    about = {"assessment_id": assessment_id, "countersigner_id": at_house.dee}
    with writing(sqlite_engine) as session:
        countersign(session, **about, by=OTHER, at=NOW)

    with writing(sqlite_engine) as session, pytest.raises(NotWaiting):
        countersign(session, **about, by=OTHER, at=NOW)


def test_an_assessor_who_no_longer_holds_it_cannot_be_countersigned(sqlite_engine: Engine) -> None:
    at_house, assessment_id = with_countersign(sqlite_engine)
    with writing(sqlite_engine) as session:
        add(session, Suspension(staff_id=at_house.bo, competency_id=at_house.skill, starts_on=TODAY))

        with pytest.raises(SignOffRefused) as refused:
            countersign(session, assessment_id=assessment_id, countersigner_id=at_house.dee, by=OTHER, at=NOW)

    assert refused.value.reasons == (Refusal.SUSPENDED,)


def signed(engine: Engine) -> tuple[House, int]:
    """Ade was signed off by Bo on 1 March; the sign-off's id."""
    with writing(engine) as session:
        at_house = house(session)
        return at_house, signed_off(session, at_house.ade, at_house.skill, at_house.bo, on=date(2025, 3, 1))


def test_s7_a_withdrawal_says_why_and_when_and_works_at_once(engine: Engine) -> None:
    _, sign_off_id = signed(engine)

    with writing(engine) as session:
        withdraw_sign_off(
            session, sign_off_id=sign_off_id, withdrawn_on=TODAY, reason="Two doses missed", by=OTHER, at=NOW
        )

    with reading(engine) as session:
        fact = session.get_one(SignOff, sign_off_id)
        kept = {row.person: row.standing.value for row in current(session).standings(on=TODAY)}
        entry = session.scalars(select(AuditEntry).where(AuditEntry.kind == "sign_off_withdrawn")).one()
        assert (fact.withdrawn_on, fact.withdrawn_reason) == (TODAY, "Two doses missed")
        assert (standing_of(session, "ade"), kept["ade"]) == ("withdrawn", "withdrawn")
        assert standing_of(session, "ade", on=TODAY - timedelta(days=1)) == "valid"
        assert (entry.by, entry.at) == (OTHER, NOW)
        assert session.scalars(
            select(EarlierVersion.row_id).where(EarlierVersion.table_name == "sign_offs")
        ).one()


@pytest.mark.parametrize("day", [TOMORROW, date(2025, 2, 28)])
def test_a_withdrawal_is_neither_planned_nor_before_the_sign_off(sqlite_engine: Engine, day: date) -> None:
    _, sign_off_id = signed(sqlite_engine)

    with writing(sqlite_engine) as session, pytest.raises(SignOffRefused):
        withdraw_sign_off(session, sign_off_id=sign_off_id, withdrawn_on=day, reason="x", by=OTHER, at=NOW)


def test_s8_what_was_withdrawn_stays_so_and_a_new_one_is_a_new_row(sqlite_engine: Engine) -> None:
    at_house, sign_off_id = signed(sqlite_engine)
    with writing(sqlite_engine) as session:
        facts = {"sign_off_id": sign_off_id, "reason": "x", "by": OTHER, "at": NOW}
        withdraw_sign_off(session, withdrawn_on=TODAY, **facts)  # type: ignore[arg-type]
        with pytest.raises(AlreadyWithdrawn):
            withdraw_sign_off(session, withdrawn_on=TODAY, **facts)  # type: ignore[arg-type]

        again = assess(session, at_house)

        assert again.sign_off_id not in (None, sign_off_id)
        assert session.get_one(SignOff, sign_off_id).withdrawn_on == TODAY
        assert standing_of(session, "ade") == "valid"


def test_s8_the_same_assessor_does_not_sign_again_on_the_day_that_was_withdrawn(
    sqlite_engine: Engine,
) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        first = assess(session, at_house, key="a").sign_off_id
        assert first is not None
        withdraw_sign_off(session, sign_off_id=first, withdrawn_on=TODAY, reason="x", by=OTHER, at=NOW)

        with pytest.raises(WithdrawnThatDay):
            assess(session, at_house, key="b")


def test_s6_all_that_an_assessor_signed_goes_under_review_in_one_step(engine: Engine) -> None:
    at_house, of_ade = signed(engine)
    with writing(engine) as session:
        of_dee = signed_off(session, at_house.dee, at_house.skill, at_house.bo, on=date(2025, 4, 1))
        signed_off(session, at_house.dee, at_house.skill, at_house.cy, on=date(2025, 4, 2))
        ids = [line.sign_off_id for line in sign_offs(session, within=ALL, assessor="bo")]

        opened = review_sign_offs(session, sign_off_ids=ids, reason="Not qualified", by=OTHER, at=NOW)

    with reading(engine) as session:
        reviews = open_reviews(session, within=ALL)
        kept = {row.person: row.standing.value for row in current(session).standings(on=TODAY)}
        assert ids == [of_dee, of_ade]
        assert len(opened) == 2
        assert {(each.sign_off.staff, each.suspends) for each in reviews} == {("ade", True), ("dee", False)}
        assert (kept["ade"], kept["dee"]) == ("suspended", "valid")  # Dee has another sign-off
        assert standing_of(session, "ade", on=TODAY - timedelta(days=1)) == "valid"


def test_a_second_step_over_the_same_opens_nothing_twice(sqlite_engine: Engine) -> None:
    _, of_ade = signed(sqlite_engine)
    with writing(sqlite_engine) as session:
        first = review_sign_offs(session, sign_off_ids=[of_ade], reason="x", by=OTHER, at=NOW)
        second = review_sign_offs(session, sign_off_ids=[of_ade], reason="x", by=OTHER, at=NOW)

        assert (len(first), second) == (1, [])
        assert len(session.scalars(select(Suspension)).all()) == 1


def reviewed(engine: Engine) -> tuple[House, int, int]:
    at_house, of_ade = signed(engine)
    with writing(engine) as session:
        (review_id,) = review_sign_offs(session, sign_off_ids=[of_ade], reason="x", by=OTHER, at=NOW)
    return at_house, of_ade, review_id


def test_a_review_that_lets_it_stand_undoes_the_suspension(sqlite_engine: Engine) -> None:
    at_house, _, review_id = reviewed(sqlite_engine)
    later = NOW + timedelta(days=3)

    with writing(sqlite_engine) as session:
        let_stand(session, review_id=review_id, closer_id=at_house.dee, by=OTHER, at=later)

        days = [TODAY, TODAY + timedelta(days=2), TODAY + timedelta(days=3)]
        assert [standing_of(session, "ade", on=on) for on in days] == ["suspended", "suspended", "valid"]
        assert open_reviews(session, within=ALL) == []
        with pytest.raises(AlreadyClosed):
            let_stand(session, review_id=review_id, closer_id=at_house.dee, by=OTHER, at=later)


def test_a_review_closed_on_its_first_day_suspends_that_day(sqlite_engine: Engine) -> None:
    at_house, _, review_id = reviewed(sqlite_engine)

    with writing(sqlite_engine) as session:
        let_stand(session, review_id=review_id, closer_id=at_house.dee, by=OTHER, at=NOW)

        assert [standing_of(session, "ade", on=on) for on in (TODAY, TOMORROW)] == ["suspended", "valid"]


@pytest.mark.parametrize("who", ["bo", "ade"])
def test_nobody_clears_their_own_sign_off(sqlite_engine: Engine, who: str) -> None:
    at_house, _, review_id = reviewed(sqlite_engine)

    with writing(sqlite_engine) as session, pytest.raises(OwnReview):
        let_stand(session, review_id=review_id, closer_id=getattr(at_house, who), by=OTHER, at=NOW)


def test_a_withdrawal_closes_the_review_and_leaves_no_suspension_for_the_next_sign_off(
    sqlite_engine: Engine,
) -> None:
    at_house, of_ade, review_id = reviewed(sqlite_engine)
    later = NOW + timedelta(days=3)

    with writing(sqlite_engine) as session:
        withdraw_sign_off(
            session, sign_off_id=of_ade, withdrawn_on=date(2025, 3, 1), reason="x", by=OTHER, at=later
        )
        assess(session, at_house, days=3, assessor=at_house.cy)

        assert session.get_one(SignOffReview, review_id).outcome == "withdrawn"
        assert standing_of(session, "ade", on=later.date()) == "valid"


def test_two_reviews_share_a_suspension_until_both_are_closed(sqlite_engine: Engine) -> None:
    at_house, first = signed(sqlite_engine)
    later = NOW + timedelta(days=1)
    with writing(sqlite_engine) as session:
        second = signed_off(session, at_house.ade, at_house.skill, at_house.cy, on=date(2025, 4, 1))
        one, two = review_sign_offs(session, sign_off_ids=[first, second], reason="x", by=OTHER, at=NOW)

        let_stand(session, review_id=one, closer_id=at_house.dee, by=OTHER, at=later)
        after_one = standing_of(session, "ade", on=later.date())
        let_stand(session, review_id=two, closer_id=at_house.dee, by=OTHER, at=later)

        assert len(session.scalars(select(Suspension)).all()) == 1
        assert (after_one, standing_of(session, "ade", on=later.date())) == ("suspended", "valid")


def test_a_decision_of_somebody_else_outlives_the_review(sqlite_engine: Engine) -> None:
    at_house, of_ade = signed(sqlite_engine)
    with writing(sqlite_engine) as session:
        add(session, Suspension(staff_id=at_house.ade, competency_id=at_house.skill, starts_on=TODAY))
        (review_id,) = review_sign_offs(session, sign_off_ids=[of_ade], reason="x", by=OTHER, at=NOW)

        let_stand(session, review_id=review_id, closer_id=at_house.dee, by=OTHER, at=NOW + timedelta(days=5))

        assert standing_of(session, "ade", on=TODAY + timedelta(days=5)) == "suspended"


def test_a_review_goes_on_after_a_decision_that_ends(sqlite_engine: Engine) -> None:
    at_house, of_ade = signed(sqlite_engine)
    with writing(sqlite_engine) as session:
        facts = {"staff_id": at_house.ade, "competency_id": at_house.skill, "starts_on": TODAY}
        add(session, Suspension(**facts, ends_on=TOMORROW))

        review_sign_offs(session, sign_off_ids=[of_ade], reason="x", by=OTHER, at=NOW)

        assert standing_of(session, "ade", on=TODAY + timedelta(days=2)) == "suspended"
