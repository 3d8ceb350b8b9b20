"""The observation sheet as a PDF to print: one page, with the code that opens the form."""

from typing import Any

from flask import g, request, url_for

from skillsmatrix.documents.observation_sheet import ObservationSheetFacts
from skillsmatrix.queries.assessments import Task
from skillsmatrix.queries.subjects import Skill, Someone
from skillsmatrix.web.assessments import pages, words
from skillsmatrix.web.assessments.blueprint import bp
from skillsmatrix.web.shared.certificate_office import published_address
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.print_room import letterhead, printed
from skillsmatrix.web.shared.reasons import level_words
from skillsmatrix.web.shared.wording import gettext as _


@bp.get("/people/<staff>/assessments/sheet/<path:competency>/sheet.pdf")
@needs("competency.read", person="staff")
def sheet_pdf(staff: str, competency: str) -> Any:
    who, wanted = pages.wanted_person(staff), pages.wanted_skill(competency)
    level = pages.asked_level(who, wanted, request.args.get("level"))
    facts = _facts(who, wanted, pages.task_of(who, wanted, level), level)
    return printed(facts, name=f"observation-sheet-{g.today}.pdf")


def _facts(who: Someone, wanted: Skill, task: Task, level: int) -> ObservationSheetFacts:
    path = url_for("assessments.new", staff=who.code, competency=wanted.code, level=level)
    return ObservationSheetFacts(
        kind=_("Observation sheet"),
        person=who.name,
        competency=wanted.title,
        made_on=g.today,
        made_at=g.at,
        letterhead=letterhead(),
        lines=tuple(_lines(task, level)),
        criteria_title=_criteria_title(task),
        criteria=task.criteria.wordings,
        settings_title=_("Where"),
        settings=task.rules.settings,
        blanks=(
            *(() if task.rules.settings else (_("Where"),)),
            _("Day"),
            _("Assessor"),
            _("Colleagues present"),
        ),
        outcomes_title=_("What the assessor decided"),
        outcomes=(_("Competent"), _("Not yet")),
        next_steps=_("If not yet: what to do next. Never name a person you support"),
        overflow=_("This list does not fit on one page: it goes on overleaf."),
        address=published_address() + path,
        address_words=_("Enter it here: scan, or open the form"),
    )


def _lines(task: Task, level: int) -> list[str]:
    meaning = level_words(level)
    lines = [
        _("Level %(level)s: %(meaning)s.", level=level, meaning=meaning)
        if meaning
        else _("Level %(level)s.", level=level)
    ]
    if left := words.still_to_see(task.progress):
        lines.append(_("Before it is a sign-off: %(left)s.", left=left))
    if task.rules.needs_countersign:
        lines.append(_("Then a second person signs."))
    lines.append(
        _("Sheet of %(day)s. It is no record: what counts is what the assessor enters.", day=day(g.today))
    )
    return lines


def _criteria_title(task: Task) -> str:
    if task.criteria.version:
        return _("What has to be seen (list in force from %(day)s)", day=day(task.criteria.version))
    return _("What has to be seen (standard list)")
