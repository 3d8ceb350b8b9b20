"""What stands in one account's digest, read from the record and narrowed to what the account may see."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from skillsmatrix.domain.access import Actor
from skillsmatrix.domain.digest import Line, Part, Topic, digest_day, parts
from skillsmatrix.queries.bearings import Bearings
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.digest_decisions import decision_lines
from skillsmatrix.queries.digest_own import own_lines
from skillsmatrix.queries.digest_teams import cover_lines, people_lines
from skillsmatrix.queries.labels import names
from skillsmatrix.queries.presence import present

Lines = Callable[[Session, Actor, Bearings, date, datetime], Iterator[Line]]
_SOURCES: tuple[Lines, ...] = (cover_lines, decision_lines, people_lines, own_lines)


@dataclass(frozen=True, slots=True)
class Digest:
    """One account's digest of a week. `away`: its person is on a long absence, and nothing is mailed."""

    on: date
    week: date
    parts: tuple[Part, ...]
    away: bool

    @property
    def things(self) -> int:
        """How many things there are to do, those left out of the sections included."""
        return sum(len(part.lines) + part.more for part in self.parts)


def digest(session: Session, actor: Actor, *, on: date, at: datetime) -> Digest:
    """The digest of the week of `on`, as everything stands on that day.

    Nothing is said about what is no longer required, nor about people who are away for long or have left.
    """
    bearings = Bearings(current(session), on=on)
    lines = [line for source in _SOURCES for line in source(session, actor, bearings, on, at)]
    there = present(session, {line.staff for line in lines} - {""} | {actor.staff_code or ""}, on=on)
    away = actor.staff_code is not None and actor.staff_code not in there
    said = parts(line for line in lines if not line.staff or line.staff in there)
    return Digest(on, digest_day(on), _named(session, said), away)


def _named(session: Session, said: list[Part]) -> tuple[Part, ...]:
    """The parts with the names of people of whom only the code was known while there were many."""
    unnamed = {line.staff for part in said for line in part.lines if line.topic is Topic.TOLD}
    called = names(session, unnamed)
    return tuple(
        replace(
            part,
            lines=tuple(replace(line, name=line.name or called.get(line.staff, "")) for line in part.lines),
        )
        for part in said
    )
