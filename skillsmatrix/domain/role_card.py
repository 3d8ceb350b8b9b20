"""What a person may do on a day, as a role card says it: alone, under supervision, or not now.

The levels are those of the house's ladder (domain page, section 4). A card is read by somebody who has never
met the person, so that whatever is suspended, exempt, run out or not known is "not now", and nothing else.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from skillsmatrix.domain.calendar import ONE_DAY, merged
from skillsmatrix.domain.standing import Holding, Verdict, standing, supervision_lapses_on

SUPERVISED_LEVEL = 2
ALONE_LEVEL = 3


class Practice(StrEnum):
    """What a card allows. `aware`: recognises it and knows whom to call, and does not do it."""

    ALONE = "alone"
    SUPERVISED = "supervised"
    AWARE = "aware"
    NOT_NOW = "not_now"


def practice_at(level: int) -> Practice:
    """What somebody at this level of the ladder does, when nothing stands in the way."""
    if level >= ALONE_LEVEL:
        return Practice.ALONE
    if level == SUPERVISED_LEVEL:
        return Practice.SUPERVISED
    return Practice.AWARE if level == 1 else Practice.NOT_NOW


def practice(facts: Holding, *, asked_level: int, on: date) -> tuple[Practice, Verdict]:
    """What the person may do on the day by the level they hold, and the verdict on that level.

    `asked_level`: what their posts ask, 0 for nothing. Whoever only knows about what they were asked to do
    must not do it.
    """
    held = facts.evidence.held_level(on)
    verdict = standing(facts, level=max(held, 1), on=on)
    if not verdict.standing.compliant:
        return Practice.NOT_NOW, verdict
    allowed = practice_at(held)
    if allowed is Practice.AWARE and asked_level >= SUPERVISED_LEVEL:
        return Practice.NOT_NOW, verdict
    return allowed, verdict


def lasts_to(facts: Holding, verdict: Verdict, *, on: date) -> date | None:
    """The last day on which the verdict stands by what is recorded now; None: nothing recorded ends it.

    Its own end, supervision that lapses, a registration that runs out, a stop that is planned.
    """
    ends = [verdict.valid_to]
    lapse = supervision_lapses_on(facts, on=on)
    if lapse is not None and lapse > on:
        ends.append(lapse - ONE_DAY)
    if facts.competency.registration_body is not None:
        ends += [run.ends_on for run in merged(facts.registrations) if run.covers(on)]
    ends += [period.starts_on - ONE_DAY for period in facts.suspensions if period.starts_on > on]
    return first_end(ends)


def first_end(ends: Iterable[date | None]) -> date | None:
    """The earliest of some last days; None when none of them ends."""
    return min((end for end in ends if end is not None), default=None)


def is_replaced(facts: Holding, *, on: date) -> bool:
    """Another competency has taken the place of this one by the day."""
    replaced_on = facts.competency.superseded_on
    return replaced_on is not None and replaced_on <= on
