"""Supervision: agreed, held, put right, and what came of it. What was talked about is nowhere."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import covers
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.models import Staff, SupervisionAction, SupervisionAgreement, SupervisionSession
from skillsmatrix.operations.audit import audit
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.once import once
from skillsmatrix.operations.versions import correct, earlier_version, record, values_of


class SupervisionRefused(Exception):
    """It cannot be recorded so; `about` names the fact that is wrong."""

    def __init__(self, about: str) -> None:
        super().__init__(about)
        self.about = about


class HeldInFuture(SupervisionRefused):
    """Nothing has been held tomorrow; booked is not held."""


class WithOneself(SupervisionRefused):
    """Nobody supervises themself."""


class NobodyThere(SupervisionRefused):
    """A session is recorded for at least one person."""


class NotEmployedThen(SupervisionRefused):
    """The supervisor, or somebody supervised, was not employed on the day."""


class AlreadyHeld(SupervisionRefused):
    """The same session is recorded for some of them; `staff_ids` says for whom."""

    def __init__(self, staff_ids: Sequence[int]) -> None:
        super().__init__("supervisees")
        self.staff_ids = tuple(staff_ids)


class AlreadyAgreed(SupervisionRefused):
    """The two have an agreement of this kind for these days."""


def record_session(
    session: Session,
    *,
    supervisor_id: int,
    supervisee_ids: Collection[int],
    kind: str,
    held_on: date,
    minutes: int | None,
    others: int,
    key: str,
    by: str,
    at: datetime,
) -> list[int]:
    """Record one session for everybody who was there; ids of its rows. The same key only once.

    `others`: people in the group who are recorded elsewhere; they count for its size. Raises
    SupervisionRefused in one of its kinds; then nobody's is recorded.
    """
    _check_session(session, supervisor_id, set(supervisee_ids), held_on, at=at)
    size = len(set(supervisee_ids)) + others

    def do() -> list[int]:
        already = _held(session, supervisee_ids, supervisor_id, kind, held_on)
        if already:
            raise AlreadyHeld(already)
        ids = [
            record(
                session,
                SupervisionSession(
                    supervisee_id=supervisee_id,
                    supervisor_id=supervisor_id,
                    kind=kind,
                    held_on=held_on,
                    minutes=minutes,
                    group_size=size if size > 1 else None,
                ),
                "supervision_recorded",
                by=by,
                at=at,
                staff_id=supervisee_id,
            )
            for supervisee_id in sorted(set(supervisee_ids))
        ]
        refresh(session, staff_ids=set(supervisee_ids), by=by, at=at)
        return ids

    kept: list[int] = once(session, "supervision", key, do, by=by, at=at)
    return kept


def _check_session(
    session: Session, supervisor_id: int, supervisee_ids: set[int], held_on: date, *, at: datetime
) -> None:
    if not supervisee_ids:
        raise NobodyThere("supervisees")
    if supervisor_id in supervisee_ids:
        raise WithOneself("supervisees")
    if held_on > london_day(at):
        raise HeldInFuture("held_on")
    people = session.scalars(select(Staff).where(Staff.id.in_({*supervisee_ids, supervisor_id})))
    if not all(covers(held_on, person.employed_from, person.employed_to) for person in people):
        raise NotEmployedThen("held_on")


def correct_session(
    session: Session,
    *,
    session_id: int,
    held_on: date,
    minutes: int | None,
    group_size: int | None,
    reason: str,
    by: str,
    at: datetime,
) -> bool:
    """Put one person's session right; the earlier version stays readable. False when nothing differs.

    Raises HeldInFuture, AlreadyHeld.
    """
    fact = session.get_one(SupervisionSession, session_id)
    if held_on > london_day(at):
        raise HeldInFuture("held_on")
    if held_on != fact.held_on and _held(
        session, [fact.supervisee_id], fact.supervisor_id, fact.kind, held_on
    ):
        raise AlreadyHeld([fact.supervisee_id])
    values = {"held_on": held_on, "minutes": minutes, "group_size": group_size}
    changed = correct(
        session,
        fact,
        values,
        "supervision_corrected",
        by=by,
        at=at,
        reason=reason,
        staff_id=fact.supervisee_id,
    )
    if changed:
        refresh(session, staff_ids=[fact.supervisee_id], by=by, at=at)
    return changed


def void_session(session: Session, *, session_id: int, reason: str, by: str, at: datetime) -> None:
    """Take back one person's session that never was; what it said, and why it went, stays readable."""
    fact = session.get_one(SupervisionSession, session_id)
    staff_id, before = fact.supervisee_id, values_of(fact)
    session.add(earlier_version("supervision", before, by=by, at=at, reason=reason))
    session.delete(fact)
    session.flush()
    audit(
        session,
        "supervision_voided",
        by=by,
        at=at,
        subject=("supervision", session_id),
        staff_id=staff_id,
        before=before,
        after={"reason": reason},
    )
    refresh(session, staff_ids=[staff_id], by=by, at=at)


