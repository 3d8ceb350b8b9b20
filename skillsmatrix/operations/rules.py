"""Changes to rules: drafted by one person, approved by another, put in force on their day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.rule_change import (
    OF_COMPETENCY,
    OF_REQUIREMENT,
    Deed,
    NoSuchRule,
    RowChange,
    RuleChange,
    What,
    limits_new_completions,
    row_changes,
    stated_length,
)
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Competency, CourseGrant, Learning, Requirement
from skillsmatrix.models import RuleChange as Draft
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.jobs import want_job
from skillsmatrix.operations.keeping import KeepingRefused, found
from skillsmatrix.operations.versions import correct, earlier_version, record, values_of
from skillsmatrix.queries.kept import id_of
from skillsmatrix.queries.rules import codes_in_use, concerned, limits, read_change, rule_row, writers_of

RULES_JOB: Final = "rules_in_force"
_LONDON: Final = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change and why it is wanted."""

    change: RuleChange
    why: str


class NothingChanges(KeepingRefused):
    """It is so already."""


class InThePast(KeepingRefused):
    """Nobody can be held to a rule from before it was made."""

    about = "takes_effect_on"


class RuleGone(KeepingRefused):
    """The rule is not there, or has ended by then."""

    about = "takes_effect_on"


class NotADraft(KeepingRefused):
    """It is approved, in force or dropped already."""


class OwnDraft(KeepingRefused):
    """Whoever drafted it, or changed the draft, does not approve it."""


class IncompleteRule(KeepingRefused):
    """What the rule needs is not stated: an amount for a share, both halves of a supervision rule."""


def draft_change(session: Session, proposal: Proposal, *, by: str, at: datetime) -> int:
    """Draft a change to a rule; nobody's standing moves yet. Returns its id. Raises KeepingRefused."""
    _check(session, proposal.change, at=at)
    row = Draft(state="draft", approved_by=None, approved_at=None, **_columns(proposal))
    return record(session, row, "rule_change_drafted", by=by, at=at)


def amend_draft(
    session: Session, *, change_id: int, proposal: Proposal, version: datetime, by: str, at: datetime
) -> bool:
    """Change a draft; False when nothing differs. Raises KeepingRefused, ChangedMeanwhile, Gone."""
    row = _open_draft(session, change_id, version)
    _check(session, proposal.change, at=at)
    return correct(session, row, _columns(proposal), "rule_change_redrafted", by=by, at=at, reason=None)


def drop_change(session: Session, *, change_id: int, version: datetime, by: str, at: datetime) -> None:
    """Drop a change that is not in force yet. Raises NotADraft, ChangedMeanwhile, Gone."""
    row = found(session, Draft, change_id, version=version)
    if row.state not in ("draft", "approved"):
        raise NotADraft
    _settle(session, row, {"state": "dropped"}, "rule_change_dropped", by=by, at=at)


def approve_change(session: Session, *, change_id: int, version: datetime, by: str, at: datetime) -> None:
    """Approve a change that somebody else drafted; it is put in force now if its day has come.

    A requirement carries its day and is written at once, so that forecasts know of it. A day that has
    passed meanwhile becomes the day of the approval. Raises OwnDraft, NotADraft, RuleGone, ChangedMeanwhile.
    """
    row = _open_draft(session, change_id, version)
    if by in writers_of(session, row.id):
        raise OwnDraft
    today = london_day(at)
    approved = {
        "state": "approved",
        "approved_by": by,
        "approved_at": at,
        "takes_effect_on": max(row.takes_effect_on, today),
    }
    _settle(session, row, approved, "rule_change_approved", by=by, at=at)
    if row.table_name == "requirements" or row.takes_effect_on <= today:
        _carry_out(session, row, by=by, at=at)
    _want_night(session, max(row.takes_effect_on, today + ONE_DAY), by=by, at=at)


