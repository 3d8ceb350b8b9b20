"""May a service close: everybody there has somewhere to go, and what follows it is safe first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from skillsmatrix.domain.calendar import ONE_DAY
from skillsmatrix.domain.cover import CoverLine
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.workforce import Workforce


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What stands in the way of closing. `successor_closed`: the successor is not open the day after.

    `stranded`: staff codes. `unsafe`: hard stops that the successor would not meet the day after.
    """

    stranded: tuple[str, ...] = ()
    successor_closed: bool = False
    unsafe: tuple[CoverLine, ...] = ()

    @property
    def of_successor(self) -> bool:
        """Is the successor what stands in the way."""
        return self.successor_closed or bool(self.unsafe)


def obstacles(facts: Workforce, service: str, *, successor: str | None, closes_on: date) -> Obstacles:
    """What stands in the way of `service` closing after this day (its last)."""
    after = closes_on + ONE_DAY
    if successor is None:
        return Obstacles(stranded(facts.people.values(), service, closes_on=closes_on))
    open_then = facts.requirements.services[successor].is_open(after)
    lines = facts.cover(on=after, service=successor) if open_then else []
    return Obstacles(
        stranded(facts.people.values(), service, closes_on=closes_on),
        successor_closed=not open_then,
        unsafe=tuple(line for line in lines if line.unsafe),
    )


def stranded(people: Iterable[Person], service: str, *, closes_on: date) -> tuple[str, ...]:
    """Those whose post there would outlast it, and who have neither a post elsewhere nor a leaving date."""
    return tuple(sorted(person.code for person in people if _is_stranded(person, service, closes_on)))


def _is_stranded(person: Person, service: str, closes_on: date) -> bool:
    leaves = person.employed_to is not None and person.employed_to <= closes_on
    lasting = {post.service for post in person.posts if post.ends_on is None or post.ends_on > closes_on}
    return not leaves and lasting == {service}
