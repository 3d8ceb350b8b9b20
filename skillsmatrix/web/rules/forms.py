"""What is proposed about a rule."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from skillsmatrix.domain.rule_change import OF_COMPETENCY
from skillsmatrix.domain.supervision import kind_in_words
from skillsmatrix.web.shared.forms import DayField, OnceForm, OneLine, PageForm, WholeNumberField, choices
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _

COVERS: Final = {
    "each": _("Everybody"),
    "percent": _("A share of the people, in per cent"),
    "count": _("At least so many people"),
    "named": _("So many people, each of them named"),
}
STRENGTHS: Final = {"hard_stop": _("Hard stop: without it the activity stops"), "target": _("Target")}
_WHOLE: Final = _("Enter a whole number")
_SMALL: Final = {"width": "4"}


class ProposalForm(OnceForm):
    """From when, and why."""

    version = HiddenField()
    takes_effect_on = DayField(_("Takes effect on"), validators=[InputRequired(_("Enter the day"))])
    why = TextAreaField(
        _("Why?"),
        description=_("Whoever approves it reads this first."),
        validators=[InputRequired(_("Say why")), OneLine(longest=500)],
        render_kw={"rows": 3},
    )

    def day(self) -> date:
        """The day it takes effect, once the form has been found good."""
        if self.takes_effect_on.data is None:
            raise ValueError("the day was not checked")
        return self.takes_effect_on.data


class RequirementChange(ProposalForm):
    """What a requirement asks from the day on."""

    level = WholeNumberField(
        _("Level"), default=1, validators=[InputRequired(_WHOLE), NumberRange(1, 9)], render_kw=_SMALL
    )
    cover = RadioField(
        _("How many must hold it?"),
        choices=choices(COVERS.items()),
        validators=[InputRequired(_("Choose one"))],
    )
    amount = WholeNumberField(
        _("Number"),
        description=_(
            "For a share, the per cent: 80 for 80%. For so many people, how many. Empty for everybody."
        ),
        validators=[Optional(), NumberRange(0, 999)],
        render_kw=_SMALL,
    )
    strength = RadioField(
        _("Strength"), choices=choices(STRENGTHS.items()), validators=[InputRequired(_("Choose one"))]
    )
    induction_days = WholeNumberField(
        _("Days of induction"),
        description=_("Time given to new starters. Leave it empty for none."),
        validators=[Optional(), NumberRange(0, 999)],
        render_kw=_SMALL,
    )
    reason = StringField(_("Reason shown with it"), validators=[OneLine(longest=200), Optional()])

    def asked(self) -> dict[str, Any]:
        """Package column → value."""
        return {
            "level": self.level.data,
            "cover": self.cover.data,
            "amount": None if self.cover.data == "each" else self.amount.data,
            "strength": self.strength.data,
            "induction_days": self.induction_days.data,
            "reason": self.reason.data or None,
        }


class NewRequirement(RequirementChange):
    """A requirement that is not there yet."""

    competency = SelectField(_("Competency"), validators=[InputRequired(_("Choose one"))])
    service = SelectField(_("Service"))
    role = SelectField(_("Role"))

    def offer(
        self, competencies: Mapping[str, str], services: Mapping[str, str], roles: Mapping[str, str]
    ) -> None:
        """Fill in the choices; `services`: those whoever asks may make rules for ("": all of them)."""
        self.competency.choices = choices([("", gettext("Choose")), *_sorted(competencies)])
        self.service.choices = choices(_sorted(services))
        self.role.choices = choices([("", gettext("Every role")), *_sorted(roles)])

    def asked(self) -> dict[str, Any]:
        """Package column → value."""
        return {
            **super().asked(),
            "competency": self.competency.data,
            "service": self.service.data or None,
            "role": self.role.data or None,
        }


class EndingRequirement(ProposalForm):
    """A requirement that is asked no longer, from the day on."""


class CompetencyChange(ProposalForm):
    """How long a competency lasts, and which supervision keeps it usable."""

    learning_months = WholeNumberField(
        _("Months for which learning counts"),
        description=_("Leave it empty when it never runs out."),
        validators=[Optional(), NumberRange(1, 600)],
        render_kw=_SMALL,
    )
    whom = RadioField(
        _("Which learning does a new length apply to?"),
        choices=choices(
            [
                ("new", _("New completions only: what is recorded keeps its end")),
                ("all", _("Existing completions too: their ends are worked out anew")),
            ]
        ),
        default="new",
        validators=[InputRequired(_("Choose one"))],
    )
    sign_off_months = WholeNumberField(
        _("Months for which a sign-off counts"),
        description=_("Applies to existing sign-offs too. Leave it empty when it never runs out."),
        validators=[Optional(), NumberRange(1, 600)],
        render_kw=_SMALL,
    )
    supervision_kind = SelectField(_("Supervision that keeps it usable"))
    supervision_every_days = WholeNumberField(
        _("Supervision is due every so many days"),
        validators=[Optional(), NumberRange(1, 999)],
        render_kw=_SMALL,
    )
    supervision_lapse_days = WholeNumberField(
        _("It stops after so many days without"),
        validators=[Optional(), NumberRange(0, 999)],
        render_kw=_SMALL,
    )
    supervision_max_group = WholeNumberField(
        _("Largest group that counts"), validators=[Optional(), NumberRange(1, 999)], render_kw=_SMALL
    )

    def offer(self, kinds: Iterable[str]) -> None:
        """Fill in the kinds of supervision."""
        words = [(kind, kind_in_words(kind)) for kind in sorted(set(kinds))]
        self.supervision_kind.choices = choices(
            [("", gettext("None")), *((kind, said[:1].upper() + said[1:]) for kind, said in words)]
        )

    def asked(self) -> dict[str, Any]:
        """Package column → value."""
        return {
            name: self[name].data or None if name == "supervision_kind" else self[name].data
            for name in OF_COMPETENCY
        }


class DecisionForm(PageForm):
    """Approve or drop what the page shows."""

    version = HiddenField()


def _sorted(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda pair: (pair[0] != "", pair[1]))
