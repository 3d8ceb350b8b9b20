"""The weekly digest: what is said to whom, in which order, what is left unsaid, and who is told next.

Our own choices, with their reasons, are in decision record 0020.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

MOST_LINES: Final = 12  # of one section: a page of paper at most; what is left out is counted
TOLD_TO_MANAGER_AFTER: Final = 2  # digests
TOLD_TO_HEAD_AFTER: Final = 4
COURSE_DAYS_AHEAD: Final = 14
REFUSAL_DAYS: Final = 14  # two digests
SHORT_DAYS_AHEAD: Final = 30
DIGEST_KEY: Final = "digest:"  # what the key of its mails begins with
OVER: Final = "over"  # the detail of a line whose day has passed

# Days left on the Monday of the week: every week in the last month, before that once for each band of C4.
_EVERY_WEEK: Final = 30
_ONCE: Final = (range(54, 61), range(84, 91))
_WEEK: Final = timedelta(days=7)


class Section(StrEnum):
    """A part of the digest, in order."""

    COVER = "cover"
    DECISIONS = "decisions"
    PEOPLE = "people"
    YOU = "you"


class Topic(StrEnum):
    """What a line is about; within a section, equals are said in this order."""

    UNSAFE = "unsafe"
    SHORT_SOON = "short_soon"
    SEAT_OFFERED = "seat_offered"
    DOUBT = "doubt"
    COUNTERSIGN = "countersign"
    CLAIM = "claim"
    ATTEMPTS_USED = "attempts_used"
    RULE_CHANGE = "rule_change"
    NO_SUPERVISOR = "no_supervisor"
    TO_ASSESS = "to_assess"
    REGISTER = "register"
    TOLD = "told"
    SUPERVISION = "supervision"
    REGISTRATION = "registration"
    NOT_HELD = "not_held"
    RUNNING_OUT = "running_out"
    CLAIM_REFUSED = "claim_refused"
    OWN_SUPERVISION = "own_supervision"
    OWN_REGISTRATION = "own_registration"
    ACTION = "action"
    COURSE = "course"


_ORDER: Final = {topic: place for place, topic in enumerate(Topic)}
_OWN: Final = list(Topic)[list(Topic).index(Topic.NOT_HELD) :]
_SECTIONS: Final = {
    **dict.fromkeys((Topic.UNSAFE, Topic.SHORT_SOON), Section.COVER),
    **dict.fromkeys((Topic.TOLD, Topic.SUPERVISION, Topic.REGISTRATION), Section.PEOPLE),
    **dict.fromkeys(_OWN, Section.YOU),
}


@dataclass(frozen=True, slots=True, order=True)
class Bearing:
    """How many people are missing, or would be, in the worst line of cover that a thing bears on."""

    hard_stop: int = 0
    shortfall: int = 0


NO_BEARING: Final = Bearing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing to do. Codes and `number` lead to the page where it is done; the rest says what it is.

    `detail`: what more there is to say, a rung of the ladder of supervision, or OVER. `on`: the day by which,
    or from which. `told`: in how many digests before this one it stood.
    """

    topic: Topic
    staff: str = ""
    competency: str = ""
    service: str = ""
    number: int = 0
    name: str = ""
    title: str = ""
    place: str = ""
    detail: str = ""
    on: date | None = None
    needed: int = 0
    held: int = 0
    hard_stop: bool = False
    told: int = 0
    bearing: Bearing = NO_BEARING

    @property
    def section(self) -> Section:
        return _SECTIONS.get(self.topic, Section.DECISIONS)


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it is shown: its most pressing lines, and how many more there are."""

    section: Section
    lines: tuple[Line, ...]
    more: int


def digest_day(on: date) -> date:
    """The Monday of the week: the digest of a week is the same whenever in the week it is made."""
    return on - timedelta(days=on.weekday())


def digest_days_before(on: date) -> tuple[date, ...]:
    """The Mondays of the four digests before this week's, the latest first."""
    week = digest_day(on)
    return tuple(week - number * _WEEK for number in range(1, TOLD_TO_HEAD_AFTER + 1))


def is_said(ends_on: date, *, on: date) -> bool:
    """Is an end to come worth a line this week: twice from afar, and every week in the last month.

    Someone who is told the same thing 13 weeks running switches reminders off.
    """
    left = (ends_on - digest_day(on)).days
    return left <= _EVERY_WEEK or any(left in once for once in _ONCE)


def parts(lines: Iterable[Line]) -> list[Part]:
    """The sections that have something to say, their lines by effect on cover, then by day."""
    found: dict[Section, list[Line]] = {}
    for line in sorted(lines, key=_rank):
        found.setdefault(line.section, []).append(line)
    return [
        Part(section, tuple(found[section][:MOST_LINES]), max(len(found[section]) - MOST_LINES, 0))
        for section in Section
        if section in found
    ]


def _rank(line: Line) -> tuple[bool, int, int, bool, date, int, str, str]:
    """An offer of a seat comes before all else that waits: it is gone in two days, the rest is not."""
    return (
        line.topic is not Topic.SEAT_OFFERED,
        -line.bearing.hard_stop,
        -line.bearing.shortfall,
        not line.hard_stop,
        line.on or date.max,
        _ORDER[line.topic],
        line.place + line.title,
        line.name or line.staff,
    )
