"""The standing of one person in one competency on one day, with its reasons (contract sections 3 and 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from skillsmatrix.domain.calendar import EXPIRING_DAYS, ONE_DAY, Period, covered
from skillsmatrix.domain.competency import Competency
from skillsmatrix.domain.evidence import Evidence
from skillsmatrix.domain.person import Person
from skillsmatrix.domain.supervision import clock_start, counts, lapses_on


class Standing(StrEnum):
    """What a person may be counted as. Only `valid` and `expiring` are compliant."""

    EXEMPT = "exempt"
    SUSPENDED = "suspended"
    EXPIRING = "expiring"
    VALID = "valid"
    IN_INDUCTION = "in_induction"
    BELOW_LEVEL = "below_level"
    AWAITING_SIGN_OFF = "awaiting_sign_off"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    NOT_HELD = "not_held"

    @property
    def compliant(self) -> bool:
        return self in _COMPLIANT


_COMPLIANT = frozenset({Standing.VALID, Standing.EXPIRING})


class SuspendedBy(StrEnum):
    """Why a competency that is held may not be used now, in the order in which they are shown."""

    DECISION = "decision"
    REGISTRATION = "registration"
    SUPERVISION = "supervision"


class Holding(NamedTuple):
    """All the facts about one person and one competency, older competencies that it replaces included."""

    person: str
    evidence: Evidence
    exemptions: tuple[Period, ...] = ()
    suspensions: tuple[Period, ...] = ()
    registrations: tuple[Period, ...] = ()
    absences: tuple[Period, ...] = ()
    sessions: tuple[date, ...] = ()
    older: tuple[Evidence, ...] = ()

    @property
    def competency(self) -> Competency:
        return self.evidence.competency


class Conclusion(NamedTuple):
    """What a standing comes to, without what lies behind it; `valid` stands for `expiring` as well.

    `valid_to` means something only where the level is satisfied, and None is then without end.
    """

    standing: Standing
    satisfied: bool
    valid_to: date | None


# All that there are without evidence that satisfies the level.
_UNSATISFIED = {each: Conclusion(each, satisfied=False, valid_to=None) for each in Standing}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A standing and what lies behind it. `held_since` and `valid_to` only where the level is satisfied;
    `valid_to` None there means that it has no end."""

    standing: Standing
    level: int
    held_level: int
    satisfied: bool
    held_since: date | None = None
    valid_to: date | None = None
    suspended_by: tuple[SuspendedBy, ...] = ()
    last_held_on: date | None = None


def holding(person: Person, competency: Competency, competencies: Mapping[str, Competency]) -> Holding:
    """Gather what is recorded about one person and one competency."""
    older = [each for each in competencies.values() if each.superseded_by == competency.code]
    return Holding(
        person=person.code,
        evidence=evidence_of(person, competency),
        exemptions=person.exemptions.get(competency.code, ()),
        suspensions=person.suspensions.get(competency.code, ()),
        registrations=person.registrations.get(competency.registration_body or "", ()),
        absences=person.absences,
        sessions=countable(person, competency),
        older=tuple([evidence_of(person, each) for each in older]),
    )


def countable(person: Person, competency: Competency) -> tuple[date, ...]:
    """The days of the sessions that count for the competency; none where it needs no supervision."""
    if competency.supervision_kind is None:
        return ()
    sessions, supervisee = person.sessions, person.code
    return tuple([each.held_on for each in sessions if counts(each, competency, supervisee=supervisee)])


def evidence_of(person: Person, competency: Competency) -> Evidence:
    """What the person has shown for the competency."""
    return Evidence(
        competency,
        person.completions.get(competency.code, ()),
        person.sign_offs.get(competency.code, ()),
    )


def standing(facts: Holding, *, level: int, on: date, in_induction: bool = False) -> Verdict:
    """The first standing of contract section 5 that applies to this level on this day."""
    evidence = facts.evidence
    found = conclusion(facts, level=level, on=on)
    if in_induction:
        found = within_induction(found)
    satisfied = found.satisfied
    return Verdict(
        standing=expiring_told(found, on=on).standing,
        level=level,
        held_level=evidence.held_level(on),
        satisfied=satisfied,
        held_since=evidence.held_since(on, level) if satisfied else None,
        valid_to=found.valid_to,
        suspended_by=suspended(facts, on=on) if satisfied else (),
        last_held_on=evidence.last_day_before(on) if not satisfied else None,
    )


