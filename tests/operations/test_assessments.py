"""Assessments become sign-offs once, by the right people, when enough was seen."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.sign_off import STANDARD_CRITERIA, Refusal
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import (
    Assessment,
    AssessmentRequest,
    AuditEntry,
    SignOffReview,
    Staff,
    SupervisionAgreement,
    SupervisionSession,
    Suspension,
)
from skillsmatrix.operations.assessment_rules import CriteriaRefused, set_assessment_rule, set_criteria
from skillsmatrix.operations.assessments import (
    AlreadyAsked,
    AssessedInFuture,
    AssessmentRefused,
    AssessorRefused,
    AttemptsUsed,
    NextStepsMissing,
    NotAllSeen,
    NotAssessed,
    Outcome,
    SettingUnknown,
    close_request,
    request_assessment,
)
from skillsmatrix.queries.assessments import attempts, task
from skillsmatrix.queries.conclusions import current
from tests.facts import add
from tests.operations.practice import (
    BY,
    NOW,
    TODAY,
    House,
    assess,
    everything,
    house,
    not_yet,
    sign_offs_of,
    signed_off,
    standing_of,
)


def test_competent_becomes_a_sign_off_that_counts_at_once(engine: Engine) -> None:
    with writing(engine) as session:
        at_house = house(session)
        before = standing_of(session, "ade")

        outcome = assess(session, at_house, present="Dee", note="Calm", setting="Flat 2")

    with reading(engine) as session:
        (fact,) = sign_offs_of(session, at_house.ade)
        (line,) = attempts(session, at_house.ade)
        kept = {row.person: row.standing.value for row in current(session).standings(on=TODAY)}
        assert outcome == Outcome(line.assessment_id, fact.id)
        assert (fact.assessed_on, fact.level, fact.outcome, fact.assessor_id) == (
            TODAY,
            3,
            "competent",
            at_house.bo,
        )
        assert (line.present, line.note, line.setting, line.seen) == (
            "Dee",
            "Calm",
            "Flat 2",
            STANDARD_CRITERIA,
        )
        assert (before, standing_of(session, "ade"), kept["ade"]) == ("not_held", "valid", "valid")


def test_not_yet_says_what_to_do_next_and_grants_nothing(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)

        not_yet(session, at_house, days=0, key="a")

        (fact,) = sign_offs_of(session, at_house.ade)
        (line,) = attempts(session, at_house.ade)
        assert (fact.outcome, line.next_steps, line.not_seen) == (
            "not_yet",
            "Practise the chart",
            STANDARD_CRITERIA,
        )
        assert standing_of(session, "ade") == "not_held"


def supervised_by_agreement(session: Session, at_house: House) -> None:
    pair: dict[str, Any] = {"supervisee_id": at_house.bo, "supervisor_id": at_house.ade, "kind": "line"}
    add(session, SupervisionAgreement(**pair, starts_on=date(2025, 1, 1)))


def supervised_by_sessions(session: Session, at_house: House) -> None:
    pair: dict[str, Any] = {"supervisee_id": at_house.bo, "supervisor_id": at_house.ade, "kind": "clinical"}
    add(session, SupervisionSession(**pair, held_on=date(2025, 3, 1)))


def suspended_assessor(session: Session, at_house: House) -> None:
    add(session, Suspension(staff_id=at_house.bo, competency_id=at_house.skill, starts_on=TODAY))


def assessor_who_left(session: Session, at_house: House) -> None:
    session.get_one(Staff, at_house.bo).employed_to = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("arrange", "reason"),
    [
        (supervised_by_agreement, Refusal.SUPERVISED_BY_THEM),
        (supervised_by_sessions, Refusal.SUPERVISED_BY_THEM),
        (suspended_assessor, Refusal.SUSPENDED),
        (assessor_who_left, Refusal.NOT_EMPLOYED),
    ],
)
def test_an_assessor_who_may_not_leaves_nothing_behind(
    sqlite_engine: Engine, arrange: Callable[[Session, House], None], reason: Refusal
) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        arrange(session, at_house)
        before = everything(session)

        with pytest.raises(AssessorRefused) as refused:
            assess(session, at_house)

        assert refused.value.reasons == (reason,)
        assert everything(session) == before


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"days": 0, "assessed_on": TODAY + timedelta(days=1)}, AssessedInFuture),
        ({"days": 0, "assessed_on": date(2023, 12, 31)}, AssessedInFuture),
        ({"criteria": STANDARD_CRITERIA[:3]}, NotAllSeen),
        ({"competent": False}, NextStepsMissing),
        ({"level": 4}, AssessorRefused),
    ],
)
def test_what_cannot_be_is_refused(
    sqlite_engine: Engine, changes: dict[str, Any], error: type[AssessmentRefused]
) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        before = everything(session)

        with pytest.raises(error):
            assess(session, at_house, **changes)

        assert everything(session) == before


def test_a_competency_that_needs_no_sign_off_is_not_assessed(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session, needs_learning=True, needs_sign_off=False, sign_off_months=None)

        with pytest.raises(NotAssessed):
            assess(session, at_house)


def test_s3_entered_later_it_is_still_judged_on_its_own_day(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)

        with pytest.raises(AssessorRefused):
            assess(session, at_house, assessed_on=date(2025, 1, 9))
        assess(session, at_house, assessed_on=date(2025, 1, 10))


def test_three_observations_in_both_settings_make_one_sign_off(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        rule: dict[str, Any] = {
            "competency_id": at_house.skill,
            "observations": 3,
            "settings": ["Day", "Night"],
        }
        set_assessment_rule(session, **rule, needs_countersign=False, by=BY, at=NOW)

        outcomes = [
            assess(session, at_house, days=days, key=str(days), setting=setting, assessor=assessor)
            for days, setting, assessor in [(0, "Day", None), (1, "Day", at_house.cy), (2, "Day", None)]
        ]
        last = assess(session, at_house, days=3, key="3", setting="Night")

        (fact,) = sign_offs_of(session, at_house.ade)
        assert [each.sign_off_id for each in outcomes] == [None, None, None]
        assert last.sign_off_id == fact.id
        assert fact.assessed_on == TODAY + timedelta(days=3)
        assert {line.sign_off_id for line in attempts(session, at_house.ade)} == {fact.id}


def test_a_setting_that_is_not_listed_is_refused(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        rule: dict[str, Any] = {
            "competency_id": at_house.skill,
            "observations": 1,
            "settings": ["Day", "Night"],
        }
        set_assessment_rule(session, **rule, needs_countersign=False, by=BY, at=NOW)

        with pytest.raises(SettingUnknown):
            assess(session, at_house, setting="Dusk")


def test_s15_the_sign_off_keeps_the_version_it_was_made_on(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        rule: dict[str, Any] = {"competency_id": at_house.skill, "observations": 2, "settings": []}
        set_assessment_rule(session, **rule, needs_countersign=False, by=BY, at=NOW)
        for wording, since, finish_by in [
            ("Old", date(2025, 1, 1), None),
            ("New", TODAY + timedelta(days=1), TODAY + timedelta(days=5)),
        ]:
            set_criteria(
                session,
                competency_id=at_house.skill,
                wordings=[wording],
                in_force_from=since,
                finish_by=finish_by,
                by=BY,
                at=NOW,
            )
        assess(session, at_house, days=0, key="a", criteria=["Old"])

        about: dict[str, Any] = {"staff_id": at_house.ade, "competency_id": at_house.skill, "level": 3}
        wanted = [
            task(session, **about, on=TODAY + timedelta(days=days)).criteria.wordings for days in (1, 5, 6)
        ]
        assess(session, at_house, days=5, key="b", criteria=["Old"])

        assert wanted == [("Old",), ("Old",), ("New",)]
        kept = session.scalars(select(Assessment.criteria_seen).order_by(Assessment.id)).all()
        assert [json.loads(each)["version"] for each in kept] == ["2025-01-01", "2025-01-01"]
        assert task(session, **about, on=TODAY + timedelta(days=5)).criteria.wordings == ("New",)


@pytest.mark.parametrize(("since", "finish_by"), [(TODAY, None), (date(2025, 1, 1), None)])
def test_a_version_of_the_criteria_does_not_go_behind_another(
    sqlite_engine: Engine, since: date, finish_by: date | None
) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        facts: dict[str, Any] = {
            "competency_id": at_house.skill,
            "wordings": ["A"],
            "finish_by": finish_by,
            "by": BY,
            "at": NOW,
        }
        set_criteria(session, **{**facts, "in_force_from": TODAY})

        with pytest.raises(CriteriaRefused):
            set_criteria(session, **{**facts, "in_force_from": since})


def test_s16_three_not_yets_lock_it_until_a_manager_reopens_it(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        for days in range(3):
            not_yet(session, at_house, days=days, key=str(days))
        later = NOW + timedelta(days=4)
        asked: dict[str, Any] = {
            "staff_id": at_house.ade,
            "competency_id": at_house.skill,
            "level": 3,
            "assessor_id": at_house.cy,
            "by": BY,
            "at": later,
        }

        with pytest.raises(AttemptsUsed):
            assess(session, at_house, days=3, key="d")
        with pytest.raises(AttemptsUsed):
            request_assessment(session, **asked)
        request_assessment(session, **asked, reopen_reason="Had two weeks with a mentor")
        outcome = assess(session, at_house, days=5, key="e")

        assert outcome.sign_off_id is not None
        assert session.scalars(select(AuditEntry.kind).where(AuditEntry.kind == "assessment_reopened")).all()


def test_a_second_attempt_of_the_same_day_is_the_decision_and_the_first_stays_readable(
    sqlite_engine: Engine,
) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        not_yet(session, at_house, days=0, key="a")

        assess(session, at_house, key="b", at=NOW + timedelta(hours=3))

        (fact,) = sign_offs_of(session, at_house.ade)
        assert fact.outcome == "competent"
        assert [line.competent for line in attempts(session, at_house.ade)] == [True, False]


def test_s5_reciprocal_sign_offs_of_one_day_are_flagged_both(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        other = signed_off(session, at_house.bo, at_house.skill, at_house.ade, on=TODAY)

        outcome = assess(session, at_house)

        reviewed = session.scalars(select(SignOffReview.sign_off_id)).all()
        assert outcome.reciprocal
        assert set(reviewed) == {other, outcome.sign_off_id}
        assert standing_of(session, "ade") == "valid"


def test_asking_for_an_assessment_names_an_assessor_until_it_is_done(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        asked: dict[str, Any] = {
            "staff_id": at_house.ade,
            "competency_id": at_house.skill,
            "level": 3,
            "assessor_id": at_house.bo,
            "by": BY,
            "at": NOW,
        }
        request_id = request_assessment(session, **asked)

        with pytest.raises(AlreadyAsked):
            request_assessment(session, **asked)
        with pytest.raises(AssessorRefused):
            request_assessment(session, **{**asked, "assessor_id": at_house.dee})
        assess(session, at_house)

        assert session.get_one(AssessmentRequest, request_id).ends_on == TODAY
        assert close_request(session, request_id=request_id, by=BY, at=NOW) is False


def test_a_request_can_be_taken_back(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        request_id = request_assessment(
            session,
            staff_id=at_house.ade,
            competency_id=at_house.skill,
            level=3,
            assessor_id=at_house.bo,
            by=BY,
            at=NOW,
        )

        assert close_request(session, request_id=request_id, by=BY, at=NOW)
        assert session.get_one(AssessmentRequest, request_id).ends_on == TODAY


def ask(session: Session, at_house: House, *, level: int, assessor: int) -> int:
    return request_assessment(
        session,
        staff_id=at_house.ade,
        competency_id=at_house.skill,
        level=level,
        assessor_id=assessor,
        by=BY,
        at=NOW,
    )


def test_a_not_yet_answers_what_its_assessor_was_asked(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        at_house = house(session)
        at_level = ask(session, at_house, level=3, assessor=at_house.bo)
        below = ask(session, at_house, level=2, assessor=at_house.bo)
        of_cy = ask(session, at_house, level=3, assessor=at_house.cy)

        not_yet(session, at_house, days=0, key="a")

        ends = [session.get_one(AssessmentRequest, each).ends_on for each in (at_level, below, of_cy)]
        assert ends == [TODAY, None, None]
        assert ask(session, at_house, level=3, assessor=at_house.bo) > of_cy
