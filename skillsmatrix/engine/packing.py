"""A person's timeline as bytes: little-endian rows of 32-bit integers, in a fixed order.

The same facts give the same bytes, so that kept conclusions can be compared with fresh ones.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import starmap
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.domain.standing import Standing
from skillsmatrix.domain.timeline_rows import Required, Timeline
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
ROW_OF = {part: Struct(f"<{len(columns)}i") for part, columns in PARTS.items()}
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
            (starts_on.toordinal(), ordinal(ends_on), ids.services[service])
            for starts_on, ends_on, service in timeline.posts
        ],
        "teams": [
            (
                starts_on.toordinal(),
                ordinal(ends_on),
                ids.services[service],
                0 if role is None else ids.roles[role],
            )
            for starts_on, ends_on, service, role in timeline.teams
        ],
        "covering": [
            (
                starts_on.toordinal(),
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
            (starts_on.toordinal(), ordinal(ends_on), ids.competencies[competency])
            for starts_on, ends_on, competency in timeline.lapsed
        ],
    }
    return Packed(**{part: _bytes(part, rows) for part, rows in parts.items()})


def _required(required: Iterable[Required], ids: Ids) -> Iterator[tuple[int, ...]]:
    competencies = ids.competencies
    for wanted, service, all_posts, instances in required:
        where = 0 if service is None else ids.services[service]
        for starts_on, ends_on, standing, satisfied, valid_to, in_headline, in_all_in in instances:
            first, last = starts_on.toordinal(), ordinal(ends_on)
            until = ordinal(valid_to) if satisfied else NOT_STATED
            state = STANDING_NUMBERS[standing] | all_posts * ALL_POSTS
            state |= in_headline * IN_HEADLINE | in_all_in * IN_ALL_IN
            for competency, level, hard_stop in wanted:
                stated = state | hard_stop * HARD_STOP
                yield first, last, competencies[competency], where, level, until, stated


def _bytes(part: str, rows: Iterable[tuple[int, ...]]) -> bytes:
    return b"".join(starmap(ROW_OF[part].pack, sorted(rows)))


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
