"""What is entered about people and services."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, Regexp, ValidationError

from skillsmatrix.domain.person import Basis
from skillsmatrix.queries.labels import Labels
from skillsmatrix.web.shared.forms import DayField, OneLine, choices
from skillsmatrix.web.shared.steps import StepForm
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

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
KINDS_OF_ABSENCE: Final = {
    "annual leave": _("Annual leave"),
    "sickness": _("Sickness"),
    "maternity": _("Maternity"),
    "adoption": _("Adoption"),
    "shared parental": _("Shared parental leave"),
    "career break": _("Career break"),
    "suspension from work": _("Suspension from work"),
    "not stated": _("Not stated"),
}
KINDS_OF_REASON: Final = {
    "": _("Not stated"),
    "prior_learning": _("Prior learning"),
    "operational": _("Operational"),
    "medical": _("Medical"),
    "pregnancy": _("Pregnancy"),
}
REGIONS: Final = (
    "North East",
    "North West",
    "Yorkshire and the Humber",
    "East Midlands",
    "West Midlands",
    "East of England",
    "London",
    "South East",
    "South West",
    "Scotland",
    "Wales",
    "Northern Ireland",
)
_NO_END: Final = _("For example, 28/2/2027. Leave it empty when there is no end.")


def required_day(label: Any, message: Any, **given: Any) -> DayField:
    """A day that must be given."""
    return DayField(label, validators=[InputRequired(message)], **given)


def given(field: DayField) -> date:
    """The day of a field that must be filled in, once the form has been found good."""
    if field.data is None:
        raise ValueError(f"{field.name} was not checked")
    return field.data


def required_choice(label: Any, **given: Any) -> SelectField:
    """One of several, none of which is chosen beforehand."""
    return SelectField(label, validators=[InputRequired(_("Choose one"))], **given)


def why_field() -> TextAreaField:
    """Why something that was recorded changes; kept beside the earlier version."""
    return TextAreaField(
        _("Why does it change?"),
        description=_("It stays readable beside what was recorded before."),
        validators=[InputRequired(_("Say why")), OneLine(longest=500)],
        render_kw={"rows": 3},
    )


def offered(values: Mapping[str, Any], *, kept: str | None = None) -> list[Any]:
    """Choices in order of words, an empty one first; `kept`: a value that stays though it is not offered."""
    pairs = sorted(((code, str(words)) for code, words in values.items()), key=lambda pair: pair[1])
    extra = [(kept, kept)] if kept and kept not in values else []
    return choices([("", gettext("Choose")), *extra, *pairs])


class PostFields(StepForm):
    """A post. `offer` fills the choices."""

    role = required_choice(_("Role"))
    service = required_choice(_("Service"))
    basis = required_choice(_("Basis"), description=_("A secondment or acting up is a post of its own."))
    wte = StringField(
        _("Whole-time equivalent"),
        description=_("1 is full time, 0.5 is half"),
        default="1",
        validators=[
            InputRequired(_("Enter a figure such as 1 or 0.5")),
            Regexp(
                re.compile(r"\s*\d{1,2}(\.\d{1,6})?\s*\Z", re.ASCII),
                message=_("Enter a figure such as 1 or 0.5"),
            ),
        ],
        render_kw={"width": "5", "inputmode": "decimal"},
    )
    starts_on = required_day(_("First day"), _("Enter the first day"))
    ends_on = DayField(_("Last day"), description=_NO_END)

    def offer(self, names: Labels, services: Mapping[str, str], kept: Mapping[str, Any]) -> None:
        """`services`: those that whoever asks may put somebody into; `kept`: what is recorded."""
        self.role.choices = offered(names.roles)
        self.service.choices = offered(services, kept=kept.get("service"))
        self.basis.choices = choices(
            [("", gettext("Choose")), *((each.value, str(BASES[each])) for each in Basis)]
        )


class PostForm(PostFields):
    """A new post."""


class PostCorrection(PostFields):
    """A post as it should have been, or its end."""

    why = why_field()


class AbsenceFields(StepForm):
    """An absence. The kind is for those who may read it; for others it stays as it is, or not stated."""

    kind = required_choice(_("Kind"))
    starts_on = required_day(_("First day away"), _("Enter the first day away"))
    ends_on = DayField(
        _("Last day away"),
        description=_(
            "The day before the expected return, for example 28/2/2027. Leave it empty while nobody knows."
        ),
    )

    def offer(self, *, kinds: bool, kept: Mapping[str, Any]) -> None:
        """Fill in the kinds, or take the question away."""
        if not kinds:
            del self.kind
            return
        self.kind.choices = offered(KINDS_OF_ABSENCE, kept=kept.get("kind"))


class AbsenceForm(AbsenceFields):
    """A new absence."""


class AbsenceCorrection(AbsenceFields):
    """An absence as it was, or its end."""

    why = why_field()


class RegistrationFields(StepForm):
    """An entry on a register."""

    body = required_choice(_("Register"))
    number = StringField(_("Number"), validators=[OneLine(longest=60), Optional()], render_kw={"width": "20"})
    registered_on = required_day(_("Registered on"), _("Enter the first day of the entry"))
    valid_to = DayField(_("Last day"), description=_NO_END)


class RegistrationForm(RegistrationFields):
    """A new entry."""


class RegistrationCorrection(RegistrationFields):
    """An entry as it is, or renewed."""

    why = why_field()


class SuspensionForm(StepForm):
    """A stop by decision."""

    competency = required_choice(_("Competency"))
    starts_on = required_day(_("Stopped from"), _("Enter the first day"))
    ends_on = DayField(
        _("Last day"), description=_("For example, 28/2/2027. Leave it empty until further notice.")
    )
    reason = TextAreaField(
        _("Why?"),
        description=_("Facts only. The person can read it."),
        validators=[InputRequired(_("Say why")), OneLine(longest=500)],
        render_kw={"rows": 3},
    )


class LiftForm(StepForm):
    """A stop that ends."""

    allowed_from = required_day(_("Allowed again from"), _("Enter the day"))
    why = why_field()


class ExemptionFields(StepForm):
    """An exemption. The kind of reason is for those who may read it."""

    competency = required_choice(_("Competency"))
    starts_on = required_day(_("First day"), _("Enter the first day"))
    ends_on = required_day(
        _("Last day"), _("Enter the last day"), description=_("At most 12 months after the first day")
    )
    reason_kind = SelectField(
        _("Kind of reason"), description=_("Seen by human resources and the person only")
    )

    def offer(self, competencies: Mapping[str, str], *, kinds: bool, kept: Mapping[str, Any]) -> None:
        """Fill in the choices; without the right to read kinds of reason the question goes."""
        self.competency.choices = offered(competencies)
        if not kinds:
            del self.reason_kind
            return
        extra = kept.get("reason_kind")
        more = {extra: extra} if extra and extra not in KINDS_OF_REASON else {}
        self.reason_kind.choices = choices(
            (code, str(words)) for code, words in {**KINDS_OF_REASON, **more}.items()
        )


class ExemptionForm(ExemptionFields):
    """A new exemption."""


class ExemptionCorrection(ExemptionFields):
    """An exemption as it should be, or its end."""

    why = why_field()


class TakeBackForm(StepForm):
    """Something that never was."""

    why = why_field()


class PersonFields(StepForm):
    """Who somebody is at work."""

    given_name = StringField(_("Given name"), validators=[OneLine(longest=100), Optional()])
    family_name = StringField(
        _("Family name"), validators=[InputRequired(_("Enter the family name")), OneLine(longest=100)]
    )
    work_email = EmailField(_("Work e-mail address"), validators=[OneLine(longest=254), Optional()])
    employer = required_choice(_("Employer"))
    employed_from = required_day(_("First day of employment"), _("Enter the first day"))


class StarterForm(PersonFields):
    """A new starter with their first post, which begins with the employment."""

    code = StringField(
        _("Staff code"),
        description=_("From the payroll. It never changes."),
        validators=[
            InputRequired(_("Enter the staff code")),
            Regexp(
                re.compile(r"\s*[A-Za-z0-9][A-Za-z0-9._-]{0,39}\s*\Z", re.ASCII),
                message=_("Use letters, figures, dots, dashes and underscores"),
            ),
        ],
        render_kw={"width": "10", "spellcheck": False},
    )
    role = required_choice(_("Role"))
    service = required_choice(_("Service"))
    basis = required_choice(_("Basis"))


class PersonCorrection(PersonFields):
    """What is recorded about a person as it should be."""

    why = why_field()


class LeaverForm(StepForm):
    """Somebody leaves."""

    employed_to = required_day(_("Last day of employment"), _("Enter the last day"))
    why = why_field()


class SuggestedField(StringField):  # type: ignore[misc]  # WTForms is published without types
    """Text in one's own words, with some that are offered while typing.

    `list`, in what it is drawn with, is the id of the list that offers them.
    """

    suggestions: tuple[str, ...] = ()

    def suggest(self, words: Iterable[str]) -> None:
        """Offer these, each once, in their order."""
        self.suggestions = tuple(dict.fromkeys(words))


class ServiceForm(StepForm):
    """A service while it is open."""

    name = StringField(_("Name"), validators=[InputRequired(_("Enter the name")), OneLine(longest=120)])
    escalation_contact = StringField(
        _("Whom to call when it is beyond the team"), validators=[OneLine(longest=200), Optional()]
    )
    region = SuggestedField(
        _("Region"),
        description=_("Choose one that is offered, or use your own name for the area. It can stay empty."),
        validators=[OneLine(longest=80), Optional()],
        render_kw={"list": "regions"},
    )
    opens_on = DayField(_("First day"), description=_("Leave it empty when nobody knows any more."))
    successor = SelectField(_("Followed by"))
    why = why_field()


class ClosingForm(StepForm):
    """A service closes."""

    closes_on = required_day(_("Last day"), _("Enter the last day"))
    why = why_field()
    approver = StringField(
        _("Who answers for closing before the successor is ready?"),
        description=_("Only if it must close although its successor is closed or unsafe. Name and role."),
        validators=[OneLine(longest=120), Optional()],
    )
    approved_why = TextAreaField(
        _("Why is that right?"), validators=[OneLine(longest=500), Optional()], render_kw={"rows": 3}
    )

    def validate_approved_why(self, field: TextAreaField) -> None:
        """A name without a reason answers for nothing."""
        if bool(self.approver.data) != bool(field.data):
            raise ValidationError(gettext("Enter both the name and the reason, or neither"))
