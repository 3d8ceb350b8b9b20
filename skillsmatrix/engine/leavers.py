"""What each person would take along by leaving on a day: lines of cover no longer met, or short of more."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from skillsmatrix.engine.columns import Flags, Numbers
from skillsmatrix.engine.counting import Needs, required
from skillsmatrix.engine.image import Image
from skillsmatrix.engine.lines import Lines


@dataclass(frozen=True, slots=True)
class Leavers:
    """One number a person (by number). `broken`: lines met now that would not be; `hard_stops`: hard stops
    among them; `shortfall`: people missing more than now, over all lines."""

    broken: Numbers
    hard_stops: Numbers
    shortfall: Numbers


@dataclass(frozen=True, slots=True)
class Loss:
    """One line that is worse off without a person; `line` by number."""

    line: int
    shortfall_now: int
    shortfall_then: int
    hard_stop: bool


def every_leaver(image: Image, *, on: date, supervision_on: date | None = None) -> Leavers:
    """The effect of each person leaving, one at a time.

    Only those who hold what a line asks for can make it worse: without anybody else it asks for no more. A
    line that would not show, because nobody would be left in scope, counts as V7 counts it: still asked for.
    """
    held_now, rows = image.held_on(on, supervision_on=supervision_on), image.columns.held
    line = rows.line[held_now]
    worse, broken = _without_one(image.catalogue.lines, image.needs_of(line, on))
    matters = np.flatnonzero((worse > 0)[line])
    person, line = rows.person[held_now[matters]], line[matters]
    hard = broken & image.catalogue.lines.hard_stop
    people = len(image.people)
    return Leavers(
        broken=np.bincount(person[broken[line]], minlength=people),
        hard_stops=np.bincount(person[hard[line]], minlength=people),
        shortfall=np.bincount(person, weights=worse[line], minlength=people).astype(np.int64),
    )


def losses(image: Image, person: str, *, on: date, supervision_on: date | None = None) -> list[Loss]:
    """The lines worse off when one person leaves: hard stops no longer met, others so, then the rest."""
    lines, rows = image.catalogue.lines, image.columns.held
    held_now = image.held_on(on, supervision_on=supervision_on)
    found = image.needs_of(rows.line[held_now], on)
    worse, broken = _without_one(lines, found)
    theirs = held_now[rows.person[held_now] == image.numbers[person]]
    touched = [line for line in rows.line[theirs].tolist() if worse[line] > 0]
    touched.sort(key=lambda line: (not (broken[line] and lines.hard_stop[line]), not broken[line], line))
    now = found.shortfall
    return [
        Loss(line, int(now[line]), int(now[line] + worse[line]), bool(lines.hard_stop[line]))
        for line in touched
    ]


def _without_one(lines: Lines, found: Needs) -> tuple[Numbers, Flags]:
    """For each line, without one of its holders: how many more are missing, and is it met no longer."""
    needed = required(lines, found.in_scope - 1) - lines.each * found.exempt
    now = found.shortfall
    more = np.maximum(needed - found.held + 1, 0) - now
    worse: Numbers = more * (found.shown & (found.held > 0))
    return worse, (now == 0) & (worse > 0)
