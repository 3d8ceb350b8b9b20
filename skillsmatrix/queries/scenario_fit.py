"""A scenario against the record as it is: what each change means now, and which no longer fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from skillsmatrix.domain import scenario as tried
from skillsmatrix.domain.booking import TAKES_A_SEAT
from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.person import Post
from skillsmatrix.domain.requirement import Requirement, Service
from skillsmatrix.engine import scenario as laid
from skillsmatrix.engine.image import Image
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Competency, Course, CourseGrant, Staff
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.training import DateLine, booking_lines, date_line


@dataclass(frozen=True, slots=True)
class Sight:
    """Whom and what a scenario may speak of, for whoever reads it. `courses`: may they see course dates."""

    staff: Reach
    services: Reach
    courses: bool


class Misfit(StrEnum):
    """Why a change does not fit the record as it is."""

    OUT_OF_SIGHT = "out_of_sight"
    PERSON_GONE = "person_gone"
    PERSON_LEFT = "person_left"
    NEWCOMER_GONE = "newcomer_gone"
    SERVICE_GONE = "service_gone"
    SERVICE_CLOSED = "service_closed"
    SERVICE_OPEN = "service_open"
    ROLE_GONE = "role_gone"
    COMPETENCY_GONE = "competency_gone"
    REQUIREMENT_GONE = "requirement_gone"
    REQUIREMENT_ENDED = "requirement_ended"
    DATE_GONE = "date_gone"
    DATE_CALLED_OFF = "date_called_off"
    DATE_PAST = "date_past"


class Unfit(Exception):
    """A change that does not fit: why, about whom or what (a code), and the day that is in its way."""

    def __init__(self, why: Misfit, code: str = "", day: date | None = None) -> None:
        super().__init__(why, code, day)
        self.why, self.code, self.day = why, code, day


@dataclass(frozen=True, slots=True)
class Moved:
    """A course date as it is planned, and who is booked on it, as far as they may be seen."""

    line: DateLine
    planned_on: date
    booked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fitted:
    """One change of a scenario. `unfit`: why it is left out; else what the bench lays for it.

    `before` is laid under both sides: what is planned already and only moves. `felt_from`: the first day on
    which the change makes itself felt.
    """

    change: tried.Change
    unfit: Unfit | None = None
    before: tuple[laid.Change, ...] = ()
    after: tuple[laid.Change, ...] = ()
    felt_from: date | None = None
    moved: Moved | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)


def fitted(
    session: Session, image: Image, changes: Sequence[tried.Change], sight: Sight, *, today: date
) -> list[Fitted]:
    """Each change in its order, as it fits the record and the changes before it."""
    fitting = _Fitting(session, image, changes, sight, today)
    return [fitting.fit(change) for change in changes]


class _Fitting:
    """What the scenario speaks of so far: the record, and what the changes before have made of it."""

    def __init__(
        self,
        session: Session,
        image: Image,
        changes: Sequence[tried.Change],
        sight: Sight,
        today: date,
    ) -> None:
        self.session = session
        self.image = image
        self.sight = sight
        self.today = today
        self.services = dict(image.catalogue.requirements.services)
        self.rows = {row.code: row for row in image.catalogue.requirements.rows}
        self.newcomers: dict[str, date] = {}
        self.last_days = _last_days(session, changes)
        self.own_services = tried.new_services(changes).keys() - self.services.keys()

    def fit(self, change: tried.Change) -> Fitted:
        """The change as it fits; what does not fit leaves no trace."""
        try:
            return self._fit(change)
        except Unfit as unfit:
            return Fitted(change, unfit=unfit)

    def _fit(self, change: tried.Change) -> Fitted:
        if isinstance(change, tried.CourseMoves):
            return self._course(change)
        steps = self._steps(change)
        renamed = {}
        if isinstance(change, tried.RequirementChanged):
            renamed = {_until(change): change.requirement}
        return Fitted(change, after=steps, felt_from=tried.felt_from(change), renamed=renamed)

    def _steps(self, change: tried.Change) -> tuple[laid.Change, ...]:
        match change:
            case tried.PersonLeaves():
                self._person(change.staff, change.last_day)
                return (laid.Leaves(change.staff, change.last_day),)
            case tried.PersonJoins():
                return self._joins(change)
            case tried.PostStarts():
                self._person(change.staff, change.starts_on)
                self._place(change.service, change.role, change.starts_on)
                posts = (change.service, change.role, change.starts_on, change.ends_on, change.basis)
                return (laid.StartsPost(change.staff, *posts),)
            case tried.CompetencyGained():
                self._competency(change.competency)
                for staff in change.staff:
                    self._person(staff, change.held_from)
                return tuple(
                    laid.Holds(staff, change.competency, change.level, change.held_from)
                    for staff in change.staff
                )
            case tried.ServiceOpens() | tried.ServiceCloses() | tried.ServiceAdded():
                return self._service_changes(change)
            case tried.LengthChanged():
                self._competency(change.competency)
                return (laid.LastsFor(change.competency, change.learning_months, change.sign_off_months),)
            case tried.RequirementAdded() | tried.RequirementChanged() | tried.RequirementEnded():
                return self._requirement_changes(change)
            case tried.CourseMoves():
                raise TypeError("a course date that moves has a baseline of its own")

    def _joins(self, change: tried.PersonJoins) -> tuple[laid.Change, ...]:
        self._place(change.service, change.role, change.starts_on)
        employer = self.services[change.service].organisation
        at = (change.service, change.role, change.starts_on, change.basis)
        self.newcomers[change.staff] = change.starts_on
        steps: list[laid.Change] = [laid.Joins(change.staff, employer, *at)]
        if change.trained:
            post = Post(change.service, change.role, change.basis, change.starts_on)
            levels: dict[str, int] = {}
            for row in self.rows.values():
                ended = row.in_force_to is not None and row.in_force_to < change.starts_on
                if row.applies_to(post) and not ended:
                    levels[row.competency] = max(row.level, levels.get(row.competency, 0))
            steps += [
                laid.Holds(change.staff, competency, level, change.starts_on)
                for competency, level in sorted(levels.items())
            ]
        return tuple(steps)

    def _service_changes(
        self, change: tried.ServiceOpens | tried.ServiceCloses | tried.ServiceAdded
    ) -> tuple[laid.Change, ...]:
        if isinstance(change, tried.ServiceAdded):
            return self._new_service(change)
        known = self._service(change.service)
        if isinstance(change, tried.ServiceCloses):
            if known.closes_on is not None and known.closes_on <= change.closes_on:
                raise Unfit(Misfit.SERVICE_CLOSED, change.service, known.closes_on)
            changed = replace(known, closes_on=change.closes_on)
        else:
            if known.is_open(min(change.opens_on, self.today)):
                raise Unfit(Misfit.SERVICE_OPEN, change.service)
            ends = known.closes_on if known.closes_on and known.closes_on >= change.opens_on else None
            changed = replace(known, opens_on=change.opens_on, closes_on=ends)
        self.services[change.service] = changed
        return (laid.OpensOrCloses(change.service, changed.opens_on, changed.closes_on),)

    def _new_service(self, change: tried.ServiceAdded) -> tuple[laid.Change, ...]:
        if not self.sight.services.everything or change.service not in self.own_services:
            raise Unfit(Misfit.OUT_OF_SIGHT)
        rows: list[Requirement] = []
        if change.like is not None:
            self._service(change.like)
            rows = [
                replace(row, code=f"{row.code} at {change.service}", service=change.service)
                for row in self.rows.values()
                if row.service == change.like
            ]
        organisation = self.services[change.like].organisation if change.like else ""
        self.services[change.service] = Service(change.service, organisation, change.opens_on)
        self.rows |= {row.code: row for row in rows}
        opens = laid.OpensOrCloses(change.service, change.opens_on)
        return (opens, *(laid.Requires(row) for row in rows))

    def _requirement_changes(
        self, change: tried.RequirementAdded | tried.RequirementChanged | tried.RequirementEnded
    ) -> tuple[laid.Change, ...]:
        if isinstance(change, tried.RequirementAdded):
            row = self._added(change)
            self.rows[row.code] = row
            return (laid.Requires(row),)
        day = change.in_force_to if isinstance(change, tried.RequirementEnded) else change.takes_effect_on
        known = self._row(change.requirement, day)
        if isinstance(change, tried.RequirementEnded):
            if change.in_force_to < known.in_force_from:
                del self.rows[known.code]
                return (laid.NoLongerRequires(known.code),)
            changed = replace(known, in_force_to=change.in_force_to)
            self.rows[known.code] = changed
            return (laid.Requires(changed),)
        changed = replace(
            known,
            level=change.level,
            cover=change.cover,
            amount=change.amount,
            hard_stop=change.hard_stop,
            in_force_from=max(change.takes_effect_on, known.in_force_from),
        )
        self.rows[known.code] = changed
        if known.in_force_from >= change.takes_effect_on:
            return (laid.Requires(changed),)
        until = replace(known, code=_until(change), in_force_to=change.takes_effect_on - ONE_DAY)
        return (laid.Requires(until), laid.Requires(changed))

    def _added(self, change: tried.RequirementAdded) -> Requirement:
        self._competency(change.competency)
        if change.service is None:
            if not self.sight.services.everything:
                raise Unfit(Misfit.OUT_OF_SIGHT)
        else:
            self._open(change.service, change.in_force_from)
        if change.role is not None:
            self._role(change.role)
        return Requirement(
            change.requirement,
            change.competency,
            change.in_force_from,
            service=change.service,
            role=change.role,
            level=change.level,
            cover=change.cover,
            amount=change.amount,
            hard_stop=change.hard_stop,
            induction_days=change.induction_days,
        )

    def _course(self, change: tried.CourseMoves) -> Fitted:
        if not self.sight.courses:
            raise Unfit(Misfit.OUT_OF_SIGHT)
        line = date_line(self.session, change.course_date)
        if line is None:
            raise Unfit(Misfit.DATE_GONE)
        planned_on = london_day(line.ends_at)
        if line.called_off:
            raise Unfit(Misfit.DATE_CALLED_OFF, line.course, planned_on)
        if planned_on < self.today:
            raise Unfit(Misfit.DATE_PAST, line.course, planned_on)
        booked = tuple(
            each.staff
            for each in booking_lines(self.session, line.id)
            if each.state in TAKES_A_SEAT and each.staff in self.sight.staff
        )
        before, after = (
            tuple(_learns(self.session, line.course, booked, on)) for on in (planned_on, change.held_on)
        )
        felt_from = min(planned_on, change.held_on)
        return Fitted(
            change,
            before=before,
            after=after,
            felt_from=felt_from,
            moved=Moved(line, planned_on, booked),
        )

    def _person(self, code: str, day: date) -> None:
        if code in self.newcomers:
            return
        if tried.is_own_code(code):
            raise Unfit(Misfit.NEWCOMER_GONE)
        if code not in self.sight.staff:
            raise Unfit(Misfit.OUT_OF_SIGHT)
        if code not in self.image.numbers:
            raise Unfit(Misfit.PERSON_GONE, code)
        last = self.last_days.get(code)
        if last is not None and last < max(day, self.today):
            raise Unfit(Misfit.PERSON_LEFT, code, last)

    def _place(self, service: str, role: str, day: date) -> None:
        self._open(service, day)
        self._role(role)

    def _role(self, role: str) -> None:
        if role not in self.image.catalogue.ids.roles:
            raise Unfit(Misfit.ROLE_GONE, role)

    def _service(self, code: str) -> Service:
        if tried.is_own_code(code) and code not in self.services:
            raise Unfit(Misfit.SERVICE_GONE, code)
        own = code in self.own_services
        if not (self.sight.services.everything if own else code in self.sight.services):
            raise Unfit(Misfit.OUT_OF_SIGHT)
        if code not in self.services:
            raise Unfit(Misfit.SERVICE_GONE, code)
        return self.services[code]

    def _open(self, code: str, day: date) -> None:
        found = self._service(code)
        if found.closes_on is not None and found.closes_on < day:
            raise Unfit(Misfit.SERVICE_CLOSED, code, found.closes_on)

    def _competency(self, code: str) -> None:
        if code not in self.image.catalogue.competencies:
            raise Unfit(Misfit.COMPETENCY_GONE, code)

    def _row(self, code: str, day: date) -> Requirement:
        row = self.rows.get(code)
        if row is None:
            raise Unfit(
                Misfit.REQUIREMENT_GONE if self.sight.services.everything else Misfit.OUT_OF_SIGHT, code
            )
        if row.service is None:
            if not self.sight.services.everything:
                raise Unfit(Misfit.OUT_OF_SIGHT)
        else:
            self._service(row.service)
        if row.in_force_to is not None and row.in_force_to <= day:
            raise Unfit(Misfit.REQUIREMENT_ENDED, code, row.in_force_to)
        return row


def _until(change: tried.RequirementChanged) -> str:
    """The code of a requirement as it is asked up to the change; from it on it keeps its own."""
    return f"{change.requirement} until {change.takes_effect_on}"


def _learns(session: Session, course: str, staff: Iterable[str], on: date) -> list[laid.Holds]:
    """What a course gives to whoever completes it on the day: learning alone (contract E1)."""
    grants = session.execute(
        select(Competency.code, CourseGrant.level, Competency.learning_level, CourseGrant.valid_months)
        .join(CourseGrant, CourseGrant.competency_id == Competency.id)
        .join(Course, Course.id == CourseGrant.course_id)
        .where(Course.code == course)
        .order_by(Competency.code)
    ).all()
    return [
        laid.Holds(person, competency, level or usual or 1, on, signed_off=False, valid_months=months)
        for person in staff
        for competency, level, usual, months in grants
    ]


def _last_days(session: Session, changes: Iterable[tried.Change]) -> dict[str, date | None]:
    """Staff code → last day of employment, of the people the changes name."""
    named: set[str] = set()
    for change in changes:
        match change:
            case tried.CompetencyGained():
                named.update(change.staff)
            case tried.PersonLeaves() | tried.PostStarts():
                named.add(change.staff)
            case _:
                pass
    rows = session.execute(select(Staff.code, Staff.employed_to).where(Staff.code.in_(sorted(named))))
    return dict(rows.all())
