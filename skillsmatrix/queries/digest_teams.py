"""For managers, heads of practice, supervisors and HR: what services lack, and who needs them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import Actor, Scope, may
from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.digest import (
    NO_BEARING,
    OVER,
    SHORT_DAYS_AHEAD,
    TOLD_TO_HEAD_AFTER,
    TOLD_TO_MANAGER_AFTER,
    Bearing,
    Line,
    Topic,
    is_said,
)
from skillsmatrix.domain.supervision_ladder import Rung
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.over_days import lines_by_day
from skillsmatrix.models import Competency, Registration, Staff
from skillsmatrix.queries.access import Reach, visible_services, visible_staff
from skillsmatrix.queries.bearings import Bearings, open_stops
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.labels import Labels, labels, names
from skillsmatrix.queries.supervision import LadderLine, ladder, supervisees

PRESSING = (Rung.LAPSED, Rung.OVERDUE, Rung.DUE, Rung.DUE_SOON)
_MOST_TITLES = 3
LATELY = timedelta(days=28)  # a registration that ran out longer ago is a matter for the page, not the digest


def cover_lines(
    session: Session, actor: Actor, _bearings: Bearings, on: date, _at: datetime
) -> Iterator[Line]:
    """Hard stops that are not met, and lines of cover that will be short within 30 days."""
    within = visible_services(session, actor, "plan.service.edit", on=on)
    if not within:
        return
    image = current(session)
    called = labels(session, ())
    for line in image.cover(on=on):
        if line.unsafe and line.service in within:
            yield Line(
                topic=Topic.UNSAFE,
                service=line.service,
                competency=line.requirement.competency,
                place=called.services[line.service],
                title=called.competencies[line.requirement.competency],
                needed=line.required,
                held=line.held,
                hard_stop=True,
                bearing=Bearing(line.shortfall, line.shortfall),
            )
    yield from _short_soon(image, within, called, on)


def _short_soon(image: Image, within: Reach, called: Labels, on: date) -> Iterator[Line]:
    """Lines of cover that are met on the day and not on one of the next 30, with the first such day.

    Supervision is taken to go on as it stands (contract V8).
    """
    lines, catalogue = image.catalogue.lines, image.catalogue
    wanted = np.array([code in within for code in catalogue.service_codes], dtype=np.bool_)[lines.service]
    days = [on + timedelta(days=ahead) for ahead in range(SHORT_DAYS_AHEAD + 1)]
    known = ~wanted
    for each in lines_by_day(image, days, today=on):
        short = (each.shortfall > 0) & ~known
        known = known | short
        for line in np.flatnonzero(short).tolist() if each.on > on else ():
            service = catalogue.service_codes[lines.service[line]]
            competency = catalogue.competency_codes[lines.competency[line]]
            yield Line(
                topic=Topic.SHORT_SOON,
                service=service,
                competency=competency,
                place=called.services[service],
                title=called.competencies[competency],
                needed=int(each.required[line]),
                held=int(each.held[line]),
                on=each.on,
                hard_stop=bool(lines.hard_stop[line]),
                # A gap to come stands after every hard stop of today.
                bearing=Bearing(0, int(each.shortfall[line])),
            )


def people_lines(
    session: Session, actor: Actor, bearings: Bearings, on: date, _at: datetime
) -> Iterator[Line]:
    """Hard stops that people were told of in vain, supervision that is due, registrations that run out."""
    yield from _told_in_vain(session, actor, bearings, on)
    yield from _supervision(session, actor, bearings, on)
    within = visible_staff(session, actor, "registration.record", on=on)
    if within:
        yield from registration_lines(session, within, bearings, on=on, topic=Topic.REGISTRATION)


def _told_in_vain(session: Session, actor: Actor, bearings: Bearings, on: date) -> Iterator[Line]:
    scopes = may(actor, "plan.service.edit", on=on)
    after = {Scope.SERVICES: TOLD_TO_MANAGER_AFTER, Scope.ORGANISATION: TOLD_TO_HEAD_AFTER}
    least = min((after[scope] for scope in scopes if scope in after), default=None)
    if least is None:
        return
    within = visible_staff(session, actor, "plan.individual.edit", on=on)
    found = {
        key: told
        for key, told in open_stops(session, on=on).items()
        if told >= least and key[0] in within and key[0] != actor.staff_code
    }
    titles = labels(session, ()).competencies
    borne = bearings.of_all(list(found), holds=False)
    for ((person, competency), told), bearing in zip(found.items(), borne, strict=True):
        yield Line(
            topic=Topic.TOLD,
            staff=person,
            competency=competency,
            title=titles[competency],
            told=told,
            hard_stop=True,
            bearing=bearing,
        )


def _supervision(session: Session, actor: Actor, bearings: Bearings, on: date) -> Iterator[Line]:
    me = actor.staff_code
    if me is None or not may(actor, "supervision.write_draft", on=on):
        return
    within = visible_staff(session, actor, "supervision.write_draft", on=on)
    people = supervisees(session, within=within, on=on, supervisor=me)
    for line in ladder(session, people, on=on):
        if line.step.rung in PRESSING and any(each.supervisor == me for each in line.supervisors):
            yield supervision_line(line, bearings, Topic.SUPERVISION)


def supervision_line(line: LadderLine, bearings: Bearings, topic: Topic) -> Line:
    """One kind of supervision that presses, with what its lapse stops or has stopped."""
    lapsed = line.step.rung is Rung.LAPSED
    stopped = [bearings.of(line.staff, each.code, holds=not lapsed) for each in line.step.stops]
    return Line(
        topic=topic,
        staff=line.staff,
        name=line.staff_name,
        title=line.kind,
        detail=line.step.rung.value,
        place=_some(line),
        on=line.step.lapses_on if lapsed else line.step.due_on or _last_day(line),
        bearing=max(stopped, default=NO_BEARING),
    )


def _some(line: LadderLine) -> str:
    titles = [each.title for each in line.step.stops]
    more = len(titles) - _MOST_TITLES
    return "; ".join(titles[:_MOST_TITLES]) + (f"; and {more} more" if more > 0 else "")


def _last_day(line: LadderLine) -> date | None:
    """Where no interval is agreed, the last day before something stops."""
    return line.step.lapses_on - ONE_DAY if line.step.lapses_on is not None else None


def registration_lines(
    session: Session, within: Reach, bearings: Bearings, *, on: date, topic: Topic
) -> Iterator[Line]:
    """Registrations that run out, or ran out in the last four weeks, with nothing recorded after them."""
    last = func.max(Registration.valid_to)
    rows = session.execute(
        select(Staff.code, Registration.body, last)
        .join(Staff, Staff.id == Registration.staff_id)
        .where(
            within.narrow(Staff.code.expression),
            or_(Staff.employed_to.is_(None), Staff.employed_to >= on),
        )
        .group_by(Staff.code, Registration.body)
        .having(func.count() == func.count(Registration.valid_to), last >= on - LATELY)
        .order_by(Staff.code, Registration.body)
    )
    found = [(staff, body, end) for staff, body, end in rows if end is not None and is_said(end, on=on)]
    if not found:
        return
    needing: dict[str, list[str]] = {}
    for competency, body in session.execute(select(Competency.code, Competency.registration_body)):
        needing.setdefault(body or "", []).append(competency)
    called = names(session, [staff for staff, _, _ in found])
    for staff, body, valid_to in found:
        touched = [bearings.of(staff, each, holds=valid_to >= on) for each in needing.get(body, ())]
        yield Line(
            topic=topic,
            staff=staff,
            name=called[staff],
            title=body,
            on=valid_to,
            detail=OVER if valid_to < on else "",
            bearing=max(touched, default=NO_BEARING),
        )
