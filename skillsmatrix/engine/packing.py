"""A person's timeline as bytes: little-endian rows of 32-bit integers, in a fixed order.

The same facts give the same bytes, so that kept conclusions can be compared with fresh ones.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.domain.standing import Standing
from skillsmatrix.domain.timeline_rows import Instance, Required, Timeline
from skillsmatrix.engine.days import NOT_STATED, ordinal

Rows = NDArray[np.int32]

POSTS = ("starts_on", "ends_on", "service")
TEAMS = ("starts_on", "ends_on", "service", "role")  # role 0: any
COVERING = ("starts_on", "ends_on", "competency", "requirement", "service", "valid_to")  # 0: exempt
REQUIRED = ("starts_on", "ends_on", "competency", "service", "level", "valid_to", "state")
LAPSED = ("starts_on", "ends_on", "competency")
PARTS: Mapping[str, tuple[str, ...]] = {
    "posts": POSTS,
    "teams": TEAMS,
    "covering": COVERING,
    "required": REQUIRED,
    "lapsed": LAPSED,
}
OF_COMPETENCIES = ("covering", "required", "lapsed")

STANDINGS = tuple(Standing)
STANDING_NUMBERS = {standing: number for number, standing in enumerate(STANDINGS)}
STANDING_BITS = 0b1111
HARD_STOP = 1 << 4
IN_HEADLINE = 1 << 5
IN_ALL_IN = 1 << 6
ALL_POSTS = 1 << 7  # the row counts when all posts are asked about; `service` 0: only then


@dataclass(frozen=True, slots=True)
class Ids:
    """Code → database id, for each table that kept rows refer to."""

    competencies: Mapping[str, int]
    services: Mapping[str, int]
    roles: Mapping[str, int]
    requirements: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Packed:
    """One person's kept conclusions; each part is named as its column."""

    posts: bytes
    teams: bytes
    covering: bytes
    required: bytes
    lapsed: bytes

    def part(self, name: str) -> bytes:
        """One part by name."""
        found: bytes = getattr(self, name)
        return found


def pack(timeline: Timeline, ids: Ids) -> Packed:
    """The timeline as bytes."""
    parts: dict[str, Iterable[tuple[int, ...]]] = {
        "posts": [
            (ordinal(row.starts_on), ordinal(row.ends_on), ids.services[row.service])
            for row in timeline.posts
        ],
        "teams": [
            (
                ordinal(row.starts_on),
                ordinal(row.ends_on),
                ids.services[row.service],
                0 if row.role is None else ids.roles[row.role],
            )
            for row in timeline.teams
        ],
        "covering": [
            (
                ordinal(starts_on),
                ordinal(ends_on),
                ids.competencies[competency],
                ids.requirements[requirement],
                ids.services[service],
                NOT_STATED if exempt else ordinal(valid_to),
            )
            for starts_on, ends_on, competency, requirement, service, exempt, valid_to in timeline.covering
        ],
        "required": _required(timeline.required, ids),
        "lapsed": [
            (ordinal(row.starts_on), ordinal(row.ends_on), ids.competencies[row.competency])
            for row in timeline.lapsed
        ],
    }
    return Packed(**{name: _bytes(rows) for name, rows in parts.items()})


def _required(required: Iterable[Required], ids: Ids) -> list[tuple[int, ...]]:
    rows: list[tuple[int, ...]] = []
    for each in required:
        where = 0 if each.service is None else ids.services[each.service]
        flags = each.all_posts * ALL_POSTS
        instances = [_instance(instance) for instance in each.instances]
        rows += [
            (
                starts_on,
                ends_on,
                ids.competencies[what],
                where,
                level,
                valid_to,
                state | hard_stop * HARD_STOP | flags,
            )
            for starts_on, ends_on, valid_to, state in instances
            for what, level, hard_stop in each.wanted
        ]
    return rows


def _instance(row: Instance) -> tuple[int, int, int, int]:
    starts_on, ends_on, standing, satisfied, valid_to, in_headline, in_all_in = row
    state = STANDING_NUMBERS[standing] | in_headline * IN_HEADLINE | in_all_in * IN_ALL_IN
    return ordinal(starts_on), ordinal(ends_on), ordinal(valid_to) if satisfied else NOT_STATED, state


def _bytes(rows: Iterable[tuple[int, ...]]) -> bytes:
    return np.fromiter(chain.from_iterable(sorted(rows)), dtype="<i4").tobytes()


def unpack(part: str, packed: bytes) -> Rows:
    """The rows of one part, or of several laid end to end."""
    return np.frombuffer(packed, dtype="<i4").reshape(-1, len(PARTS[part]))


def with_replaced(kept: Packed, fresh: Packed, competencies: Collection[int]) -> Packed:
    """`kept`, with the rows of these competencies (ids) taken from `fresh`."""
    parts = {"posts": fresh.posts, "teams": fresh.teams}
    for name in OF_COMPETENCIES:
        old, new = unpack(name, kept.part(name)), unpack(name, fresh.part(name))
        of = old[:, PARTS[name].index("competency")]
        goes = np.zeros(len(old), dtype=np.bool_)
        for each in competencies:
            goes |= of == each
        if new.size or goes.any():
            rows = np.concatenate((old[~goes], new))
            parts[name] = rows[np.lexsort(rows.T[::-1])].astype("<i4").tobytes()
        else:
            parts[name] = kept.part(name)
    return Packed(**parts)
