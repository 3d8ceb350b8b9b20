"""A change of a scenario as one sentence, why one no longer fits, and why something is refused."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from flask import g

from skillsmatrix.domain import scenario as tried
from skillsmatrix.domain.person import Basis
from skillsmatrix.domain.requirement import Cover
from skillsmatrix.operations import scenarios
from skillsmatrix.operations.keeping import KeepingRefused
from skillsmatrix.queries.scenario_fit import Fitted, Misfit, Unfit
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.requirement_words import whom
from skillsmatrix.web.shared.wording import gettext, ngettext
from skillsmatrix.web.shared.wording import lazy_gettext as _
from skillsmatrix.web.what_if.sight import Names

MOST_NAMED: Final = 3

KINDS: Final = {
    "person_leaves": _("Somebody leaves"),
    "person_joins": _("Somebody new joins"),
    "post_starts": _("Somebody starts another post"),
    "competency_gained": _("People gain a competency"),
    "course_moves": _("A course date moves"),
    "service_closes": _("A service closes"),
    "service_opens": _("A service that is closed or planned opens"),
    "service_added": _("A new service opens"),
    "requirement_added": _("Something more is required"),
    "requirement_changed": _("A requirement changes"),
    "requirement_ended": _("A requirement ends"),
    "length_changed": _("A competency lasts longer or shorter"),
}
QUESTIONS: Final = {
    "person_leaves": _("Who leaves?"),
    "post_starts": _("Who starts another post?"),
    "course_moves": _("Which course date moves?"),
    "service_opens": _("Which service opens?"),
    "service_closes": _("Which service closes?"),
    "requirement_changed": _("Which requirement changes?"),
    "requirement_ended": _("Which requirement ends?"),
    "length_changed": _("Which competency lasts longer or shorter?"),
}
BASES: Final = {
    Basis.PERMANENT: _("Permanent"),
    Basis.FIXED_TERM: _("Fixed term"),
    Basis.ACTING_UP: _("Acting up"),
    Basis.SECONDMENT: _("Secondment"),
    Basis.BANK: _("Bank"),
    Basis.AGENCY: _("Agency"),
    Basis.VOLUNTEER: _("Volunteer"),
    Basis.STUDENT: _("Student"),
}
REFUSALS: Final[dict[type[KeepingRefused], Any]] = {
    scenarios.NotTheirs: _("Only whoever made a scenario changes it. Make a copy to go on from it."),
    scenarios.PutAway: _("It is archived. Bring it back to change it."),
    scenarios.TooManyChanges: _("A scenario holds 30 changes at most. Take one out, or begin another."),
}
MISFITS: Final = {
    Misfit.PERSON_GONE: _("The record has nobody with the number %(code)s."),
    Misfit.PERSON_LEFT: _("The record has %(day)s as the last day of %(who)s."),
    Misfit.NEWCOMER_GONE: _("It names somebody new who is not in this scenario."),
    Misfit.SERVICE_GONE: _("There is no service %(where)s."),
    Misfit.SERVICE_CLOSED: _("%(where)s closes on %(day)s."),
    Misfit.SERVICE_OPEN: _("%(where)s is open already."),
    Misfit.ROLE_GONE: _("There is no role %(code)s."),
    Misfit.COMPETENCY_GONE: _("There is no competency %(code)s."),
    Misfit.REQUIREMENT_GONE: _("There is no requirement %(code)s."),
    Misfit.REQUIREMENT_ENDED: _("The requirement ends on %(day)s."),
    Misfit.DATE_GONE: _("There is no such course date."),
    Misfit.DATE_CALLED_OFF: _("The course date on %(day)s is called off."),
    Misfit.DATE_PAST: _("The course was on %(day)s."),
    Misfit.OUT_OF_SIGHT: _("It names somebody or something outside the services you may see."),
}


def refusal(broken: KeepingRefused) -> str:
    """Why it is not kept."""
    return str(REFUSALS[type(broken)])


def misfit(unfit: Unfit, names: Names) -> str:
    """Why a change no longer fits the record."""
    return str(MISFITS[unfit.why]) % {
        "code": unfit.code,
        "who": names.people.get(unfit.code, unfit.code),
        "where": names.services.get(unfit.code, unfit.code),
        "day": day(unfit.day) if unfit.day else "",
    }


def sentence(fitted: Fitted, names: Names) -> str:
    """One change in one sentence; nothing of it where it is out of sight."""
    change = fitted.change
    if fitted.unfit is not None and fitted.unfit.why is Misfit.OUT_OF_SIGHT:
        return gettext("A change outside what you may see")
    match change:
        case tried.PersonLeaves() | tried.PersonJoins() | tried.PostStarts() | tried.CompetencyGained():
            return _of_people(change, names)
        case tried.CourseMoves():
            return _of_course(change, fitted)
        case tried.ServiceOpens() | tried.ServiceCloses() | tried.ServiceAdded():
            return _of_service(change, names)
        case tried.LengthChanged():
            return gettext(
                "%(title)s: learning counts %(learning)s, a sign-off %(sign_off)s",
                title=_title(change.competency, names),
                learning=months(change.learning_months),
                sign_off=months(change.sign_off_months),
            )
        case tried.RequirementAdded() | tried.RequirementChanged() | tried.RequirementEnded():
            return _of_requirement(change, names)


def months(number: int | None) -> str:
    """ "for 24 months", "without end"."""
    if number is None:
        return gettext("without end")
    return ngettext("for %(num)s month", "for %(num)s months", number)


def people(codes: Sequence[str], names: Names) -> str:
    """ "Ada Lee, Ben Roe and 2 more"."""
    named = [names.people.get(code, code) for code in codes[:MOST_NAMED]]
    if len(codes) > MOST_NAMED:
        return gettext("%(names)s and %(count)s more", names=", ".join(named), count=len(codes) - MOST_NAMED)
    if len(named) < 2:
        return "".join(named)
    return gettext("%(names)s and %(last)s", names=", ".join(named[:-1]), last=named[-1])


def level(title: str, number: int) -> str:
    """ "Medicines, level 2"; the first level is not said."""
    return title if number == 1 else gettext("%(title)s, level %(level)s", title=title, level=number)


def strength(hard_stop: bool) -> str:
    """How strongly something is asked."""
    return gettext("hard stop") if hard_stop else gettext("target")


def _of_people(
    change: tried.PersonLeaves | tried.PersonJoins | tried.PostStarts | tried.CompetencyGained,
    names: Names,
) -> str:
    match change:
        case tried.PersonLeaves():
            who = names.people.get(change.staff, change.staff)
            return gettext("%(who)s leaves on %(day)s", who=who, day=day(change.last_day))
        case tried.PersonJoins():
            return gettext(
                "%(who)s joins %(service)s as %(role)s on %(day)s, %(trained)s",
                who=change.name,
                **_post(change, names),
                trained=gettext("holding all that the post asks for")
                if change.trained
                else gettext("holding nothing yet"),
            )
        case tried.PostStarts():
            said = gettext(
                "%(who)s starts at %(service)s as %(role)s on %(day)s",
                who=names.people.get(change.staff, change.staff),
                **_post(change, names),
            )
            if change.ends_on is None:
                return said
            return gettext("%(said)s, until %(day)s", said=said, day=day(change.ends_on))
        case tried.CompetencyGained():
            what = level(_title(change.competency, names), change.level)
            return ngettext(
                "%(who)s gains %(what)s on %(day)s",
                "%(who)s gain %(what)s on %(day)s",
                len(change.staff),
                who=people(change.staff, names),
                what=what,
                day=day(change.held_from),
            )


def _post(change: tried.PersonJoins | tried.PostStarts, names: Names) -> dict[str, str]:
    role = names.roles.get(change.role, change.role)
    if change.basis is not Basis.PERMANENT:
        role = f"{role} ({str(BASES[change.basis]).lower()})"
    return {
        "service": names.services.get(change.service, change.service),
        "role": role,
        "day": day(change.starts_on),
    }


def _of_course(change: tried.CourseMoves, fitted: Fitted) -> str:
    moved = fitted.moved
    if moved is None:
        return gettext("A course date moves to %(day)s", day=day(change.held_on))
    said = gettext(
        "%(course)s moves from %(planned)s to %(day)s",
        course=moved.line.title,
        planned=day(moved.planned_on),
        day=day(change.held_on),
    )
    if not moved.booked:
        return gettext("%(said)s: nobody you may see is booked", said=said)
    return ngettext(
        "%(said)s: %(num)s person who is booked completes it then",
        "%(said)s: %(num)s people who are booked complete it then",
        len(moved.booked),
        said=said,
    )


def _of_service(change: tried.ServiceOpens | tried.ServiceCloses | tried.ServiceAdded, names: Names) -> str:
    where = names.services.get(change.service, change.service)
    match change:
        case tried.ServiceOpens():
            return gettext("%(service)s opens on %(day)s", service=where, day=day(change.opens_on))
        case tried.ServiceCloses():
            return gettext("%(service)s closes after %(day)s", service=where, day=day(change.closes_on))
        case tried.ServiceAdded():
            said = gettext(
                "%(service)s, a new service, opens on %(day)s", service=change.name, day=day(change.opens_on)
            )
            if change.like is None:
                return said
            like = names.services.get(change.like, change.like)
            return gettext("%(said)s, with the requirements of %(like)s", said=said, like=like)


def _of_requirement(
    change: tried.RequirementAdded | tried.RequirementChanged | tried.RequirementEnded, names: Names
) -> str:
    if isinstance(change, tried.RequirementAdded):
        return gettext(
            "%(what)s is required from %(day)s (%(strength)s): %(whom)s",
            day=day(change.in_force_from),
            what=level(_title(change.competency, names), change.level),
            whom=asked(change.cover, change.amount, change.role, change.service, names),
            strength=strength(change.hard_stop),
        )
    row = names.requirements.get(change.requirement)
    title = _title(row.competency, names) if row else change.requirement
    role, service = (row.role, row.service) if row else (None, None)
    if isinstance(change, tried.RequirementEnded):
        if row is None:
            return gettext("%(title)s ends on %(day)s", title=title, day=day(change.in_force_to))
        return gettext(
            "%(title)s is no longer required after %(day)s: %(whom)s",
            title=level(title, row.level),
            day=day(change.in_force_to),
            whom=asked(row.cover, row.amount, role, service, names),
        )
    return gettext(
        "The requirement becomes %(what)s from %(day)s (%(strength)s): %(whom)s",
        day=day(change.takes_effect_on),
        what=level(title, change.level),
        whom=asked(change.cover, change.amount, role, service, names),
        strength=strength(change.hard_stop),
    )


def asked(cover: Cover, amount: int | None, role: str | None, service: str | None, names: Names) -> str:
    """Whom a requirement asks."""
    return whom(
        cover.value,
        amount,
        role=names.roles.get(role, role) if role else None,
        service=names.services.get(service, service) if service else None,
    )


def _title(competency: str, names: Names) -> str:
    return names.competencies.get(competency, competency)


def first_day(found: date | None) -> str:
    """The first day below cover; today and none in the year from today are said so."""
    if found is None:
        return gettext("not within a year")
    return gettext("%(day)s (today)", day=day(found)) if found == g.today else day(found)
