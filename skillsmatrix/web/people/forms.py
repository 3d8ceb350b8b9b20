"""What the list of people is narrowed to."""

from collections.abc import Iterable

from flask import request
from wtforms import BooleanField, SearchField, SelectField

from skillsmatrix.queries.competencies import CompetencyEntry
from skillsmatrix.queries.people import PersonFilter, PersonLine
from skillsmatrix.web.shared.forms import FilterForm, choices
from skillsmatrix.web.shared.wording import lazy_gettext as _

MOST_HELD = 4  # competencies asked for at once


class PeopleFilter(FilterForm):
    """Name, place and role; the two competencies asked for at once are read by `held`."""

    q = SearchField(_("Name or staff code"))
    service = SelectField(_("Service"), choices=choices([("", _("All services"))]), validate_choice=False)
    role = SelectField(_("Role"), choices=choices([("", _("All roles"))]), validate_choice=False)
    employer = SelectField(_("Employer"), choices=choices([("", _("All employers"))]), validate_choice=False)
    past = BooleanField(_("Also those who have left or not started"))

    def offer(self, lines: Iterable[PersonLine]) -> None:
        """Fill the choices with what there is to choose from among the people who may be seen."""
        listed = list(lines)
        posts = [post for line in listed for post in line.posts]
        for field, found in (
            (self.service, {(post.service_name, post.service) for post in posts}),
            (self.role, {(post.role_name, post.role) for post in posts}),
            (self.employer, {(line.employer_name, line.employer) for line in listed}),
        ):
            field.choices = [*field.choices, *choices((code, name) for name, code in sorted(found))]

    def wanted(self) -> PersonFilter:
        """The same as the list takes it."""
        return PersonFilter(
            search=self.q.data or None,
            service=self.service.data or None,
            role=self.role.data or None,
            employer=self.employer.data or None,
            past=bool(self.past.data),
        )


def held() -> list[str]:
    """The competencies that those listed must all hold, as the address says; without doubles."""
    return list(dict.fromkeys(code for code in request.args.getlist("holds") if code))[:MOST_HELD]


def choices_of_competencies(entries: Iterable[CompetencyEntry]) -> list[tuple[str, str]]:
    """Code and title, for the two boxes of "holds both"."""
    return [(entry.code, entry.title) for entry in entries]
