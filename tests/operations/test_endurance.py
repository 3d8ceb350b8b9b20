"""A writer is killed again and again: what is kept agrees with the facts, and the log holds."""

from random import Random

import pytest
from sqlalchemy import Engine

from benchmarks.endurance import Watch, change, filled
from tests.oracle.packages import TURNING_DAYS


@pytest.mark.slow
def test_what_is_kept_survives_random_changes_and_kills(engine: Engine) -> None:
    filled(engine, 5)
    lives = iter((0.0, 0.01))  # seconds; a whole run takes some 0.1
    watch = Watch(engine, 5)

    watch.run(24, alive=lambda _random: next(lives, 60.0))
    watch.check(TURNING_DAYS[3])

    assert watch.kills >= 2
    assert watch.stored >= 24
    assert watch.faults == []


def test_random_changes_are_stored_or_refused_and_never_half_made(engine: Engine) -> None:
    filled(engine, 6)
    watch = Watch(engine, 6)
    random = Random(6)  # noqa: S311 - drawn from a seed on purpose

    outcomes = {change(engine, 6, number) for number in range(40)}
    watch.check(random.choice(TURNING_DAYS))

    assert True in outcomes
    assert watch.faults == []
