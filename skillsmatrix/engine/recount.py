"""The counts of a day after a few people have changed: less what they counted for, more what they do now.

Counting adds up over people, so nobody else is looked at. Over so few rows a loop is faster than numpy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from skillsmatrix.engine.columns import Columns, Numbers
from skillsmatrix.engine.counting import BANDS, Counts, asked_of
from skillsmatrix.engine.days import OPEN
from skillsmatrix.engine.lines import Lines
from skillsmatrix.engine.splice import Persons

Rows = Sequence[tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class CoverRows:
    """What the columns of cover say about a few people, row by row."""

    teams: Rows
    exempt: Rows
    held: Rows
    lapsed: Rows

    @classmethod
    def of(cls, columns: Columns, people: Persons) -> Self:
        """`people` by number, ascending."""
        parts = (columns.teams, columns.exempt, columns.held, columns.lapsed)
        return cls(*(part.rows_about(people) for part in parts))

    def held_on(self, lines: Lines, day: int, supervision_day: int) -> list[tuple[int, int]]:
        """Line and last day of what counts on the day."""
        lapsed = {
            (person, competency)
            for person, starts_on, ends_on, competency in self.lapsed
            if starts_on <= supervision_day <= ends_on
        }
        return [
            (line, valid_to)
            for person, starts_on, ends_on, line, valid_to in self.held
            if starts_on <= day <= ends_on and not (lapsed and (person, lines.competency[line]) in lapsed)
        ]


def recounted(
    counts: Counts, lines: Lines, before: CoverRows, after: CoverRows, *, day: int, supervision_day: int
) -> Counts:
    """The counts of the day where what `before` said about some people is now as `after` says."""
    gone, come = (each.held_on(lines, day, supervision_day) for each in (before, after))
    ends = (OPEN, *(day + days for days in BANDS))
    columns = (counts.held, counts.expiring_30, counts.expiring_60, counts.expiring_90)
    held = [
        _moved(column, _ending(gone, end), _ending(come, end))
        for column, end in zip(columns, ends, strict=True)
    ]
    if before.teams == after.teams and before.exempt == after.exempt:
        return Counts(counts.shown, counts.in_scope, counts.exempt, counts.required, *held)
    in_scope = counts.in_scope.copy()
    for said, more in ((before, -1), (after, 1)):
        for team in _on(said.teams, day):
            in_scope[lines.team == team] += more
    exempt = _moved(counts.exempt, _on(before.exempt, day), _on(after.exempt, day))
    return Counts(*asked_of(lines, in_scope, exempt, day), *held)


def _on(rows: Rows, day: int) -> list[int]:
    """The teams or lines of the rows that include the day."""
    return [place for _person, starts_on, ends_on, place in rows if starts_on <= day <= ends_on]


def _ending(held: Sequence[tuple[int, int]], end: int) -> list[int]:
    """The lines of what ends by a day."""
    return [line for line, valid_to in held if valid_to <= end]


def _moved(column: Numbers, gone: Sequence[int], come: Sequence[int]) -> Numbers:
    """One less at each of some lines, and one more at each of others."""
    if gone == come:
        return column
    found = column.copy()
    for line in gone:
        found[line] -= 1
    for line in come:
        found[line] += 1
    return found
