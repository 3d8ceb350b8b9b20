"""What waits for a decision or an entry of one account: claims, doubts, signatures, requests, registers."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import Actor, may
from skillsmatrix.domain.booking import BookingState
from skillsmatrix.domain.digest import OVER, SHORT_DAYS_AHEAD, Line, Topic
from skillsmatrix.domain.rule_change import RuleChange
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Booking, Competency, Course, CourseDate, Requirement, Staff
from skillsmatrix.queries.access import Reach, visible_staff
from skillsmatrix.queries.assessments import open_requests, waiting_for_countersign
from skillsmatrix.queries.bearings import Bearings
from skillsmatrix.queries.claims import claim_lines
from skillsmatrix.queries.labels import labels
from skillsmatrix.queries.rules import drafted_changes, writers_of
from skillsmatrix.queries.sign_offs import locked, open_reviews
from skillsmatrix.queries.supervision import losing_supervisor


def decision_lines(
    session: Session, actor: Actor, bearings: Bearings, on: date, at: datetime
) -> Iterator[Line]:
    """Everything that goes no further until this account has decided or entered something."""

    def reach(action: str) -> Reach:
        return visible_staff(session, actor, action, on=on)

    yield from _sign_offs(session, actor, bearings, reach("competency.suspend"), on)
    yield from _countersigns(session, actor, bearings, reach("competency.countersign"))
    yield from _claims(session, actor, bearings, reach("training.verify"))
    yield from _without_supervisor(session, actor, reach("person.assign_supervisor"), on)
    yield from _rule_changes(session, actor, on)
    yield from _to_assess(session, actor, bearings, reach("competency.assess"), on)
    yield from _registers(session, actor, on, at)


def _sign_offs(session: Session, actor: Actor, bearings: Bearings, within: Reach, on: date) -> Iterator[Line]:
    """Doubts, and attempts that are used up: for those who answer for the practice, not for HR."""
    if not within or not may(actor, "plan.individual.edit", on=on):
        return
    for review in open_reviews(session, within=within):
        about = review.sign_off
        yield Line(
            topic=Topic.DOUBT,
            staff=about.staff,
            competency=about.competency,
            number=about.sign_off_id,
            name=about.staff_name,
            title=about.title,
            on=london_day(review.opened_at),
            bearing=bearings.of(about.staff, about.competency, holds=not review.suspends),
        )
    for each in locked(session, within=within):
        yield Line(
            topic=Topic.ATTEMPTS_USED,
            staff=each.staff,
            competency=each.competency,
            number=each.level,
            name=each.staff_name,
            title=each.title,
            bearing=bearings.of(each.staff, each.competency, holds=False),
        )


def _countersigns(session: Session, actor: Actor, bearings: Bearings, within: Reach) -> Iterator[Line]:
    if not within:
        return
    own = session.scalar(select(Staff.id).where(Staff.code == actor.staff_code))
    for each in waiting_for_countersign(session):
        if each.staff in within and each.staff != actor.staff_code and each.assessor_id != own:
            yield Line(
                topic=Topic.COUNTERSIGN,
                staff=each.staff,
                competency=each.competency,
                number=each.assessment_id,
                name=each.staff_name,
                title=each.title,
                on=each.assessed_on,
                bearing=bearings.of(each.staff, each.competency, holds=False),
            )


def _claims(session: Session, actor: Actor, bearings: Bearings, within: Reach) -> Iterator[Line]:
    if not within:
        return
    for claim in claim_lines(session, within, state="waiting"):
        if claim.staff != actor.staff_code:
            yield Line(
                topic=Topic.CLAIM,
                staff=claim.staff,
                competency=claim.competency,
                number=claim.number,
                name=claim.name,
                title=claim.competency_title,
                on=london_day(claim.recorded_at),
                bearing=bearings.of(claim.staff, claim.competency, holds=False),
            )


def _without_supervisor(session: Session, actor: Actor, within: Reach, on: date) -> Iterator[Line]:
    if not within:
        return
    soon = on + timedelta(days=SHORT_DAYS_AHEAD)
    for each in losing_supervisor(session, within=within, on=on):
        if each.from_on <= soon and each.staff != actor.staff_code:
            yield Line(
                topic=Topic.NO_SUPERVISOR,
                staff=each.staff,
                name=each.staff_name,
                title=each.kind,
                on=each.from_on,
                detail=OVER if each.from_on <= on else "",
            )


def _rule_changes(session: Session, actor: Actor, on: date) -> Iterator[Line]:
    if not may(actor, "requirement.edit", on=on):
        return
    titles = labels(session, ()).competencies
    for drafted in drafted_changes(session, states={"draft"}):
        if actor.by not in writers_of(session, drafted.id):
            yield Line(
                topic=Topic.RULE_CHANGE,
                number=drafted.id,
                title=_about(session, drafted.change, titles),
                name=drafted.drafted_by,
                on=drafted.change.takes_effect_on,
            )


def _about(session: Session, change: RuleChange, titles: Mapping[str, str]) -> str:
    """The competency that a change to a rule is about."""
    code = change.code if change.table == "competencies" else change.values.get("competency")
    if code is None:
        code = session.scalar(
            select(Competency.code)
            .join(Requirement, Requirement.competency_id == Competency.id)
            .where(Requirement.code == change.code)
        )
    return titles.get(code or "", change.code)


def _to_assess(session: Session, actor: Actor, bearings: Bearings, within: Reach, on: date) -> Iterator[Line]:
    if actor.staff_code is None or not within:
        return
    for each in open_requests(session, on=on, assessor=actor.staff_code):
        if each.staff in within:
            yield Line(
                topic=Topic.TO_ASSESS,
                staff=each.staff,
                competency=each.competency,
                number=each.level,
                name=each.staff_name,
                title=each.title,
                on=each.wanted_by,
                bearing=bearings.of(each.staff, each.competency, holds=False),
            )


def _registers(session: Session, actor: Actor, on: date, at: datetime) -> Iterator[Line]:
    """Course dates the person taught that are over, and where it is not entered who came."""
    if actor.staff_code is None or not may(actor, "training.record_attendance", on=on):
        return
    open_seat = exists().where(
        Booking.course_date_id == CourseDate.id, Booking.state == BookingState.BOOKED.value
    )
    rows = session.execute(
        select(CourseDate.id, CourseDate.ends_at, Course.title)
        .join(Course, Course.id == CourseDate.course_id)
        .join(Staff, Staff.id == CourseDate.trainer_id)
        .where(
            Staff.code == actor.staff_code,
            CourseDate.ends_at <= at,
            CourseDate.cancelled_at.is_(None),
            open_seat,
        )
        .order_by(CourseDate.ends_at)
    )
    for number, ends_at, title in rows:
        yield Line(topic=Topic.REGISTER, number=number, title=title, on=london_day(ends_at))
