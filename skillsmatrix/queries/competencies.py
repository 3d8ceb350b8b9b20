"""The catalogue as pages show it: competencies with their rules, who asks for them, what teaches them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from skillsmatrix.models import Competency, Course, CourseGrant, Requirement, Role, Service
from skillsmatrix.queries.access import Reach


@dataclass(frozen=True, slots=True)
class CompetencyEntry:
    """One competency with the rules by which it is held and kept; None is not stated."""

    code: str
    title: str
    framework: str | None
    group: str | None
    needs_learning: bool
    needs_sign_off: bool
    learning_months: int | None
    sign_off_months: int | None
    keeps_anniversary: bool
    early_window_days: int
    cumulative: bool
    supervision_kind: str | None
    supervision_every_days: int | None
    supervision_lapse_days: int | None
    supervision_max_group: int | None
    registration_body: str | None
    superseded_on: date | None
    superseded_by: str | None
    boundary: str | None


@dataclass(frozen=True, slots=True)
class AskedBy:
    """One requirement row: of which service and role (None: every one), how many, how strongly, and why."""

    requirement: str
    service: str | None
    service_name: str | None
    role_name: str | None
    level: int
    cover: str
    amount: int | None
    hard_stop: bool
    in_force_from: date
    in_force_to: date | None
    induction_days: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class TaughtBy:
    """A course that grants the competency."""

    course: str
    title: str
    provider: str | None
    mode: str | None
    hours: float | None
    level: int | None
    valid_months: int | None


def competency_entries(session: Session) -> list[CompetencyEntry]:
    """Every competency, by title and code."""
    newer = aliased(Competency)
    rows = session.execute(
        select(Competency, newer.code).outerjoin(newer, newer.id == Competency.superseded_by_id)
    )
    found = [_entry(row, successor) for row, successor in rows]
    return sorted(found, key=lambda each: (each.title.casefold(), each.code))


def competency_entry(session: Session, code: str) -> CompetencyEntry | None:
    """The competency with this code; None when there is none."""
    newer = aliased(Competency)
    found = session.execute(
        select(Competency, newer.code)
        .outerjoin(newer, newer.id == Competency.superseded_by_id)
        .where(Competency.code == code)
    ).one_or_none()
    return None if found is None else _entry(*found)


def _entry(row: Competency, successor: str | None) -> CompetencyEntry:
    return CompetencyEntry(
        code=row.code,
        title=row.title,
        framework=row.framework,
        group=row.group,
        needs_learning=row.needs_learning,
        needs_sign_off=row.needs_sign_off,
        learning_months=row.learning_months,
        sign_off_months=row.sign_off_months,
        keeps_anniversary=row.renewal == "keep_anniversary",
        early_window_days=row.early_window_days,
        cumulative=row.cumulative,
        supervision_kind=row.supervision_kind,
        supervision_every_days=row.supervision_every_days,
        supervision_lapse_days=row.supervision_lapse_days,
        supervision_max_group=row.supervision_max_group,
        registration_body=row.registration_body,
        superseded_on=row.superseded_on,
        superseded_by=successor,
        boundary=row.boundary,
    )


def titles(session: Session) -> Mapping[str, str]:
    """Competency code → title."""
    return dict(session.execute(select(Competency.code, Competency.title)).all())


def times_asked(session: Session, *, on: date, within: Reach) -> Mapping[str, int]:
    """Competency code → how many requirement rows are in force on the day; without one it is absent."""
    statement = (
        select(Competency.code, func.count())
        .join(Requirement, Requirement.competency_id == Competency.id)
        .outerjoin(Service, Service.id == Requirement.service_id)
        .where(_in_force(on, within))
        .group_by(Competency.code)
    )
    return dict(session.execute(statement).all())


def asked_by(session: Session, competency: str, *, on: date, within: Reach) -> tuple[AskedBy, ...]:
    """The requirement rows for the competency in force on the day, hard stops first, then by code.

    `within`: services whose own rows may be shown; rows that bind every service are shown to everybody.
    """
    statement = (
        select(
            Requirement.code,
            Service.code,
            Service.name,
            Role.name,
            Requirement.level,
            Requirement.cover,
            Requirement.amount,
            Requirement.strength == "hard_stop",
            Requirement.in_force_from,
            Requirement.in_force_to,
            Requirement.induction_days,
            Requirement.reason,
        )
        .join(Competency, Competency.id == Requirement.competency_id)
        .outerjoin(Service, Service.id == Requirement.service_id)
        .outerjoin(Role, Role.id == Requirement.role_id)
        .where(Competency.code == competency, _in_force(on, within))
    )
    rows: Sequence[Sequence[Any]] = session.execute(statement).all()
    found = [AskedBy(*row) for row in rows]
    return tuple(sorted(found, key=lambda each: (not each.hard_stop, each.requirement)))


def _in_force(on: date, within: Reach) -> ColumnElement[bool]:
    return and_(
        Requirement.in_force_from <= on,
        or_(Requirement.in_force_to.is_(None), Requirement.in_force_to >= on),
        or_(Requirement.service_id.is_(None), within.narrow(Service.code.expression)),
    )


def taught_by(session: Session, competency: str) -> list[TaughtBy]:
    """The courses that grant the competency, by title; may be empty."""
    rows = session.execute(
        select(
            Course.code,
            Course.title,
            Course.provider,
            Course.mode,
            Course.hours,
            CourseGrant.level,
            CourseGrant.valid_months,
        )
        .join(CourseGrant, CourseGrant.course_id == Course.id)
        .join(Competency, Competency.id == CourseGrant.competency_id)
        .where(Competency.code == competency)
        .order_by(Course.title, Course.code)
    )
    return [TaughtBy(*row) for row in rows]
