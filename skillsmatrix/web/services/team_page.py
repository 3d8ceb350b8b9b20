"""What the page of one service is given: the matrix or the list, narrowed by the address, and the cover."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import quote, urlencode

from flask import g, request, url_for
from wtforms import BooleanField, HiddenField, SearchField, SelectField

from skillsmatrix.domain.competency import Competency
from skillsmatrix.domain.explanation import explain, next_step
from skillsmatrix.domain.standing import Standing
from skillsmatrix.foundation.address_parts import address_part
from skillsmatrix.queries.people import folded
from skillsmatrix.queries.team import Member, Team, TeamCell
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.forms import FilterForm, choices
from skillsmatrix.web.shared.standings import STANDINGS
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

SETTLED = (Standing.VALID, Standing.EXPIRING, Standing.EXEMPT)

_short_day = lru_cache(maxsize=4096)(formats.short_day)  # a matrix has a thousand days, and few different


class TeamFilter(FilterForm):
    """What the matrix is narrowed to; all of it in the address."""

    view = HiddenField()
    q = SearchField(_("Competency"))
    role = SelectField(_("Role"), choices=choices([("", _("All roles"))]), validate_choice=False)
    standing = SelectField(
        _("Standing"),
        choices=choices(
            [("", _("All standings")), *((code, words.word) for code, words in STANDINGS.items())]
        ),
        validate_choice=False,
    )
    framework = SelectField(
        _("Framework"), choices=choices([("", _("All frameworks"))]), validate_choice=False
    )
    gaps = BooleanField(_("Only gaps"))

    def offer(self, roles: Iterable[str], frameworks: Iterable[str | None]) -> None:
        """Fill the choices with what there is to choose from."""
        self.role.choices = [*self.role.choices, *choices((role, role) for role in sorted(set(roles)))]
        known = sorted({framework for framework in frameworks if framework})
        self.framework.choices = [*self.framework.choices, *choices((each, each) for each in known)]

    def wants_competency(self, competency: Competency) -> bool:
        """Is the competency one of those asked for."""
        words = folded(f"{competency.title} {competency.code}")
        return folded(self.q.data or "") in words and (
            not self.framework.data or competency.framework == self.framework.data
        )

    def wants_member(self, member: Member) -> bool:
        """Is the person one of those asked for."""
        return not self.role.data or self.role.data in member.roles

    def wants_cell(self, cell: TeamCell) -> bool:
        """Is the cell one of those asked for."""
        settled = cell.standing in SETTLED or cell.asked is None
        return (not self.gaps.data or not settled) and (
            not self.standing.data or cell.standing.value == self.standing.data
        )

    @property
    def narrows_cells(self) -> bool:
        return bool(self.gaps.data or self.standing.data)


@dataclass(frozen=True, slots=True)
class Column:
    """One competency of the matrix; `hard_stop`: somebody here must hold it for safety."""

    code: str
    title: str
    hard_stop: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that says something. `standing` is the code of the style; `detail` a day or a level."""

    standing: str
    word: str
    detail: str
    href: str
    hard_stop: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One person's row; None where nothing is asked or shown."""

    member: Member
    href: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The matrix as it is shown. `standings`: those that occur; `cells`: how many say something."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    standings: tuple[str, ...]
    cells: int
    hidden_people: int


def grid(team: Team, filters: TeamFilter, within: Container[str], *, whole: bool) -> Grid:
    """People × competencies: hard stops that are not met first, then the other hard stops, then by title.

    `within`: who may be shown. `whole`: the service may be seen as a whole; otherwise nothing on the page
    depends on anybody else.
    """
    members = team.members()
    seen = [member for member in members if member.code in within]
    codes = {member.code for member in seen}
    cells = {key: cell for key, cell in team.cells.items() if key[0] in codes}
    shown = {key: cell for key, cell in cells.items() if not _is_blank(cell) and filters.wants_cell(cell)}
    columns = _columns(team, filters, cells, whole=whole)
    wanted = [member for member in seen if filters.wants_member(member)]
    if filters.narrows_cells:
        wanted = [each for each in wanted if any((each.code, column.code) in shown for column in columns)]
        columns = [column for column in columns if any((each.code, column.code) in shown for each in wanted)]
    lines = tuple(_line(team, member, columns, shown) for member in wanted)
    drawn = [cell for line in lines for cell in line.cells if cell is not None]
    return Grid(
        columns=tuple(columns),
        lines=lines,
        standings=tuple(code for code in STANDINGS if any(cell.standing == code for cell in drawn)),
        cells=len(drawn),
        hidden_people=len(members) - len(seen),
    )


