"""What a timeline says about one person: rows, each of which holds from one day to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from skillsmatrix.domain.requirement import Wanted
from skillsmatrix.domain.standing import Standing


class InPost(NamedTuple):
    """The person holds a post at the service (R1), away or not."""

    starts_on: date
    ends_on: date | None
    service: str


class InTeam(NamedTuple):
    """The person counts in the team of rows for this role, None: rows for any role (V1)."""

    starts_on: date
    ends_on: date | None
    service: str
    role: str | None


class Covering(NamedTuple):
    """In scope of one row at one service, and either exempt from it or holding it up to `valid_to`."""

    starts_on: date
    ends_on: date | None
    competency: str
    requirement: str
    service: str
    exempt: bool
    valid_to: date | None


class Instance(NamedTuple):
    """A requirement instance, whatever the competency and the level, as long as it is the same.

    `standing` is never `expiring`, and leaves supervision aside. `valid_to` means something only where
    `satisfied`, and None is then without end.
    """

    starts_on: date
    ends_on: date | None
    standing: Standing
    satisfied: bool
    valid_to: date | None
    in_headline: bool
    in_all_in: bool


class Required(NamedTuple):
    """What is required by the posts at `service` alone, or by all posts where it is None; `instances` are
    those of each thing that is wanted.

    `all_posts`: by all posts; with posts at one service only, they are those at that service.
    """

    wanted: Sequence[Wanted]
    service: str | None
    all_posts: bool
    instances: Sequence[Instance]


class Lapsed(NamedTuple):
    """Supervision has lapsed for whatever the person holds of this competency (S3)."""

    starts_on: date
    ends_on: date | None
    competency: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All of it for one person, or for some of the competencies."""

    posts: tuple[InPost, ...]
    teams: tuple[InTeam, ...]
    covering: tuple[Covering, ...]
    required: tuple[Required, ...]
    lapsed: tuple[Lapsed, ...]
