"""What a change can be about: people, services, requirements, competencies and course dates in sight."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import g

from skillsmatrix.domain import scenario as tried
from skillsmatrix.domain.requirement import Requirement
from skillsmatrix.foundation.clock import london_day
from skillsmatrix.queries.conclusions import current
from skillsmatrix.queries.people import PersonFilter, folded, person_lines
from skillsmatrix.queries.services import ServiceEntry, service_entries
from skillsmatrix.queries.training import date_line, date_lines
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.guards import visible_services, visible_staff
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.what_if import words
from skillsmatrix.web.what_if.forms import bases
from skillsmatrix.web.what_if.sight import WRITE, Names

MOST_LISTED: Final = 25
MOST_TO_TICK: Final = 30

# Kind of change → what it is about, chosen before its form; the others ask in the form.
SUBJECTS: Final = {
    "person_leaves": "staff",
    "post_starts": "staff",
    "course_moves": "course_date",
    "service_opens": "service",
    "service_closes": "service",
    "requirement_changed": "requirement",
    "requirement_ended": "requirement",
    "length_changed": "competency",
}


@dataclass(frozen=True, slots=True)
class Pick:
    """One that may be chosen. `service`: where it belongs, for narrowing the list; None: everywhere."""

    code: str
    title: str
    detail: str
    services: frozenset[str] = frozenset()

    def matches(self, search: str, service: str | None) -> bool:
        """Does it hold every word searched for, at the service asked for."""
        text = folded(f"{self.title} {self.detail} {self.code}")
        here = not service or service in self.services
        return here and all(word in text for word in folded(search).split())


def picks(kind: str, changes: Iterable[tried.Change], names: Names) -> list[Pick]:
    """All that a change of this kind may be about, in order of words."""
    subject = SUBJECTS[kind]
    if subject == "staff":
        return people(changes if kind == "post_starts" else ())
    find: Mapping[str, Callable[[], list[Pick]]] = {
        "course_date": _dates,
        "service": lambda: _services(kind),
        "requirement": lambda: _requirements(names),
        "competency": lambda: _competencies(names),
    }
    return find[subject]()


def people(changes: Iterable[tried.Change]) -> list[Pick]:
    """The people in sight who are employed today, by family name, after the newcomers of a scenario."""
    lines = person_lines(db_session(), visible_staff(WRITE), PersonFilter(), on=g.today)
    found = [
        Pick(
            line.code,
            line.name,
            ", ".join(
                _("%(role)s at %(service)s", role=post.role_name, service=post.service_name)
                for post in line.posts
                if post.service in visible_services(WRITE)
            ),
            frozenset(post.service for post in line.posts),
        )
        for line in lines
    ]
    new = [Pick(code, name, _("new in this scenario")) for code, name in tried.newcomers(changes).items()]
    return [*new, *found]


def entries() -> list[ServiceEntry]:
    """The services in sight, by name."""
    return service_entries(db_session(), visible_services(WRITE))


def offered(changes: Iterable[tried.Change], names: Names) -> dict[str, dict[str, str]]:
    """Field → value → words, for the choices within the forms; a scenario's own services among them."""
    everything = visible_services(WRITE).everything
    places = {entry.code: entry.name for entry in entries()}
    own = tried.new_services(changes) if everything else {}
    return {
        "service": {**places, **own},
        "role": dict(names.roles),
        "basis": bases(),
        "competency": dict(names.competencies),
        "like": {"": _("None"), **places},
    }


def offered_for_requirement(choices: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The same for a requirement, which may ask every role, and every service of whoever sees them all."""
    every = {"": _("Every service")} if visible_services(WRITE).everything else {}
    return {
        **choices,
        "service": {**every, **choices["service"]},
        "role": {"": _("Every role"), **choices["role"]},
    }


def requirement_words(row: Requirement, names: Names) -> tuple[str, str]:
    """A requirement in two parts: what, and of whom."""
    title = words.level(names.competencies.get(row.competency, row.competency), row.level)
    asked = words.asked(row.cover, row.amount, row.role, row.service, names)
    return title, f"{asked} ({words.strength(row.hard_stop)})"


def _services(kind: str) -> list[Pick]:
    opening = kind == "service_opens"
    return [
        Pick(entry.code, entry.name, _days_of(entry), frozenset({entry.code}))
        for entry in entries()
        if entry.is_open(g.today) is not opening
    ]


def _days_of(entry: ServiceEntry) -> str:
    if entry.opens_on is not None and entry.opens_on > g.today:
        return _("opens on %(day)s", day=day(entry.opens_on))
    if entry.closes_on is not None:
        return _("closes on %(day)s", day=day(entry.closes_on))
    return ""


def _requirements(names: Names) -> list[Pick]:
    within = visible_services(WRITE)
    rows = [
        row
        for row in current(db_session()).catalogue.requirements.rows
        if (within.everything if row.service is None else row.service in within)
        and (row.in_force_to is None or row.in_force_to >= g.today)
    ]
    found = [
        Pick(row.code, *requirement_words(row, names), frozenset({row.service} if row.service else ()))
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.title.casefold(), each.detail, each.code))


def _competencies(names: Names) -> list[Pick]:
    rules = current(db_session()).catalogue.competencies
    return sorted(
        (
            Pick(
                code,
                title,
                _(
                    "learning counts %(learning)s, a sign-off %(sign_off)s",
                    learning=words.months(rules[code].learning_months),
                    sign_off=words.months(rules[code].sign_off_months),
                ),
            )
            for code, title in names.competencies.items()
            if code in rules
        ),
        key=lambda each: each.title.casefold(),
    )


def _dates() -> list[Pick]:
    return [
        Pick(str(line.id), line.title, f"{day(london_day(line.ends_at))}, {line.place or _('online')}")
        for line in date_lines(db_session(), from_at=g.at)
        if not line.called_off
    ]


def found_among(listed: list[Pick], code: Any) -> Pick | None:
    """The one with this code; None when it may not be chosen."""
    return next((each for each in listed if each.code == code), None)


def lengths(competency: str) -> dict[str, int | None]:
    """How long evidence for a competency counts as things are."""
    known = current(db_session()).catalogue.competencies[competency]
    return {"learning_months": known.learning_months, "sign_off_months": known.sign_off_months}


def date_words(number: int) -> str:
    """A course date in words: which course, and when."""
    line = date_line(db_session(), number)
    return "" if line is None else f"{line.title}, {day(london_day(line.ends_at))}"
