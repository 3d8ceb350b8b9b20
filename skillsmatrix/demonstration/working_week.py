"""What is under way on the day of loading: courses planned, claims handed in, people to see, rules drafted.

Only what is planned and by whom; who fills the seats follows from the record and is chosen when it is stored.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from skillsmatrix.demonstration.accounts import TRAINER
from skillsmatrix.demonstration.seedfiles import Row, read_seed
from skillsmatrix.demonstration.setting import Setting, whole, working_day

_LONDON = ZoneInfo("Europe/London")
_NOON = time(12)


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """A course date. `people` have asked for a seat in time, `waiting` later; `also`: who asked first."""

    course: str
    competency: str
    trainer: str
    starts_at: datetime
    ends_at: datetime
    place: str | None
    link: str | None
    seats: int
    minimum: int
    planned_at: datetime
    people: int
    waiting: int
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A claim for learning done elsewhere, and whose account entered it."""

    staff: str
    competency: str
    completed_on: date
    title: str
    provider: str
    reference: str
    valid_months: int | None
    by: str


@dataclass(frozen=True, slots=True)
class ToBeSeen:
    """An assessor, and how many people are waiting to be seen by them in one competency."""

    assessor: str
    competency: str
    level: int
    people: int
    wanted_by: date


@dataclass(frozen=True, slots=True)
class Agreed:
    """An action out of supervision. `number`: the how manieth of the supervisor's people, by staff code."""

    supervisor: str
    number: int
    by_supervisor: bool
    what: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Drafted:
    """A change to a rule that waits for a second person."""

    table: str
    code: str
    column: str
    value: int
    takes_effect_on: date
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody new, who comes with all that the post asks for."""

    name: str
    service: str
    role: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class TriedOut:
    """A scenario that is shared: who leaves when, and who comes instead, if anybody."""

    name: str
    leaver: str
    last_day: date
    successor: Successor | None
    by: str


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """Everything that is under way."""

    dates: tuple[PlannedDate, ...]
    claims: tuple[HandedIn, ...]
    requests: tuple[ToBeSeen, ...]
    actions: tuple[Agreed, ...]
    drafts: tuple[Drafted, ...]
    scenarios: tuple[TriedOut, ...]


def demonstration_week(seed_folder: Path, *, on: date, seed: int = 7) -> WorkingWeek:
    """What is under way when the demonstration is loaded on a day, by the plan in the seed folder."""
    setting = Setting(on, seed, read_seed(seed_folder))
    plan = setting.plan
    return WorkingWeek(
        dates=tuple(_date(setting, row) for row in plan["course_dates"]),
        claims=tuple(_claim(setting, row) for row in plan["claims"]),
        requests=tuple(
            ToBeSeen(
                row["assessor"],
                row["competency"],
                int(row["level"]),
                int(row["people"]),
                setting.ahead(row["wanted_in_days"]),
            )
            for row in plan["assessment_requests"]
        ),
        actions=tuple(
            Agreed(
                row["supervisor"],
                int(row["supervisee_number"]),
                row["owner"] == "supervisor",
                row["what"],
                setting.ahead(row["due_in_days"]),
            )
            for row in plan["supervision_actions"]
        ),
        drafts=tuple(
            Drafted(
                row["table"],
                row["code"],
                row["column"],
                int(row["value"]),
                setting.ahead(row["in_days"]),
                row["why"],
                row["drafted_by"],
            )
            for row in plan["rule_changes"]
        ),
        scenarios=tuple(_scenario(setting, row) for row in plan["scenarios"]),
    )


def _date(setting: Setting, row: Row) -> PlannedDate:
    day = working_day(setting.ahead(row["in_days"]))
    starts_at = datetime.combine(day, time.fromisoformat(row["starts"]), _LONDON)
    planned_on = setting.ago(row["planned_days_before"])
    return PlannedDate(
        course=row["course"],
        competency=row["competency"],
        trainer=TRAINER,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=int(row["hours"])),
        place=row["place"] or None,
        link=row["link"] or None,
        seats=int(row["seats"]),
        minimum=int(row["minimum"]),
        planned_at=datetime.combine(planned_on, _NOON, _LONDON),
        people=int(row["people"]),
        waiting=int(row["waiting"]),
        also=tuple(row["also"].split()),
    )


def _claim(setting: Setting, row: Row) -> HandedIn:
    return HandedIn(
        staff=row["staff"],
        competency=row["competency"],
        completed_on=setting.ago(row["completed_days_ago"]),
        title=row["title"],
        provider=row["provider"],
        reference=row["reference"],
        valid_months=whole(row["valid_months"]) or None,
        by=row["handed_in_by"],
    )


def _scenario(setting: Setting, row: Row) -> TriedOut:
    successor = None
    if row["successor"]:
        starts_on = setting.ahead(row["joins_in_days"])
        successor = Successor(row["successor"], row["service"], row["role"], starts_on)
    return TriedOut(
        name=row["name"],
        leaver=row["leaver"],
        last_day=setting.ahead(row["leaves_in_days"]),
        successor=successor,
        by=row["saved_by"],
    )
