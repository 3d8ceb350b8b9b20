"""The lines of cover that came to be not met at one service, in words, and who is behind each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.queries.fallen import Behind, Fallen
from skillsmatrix.queries.labels import labels
from skillsmatrix.web.outlook.cause_words import CAUSES
from skillsmatrix.web.outlook.sight import hides
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import visible_staff
from skillsmatrix.web.shared.requirement_words import whom
from skillsmatrix.web.shared.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Who:
    """One person in sight behind a line, and why."""

    person: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class FallenRow:
    """One line. `figures`: held of required on both days, blank where they are not shown.

    `lost`, `asked`: those in sight; `others_lost`, `others_asked`: is there somebody who is not.
    """

    line: Fallen
    what: str
    whom: str
    figures: tuple[str, str] | None
    lost: list[Who]
    asked: list[Who]
    others_lost: bool
    others_asked: bool


def fallen_rows(fallen: Sequence[Fallen]) -> list[FallenRow]:
    """The lines in words, in their order."""
    words = labels(db_session(), ())
    return [_row(each, words) for each in fallen]


def _row(line: Fallen, words: Any) -> FallenRow:
    row = line.requirement
    title = words.competencies.get(row.competency, row.competency)
    sides = [side for side in (line.before, line.after) if side is not None]
    hidden = hides(min(side.in_scope for side in sides))
    lost, asked = _in_sight(line.lost), _in_sight(line.asked)
    return FallenRow(
        line=line,
        what=title if row.level == 1 else _("%(title)s, level %(level)s", title=title, level=row.level),
        whom=whom(
            row.cover.value,
            row.amount,
            role=words.roles.get(row.role, row.role) if row.role else None,
            service=words.services.get(row.service, row.service) if row.service else None,
        ),
        figures=None if hidden else (_held(line.before), _held(line.after)),
        lost=lost,
        asked=asked,
        others_lost=len(lost) < len(line.lost),
        others_asked=len(asked) < len(line.asked),
    )


def _in_sight(behind: Sequence[Behind]) -> list[Who]:
    within = visible_staff("competency.read")
    return [Who(each.person, each.name, _why(each)) for each in behind if each.person in within]


def _why(behind: Behind) -> str:
    word = str(CAUSES[behind.cause])
    why = word[:1].lower() + word[1:]
    return _("%(why)s; in induction, does not count yet", why=why) if behind.in_induction else why


def _held(line: CoverLine | None) -> str:
    if line is None:
        return _("not asked")
    return _("%(held)s held of %(required)s", held=line.held, required=line.required)
