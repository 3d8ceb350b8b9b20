"""People as lists and pages show them: who they are, where they work, what is recorded about them."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import covers
from skillsmatrix.models import Organisation, Post, Role, Service, Staff
from skillsmatrix.queries.access import Reach


@dataclass(frozen=True, slots=True)
class PostEntry:
    """A post: where, as what, on what terms, from when to when."""

    service: str
    service_name: str
    role: str
    role_name: str
    basis: str
    wte: float
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in a list, with the posts held on the day."""

    code: str
    name: str
    employer: str
    employer_name: str
    employed_from: date
    employed_to: date | None
    posts: tuple[PostEntry, ...]

    def employed(self, on: date) -> bool:
        return covers(on, self.employed_from, self.employed_to)


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What a list of people is narrowed to; None is everybody."""

    search: str | None = None
    service: str | None = None
    role: str | None = None
    employer: str | None = None
    past: bool = False

    def takes(self, line: PersonLine, *, on: date) -> bool:
        """Is this one of the people wanted on the day."""
        return (
            (self.past or line.employed(on))
            and (self.service is None or any(post.service == self.service for post in line.posts))
            and (self.role is None or any(post.role == self.role for post in line.posts))
            and (self.employer is None or line.employer == self.employer)
            and (self.search is None or _says(line, self.search))
        )


def person_lines(session: Session, within: Reach, wanted: PersonFilter, *, on: date) -> list[PersonLine]:
    """The people within reach who are wanted, by family name; those employed on the day unless `past`."""
    posts = _posts(session, within, on)
    rows = session.execute(
        select(
            Staff.code,
            Staff.given_name,
            Staff.family_name,
            Organisation.code,
            Organisation.name,
            Staff.employed_from,
            Staff.employed_to,
        )
        .join(Organisation, Organisation.id == Staff.employer_id)
        .where(within.narrow(Staff.code.expression))
    )
    found = []
    for code, given, family, employer, employer_name, employed_from, employed_to in rows:
        name = f"{given} {family}" if given else family
        line = PersonLine(
            code, name, employer, employer_name, employed_from, employed_to, tuple(posts.get(code, ()))
        )
        if wanted.takes(line, on=on):
            found.append((folded(family), folded(given or ""), code, line))
    return [line for *_order, line in sorted(found)]


def _says(line: PersonLine, search: str) -> bool:
    words = folded(f"{line.name} {line.code}")
    return all(part in words for part in folded(search).split())


def folded(text: str) -> str:
    """Text as it is searched: without case and without accents, so that "olamide" finds Ọlámidé."""
    if text.isascii():
        return text.casefold()
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in spread if not unicodedata.combining(letter)).translate(_PLAIN)


# Letters that do not come apart into a plain letter and an accent.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "’": "'"})


def _posts(session: Session, within: Reach, on: date) -> dict[str, list[PostEntry]]:
    """Staff code → the posts in force on the day, the earliest first."""
    rows = session.execute(
        select(
            Staff.code,
            Service.code,
            Service.name,
            Role.code,
            Role.name,
            Post.basis,
            Post.wte,
            Post.starts_on,
            Post.ends_on,
        )
        .join(Post, Post.staff_id == Staff.id)
        .join(Service, Service.id == Post.service_id)
        .join(Role, Role.id == Post.role_id)
        .where(
            within.narrow(Staff.code.expression),
            Post.starts_on <= on,
            or_(Post.ends_on.is_(None), Post.ends_on >= on),
        )
        .order_by(Post.starts_on)
    )
    found: dict[str, list[PostEntry]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(PostEntry(*row[1:]))
    return found
