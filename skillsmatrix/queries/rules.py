"""Rules as they stand, changes to them that are drafted, and what a change would do."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session, aliased

from skillsmatrix.domain import records
from skillsmatrix.domain.effect import DayEffect, effect
from skillsmatrix.domain.requirement import Requirement as Asked
from skillsmatrix.domain.rule_change import (
    RuleChange,
    What,
    limits_new_completions,
    stated_length,
    tables_after,
)
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.models import (
    Competency,
    Course,
    CourseGrant,
    EarlierVersion,
    Post,
    Requirement,
    Role,
    Service,
    SupervisionSession,
)
from skillsmatrix.models import RuleChange as Draft
from skillsmatrix.queries.conclusions import rules, versions
from skillsmatrix.queries.effects import Ahead, days_ahead
from skillsmatrix.queries.kept import kept_coded, signed_by
from skillsmatrix.queries.people_facts import TOO_MANY_TO_NAME
from skillsmatrix.queries.state import kept
from skillsmatrix.queries.tables import StoredTables, package_columns

_NEEDED = (
    "competencies",
    "services",
    "requirements",
    "staff",
    "posts",
    "absences",
    "course_grants",
    "learning",
    "sign_offs",
    "supervision",
    "registrations",
    "suspensions",
    "exemptions",
)


@dataclass(frozen=True, slots=True)
class DraftedChange:
    """A change to a rule, as it is drafted, approved or in force; `drafted_by`, `approved_by`: names."""

    id: int
    change: RuleChange
    why: str
    state: str
    version: datetime
    drafted_by: str
    drafted_at: datetime
    approved_by: str | None
    signed: str


@dataclass(frozen=True, slots=True)
class CourseCost:
    """A course that gives a competency, for one person. Pence; None is not stated."""

    title: str
    level: int
    hours: float | None
    fee_pence: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change does on the day it takes effect and 30, 60 and 90 days later.

    `in_training`: codes of the people who turn red on any of these days. `if_all`: the same days if existing
    completions were included; empty where that is what is drafted, or makes no difference.
    """

    days: Sequence[DayEffect]
    in_training: frozenset[str]
    courses: Sequence[CourseCost]
    competency: str
    if_all: Sequence[DayEffect]


def drafted_changes(session: Session, *, states: Collection[str] | None = None) -> list[DraftedChange]:
    """The changes to rules, the latest day first; of these states, or of all."""
    statement = select(Draft).order_by(Draft.takes_effect_on.desc(), Draft.id.desc())
    if states is not None:
        statement = statement.where(Draft.state.in_(sorted(states)))
    return [_drafted(session, row) for row in session.scalars(statement).all()]


def drafted_change(session: Session, change_id: int) -> DraftedChange | None:
    """One of them; None when there is none."""
    row = session.get(Draft, change_id)
    return None if row is None else _drafted(session, row)


def writers_of(session: Session, change_id: int) -> frozenset[str]:
    """Who wrote any version of a change: none of them approves it."""
    row = session.get_one(Draft, change_id)
    earlier = session.scalars(
        select(EarlierVersion.recorded_by).where(
            EarlierVersion.table_name == "rule_changes", EarlierVersion.row_id == change_id
        )
    )
    return frozenset({row.recorded_by, *earlier})


def read_change(row: Draft) -> RuleChange:
    """The change that a stored row describes."""
    said = json.loads(row.changes)
    return RuleChange(
        row.table_name,
        row.code,
        What(said["what"]),
        said["values"],
        row.takes_effect_on,
        row.new_completions_only,
    )


def rule_row(session: Session, table: str, code: str) -> dict[str, Any] | None:
    """One requirement or competency as a row of a package; None when there is none."""
    found = kept_coded(session, table, code)
    if found is None:
        return None
    return {each.name: found.values[each.attribute.removesuffix("_id")] for each in package_columns(table)}


def requirements_now(session: Session, *, on: date, competency: str | None = None) -> list[Asked]:
    """The requirements in force on the day or to come, by code; as the process keeps them."""
    catalogue, _codes = rules(session, versions(session)[1])
    return [
        row
        for row in catalogue.requirements.rows
        if (row.in_force_to is None or row.in_force_to >= on) and competency in (None, row.competency)
    ]


def codes_in_use(session: Session) -> set[str]:
    """Every requirement code there is."""
    return set(session.scalars(select(Requirement.code)).all())


def kinds_of_supervision(session: Session) -> set[str]:
    """Every kind of supervision that a competency or a session names."""
    asked = session.scalars(select(Competency.supervision_kind).distinct()).all()
    held = session.scalars(select(SupervisionSession.kind).distinct()).all()
    return {*(kind for kind in asked if kind), *held}


def limits(session: Session) -> dict[str, RuleChange]:
    """Competency → the change in force that last said how long learning counts, where it is a shorter length
    for new completions only."""
    rows = session.scalars(
        select(Draft)
        .where(Draft.table_name == "competencies", Draft.state == "in_force")
        .order_by(Draft.takes_effect_on, Draft.id)
    ).all()
    found = {}
    for row in rows:
        change = read_change(row)
        if "learning_months" in change.values:
            found[change.code] = change
    return {
        code: change
        for code, change in found.items()
        if (rule := rule_row(session, "competencies", code)) and limits_new_completions(change, rule)
    }


