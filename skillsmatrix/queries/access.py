"""How far an actor sees: the one place that narrows lists, searches, counts, exports and pages.

A list takes `visible_staff` or `visible_services` and shows nothing else; a page about one person or service
asks `person` or `place` and lets `domain.access` decide. SQL only finds candidates: the rule decides.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql import ColumnElement

from skillsmatrix.domain.access import (
    Actor,
    Decision,
    Permit,
    Person,
    Scope,
    ServicePlace,
    decide,
    decide_service,
    permits,
    reaches_everybody,
)
from skillsmatrix.models import (
    AssessmentRequest,
    Booking,
    CourseDate,
    Organisation,
    Post,
    Service,
    Staff,
    SupervisionAgreement,
)

TRAINER_SEES_AFTER = timedelta(days=28)  # our own choice: long enough to put a register right


@dataclass(frozen=True, slots=True)
class Reach:
    """The codes a list may show: some, or all there are (`everything`; then `codes` is empty)."""

    codes: frozenset[str] = frozenset()
    everything: bool = False

    def __contains__(self, code: object) -> bool:
        return self.everything or code in self.codes

    def __bool__(self) -> bool:
        return self.everything or bool(self.codes)

    def narrow(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """A condition for a query: the column holds a code within reach."""
        return column.is_not(None) if self.everything else column.in_(sorted(self.codes))


ALL = Reach(everything=True)


def visible_staff(session: Session, actor: Actor, action: str, *, on: date) -> Reach:
    """Codes of the staff about whom the actor may do this; may be empty. Raises UnknownAction.

    `on`: today, never the day a page is asked about.
    """
    if reaches_everybody(actor, action, on=on):
        return ALL
    wanted = [_candidates(permit, actor, on) for permit in permits(actor, action, on=on)]
    conditions = [condition for condition in wanted if condition is not None]
    if not conditions:
        return Reach()
    found = _people(session, or_(*conditions), on=on)
    return Reach(
        frozenset(
            person.staff for person in found if decide(actor, action, person, on=on) is Decision.ALLOWED
        )
    )


def visible_services(session: Session, actor: Actor, action: str, *, on: date) -> Reach:
    """Codes of the services about which the actor may do this; may be empty. Raises UnknownAction.

    `on`: today, never the day a page is asked about.
    """
    if reaches_everybody(actor, action, on=on):
        return ALL
    if not permits(actor, action, on=on):
        return Reach()
    places = _places(session, on=on)
    return Reach(
        frozenset(
            place.service
            for place in places
            if decide_service(actor, action, place, on=on) is Decision.ALLOWED
        )
    )


def person(session: Session, staff: str, *, on: date) -> Person | None:
    """What the scopes need to know about the member of staff with this code; None when there is none."""
    found = _people(session, Staff.code == staff, on=on)
    return found[0] if found else None


def place(session: Session, service: str, *, on: date) -> ServicePlace | None:
    """What the scopes need to know about the service with this code; None when there is none."""
    return next(iter(_places(session, Service.code == service, on=on)), None)


def _post_in_force(on: date) -> ColumnElement[bool]:
    """Contract R1."""
    return and_(
        Post.starts_on <= on,
        or_(Post.ends_on.is_(None), Post.ends_on >= on),
        *_employed(on),
    )


def _employed(on: date) -> tuple[ColumnElement[bool], ...]:
    return Staff.employed_from <= on, or_(Staff.employed_to.is_(None), Staff.employed_to >= on)


def _agreement_in_force(on: date) -> ColumnElement[bool]:
    return and_(
        SupervisionAgreement.starts_on <= on,
        or_(SupervisionAgreement.ends_on.is_(None), SupervisionAgreement.ends_on >= on),
    )


def _candidates(permit: Permit, actor: Actor, on: date) -> ColumnElement[bool] | None:
    """A condition on staff that leaves out nobody the permit reaches; None when it reaches nobody.

    Cases and object lists have no table yet: those reaches are empty.
    """
    grant = permit.grant
    if permit.scope is Scope.SELF and actor.staff_code is not None:
        return Staff.code == actor.staff_code
    if permit.scope is Scope.TEAM and actor.staff_code is not None:
        supervisor = aliased(Staff)
        supervised = (
            select(SupervisionAgreement.supervisee_id)
            .join(supervisor, supervisor.id == SupervisionAgreement.supervisor_id)
            .where(supervisor.code == actor.staff_code)
        )
        return Staff.id.in_(supervised)
    if permit.scope is Scope.ASSIGNED and actor.staff_code is not None:
        assessor = aliased(Staff)
        asked = (
            select(AssessmentRequest.staff_id)
            .join(assessor, assessor.id == AssessmentRequest.assessor_id)
            .where(assessor.code == actor.staff_code)
        )
        return Staff.id.in_(asked)
    if permit.scope is Scope.SESSIONS and actor.staff_code is not None:
        return Staff.id.in_(_taught(actor.staff_code, on))
    if permit.scope in (Scope.SERVICES, Scope.ENGAGEMENT, Scope.SECONDED, Scope.ORGANISATION):
        posted = (
            select(Post.staff_id)
            .join(Service, Service.id == Post.service_id)
            .join(Organisation, Organisation.id == Service.organisation_id)
            .where(or_(Service.code.in_(grant.services), Organisation.code == grant.organisation))
        )
        employer = select(Organisation.id).where(Organisation.code == grant.organisation)
        return or_(Staff.id.in_(posted), Staff.employer_id.in_(employer))
    return None


@dataclass(slots=True)
class _Posted:
    services: set[str]
    organisations: set[str]
    hosts: set[str]


def _people(session: Session, which: ColumnElement[bool], *, on: date) -> list[Person]:
    """The staff that meet a condition, in order of code, with what holds for them today."""
    employers = session.execute(
        select(Staff.code, Organisation.code)
        .join(Organisation, Organisation.id == Staff.employer_id)
        .where(which)
        .order_by(Staff.code)
    ).all()
    posted: defaultdict[str, _Posted] = defaultdict(lambda: _Posted(set(), set(), set()))
    for staff, service, organisation, basis in session.execute(
        select(Staff.code, Service.code, Organisation.code, Post.basis)
        .join(Post, Post.staff_id == Staff.id)
        .join(Service, Service.id == Post.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(which, _post_in_force(on))
    ):
        posted[staff].services.add(service)
        posted[staff].organisations.add(organisation)
        if basis == "secondment":
            posted[staff].hosts.add(organisation)
    supervisors = _supervisors(session, which, on=on)
    assessors = _assessors(session, which, on=on)
    trainers = _trainers(session, which, on=on)
    return [
        Person(
            staff=staff,
            employer=employer,
            services=frozenset(posted[staff].services),
            organisations=frozenset(posted[staff].organisations),
            hosts=frozenset(posted[staff].hosts - {employer}),
            supervisors=frozenset(supervisors[staff]),
            assessors=frozenset(assessors[staff]),
            trainers=frozenset(trainers[staff]),
        )
        for staff, employer in employers
    ]


def _supervisors(session: Session, which: ColumnElement[bool], *, on: date) -> defaultdict[str, set[str]]:
    """Member of staff → codes of those who supervise them today."""
    supervisor = aliased(Staff)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for supervisee, code in session.execute(
        select(Staff.code, supervisor.code)
        .join(SupervisionAgreement, SupervisionAgreement.supervisee_id == Staff.id)
        .join(supervisor, supervisor.id == SupervisionAgreement.supervisor_id)
        .where(which, _agreement_in_force(on), *_employed(on))
    ):
        found[supervisee].add(code)
    return found


def _assessors(session: Session, which: ColumnElement[bool], *, on: date) -> defaultdict[str, set[str]]:
    """Member of staff → codes of those who are asked today to assess them."""
    assessor = aliased(Staff)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for candidate, code in session.execute(
        select(Staff.code, assessor.code)
        .join(AssessmentRequest, AssessmentRequest.staff_id == Staff.id)
        .join(assessor, assessor.id == AssessmentRequest.assessor_id)
        .where(
            which,
            AssessmentRequest.starts_on <= on,
            or_(AssessmentRequest.ends_on.is_(None), AssessmentRequest.ends_on >= on),
            *_employed(on),
        )
    ):
        found[candidate].add(code)
    return found


def _attends(on: date) -> ColumnElement[bool]:
    """On a course date, or wanting to be, until some weeks after it: the register may be put right."""
    since = datetime.combine(on - TRAINER_SEES_AFTER, time(), UTC)
    return and_(
        Booking.state != "cancelled",
        CourseDate.cancelled_at.is_(None),
        CourseDate.ends_at >= since,
    )


def _taught(trainer_code: str, on: date) -> Select[int]:
    """Ids of the staff on the course dates of a trainer."""
    trainer = aliased(Staff)
    return (
        select(Booking.staff_id)
        .join(CourseDate, CourseDate.id == Booking.course_date_id)
        .join(trainer, trainer.id == CourseDate.trainer_id)
        .where(trainer.code == trainer_code, _attends(on))
    )


def _trainers(session: Session, which: ColumnElement[bool], *, on: date) -> defaultdict[str, set[str]]:
    """Member of staff → codes of those who teach a course date they are on."""
    trainer = aliased(Staff)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for staff, code in session.execute(
        select(Staff.code, trainer.code)
        .join(Booking, Booking.staff_id == Staff.id)
        .join(CourseDate, CourseDate.id == Booking.course_date_id)
        .join(trainer, trainer.id == CourseDate.trainer_id)
        .where(which, _attends(on))
    ):
        found[staff].add(code)
    return found


def _places(session: Session, *which: ColumnElement[bool], on: date) -> Iterable[ServicePlace]:
    """Services that meet a condition, in order of code, with who supervises somebody posted there today."""
    supervisor = aliased(Staff)
    supervisors: defaultdict[str, set[str]] = defaultdict(set)
    for service, code in session.execute(
        select(Service.code, supervisor.code)
        .join(Post, Post.service_id == Service.id)
        .join(Staff, Staff.id == Post.staff_id)
        .join(SupervisionAgreement, SupervisionAgreement.supervisee_id == Staff.id)
        .join(supervisor, supervisor.id == SupervisionAgreement.supervisor_id)
        .where(_post_in_force(on), _agreement_in_force(on), *which)
    ):
        supervisors[service].add(code)
    rows = session.execute(
        select(Service.code, Organisation.code)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(*which)
        .order_by(Service.code)
    )
    return [ServicePlace(service, run_by, frozenset(supervisors[service])) for service, run_by in rows]
