"""Storing what is under way in the invented organisation, through the operations that people use."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.demonstration import WorkingWeek
from skillsmatrix.demonstration.working_week import PlannedDate, ToBeSeen, TriedOut
from skillsmatrix.domain.person import Basis
from skillsmatrix.domain.rule_change import RuleChange, What
from skillsmatrix.domain.scenario import Change, PersonJoins, PersonLeaves, own_code
from skillsmatrix.domain.standing import Standing
from skillsmatrix.models import (
    Account,
    Competency,
    Course,
    CourseDate,
    Scenario,
    Staff,
    SupervisionAgreement,
)
from skillsmatrix.operations.assessments import AssessmentRefused, request_assessment
from skillsmatrix.operations.bookings import book
from skillsmatrix.operations.claims import Claimed, claim_learning
from skillsmatrix.operations.courses import Plan, plan_date
from skillsmatrix.operations.rules import Proposal, draft_change
from skillsmatrix.operations.scenarios import save_scenario, share_scenario
from skillsmatrix.operations.supervision import add_action
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.seats import hindrances

ASKED_BY = "BH1001"  # the head of clinical practice asks for assessments
CUT_OFF = timedelta(days=2)

# Who goes on a course first, and who is seen first: what is missing before what runs out.
_MISSING = (
    Standing.WITHDRAWN,
    Standing.EXPIRED,
    Standing.NOT_HELD,
    Standing.BELOW_LEVEL,
    Standing.AWAITING_SIGN_OFF,
    Standing.EXPIRING,
    Standing.IN_INDUCTION,
)
_TO_BE_SEEN = (
    Standing.AWAITING_SIGN_OFF,
    Standing.BELOW_LEVEL,
    Standing.EXPIRED,
    Standing.WITHDRAWN,
    Standing.EXPIRING,
)


class _Names:
    """Code → id, and staff code → id of their account."""

    def __init__(self, session: Session) -> None:
        self.staff = _ids(session, Staff)
        self.competencies = _ids(session, Competency)
        self.courses = _ids(session, Course)
        accounts = session.execute(select(Staff.code, Account.id).join(Account, Account.staff_id == Staff.id))
        self.accounts: dict[str, int] = dict(accounts.all())

    def signs(self, staff: str, otherwise: str) -> str:
        """How somebody signs what they write; whoever loads the demonstration signs for the others."""
        return f"account:{self.accounts[staff]}" if staff in self.accounts else otherwise


def _ids(session: Session, model: type[Staff] | type[Competency] | type[Course]) -> dict[str, int]:
    return dict(session.execute(select(model.code, model.id)).all())


def store_working_week(session: Session, week: WorkingWeek, *, on: date, by: str, at: datetime) -> None:
    """Store what is under way on the day: nothing here changes anybody's standing."""
    names = _Names(session)
    gaps = _gaps(session, on)
    on_it: dict[str, set[int]] = {}
    for planned in week.dates:
        seated = on_it.setdefault(planned.course, set())
        seated |= _plan(session, planned, names, gaps.get(planned.competency, {}), apart_from=seated, by=by)
    for handed_in in week.claims:
        claim_learning(
            session,
            Claimed(
                competency_id=names.competencies[handed_in.competency],
                completed_on=handed_in.completed_on,
                title=handed_in.title,
                provider=handed_in.provider,
                reference=handed_in.reference,
                valid_months=handed_in.valid_months,
            ),
            staff_id=names.staff[handed_in.staff],
            by=names.signs(handed_in.by, by),
            at=at,
        )
    _ask_for_all(session, week, names, gaps, by=names.signs(ASKED_BY, by), at=at)
    _agree(session, week, names, by=by, at=at)
    for draft in week.drafts:
        change = RuleChange(
            draft.table, draft.code, What.CHANGE, {draft.column: draft.value}, draft.takes_effect_on
        )
        draft_change(session, Proposal(change=change, why=draft.why), by=names.signs(draft.by, by), at=at)
    for tried in week.scenarios:
        _share(session, tried, owner=names.accounts[tried.by], at=at)


def _share(session: Session, tried: TriedOut, *, owner: int, at: datetime) -> None:
    changes: list[Change] = [PersonLeaves(tried.leaver, tried.last_day)]
    if tried.successor is not None:
        new = tried.successor
        code = own_code("person", changes)
        changes.append(
            PersonJoins(code, new.name, new.service, new.role, Basis.PERMANENT, new.starts_on, trained=True)
        )
    by = f"account:{owner}"
    number = save_scenario(session, owner_id=owner, name=tried.name, changes=changes, by=by, at=at)
    version = session.get_one(Scenario, number).version_from
    share_scenario(session, scenario_id=number, shared=True, version=version, by=by, at=at)


