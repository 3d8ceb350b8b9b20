"""Why somebody stands differently on a later day than on an earlier one."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from skillsmatrix.domain.effect import is_gap
from skillsmatrix.domain.standing import Standing


class Cause(StrEnum):
    """What lies behind a change of standing, in the order in which pages tell it."""

    RAN_OUT = "ran_out"
    SUPERVISION_LAPSED = "supervision_lapsed"
    STOPPED = "stopped"  # by decision, or for want of a registration
    WITHDRAWN = "withdrawn"
    LEFT = "left"
    AWAY = "away"
    BEGAN = "began"
    BACK = "back"
    MOVED = "moved"
    ASKED_ANEW = "asked_anew"  # a rule, a service or a role asks for it now, or for a higher level
    ASKED_NO_LONGER = "asked_no_longer"
    INDUCTION_ENDED = "induction_ended"
    EXEMPTED = "exempted"
    EXEMPTION_ENDED = "exemption_ended"
    GAINED = "gained"  # new learning, a new sign-off
    LIFTED = "lifted"  # a stop, or lapsed supervision, is over
    RENEWED = "renewed"
    RUNS_OUT_SOON = "runs_out_soon"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Presence:
    """Where a person works on a day: services by code; `away`: for so long that nothing is asked of them."""

    services: frozenset[str]
    away: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a person in one competency on a day, and where they stand. `lapsed`: suspended because
    supervision has lapsed."""

    standing: Standing
    level: int
    lapsed: bool = False


def cause(before: Asked | None, after: Asked | None, *, was: Presence, is_: Presence) -> Cause:
    """Why the two differ; None: nothing is asked on that day."""
    if before is None or after is None:
        return _asked_or_not(after is not None, was, is_)
    if after.level > before.level and is_gap(after.standing) and not is_gap(before.standing):
        return Cause.MOVED if was.services != is_.services else Cause.ASKED_ANEW
    return _SELDOM.get((before.standing, after.standing)) or _of_standings(before, after)


def _asked_or_not(asked: bool, was: Presence, is_: Presence) -> Cause:
    if asked:
        if not was.services:
            return Cause.BEGAN
        if was.away:
            return Cause.BACK
        return Cause.MOVED if is_.services - was.services else Cause.ASKED_ANEW
    if not is_.services:
        return Cause.LEFT
    if is_.away:
        return Cause.AWAY
    return Cause.MOVED if was.services - is_.services else Cause.ASKED_NO_LONGER


_SELDOM = {
    (Standing.VALID, Standing.EXPIRING): Cause.RUNS_OUT_SOON,
    (Standing.EXPIRING, Standing.VALID): Cause.RENEWED,
}


def _of_standings(before: Asked, after: Asked) -> Cause:
    match after.standing:
        case Standing.EXEMPT:
            return Cause.EXEMPTED
        case Standing.SUSPENDED:
            return Cause.SUPERVISION_LAPSED if after.lapsed else Cause.STOPPED
        case Standing.VALID | Standing.EXPIRING:
            return Cause.LIFTED if before.standing is Standing.SUSPENDED else Cause.GAINED
        case Standing.WITHDRAWN:
            return Cause.WITHDRAWN
        case Standing.IN_INDUCTION:
            return Cause.OTHER
        case Standing.AWAITING_SIGN_OFF if (
            is_gap(before.standing) or before.standing is Standing.IN_INDUCTION
        ):
            return Cause.GAINED
        case _:
            return _why_gap(before.standing, after.standing)


def _why_gap(before: Standing, after: Standing) -> Cause:
    if after is Standing.BELOW_LEVEL and before in _NOTHING_HELD:
        return Cause.GAINED
    match before:
        case Standing.EXEMPT:
            return Cause.EXEMPTION_ENDED
        case Standing.IN_INDUCTION:
            return Cause.INDUCTION_ENDED
        case _:
            return Cause.RAN_OUT if after is Standing.EXPIRED or before in _COUNTED else Cause.OTHER


_COUNTED = (Standing.VALID, Standing.EXPIRING, Standing.SUSPENDED, Standing.BELOW_LEVEL)
_NOTHING_HELD = (
    Standing.NOT_HELD,
    Standing.EXPIRED,
    Standing.WITHDRAWN,
    Standing.SUPERSEDED,
    Standing.AWAITING_SIGN_OFF,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One person and competency that stand differently on the later day, and why."""

    person: str
    competency: str
    before: Asked | None
    after: Asked | None
    cause: Cause

    @property
    def opens_gap(self) -> bool:
        """A gap afterwards, and none before."""
        return self._gap(self.after) and not self._gap(self.before)

    @property
    def closes_gap(self) -> bool:
        """A gap before, and none afterwards."""
        return self._gap(self.before) and not self._gap(self.after)

    @staticmethod
    def _gap(asked: Asked | None) -> bool:
        return asked is not None and is_gap(asked.standing)


def in_order(changes: Iterable[Change]) -> list[Change]:
    """What opens a gap, then what closes one, then the rest; within each by cause, person, competency."""
    causes = list(Cause)
    return sorted(
        changes,
        key=lambda each: (
            not each.opens_gap,
            not each.closes_gap,
            causes.index(each.cause),
            each.person,
            each.competency,
        ),
    )
