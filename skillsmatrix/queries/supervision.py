"""Supervision as pages show it: who is due, what counts, how many one has, who loses their supervisor."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import ColumnElement

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.supervision import Session as HeldSession
from skillsmatrix.domain.supervision_ladder import (
    Doubt,
    Rung,
    Step,
    Supervising,
    doubts,
    step,
    unsupervised_from,
)
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.models import (
    Account,
    AccountGrant,
    Competency,
    Post,
    Service,
    Staff,
    SupervisionAction,
    SupervisionAgreement,
    SupervisionSession,
)
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.known_people import workforce_now


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """Who supervises whom, in which kind, how often; blank ends are open."""

    agreement_id: int
    supervisee: str
    supervisor: str
    supervisor_name: str
    kind: str
    every_days: int | None
    starts_on: date
    ends_on: date | None
    supervisor_employed_to: date | None


@dataclass(frozen=True, slots=True)
class LadderLine:
    """One kind of supervision of one person, where it stands, and who gives it."""

    staff_id: int
    staff: str
    staff_name: str
    kind: str
    supervisors: tuple[AgreementLine, ...]
    step: Step


def agreements(
    session: Session, staff_ids: Collection[int], *, on: date, ended: bool = False
) -> list[AgreementLine]:
    """Agreements of these people that have not ended by the day (or all), by kind and first day."""
    supervisee = aliased(Staff)
    statement = (
        select(SupervisionAgreement, supervisee.code, Staff)
        .join(supervisee, supervisee.id == SupervisionAgreement.supervisee_id)
        .join(Staff, Staff.id == SupervisionAgreement.supervisor_id)
        .where(SupervisionAgreement.supervisee_id.in_(staff_ids))
        .order_by(SupervisionAgreement.kind, SupervisionAgreement.starts_on, SupervisionAgreement.id)
    )
    if not ended:
        statement = statement.where(_not_ended(on))
    return [
        AgreementLine(
            row.id,
            code,
            supervisor.code,
            supervisor.name,
            row.kind,
            row.every_days,
            row.starts_on,
            row.ends_on,
            supervisor.employed_to,
        )
        for row, code, supervisor in session.execute(statement)
    ]


def _not_ended(on: date) -> ColumnElement[bool]:
    return or_(SupervisionAgreement.ends_on.is_(None), SupervisionAgreement.ends_on >= on)


def supervisees(
    session: Session, *, within: Reach, on: date, supervisor: str | None = None, service: str | None = None
) -> list[Staff]:
    """The people employed on the day whom somebody supervises, or who are posted somewhere; by name."""
    statement = select(Staff).where(
        within.narrow(Staff.code.expression),
        Staff.employed_from <= on,
        or_(Staff.employed_to.is_(None), Staff.employed_to >= on),
    )
    if supervisor is not None:
        by = aliased(Staff)
        agreed = (
            select(SupervisionAgreement.supervisee_id)
            .join(by, by.id == SupervisionAgreement.supervisor_id)
            .where(by.code == supervisor, SupervisionAgreement.starts_on <= on, _not_ended(on))
        )
        statement = statement.where(Staff.id.in_(agreed))
    if service is not None:
        posted = (
            select(Post.staff_id)
            .join(Service, Service.id == Post.service_id)
            .where(
                Service.code == service,
                Post.starts_on <= on,
                or_(Post.ends_on.is_(None), Post.ends_on >= on),
            )
        )
        statement = statement.where(Staff.id.in_(posted))
    return sorted(session.scalars(statement), key=lambda person: (person.name.casefold(), person.code))


def ladder(session: Session, people: Iterable[Staff], *, on: date) -> list[LadderLine]:
    """Every kind of supervision agreed for these people or needed by what they hold, the worst first."""
    staff = {person.code: person for person in people}
    ids = [person.id for person in staff.values()]
    agreed: dict[str, list[AgreementLine]] = {}
    for line in agreements(session, ids, on=on):
        if line.starts_on <= on:
            agreed.setdefault(line.supervisee, []).append(line)
    facts = workforce_now(session, ids)
    lines = [
        line for code, person in staff.items() for line in _lines_of(person, facts, agreed.get(code, []), on)
    ]
    order = list(Rung)
    return sorted(
        lines,
        key=lambda line: (
            order.index(line.step.rung),
            line.step.due_on or line.step.lapses_on or date.max,
            line.staff_name.casefold(),
            line.kind,
        ),
    )


def _lines_of(person: Staff, facts: Workforce, agreed: list[AgreementLine], on: date) -> Iterable[LadderLine]:
    recorded = facts.people[person.code]
    held = [facts.holding(person.code, competency) for competency in _held(recorded, facts, on)]
    kinds = {line.kind for line in agreed} | {each.competency.supervision_kind for each in held}
    for kind in sorted(kind for kind in kinds if kind is not None):
        of_kind = tuple(line for line in agreed if line.kind == kind)
        yield LadderLine(
            person.id,
            person.code,
            person.name,
            kind,
            of_kind,
            step(
                kind,
                supervisee=person.code,
                sessions=recorded.sessions,
                agreed=[(line.starts_on, line.every_days) for line in of_kind],
                holdings=held,
                absences=recorded.absences,
                on=on,
            ),
        )


def _held(person: Person, facts: Workforce, on: date) -> list[str]:
    """What the person holds on the day that supervision keeps usable."""
    codes = sorted({*person.completions, *person.sign_offs})
    return [
        code
        for code in codes
        if facts.competencies[code].supervision_kind is not None
        and facts.holding(person.code, code).evidence.held_since(on) is not None
    ]


@dataclass(frozen=True, slots=True)
class PersonDoubt:
    """Why a session would count for nothing, or for one competency, of one person."""

    staff: str
    staff_name: str
    doubt: Doubt


def session_doubts(
    session: Session, people: Iterable[Staff], held: HeldSession, *, on: date
) -> list[PersonDoubt]:
    """Why a session that is about to be recorded would not count for some of the people, in their order."""
    staff = list(people)
    ids = [person.id for person in staff]
    facts = workforce_now(session, ids)
    kinds: dict[str, set[str]] = {}
    for line in agreements(session, ids, on=on):
        kinds.setdefault(line.supervisee, set()).add(line.kind)
    return [
        PersonDoubt(person.code, person.name, doubt)
        for person in staff
        for doubt in doubts(
            held,
            supervisee=person.code,
            agreed_kinds=kinds.get(person.code, set()),
            held=[facts.competencies[code] for code in _held(facts.people[person.code], facts, held.held_on)],
        )
    ]


@dataclass(frozen=True, slots=True)
class Load:
    """How many people somebody supervises on the day. `leaves_on`: the last day of their employment."""

    supervisor: str
    supervisor_name: str
    people: int
    leaves_on: date | None


def loads(session: Session, *, within: Reach, on: date) -> list[Load]:
    """Supervisors of the people in reach, the most loaded first; each person counted once."""
    supervisee = aliased(Staff)
    people = func.count(func.distinct(SupervisionAgreement.supervisee_id))
    rows = session.execute(
        select(Staff, people)
        .join(SupervisionAgreement, SupervisionAgreement.supervisor_id == Staff.id)
        .join(supervisee, supervisee.id == SupervisionAgreement.supervisee_id)
        .where(
            within.narrow(supervisee.code.expression),
            SupervisionAgreement.starts_on <= on,
            _not_ended(on),
            supervisee.employed_from <= on,
            or_(supervisee.employed_to.is_(None), supervisee.employed_to >= on),
        )
        .group_by(Staff.id)
    )
    found = [Load(row.code, row.name, number, row.employed_to) for row, number in rows]
    return sorted(found, key=lambda each: (-each.people, each.supervisor_name.casefold()))


@dataclass(frozen=True, slots=True)
class Losing:
    """Somebody who will have nobody for one kind from a day on, as soon as that is known (V2)."""

    staff: str
    staff_name: str
    kind: str
    supervisor_name: str
    from_on: date


def losing_supervisor(session: Session, *, within: Reach, on: date) -> list[Losing]:
    """Who loses, or has lost, their supervisor of a kind with nobody to follow, the soonest first."""
    supervisee = aliased(Staff)
    rows = session.execute(
        select(SupervisionAgreement, supervisee, Staff)
        .join(supervisee, supervisee.id == SupervisionAgreement.supervisee_id)
        .join(Staff, Staff.id == SupervisionAgreement.supervisor_id)
        .where(
            within.narrow(supervisee.code.expression),
            _not_ended(on),
            or_(supervisee.employed_to.is_(None), supervisee.employed_to >= on),
        )
        .order_by(SupervisionAgreement.starts_on, SupervisionAgreement.id)
    )
    pairs: dict[tuple[str, str], list[tuple[SupervisionAgreement, Staff, Staff]]] = {}
    for row, person, supervisor in rows:
        pairs.setdefault((person.code, row.kind), []).append((row, person, supervisor))
    found = [line for of_kind in pairs.values() for line in _losing(of_kind, on)]
    return sorted(found, key=lambda each: (each.from_on, each.staff_name.casefold(), each.kind))


def _losing(of_kind: list[tuple[SupervisionAgreement, Staff, Staff]], on: date) -> Iterable[Losing]:
    begun = [each for each in of_kind if each[0].starts_on <= on]
    if not begun:
        return
    person = begun[-1][1]
    day = unsupervised_from(
        (Supervising(row.starts_on, row.ends_on, by.employed_to) for row, _, by in of_kind),
        on=on,
        employed_to=person.employed_to,
    )
    if day is not None:
        yield Losing(person.code, person.name, begun[-1][0].kind, begun[-1][2].name, day)


@dataclass(frozen=True, slots=True)
class ActionLine:
    """Something agreed: who does what by when."""

    action_id: int
    owner: str
    owner_name: str
    what: str
    due_on: date
    done_on: date | None


def actions(session: Session, staff_id: int, *, done: bool = False) -> list[ActionLine]:
    """What was agreed with a person and is open (or all of it), the soonest first."""
    statement = (
        select(SupervisionAction, Staff)
        .join(Staff, Staff.id == SupervisionAction.owner_id)
        .where(SupervisionAction.supervisee_id == staff_id)
        .order_by(SupervisionAction.due_on, SupervisionAction.id)
    )
    if not done:
        statement = statement.where(SupervisionAction.done_on.is_(None))
    return [
        ActionLine(row.id, owner.code, owner.name, row.what, row.due_on, row.done_on)
        for row, owner in session.execute(statement)
    ]


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session of one person as it is recorded."""

    session_id: int
    kind: str
    held_on: date
    supervisor: str
    supervisor_name: str
    minutes: int | None
    group_size: int | None