def conclusion(facts: Holding, *, level: int, on: date) -> Conclusion:
    """What a standing comes to past induction, for whoever asks about many days."""
    evidence = facts.evidence
    exempt = bool(facts.exemptions) and is_exempt(facts, on=on)
    if not evidence.satisfies(level, on):
        return _UNSATISFIED[Standing.EXEMPT if exempt else _why_not_held(facts, level, on)]
    found = Standing.EXEMPT if exempt else Standing.SUSPENDED if suspended(facts, on=on) else Standing.VALID
    return Conclusion(found, satisfied=True, valid_to=evidence.valid_to(level, on))


def within_induction(found: Conclusion) -> Conclusion:
    """The same for somebody in induction, which goes before every reason why a level is not held."""
    if found.satisfied or found.standing is Standing.EXEMPT:
        return found
    return _UNSATISFIED[Standing.IN_INDUCTION]


def expiring_told(found: Conclusion, *, on: date) -> Conclusion:
    """The same with `expiring` told apart from `valid`."""
    if found.standing is Standing.VALID and is_expiring(found.valid_to, on=on):
        return found._replace(standing=Standing.EXPIRING)
    return found


def _why_not_held(facts: Holding, level: int, on: date) -> Standing:
    evidence = facts.evidence
    if evidence.has_begun(on):
        if evidence.satisfies(None, on):
            return Standing.BELOW_LEVEL
        if _awaits_sign_off(evidence, on):
            return Standing.AWAITING_SIGN_OFF
        satisfied_to = evidence.last_day_before(on, level)
        if satisfied_to is not None:
            withdrawn = evidence.withdrawn_on(satisfied_to + ONE_DAY)
            return Standing.WITHDRAWN if withdrawn else Standing.EXPIRED
        if evidence.last_day_before(on) is not None:
            return Standing.EXPIRED
    if facts.older and any(_stands_in(older, level, on) for older in facts.older):
        return Standing.SUPERSEDED
    return Standing.NOT_HELD


def _awaits_sign_off(evidence: Evidence, on: date) -> bool:
    return (
        evidence.competency.needs_learning
        and evidence.competency.needs_sign_off
        and evidence.has_learning(on)
        and not evidence.was_ever_signed_off(on)
    )


def _stands_in(older: Evidence, level: int, on: date) -> bool:
    superseded_on = older.competency.superseded_on
    return superseded_on is not None and superseded_on <= on and older.satisfies(level, on)


def is_exempt(facts: Holding, *, on: date) -> bool:
    """An exemption covers the day (R6)."""
    return covered(on, facts.exemptions)


def is_expiring(valid_to: date | None, *, on: date, within_days: int = EXPIRING_DAYS) -> bool:
    """Valid, and the last valid day is at most so many days later (C4)."""
    return valid_to is not None and valid_to <= on + timedelta(days=within_days)


def suspended(facts: Holding, *, on: date) -> tuple[SuspendedBy, ...]:
    """Why the competency may not be used on the day, first reason first; empty when it may (section 3)."""
    reasons = []
    if facts.suspensions and covered(on, facts.suspensions):
        reasons.append(SuspendedBy.DECISION)
    if facts.competency.registration_body is not None and not covered(on, facts.registrations):
        reasons.append(SuspendedBy.REGISTRATION)
    lapse = supervision_lapses_on(facts, on=on)
    if lapse is not None and lapse <= on:
        reasons.append(SuspendedBy.SUPERVISION)
    return tuple(reasons)


def supervision_lapses_on(facts: Holding, *, on: date) -> date | None:
    """The first day without supervision in time, by the sessions up to `on`; None: none is asked (S3)."""
    competency = facts.competency
    if competency.supervision_kind is None or competency.supervision_lapse_days is None:
        return None
    held_since = facts.evidence.held_since(on)
    if held_since is None:
        return None
    start = clock_start(held_since, facts.sessions, on=on)
    return lapses_on(start, competency.supervision_lapse_days, facts.absences)


def worst_first(standings: Iterable[Standing]) -> list[Standing]:
    """Standings from the one that needs most to the one that needs nothing."""
    return sorted(standings, key=_URGENCY.index)


_URGENCY = [
    Standing.SUSPENDED,
    Standing.WITHDRAWN,
    Standing.EXPIRED,
    Standing.NOT_HELD,
    Standing.SUPERSEDED,
    Standing.BELOW_LEVEL,
    Standing.AWAITING_SIGN_OFF,
    Standing.IN_INDUCTION,
    Standing.EXPIRING,
    Standing.VALID,
    Standing.EXEMPT,
]
