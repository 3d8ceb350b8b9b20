"""Organisations out of a seed, as columns of numbers: any size, the same on every machine.

Shares follow the project's performance notes: 40 % of the cells service × competency carry a requirement,
two fifths of those a percentage; 15 % of competencies ask for supervision; a fifth of the staff have a second
post and three tenths an earlier one; 10 % have left and 4 % will; a fifth have an exemption; 1 % of sign-offs
are withdrawn. Requirements are drawn without regard to roles, so shortfalls are larger than in life: that
changes the numbers in the cells, not the work.

Days are ordinals, ids count from 1, and -1 is blank. What is supervised does not run out, absences of one
person do not overlap, and learning renews by `reset`: so that the other ways can be written at all.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]
Table = dict[str, Column]
BLANK = -1
TODAY = date(2026, 1, 1)
NOW = TODAY.toordinal()
SEED = 7
YEAR = 365
BASES = ("permanent", "fixed_term", "bank", "agency", "volunteer", "student")
EACH, PERCENT = 0, 1
ROLES = 12
LAPSE_DAYS = 56


@dataclass(frozen=True)
class Size:
    staff: int
    services: int
    competencies: int
    organisations: int
    records_each: float = 49.5


SIZES = {
    "S": Size(200, 10, 60, 1, 34.5),
    "M": Size(10_000, 300, 150, 1),
    "L": Size(100_000, 3_000, 150, 10),
    "XL": Size(1_500_000, 40_000, 150, 200),
}


def competencies(size: Size) -> Table:
    """Those alone, for several organisations that share them."""
    return _competencies(np.random.default_rng(SEED), size)


def generate(size: Size, seed: int = SEED, shared: Table | None = None) -> dict[str, Table]:
    """All the tables of contract section 8 that bear on an answer; `shared`: competencies that are given."""
    draw = np.random.default_rng(seed)
    tables = {
        "organisations": {"id": _ids(size.organisations)},
        "roles": {"id": _ids(ROLES)},
        "services": {
            "id": _ids(size.services),
            "organisation": np.arange(size.services) % size.organisations + 1,
        },
        "competencies": _competencies(draw, size) if shared is None else shared,
        "staff": _staff(draw, size),
    }
    tables["requirements"] = _requirements(draw, size)
    tables["posts"] = _posts(draw, size, tables)
    tables["absences"] = _absences(draw, size)
    tables |= _evidence(draw, size, tables["competencies"])
    tables["supervision"] = _supervision(draw, size)
    tables["registrations"] = _registrations(draw, size)
    tables["exemptions"] = _periods(draw, size, share=0.2, longest=YEAR)
    tables["suspensions"] = _periods(draw, size, share=0.02, longest=60)
    return tables


def _ids(count: int) -> Column:
    return np.arange(1, count + 1, dtype=np.int64)


def _or_blank(values: Column, stated: NDArray[np.bool_]) -> Column:
    return np.where(stated, values, BLANK)


def _competencies(draw: np.random.Generator, size: Size) -> Table:
    count = size.competencies
    kind = draw.choice(3, count, p=(0.6, 0.15, 0.25))  # learning, sign-off, both
    supervised = draw.random(count) < 0.15
    months = draw.choice((12, 24, 36), count)
    return {
        "id": _ids(count),
        "needs_learning": (kind != 1).astype(np.int64),
        "needs_sign_off": (kind != 0).astype(np.int64),
        "learning_months": _or_blank(months, ~supervised & (draw.random(count) < 0.85)),
        "sign_off_months": _or_blank(months, ~supervised & (draw.random(count) < 0.6)),
        "supervision_lapse_days": _or_blank(np.full(count, LAPSE_DAYS), supervised),
        "registration": (draw.random(count) < 0.05).astype(np.int64),
    }


def _staff(draw: np.random.Generator, size: Size) -> Table:
    count = size.staff
    start = NOW - draw.integers(30, 8 * YEAR, count)
    fate = draw.random(count)
    left = np.maximum(start, NOW - draw.integers(1, 3 * YEAR, count))
    leaving = NOW + draw.integers(1, 180, count)
    return {
        "id": _ids(count),
        "employer": np.arange(count) % size.organisations + 1,
        "employed_from": start,
        "employed_to": np.where(fate < 0.1, left, np.where(fate < 0.14, leaving, BLANK)),
    }


def _requirements(draw: np.random.Generator, size: Size) -> Table:
    cells = np.flatnonzero(draw.random(size.services * size.competencies) < 0.43)
    count = len(cells)
    share = draw.random(count) < 0.4
    return {
        "id": _ids(count),
        "service": cells // size.competencies + 1,
        "competency": cells % size.competencies + 1,
        "level": draw.choice((1, 2, 3), count, p=(0.6, 0.3, 0.1)),
        "cover": np.where(share, PERCENT, EACH),
        "amount": _or_blank(draw.choice((25, 50, 75, 80, 90), count), share),
        "hard_stop": (draw.random(count) < 0.1).astype(np.int64),
        "induction_days": _or_blank(np.full(count, 84), draw.random(count) < 0.3),
        "in_force_from": np.full(count, date(2015, 1, 1).toordinal()),
    }


def _posts(draw: np.random.Generator, size: Size, tables: dict[str, Table]) -> Table:
    """Everybody's main post; a second one beside it for a fifth, an earlier one for three tenths."""
    staff = tables["staff"]
    each = size.staff
    start = staff["employed_from"]
    moved = draw.random(each) < 0.3
    moved_on = start + (NOW - start) // 2
    second = draw.random(each) < 0.2
    who = np.concatenate((staff["id"], staff["id"][second], staff["id"][moved]))
    starts = np.concatenate((np.where(moved, moved_on, start), start[second], start[moved]))
    ends = np.concatenate((np.full(each + int(second.sum()), BLANK), np.maximum(start, moved_on - 1)[moved]))
    per = size.services // size.organisations
    at = draw.integers(0, per, len(who)) * size.organisations + staff["employer"][who - 1]
    role = draw.integers(1, ROLES + 1, len(who))
    key = np.unique(np.stack((who, at, role, starts)), axis=1, return_index=True)[1]
    basis = draw.choice(len(BASES), len(who), p=(0.75, 0.08, 0.08, 0.04, 0.03, 0.02))
    columns = {
        "staff": who,
        "service": at,
        "role": role,
        "starts_on": starts,
        "ends_on": ends,
        "basis": basis,
    }
    return {name: column[np.sort(key)] for name, column in columns.items()}