def _columns(
    team: Team, filters: TeamFilter, cells: dict[tuple[str, str], TeamCell], *, whole: bool
) -> list[Column]:
    lines = team.lines if whole else []
    codes = {competency for _person, competency in cells} | {line.requirement.competency for line in lines}
    hard = {cell.competency for cell in cells.values() if cell.hard_stop}
    hard |= {line.requirement.competency for line in lines if line.requirement.hard_stop}
    unsafe = {line.requirement.competency for line in lines if line.unsafe}
    found = [
        Column(each.code, each.title, each.code in hard)
        for each in (team.facts.competencies[code] for code in codes)
        if filters.wants_competency(each)
    ]
    return sorted(
        found,
        key=lambda column: (
            column.code not in unsafe,
            not column.hard_stop,
            column.title.casefold(),
            column.code,
        ),
    )


def _is_blank(cell: TeamCell) -> bool:
    """Not asked of this person, and not held: nothing to say."""
    return cell.asked is None and cell.standing is Standing.NOT_HELD


def _line(
    team: Team, member: Member, columns: Sequence[Column], shown: dict[tuple[str, str], TeamCell]
) -> Line:
    suffix = _kept()
    base = f"{url_for('services.show', code=team.service)}/people/{address_part(member.code)}"
    found = (shown.get((member.code, column.code)) for column in columns)
    cells = tuple(
        None if cell is None else _cell(team, cell, f"{base}/{quote(cell.competency, safe='')}{suffix}")
        for cell in found
    )
    return Line(member, f"{url_for('people.show', code=member.code)}{suffix}", cells)


def _kept() -> str:
    """What of the address goes on to the pages behind a cell: the day, and what was known."""
    asked = {} if g.on == g.today else {"on": g.on.isoformat()}
    asked |= {"known_at": request.args["known_at"]} if request.args.get("known_at") else {}
    return f"?{urlencode(asked)}" if asked else ""


def _cell(team: Team, cell: TeamCell, href: str) -> Cell:
    code = cell.standing.value
    return Cell(code, _word(code), _detail(team, cell), href, cell.hard_stop)


def _detail(team: Team, cell: TeamCell) -> str:
    """What stands under the word: to when, or which level is held and which is asked for."""
    found = cell.found
    if found.standing is Standing.BELOW_LEVEL:
        held = team.verdict_of(cell).held_level
        return gettext("level %(held)s of %(level)s", held=held, level=cell.level)
    if found.satisfied and found.standing is not Standing.EXEMPT:
        return _short_day(found.valid_to) if found.valid_to else gettext("no end")
    if found.standing is Standing.EXPIRED:
        last = team.verdict_of(cell).last_held_on
        return gettext("on %(day)s", day=_short_day(last)) if last else ""
    return ""


def _word(code: str) -> str:
    words: dict[str, str] = g.setdefault("standing_words", {})
    if code not in words:
        words[code] = str(STANDINGS[code].word)
    return words[code]


def end_in_words(cell: TeamCell) -> str:
    """The last valid day in full; blank where the level is not met."""
    if not cell.found.satisfied:
        return ""
    end: date | None = cell.found.valid_to
    return formats.day(end) if end else gettext("no end")


@dataclass(frozen=True, slots=True)
class ListRow:
    """One cell of the matrix in the list that says the same."""

    person: str
    person_href: str
    roles: str
    competency: str
    hard_stop: bool
    cell: Cell
    asked: bool
    level: int
    end: str
    because: str
    next_step: str


def listed(team: Team, shown: Grid) -> list[ListRow]:
    """Every cell of the matrix as it is shown, person by person, each with its reason and next step."""
    return [
        _list_row(team, line, column, cell)
        for line in shown.lines
        for column, cell in zip(shown.columns, line.cells, strict=True)
        if cell is not None
    ]


def _list_row(team: Team, line: Line, column: Column, cell: Cell) -> ListRow:
    found = team.cells[line.member.code, column.code]
    verdict = team.verdict_of(found)
    facts = team.facts.holding(line.member.code, column.code)
    return ListRow(
        person=line.member.name,
        person_href=line.href,
        roles=", ".join(line.member.roles),
        competency=column.title,
        hard_stop=found.hard_stop,
        cell=cell,
        asked=found.asked is not None,
        level=found.level,
        end=end_in_words(found),
        because=explain(verdict, facts, on=team.on),
        next_step=next_step(verdict, facts, on=team.on),
    )
