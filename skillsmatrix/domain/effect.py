"""What a change of the facts changes on one day: the standings and the lines of cover that differ."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.domain.standing import Standing
from skillsmatrix.domain.workforce import InstanceStanding, Workforce

_NO_GAP = (Standing.VALID, Standing.EXPIRING, Standing.EXEMPT, Standing.IN_INDUCTION)


@dataclass(frozen=True, slots=True)
class StandingChange:
    """One person and competency that stand differently afterwards; None: it is not asked of them then.

    `level`, `hard_stop`: as asked afterwards, or before where it is asked no longer.
    """

    person: str
    competency: str
    before: Standing | None
    after: Standing | None
    level: int
    hard_stop: bool

    @property
    def turns_red(self) -> bool:
        """A gap afterwards, and none before."""
        return is_gap(self.after) and not is_gap(self.before)

    @property
    def mended(self) -> bool:
        """A gap before, and none afterwards."""
        return is_gap(self.before) and not is_gap(self.after)

    @property
    def matters(self) -> bool:
        """Does it open or close a gap; the rest is told shortly."""
        return self.turns_red or (self.mended and self.after is not None)


@dataclass(frozen=True, slots=True)
class CoverChange:
    """One line of cover that reads differently afterwards; None: there is no such line then."""

    service: str
    requirement: Requirement
    before: CoverLine | None
    after: CoverLine | None

    @property
    def falls(self) -> bool:
        """Not met afterwards, and not because it was already as short before."""
        if self.after is None or self.after.met:
            return False
        return self.before is None or self.after.shortfall > self.before.shortfall

    @property
    def becomes_unsafe(self) -> bool:
        """A hard stop that is not met afterwards, and was met or not asked before."""
        return (
            self.after is not None and self.after.unsafe and (self.before is None or not self.before.unsafe)
        )

    @property
    def mended(self) -> bool:
        """Met afterwards, and short before."""
        return self.before is not None and self.after is not None and self.after.met and not self.before.met

    @property
    def matters(self) -> bool:
        """Is it more than other figures: it falls, is mended, or comes to hang on one person."""
        return self.becomes_unsafe or self.falls or self.mended or self.becomes_single_point

    @property
    def becomes_single_point(self) -> bool:
        """Afterwards it hangs on one person, and did not before."""
        return (
            self.after is not None
            and self.after.single_point_of_failure
            and not (self.before is not None and self.before.single_point_of_failure)
        )


@dataclass(frozen=True, slots=True)
class DayEffect:
    """What differs on one day. Standings: what turns red first; cover: what becomes unsafe first."""

    on: date
    standings: tuple[StandingChange, ...]
    cover: tuple[CoverChange, ...]

    @property
    def nothing(self) -> bool:
        """Is everything as it was."""
        return not self.standings and not self.cover

    @property
    def red(self) -> tuple[StandingChange, ...]:
        """The standings that turn red."""
        return tuple(change for change in self.standings if change.turns_red)


def is_gap(standing: Standing | None) -> bool:
    """Is it asked of the person, and neither met, excused, nor still within the time to learn it."""
    return standing is not None and standing not in _NO_GAP


def effect(
    before: Workforce,
    after: Workforce,
    *,
    on: date,
    people: Iterable[str],
    services: Iterable[str],
    competencies: Collection[str] | None = None,
) -> DayEffect:
    """What differs between two states of the facts on a day, among these people and at these services.

    `people` and `services` may be missing from either; `competencies` keeps to some of them.
    """
    standings = [
        change
        for code in sorted(set(people))
        for change in _standing_changes(before, after, code, on)
        if competencies is None or change.competency in competencies
    ]
    cover = [change for code in sorted(set(services)) for change in _cover_changes(before, after, code, on)]
    return DayEffect(
        on,
        tuple(sorted(standings, key=lambda change: (not change.turns_red, not change.hard_stop))),
        tuple(sorted(cover, key=lambda change: (not change.becomes_unsafe, not change.falls))),
    )


def _standing_changes(before: Workforce, after: Workforce, person: str, on: date) -> list[StandingChange]:
    old, new = _standings(before, person, on), _standings(after, person, on)
    changes = []
    for competency in sorted(old.keys() | new.keys()):
        was, will_be = old.get(competency), new.get(competency)
        one = will_be or was
        if one is not None and _standing(was) != _standing(will_be):
            changes.append(
                StandingChange(
                    person,
                    competency,
                    _standing(was),
                    _standing(will_be),
                    one.instance.level,
                    one.instance.hard_stop,
                )
            )
    return changes


def _standing(row: InstanceStanding | None) -> Standing | None:
    return None if row is None else row.verdict.standing


def _standings(facts: Workforce, person: str, on: date) -> dict[str, InstanceStanding]:
    if person not in facts.people:
        return {}
    return {row.instance.competency: row for row in facts.standings(on=on, person=person)}


def _cover_changes(before: Workforce, after: Workforce, service: str, on: date) -> list[CoverChange]:
    old, new = _lines(before, service, on), _lines(after, service, on)
    changes = []
    for code in sorted(old.keys() | new.keys()):
        was, will_be = old.get(code), new.get(code)
        one = will_be or was
        if one is not None and _figures(was) != _figures(will_be):
            changes.append(CoverChange(service, one.requirement, was, will_be))
    return changes


def _figures(line: CoverLine | None) -> tuple[int, int, int, bool] | None:
    """What makes a line read differently; how many end soon is left to the cover page itself."""
    if line is None:
        return None
    return line.in_scope, line.required, line.held, line.single_point_of_failure


def _lines(facts: Workforce, service: str, on: date) -> dict[str, CoverLine]:
    if service not in facts.requirements.services:
        return {}
    return {line.requirement.code: line for line in facts.cover(on=on, service=service)}
