"""This week: the ten things to do first, each with who, why, by when, and the page where it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import g, render_template, url_for

from skillsmatrix.domain.next_steps import Doing, Effect
from skillsmatrix.queries.access import Reach
from skillsmatrix.queries.competencies import titles
from skillsmatrix.queries.labels import names
from skillsmatrix.queries.outlook import people_at
from skillsmatrix.queries.services import ServiceEntry
from skillsmatrix.queries.week import LOOK_AHEAD_DAYS, Step
from skillsmatrix.queries.week import week as week_of
from skillsmatrix.web.outlook.blueprint import bp
from skillsmatrix.web.outlook.sight import ACTION, hides, service_asked, services_seen
from skillsmatrix.web.outlook.ways import Way, Ways
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import needs, require, visible_services, visible_staff
from skillsmatrix.web.shared.table_files import ShownTable, table_file
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import lazy_gettext as _l

MOST = 10


@dataclass(frozen=True, slots=True)
class StepRow:
    """One thing to do, in words. `way`: the page where it is done, and what is under way already."""

    step: Step
    service: str
    name: str
    competency: str
    what: str
    why: str
    by: str
    way: Way

    @property
    def by_is_new(self) -> bool:
        """Does the day still have to be said: what to do may name it already."""
        return bool(self.by) and (self.step.by is None or formats.day(self.step.by) not in self.what)

    @property
    def whole(self) -> str:
        """What to do with what is under way, as a file says it."""
        return " ".join(part for part in (self.way.under_way, self.what) if part)


_WHAT: Final = {
    Doing.LEARN: _l("Book the learning."),
    Doing.SIGN_OFF: _l("Ask for the sign-off."),
    Doing.SUPERVISE: _l("Hold and record a supervision session."),
    Doing.REGISTER: _l("Record the registration."),
    Doing.DECIDE: _l("Ask their assessor or the head of clinical practice whether it can be allowed again."),
    Doing.REPLACE: _l("Find somebody else."),
}


@bp.get("/week")
@needs(ACTION)
def week() -> Any:
    seen = services_seen()
    entry = service_asked(seen)
    rows, more = _rows(seen, entry)
    return render_template(
        "outlook/week.html",
        services=seen,
        entry=entry,
        rows=rows,
        more=more,
        counted=not hides(people_at(db_session(), _codes(seen, entry), on=g.today)),
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
        [str(number), row.name, row.service, row.competency, row.whole, row.why, row.by]
        for number, row in enumerate(_rows(seen, entry)[0], start=1)
    ]
    of = entry.name if entry else _("This week")
    return table_file(ShownTable(_("This week"), header, rows), kind, of=of, name="week", on=g.today)


def _asked(entry: ServiceEntry | None) -> dict[str, Any]:
    return {} if entry is None else {"service": entry.code}


def _codes(seen: Sequence[ServiceEntry], entry: ServiceEntry | None) -> list[str]:
    return [each.code for each in (seen if entry is None else [entry])]


def _rows(seen: Sequence[ServiceEntry], entry: ServiceEntry | None) -> tuple[list[StepRow], int]:
    """The things to do in words, and how many more lines of cover are short."""
    reach = visible_services(ACTION) if entry is None else Reach(frozenset({entry.code}))
    week = week_of(db_session(), reach, today=g.today, most=MOST)
    found = week.steps
    within = visible_staff("competency.read")
    known = names(db_session(), (each.person for each in found if each.person and each.person in within))
    services = {each.code: each.name for each in seen}
    title = titles(db_session())
    ways = Ways(found, known)
    rows = [
        _row(each, services, known, title.get(each.competency, each.competency), ways.of(each))
        for each in found
    ]
    return rows, week.more


def _row(step: Step, services: dict[str, str], known: dict[str, str], title: str, way: Way) -> StepRow:
    return StepRow(
        step=step,
        service=services[step.service],
        name=_who(step, known),
        competency=title,
        what=_what(step, way),
        why=" ".join(part for part in (_effect(step, services[step.service]), _because(step)) if part),
        by="" if way.under_way and step.by is None else _by(step),
        way=way,
    )


def _what(step: Step, way: Way) -> str:
    """What to do; of a stop, whom to ask, named by their part and not by name."""
    if step.doing is Doing.DECIDE:
        return _("Decide whether the stop can be lifted.") if way.decides else str(_WHAT[step.doing])
    return " ".join(part for part in (step.what or str(_WHAT[step.doing]), way.too_late) if part)


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
