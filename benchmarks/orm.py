"""The matrix as most applications would have it: objects of the mapped classes, in loops.

The product's own tables and classes, its indexes on foreign keys, one session; a person's rows are loaded
when that person is met.
"""

from collections import defaultdict
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from benchmarks.answer import Answer
from benchmarks.facts import KIND
from skillsmatrix import models
from skillsmatrix.domain.calendar import add_months

OPEN = date.max


class OrmLoops:
    """For each service its people, for each requirement each of them."""

    name = "ORM objects in loops"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def matrix(self, day: int) -> Answer:
        """The answer for one day."""
        on = date.fromordinal(day)
        with Session(self.engine) as session:
            return _Loops(session, on).answer()


class _Loops:
    def __init__(self, session: Session, on: date) -> None:
        self.session = session
        self.on = on
        self.competencies = {each.id: each for each in session.scalars(select(models.Competency))}
        self.people: dict[int, _Person] = {}

    def answer(self) -> Answer:
        found = {}
        for service in self.session.scalars(select(models.Service).order_by(models.Service.id)):
            team = self._team(service.id)
            wanted = select(models.Requirement).where(models.Requirement.service_id == service.id)
            for row in self.session.scalars(wanted):
                found[row.id] = self._line(row, team)
        table = np.array([found[each] for each in sorted(found)], dtype=np.int64).T
        return Answer.of(*table)

    def _team(self, service_id: int) -> list["_Person"]:
        posts = select(models.Post).where(models.Post.service_id == service_id)
        ids = {
            post.staff_id
            for post in self.session.scalars(posts)
            if post.basis not in ("volunteer", "student") and _covers(post.starts_on, post.ends_on, self.on)
        }
        for each in ids - self.people.keys():
            self.people[each] = _Person(self.session, each, self.on, self.competencies)
        return [self.people[each] for each in ids if self.people[each].counts]

    def _line(self, row: models.Requirement, team: list["_Person"]) -> tuple[int, ...]:
        exempt, ends = 0, []
        for person in team:
            if row.competency_id in person.exempt:
                exempt += 1
            else:
                end = person.holds(row.competency_id, row.level)
                if end is not None:
                    ends.append(end)
        share = -(-(row.amount or 0) * len(team) // 100)
        required = len(team) - exempt if row.cover == "each" else share
        bands = (sum(end <= self.on + timedelta(days=days) for end in ends) for days in (30, 60, 90))
        return len(team), required, len(ends), *bands


class _Person:
    """One person's objects, and what they say about the day."""

    def __init__(
        self, session: Session, staff_id: int, on: date, competencies: dict[int, models.Competency]
    ) -> None:
        self.on = on
        self.competencies = competencies
        staff = session.get_one(models.Staff, staff_id)
        self.absences = _of(session, models.Absence, staff_id)
        away = any(
            _covers(each.starts_on, each.ends_on, on) and (each.ends_on - each.starts_on).days >= 27
            for each in self.absences
        )
        self.counts = _covers(staff.employed_from, staff.employed_to, on) and not away
        self.exempt = self._now(session, models.Exemption, staff_id)
        self.stopped = self._now(session, models.Suspension, staff_id)
        self.registered = any(
            _covers(each.registered_on, each.valid_to, on)
            for each in _of(session, models.Registration, staff_id)
        )
        held = select(models.SupervisionSession).where(models.SupervisionSession.supervisee_id == staff_id)
        self.sessions = [
            each.held_on for each in session.scalars(held) if each.kind == KIND and each.held_on <= on
        ]
        self.learning = defaultdict(list)
        for each in _of(session, models.Learning, staff_id):
            months = (each.valid_months, competencies[each.competency_id].learning_months)
            stated = [number for number in months if number is not None]
            end = add_months(each.completed_on, min(stated)) if stated else OPEN
            self.learning[each.competency_id].append((each.completed_on, end, OPEN, each.level))
        self.sign_offs = defaultdict(list)
        for each in _of(session, models.SignOff, staff_id):
            months = competencies[each.competency_id].sign_off_months
            end = OPEN if months is None else add_months(each.assessed_on, months)
            record = (each.assessed_on, end, each.withdrawn_on or OPEN, each.level)
            self.sign_offs[each.competency_id].append(record)

    def _now(self, session: Session, model: type, staff_id: int) -> set[int]:
        rows = _of(session, model, staff_id)
        return {each.competency_id for each in rows if _covers(each.starts_on, each.ends_on, self.on)}

    def holds(self, competency_id: int, level: int) -> date | None:
        """The last day on which the level is held, or None."""
        rules = self.competencies[competency_id]
        graded = self.sign_offs if rules.needs_sign_off else self.learning
        ends = self._ends(graded[competency_id], level)
        if rules.needs_sign_off and rules.needs_learning:
            learnt = self._ends(self.learning[competency_id], 1)
            ends = [min(max(ends), max(learnt))] if ends and learnt else []
        if not ends or competency_id in self.stopped:
            return None
        if rules.registration_body is not None and not self.registered:
            return None
        if rules.supervision_lapse_days is not None and self._lapsed(rules):
            return None
        return max(ends)

    def _ends(self, records: list[tuple[date, date, date, int]], level: int) -> list[date]:
        return [
            end
            for start, end, withdrawn, held in records
            if start <= self.on <= end and self.on < withdrawn and held >= level
        ]

    def _lapsed(self, rules: models.Competency) -> bool:
        starts = []
        for needed, kind in ((rules.needs_learning, self.learning), (rules.needs_sign_off, self.sign_offs)):
            if needed:
                starts.append(min(record[0] for record in kind[rules.id] if record[0] <= self.on))
        start = max([*starts, *self.sessions])
        away = 0
        for absence in self.absences:
            first, last = max(absence.starts_on, start + timedelta(days=1)), min(absence.ends_on, self.on)
            away += max((last - first).days + 1, 0)
        return (self.on - start).days - away > (rules.supervision_lapse_days or 0)


def _of(session: Session, model: type, staff_id: int) -> list:  # type: ignore[type-arg]
    return list(session.scalars(select(model).where(model.staff_id == staff_id)))  # type: ignore[attr-defined]


def _covers(starts_on: date, ends_on: date | None, on: date) -> bool:
    return starts_on <= on and (ends_on is None or on <= ends_on)
