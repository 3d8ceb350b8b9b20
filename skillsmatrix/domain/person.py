"""A person at work: employment, posts, absences, and everything recorded about what they can do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from skillsmatrix.domain.calendar import ONE_DAY, Period, covers
from skillsmatrix.domain.evidence import Completion, SignOff
from skillsmatrix.domain.supervision import Session

LONG_ABSENCE_DAYS = 28  # contract R5
MOST_WTE = 10  # beyond it a whole-time equivalent is a slip of the pen, in a form and in a package alike


class Basis(StrEnum):
    """On what terms a person is in a post."""

    PERMANENT = "permanent"
    FIXED_TERM = "fixed_term"
    ACTING_UP = "acting_up"
    SECONDMENT = "secondment"
    BANK = "bank"
    AGENCY = "agency"
    VOLUNTEER = "volunteer"
    STUDENT = "student"


@dataclass(frozen=True, slots=True)
class Post:
    """A person in a role at a service, both by code."""

    service: str
    role: str
    basis: Basis
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """All the facts about one person that the rules need; competencies and bodies by code."""

    code: str
    employer: str
    employed_from: date
    employed_to: date | None = None
    posts: tuple[Post, ...] = ()
    absences: tuple[Period, ...] = ()
    completions: Mapping[str, tuple[Completion, ...]] = field(default_factory=dict)
    sign_offs: Mapping[str, tuple[SignOff, ...]] = field(default_factory=dict)
    sessions: tuple[Session, ...] = ()
    registrations: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    suspensions: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    exemptions: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)

    def posts_in_force(self, on: date) -> tuple[Post, ...]:
        """The posts held on the day, within the person's employment (R1)."""
        return tuple(post for post in self.posts if self.is_in_post(post, on))

    def is_in_post(self, post: Post, on: date) -> bool:
        """Is one of the person's posts held on the day, within their employment (R1)."""
        return covers(on, self.employed_from, self.employed_to) and covers(on, post.starts_on, post.ends_on)

    def is_posted_at(self, service: str, on: date) -> bool:
        """Is some post at the service held on the day (R1)."""
        return any(post.service == service for post in self.posts_in_force(on))

    def out_of_scope(self, on: date) -> bool:
        """Away on the day in one absence of 28 days or longer, or without an end (R5)."""
        return bool(self.absences) and any(
            absence.covers(on) and is_long(absence) for absence in self.absences
        )


def is_long(absence: Period) -> bool:
    """28 days or longer, first and last day both counted, or without an end (R5)."""
    return (
        absence.ends_on is None or (absence.ends_on - absence.starts_on + ONE_DAY).days >= LONG_ABSENCE_DAYS
    )
