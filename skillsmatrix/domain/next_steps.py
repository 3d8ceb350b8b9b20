"""What to do first: things that could be done, in the order of what they do for cover.

How to use it. For each thing somebody could do, say which lines of cover it bears on, and give it a weight;
then sort by weight:

    weight([Place(hard_stop=True, missing=1, missing_later=1)], by=None)     # fills an empty place
    weight([Place(hard_stop=False, missing=0, missing_later=1)], by=last_day)  # keeps a place filled
    weight([], by=day)                                                        # no line hangs on it
    first(things, key=lambda each: each.weight, most=10)

`by` is the last day on which it is still in time; None is at once. The order: a hard stop that is not met
today, then one that will not be met later unless this is done, then the same of the other lines, then
whatever no line hangs on. Within one kind: what by itself makes a line whole, before what only helps; the
sooner day; the more lines; the fewer steps it takes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import TypeVar

from skillsmatrix.domain.standing import Holding, Standing, SuspendedBy, Verdict

T = TypeVar("T")


class Effect(IntEnum):
    """What a thing does for cover; the smaller, the sooner it should be done."""

    MAKES_SAFE = 1  # a hard stop is not met today, and this fills one of its places
    KEEPS_SAFE = 2  # a hard stop is met today, and will not be unless this is done
    FILLS = 3  # a line that is no hard stop is short today, and this fills one of its places
    KEEPS = 4  # a line that is no hard stop is met today, and will not be unless this is done
    NO_COVER = 5  # no line of cover hangs on it


@dataclass(frozen=True, slots=True)
class Place:
    """One line of cover that a thing bears on.

    `missing`: people missing today; `missing_later`: people missing once it is too late, if it is not done.
    """

    hard_stop: bool
    missing: int
    missing_later: int

    @property
    def effect(self) -> Effect:
        """What filling or keeping this place does."""
        if self.missing > 0:
            return Effect.MAKES_SAFE if self.hard_stop else Effect.FILLS
        if self.missing_later > 0:
            return Effect.KEEPS_SAFE if self.hard_stop else Effect.KEEPS
        return Effect.NO_COVER


@dataclass(frozen=True, slots=True, order=True)
class Weight:
    """How much a thing matters; the smaller comes first. Fields in the order in which they decide.

    `others_missing`: people the nearest such line still lacks afterwards; 0 makes it whole.
    """

    effect: Effect
    others_missing: int
    by: date
    lines: int  # below zero, so that more lines come first
    steps: int


def weight(places: Iterable[Place], *, by: date | None, steps: int = 1) -> Weight:
    """The weight of a thing from the lines of cover it bears on; `steps`: how many it takes to be done."""
    found = list(places)
    effect = min((each.effect for each in found), default=Effect.NO_COVER)
    decisive = [each for each in found if each.effect is effect and effect is not Effect.NO_COVER]
    return Weight(
        effect=effect,
        others_missing=min(((each.missing or each.missing_later) - 1 for each in decisive), default=0),
        by=by or date.min,
        lines=-len(decisive),
        steps=steps,
    )


def first(things: Iterable[T], *, key: Callable[[T], Weight], most: int | None = None) -> list[T]:
    """The things in the order in which they should be done; `most`: no more than so many."""
    return sorted(things, key=key)[:most]


_STEPS = {
    Standing.EXPIRING: 1,
    Standing.VALID: 1,
    Standing.SUSPENDED: 1,
    Standing.AWAITING_SIGN_OFF: 1,
    Standing.BELOW_LEVEL: 2,
    Standing.EXPIRED: 2,
    Standing.WITHDRAWN: 2,
    Standing.SUPERSEDED: 2,
    Standing.IN_INDUCTION: 3,
    Standing.NOT_HELD: 3,
}


def steps_from(standing: Standing) -> int:
    """About how many steps lie between a standing and being counted: to renew is one, to begin is three."""
    return _STEPS.get(standing, 1)


class Doing(StrEnum):
    """What is to be done, and so on which page."""

    LEARN = "learn"
    SIGN_OFF = "sign_off"
    SUPERVISE = "supervise"
    REGISTER = "register"
    DECIDE = "decide"
    REPLACE = "replace"  # find somebody else: nobody here could fill the place, or its holder leaves


_LIFTS = {
    SuspendedBy.DECISION: Doing.DECIDE,
    SuspendedBy.REGISTRATION: Doing.REGISTER,
    SuspendedBy.SUPERVISION: Doing.SUPERVISE,
}


def doing(verdict: Verdict, facts: Holding, *, on: date) -> Doing:
    """What brings the person nearer to being counted, or keeps them counted; as `explanation.next_step`."""
    competency, evidence = facts.competency, facts.evidence
    if verdict.standing is Standing.SUSPENDED:
        return _LIFTS[verdict.suspended_by[0]]
    if not competency.needs_sign_off:
        return Doing.LEARN
    if not competency.needs_learning:
        return Doing.SIGN_OFF
    if verdict.satisfied:
        ends = [term.valid_to for term in evidence.learning if term.counts_on(on)]
        lasts = any(end is None or (verdict.valid_to is not None and end > verdict.valid_to) for end in ends)
        return Doing.SIGN_OFF if lasts else Doing.LEARN
    return Doing.SIGN_OFF if evidence.has_learning(on) else Doing.LEARN
