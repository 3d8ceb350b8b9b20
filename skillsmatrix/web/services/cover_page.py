"""The cover of one service in words: what is short, who could close it, on whom it hangs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.queries.services import worst_first
from skillsmatrix.queries.team import Placing, Team
from skillsmatrix.web.shared.doubts import DoubtLine
from skillsmatrix.web.shared.loss_words import loss_sentence
from skillsmatrix.web.shared.requirement_words import whom
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import ngettext

MOST_NAMED = 3  # people named for one gap before "and … more"


@dataclass(frozen=True, slots=True)
class Step:
    """One person who could fill a place, and what it takes."""

    person: str
    name: str
    standing: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A competency that the service is short of: the worst of its lines, how it came, what would close it."""

    title: str
    line: CoverLine
    whom: str
    losses: tuple[str, ...]
    steps: tuple[Step, ...]
    others: int


@dataclass(frozen=True, slots=True)
class CoverRow:
    """A line of the cover table. `hangs_on`: the one person without whom it would not be met."""

    title: str
    line: CoverLine
    whom: str
    hangs_on: str


def gaps(team: Team, within: Callable[[str], bool], *, hard: bool) -> list[Gap]:
    """One gap for each competency with a line that is not met, the worst first.

    `hard`: only hard stops, or only the competencies where no hard stop is concerned.
    """
    unsafe = {line.requirement.competency for line in team.lines if line.unsafe}
    lines = worst_first(
        line
        for line in team.lines
        if not line.met and (line.unsafe if hard else line.requirement.competency not in unsafe)
    )
    worst: dict[str, CoverLine] = {}
    for line in lines:
        worst.setdefault(line.requirement.competency, line)
    return [_gap(team, line, within) for line in worst.values()]


def in_doubt(team: Team, doubts: Iterable[DoubtLine]) -> list[DoubtLine]:
    """Those of the doubts on which a hard stop of this service rests: the person counts, the stop is met."""
    return [each for each in doubts if _rests_on(team, each.staff, each.competency)]


def _rests_on(team: Team, person: str, competency: str) -> bool:
    cell = team.cells.get((person, competency))
    if cell is None or not cell.standing.compliant:
        return False
    return cell.hard_stop or any(
        line.requirement.hard_stop and person in team.held_by(line)
        for line in team.lines
        if line.requirement.competency == competency
    )


def _gap(team: Team, line: CoverLine, within: Callable[[str], bool]) -> Gap:
    missing = [placing for placing in team.missing(line) if within(placing.person)]
    named = missing[:MOST_NAMED]
    return Gap(
        title=team.facts.competencies[line.requirement.competency].title,
        line=line,
        whom=_whom(team, line),
        losses=tuple(losses_in_words(team, line, within)),
        steps=tuple(_step(team, placing) for placing in named),
        others=len(missing) - len(named),
    )


def _step(team: Team, placing: Placing) -> Step:
    return Step(placing.person, team.name(placing.person), placing.verdict.standing.value, placing.next_step)


def _whom(team: Team, line: CoverLine) -> str:
    row = line.requirement
    return whom(
        row.cover.value,
        row.amount,
        role=team.role_name(row.role) if row.role else None,
        service=team.service_name if row.service else None,
    )


def losses_in_words(team: Team, line: CoverLine, within: Callable[[str], bool]) -> list[str]:
    """How places came to be empty lately, latest first; people out of sight are not named."""
    said = []
    for loss in team.losses(line)[:MOST_NAMED]:
        who = team.name(loss.person) if within(loss.person) else _("one person who held it")
        said.append(loss_sentence(loss.by, who, loss.last_day))
    return said


def cover_rows(team: Team, within: Callable[[str], bool]) -> list[CoverRow]:
    """Every line of the cover: hard stops that are not met, other shortfalls, then by competency."""
    rows = [_row(team, line, within) for line in team.lines]
    return sorted(rows, key=_importance)


def _importance(row: CoverRow) -> tuple[bool, bool, bool, str, str]:
    line = row.line
    return (
        not line.unsafe,
        line.met,
        not line.requirement.hard_stop,
        row.title.casefold(),
        line.requirement.code,
    )


def _row(team: Team, line: CoverLine, within: Callable[[str], bool]) -> CoverRow:
    return CoverRow(
        title=team.facts.competencies[line.requirement.competency].title,
        line=line,
        whom=_whom(team, line),
        hangs_on=_hangs_on(team, line, within) if line.single_point_of_failure else "",
    )


def _hangs_on(team: Team, line: CoverLine, within: Callable[[str], bool]) -> str:
    """The people any one of whom must not be lost: with an exact count that is everybody who holds it."""
    held: Sequence[str] = team.held_by(line)
    named = [team.name(code) for code in held if within(code)][:MOST_NAMED]
    more = len(held) - len(named)
    if not named:
        return ngettext("%(num)s person", "any of %(num)s people", len(held))
    text = ", ".join(named)
    return (
        text
        if not more
        else ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", more, names=text)
    )