def _held(
    session: Session, supervisee_ids: Collection[int], supervisor_id: int, kind: str, held_on: date
) -> list[int]:
    """Those of them for whom this very session is recorded."""
    return list(
        session.scalars(
            select(SupervisionSession.supervisee_id).where(
                SupervisionSession.supervisee_id.in_(supervisee_ids),
                SupervisionSession.supervisor_id == supervisor_id,
                SupervisionSession.kind == kind,
                SupervisionSession.held_on == held_on,
            )
        )
    )


def agree_supervision(
    session: Session,
    *,
    supervisee_id: int,
    supervisor_id: int,
    kind: str,
    every_days: int | None,
    starts_on: date,
    by: str,
    at: datetime,
    ends_on: date | None = None,
) -> int:
    """Agree who supervises whom, in which kind, how often; the supervisor sees the person from that day.

    Raises WithOneself, NotEmployedThen, AlreadyAgreed; SupervisionRefused when it ends before it starts.
    """
    if supervisee_id == supervisor_id:
        raise WithOneself("supervisor")
    if ends_on is not None and ends_on < starts_on:
        raise SupervisionRefused("ends_on")
    for staff_id in (supervisee_id, supervisor_id):
        person = session.get_one(Staff, staff_id)
        if not covers(starts_on, person.employed_from, person.employed_to):
            raise NotEmployedThen("starts_on")
    overlapping = select(SupervisionAgreement.id).where(
        SupervisionAgreement.supervisee_id == supervisee_id,
        SupervisionAgreement.supervisor_id == supervisor_id,
        SupervisionAgreement.kind == kind,
        or_(SupervisionAgreement.ends_on.is_(None), SupervisionAgreement.ends_on >= starts_on),
    )
    if ends_on is not None:
        overlapping = overlapping.where(SupervisionAgreement.starts_on <= ends_on)
    if session.scalar(overlapping) is not None:
        raise AlreadyAgreed("kind")
    fact = SupervisionAgreement(
        supervisee_id=supervisee_id,
        supervisor_id=supervisor_id,
        kind=kind,
        every_days=every_days,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    return record(session, fact, "supervision_agreed", by=by, at=at, staff_id=supervisee_id)


def change_agreement(
    session: Session,
    *,
    agreement_id: int,
    every_days: int | None,
    ends_on: date | None,
    by: str,
    at: datetime,
) -> bool:
    """Change how often, or when it ends; False when nothing differs. Raises SupervisionRefused."""
    fact = session.get_one(SupervisionAgreement, agreement_id)
    if ends_on is not None and ends_on < fact.starts_on:
        raise SupervisionRefused("ends_on")
    return correct(
        session,
        fact,
        {"every_days": every_days, "ends_on": ends_on},
        "supervision_agreement_changed",
        by=by,
        at=at,
        reason=None,
        staff_id=fact.supervisee_id,
    )


def add_action(
    session: Session,
    *,
    supervisee_id: int,
    owner_id: int,
    what: str,
    due_on: date,
    key: str,
    by: str,
    at: datetime,
) -> int:
    """Note something agreed: who does what by when. The same key only once; the id of it."""

    def do() -> int:
        fact = SupervisionAction(supervisee_id=supervisee_id, owner_id=owner_id, what=what, due_on=due_on)
        return record(session, fact, "supervision_action_agreed", by=by, at=at, staff_id=supervisee_id)

    kept: int = once(session, "supervision_action", key, do, by=by, at=at)
    return kept


def finish_action(session: Session, *, action_id: int, by: str, at: datetime) -> bool:
    """Note that something agreed is done, today; False when it was before."""
    fact = session.get_one(SupervisionAction, action_id)
    if fact.done_on is not None:
        return False
    return correct(
        session,
        fact,
        {"done_on": london_day(at)},
        "supervision_action_done",
        by=by,
        at=at,
        reason=None,
        staff_id=fact.supervisee_id,
    )
