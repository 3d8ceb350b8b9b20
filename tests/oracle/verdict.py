"""The standing of a person in a competency at a level (contract, section 5)."""

from datetime import timedelta

from tests.oracle.world import World

EXPIRING_DAYS = 90  # C4
COMPLIANT = ("valid", "expiring")


def standing(world: World, staff: str, competency: str, level: int, *, in_induction: bool = False) -> str:
    """The first of the eleven that applies. Cover asks without induction, which never makes it."""
    evidence = world.evidence(staff, competency)
    on = world.on
    if world.exempt(staff, competency):
        return "exempt"  # 1
    if evidence.satisfies(level, on):
        if world.suspensions(staff, competency):
            return "suspended"  # 2
        if ends_within(world, staff, competency, level, EXPIRING_DAYS):
            return "expiring"  # 3
        return "valid"  # 4
    if in_induction:
        return "in_induction"  # 5
    if evidence.held_level(on) >= 1:
        return "below_level"  # 6
    both = evidence.needs_learning and evidence.needs_sign_off
    if both and evidence.some_completion_valid(on) and not evidence.signed:
        return "awaiting_sign_off"  # 7: every sign-off kept was valid on the day it was made
    last = evidence.last_earlier_day(lambda x: evidence.satisfies(level, x))
    if last is not None and any(
        record.withdrawn_on == last + timedelta(days=1) for record in evidence.signed
    ):
        return "withdrawn"  # 8
    if evidence.last_earlier_day(lambda x: evidence.held_level(x) >= 1) is not None:
        return "expired"  # 9
    if superseded(world, staff, competency, level):
        return "superseded"  # 10
    return "not_held"  # 11


def ends_within(world: World, staff: str, competency: str, level: int, days: int) -> bool:
    """C4: `valid_to` is at most so many days later, that day included."""
    last = world.evidence(staff, competency).valid_to(level)
    return last is not None and last <= world.on + timedelta(days=days)


def superseded(world: World, staff: str, competency: str, level: int) -> bool:
    """Row 10: one step back, suspension of the older competency aside."""
    return any(
        row.get("superseded_by", "") == competency
        and row.get("superseded_on", "") != ""
        and row["superseded_on"] <= world.on.isoformat()
        and world.evidence(staff, older).satisfies(level, world.on)
        for older, row in world.competencies.items()
    )
