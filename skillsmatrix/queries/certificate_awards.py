"""What a certificate would say of a person and a competency on a day, or why there can be none."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from skillsmatrix.domain.certificate import Frozen, RefusalReason, may_issue
from skillsmatrix.domain.standing import Holding, standing
from skillsmatrix.models import Competency, Course, Learning, Ledger, SignOff, Staff
from skillsmatrix.queries.known_people import workforce_now


@dataclass(frozen=True, slots=True)
class Award:
    """What a certificate would say of one person and competency on a day; texts as they are recorded.

    `on`: the day it was read for; `data_version`: of the facts it was read from.
    """

    staff_id: int
    competency_id: int
    holder: str
    competency: str
    title: str
    framework: str
    boundary: str
    level: int
    valid_from: date
    valid_to: date | None
    learning_title: str
    learning_provider: str
    learning_completed_on: date | None
    assessor: str
    assessed_on: date | None
    on: date = field(compare=False)
    data_version: int = field(compare=False)

    @property
    def frozen(self) -> Frozen:
        """What decides whether another certificate says the same."""
        return Frozen(self.competency, self.level, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class _Learned:
    """One completion: its day, and the course and provider behind it."""

    completed_on: date
    title: str
    provider: str


@dataclass(frozen=True, slots=True)
class _Assessed:
    """One sign-off that stands on the day."""

    level: int
    assessed_on: date
    assessor: str


def data_version(session: Session) -> int:
    """The version of all facts: the same version means that nothing an award says has changed."""
    return session.scalars(select(Ledger.data_version)).one()


def award(
    session: Session, *, staff_id: int, competency_id: int, on: date, level: int | None = None
) -> Award | RefusalReason:
    """What a certificate for this person would say on the day, or why there can be none.

    `level`: the level asked for; None is the level held on the day.
    """
    found = awards(session, staff_ids=[staff_id], competency_id=competency_id, on=on, level=level)
    return found[staff_id]


def awards(
    session: Session,
    *,
    staff_ids: Collection[int],
    competency_id: int,
    on: date,
    level: int | None = None,
) -> dict[int, Award | RefusalReason]:
    """The same for many people at once, by staff id, read in a few statements."""
    version = data_version(session)
    competency = session.get_one(Competency, competency_id)
    staff = {each.id: each for each in session.scalars(select(Staff).where(Staff.id.in_(staff_ids)))}
    facts = workforce_now(session, staff_ids)
    learning = _learning(session, staff_ids, competency_id)
    sign_offs = _sign_offs(session, staff_ids, competency_id, on) if competency.needs_sign_off else {}
    found: dict[int, Award | RefusalReason] = {}
    for staff_id in staff_ids:
        held = facts.holding(staff[staff_id].code, competency.code)
        wanted = level or max(held.evidence.held_level(on), 1)
        verdict = standing(held, level=wanted, on=on)
        refusal = may_issue(verdict.standing)
        if refusal is not None:
            found[staff_id] = refusal
            continue
        learned = _longest(held, learning.get(staff_id, {}), on)
        seen = next((each for each in sign_offs.get(staff_id, ()) if each.level >= wanted), None)
        found[staff_id] = Award(
            staff_id=staff_id,
            competency_id=competency_id,
            holder=staff[staff_id].name,
            competency=competency.code,
            title=competency.title,
            framework=competency.framework or "",
            boundary=competency.boundary or "",
            level=wanted,
            valid_from=verdict.held_since or on,
            valid_to=verdict.valid_to,
            learning_title=learned.title if learned else "",
            learning_provider=learned.provider if learned else "",
            learning_completed_on=learned.completed_on if learned else None,
            assessor=seen.assessor if seen else "",
            assessed_on=seen.assessed_on if seen else None,
            on=on,
            data_version=version,
        )
    return found


def _longest(facts: Holding, recorded: Mapping[date, _Learned], on: date) -> _Learned | None:
    """The learning that counts longest on the day."""
    terms = [term for term in facts.evidence.learning if term.counts_on(on)]
    if not terms:
        return None
    longest = max(terms, key=lambda term: (term.valid_to is None, term.valid_to or on, term.starts_on))
    found = recorded.get(longest.starts_on)
    title = found.title if found and found.title else facts.competency.title
    return _Learned(longest.starts_on, title, found.provider if found else "")


def _learning(
    session: Session, staff_ids: Collection[int], competency_id: int
) -> dict[int, dict[date, _Learned]]:
    """Staff id → day → the completion of that day; of several, the first by reference."""
    rows = session.execute(
        select(
            Learning.staff_id,
            Learning.completed_on,
            Course.title,
            func.coalesce(Learning.provider, Course.provider).label("provider"),
        )
        .select_from(Learning)
        .outerjoin(Course, Course.id == Learning.course_id)
        .where(Learning.staff_id.in_(staff_ids), Learning.competency_id == competency_id)
        .order_by(Learning.reference)
    )
    found: dict[int, dict[date, _Learned]] = {}
    for row in rows:
        one = _Learned(row.completed_on, row.title or "", row.provider or "")
        found.setdefault(row.staff_id, {}).setdefault(row.completed_on, one)
    return found


def _sign_offs(
    session: Session, staff_ids: Collection[int], competency_id: int, on: date
) -> dict[int, list[_Assessed]]:
    """Staff id → sign-offs that stand on the day, the latest first."""
    assessor = aliased(Staff)
    rows = session.execute(
        select(SignOff.staff_id, SignOff.level, SignOff.assessed_on, assessor)
        .join(assessor, assessor.id == SignOff.assessor_id)
        .where(
            SignOff.staff_id.in_(staff_ids),
            SignOff.competency_id == competency_id,
            SignOff.outcome == "competent",
            SignOff.assessed_on <= on,
            SignOff.withdrawn_on.is_(None) | (SignOff.withdrawn_on > on),
        )
        .order_by(SignOff.assessed_on.desc(), SignOff.id.desc())
    )
    found: dict[int, list[_Assessed]] = {}
    for staff_id, level, assessed_on, person in rows:
        found.setdefault(staff_id, []).append(_Assessed(level, assessed_on, person.name))
    return found
