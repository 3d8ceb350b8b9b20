"""The forms of claims: what was done elsewhere, the decision, and agreements with other providers."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SearchField,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from skillsmatrix.queries.learning import LearningLine
from skillsmatrix.web.shared.forms import DayField, DayGiven, FilterForm, OnceForm, OneLine, PageForm, choices
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

SHORT = {"width": "4", "autocomplete": "off"}
TAKEN = "application/pdf,image/jpeg,image/png"
ACCEPT, REFUSE = "accept", "refuse"
CORRECT, VOID = "correct", "void"


class ClaimFilter(FilterForm):
    """What the list of claims is narrowed to, and for whom to claim."""

    state = SelectField(
        _("Show"),
        choices=choices(
            [
                ("", _("All claims")),
                ("waiting", _("Waiting for a decision")),
                ("accepted", _("Accepted")),
                ("refused", _("Refused")),
            ]
        ),
        validate_choice=False,
    )


class PersonFilter(FilterForm):
    """For whom to claim."""

    q = SearchField(_("Name of the person"))


class ClaimForm(OnceForm):
    """What a certificate from elsewhere says."""

    competency = SelectField(_("What it is for"), validators=[InputRequired(_("Choose what it is for"))])
    title = StringField(
        _("Name of the course"),
        description=_("As it stands on the certificate"),
        validators=[DataRequired(_("Enter the name of the course")), OneLine()],
    )
    provider = StringField(
        _("Who gave it"), validators=[DataRequired(_("Enter who gave the course")), OneLine()]
    )
    completed_on = DayField(
        _("Day it was completed"), validators=[DayGiven(_("Enter the day it was completed"))]
    )
    reference = StringField(
        _("Certificate number"), description=_("If it has one"), validators=[OneLine(longest=80)]
    )
    level = IntegerField(
        _("Level"),
        description=_("If the certificate states one"),
        validators=[Optional(), NumberRange(1, 9)],
        render_kw=SHORT,
    )
    valid_months = IntegerField(
        _("Months it is valid"),
        description=_("If the certificate states it. Our own length governs where it is shorter."),
        validators=[Optional(), NumberRange(1, 600)],
        render_kw=SHORT,
    )
    evidence = FileField(
        _("Photo or PDF of the certificate"),
        description=_("PDF, JPEG or PNG, up to 10 MB"),
        render_kw={"accept": TAKEN},
    )


class DecisionForm(OnceForm):
    """Accept or refuse, with the two questions that an acceptance answers."""

    decision = RadioField(
        _("Your decision"),
        choices=choices([(ACCEPT, _("Accept it")), (REFUSE, _("Refuse it"))]),
        validators=[InputRequired(_("Choose whether you accept or refuse it"))],
    )
    recent_enough = BooleanField(_("The training is recent enough to be relied on"))
    equal_standard = BooleanField(_("It is of equal standard to ours"))
    level = IntegerField(
        _("Level it counts for"),
        description=_("Left empty: as claimed, or as the competency has it"),
        validators=[Optional(), NumberRange(1, 9)],
        render_kw=SHORT,
    )
    reason = StringField(
        _("Reason"),
        description=_("Needed for a refusal. The person reads it."),
        validators=[OneLine(longest=500)],
    )

    def validate_recent_enough(self, field: Any) -> None:
        """Both questions are answered with yes before anything is accepted."""
        if self.decision.data == ACCEPT and not (field.data and self.equal_standard.data):
            raise ValidationError(gettext("Answer both questions with yes, or refuse it"))

    def validate_reason(self, field: Any) -> None:
        """A refusal says why."""
        if self.decision.data == REFUSE and not (field.data or "").strip():
            raise ValidationError(gettext("Say why it is refused"))


class AgreementForm(PageForm):
    """Whose course counts as ours."""

    provider = StringField(
        _("Who gives the course"), validators=[DataRequired(_("Enter who gives it")), OneLine()]
    )
    title = StringField(
        _("Name of the course"),
        description=_("As it stands on their certificates"),
        validators=[DataRequired(_("Enter the name of the course")), OneLine()],
    )
    competency = SelectField(
        _("What it counts for here"), validators=[InputRequired(_("Choose what it counts for"))]
    )
    level = IntegerField(
        _("At level"),
        default=1,
        validators=[InputRequired(_("Enter a level")), NumberRange(1, 9)],
        render_kw=SHORT,
    )
    valid_months = IntegerField(
        _("For how many months"),
        description=_("Left empty: as long as our own"),
        validators=[Optional(), NumberRange(1, 600)],
        render_kw=SHORT,
    )
    needs_observation = BooleanField(_("Only after one observation here"))
    in_force_from = DayField(
        _("For training completed from"), validators=[DayGiven(_("Enter the first day"))]
    )


class CorrectionForm(PageForm):
    """A completion put right or taken back. `version`: what the form was filled from."""

    version = HiddenField()
    decision = RadioField(
        _("What is to be done"),
        choices=choices([(CORRECT, _("Put it right")), (VOID, _("Take it back: it never was"))]),
        default=CORRECT,
        validators=[InputRequired(_("Choose one"))],
    )
    completed_on = DayField(
        _("Day it was completed"), validators=[DayGiven(_("Enter the day it was completed"))]
    )
    level = IntegerField(_("Level"), validators=[Optional(), NumberRange(1, 9)], render_kw=SHORT)
    valid_months = IntegerField(
        _("Months it is valid"), validators=[Optional(), NumberRange(1, 600)], render_kw=SHORT
    )
    provider = StringField(_("Who gave it"), validators=[OneLine()])
    reference = StringField(_("Certificate number"), validators=[OneLine(longest=80)])
    reason = StringField(_("Why"), validators=[DataRequired(_("Say why")), OneLine(longest=500)])

    def fill(self, line: LearningLine) -> None:
        """Show a completion as it is believed now."""
        self.version.data, self.completed_on.data = line.version, line.completed_on
        self.level.data, self.valid_months.data = line.level, line.valid_months
        self.provider.data, self.reference.data = line.provider, line.reference

    def values(self) -> dict[str, Any]:
        """Column → what was entered."""
        return {
            "completed_on": self.completed_on.data,
            "level": self.level.data,
            "valid_months": self.valid_months.data,
            "provider": self.provider.data or None,
            "reference": self.reference.data or "",
        }


class EndForm(PageForm):
    """A button: nothing but the token against forged requests."""


def is_given(form: FlaskForm) -> bool:
    """Was a file chosen."""
    return bool(form.evidence.data)
