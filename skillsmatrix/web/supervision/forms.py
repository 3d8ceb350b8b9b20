"""The forms of supervision. None has a field for what was talked about."""

from typing import Final

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

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
from skillsmatrix.web.shared.wording import lazy_gettext as _

LENGTHS: Final = (30, 45, 60, 90, 120)
SHORT = {"width": "3"}
EVERY = NumberRange(1, 400, _("Enter a number of days from 1 to 400"))


class WhoFilter(FilterForm):
    """Whose supervision is listed."""

    whose = SelectField(_("Show"), validate_choice=False)


class SessionForm(OnceForm):
    """One session, of one person or of a group."""

    supervisees = SelectMultipleField(
        _("Who was there"),
        validators=[DataRequired(_("Tick everybody who was there"))],
        validate_choice=False,
    )
    others = WholeNumberField(
        _("Others in the group who are not on this list"),
        default=0,
        validators=[Optional(), NumberRange(0, 60, _("Enter a number from 0 to 60"))],
        render_kw=SHORT,
    )
    kind = RadioField(_("Kind"), validators=[InputRequired(_("Choose a kind"))])
    held_on = DayField(_("Day"), validators=[DayGiven(_("Enter the day"))])
    minutes = SelectField(
        _("Minutes"), choices=choices((str(each), str(each)) for each in LENGTHS), default="60"
    )
    sure = BooleanField(_("Record it all the same"))


class AgreementForm(OnceForm):
    """Who supervises, in which kind, how often, from when."""

    supervisor = SelectField(_("Supervisor"), validators=[InputRequired(_("Choose a supervisor"))])
    kind = SelectField(_("Kind"), validators=[InputRequired(_("Choose a kind"))])
    every_days = WholeNumberField(
        _("How often, in days"),
        description=_("For example, 42: a session at least every six weeks"),
        validators=[InputRequired(_("Enter a number of days")), EVERY],
        render_kw=SHORT,
    )
    starts_on = DayField(_("From"), validators=[DayGiven(_("Enter the day"))])


class ChangeForm(OnceForm):
    """How often, and the last day."""

    every_days = WholeNumberField(
        _("How often, in days"),
        validators=[InputRequired(_("Enter a number of days")), EVERY],
        render_kw=SHORT,
    )
    ends_on = DayField(
        _("Last day"),
        description=_("Leave empty while it goes on. For example, 28/2/2027"),
        validators=[Optional()],
    )


class ActionForm(OnceForm):
    """Who does what by when."""

    what = StringField(
        _("What is to be done"),
        description=_("A step in work or training: not what was said, and nobody you support"),
        validators=[DataRequired(_("Enter what is to be done")), OneLine()],
    )
    owner = RadioField(_("Who does it"), validators=[InputRequired(_("Choose who does it"))])
    due_on = DayField(_("By when"), validators=[DayGiven(_("Enter the day"))])


class DoneForm(PageForm):
    """A button: nothing but the token against forged requests."""


class CorrectionForm(OnceForm):
    """What was wrong about a session, and why it is changed."""

    what = RadioField(
        _("What is wrong"),
        choices=choices(
            [
                ("changed", _("The day, the length or the size of the group")),
                ("never", _("It did not take place, or this person was not there")),
            ]
        ),
        validators=[InputRequired(_("Choose what is wrong"))],
    )
    held_on = DayField(_("Day"), validators=[DayGiven(_("Enter the day"))])
    minutes = WholeNumberField(
        _("Minutes"),
        validators=[Optional(), NumberRange(0, 600, _("Enter a number of minutes"))],
        render_kw=SHORT,
    )
    group_size = WholeNumberField(
        _("People in the group"),
        description=_("Leave empty for one to one"),
        validators=[Optional(), NumberRange(1, 60, _("Enter a number from 1 to 60"))],
        render_kw=SHORT,
    )
    reason = StringField(
        _("Why it is changed"),
        description=_("Kept on record with your name"),
        validators=[DataRequired(_("Say why it is changed")), OneLine()],
    )
