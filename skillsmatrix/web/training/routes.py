"""What is on: dates, one date, the courses and what each asks for first."""

from typing import Any

from flask import abort, flash, g, redirect, render_template

from skillsmatrix.operations.courses import ask_first, ask_no_longer
from skillsmatrix.queries.competencies import titles
from skillsmatrix.queries.people import folded
from skillsmatrix.queries.training import (
    competency_ids,
    course_lines,
    date_lines,
    own_bookings,
)
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.forms import choices
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.paging import part
from skillsmatrix.web.shared.transactions import commits
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.training import pages, words
from skillsmatrix.web.training.blueprint import bp
from skillsmatrix.web.training.forms import AskFirstForm, BareForm, CourseSearch, DateFilter

COURSES_ON_PAGE = 30


@bp.app_template_filter("pounds")
def pounds(pence: int) -> str:
    return words.pounds(pence)


@bp.get("/training")
@needs("course.read")
def index() -> Any:
    filters = DateFilter()
    filters.course.choices = choices([("", _("All courses")), *pages.course_choices()])
    past = filters.show.data == "past"
    listed = date_lines(db_session(), from_at=g.at, course=filters.course.data or None, past=past)
    me = g.actor.staff_code
    own = own_bookings(db_session(), me, from_at=g.at) if me else []
    return render_template(
        "training/index.html",
        filters=filters,
        listed=listed,
        past=past,
        own=own,
        registers=pages.registers_to_take(),
        offers=[(line, booking) for line, booking in own if booking.offer_stands(at=g.at)],
        words=words,
    )


@bp.get("/training/dates/<int:number>")
@needs("course.read")
def show(number: int) -> Any:
    line = pages.wanted_date(number)
    course = next(iter(course_lines(db_session(), line.course)))
    return render_template(
        "training/show.html", page=pages.date_page(line), line=line, course=course, words=words, at=g.at
    )


@bp.get("/training/courses")
@needs("course.read")
def courses() -> Any:
    search = CourseSearch()
    asked = folded(search.q.data or "")
    found = [
        each for each in course_lines(db_session()) if asked in folded(f"{each.title} {each.provider or ''}")
    ]
    shown = part(found, most=COURSES_ON_PAGE)
    return render_template(
        "training/courses.html",
        listed=shown.rows,
        search=search,
        page=shown.page,
        pages=shown.pages,
    )


@bp.get("/training/courses/<path:code>")
@needs("course.read")
def course(code: str) -> Any:
    return _course_page(code, AskFirstForm(formdata=None))


@bp.route("/training/courses/<path:code>/asked-first", methods=["GET", "POST"])
@needs("course.edit")
@commits
def asked_first(code: str) -> Any:
    form = AskFirstForm()
    found = _course(code)
    form.competency.choices = _competencies()
    if not form.validate_on_submit():
        return _course_page(code, form)
    ask_first(
        db_session(),
        course_id=found.id,
        competency_id=competency_ids(db_session())[form.competency.data],
        level=form.level.data,
        by=g.actor.by,
        at=g.at,
    )
    flash(_("Saved. Whoever has a seat already and does not hold it is marked on their date."), "success")
    return redirect(link("training.course", code=code))


@bp.post("/training/courses/<path:code>/asked-first/<int:prerequisite>/end")
@needs("course.edit")
@commits
def not_asked_first(code: str, prerequisite: int) -> Any:
    if prerequisite not in {number for number, _title, _level in _course(code).asks_first}:
        abort(404)
    ask_no_longer(db_session(), prerequisite_id=prerequisite, by=g.actor.by, at=g.at)
    flash(_("It is not asked for any more"), "success")
    return redirect(link("training.course", code=code))


def _course(code: str) -> Any:
    found = course_lines(db_session(), code)
    if not found:
        abort(404)
    return found[0]


def _competencies() -> list[Any]:
    listed = sorted(titles(db_session()).items(), key=lambda each: each[1].casefold())
    return choices([("", _("Choose a competency")), *((code, title) for code, title in listed)])


def _course_page(code: str, form: AskFirstForm) -> str:
    found = _course(code)
    form.competency.choices = _competencies()
    return render_template(
        "training/course.html",
        course=found,
        form=form,
        bare=BareForm(formdata=None),
        dates=date_lines(db_session(), from_at=g.at, course=code),
        words=words,
    )
