"""The forms of training: planning a date, booking, giving up, giving out of turn, the register."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from skillsmatrix.domain.booking import OUTCOMES, BookingState
from skillsmatrix.foundation.clock import LONDON, london_day
from skillsmatrix.operations.courses import Plan
from skillsmatrix.queries.training import BookingLine, DateLine
from skillsmatrix.web.shared.forms import (
    DayField,
    DayGiven,
    FilterForm,
    OnceForm,
    OneLine,
    PageForm,
    WholeNumberField,
    choices,
)
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _
from skillsmatrix.web.training.words import STATES, clock_time, pounds

_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
_MONEY = re.compile(r"£?\s*(\d{1,6})(?:\.(\d{2}))?", re.ASCII)
MOST_SEATS = 500
SHORT = {"width": "5", "autocomplete": "off"}


def time_of_day(_form: FlaskForm, field: Any) -> None:
    """Validator: a time such as 9:30."""
    if field.data and _TIME.fullmatch(field.data.strip()) is None:
        raise ValidationError(gettext("Enter a time, such as 9:30"))


def money(_form: FlaskForm, field: Any) -> None:
    """Validator: pounds, with or without pence."""
    if field.data and _MONEY.fullmatch(field.data.strip().replace(",", "")) is None:
        raise ValidationError(gettext("Enter an amount in pounds, such as 45 or 45.50"))


def web_address(_form: FlaskForm, field: Any) -> None:
    """Validator: an address that begins with https://."""
    if field.data and not re.fullmatch(r"https://[^\s/]+\S*", field.data.strip()):
        raise ValidationError(gettext("Enter the whole address, beginning with https://"))


def pence(text: str | None) -> int:
    """Pence of an amount in pounds; 0 for none."""
    found = _MONEY.fullmatch((text or "").strip().replace(",", ""))
    return int(found[1]) * 100 + int(found[2] or 0) if found else 0


def instant(day: date, text: str) -> datetime:
    """The London time of a day as an instant."""
    found = _TIME.fullmatch(text.strip())
    hour, minute = (int(found[1]), int(found[2])) if found else (0, 0)
    return datetime.combine(day, time(hour, minute), LONDON)


class DateFilter(FilterForm):
    """What the list of dates is narrowed to."""

    course = SelectField(_("Course"), validate_choice=False)
    show = SelectField(
        _("Show"),
        choices=choices([("", _("Dates to come")), ("past", _("Dates that are over"))]),
        validate_choice=False,
    )


class CourseSearch(FilterForm):
    """Which course to find."""

    q = SearchField(_("Name of the course or who gives it"))


class PeopleSearch(FilterForm):
    """Whom to find among those who can be booked."""

    q = SearchField(_("Name of the person"))


