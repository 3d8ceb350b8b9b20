"""This week: the ten things to do first, each with who, why, by when, and the page where it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import g, render_template, url_for

from skillsmatrix.domain.next_steps import Doing, Effect
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.competencies import taught_by, titles
from skillsmatrix.queries.labels import names
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.queries.week import LOOK_AHEAD_DAYS, Step
from skillsmatrix.queries.week import week as steps_of
from skillsmatrix.web.outlook.blueprint import bp
from skillsmatrix.web.outlook.sight import ACTION, hides, service_asked, services_seen
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import allowed, needs, require, visible_services, visible_staff
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.table_files import ShownTable, table_file
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import lazy_gettext as _l

MOST = 10


@dataclass(frozen=True, slots=True)
class StepRow:
    """One thing to do, in words. `href`: the page where it is done, `at`: what that page is called."""

    step: Step
    service: str
    name: str
    competency: str
    what: str
    why: str
    by: str
    href: str
    at: str

    @property
    def by_is_new(self) -> bool:
        """Does the day still have to be said: what to do may name it already."""
        return self.step.by is None or formats.day(self.step.by) not in self.what


_WHAT: Final = {
    Doing.LEARN: _l("Book the learning."),
    Doing.SIGN_OFF: _l("Ask for the sign-off."),
    Doing.SUPERVISE: _l("Hold and record a supervision session."),
    Doing.REGISTER: _l("Record the registration."),
    Doing.DECIDE: _l("Decide whether the stop can be lifted."),
    Doing.REPLACE: _l("Find somebody else."),
}


@bp.get("/week")
@needs(ACTION)
def week() -> Any:
    seen = services_seen()
    entry = service_asked(seen)
    return render_template(
        "outlook/week.html",
        services=seen,
        entry=entry,
        rows=_rows(seen, entry),
        days=LOOK_AHEAD_DAYS,
        unsafe_effect=Effect.MAKES_SAFE,
        files={kind: url_for("outlook.week_file", kind=kind, **_asked(entry)) for kind in ("csv", "xlsx")},
    )


@bp.get("/week.<any(csv, xlsx):kind>")
@needs(ACTION)
def week_file(kind: str) -> Any:
    require("export.matrix")
    seen = services_seen()
    entry = service_asked(seen)
    header = [_("Order"), _("Who"), _("Service"), _("Competency"), _("What to do"), _("Why"), _("By")]
    rows = [
        [str(number), row.name, row.service, row.competency, row.what, row.why, row.by]
        for number, row in enumerate(_rows(seen, entry), start=1)
    ]
    of = entry.name if entry else _("This week")
    return table_file(ShownTable(_("This week"), header, rows), kind, of=of, name="week", on=g.today)


def _asked(entry: ServiceEntry | None) -> dict[str, Any]:
    return {} if entry is None else {"service": entry.code}


def _rows(seen: Sequence[ServiceEntry], entry: ServiceEntry | None) -> list[StepRow]:
    reach = visible_services(ACTION) if entry is None else Reach(frozenset({entry.code}))
    found = steps_of(db_session(), reach, today=g.today, most=MOST)
    within = visible_staff("competency.read")
    known = names(db_session(), (each.person for each in found if each.person and each.person in within))
    services = {each.code: each.name for each in seen}
    title = titles(db_session())
    return [_row(each, services, known, title.get(each.competency, each.competency)) for each in found]


def _row(step: Step, services: dict[str, str], known: dict[str, str], title: str) -> StepRow:
    href, at = _page(step, step.person in known)
    return StepRow(
        step=step,
        service=services[step.service],
        name=_who(step, known),
        competency=title,
        what=step.what or str(_WHAT[step.doing]),
        why=" ".join(part for part in (_effect(step, services[step.service]), _because(step)) if part),
        by=_by(step),
        href=href,
        at=at,
    )


def _because(step: Step) -> str:
    """Where the person stands; of somebody who still counts, what ends it."""
    if step.by is not None and step.doing is Doing.SUPERVISE:
        return _("Without another session supervision lapses after %(day)s.", day=formats.day(step.by))
    if step.by is not None and step.doing is Doing.REPLACE:
        return _("%(day)s is the last day there.", day=formats.day(step.by))
    return step.because


def _who(step: Step, known: dict[str, str]) -> str:
    if step.person is None:
        return _("Somebody new")
    return known.get(step.person) or _("One person out of your sight")


def _by(step: Step) -> str:
    if step.by is None:
        return _("At once")
    return _("By %(day)s", day=formats.day(step.by))


def _effect(step: Step, service: str) -> str:
    """What it does for cover; without figures for whoever reads none about few people."""
    others = step.weight.others_missing
    match step.weight.effect:
        case Effect.MAKES_SAFE if hides(1):
            return _("%(service)s is not safe to run this.", service=service)
        case Effect.MAKES_SAFE if others:
            return _(
                "%(service)s is not safe to run this: %(missing)s people are missing.",
                service=service,
                missing=others + 1,
            )
        case Effect.MAKES_SAFE:
            return _("%(service)s is not safe to run this; this makes it safe.", service=service)
        case Effect.KEEPS_SAFE:
            return _("Otherwise %(service)s will not be safe to run this.", service=service)
        case Effect.FILLS:
            return _("%(service)s is short of it.", service=service)
        case Effect.KEEPS:
            return _("Otherwise %(service)s will be short of it.", service=service)
        case _:
            return _("No requirement falls short without it.")


def _page(step: Step, seen: bool) -> tuple[str, str]:
    """Where it is done, for whoever may; else where it is explained."""
    person = step.person if seen else None
    explained = (
        link("services.need", code=step.service, competency=step.competency),
        _("What is asked, and who could"),
    )
    if person is None:
        return explained
    match step.doing:
        case Doing.SIGN_OFF if allowed("competency.request_assessment", person=person):
            return link("assessments.ask", staff=person), _("Ask for the sign-off")
        case Doing.SUPERVISE if allowed("supervision.read_meta", person=person):
            return link("supervision.person", staff=person), _("Supervision")
        case Doing.REGISTER if allowed("registration.record", person=person):
            return link("records.new_registration", code=person), _("Record a registration")
        case Doing.DECIDE if allowed("competency.suspend"):
            return link("assessments.decisions"), _("Sign-offs and stops")
        case Doing.LEARN if allowed("course.read"):
            taught = taught_by(db_session(), step.competency)
            if taught:
                return url_for("training.index", course=taught[0].course), _("Dates of the course")
            return url_for("training.index"), _("Training")
        case Doing.REPLACE:
            return link("outlook.leaving", staff=person), _("What goes with them")
        case _:
            return link("services.cell", code=step.service, staff=person, competency=step.competency), _(
                "Why"
            )
