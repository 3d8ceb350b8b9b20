"""The rows of the table `absences`: the cast's by plan, and some for everybody else."""

from datetime import date, timedelta

from skillsmatrix.demonstration.needs import FOUNDERS
from skillsmatrix.demonstration.people import UNPAID, Person
from skillsmatrix.demonstration.seedfiles import Row
from skillsmatrix.demonstration.setting import Setting
from skillsmatrix.domain.calendar import Period

LONG_DAYS = 28  # contract R5
LONG_KINDS = ("maternity", "sickness", "shared parental", "career break", "adoption")

Absences = dict[str, list[tuple[str, Period]]]


def build_absences(setting: Setting, people: list[Person]) -> Absences:
    """Absences by staff code, in order of day, none overlapping; marks who is away for long on the day."""
    absences: Absences = {}
    for row in setting.plan["cast_absences"]:
        ends_on = setting.ahead(row["ends_in_days"]) if row["ends_in_days"] else None
        period = Period(setting.ago(row["starts_days_ago"]), ends_on)
        absences.setdefault(row["staff"], []).append((row["kind"], period))
    cast = {row["staff"] for row in setting.plan["cast"]}
    for number, person in enumerate(each for each in people if each.code not in cast):
        absences[person.code] = _of(setting, person, number)
    for person in people:
        absences.setdefault(person.code, []).sort(key=lambda each: each[1].starts_on)
        person.away = any(_long(period) and period.covers(setting.on) for _, period in absences[person.code])
    return absences


def _long(period: Period) -> bool:
    return period.ends_on is None or (period.ends_on - period.starts_on).days + 1 >= LONG_DAYS


def _of(setting: Setting, person: Person, number: int) -> list[tuple[str, Period]]:
    """A few short ones in three years; a long one now for one in thirty, and once for one in fifteen."""
    if person.posts[-1].basis in (*UNPAID, "agency", "bank") or person.code in FOUNDERS:
        return []
    draw = setting.draw("absence", person.code)
    earliest = max(person.employed_from, setting.ago(1095))
    latest = person.last_day(setting.on)
    spans: list[tuple[str, Period]] = []
    if number % 30 == 11 and person.employed_to is None and (setting.on - person.employed_from).days > 400:
        starts_on = setting.ago(draw.randint(30, 150))
        kind = LONG_KINDS[number // 30 % len(LONG_KINDS)]
        spans.append((kind, Period(starts_on, setting.ahead(draw.randint(20, 160)))))
        latest = starts_on - timedelta(days=30)
    elif number % 15 == 4 and (latest - earliest).days > 500:
        starts_on = earliest + timedelta(days=draw.randint(60, 250))
        spans.append(("sickness", Period(starts_on, starts_on + timedelta(days=draw.randint(30, 120)))))
        earliest = starts_on + timedelta(days=150)
    day: date = earliest + timedelta(days=draw.randint(20, 200))
    while day < latest - timedelta(days=20):
        kind, length = draw.choice(
            (("annual leave", 13), ("annual leave", 6), ("sickness", 2), ("sickness", 4))
        )
        spans.append((kind, Period(day, day + timedelta(days=length))))
        day += timedelta(days=draw.randint(90, 420))
    return spans


def absence_rows(absences: Absences) -> list[Row]:
    """The table, in order of staff code and day."""
    return [
        {
            "staff": staff,
            "kind": kind,
            "starts_on": period.starts_on.isoformat(),
            "ends_on": period.ends_on.isoformat() if period.ends_on else "",
        }
        for staff in sorted(absences)
        for kind, period in absences[staff]
    ]