def put_in_force(session: Session, *, on: date, by: str, at: datetime) -> int:
    """Put every approved change in force whose day has come; returns how many.

    Run on the day of each change, every night while a length applies to new completions only, and as often
    as one likes: what is in force is not done again. Completions recorded since, from whatever source, are
    held to those lengths. A change whose rule is gone by its day is dropped.
    """
    due = select(Draft).where(Draft.state == "approved", Draft.takes_effect_on <= on).order_by(Draft.id)
    rows = session.scalars(due).all()
    done = 0
    for row in rows:
        try:
            _carry_out(session, row, by=by, at=at)
            done += 1
        except RuleGone:
            _settle(session, row, {"state": "dropped"}, "rule_change_dropped", by=by, at=at)
    state_lengths(session, by=by, at=at)
    if limits(session):
        _want_night(session, on + ONE_DAY, by=by, at=at)
    return done


def state_lengths(session: Session, *, by: str, at: datetime) -> int:
    """Have new completions state the shorter length that holds for them (decision 0011); how many did."""
    stated = 0
    for code, change in sorted(limits(session).items()):
        before = rule_row(session, "competencies", code)
        if before is not None:
            stated += _state(session, change, before, by=by, at=at)
    return stated


def _columns(proposal: Proposal) -> dict[str, Any]:
    change = proposal.change
    said = {"what": change.what.value, "values": dict(change.values)}
    return {
        "table_name": change.table,
        "code": change.code,
        "changes": json.dumps(said, sort_keys=True),
        "takes_effect_on": change.takes_effect_on,
        "new_completions_only": change.new_completions_only,
        "why": proposal.why,
    }


def _check(session: Session, change: RuleChange, *, at: datetime) -> None:
    if change.takes_effect_on < london_day(at):
        raise InThePast
    row = rule_row(session, change.table, change.code)
    if change.what is What.ADD:
        if row is not None:
            raise NothingChanges
        row = {}
    elif row is None:
        raise RuleGone
    known = OF_REQUIREMENT if change.table == "requirements" else OF_COMPETENCY
    limited = change.code in limits(session) and "learning_months" in change.values
    if (
        change.what is not What.END
        and not limited
        and all(name in row and row[name] == value for name, value in change.values.items() if name in known)
    ):
        raise NothingChanges
    _require_whole({**row, **change.values}, change)
    try:
        row_changes(change, row or None, taken=codes_in_use(session))
    except NoSuchRule:
        raise RuleGone from None


def _require_whole(rule: Mapping[str, Any], change: RuleChange) -> None:
    if change.what is What.END:
        return
    if change.table == "competencies":
        if (rule["supervision_kind"] is None) != (rule["supervision_lapse_days"] is None):
            raise IncompleteRule("supervision_lapse_days")
        return
    amount = rule.get("amount")
    if rule["cover"] != "each" and amount is None:
        raise IncompleteRule("amount")
    if rule["cover"] == "percent" and amount is not None and amount > 100:
        raise IncompleteRule("amount")


def _open_draft(session: Session, change_id: int, version: datetime) -> Draft:
    row = session.get(Draft, change_id, populate_existing=True)
    if row is not None and row.state != "draft":
        raise NotADraft
    return found(session, Draft, change_id, version=version)


def _settle(
    session: Session, row: Draft, values: Mapping[str, Any], kind: str, *, by: str, at: datetime
) -> None:
    """Move a change on. It stays signed by whoever drafted it, so that the second person can be told."""
    before = values_of(row)
    session.add(earlier_version("rule_changes", before, by=by, at=at, reason=None))
    for name, value in values.items():
        setattr(row, name, value)
    row.version_from = at
    session.flush()
    changed = {name: before[name] for name in values}
    audit(session, kind, by=by, at=at, subject=("rule_changes", row.id), before=changed, after=values)


def _carry_out(session: Session, row: Draft, *, by: str, at: datetime) -> None:
    change = read_change(row)
    before = rule_row(session, change.table, change.code)
    people, competencies = concerned(session, change), _competencies(session, change, before)
    try:
        changes = row_changes(change, before, taken=codes_in_use(session))
    except NoSuchRule:
        raise RuleGone from None
    reason = f"Change of rule {row.id}: {row.why}"
    for each in changes:
        _write(session, each, reason=reason, by=by, at=at)
    if change.table == "competencies" and before is not None:
        _state(session, change, before, by=by, at=at, refreshing=False)
    _settle(session, row, {"state": "in_force"}, "rule_change_put_in_force", by=by, at=at)
    refresh(session, staff_ids=people, competency_ids=competencies, by=by, at=at)