def sessions(session: Session, staff_id: int, *, on: date, most: int = 20) -> list[SessionLine]:
    """A person's latest sessions up to the day, the latest first."""
    rows = session.execute(
        select(SupervisionSession, Staff)
        .join(Staff, Staff.id == SupervisionSession.supervisor_id)
        .where(SupervisionSession.supervisee_id == staff_id, SupervisionSession.held_on <= on)
        .order_by(SupervisionSession.held_on.desc(), SupervisionSession.id.desc())
        .limit(most)
    )
    return [
        SessionLine(row.id, row.kind, row.held_on, by.code, by.name, row.minutes, row.group_size)
        for row, by in rows
    ]


def kinds(session: Session) -> Mapping[str, int | None]:
    """Every kind of supervision in use, and how often the catalogue asks for it at most; by name."""
    asked = session.execute(
        select(Competency.supervision_kind, func.min(Competency.supervision_every_days))
        .where(Competency.supervision_kind.is_not(None))
        .group_by(Competency.supervision_kind)
    )
    found: dict[str, int | None] = {kind: every for kind, every in asked if kind is not None}
    for kind in session.scalars(select(SupervisionAgreement.kind).distinct()):
        found.setdefault(kind, None)
    return dict(sorted(found.items()))


def trusted_supervisors(session: Session, *, on: date) -> dict[str, str]:
    """Staff code → name of everybody employed and trusted as a supervisor on the day, by name."""
    rows = session.scalars(
        select(Staff)
        .join(Account, Account.staff_id == Staff.id)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(
            AccountGrant.role == AccessRole.SUPERVISOR.value,
            AccountGrant.from_on <= on,
            or_(AccountGrant.to_on.is_(None), AccountGrant.to_on >= on),
            Account.disabled_at.is_(None),
            or_(Staff.employed_to.is_(None), Staff.employed_to >= on),
        )
        .distinct()
    )
    return dict(sorted(((row.code, row.name) for row in rows), key=lambda each: each[1].casefold()))
