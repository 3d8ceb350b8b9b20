"""Who may sign off whom, what has to be seen, when it is enough (contract E4; domain S3-S5, S14-S16)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from skillsmatrix.domain.calendar import add_months, covers
from skillsmatrix.domain.evidence import Evidence, SignOff, sign_off_terms
from skillsmatrix.domain.standing import Holding, suspended

ATTEMPTS: Final = 3  # tries before a manager has to reopen it (domain S16: the limit of national e-learning)
SUPERVISED_MONTHS: Final = 12  # the longest interval of any supervision rule (domain SUP-18, appraisal)

# What is looked at where the competency states no criteria of its own.
STANDARD_CRITERIA: Final = (
    "Says what they may do alone, what they may not, and whom to call",
    "Explains it to the person supported and asks for their agreement",
    "Does it safely and in the right order, from start to finish",
    "Writes down what was done, correctly and at once",
)


class Refusal(StrEnum):
    """Why somebody may not assess a person on a day, the weightiest first."""

    ONESELF = "oneself"
    NOT_EMPLOYED = "not_employed"
    SUPERVISED_BY_THEM = "supervised_by_them"
    NOT_HELD = "not_held"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Assessor:
    """Whoever wants to assess, as far as the rule needs to know them.

    `holding`: their own facts for the competency. `supervised_by`: staff codes of those who supervise them
    on the day, by agreement or by sessions held (`counts_as_supervised`).
    """

    code: str
    employed_from: date
    employed_to: date | None
    holding: Holding
    supervised_by: frozenset[str] = frozenset()


def refusals(assessor: Assessor, *, candidate: str, level: int, assessed_on: date, on: date) -> list[Refusal]:
    """Why the assessor may not assess the candidate at this level; empty when they may.

    Judged on the day of the assessment, even if it is entered later (S3); employment on the day of
    entering as well (S14). An exemption does not stand in for holding it.
    """
    found = []
    if assessor.code == candidate:
        found.append(Refusal.ONESELF)
    if not all(covers(day, assessor.employed_from, assessor.employed_to) for day in (assessed_on, on)):
        found.append(Refusal.NOT_EMPLOYED)
    if candidate in assessor.supervised_by:
        found.append(Refusal.SUPERVISED_BY_THEM)
    if assessor.holding.evidence.held_level(assessed_on) < level:
        found.append(Refusal.NOT_HELD)
    elif suspended(assessor.holding, on=assessed_on):
        found.append(Refusal.SUSPENDED)
    return found


def counts_as_supervised(held_on: date, *, on: date) -> bool:
    """Does a session make its supervisor somebody's supervisor on the day: held in the year up to it."""
    return held_on <= on < add_months(held_on, SUPERVISED_MONTHS)


@dataclass(frozen=True, slots=True)
class Criteria:
    """One version of what has to be seen. `version`: the day it came into force; None: the standard list.

    `in_force_to`: the cut-off by which those who started on it have to finish (S15); None: none yet.
    """

    version: date | None
    wordings: tuple[str, ...]
    in_force_to: date | None = None

    def covers(self, day: date) -> bool:
        return covers(day, self.version, self.in_force_to)


STANDARD: Final = Criteria(None, STANDARD_CRITERIA)


def criteria_for(versions: Iterable[Criteria], *, on: date, started: date | None = None) -> Criteria:
    """The criteria to assess by: the version the person started on while it lasts, else the newest.

    `started`: the version of their observations so far. Without any in force it is the standard list.
    """
    in_force = sorted(
        (each for each in versions if each.covers(on)), key=lambda each: each.version or date.min
    )
    return next(
        (each for each in in_force if each.version == started), in_force[-1] if in_force else STANDARD
    )


