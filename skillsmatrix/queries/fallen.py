"""Which lines of cover of one service came to be not met between two days, and who lies behind it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from skillsmatrix.domain.changes import Asked, Cause, Presence, cause
from skillsmatrix.domain.cover import CoverLine, in_scope
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.requirement import Cover, Requirement
from skillsmatrix.domain.standing import Standing, SuspendedBy
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.queries.state import kept
from skillsmatrix.queries.team import Team, team


@dataclass(frozen=True, slots=True)
class Behind:
    """One person behind a line. `in_induction`: asked of them, within the time given to learn it."""

    person: str
    name: str
    cause: Cause
    in_induction: bool = False


@dataclass(frozen=True, slots=True)
class Fallen:
    """A line that is not met on the later day and was, or was not there, on the earlier one.

    `lost`: counted then and do not now; `asked`: are asked now and do not hold it, and were not asked then.
    """

    before: CoverLine | None
    after: CoverLine
    lost: tuple[Behind, ...]
    asked: tuple[Behind, ...]

    @property
    def requirement(self) -> Requirement:
        """What is asked, as on the later day."""
        return self.after.requirement


@dataclass(frozen=True, slots=True)
class Turn:
    """The lines that came to be not met, hard stops first, and how many came to be met."""

    fallen: tuple[Fallen, ...]
    mended: int

    @property
    def hard_stops(self) -> int:
        """How many of those not met any more are hard stops."""
        return sum(each.after.unsafe for each in self.fallen)


def turn_of_cover(
    session: Session,
    entry: ServiceEntry,
    *,
    start: date,
    end: date,
    today: date,
    known_at: datetime | None = None,
) -> Turn:
    """What came to be not met at the service between the two days, as known at an instant (None: now)."""
    question = ("turn of cover", entry, start, end, today, known_at)
    return kept(session, question, lambda: _turn(session, entry, (start, end), today, known_at))


def _turn(
    session: Session, entry: ServiceEntry, days: tuple[date, date], today: date, known_at: datetime | None
) -> Turn:
    then, now = (team(session, entry, on=on, today=today, known_at=known_at) for on in days)
    before = {line.requirement.code: line for line in then.lines}
    after = {line.requirement.code: line for line in now.lines}
    both = _Both(then, now)
    fallen = [
        both.fallen(before.get(code), line)
        for code, line in after.items()
        if not line.met and (code not in before or before[code].met)
    ]
    short = [code for code, line in before.items() if not line.met]
    return Turn(
        tuple(sorted(fallen, key=_weight)),
        sum(code not in after or after[code].met for code in short),
    )


def _weight(each: Fallen) -> tuple[bool, int, str]:
    return not each.after.unsafe, -each.after.shortfall, each.requirement.code


@dataclass(frozen=True, slots=True)
class _Both:
    """The same service on both days."""

    then: Team
    now: Team

    def fallen(self, before: CoverLine | None, after: CoverLine) -> Fallen:
        row = after.requirement
        were = {} if before is None else _standings(self.then, before.requirement)
        are = _standings(self.now, row)
        lost = self._lost(row, were, are)
        asked = () if before is None or row.cover in _HEADS else self._asked(row, were, are)
        return Fallen(before, after, _by_name(lost), _by_name(asked))

    def _lost(
        self, row: Requirement, were: dict[str, Standing], are: dict[str, Standing]
    ) -> Iterator[Behind]:
        """Those who counted. Where each must hold it, whoever goes takes the need along."""
        for code, was in were.items():
            now = are.get(code)
            gone = now is None or now is Standing.EXEMPT
            if was.compliant and not (now and now.compliant) and not (gone and row.cover is Cover.EACH):
                yield self._behind(code, row, was, now)

    def _asked(
        self, row: Requirement, were: dict[str, Standing], are: dict[str, Standing]
    ) -> Iterator[Behind]:
        for code, now in are.items():
            was = were.get(code)
            if (was is None or was is Standing.EXEMPT) and not now.compliant and now is not Standing.EXEMPT:
                yield self._behind(code, row, was, now)

    def _behind(self, code: str, row: Requirement, was: Standing | None, now: Standing | None) -> Behind:
        where = [self._where(code, on) for on in (self.then.on, self.now.on)]
        before = None if was is None else Asked(was, row.level)
        after = None if now is None else Asked(now, row.level, self._lapsed(code, row, now))
        why = cause(before, after, was=where[0], is_=where[1])
        if why in (Cause.ASKED_ANEW, Cause.ASKED_NO_LONGER) and (was is None or now is None):
            why = Cause.MOVED  # the same line of the same service: the post here is another
        cell = self.now.cells.get((code, row.competency))
        in_induction = now is not None and cell is not None and cell.standing is Standing.IN_INDUCTION
        known = self.now if code in self.now.facts.people else self.then
        return Behind(code, known.name(code), why, in_induction)

    def _lapsed(self, code: str, row: Requirement, now: Standing) -> bool:
        if now is not Standing.SUSPENDED:
            return False
        found = self.now.verdict(code, row.competency, row.level)
        return found.suspended_by[:1] == (SuspendedBy.SUPERVISION,)

    def _where(self, code: str, on: date) -> Presence:
        person: Person = self.now.facts.people.get(code) or self.then.facts.people[code]
        services = frozenset(post.service for post in person.posts_in_force(on))
        return Presence(services, bool(services) and person.out_of_scope(on))


_HEADS = (Cover.COUNT, Cover.NAMED)  # so many people, however many are there


def _standings(found: Team, row: Requirement) -> dict[str, Standing]:
    """Who is in scope of the row on the day of the team, and where each stands at its level."""
    here = (each.code for each in found.people if in_scope(each, row, found.service, on=found.on))
    return {code: found.conclusion(code, row.competency, row.level).standing for code in here}


def _by_name(behind: Iterable[Behind]) -> tuple[Behind, ...]:
    return tuple(sorted(behind, key=lambda each: (each.name.casefold(), each.person)))
