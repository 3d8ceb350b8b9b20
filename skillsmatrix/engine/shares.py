"""Shares of what is required that is met, over everybody or by group (contract section 7)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from skillsmatrix.domain.compliance import Compliance, Share
from skillsmatrix.domain.standing import Standing
from skillsmatrix.engine.columns import Flags, Numbers, Required
from skillsmatrix.engine.packing import IN_ALL_IN, IN_HEADLINE, STANDINGS

VALID = STANDINGS.index(Standing.VALID)
EXEMPT = STANDINGS.index(Standing.EXEMPT)
IN_INDUCTION = STANDINGS.index(Standing.IN_INDUCTION)


def compliance(
    asked: Required,
    rows: NDArray[np.int64],
    standing: NDArray[np.uint8],
    group: Numbers,
    codes: Sequence[str],
) -> dict[str, Compliance]:
    """Group → M1 and M2; groups without an instance that counts are absent.

    `rows` of `asked`, with the standing and the group (index into `codes`) of each.
    """
    state = asked.state[rows]
    met = standing == VALID
    counted = standing != EXEMPT
    all_in = counted & ((state & IN_ALL_IN) > 0)
    headline = counted & ((state & IN_HEADLINE) > 0) & (standing != IN_INDUCTION)
    shares = (
        *_shares(group, headline, met, len(codes)),
        *_shares(group, all_in, met, len(codes)),
        *_people(group[headline], asked.person[rows[headline]], met[headline], len(codes)),
    )
    return {
        code: Compliance(Share(hm, ht), Share(am, at), Share(pm, pt))
        for code, hm, ht, am, at, pm, pt in zip(codes, *(each.tolist() for each in shares), strict=True)
        if ht or at
    }


def _shares(group: Numbers, counted: Flags, met: Flags, groups: int) -> tuple[Numbers, Numbers]:
    """By group: how many are met, of how many."""
    return (
        np.bincount(group[counted & met], minlength=groups),
        np.bincount(group[counted], minlength=groups),
    )


def _people(group: Numbers, person: NDArray[np.int32], met: Flags, groups: int) -> tuple[Numbers, Numbers]:
    """By group: how many people have all of theirs met, of how many with any."""
    people = int(person.max(initial=0)) + 1
    keys, which = np.unique(group * people + person, return_inverse=True)
    whole = np.bincount(which[~met], minlength=len(keys)) == 0
    of_group = keys // people
    return np.bincount(of_group[whole], minlength=groups), np.bincount(of_group, minlength=groups)
