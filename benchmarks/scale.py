"""Images larger than what the rules have answered for: organisations drawn out of one of them.

Each organisation has as many people as the one it is drawn from, taken out of it with repetition, so that no
two hold the same rows. What a matrix has to read and count is real; what it means is not. Only the columns
of cover are drawn: those are what a matrix reads.
"""

from dataclasses import dataclass, fields, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.engine.columns import Columns, Stretches
from skillsmatrix.engine.counting import Counts, count
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.lapses import Lapses
from skillsmatrix.engine.lines import Lines

LINE_COLUMNS = ("share", "fixed", "each", "hard_stop", "named", "starts_on", "ends_on")


@dataclass(frozen=True)
class Drawn:
    """The lines and columns of one organisation, or of several as one."""

    lines: Lines
    columns: Columns
    lapses: Lapses

    def matrix(self, day: int) -> Counts:
        """The counts of every line on a day, counted as the engine counts days."""
        counted = self.columns.held.on(day)
        counted[self.lapses.rows_on(day)] = False
        return count(self.lines, self.columns, np.flatnonzero(counted), day=day)

    @property
    def bytes(self) -> int:
        """What a matrix keeps in memory: people held, exempt and in teams, lapses, and the lines."""
        parts: list[Any] = [self.columns.held, self.columns.exempt, self.columns.teams]
        of_lines = sum(getattr(self.lines, name).nbytes for name in (*LINE_COLUMNS, "team"))
        lapses = sum(getattr(self.lapses, each.name).nbytes for each in fields(self.lapses))
        return sum(part.bytes for part in parts) + of_lines + lapses


def drawn(image: Image, draw: np.random.Generator) -> Drawn:
    """One organisation out of the people of an image."""
    return drawn_from(image.catalogue.lines, image.columns, len(image.people), draw)


def drawn_from(lines: Lines, columns: Columns, people: int, draw: np.random.Generator) -> Drawn:
    """One organisation out of so many people."""
    chosen = draw.integers(0, people, people)
    few = columns.required.kept(np.zeros(len(columns.required), dtype=np.bool_))
    found = Columns(
        posts=_of(columns.posts, chosen, people),
        teams=_of(columns.teams, chosen, people),
        held=_of(columns.held, chosen, people),
        exempt=_of(columns.exempt, chosen, people),
        base=few,
        lapsed=_of(columns.lapsed, chosen, people),
    )
    lapses = Lapses.of(found.lapsed, found.held.person, lines.competency[found.held.line])
    return Drawn(lines, found, lapses)


def _of(rows: Any, chosen: NDArray[np.int64], people: int) -> Any:
    """The rows of the chosen people, who are numbered in the order in which they were chosen."""
    order = np.argsort(rows.person, kind="stable")
    first = np.searchsorted(rows.person[order], np.arange(people + 1))
    lengths = (first[1:] - first[:-1])[chosen]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    which = order[np.repeat(first[:-1][chosen], lengths) + within]
    taken = {each.name: getattr(rows, each.name)[which] for each in fields(rows)}
    taken["person"] = np.repeat(np.arange(people, dtype=np.int32), lengths)
    return replace(rows, **taken)


def as_one(organisations: list[Drawn]) -> Drawn:
    """Several organisations as one image: the same as a region with all of their services."""
    one = organisations[0].lines
    size, teams = len(one), one.teams
    several = range(len(organisations))
    lines: Any = SimpleNamespace(
        **{name: np.tile(getattr(one, name), len(organisations)) for name in LINE_COLUMNS},
        team=np.concatenate([one.team + at * teams for at in several]),
        teams=teams * len(organisations),
        length=size * len(organisations),
    )
    lines = _Several(**vars(lines))
    parts: dict[str, Stretches] = {}
    for name in ("posts", "teams", "held", "exempt", "lapsed", "base"):
        every = [getattr(organisation.columns, name) for organisation in organisations]
        moved = [_moved(part, at, size, teams) for at, part in zip(several, every, strict=True)]
        joined = {
            each.name: np.concatenate([getattr(part, each.name) for part in moved])
            for each in fields(moved[0])
        }
        parts[name] = replace(moved[0], **joined)
    before = np.cumsum([0, *(len(each.columns.held) for each in organisations)])
    lapses = Lapses(
        np.concatenate(
            [each.lapses.row + before[at] for at, each in zip(several, organisations, strict=True)]
        ),
        np.concatenate([each.lapses.starts_on for each in organisations]),
        np.concatenate([each.lapses.ends_on for each in organisations]),
    )
    return Drawn(lines, Columns(**parts), lapses)  # type: ignore[arg-type]


class _Several(SimpleNamespace):
    def __len__(self) -> int:
        return int(self.length)


def _moved(part: Any, at: int, lines: int, teams: int) -> Any:
    if hasattr(part, "line"):
        return replace(part, line=part.line + np.int32(at * lines))
    return replace(part, team=part.team + np.int32(at * teams)) if hasattr(part, "team") else part
