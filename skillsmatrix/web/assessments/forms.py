"""The forms of assessment: asked for, recorded, signed twice, doubted, withdrawn; and the rules."""

from typing import Any

from flask import g
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from skillsmatrix.web.shared.formats import day
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
from skillsmatrix.web.shared.reasons import LEVELS
from skillsmatrix.web.shared.steps import StepForm
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

LONG = Length(max=2000, message=_("Use 2,000 characters or fewer"))
MOST_CRITERIA = 40
# One word each, so that a phone shows all of it; what it means is folded away beside the form.
LEVEL_CHOICES = choices(
    (str(level), f"{level}. {str(words).partition(':')[0]}") for level, words in LEVELS.items()
)


def list_of_lines(text: str | None) -> list[str]:
    """One entry for each line that says something; without doubles."""
    return list(dict.fromkeys(line.strip() for line in (text or "").splitlines() if line.strip()))


class ShortLines:
    """Validator: a list with one short entry on each line."""

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        lines = list_of_lines(field.data)
        if len(lines) > MOST_CRITERIA or any(len(line) > 300 for line in lines):
            raise ValidationError(
                gettext("Write at most %(most)s lines of 300 characters", most=MOST_CRITERIA)
            )


class SkillFilter(FilterForm):
    """Which competency, at which level."""

    competency = SelectField(_("Competency"), validate_choice=False)
    level = SelectField(_("Level"), choices=LEVEL_CHOICES, default="3", validate_choice=False)

    def wanted_level(self) -> int:
        """The level asked for; 3, competent, when none of ours is."""
        return int(self.level.data) if self.level.data in {str(level) for level in LEVELS} else 3


class AskForm(OnceForm):
    """Who is to assess, and by when."""

    assessor = RadioField(_("Who is asked to assess"), validators=[InputRequired(_("Choose an assessor"))])
    wanted_by = DayField(
        _("Wanted by"),
        description=_("If there is a day. For example, 28/2/2027"),
        validators=[Optional()],
    )
    reopen_reason = StringField(
        _("Why further attempts are allowed"),
        description=_("All three attempts were used. Kept on record with your name"),
        validators=[OneLine()],
    )

    def validate_wanted_by(self, field: Any) -> None:
        """Nobody can be asked to have assessed by a day that is over."""
        if field.data and field.data < g.today:
            raise ValidationError(
                gettext("The day is over: enter today, %(day)s, or a later day", day=day(g.today))
            )


class AssessmentForm(OnceForm):
    """What was seen. `version` is the list of criteria that was shown."""

    version = HiddenField()
    level = SelectField(_("Level"), choices=LEVEL_CHOICES)
    assessed_on = DayField(_("Day"), validators=[DayGiven(_("Enter the day"))])
    criteria = SelectMultipleField(
        _("What was seen"), description=_("Tick what you saw"), validate_choice=False
    )
    setting = StringField(_("Where it was seen"), validators=[OneLine()])
    listed_setting = RadioField(_("Where it was seen"), validate_choice=False)
    present = StringField(
        _("Who else was present"),
        description=_("Colleagues only. Never name a person you support"),
        validators=[OneLine()],
    )
    outcome = RadioField(
        _("Outcome"),
        choices=choices([("competent", _("Competent")), ("not_yet", _("Not yet"))]),
        validators=[InputRequired(_("Choose an outcome"))],
    )
    next_steps = TextAreaField(_("If not yet: what to do next"), validators=[LONG], render_kw={"rows": 3})
    note = TextAreaField(
        _("Note"),
        description=_("If something should be remembered. Nothing about a person you support"),
        validators=[LONG],
        render_kw={"rows": 3},
    )

    def was_seen(self) -> set[int]:
        """Places of the criteria that were ticked."""
        return {int(each) for each in self.criteria.data or [] if each.isdecimal() and len(each) < 4}

    def where(self, *, listed: bool) -> str | None:
        """The setting, from the list where there is one."""
        said: Any = self.listed_setting.data if listed else self.setting.data
        return str(said) if said and said != "None" else None


class ConfirmForm(OnceForm):
    """A button that does one thing once."""


class WithdrawForm(StepForm):
    """Why a sign-off is withdrawn, and from when."""

    since = RadioField(
        _("From when"),
        choices=choices(
            [
                ("today", _("From today: until now it counted")),
                ("ever", _("From the start: it should never have counted")),
            ]
        ),
        validators=[InputRequired(_("Choose from when"))],
    )
    reason = StringField(
        _("Why it is withdrawn"),
        description=_("Kept on record with your name"),
        validators=[DataRequired(_("Say why it is withdrawn")), OneLine()],
    )


class KeepForm(OnceForm):
    """Why a sign-off stands although a later assessment said "not yet"."""

    reason = StringField(
        _("Why it stands"),
        description=_("Kept on record with your name"),
        validators=[DataRequired(_("Say why it stands")), OneLine()],
    )


class ReviewForm(OnceForm):
    """Why an assessor's sign-offs are doubted, and which."""

    sign_offs = SelectMultipleField(_("Which sign-offs"), validate_choice=False)
    reason = StringField(
        _("Why they are put under review"),
        description=_("Kept on record with your name"),
        validators=[DataRequired(_("Say why they are put under review")), OneLine()],
    )


class RuleForm(OnceForm):
    """How often, where, and whether a second person signs."""

    observations = WholeNumberField(
        _("Number of observations"),
        validators=[InputRequired(_("Enter a number")), NumberRange(1, 20, _("Enter a number from 1 to 20"))],
        render_kw={"width": "2"},
    )
    settings = TextAreaField(
        _("Settings in which it has to be seen"),
        description=_("One on each line. Leave empty when any will do"),
        validators=[ShortLines()],
        render_kw={"rows": 4},
    )
    needs_countersign = BooleanField(_("A second person has to sign"))


class CriteriaForm(PageForm):
    """A new version of what has to be seen."""

    wordings = TextAreaField(
        _("What has to be seen"),
        description=_("One on each line, as the assessor will read it"),
        validators=[DataRequired(_("Enter what has to be seen")), ShortLines()],
        render_kw={"rows": 8},
    )
    in_force_from = DayField(_("In force from"), validators=[DayGiven(_("Enter the day"))])
    finish_by = DayField(
        _("Those who have started may finish on the earlier list until"),
        description=_("Left empty: they change to the new list at once. For example, 28/2/2027"),
        validators=[Optional()],
    )
