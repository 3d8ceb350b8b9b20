"""What a scenario would do: cover, compliance, first days below cover and cost, beside what is so now."""

from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.compliance import Compliance
from skillsmatrix.domain.effect import CoverChange
from skillsmatrix.domain.scenario import CompetencyGained
from skillsmatrix.engine.comparison import (
    FirstShort,
    ServiceCover,
    SideBySide,
    cover_by_service,
    team_sizes,
)
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.scenario import Change
from skillsmatrix.models import Competency, Course, CourseGrant
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.ahead import supervised_on
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.scenario_fit import Fitted
from skillsmatrix.queries.services import NOTHING_ASKED
from skillsmatrix.queries.state import kept
from skillsmatrix.queries.what_if import what_if

DAYS_AHEAD: Final = 365  # how far the first day below cover is looked for
MOST_LAID: Final = 4  # comparisons kept by a process
Laid = tuple[Change, ...]
NO_COVER = ServiceCover(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Beside:
    image: Image
    question: Hashable
    beside: SideBySide


_kept_beside: deque[_Beside] = deque(maxlen=MOST_LAID)
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Side:
    """One service on one side. `below_from`: the first day from today on which a line is short; None: on
    none of the next 365."""

    cover: ServiceCover
    compliance: Compliance
    below_from: date | None


@dataclass(frozen=True, slots=True)
class ServiceEffect:
    """One service before and after; `people`: with a post there on the day, the larger of both sides."""

    service: str
    people: int
    before: Side
    after: Side

    @property
    def differs(self) -> bool:
        """Does anything read differently."""
        return self.before != self.after

    @property
    def felt(self) -> bool:
        """Does anything read differently on the day itself."""
        before, after = self.before, self.after
        return (before.cover, before.compliance) != (after.cover, after.compliance)


@dataclass(frozen=True, slots=True)
class Total:
    """All services in sight on one side. `compliance` None: not of everybody, so there is no one figure."""

    cover: ServiceCover
    compliance: Compliance | None


@dataclass(frozen=True, slots=True)
class Cost:
    """One course for some people; pence and hours, None: not stated, or no course gives it."""

    place: int
    course: str | None
    seats: int
    fee_pence: int | None
    hours: float | None


@dataclass(frozen=True, slots=True)
class Effect:
    """A scenario on a day beside the record: of the services in sight, by code.

    `first_felt`: where nothing differs on the day, the first from today, for a year, on which cover does.
    """

    on: date
    before: Total
    after: Total
    services: tuple[ServiceEffect, ...]
    lines: tuple[CoverChange, ...]
    first_short: tuple[FirstShort, ...]
    first_felt: date | None

    @property
    def nothing(self) -> bool:
        """Does the scenario change nothing on the day itself."""
        return not self.lines and not any(each.felt for each in self.services)


def felt_on(fitted: Sequence[Fitted], *, today: date) -> date:
    """The first day, from today, on which each change that fits is felt: the day a page opens with."""
    days = [each.felt_from for each in fitted if each.unfit is None and each.felt_from is not None]
    return max([today, *days])


def effect(session: Session, fitted: Sequence[Fitted], services: Reach, *, on: date, today: date) -> Effect:
    """What the changes that fit would do to the services within reach; kept until the record changes.

    Past `today`, supervision is taken to go on (contract V8).
    """
    return kept(
        session,
        ("scenario", _question(fitted), services, on, today),
        lambda: _effect(_beside(session, fitted, today=today), services, on=on, today=today),
    )


def _question(fitted: Sequence[Fitted]) -> tuple[Laid, Laid, tuple[tuple[str, str], ...]]:
    """What is laid under both sides, what under the second alone, and which rows go on under another code."""
    fitting = [each for each in fitted if each.unfit is None]
    return (
        tuple(change for each in fitting for change in each.before),
        tuple(change for each in fitting for change in each.after),
        tuple(sorted(pair for each in fitting for pair in each.renamed.items())),
    )


def laid_image(session: Session, fitted: Sequence[Fitted], *, today: date) -> Image:
    """The image of the session with the changes of a scenario that fit laid over it."""
    return _beside(session, fitted, today=today).after


def _beside(session: Session, fitted: Sequence[Fitted], *, today: date) -> SideBySide:
    """Both images; those of the last few scenarios are kept while the record stays as it is.

    Another day of the same scenario is then answered at once.
    """
    image = current(session)
    before, after, renamed = _question(fitted)
    question = before, after, renamed, today
    with _lock:
        found = [each for each in _kept_beside if each.image is image]
        known = next((each.beside for each in found if each.question == question), None)
    if known is not None:
        return known
    first = what_if(session, image, before) if before else image
    beside = SideBySide(
        first,
        what_if(session, image, after) if after else first,
        renamed=dict(renamed),
        days=[today + timedelta(days=number) for number in range(DAYS_AHEAD + 1)],
        today=today,
        like=found[-1].beside if found else None,
    )
    with _lock:
        _kept_beside.append(_Beside(image, question, beside))
    return beside


def _effect(beside: SideBySide, services: Reach, *, on: date, today: date) -> Effect:
    supervision_on = supervised_on(on=on, today=today)
    images = beside.before, beside.after
    sides = [
        _sides(image, first, on=on, supervision_on=supervision_on)
        for image, first in zip(images, beside.first_below(), strict=True)
    ]
    sizes = [team_sizes(image, on=on) for image in images]
    wanted = None if services.everything else services.codes
    listed = [
        ServiceEffect(
            service=code,
            people=max(size.get(code, 0) for size in sizes),
            before=sides[0].get(code, _nothing()),
            after=sides[1].get(code, _nothing()),
        )
        for code in sorted(sides[0].keys() | sides[1].keys())
        if code in services
    ]
    totals = [
        Total(
            _sum([side.cover for code, side in each.items() if code in services]),
            image.compliance(on=on, supervision_on=supervision_on) if services.everything else None,
        )
        for image, each in zip(images, sides, strict=True)
    ]
    lines = tuple(beside.changed(on=on, supervision_on=supervision_on, services=wanted))
    felt_now = lines or any(each.felt for each in listed)
    return Effect(
        on=on,
        before=totals[0],
        after=totals[1],
        services=tuple(listed),
        lines=lines,
        first_short=tuple(beside.first_short(wanted)),
        first_felt=None if felt_now else beside.first_differing(wanted),
    )


def _sides(
    image: Image, first: Mapping[str, date | None], *, on: date, supervision_on: date | None
) -> dict[str, Side]:
    cover = cover_by_service(image, on=on, supervision_on=supervision_on)
    shares = image.compliance_by_service(on=on, supervision_on=supervision_on)
    return {
        code: Side(cover.get(code, NO_COVER), shares.get(code, NOTHING_ASKED), first.get(code))
        for code in image.catalogue.service_codes
    }


def _nothing() -> Side:
    return Side(NO_COVER, NOTHING_ASKED, None)


def _sum(covers: Sequence[ServiceCover]) -> ServiceCover:
    return ServiceCover(
        sum(each.lines for each in covers),
        sum(each.hard_stops for each in covers),
        sum(each.short for each in covers),
        sum(each.missing for each in covers),
    )


def costs(session: Session, fitted: Sequence[Fitted]) -> list[Cost]:
    """For each competency that people gain: the cheapest course that gives it at the level, for all of them.

    `place`: of the change in the scenario. A course without a fee counts as the dearest.
    """
    found = []
    for place, each in enumerate(fitted):
        if isinstance(each.change, CompetencyGained) and each.unfit is None:
            found.append(_cost(session, place, each.change))
    return found


def _cost(session: Session, place: int, change: CompetencyGained) -> Cost:
    given = func.coalesce(CourseGrant.level, Competency.learning_level, 1)
    courses = session.execute(
        select(Course.title, Course.fee_pence, Course.hours)
        .join(CourseGrant, CourseGrant.course_id == Course.id)
        .join(Competency, Competency.id == CourseGrant.competency_id)
        .where(Competency.code == change.competency, given >= change.level)
    ).all()
    seats = len(change.staff)
    if not courses:
        return Cost(place, None, seats, None, None)
    title, fee, hours = min(courses, key=lambda row: (row[1] is None, row[1] or 0, row[0]))
    return Cost(
        place, title, seats, None if fee is None else fee * seats, None if hours is None else hours * seats
    )
