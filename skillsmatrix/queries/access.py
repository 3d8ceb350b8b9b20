"""How far an actor sees: the one place that narrows lists, searches, counts, exports and pages.

A list takes `visible_staff` or `visible_services` and shows nothing else; a page about one person or service
asks `person` or `place` and lets `domain.access` decide. SQL only finds candidates: the rule decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
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
from skillsmatrix.models.base import Day, Instant

ON = bindparam("on", type_=Day())
SINCE = bindparam("since", type_=Instant())
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
    wanted = [_candidates(permit, actor) for permit in permits(actor, action, on=on)]
    conditions = [condition for condition in wanted if condition is not None]
    if not conditions:
        return Reach()
    found = session.connection().execute(_about_people(or_(*conditions)), moment(on))
    return Reach(
        frozenset(
            person.staff
            for person in people_said(found)
            if decide(actor, action, person, on=on) is Decision.ALLOWED
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
    places = _places(session, _about_places(), {}, on=on)
    return Reach(
        frozenset(
            place.service
            for place in places
            if decide_service(actor, action, place, on=on) is Decision.ALLOWED
        )
    )


def person(session: Session, staff: str, *, on: date) -> Person | None:
    """What the scopes need to know about the member of staff with this code; None when there is none."""
    found = people_said(session.connection().execute(about_one_person(), {"staff": staff, **moment(on)}))
    return found[0] if found else None


def place(session: Session, service: str, *, on: date) -> ServicePlace | None:
    """What the scopes need to know about the service with this code; None when there is none."""
    return next(iter(_places(session, _about_one_place(), {"service": service}, on=on)), None)


def _post_in_force() -> ColumnElement[bool]:
    """Contract R1."""
    return and_(Post.starts_on <= ON, or_(Post.ends_on.is_(None), Post.ends_on >= ON), *_employed())


def _employed() -> tuple[ColumnElement[bool], ...]:
    return Staff.employed_from <= ON, or_(Staff.employed_to.is_(None), Staff.employed_to >= ON)


def _agreement_in_force() -> ColumnElement[bool]:
    return and_(
        SupervisionAgreement.starts_on <= ON,
        or_(SupervisionAgreement.ends_on.is_(None), SupervisionAgreement.ends_on >= ON),
    )


def _candidates(permit: Permit, actor: Actor) -> ColumnElement[bool] | None:
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
        return Staff.id.in_(_taught(actor.staff_code))
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


def _about_people(which: ColumnElement[bool]) -> CompoundSelect[Any]:
    """Everything about the staff that meet a condition, by the day `on` and the instant `since`.

    In one statement: what a row says, the member of staff, and up to three codes, by what it says.
    """
    nothing = cast(null(), Text)
    employers = (
        select(says("employer"), Staff.code, Organisation.code, nothing, nothing)
        .join(Organisation, Organisation.id == Staff.employer_id)
        .where(which)
    )
    posts = (
        select(says("post"), Staff.code, Service.code, Organisation.code, Post.basis)
        .join(Post, Post.staff_id == Staff.id)
        .join(Service, Service.id == Post.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(which, _post_in_force())
    )
    others = {"supervisor": _supervisors(which), "assessor": _assessors(which), "trainer": _trainers(which)}
    named = (select(says(what), *each.subquery().c, nothing, nothing) for what, each in others.items())
    return union_all(employers, posts, *named)


def says(what: str) -> ColumnElement[str]:
    """The column that tells the rows of such a statement apart."""
    return literal_column(f"'{what}'", Text).label("says")


@cache
def about_one_person() -> CompoundSelect[Any]:
    """The same about the person with the code `staff`: asked on almost every request, put together once."""
    return _about_people(Staff.code == bindparam("staff"))


@dataclass(slots=True)
class _Posted:
    services: set[str]
    organisations: set[str]
    hosts: set[str]


def moment(on: date) -> dict[str, Any]:
    """The values that such a statement asks by."""
    return {"on": on, "since": datetime.combine(on - TRAINER_SEES_AFTER, time(), UTC)}


def people_said(rows: Iterable[Sequence[Any]]) -> list[Person]:
    """The staff whom such a statement told of, with what holds for them that day."""
    employers: dict[str, str] = {}
    posted: defaultdict[str, _Posted] = defaultdict(lambda: _Posted(set(), set(), set()))
    others: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for said, staff, code, organisation, basis in rows:
        if said == "employer":
            employers[staff] = code
        elif said == "post":
            posted[staff].services.add(code)
            posted[staff].organisations.add(organisation)
            if basis == "secondment":
                posted[staff].hosts.add(organisation)
        else:
            others[said, staff].add(code)
    return [
        Person(
            staff=staff,
            employer=employer,
            services=frozenset(posted[staff].services),
            organisations=frozenset(posted[staff].organisations),
            hosts=frozenset(posted[staff].hosts - {employer}),
            supervisors=frozenset(others["supervisor", staff]),
            assessors=frozenset(others["assessor", staff]),
            trainers=frozenset(others["trainer", staff]),
        )
        for staff, employer in employers.items()
    ]


def _by_code(
    session: Session, statement: Select[str, str], asked: dict[str, Any]
) -> defaultdict[str, set[str]]:
    """First column → all that stands beside it in the second."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for about, code in session.execute(statement, asked):
        found[about].add(code)
    return found


