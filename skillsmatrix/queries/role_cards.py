"""Role cards: what a person may do on a day, and what a role asks for, with whom to call at each service."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import covers
from skillsmatrix.domain.person import Basis, Post
from skillsmatrix.domain.requirement import Cover, Requirement
from skillsmatrix.domain.role_card import (
    Practice,
    first_end,
    is_replaced,
    lasts_to,
    practice,
    practice_at,
)
from skillsmatrix.domain.standing import Standing
from skillsmatrix.models import Competency, Organisation, Role, Service, Staff
from skillsmatrix.models import Post as PostRow
from skillsmatrix.models import Requirement as RequirementRow
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.record import PersonRecord
from skillsmatrix.queries.roles import RoleText, role_texts


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works: the service, who runs it, and whom to call there (None: nobody is recorded)."""

    service: str
    service_name: str
    organisation_name: str
    contact: str | None


@dataclass(frozen=True, slots=True)
class CardPost:
    """A post in force on the day. `seconded`: lent to the organisation that runs the service."""

    place: Place
    role: str
    role_name: str
    basis: str
    seconded: bool
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class CardLine:
    """One competency on a card. `level`: held, 0 for none. `asked`: what the posts ask, 0 for nothing."""

    competency: str
    title: str
    boundary: str | None
    practice: Practice
    standing: Standing
    level: int
    asked: int
    hard_stop: bool
    valid_to: date | None

    @property
    def begun(self) -> bool:
        """There is something behind it: a card leaves out what nobody asks for and the person never began."""
        return self.standing not in (Standing.NOT_HELD, Standing.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What one person may do on a day. `lasts_to`: the first recorded end among what it allows."""

    code: str
    name: str
    on: date
    employer_name: str
    posts: tuple[CardPost, ...]
    roles: tuple[RoleText, ...]
    lines: tuple[CardLine, ...]
    lasts_to: date | None

    def of(self, wanted: Practice) -> list[CardLine]:
        """The lines of one part of the card."""
        return [line for line in self.lines if line.practice == wanted]

    @property
    def without_boundary(self) -> list[RoleText]:
        """The roles whose boundary nobody has written: until then the card is not handed out."""
        return [role for role in self.roles if not role.boundary]


def person_card(session: Session, record: PersonRecord) -> PersonCard:
    """The card of the person on the day of the record."""
    posts = record.person.posts_in_force(record.on)
    places = _places(session, {post.service for post in posts})
    texts = role_texts(session)
    asked = _asked(record, posts)
    judged = [_line(record, code, rows) for code, rows in asked.items()]
    seen = {*record.person.completions, *record.person.sign_offs} - asked.keys()
    besides = [
        _line(record, code, ()) for code in seen if not is_replaced(record.holding(code), on=record.on)
    ]
    lines = [line for line, _end in judged]
    lines += [line for line, _end in besides if line.practice is not Practice.NOT_NOW or line.begun]
    allowed = [end for line, end in (*judged, *besides) if line.practice is not Practice.NOT_NOW]
    return PersonCard(
        code=record.code,
        name=record.name_of(record.code),
        on=record.on,
        employer_name=record.labels.organisations.get(record.person.employer, record.person.employer),
        posts=tuple(_post(record, post, places[post.service]) for post in posts),
        roles=tuple(texts[code] for code in dict.fromkeys(post.role for post in posts)),
        lines=tuple(sorted(lines, key=_order)),
        lasts_to=first_end((*allowed, *(post.ends_on for post in posts), record.person.employed_to)),
    )


def _order(line: CardLine) -> tuple[bool, bool, str, str]:
    """Of what may not be done: hard stops first, and what was done until now before what never was."""
    stopped = line.practice is Practice.NOT_NOW
    return (
        not (stopped and line.hard_stop),
        not (stopped and line.begun),
        line.title.casefold(),
        line.competency,
    )


def _asked(record: PersonRecord, posts: Iterable[Post]) -> dict[str, list[Requirement]]:
    """Competency → the rows that ask the posts for it, those that bind the team included."""
    requirements = record.facts.requirements
    found: dict[str, list[Requirement]] = {}
    for post in posts:
        if requirements.services[post.service].is_open(record.on):
            for row in requirements.of_post(post):
                if row.in_force(record.on):
                    found.setdefault(row.competency, []).append(row)
    return found


def _line(record: PersonRecord, code: str, rows: Sequence[Requirement]) -> tuple[CardLine, date | None]:
    """The line of one competency, and the last day on which it stands by what is recorded."""
    facts = record.holding(code)
    asked = max((row.level for row in rows), default=0)
    allowed, verdict = practice(facts, asked_level=asked, on=record.on)
    shown = verdict.standing
    if allowed is Practice.NOT_NOW and shown.compliant:
        shown = Standing.BELOW_LEVEL
    elif not verdict.satisfied:
        shown = record.standpoint(code).verdict.standing
    line = CardLine(
        competency=code,
        title=facts.competency.title,
        boundary=facts.competency.boundary,
        practice=allowed,
        standing=shown,
        level=verdict.held_level,
        asked=asked,
        hard_stop=any(row.hard_stop for row in rows),
        valid_to=verdict.valid_to,
    )
    return line, lasts_to(facts, verdict, on=record.on)


def _post(record: PersonRecord, post: Post, place: Place) -> CardPost:
    return CardPost(
        place=place,
        role=post.role,
        role_name=record.labels.roles.get(post.role, post.role),
        basis=post.basis.value,
        seconded=post.basis is Basis.SECONDMENT,
        starts_on=post.starts_on,
        ends_on=post.ends_on,
    )


def _places(session: Session, services: Iterable[str]) -> dict[str, Place]:
    """Service code → what a card says of it."""
    rows = session.execute(
        select(Service.code, Service.name, Organisation.name, Service.escalation_contact)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(Service.code.in_(sorted(services)))
    )
    return {code: Place(code, name, run_by, contact) for code, name, run_by, contact in rows}


@dataclass(frozen=True, slots=True)
class RoleAsk:
    """One competency that a role asks for. `services`: names of those that ask, none for every service.

    `cover`, `amount`: everybody in the role (`each`), or so many of a team.
    """

    competency: str
    title: str
    boundary: str | None
    level: int
    cover: str
    amount: int | None
    hard_stop: bool
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleCard:
    """What a role is for and asks for on a day, and where somebody in it is at work."""

    role: RoleText
    on: date
    places: tuple[Place, ...]
    asks: tuple[RoleAsk, ...]

    def of(self, wanted: Practice) -> list[RoleAsk]:
        """What everybody in the role comes to do so far."""
        return [each for each in self.asks if not self._of_team(each) and practice_at(each.level) == wanted]

    def of_team(self) -> list[RoleAsk]:
        """What only some of a team must be able to do: nobody does it because of the role alone."""
        return [each for each in self.asks if self._of_team(each)]

    def _of_team(self, ask: RoleAsk) -> bool:
        return ask.cover != Cover.EACH


def role_card(session: Session, role: str, within: Reach, *, on: date) -> RoleCard | None:
    """The card of a role, over the services within reach; None when there is no such role."""
    text = role_texts(session).get(role)
    if text is None:
        return None
    places = _places_of_role(session, role, within, on=on)
    return RoleCard(role=text, on=on, places=tuple(places), asks=tuple(_asks(session, role, places, on=on)))


def _places_of_role(session: Session, role: str, within: Reach, *, on: date) -> list[Place]:
    codes = session.scalars(_at_work(on, Service.code).where(Role.code == role))
    places = _places(session, {code for code in codes if code in within})
    return sorted(places.values(), key=lambda each: (each.service_name.casefold(), each.service))


def _at_work(on: date, column: Any) -> Select[Any]:
    """A column of the posts in force on the day (R1), with their services and roles."""
    return (
        select(column)
        .select_from(PostRow)
        .join(Staff, Staff.id == PostRow.staff_id)
        .join(Service, Service.id == PostRow.service_id)
        .join(Role, Role.id == PostRow.role_id)
        .where(
            PostRow.starts_on <= on,
            or_(PostRow.ends_on.is_(None), PostRow.ends_on >= on),
            Staff.employed_from <= on,
            or_(Staff.employed_to.is_(None), Staff.employed_to >= on),
        )
    )


def _asks(session: Session, role: str, places: Sequence[Place], *, on: date) -> list[RoleAsk]:
    """The requirements of the role, those of one service only where somebody is at work there."""
    names = {place.service: place.service_name for place in places}
    rows: Iterable[Any] = session.execute(
        select(RequirementRow, Competency, Service.code)
        .join(Competency, Competency.id == RequirementRow.competency_id)
        .outerjoin(Service, Service.id == RequirementRow.service_id)
        .outerjoin(Role, Role.id == RequirementRow.role_id)
        .where(or_(RequirementRow.role_id.is_(None), Role.code == role))
        .order_by(RequirementRow.code)
    )
    found: dict[tuple[str, int, str, int | None], list[tuple[RequirementRow, Competency, str | None]]] = {}
    for row, competency, service in rows:
        if covers(on, row.in_force_from, row.in_force_to) and (service is None or service in names):
            key = (competency.code, row.level, row.cover, row.amount)
            found.setdefault(key, []).append((row, competency, service))
    asks = [_ask(group, names) for group in found.values()]
    return sorted(asks, key=lambda each: (each.title.casefold(), each.competency, -each.level))


def _ask(group: Sequence[tuple[RequirementRow, Competency, str | None]], names: Mapping[str, str]) -> RoleAsk:
    row, competency, _service = group[0]
    asking = {service for _row, _competency, service in group}
    everywhere = None in asking or asking == names.keys()
    return RoleAsk(
        competency=competency.code,
        title=competency.title,
        boundary=competency.boundary,
        level=row.level,
        cover=row.cover,
        amount=row.amount,
        hard_stop=any(each.strength == "hard_stop" for each, *_rest in group),
        services=() if everywhere else tuple(sorted(names[each] for each in asking if each)),
    )
