"""The rows of the table `sign_offs`: each assessment gets somebody who held the competency on that day."""

from collections.abc import Iterable, Mapping
from datetime import date

from skillsmatrix.demonstration.evidence import Assessment, History
from skillsmatrix.demonstration.learning import recorded_at
from skillsmatrix.demonstration.needs import FOUNDERS
from skillsmatrix.demonstration.people import Person
from skillsmatrix.demonstration.seedfiles import Row
from skillsmatrix.demonstration.setting import Setting, whole
from skillsmatrix.domain.calendar import add_months


class Register:
    """Who holds what from which day to which, as far as it has been told."""

    def __init__(
        self,
        setting: Setting,
        people: Mapping[str, Person],
        histories: Iterable[History],
        competencies: Mapping[str, Row],
    ) -> None:
        self._people = people
        self._competencies = competencies
        self._learnt = {(each.need.staff, each.need.competency): each.learnt_on for each in histories}
        self._signed: dict[tuple[str, str], list[tuple[date, date, int]]] = {}
        self._assessors: dict[str, list[str]] = {}
        for row in setting.plan["assessors"]:
            self._assessors.setdefault(row["competency"], []).append(row["staff"])

    def note(self, assessment: Assessment) -> None:
        """Remember a sign-off, so that its holder may assess others."""
        if assessment.competent:
            day = assessment.assessed_on
            end = self._end(day, assessment.competency, "sign_off_months")
            held = self._signed.setdefault((assessment.staff, assessment.competency), [])
            held.append((day, end, assessment.level))

    def assessor(self, assessment: Assessment) -> str:
        """A colleague of the same service if one may judge this, else one of the two first assessors."""
        day = assessment.assessed_on
        places = {post.service for post in self._people[assessment.staff].posts}
        named = self._assessors.get(assessment.competency, [])
        near = [code for code in named if self._works_in(code, places, day)]
        for code in (*self._turns(near, day), *self._turns(list(FOUNDERS), day)):
            if code != assessment.staff and self._may_judge(code, assessment):
                return code
        return FOUNDERS[0] if assessment.staff != FOUNDERS[0] else FOUNDERS[1]

    def _turns(self, codes: list[str], day: date) -> list[str]:
        turn = day.toordinal() % len(codes) if codes else 0
        return codes[turn:] + codes[:turn]

    def _works_in(self, code: str, places: set[str], day: date) -> bool:
        return any(post.service in places for post in self._people[code].posts_on(day))

    def _may_judge(self, code: str, assessment: Assessment) -> bool:
        day, competency = assessment.assessed_on, assessment.competency
        person = self._people[code]
        signed = any(
            start <= day <= end and level >= assessment.level
            for start, end, level in self._signed.get((code, competency), ())
        )
        return signed and person.here(day) and self._has_learnt(code, competency, day)

    def _has_learnt(self, code: str, competency: str, day: date) -> bool:
        if self._competencies[competency]["needs_learning"] == "no":
            return True
        return any(
            learnt <= day <= self._end(learnt, competency, "learning_months")
            for learnt in self._learnt.get((code, competency), ())
        )

    def _end(self, day: date, competency: str, column: str) -> date:
        months = whole(self._competencies[competency][column])
        return add_months(day, months) if months else date.max


def sign_off_rows(
    setting: Setting, people: Mapping[str, Person], histories: list[History], competencies: Mapping[str, Row]
) -> list[Row]:
    """One row per assessment, in the order of the days, so that assessors were assessed before."""
    register = Register(setting, people, histories, competencies)
    assessments = sorted(
        (each for history in histories for each in history.assessments),
        key=lambda each: (each.assessed_on, each.competency, each.staff),
    )
    rows: dict[tuple[str, str, str, str], Row] = {}
    for each in assessments:
        assessor = register.assessor(each)
        register.note(each)
        key = (each.staff, each.competency, each.assessed_on.isoformat(), assessor)
        rows[key] = {
            "staff": each.staff,
            "competency": each.competency,
            "level": str(each.level),
            "assessed_on": each.assessed_on.isoformat(),
            "outcome": "competent" if each.competent else "not_yet",
            "assessor": assessor,
            "withdrawn_on": "",
            "withdrawn_reason": "",
            "recorded_at": recorded_at(setting, each.assessed_on, each.assessed_on.day % 4),
        }
    return [rows[key] for key in sorted(rows)]