def _supervisors(which: ColumnElement[bool]) -> Select[str, str]:
    """Member of staff, and the code of one who supervises them today."""
    supervisor = aliased(Staff)
    return (
        select(Staff.code, supervisor.code)
        .join(SupervisionAgreement, SupervisionAgreement.supervisee_id == Staff.id)
        .join(supervisor, supervisor.id == SupervisionAgreement.supervisor_id)
        .where(which, _agreement_in_force(), *_employed())
    )


def _assessors(which: ColumnElement[bool]) -> Select[str, str]:
    """Member of staff, and the code of one who is asked today to assess them."""
    assessor = aliased(Staff)
    return (
        select(Staff.code, assessor.code)
        .join(AssessmentRequest, AssessmentRequest.staff_id == Staff.id)
        .join(assessor, assessor.id == AssessmentRequest.assessor_id)
        .where(
            which,
            AssessmentRequest.starts_on <= ON,
            or_(AssessmentRequest.ends_on.is_(None), AssessmentRequest.ends_on >= ON),
            *_employed(),
        )
    )


def _attends() -> ColumnElement[bool]:
    """On a course date, or wanting to be, until some weeks after it: the register may be put right."""
    return and_(
        Booking.state != "cancelled",
        CourseDate.cancelled_at.is_(None),
        CourseDate.ends_at >= SINCE,
    )


def _taught(trainer_code: str) -> Select[int]:
    """Ids of the staff on the course dates of a trainer."""
    trainer = aliased(Staff)
    return (
        select(Booking.staff_id)
        .join(CourseDate, CourseDate.id == Booking.course_date_id)
        .join(trainer, trainer.id == CourseDate.trainer_id)
        .where(trainer.code == trainer_code, _attends())
    )


def _trainers(which: ColumnElement[bool]) -> Select[str, str]:
    """Member of staff, and the code of one who teaches a course date they are on."""
    trainer = aliased(Staff)
    return (
        select(Staff.code, trainer.code)
        .join(Booking, Booking.staff_id == Staff.id)
        .join(CourseDate, CourseDate.id == Booking.course_date_id)
        .join(trainer, trainer.id == CourseDate.trainer_id)
        .where(which, _attends())
    )


@dataclass(frozen=True, slots=True)
class _AboutPlaces:
    """The questions about the services that meet a condition, by the day `on`."""

    run_by: Select[str, str]
    supervisors: Select[str, str]


@cache
def _about_places() -> _AboutPlaces:
    return _about_places_where()


@cache
def _about_one_place() -> _AboutPlaces:
    return _about_places_where(Service.code == bindparam("service"))


def _about_places_where(*which: ColumnElement[bool]) -> _AboutPlaces:
    supervisor = aliased(Staff)
    return _AboutPlaces(
        run_by=select(Service.code, Organisation.code)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(*which)
        .order_by(Service.code),
        supervisors=select(Service.code, supervisor.code)
        .join(Post, Post.service_id == Service.id)
        .join(Staff, Staff.id == Post.staff_id)
        .join(SupervisionAgreement, SupervisionAgreement.supervisee_id == Staff.id)
        .join(supervisor, supervisor.id == SupervisionAgreement.supervisor_id)
        .where(_post_in_force(), _agreement_in_force(), *which),
    )


def _places(
    session: Session, about: _AboutPlaces, which: dict[str, str], *, on: date
) -> Iterable[ServicePlace]:
    """The services asked about, in order of code, with who supervises somebody posted there today."""
    asked = {"on": on, **which}
    supervisors = _by_code(session, about.supervisors, asked)
    return [
        ServicePlace(service, run_by, frozenset(supervisors[service]))
        for service, run_by in session.execute(about.run_by, asked)
    ]