def _absences(draw: np.random.Generator, size: Size) -> Table:
    """One for a tenth of the staff: long for most."""
    who = np.flatnonzero(draw.random(size.staff) < 0.1) + 1
    starts = NOW - draw.integers(-60, 2 * YEAR, len(who))
    return {"staff": who, "starts_on": starts, "ends_on": starts + draw.integers(7, 200, len(who))}


def _evidence(draw: np.random.Generator, size: Size, competencies: Table) -> dict[str, Table]:
    """Runs of records for about a dozen to twenty pairs a person, a renewal every year or so."""
    rounds = 2.1
    pairs = int(size.staff * size.records_each / rounds / 1.25)  # a quarter of pairs need both kinds
    key = np.unique(draw.integers(0, size.staff * size.competencies, pairs))
    person, competency = key // size.competencies + 1, key % size.competencies + 1
    first = NOW - draw.integers(30, 5 * YEAR, len(key))
    times = draw.choice((1, 2, 3, 4), len(key), p=(0.35, 0.3, 0.2, 0.15))
    which = np.repeat(np.arange(len(key)), times)
    turn = np.arange(len(which)) - np.repeat(np.cumsum(times) - times, times)
    day = first[which] + turn * draw.integers(200, 500, len(key))[which]
    happened = day <= NOW
    which, day = which[happened], day[happened]
    who, what = person[which], competency[which]
    level = np.clip(draw.choice((1, 2, 3), len(which), p=(0.45, 0.35, 0.2)), 1, 3)
    learns = competencies["needs_learning"][what - 1] == 1
    signs = competencies["needs_sign_off"][what - 1] == 1
    supervised = competencies["supervision_lapse_days"][what - 1] != BLANK
    shorter = (draw.random(len(which)) < 0.1) & ~supervised
    withdrawn = (draw.random(len(which)) < 0.01) & ~supervised
    later = np.minimum(day + draw.integers(1, 300, len(which)), NOW)
    return {
        "learning": {
            "staff": who[learns],
            "competency": what[learns],
            "completed_on": day[learns],
            "level": level[learns],
            "valid_months": _or_blank(np.full(len(which), 6), shorter)[learns],
        },
        "sign_offs": {
            "staff": who[signs],
            "competency": what[signs],
            "assessed_on": day[signs],
            "level": level[signs],
            "withdrawn_on": np.where(withdrawn, np.maximum(later, day + 1), BLANK)[signs],
        },
    }


def _supervision(draw: np.random.Generator, size: Size) -> Table:
    """A dozen sessions a person, a month or so apart, back from some day of the last two months."""
    who = np.repeat(_ids(size.staff), 12)
    turn = np.tile(np.arange(12), size.staff)
    held = NOW - np.repeat(draw.integers(0, 60, size.staff), 12) - turn * 31 - draw.integers(0, 10, len(who))
    return {"staff": who, "held_on": held}


def _registrations(draw: np.random.Generator, size: Size) -> Table:
    who = np.flatnonzero(draw.random(size.staff) < 0.9) + 1
    starts = NOW - draw.integers(0, 3 * YEAR, len(who))
    return {
        "staff": who,
        "registered_on": starts,
        "valid_to": _or_blank(starts + 2 * YEAR, draw.random(len(who)) < 0.3),
    }


def _periods(draw: np.random.Generator, size: Size, *, share: float, longest: int) -> Table:
    who = np.flatnonzero(draw.random(size.staff) < share) + 1
    starts = NOW - draw.integers(-30, YEAR, len(who))
    return {
        "staff": who,
        "competency": draw.integers(1, size.competencies + 1, len(who)),
        "starts_on": starts,
        "ends_on": starts + draw.integers(1, longest, len(who)),
    }
