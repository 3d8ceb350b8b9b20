"""The rows of the table `supervision`: sessions at the pace of their kind, and the lapses of the stories."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from skillsmatrix.demonstration.absences import Absences
from skillsmatrix.demonstration.evidence import History
from skillsmatrix.demonstration.learning import recorded_at
from skillsmatrix.demonstration.needs import FOUNDERS, gap_share
from skillsmatrix.demonstration.people import UNPAID, Person
from skillsmatrix.demonstration.seedfiles import Row
from skillsmatrix.demonstration.setting import FIRST_SIGN_OFFS, SESSIONS, Setting, working_day

# Shortest and longest stretch between two sessions that go to plan, within the clocks of the catalogue.
PACE = {
    "line": (36, 56),
    "clinical": (22, 40),
    "delegation": (68, 84),
    "coaching": (34, 60),
    "emdr": (26, 33),
    "cbt": (6, 9),
    "case_management": (6, 9),
    "sup_of_sup": (24, 32),
}
IN_GROUPS = {"clinical": 0.35, "emdr": 0.3}
SENIORS = ("senior-support-worker", "ips-team-leader", "peer-lead")
SPECIALISTS = {
    "emdr": ("OV2009", "OV2010"),
    "cbt": ("OV2011", "OV2004"),
    "case_management": ("OV2011", "OV2004"),
    "coaching": ("BH1002", "BH1001"),
    "sup_of_sup": ("BH1001", "BH1002"),
}


@dataclass(frozen=True, slots=True)
class Course:
    """One kind of supervision of one person, from a day to a day."""

    person: Person
    kind: str
    starts_on: date
    until: date


class Supervisors:
    """Who supervises whom, in which kind."""

    def __init__(self, setting: Setting, people: Iterable[Person]) -> None:
        self._setting = setting
        self._people = {person.code: person for person in people}
        self._seniors: dict[str, list[str]] = {}
        for person in self._people.values():
            for post in person.posts_on(setting.on):
                if post.role in SENIORS and not person.away:
                    self._seniors.setdefault(post.service, []).append(person.code)

    def line(self, person: Person) -> str:
        """The line manager: a senior for support staff, the manager for seniors, the head for managers."""
        post = (person.posts_on(self._setting.on) or person.posts)[0]
        manager = self._setting.services[post.service]["manager"]
        seniors = sorted(self._seniors.get(post.service, []))
        if person.code == manager or person.code in FOUNDERS:
            return FOUNDERS[0] if person.code != FOUNDERS[0] else FOUNDERS[1]
        if person.code in seniors or not seniors:
            return manager
        return seniors[sum(map(ord, person.code)) % len(seniors)]

    def of(self, course: Course, day: date) -> str:
        """Who held the session: the usual supervisor, or a first assessor where they were not there."""
        for code in (*self._usual(course), *FOUNDERS):
            if code != course.person.code and self._people[code].here(day):
                return code
        return FOUNDERS[0]

    def _usual(self, course: Course) -> tuple[str, ...]:
        if course.kind == "line":
            return (self.line(course.person),)
        if course.kind in SPECIALISTS:
            return SPECIALISTS[course.kind]
        service = (course.person.posts_on(self._setting.on) or course.person.posts)[0].service
        return (self._setting.services[service]["clinical_supervisor"],)


def supervision_rows(
    setting: Setting,
    people: list[Person],
    histories: Iterable[History],
    competencies: Mapping[str, Row],
    roles: Mapping[str, Row],
    absences: Absences,
) -> list[Row]:
    """The table, in order of its key."""
    supervisors = Supervisors(setting, people)
    rows: list[Row] = []
    for course in _courses(setting, people, histories, competencies, roles):
        draw = setting.draw("supervision", course.person.code, course.kind)
        for day in _days(setting, draw, course, absences):
            rows.append(_row(setting, draw, course, day, supervisors.of(course, day)))
    for story in setting.plan["stories"]:
        if story["event"] == "group_too_large":
            person = next(each for each in people if each.code == story["staff"])
            course = Course(person, story["detail"], setting.on, setting.on)
            day = setting.ago(story["days_ago"])
            row = _row(setting, setting.draw("group"), course, day, supervisors.of(course, day))
            rows.append(row | {"minutes": "120", "group_size": "7"})
    return sorted(rows, key=lambda row: (row["supervisee"], row["supervisor"], row["kind"], row["held_on"]))


def _courses(
    setting: Setting,
    people: list[Person],
    histories: Iterable[History],
    competencies: Mapping[str, Row],
    roles: Mapping[str, Row],
) -> list[Course]:
    """Line supervision for everybody, clinical for those paid to meet people, and what skills ask for."""
    assessors = {row["staff"] for row in setting.plan["assessors"]} | set(FOUNDERS)
    starts: dict[tuple[str, str], date] = {}
    for person in people:
        _earlier(starts, person.code, "line", person.posts[0].starts_on)
        if any(
            post.basis not in UNPAID and roles[post.role]["client_facing"] == "yes" for post in person.posts
        ):
            _earlier(starts, person.code, "clinical", person.posts[0].starts_on)
    for history in histories:
        kind = competencies[history.need.competency]["supervision_kind"]
        if kind and history.learnt_on:
            _earlier(starts, history.need.staff, kind, history.learnt_on[0])
    by_code = {person.code: person for person in people}
    return [
        Course(
            by_code[code],
            kind,
            max(day, setting.on - (FIRST_SIGN_OFFS if code in assessors and kind != "line" else SESSIONS)),
            by_code[code].last_day(setting.on),
        )
        for (code, kind), day in sorted(starts.items())
    ]


def _earlier(starts: dict[tuple[str, str], date], code: str, kind: str, day: date) -> None:
    starts[code, kind] = min(day, starts.get((code, kind), day))


def _days(setting: Setting, draw: Random, course: Course, absences: Absences) -> list[date]:
    """Working days at the pace of the kind; none during an absence; the last before a lapse at its day."""
    shortest, longest = PACE[course.kind]
    last = _last_before_lapse(setting, course)
    until = min(course.until, last or course.until)
    away = [period for _, period in absences.get(course.person.code, ())]
    days: list[date] = []
    day = working_day(course.starts_on + timedelta(days=draw.randint(2, min(14, shortest))))
    while day <= until:
        period = next((each for each in away if each.covers(day)), None)
        if period is not None:
            if period.ends_on is None:
                break
            day = period.ends_on + timedelta(days=draw.randint(1, 5))
            continue
        days.append(day)
        day = working_day(day + timedelta(days=draw.randint(shortest, longest)))
    if last is not None and last > course.starts_on and (not days or days[-1] < last):
        days = [each for each in days if each < last - timedelta(days=shortest // 2)] + [last]
    return days


def _last_before_lapse(setting: Setting, course: Course) -> date | None:
    """The day of the last countable session where supervision is behind; None where it is not."""
    for story in setting.plan["stories"]:
        if story["staff"] == course.person.code and story["detail"] == course.kind:
            if story["event"] == "supervision_lapsed":
                return setting.ago(story["days_ago"])
            if story["event"] == "group_too_large":
                return setting.ago(33)
    if course.person.code in {row["staff"] for row in setting.plan["cast"]}:
        return None
    draw = setting.draw("lapse", course.person.code, course.kind)
    share = gap_share(setting, course.person.posts[-1].service)
    if course.kind == "line" and draw.random() < share * 0.8:
        return setting.ago(draw.randint(62, 120))
    if course.kind == "clinical" and draw.random() < share * 0.5:
        return setting.ago(draw.randint(57, 95))
    return None


def _row(setting: Setting, draw: Random, course: Course, day: date, supervisor: str) -> Row:
    group = draw.random() < IN_GROUPS.get(course.kind, 0)
    return {
        "supervisee": course.person.code,
        "supervisor": supervisor,
        "kind": course.kind,
        "held_on": day.isoformat(),
        "minutes": ("120" if course.kind == "emdr" else "90") if group else "60",
        "group_size": str(draw.randint(3, 6)) if group else "",
        "recorded_at": recorded_at(setting, day, day.day % 3),
    }
