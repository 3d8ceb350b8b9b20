"""Is a service covered on a day: who must hold what, who does, how many are missing (contract section 6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from skillsmatrix.domain.person import Basis, Person, Post
from skillsmatrix.domain.requirement import Cover, Requirement
from skillsmatrix.domain.standing import is_expiring

NEVER_COVER = (Basis.VOLUNTEER, Basis.STUDENT)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person in scope of a line: exempt or not, and, where compliant, until when (None: no end)."""

    person: str
    exempt: bool = False
    compliant: bool = False
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One requirement at one service on one day. Counts are of people."""

    service: str
    requirement: Requirement
    in_scope: int
    required: int
    held: int
    expiring_30: int
    expiring_60: int
    expiring_90: int
    single_point_of_failure: bool

    @property
    def shortfall(self) -> int:
        return shortfall(required=self.required, held=self.held)

    @property
    def met(self) -> bool:
        return self.shortfall == 0

    @property
    def unsafe(self) -> bool:
        """A hard stop that is not met: the service is not safe to run this activity (V6)."""
        return self.requirement.hard_stop and not self.met


def in_scope(person: Person, requirement: Requirement, service: str, *, on: date) -> bool:
    """Does the person count in the team of this line: a post here, no volunteer or student, not away (V1)."""
    return (
        requirement.service in (None, service)
        and not person.out_of_scope(on)
        and in_team(person.posts_in_force(on), service, requirement.role)
    )


def in_team(posts: Iterable[Post], service: str, role: str | None) -> bool:
    """Do these posts, all in force, put somebody who is not away into the team of a line for this role at
    the service, None: for any role (V1)."""
    return any(
        post.service == service and role in (None, post.role) and post.basis not in NEVER_COVER
        for post in posts
    )


def required(cover: Cover, amount: int | None, *, in_scope: int, exempt: int) -> int:
    """How many must hold it (V2). 50 per cent of 7 is 4: rounded up to whole people."""
    if cover is Cover.EACH:
        return in_scope - exempt
    if cover is Cover.PERCENT:
        return -(-(amount or 0) * in_scope // 100)
    return amount or 0


def shortfall(*, required: int, held: int) -> int:
    """People missing; never below zero (V4)."""
    return max(required - held, 0)


def cover_line(
    service: str, requirement: Requirement, candidates: Sequence[Candidate], *, on: date
) -> CoverLine:
    """Count the people in scope of one requirement at one service (V2 to V5, V7)."""
    held = [candidate for candidate in candidates if candidate.compliant]
    exempt = sum(candidate.exempt for candidate in candidates)
    needed = required(requirement.cover, requirement.amount, in_scope=len(candidates), exempt=exempt)
    needed_without_one = required(
        requirement.cover, requirement.amount, in_scope=len(candidates) - 1, exempt=exempt
    )
    return CoverLine(
        service=service,
        requirement=requirement,
        in_scope=len(candidates),
        required=needed,
        held=len(held),
        expiring_30=_expiring(held, on, 30),
        expiring_60=_expiring(held, on, 60),
        expiring_90=_expiring(held, on, 90),
        single_point_of_failure=0 < len(held) >= needed and len(held) - 1 < needed_without_one,
    )


def _expiring(held: Iterable[Candidate], on: date, days: int) -> int:
    return sum(is_expiring(candidate.valid_to, on=on, within_days=days) for candidate in held)
