"""On whom cover hangs: lines that one person keeps, competencies that one person can sign off, leavers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.domain.standing import suspended
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.engine.counting import Counts, single_points
from skillsmatrix.engine.days import day_number
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.leavers import Loss, every_leaver, losses
from skillsmatrix.models import Account, AccountGrant
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.ahead import supervised_on
from skillsmatrix.queries.conclusions import current, people_of
from skillsmatrix.queries.state import kept


@dataclass(frozen=True, slots=True)
class HangingLine:
    """A line that is met and would not be without any one of its holders; `holders`: staff codes."""

    line: CoverLine
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FewAssessors:
    """A competency that is asked for and needs a sign-off, at the highest level asked; who may give it."""

    competency: str
    level: int
    services: int
    assessors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeaverEffect:
    """What one person would take along: hard stops and lines met now that would not be, people missing."""

    person: str
    hard_stops: int
    lines: int
    missing: int


@dataclass(frozen=True, slots=True)
class LostLine:
    """One line that is worse off without a person. `broken`: met now, and not without them."""

    service: str
    requirement: Requirement
    missing_now: int
    missing_then: int

    @property
    def broken(self) -> bool:
        return self.missing_now == 0


def hanging_lines(session: Session, services: Reach, *, on: date, today: date) -> list[HangingLine]:
    """Single points of failure (contract V7): hard stops first, then fewest holders, then by service."""
    found = kept(session, ("hanging lines", on, today), lambda: _hanging(current(session), on, today))
    return [each for each in found if each.line.service in services]


def _hanging(image: Image, on: date, today: date) -> list[HangingLine]:
    supervision_on = supervised_on(on=on, today=today)
    held_now = image.held_on(on, supervision_on=supervision_on)
    counts = image.counts_of(held_now, on)
    held = image.columns.held
    found = []
    for line in np.flatnonzero(single_points(image.catalogue.lines, counts) & counts.shown).tolist():
        people = held.person[held_now[held.line[held_now] == line]].tolist()
        holders = tuple(sorted(image.people.codes[person] for person in people))
        found.append(HangingLine(_cover_line(image, counts, line), holders))
    return sorted(
        found,
        key=lambda each: (
            not each.line.requirement.hard_stop,
            each.line.held,
            each.line.service,
            each.line.requirement.code,
        ),
    )


def _cover_line(image: Image, counts: Counts, line: int) -> CoverLine:
    lines = image.catalogue.lines
    return CoverLine(
        service=image.catalogue.service_codes[lines.service[line]],
        requirement=image.catalogue.requirements.rows[lines.row[line]],
        in_scope=int(counts.in_scope[line]),
        required=int(counts.required[line]),
        held=int(counts.held[line]),
        expiring_30=int(counts.expiring_30[line]),
        expiring_60=int(counts.expiring_60[line]),
        expiring_90=int(counts.expiring_90[line]),
        single_point_of_failure=True,
    )


def few_assessors(session: Session, services: Reach, *, on: date, most: int = 1) -> list[FewAssessors]:
    """Competencies asked for here that no more than `most` people may sign off, the fewest first.

    An assessor is somebody trusted as one who holds the competency at the level, not suspended (contract E4).
    """
    image = current(session)
    asked = _asked_to_sign(image, services, on)
    able = _assessors(session, image, asked, on=on)
    found = [
        FewAssessors(competency, level, len(places), able.get(competency, ()))
        for competency, (level, places) in asked.items()
        if len(able.get(competency, ())) <= most
    ]
    return sorted(found, key=lambda each: (len(each.assessors), -each.services, each.competency))


def _asked_to_sign(image: Image, services: Reach, on: date) -> dict[str, tuple[int, set[str]]]:
    """Competency that needs a sign-off → the highest level asked at these services, and which of them ask."""
    lines, catalogue = image.catalogue.lines, image.catalogue
    needs = np.array([catalogue.competencies[code].needs_sign_off for code in catalogue.competency_codes])
    shown = np.flatnonzero(image.counts(on=on).shown & needs[lines.competency])
    asked: dict[str, tuple[int, set[str]]] = {}
    for row, place in sorted({*zip(lines.row[shown].tolist(), lines.service[shown].tolist(), strict=True)}):
        requirement, service = catalogue.requirements.rows[row], catalogue.service_codes[place]
        if service in services:
            level, places = asked.get(requirement.competency, (0, set()))
            asked[requirement.competency] = (max(level, requirement.level), places | {service})
    return asked


def _assessors(
    session: Session, image: Image, asked: Mapping[str, tuple[int, set[str]]], *, on: date
) -> Mapping[str, tuple[str, ...]]:
    """Competency → staff codes of those who may sign it off at the level asked."""
    trusted = session.scalars(
        select(Account.staff_id)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(
            AccountGrant.role == AccessRole.ASSESSOR.value,
            AccountGrant.from_on <= on,
            or_(AccountGrant.to_on.is_(None), AccountGrant.to_on >= on),
            Account.disabled_at.is_(None),
            Account.staff_id.is_not(None),
        )
        .distinct()
    ).all()
    ids = [number for number in trusted if number is not None]
    people = people_of(session, image.catalogue, ids, sorted(asked)) if ids else {}
    by_code = {person.code: person for person in people.values()}
    facts = Workforce(by_code, image.catalogue.competencies, image.catalogue.requirements)
    found: dict[str, list[str]] = {}
    for code, person in sorted(facts.people.items()):
        for competency, (level, _places) in asked.items():
            holding = facts.holding(code, competency)
            holds = holding.evidence.held_level(on) >= level and not suspended(holding, on=on)
            if holds and person.posts_in_force(on):
                found.setdefault(competency, []).append(code)
    return {competency: tuple(codes) for competency, codes in found.items()}


def leavers(session: Session, services: Reach, people: Reach, *, on: date, today: date) -> list[LeaverEffect]:
    """Those among `people` whose leaving makes a line of these services worse, the worst first."""
    question = ("leavers", services, on, today)
    found = kept(session, question, lambda: _leavers(session, services, on=on, today=today))
    return [each for each in found if each.person in people]


def _leavers(session: Session, services: Reach, *, on: date, today: date) -> list[LeaverEffect]:
    image = current(session)
    supervision_on = supervised_on(on=on, today=today)
    if services.everything:
        whole = every_leaver(image, on=on, supervision_on=supervision_on)
        found = [
            LeaverEffect(
                image.people.codes[number],
                *(int(each[number]) for each in (whole.hard_stops, whole.broken, whole.shortfall)),
            )
            for number in np.flatnonzero(whole.shortfall).tolist()
        ]
    else:
        found = [
            _effect_of(code, lost_with(session, code, services, on=on, today=today))
            for code in _present(image, services.codes, on)
        ]
    return sorted(
        (each for each in found if each.missing),
        key=lambda each: (-each.hard_stops, -each.lines, -each.missing, each.person),
    )


def _present(image: Image, services: Collection[str], on: date) -> list[str]:
    """Staff codes of those with a post at one of the services on the day."""
    posts = image.columns.posts
    numbers = [image.catalogue.service_codes.index(code) for code in sorted(services)]
    here = posts.on(day_number(on)) & np.isin(posts.service, numbers)
    return sorted({image.people.codes[person] for person in posts.person[here].tolist()})


def _effect_of(person: str, lost: Collection[LostLine]) -> LeaverEffect:
    return LeaverEffect(
        person,
        hard_stops=sum(each.broken and each.requirement.hard_stop for each in lost),
        lines=sum(each.broken for each in lost),
        missing=sum(each.missing_then - each.missing_now for each in lost),
    )


def lost_with(session: Session, person: str, services: Reach, *, on: date, today: date) -> list[LostLine]:
    """The lines of these services that are worse off when one person leaves, hard stops first."""
    image = current(session)
    if person not in image.numbers:
        return []
    found = losses(image, person, on=on, supervision_on=supervised_on(on=on, today=today))
    return [line for line in (_lost(image, each) for each in found) if line.service in services]


def _lost(image: Image, loss: Loss) -> LostLine:
    lines = image.catalogue.lines
    return LostLine(
        image.catalogue.service_codes[lines.service[loss.line]],
        image.catalogue.requirements.rows[lines.row[loss.line]],
        loss.shortfall_now,
        loss.shortfall_then,
    )
