"""Rows in order of person, of which those about some people go and others come in their places."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Persons = NDArray[np.int32]  # by number


def places(person: Persons, people: Persons) -> list[tuple[int, int]]:
    """Of each of the people, the first row about them and the first after those; both columns ascending."""
    first, after = person.searchsorted(people, "left"), person.searchsorted(people, "right")
    return list(zip(first.tolist(), after.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Splice:
    """What is laid end to end: fresh rows (True) or those there were (False), from one to before another.

    `replaced`: from where to before where rows go, and the fresh ones that come in their places.
    """

    pieces: tuple[tuple[bool, int, int], ...]
    replaced: tuple[tuple[tuple[int, int], tuple[int, int]], ...]

    @classmethod
    def between(cls, people: Persons, person: Persons, fresh: Persons) -> Self:
        """With fresh rows in place of all that there are about some people; all columns ascending."""
        replaced = tuple(zip(places(person, people), places(fresh, people), strict=True))
        pieces = []
        at = 0
        for (first, after), come in replaced:
            pieces += [(False, at, first), (True, *come)]
            at = after
        return cls((*pieces, (False, at, len(person))), replaced)

    def alters(self, rows: NDArray[Any], fresh: NDArray[Any]) -> bool:
        """Does one column become another."""
        return any(
            rows[slice(*gone)].tobytes() != fresh[slice(*come)].tobytes() for gone, come in self.replaced
        )

    def laid(self, rows: NDArray[Any], fresh: NDArray[Any]) -> NDArray[Any]:
        """One column."""
        return np.concatenate([(fresh if new else rows)[first:after] for new, first, after in self.pieces])
