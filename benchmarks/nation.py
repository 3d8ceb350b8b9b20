"""Organisations whose people the rules answer for one by one, from facts that are only ever in memory."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from benchmarks import people
from benchmarks.data import NOW, SEED, Size, Table, competencies, generate
from benchmarks.scale import Drawn
from skillsmatrix.domain.workforce import Workforce
from skillsmatrix.engine.columns import columns
from skillsmatrix.engine.days import DAY_ZERO
from skillsmatrix.engine.lapses import Lapses
from skillsmatrix.engine.packing import PARTS, pack
from skillsmatrix.foundation.processes import shared_out


@dataclass(frozen=True)
class WorkedOut:
    """One organisation: what a matrix reads of it, and what it took. Seconds are of one processor."""

    drawn: Drawn
    people: int
    seconds_for_facts: float
    seconds_for_rules: float
    bytes_kept: int
    bytes_of_image: int
    digest: str  # of all that is kept


def worked_out(size: Size, organisations: int, *, processes: int) -> Iterator[WorkedOut]:
    """So many organisations, one after the other, under one catalogue of competencies."""
    known = competencies(size)
    return shared_out(lambda number: _organisation(size, known, number), organisations, processes=processes)


def tables_of(size: Size, known: Table, number: int) -> dict[str, Table]:
    """The facts of one organisation."""
    return generate(size, SEED + 1 + number, known)


def _organisation(size: Size, known: Table, number: int) -> WorkedOut:
    start = time.process_time()
    tables = tables_of(size, known, number)
    rules = people.catalogue(tables)
    everybody = list(people.people(tables, rules.competencies))
    middle = time.process_time()
    packed = [pack(rules.timelines.of(person), rules.ids) for person in everybody]
    pieces = {part: [each.part(part) for each in packed] for part in PARTS}
    found = columns(pieces, np.arange(len(everybody), dtype=np.int32), rules)
    lapses = Lapses.of(found.lapsed, found.held.person, rules.lines.competency[found.held.line])
    seconds = time.process_time() - middle
    nothing = found.base.kept(np.zeros(len(found.base), dtype=np.bool_))
    drawn = Drawn(rules.lines, replace(found, base=nothing), lapses)
    kept = [b"".join(several) for several in pieces.values()]
    digest = hashlib.sha256(b"".join(kept)).hexdigest()
    bytes_kept = sum(map(len, kept))
    return WorkedOut(drawn, len(everybody), middle - start, seconds, bytes_kept, found.bytes, digest)


def agrees_with_the_rules(size: Size, found: WorkedOut, number: int, services: int) -> bool:
    """Does an organisation count, at its first services, what the rules count there today, day by day."""
    tables = tables_of(size, competencies(size), number)
    rules = people.catalogue(tables)
    everybody = {each.code: each for each in people.people(tables, rules.competencies)}
    facts = Workforce(everybody, rules.competencies, rules.requirements)
    counts, lines, on = found.drawn.matrix(NOW - DAY_ZERO), found.drawn.lines, date.fromordinal(NOW)
    rows = rules.requirements.rows
    for place, service in enumerate(rules.service_codes[:services]):
        here = np.flatnonzero(counts.shown & (lines.service == place)).tolist()
        ours = {
            rows[lines.row[line]].code: (counts.in_scope[line], counts.held[line], counts.expiring_90[line])
            for line in here
        }
        theirs = {
            each.requirement.code: (each.in_scope, each.held, each.expiring_90)
            for each in facts.cover(on=on, service=service)
        }
        if ours != theirs:
            return False
    return True