def length_to_state(
    session: Session,
    *,
    competency_id: int,
    completed_on: date,
    course_id: int | None,
    of_record: int | None,
) -> int | None:
    """The length that a new completion has to state because of a shorter one for new completions only;
    None: nothing besides what it states already (decision 0011)."""
    if not (found := limits(session)):
        return None
    code = session.scalar(select(Competency.code).where(Competency.id == competency_id))
    row = rule_row(session, "competencies", code or "")
    if row is None or code not in found:
        return None
    of_course = session.scalar(
        select(CourseGrant.valid_months).where(
            CourseGrant.course_id == course_id, CourseGrant.competency_id == competency_id
        )
    )
    return stated_length(
        found[code], row, completed_on=completed_on, of_record=of_record, of_course=of_course
    )


def concerned(session: Session, change: RuleChange) -> Collection[int] | None:
    """Ids of the staff to whose posts a requirement applies now or after the change (R3); None: everybody,
    where a competency changes."""
    if change.table == "competencies":
        return None
    before = rule_row(session, change.table, change.code)
    sides = [side for side in (before, {**(before or {}), **change.values}) if side is not None]
    posts = [_has_to_meet(side.get("service"), side.get("role")) for side in sides]
    asked = select(Post.staff_id).join(Service, Service.id == Post.service_id)
    asked = asked.join(Role, Role.id == Post.role_id).where(or_(*posts))
    return session.scalars(asked.distinct()).all()


def _has_to_meet(service: str | None, role: str | None) -> ColumnElement[bool]:
    """Does a requirement of this service and role, blank for any, apply to a post."""
    of_service = true() if service is None else Service.code == service
    return and_(of_service, true() if role is None else Role.code == role)


def preview(session: Session, change: RuleChange, *, today: date) -> Preview:
    """What the change would do, among everybody; a day that has passed is taken as today.

    Raises NoSuchRule.
    """
    values = tuple(sorted(change.values.items()))
    asked = (
        change.table,
        change.code,
        change.what,
        values,
        change.takes_effect_on,
        change.new_completions_only,
    )
    return kept(session, ("preview of a rule", asked, today), lambda: _preview(session, change, today))


def _preview(session: Session, change: RuleChange, today: date) -> Preview:
    change = replace(change, takes_effect_on=max(change.takes_effect_on, today))
    competency = _competency_of(session, change)
    tables = _tables(session, change, competency)
    before = records.workforce(tables)
    days = _days(before, records.workforce(tables_after(change, tables)), change, today)
    if_all: list[DayEffect] = []
    if change.new_completions_only and "learning_months" in change.values:
        all_of_them = replace(change, new_completions_only=False)
        if_all = _days(before, records.workforce(tables_after(all_of_them, tables)), change, today)
    return Preview(
        days=days,
        in_training=frozenset(each.person for day in days for each in day.red),
        courses=_courses(session, competency, _level_of(session, change)),
        competency=competency,
        if_all=if_all if any(day.red for day in if_all) else [],
    )


def _days(before: Workforce, after: Workforce, change: RuleChange, today: date) -> list[DayEffect]:
    return [
        effect(
            Ahead(before, on=day, today=today),
            Ahead(after, on=day, today=today),
            on=day,
            people=before.people,
            services=before.requirements.services,
        )
        for day in days_ahead(change.takes_effect_on)
    ]


def _competency_of(session: Session, change: RuleChange) -> str:
    if change.table == "competencies":
        return change.code
    if "competency" in change.values:
        return str(change.values["competency"])
    row = rule_row(session, "requirements", change.code)
    return str(row["competency"]) if row else ""


def _tables(session: Session, change: RuleChange, competency: str) -> dict[str, list[Mapping[str, Any]]]:
    """The facts about whoever is concerned, those about other competencies left out: they cannot change."""
    superseded = aliased(Competency)
    older = select(Competency.id).outerjoin(superseded, superseded.id == Competency.superseded_by_id)
    wanted = session.scalars(older.where(or_(Competency.code == competency, superseded.code == competency)))
    people = concerned(session, change)
    some = None if people is None or len(people) > TOO_MANY_TO_NAME else people
    stored = StoredTables(session, staff_ids=some, competency_ids=wanted.all())
    return {table: list(stored.rows(table)) for table in _NEEDED}


def _level_of(session: Session, change: RuleChange) -> int:
    """The level that whoever turns red has to reach; 1 where the change is about no one requirement."""
    if change.table == "competencies":
        return 1
    row = rule_row(session, "requirements", change.code) or {}
    return int({**row, **change.values}.get("level") or 1)


def _courses(session: Session, competency: str, level: int) -> list[CourseCost]:
    """The courses that lead to the level by learning; where a sign-off says the level, all of them."""
    rows = session.execute(
        select(Course.title, CourseGrant.level, Competency, Course.hours, Course.fee_pence)
        .join(CourseGrant, CourseGrant.course_id == Course.id)
        .join(Competency, Competency.id == CourseGrant.competency_id)
        .where(Competency.code == competency)
        .order_by(Course.title)
    ).all()
    found = []
    for title, granted, rule, hours, fee in rows:
        given = granted or rule.learning_level
        reaches = given >= level if rule.cumulative else given == level
        if rule.needs_sign_off or reaches:
            found.append(CourseCost(title, given, hours, fee))
    return found


def _drafted(session: Session, row: Draft) -> DraftedChange:
    return DraftedChange(
        id=row.id,
        change=read_change(row),
        why=row.why,
        state=row.state,
        version=row.version_from,
        drafted_by=signed_by(session, row.recorded_by),
        drafted_at=row.recorded_at,
        approved_by=None if row.approved_by is None else signed_by(session, row.approved_by),
        signed=row.recorded_by,
    )
