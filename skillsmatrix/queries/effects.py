"""The facts around a change, read before and after it, so that its effect can be said before it is kept.

Whoever shows an effect carries the change out, reads the facts again, and keeps nothing: what is shown is
what the same operation does when it is kept.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import ONE_DAY, Period
from skillsmatrix.domain.effect import DayEffect, effect
from skillsmatrix.domain.person import is_long
from skillsmatrix.domain.standing import Holding
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.models import Absence, Post, Service, Staff, SupervisionAgreement
from skillsmatrix.queries.ahead import looking_ahead
from skillsmatrix.queries.workforce import workforce

LOOK_AHEAD_DAYS = (0, 30, 60, 90)


class Ahead(Workforce):
    """A workforce asked about one day, today or later: supervision goes on as it stands today (V8)."""

    def __init__(self, facts: Workforce, *, on: date, today: date) -> None:
        super().__init__(facts.people, facts.competencies, facts.requirements)
        self._on, self._today = on, today

    def holding(self, person: str, competency: str) -> Holding:
        """What is recorded, with the supervision that a page about a day to come takes for granted."""
        return looking_ahead(super().holding(person, competency), on=self._on, today=self._today)


@dataclass(frozen=True, slots=True)
class LostSupervision:
    """An agreement that would have no supervisor: whom it leaves, and in which kind."""

    supervisee: str
    name: str
    kind: str


def services_of(session: Session, staff: Iterable[str]) -> frozenset[str]:
    """Codes of the services where these people have, had or will have a post."""
    rows = session.scalars(
        select(Service.code)
        .join(Post, Post.service_id == Service.id)
        .join(Staff, Staff.id == Post.staff_id)
        .where(Staff.code.in_(sorted(staff)))
        .distinct()
    )
    return frozenset(rows)


def facts_around(session: Session, *, people: Iterable[str], services: Iterable[str]) -> Workforce:
    """The facts, as they stand in this transaction, of these people and of everybody at these services."""
    posted = select(Post.staff_id).join(Service).where(Service.code.in_(sorted(services)))
    ids = session.scalars(
        select(Staff.id).where(Staff.code.in_(sorted(people)) | Staff.id.in_(posted)).order_by(Staff.id)
    )
    return workforce(session, staff_ids=list(ids))


def effects(
    before: Workforce,
    after: Workforce,
    *,
    days: Iterable[date],
    today: date,
    people: Collection[str],
    services: Collection[str],
) -> list[DayEffect]:
    """What differs on each of the days, in order of day; days before today are left out."""
    return [
        effect(
            Ahead(before, on=day, today=today),
            Ahead(after, on=day, today=today),
            on=day,
            people=people,
            services=services,
        )
        for day in sorted({day for day in days if day >= today})
    ]


def days_of_interest(*starts: date | None, ends: Iterable[date | None] = (), today: date) -> list[date]:
    """Today, each first day to come, and the day after each last day."""
    turning = [*starts, *(None if end is None else end + ONE_DAY for end in ends)]
    return sorted({today, *(day for day in turning if day is not None and day > today)})


def turning_days(session: Session, staff: str, *, today: date) -> list[date]:
    """The days to come on which a person comes back from a long absence, or one of their posts begins."""
    person = select(Staff.id).where(Staff.code == staff).scalar_subquery()
    rows = session.execute(
        select(Absence.starts_on, Absence.ends_on).where(Absence.staff_id == person, Absence.ends_on >= today)
    )
    away = [Period(*row) for row in rows]
    starts = session.scalars(select(Post.starts_on).where(Post.staff_id == person, Post.starts_on > today))
    back = (each.ends_on + ONE_DAY for each in away if each.ends_on is not None and is_long(each))
    return sorted({*starts, *back})


def days_ahead(takes_effect_on: date) -> list[date]:
    """The day on which a rule changes, and 30, 60 and 90 days later."""
    return [takes_effect_on + timedelta(days=days) for days in LOOK_AHEAD_DAYS]


def lost_supervision(session: Session, staff: str, *, after: date) -> list[LostSupervision]:
    """Whom a person who leaves after this day supervises, by name: they lose their supervisor (domain V2)."""
    supervisor = select(Staff.id).where(Staff.code == staff).scalar_subquery()
    rows = session.execute(
        select(Staff.code, Staff.given_name, Staff.family_name, SupervisionAgreement.kind)
        .join(SupervisionAgreement, SupervisionAgreement.supervisee_id == Staff.id)
        .where(
            SupervisionAgreement.supervisor_id == supervisor,
            SupervisionAgreement.ends_on.is_(None) | (SupervisionAgreement.ends_on > after),
            Staff.employed_to.is_(None) | (Staff.employed_to > after),
        )
        .order_by(Staff.family_name, Staff.given_name, SupervisionAgreement.kind)
    )
    return [
        LostSupervision(code, f"{given} {family}" if given else family, kind)
        for code, given, family, kind in rows
    ]
