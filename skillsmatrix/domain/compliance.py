"""Shares of what is required that is met: headline, all-in, people (contract section 7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from skillsmatrix.domain.person import Basis
from skillsmatrix.domain.standing import Standing

OUT_OF_ALL_IN = frozenset((Basis.AGENCY, Basis.VOLUNTEER, Basis.STUDENT))
OUT_OF_HEADLINE = OUT_OF_ALL_IN | {Basis.BANK}
NOT_REQUIRED = "not required"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. Compared as an exact fraction, shown rounded down to one decimal."""

    compliant: int
    total: int

    def meets(self, percent: int) -> bool:
        """Is it at least `percent` per cent, exactly: 1,899 of 2,000 does not meet 95; 0 of 0 does."""
        return self.total == 0 or Fraction(self.compliant, self.total) >= Fraction(percent, 100)

    @property
    def percent(self) -> str:
        """`94.9`, or `not required` where nothing is asked of anybody."""
        if self.total == 0:
            return NOT_REQUIRED
        tenths = self.compliant * 1000 // self.total
        return f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True, slots=True)
class Compliance:
    """M1 headline, M1 all-in and M2 for one key."""

    headline: Share
    all_in: Share
    people: Share


@dataclass(frozen=True, slots=True)
class PersonStandings:
    """One person's bases of the posts in force, and the standings of their requirement instances."""

    person: str
    bases: frozenset[Basis]
    standings: tuple[Standing, ...]

    @property
    def in_headline(self) -> bool:
        return not self.bases <= OUT_OF_HEADLINE

    @property
    def in_all_in(self) -> bool:
        return not self.bases <= OUT_OF_ALL_IN


def compliance(people: Iterable[PersonStandings]) -> Compliance:
    """M1 and M2 over some people; each person once."""
    headline = [0, 0]
    all_in = [0, 0]
    whole_people = [0, 0]
    for person in people:
        asked = [each for each in person.standings if each is not Standing.EXEMPT]
        if person.in_all_in:
            all_in[0] += sum(each.compliant for each in asked)
            all_in[1] += len(asked)
        settled = [each for each in asked if each is not Standing.IN_INDUCTION]
        if person.in_headline and settled:
            met = sum(each.compliant for each in settled)
            headline[0] += met
            headline[1] += len(settled)
            whole_people[0] += met == len(settled)
            whole_people[1] += 1
    return Compliance(Share(*headline), Share(*all_in), Share(*whole_people))
