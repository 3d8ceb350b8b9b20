"""What a competency wants to have seen: how often, where, by whom confirmed, and the list of criteria."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.models import AssessmentCriterion, AssessmentRule
from skillsmatrix.operations.versions import correct, record


class CriteriaRefused(Exception):
    """The criteria cannot change so; `about` names the fact that is wrong."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


def set_assessment_rule(
    session: Session,
    *,
    competency_id: int,
    observations: int,
    settings: Sequence[str],
    needs_countersign: bool,
    by: str,
    at: datetime,
) -> bool:
    """State what the competency asks of its assessments; False when nothing differs."""
    values = {
        "observations": observations,
        "settings": "\n".join(dict.fromkeys(settings)) or None,
        "needs_countersign": needs_countersign,
    }
    row = session.scalar(select(AssessmentRule).where(AssessmentRule.competency_id == competency_id))
    if row is None:
        fact = AssessmentRule(competency_id=competency_id, **values)
        record(session, fact, "assessment_rule_set", by=by, at=at)
        return True
    return correct(session, row, values, "assessment_rule_set", by=by, at=at, reason=None)


def set_criteria(
    session: Session,
    *,
    competency_id: int,
    wordings: Sequence[str],
    in_force_from: date,
    finish_by: date | None,
    by: str,
    at: datetime,
) -> None:
    """Bring a new version of the criteria into force on a day.

    `finish_by`: the cut-off to which those who started on an earlier version may finish on it (S15); None:
    the day before the new version. Raises CriteriaRefused about a day that does not fit.
    """
    rows = session.scalars(
        select(AssessmentCriterion).where(AssessmentCriterion.competency_id == competency_id)
    ).all()
    if any(row.in_force_from >= in_force_from for row in rows):
        raise CriteriaRefused("in_force_from")
    last_on = finish_by or in_force_from - ONE_DAY
    if last_on < in_force_from - ONE_DAY:
        raise CriteriaRefused("finish_by")
    for row in rows:
        if row.in_force_to is None:
            correct(
                session,
                row,
                {"in_force_to": last_on},
                "assessment_criteria_ended",
                by=by,
                at=at,
                reason="A new version",
            )
    for position, wording in enumerate(wordings, start=1):
        fact = AssessmentCriterion(
            competency_id=competency_id, position=position, wording=wording, in_force_from=in_force_from
        )
        record(session, fact, "assessment_criterion_set", by=by, at=at)