def _gaps(session: Session, on: date) -> dict[str, dict[str, Standing]]:
    """Competency → who is asked for it and does not hold it, or not for long."""
    found: dict[str, dict[str, Standing]] = {}
    for row in current(session).standings(on=on):
        if row.standing in _MISSING:
            found.setdefault(row.competency, {})[row.person] = row.standing
    return found


def _plan(
    session: Session,
    planned: PlannedDate,
    names: _Names,
    gaps: Mapping[str, Standing],
    *,
    apart_from: Collection[int],
    by: str,
) -> set[int]:
    """Plan a course date, fill its seats, and let the rest wait. Returns the staff ids of those who asked.

    `apart_from`: who is on another date of the course.
    """
    signs = names.signs(planned.trainer, by)
    number = plan_date(
        session,
        Plan(
            course_id=names.courses[planned.course],
            trainer_id=names.staff[planned.trainer],
            starts_at=planned.starts_at,
            ends_at=planned.ends_at,
            place=planned.place,
            link=planned.link,
            seats=planned.seats,
            minimum=planned.minimum,
            seat_pence=0,
            run_pence=0,
            cut_off_on=planned.starts_at.date() - CUT_OFF,
        ),
        by=signs,
        at=planned.planned_at,
    )
    wanted = [names.staff[code] for code in (*planned.also, *_by_need(gaps, _MISSING))]
    fresh = [staff_id for staff_id in wanted if staff_id not in apart_from]
    free = list(_unhindered(session, number, fresh, on=planned.planned_at.date()))
    seated = len(planned.also) + planned.people
    for staff_ids, days in ((free[:seated], 1), (free[seated : seated + planned.waiting], 3)):
        if staff_ids:
            asked_at = planned.planned_at + timedelta(days=days)
            book(session, course_date_id=number, staff_ids=staff_ids, by=signs, at=asked_at)
    return set(free[: seated + planned.waiting])


def _unhindered(session: Session, number: int, staff_ids: list[int], *, on: date) -> Iterator[int]:
    found = hindrances(session, session.get_one(CourseDate, number), staff_ids, on=on)
    return (staff_id for staff_id in staff_ids if not found[staff_id])


def _by_need(gaps: Mapping[str, Standing], order: tuple[Standing, ...]) -> list[str]:
    """Staff codes, the most pressing standing first; those not in the order are left out."""
    wanted = [code for code, standing in gaps.items() if standing in order]
    return sorted(wanted, key=lambda code: (order.index(gaps[code]), code))


def _ask_for_all(
    session: Session,
    week: WorkingWeek,
    names: _Names,
    gaps: Mapping[str, Mapping[str, Standing]],
    *,
    by: str,
    at: datetime,
) -> None:
    """Nobody is to be seen in the same thing by two people."""
    asked: dict[str, set[str]] = {}
    for wanted in week.requests:
        done = asked.setdefault(wanted.competency, set())
        waiting = _by_need(gaps.get(wanted.competency, {}), _TO_BE_SEEN)
        fresh = [code for code in waiting if code not in done]
        done |= _ask(session, wanted, names, fresh, by=by, at=at)


def _ask(
    session: Session, wanted: ToBeSeen, names: _Names, waiting: Sequence[str], *, by: str, at: datetime
) -> set[str]:
    """Ask an assessor to see the first so many people whom they may assess; returns whom."""
    asked: set[str] = set()
    for code in waiting:
        if len(asked) == wanted.people:
            break
        try:
            request_assessment(
                session,
                staff_id=names.staff[code],
                competency_id=names.competencies[wanted.competency],
                level=wanted.level,
                assessor_id=names.staff[wanted.assessor],
                wanted_by=wanted.wanted_by,
                by=by,
                at=at,
            )
        except AssessmentRefused:
            continue
        asked.add(code)
    return asked


def _agree(session: Session, week: WorkingWeek, names: _Names, *, by: str, at: datetime) -> None:
    """Note the actions of supervision."""
    for number, action in enumerate(week.actions):
        supervisor_id = names.staff[action.supervisor]
        team = session.scalars(
            select(Staff.id)
            .join(SupervisionAgreement, SupervisionAgreement.supervisee_id == Staff.id)
            .where(
                SupervisionAgreement.supervisor_id == supervisor_id, SupervisionAgreement.ends_on.is_(None)
            )
            .order_by(Staff.code)
        ).all()
        supervisee_id = team[(action.number - 1) % len(team)]
        add_action(
            session,
            supervisee_id=supervisee_id,
            owner_id=supervisor_id if action.by_supervisor else supervisee_id,
            what=action.what,
            due_on=action.due_on,
            key=f"demonstration-{number}",
            by=names.signs(action.supervisor, by),
            at=at,
        )
