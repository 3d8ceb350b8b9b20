"""Where each thing of the week is done, for whoever may; and what is under way already.

Everything is read for all things at once, however many there are.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from flask import g, url_for

from skillsmatrix.domain.next_steps import Doing
from skillsmatrix.queries.under_way import Asked, Seat, asked, seats, teaching
from skillsmatrix.queries.week import Step
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.guards import allowed, visible_staff
from skillsmatrix.web.shared.links import link
from skillsmatrix.web.shared.sight import shown_name
from skillsmatrix.web.shared.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Way:
    """A page, and what it is called. `under_way`: what has been arranged in time, in words; `too_late`: a
    seat on a course that is held after the day by which it is needed. `decides`: may whoever is signed in
    lift the stop."""

    href: str
    at: str
    under_way: str = ""
    too_late: str = ""
    decides: bool = False


class Ways:
    """The ways of some steps. `known`: people whom whoever is signed in may read of."""

    def __init__(self, steps: Sequence[Step], known: Container[str]) -> None:
        self._known = known
        db, competencies = db_session(), {each.competency for each in steps}
        people = {each.person for each in steps if each.person is not None and each.person in known}
        trained = visible_staff("training.read")
        self._teaching = teaching(db, competencies, at=g.at)
        self._seats = seats(db, {each for each in people if each in trained}, competencies, at=g.at)
        self._asked = asked(db, people, competencies, on=g.today)

    def of(self, step: Step) -> Way:
        """Where the step is done; for whoever may not, where it is explained."""
        person = step.person
        if person is None or person not in self._known:
            explained = link("services.need", code=step.service, competency=step.competency)
            return Way(explained, _("What is asked, and who could"))
        match step.doing:
            case Doing.LEARN if allowed("course.read"):
                return self._learning(step, person)
            case Doing.SIGN_OFF:
                return self._sign_off(step, person)
            case Doing.SUPERVISE if person in visible_staff("supervision.read_meta"):
                return Way(link("supervision.person", staff=person), _("Supervision"))
            case Doing.REGISTER if person in visible_staff("registration.record"):
                return Way(link("records.new_registration", code=person), _("Record a registration"))
            case Doing.DECIDE:
                return self._stop(step, person)
            case Doing.REPLACE:
                return Way(link("outlook.leaving", staff=person), _("What goes with them"))
            case _:
                return _why(step, person)

    def _learning(self, step: Step, person: str) -> Way:
        seat = self._seat(step, person)
        late = seat is not None and step.by is not None and seat.day > step.by
        if seat is not None and not late:
            day = _("Booked for %(day)s.", day=formats.day(seat.day))
            return Way(link("training.show", number=seat.course_date), _("The course"), under_way=day)
        too_late = _("Booked for %(day)s: too late.", day=formats.day(seat.day)) if seat is not None else ""
        href, at = self._course(step)
        return Way(href, at, too_late=too_late)

    def _course(self, step: Step) -> tuple[str, str]:
        courses = [each for each in self._teaching.get(step.competency, ()) if each.given.reaches(step.level)]
        if not courses:
            return link("training.courses"), _("No course gives it: see the courses")
        course = courses[0]
        if course.next_on is not None:
            return url_for("training.index", course=course.course), _("Dates of the course")
        if allowed("session.create"):
            return link("training.plan", course=course.course), _("No date is planned: plan one")
        return link("training.course", code=course.course), _("No date is planned: see the course")

    def _seat(self, step: Step, person: str) -> Seat | None:
        found = self._seats.get((person, step.competency), ())
        return next((each for each in found if each.given.reaches(step.level)), None)

    def _sign_off(self, step: Step, person: str) -> Way:
        request = self._request(step, person)
        if request is not None:
            whom = _("Asked of %(name)s.", name=shown_name(request.assessor_name))
            return Way(link("assessments.person", staff=person), _("Their assessments"), under_way=whom)
        if person not in visible_staff("competency.request_assessment"):
            return _why(step, person)
        chosen = {"competency": step.competency, "level": step.level}
        return Way(link("assessments.ask", staff=person, **chosen), _("Ask for the sign-off"))

    def _request(self, step: Step, person: str) -> Asked | None:
        found = self._asked.get((person, step.competency), ())
        return next((each for each in found if each.level >= step.level), None)

    def _stop(self, step: Step, person: str) -> Way:
        decides = person in visible_staff("competency.reinstate")
        if person in visible_staff("person.read.F2"):
            recorded = link("records.index", code=person, _anchor="stops")
            return Way(recorded, _("What is recorded about the stop"), decides=decides)
        why = _why(step, person)
        return Way(why.href, why.at, decides=decides)


def _why(step: Step, person: str) -> Way:
    return Way(link("services.cell", code=step.service, staff=person, competency=step.competency), _("Why"))
