"""The days on which something in a package changes, and the days beside them."""

from collections.abc import Iterator
from datetime import date, timedelta

from tests.oracle.days import ONE_DAY, day, known_day, number
from tests.oracle.form import Tables
from tests.oracle.world import World

FAR_OFF = date(2100, 1, 1)
DATE_SUFFIXES = ("_on", "_from", "_to")
BANDS = (30, 60, 90)  # V5


def edge_days(tables: Tables) -> list[date]:
    """Days where something changes, each with the day before and the day after; sorted."""
    world = World(tables, on=FAR_OFF)
    turns = {*stated_days(tables), *induction_ends(tables)}
    for person in world.staff:
        for competency in world.competencies:
            turns.update(evidence_days(world, person, competency))
            turns.update(lapse_days(world, person, competency))
    return sorted({turn + ONE_DAY * step for turn in turns for step in (-1, 0, 1)})


def stated_days(tables: Tables) -> Iterator[date]:
    """Every date written down."""
    for rows in tables.values():
        for row in rows:
            for name, text in row.items():
                found = day(text) if name.endswith(DATE_SUFFIXES) else None
                if found:
                    yield found


def induction_ends(tables: Tables) -> Iterator[date]:
    windows = {number(row.get("induction_days", "")) for row in tables.get("requirements", [])}
    for post in tables.get("posts", []):
        for days in windows:
            if days:
                yield known_day(post["starts_on"]) + timedelta(days=days)


def evidence_days(world: World, person: str, competency: str) -> Iterator[date]:
    """Ends of completions and sign-offs, and the first days of the bands before them."""
    evidence = world.evidence(person, competency)
    for record in evidence.completions + evidence.signed:
        if record.last is not None:
            yield record.last
            for band in BANDS:
                yield record.last - timedelta(days=band)


def lapse_days(world: World, person: str, competency: str) -> Iterator[date]:
    """Last days of grace of a supervision clock, from each day on which it can start."""
    lapse = number(world.competencies[competency].get("supervision_lapse_days", ""))
    if lapse is None:
        return
    sessions = world.countable_sessions(person, competency)
    for start in sessions + world.evidence(person, competency).change_days():
        x, left = start, lapse
        while left > 0 and (x - start).days < 10 * lapse:  # an absence without end stops the clock
            x += ONE_DAY
            left -= 0 if world.absent(person, x) else 1
        yield x
