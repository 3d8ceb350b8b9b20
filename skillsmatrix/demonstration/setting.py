"""The day, the chance and the plan that every part of the demonstration shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random

from skillsmatrix.demonstration.seedfiles import Row, SeedFiles
from skillsmatrix.domain.calendar import add_months

HISTORY = timedelta(days=1150)  # three years, and some weeks for what was then about to be renewed
FIRST_SIGN_OFFS = timedelta(days=1800)
SESSIONS = timedelta(days=1130)  # sessions are told for three years and the longest clock before them


@dataclass(frozen=True)
class Setting:
    """One making of the demonstration: as on a day, from a seed."""

    on: date
    seed: int
    files: SeedFiles

    @property
    def plan(self) -> Mapping[str, list[Row]]:
        return self.files.plan

    @property
    def history_from(self) -> date:
        return self.on - HISTORY

    def draw(self, *about: object) -> Random:
        """Chance of its own for each subject, so that one change does not reshuffle everything else."""
        return Random("/".join(map(str, (self.seed, *about))))  # noqa: S311 - invented people, no secrets

    def ago(self, days: int | str) -> date:
        """The day so many days before; a negative number lies ahead."""
        return self.on - timedelta(days=int(days))

    def ahead(self, days: int | str) -> date:
        return self.on + timedelta(days=int(days))

    @cached_property
    def services(self) -> dict[str, Row]:
        return {row["service"]: row for row in self.plan["services"]}

    def opens_on(self, service: str) -> date:
        return self.ago(self.services[service]["opened_days_ago"])


def working_day(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def months_before(day: date, months: int) -> date:
    """A day from which so many months reach `day` or a little short of it, never past it."""
    return add_months(day, -months)


def whole(text: str, default: int = 0) -> int:
    """The number in a cell; `default` where it is blank."""
    return int(text) if text else default
