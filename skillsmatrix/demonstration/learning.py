"""The rows of the table `learning`: which course, whose certificate, and what else the course gave."""

from collections.abc import Iterable, Mapping
from datetime import date

from skillsmatrix.demonstration.evidence import History
from skillsmatrix.demonstration.people import Person
from skillsmatrix.demonstration.seedfiles import Row
from skillsmatrix.demonstration.setting import Setting, whole

ELSEWHERE = "A former employer"


def learning_rows(
    setting: Setting,
    histories: Iterable[History],
    people: Mapping[str, Person],
    grants: Mapping[str, list[Row]],
    courses: Mapping[str, Row],
) -> list[Row]:
    """One row per completion and per competency that the course gives beside; none twice."""
    wide = _granted_by(grants)
    rows: dict[tuple[str, str, str, str], Row] = {}
    beside: list[Row] = []
    for history in histories:
        if not history.learnt_on:
            continue
        need = history.need
        grant = _grant(grants.get(need.competency.partition("@")[0], []), need.level)
        for day in history.learnt_on:
            row = _row(setting, people[need.staff], need.competency, day, grant, courses)
            rows[_key(row)] = row
            beside += [
                row | {"competency": other, "level": level}
                for other, level in wide.get(grant["course"], {}).items()
                if other != need.competency.partition("@")[0] and row["provider"] != ELSEWHERE
            ]
    for row in beside:
        rows.setdefault(_key(row), row)
    return [rows[key] for key in sorted(rows)]


def _key(row: Row) -> tuple[str, str, str, str]:
    return row["staff"], row["competency"], row["completed_on"], row["reference"]


def _granted_by(grants: Mapping[str, list[Row]]) -> dict[str, dict[str, str]]:
    """What each course gives, with the level it states."""
    given: dict[str, dict[str, str]] = {}
    for rows in grants.values():
        for row in rows:
            given.setdefault(row["course"], {})[row["competency"]] = row["level"]
    return given


def _grant(grants: list[Row], level: int) -> Row:
    """The narrowest course that states no level or one that is high enough."""
    for grant in grants:
        if not grant["level"] or whole(grant["level"]) >= level:
            return grant
    return grants[-1]


def _row(
    setting: Setting, person: Person, competency: str, day: date, grant: Row, courses: Mapping[str, Row]
) -> Row:
    before_joining = day < person.employed_from
    draw = setting.draw("certificate", person.code, competency, day)
    return {
        "staff": person.code,
        "competency": competency,
        "completed_on": day.isoformat(),
        "level": grant["level"],
        "course": "" if before_joining else grant["course"],
        "provider": ELSEWHERE if before_joining else courses[grant["course"]]["provider"],
        "reference": f"{grant['course']}-{draw.randint(100000, 999999)}",
        "valid_months": "",
        "recorded_at": recorded_at(setting, day, draw.randint(0, 9), person.employed_from),
    }


def recorded_at(setting: Setting, day: date, days_later: int, earliest: date | None = None) -> str:
    """An instant in working hours at which a fact of that day was written down, before `setting.on`."""
    written = max(day, earliest or day).toordinal() + days_later
    written_on = date.fromordinal(min(written, setting.on.toordinal() - 1))
    quarters = (day.toordinal() * 7 + days_later * 13) % 36
    return f"{written_on.isoformat()}T{8 + quarters // 4:02d}:{quarters % 4 * 15:02d}:00Z"