@dataclass(frozen=True, slots=True)
class AssessmentRules:
    """What a competency asks: how many observations, in which settings, whether a second signature."""

    observations: int = 1
    settings: tuple[str, ...] = ()
    needs_countersign: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """One assessment as the rule sees it. `settled`: it has become (part of) a sign-off."""

    recorded_at: datetime
    assessed_on: date
    level: int
    competent: bool
    version: date | None = None
    setting: str | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person has come towards a sign-off at one level."""

    counted: tuple[Observation, ...] = ()
    observations_left: int = 0
    settings_left: tuple[str, ...] = field(default=())

    @property
    def complete(self) -> bool:
        return self.observations_left == 0 and not self.settings_left

    @property
    def started_on_version(self) -> date | None:
        return self.counted[0].version if self.counted else None


def progress(observations: Iterable[Observation], rules: AssessmentRules, *, level: int) -> Progress:
    """What has been seen at the level since the last sign-off or "not yet", and what is left to see.

    A "not yet" starts the count again: what is asked is so many good observations running.
    """
    counted: list[Observation] = []
    for each in _in_order(observations):
        if each.level == level:
            counted = [*counted, each] if each.competent and not each.settled else []
    seen = {each.setting for each in counted}
    return Progress(
        counted=tuple(counted),
        observations_left=max(rules.observations - len(counted), 0),
        settings_left=tuple(setting for setting in rules.settings if setting not in seen),
    )


def failed_attempts(observations: Iterable[Observation], reopened_at: Sequence[datetime] = ()) -> int:
    """How many times it was "not yet" since the last sign-off, or since a manager reopened it (S16)."""
    failed = 0
    last_reopened = max(reopened_at, default=None)
    for each in _in_order(observations):
        if each.settled:
            failed = 0
        elif not each.competent and (last_reopened is None or each.recorded_at > last_reopened):
            failed += 1
    return failed


def is_locked(observations: Iterable[Observation], reopened_at: Sequence[datetime] = ()) -> bool:
    """All attempts are used: nobody assesses until a manager reopens it (S16)."""
    return failed_attempts(observations, reopened_at) >= ATTEMPTS


def held_without(evidence: Evidence, doubted: Iterable[tuple[date, str]], *, level: int, on: date) -> bool:
    """Is the level held on the day leaving out the sign-offs in doubt, given as (day, assessor)?"""
    in_doubt = set(doubted)
    kept = [each for each in evidence.sign_offs if (each.assessed_on, each.assessor) not in in_doubt]
    return Evidence(evidence.competency, evidence.completions, kept).satisfies(level, on)


@dataclass(frozen=True, slots=True)
class LaterNotYet:
    """A "not yet" that is newer than the sign-off which still counts: the two say opposite things."""

    not_yet: SignOff
    sign_off: SignOff


def later_not_yet(evidence: Evidence, *, on: date) -> LaterNotYet | None:
    """The latest "not yet" that no sign-off has answered, and the sign-off it casts doubt on.

    A "not yet" takes nothing away (E4), so that the earlier sign-off goes on counting until somebody
    withdraws it. At a level above the sign-off it says nothing against it. None when nothing is held.
    """
    if not evidence.competency.needs_sign_off:
        return None
    counting = [each for each in evidence.sign_offs if _counts(evidence, each, on)]
    for not_yet in sorted(evidence.sign_offs, key=lambda each: each.assessed_on, reverse=True):
        if not_yet.competent or not_yet.assessed_on > on or evidence.held_level(on) < not_yet.level:
            continue
        same = [each for each in counting if _is_about(evidence, not_yet, each)]
        before = [each for each in same if each.assessed_on < not_yet.assessed_on]
        if before and before == same:
            return LaterNotYet(not_yet, max(before, key=lambda each: each.assessed_on))
    return None


def _counts(evidence: Evidence, sign_off: SignOff, on: date) -> bool:
    return any(term.counts_on(on) for term in sign_off_terms(evidence.competency, [sign_off]))


def _is_about(evidence: Evidence, not_yet: SignOff, sign_off: SignOff) -> bool:
    """Does the "not yet" speak about the level that was signed off."""
    if evidence.competency.cumulative:
        return not_yet.level <= sign_off.level
    return not_yet.level == sign_off.level


def _in_order(observations: Iterable[Observation]) -> list[Observation]:
    return sorted(observations, key=lambda each: each.recorded_at)