def _competencies(session: Session, change: RuleChange, before: Mapping[str, Any] | None) -> list[int]:
    """Ids of what the change is about, before and after."""
    codes = {change.code} if change.table == "competencies" else set()
    codes |= {each["competency"] for each in (before or {}, change.values) if "competency" in each}
    return [number for code in sorted(codes) if (number := id_of(session, "competencies", code))]


def _write(session: Session, each: RowChange, *, reason: str, by: str, at: datetime) -> None:
    values = {
        (f"{name}_id" if name in ("service", "role", "competency") else name): (
            id_of(session, _TABLE_OF[name], value) if name in _TABLE_OF and value is not None else value
        )
        for name, value in each.values.items()
    }
    kind = "requirement" if each.table == "requirements" else "competency"
    if each.deed is Deed.ADD:
        row = Requirement(code=each.code, **{"level": 1, **values})
        record(session, row, f"{kind}_added", by=by, at=at)
        return
    model: Any = Requirement if each.table == "requirements" else Competency
    fact = session.scalars(select(model).where(model.code == each.code)).one()
    if each.deed is Deed.CORRECT:
        correct(session, fact, values, f"{kind}_corrected", by=by, at=at, reason=reason)
        return
    before = values_of(fact)
    session.add(earlier_version(each.table, before, by=by, at=at, reason=reason))
    session.delete(fact)
    session.flush()
    audit(session, f"{kind}_removed", by=by, at=at, subject=(each.table, before["id"]), before=before)


_TABLE_OF = {"service": "services", "role": "roles", "competency": "competencies"}


def _state(
    session: Session,
    change: RuleChange,
    before: Mapping[str, Any],
    *,
    by: str,
    at: datetime,
    refreshing: bool = True,
) -> int:
    """Have the completions of a competency state the length that the change means them to have."""
    competency_id = id_of(session, "competencies", change.code)
    touched = set()
    for row, stated in _to_state(session, change, before, competency_id):
        correct(
            session,
            row,
            {"valid_months": stated},
            "learning_corrected",
            by=by,
            at=at,
            reason=f"Length of {change.code} from {change.takes_effect_on.isoformat()}",
            staff_id=row.staff_id,
        )
        touched.add(row.staff_id)
    if touched and refreshing:
        refresh(
            session,
            staff_ids=touched,
            competency_ids=[competency_id] if competency_id else None,
            by=by,
            at=at,
        )
    return len(touched)


def _to_state(
    session: Session, change: RuleChange, before: Mapping[str, Any], competency_id: int | None
) -> list[tuple[Learning, int]]:
    """The completions that have to state a length, and which."""
    of_courses = select(CourseGrant.course_id, CourseGrant.valid_months).where(
        CourseGrant.competency_id == competency_id
    )
    grants = dict(session.execute(of_courses).all())
    since = change.takes_effect_on - ONE_DAY if limits_new_completions(change, before) else date.min
    rows = session.scalars(
        select(Learning)
        .where(Learning.competency_id == competency_id, Learning.completed_on > since)
        .order_by(Learning.id)
    ).all()
    found = []
    for row in rows:
        stated = stated_length(
            change,
            before,
            completed_on=row.completed_on,
            of_record=row.valid_months,
            of_course=None if row.course_id is None else grants.get(row.course_id),
        )
        if stated is not None and stated != row.valid_months:
            found.append((row, stated))
    return found


def _want_night(session: Session, day: date, *, by: str, at: datetime) -> None:
    """Ask for the work of a night: as soon as the day has begun in London."""
    begins = datetime.combine(day, time(0), _LONDON).astimezone(UTC)
    want_job(session, RULES_JOB, day.isoformat(), by=by, at=at, not_before=begins)