class PlanForm(OnceForm):
    """When, where, who teaches, how many, what it costs."""

    course = SelectField(_("Course"), validators=[InputRequired(_("Choose a course"))])
    day = DayField(_("Day"), validators=[DayGiven(_("Enter the day"))])
    starts = StringField(
        _("Starts at"), validators=[DataRequired(_("Enter when it starts")), time_of_day], render_kw=SHORT
    )
    ends = StringField(
        _("Ends at"), validators=[DataRequired(_("Enter when it ends")), time_of_day], render_kw=SHORT
    )
    last_day = DayField(
        _("Last day"), description=_("Only for a course of several days"), validators=[Optional()]
    )
    trainer = SelectField(_("Trainer"))
    place = StringField(_("Place"), validators=[OneLine()])
    link = StringField(
        _("Link"), description=_("Where it is held online"), validators=[OneLine(longest=500), web_address]
    )
    seats = WholeNumberField(
        _("Seats"),
        validators=[InputRequired(_("Enter the number of seats")), NumberRange(1, MOST_SEATS)],
        render_kw=SHORT,
    )
    minimum = WholeNumberField(
        _("Fewest people it runs with"), validators=[Optional(), NumberRange(0, MOST_SEATS)], render_kw=SHORT
    )
    seat_cost = StringField(_("Cost of a seat in pounds"), validators=[money], render_kw=SHORT)
    run_cost = StringField(_("Cost of the whole run in pounds"), validators=[money], render_kw=SHORT)
    cut_off = DayField(
        _("Last day to book or to cancel in time"),
        description=_("Left empty: any day before it starts. For example, 28/2/2027"),
        validators=[Optional()],
    )

    def fill(self, line: DateLine) -> None:
        """Show a date as it is planned now."""
        starts_on, ends_on = london_day(line.starts_at), london_day(line.ends_at)
        self.course.data, self.trainer.data = line.course, line.trainer or ""
        self.day.data, self.starts.data = starts_on, clock_time(line.starts_at)
        self.last_day.data = ends_on if ends_on != starts_on else None
        self.ends.data = clock_time(line.ends_at)
        self.place.data, self.link.data = line.place, line.link
        self.seats.data, self.minimum.data = line.seats, line.minimum or None
        self.seat_cost.data = pounds(line.seat_pence) if line.seat_pence else ""
        self.run_cost.data = pounds(line.run_pence) if line.run_pence else ""
        self.cut_off.data = line.cut_off_on

    def plan(self, *, course_id: int, trainer_id: int | None) -> Plan:
        """What was entered; call it only on a form that is valid."""
        first, last = self.day.data or date.min, self.last_day.data
        return Plan(
            course_id=course_id,
            trainer_id=trainer_id,
            starts_at=instant(first, self.starts.data),
            ends_at=instant(last or first, self.ends.data),
            place=self.place.data or None,
            link=self.link.data or None,
            seats=self.seats.data,
            minimum=self.minimum.data or 0,
            seat_pence=pence(self.seat_cost.data),
            run_pence=pence(self.run_cost.data),
            cut_off_on=self.cut_off.data,
        )


class ChangeForm(PlanForm):
    """The same, and why it is changed. `version`: what the form was filled from."""

    version = HiddenField()

    reason = StringField(
        _("Why it is changed"), validators=[DataRequired(_("Say why it is changed")), OneLine()]
    )


class CallOffForm(OnceForm):
    """Why a date is called off."""

    reason = StringField(
        _("Why it is called off"),
        description=_("Everybody who had a seat or waited for one reads this"),
        validators=[DataRequired(_("Say why it is called off")), OneLine()],
    )


class BookForm(OnceForm):
    """Whom to book."""

    staff = SelectMultipleField(_("Who is to come"), validate_choice=False)


class SeatForm(OnceForm):
    """What to do with one person's seat, offer or place on the list."""

    do = StringField()
    reason = StringField(_("Reason, if you want to give one"), validators=[OneLine()])


class GiveForm(OnceForm):
    """A seat out of turn."""

    staff = RadioField(
        _("Who is to have a seat now"), validators=[InputRequired(_("Choose who is to have the seat"))]
    )
    instead_of = RadioField(
        _("Whose open offer is taken back"),
        description=_("They return to their place on the list"),
        validate_choice=False,
    )
    reason = StringField(
        _("Why out of turn"),
        description=_("Kept on record with your name"),
        validators=[DataRequired(_("Say why this person comes first")), OneLine()],
    )


class AskFirstForm(PageForm):
    """What a course asks for first."""

    competency = SelectField(_("Competency"), validators=[InputRequired(_("Choose a competency"))])
    level = WholeNumberField(
        _("Level"),
        default=1,
        validators=[InputRequired(_("Enter a level")), NumberRange(1, 9)],
        render_kw=SHORT,
    )


class BareForm(PageForm):
    """A button: nothing but the token against forged requests."""


def register_form(people: Iterable[BookingLine]) -> Any:
    """A form with one choice for each person; the field of a booking is called person-<its number>."""
    offered = choices(
        [
            (BookingState.BOOKED.value, _("Not entered yet")),
            *((state.value, STATES[state]) for state in OUTCOMES),
        ]
    )
    fields: dict[str, Any] = {
        field_of(person): SelectField(person.name, choices=offered, default=person.state.value)
        for person in people
    }
    return type("RegisterForm", (OnceForm,), {"rest": StringField(), **fields})()


def field_of(person: BookingLine) -> str:
    """The field of one person on the register."""
    return f"person_{person.id}"
