"""The forms of scenarios: their names, and one form for each kind of change."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from flask import g
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from skillsmatrix.domain.requirement import Cover
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
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _
from skillsmatrix.web.what_if.words import BASES, KINDS

COVERS: Final = {
    Cover.EACH.value: _("Everybody"),
    Cover.PERCENT.value: _("A share of the people"),
    Cover.COUNT.value: _("So many people"),
    Cover.NAMED.value: _("So many people, by name"),
}
MOST_PEOPLE: Final = 100  # in one change
_SHORT: Final = {"width": "4"}
_NO_END: Final = _("For example, 28/2/2027. Leave it empty when there is no end.")


class NameForm(OnceForm):
    """What a scenario is called. `version`: of the scenario as the page showed it."""

    version = HiddenField()
    name = StringField(
        _("Name of the scenario"),
        description=_("For example, Larchgate without Rowan"),
        validators=[InputRequired(_("Enter a name")), OneLine(longest=120)],
    )


class ActForm(PageForm):
    """A button on the page of a scenario: share, archive, take a change out."""

    version = HiddenField()


class CopyForm(OnceForm):
    """The button that makes a copy."""


class KindForm(FilterForm):
    """Which kind of change comes next."""

    kind = SelectField(_("What would change?"), choices=choices([("", _("Choose")), *KINDS.items()]))


class FindForm(FilterForm):
    """Finding whom or what a change is about."""

    kind = HiddenField()
    q = SearchField(_("Search"))
    service = SelectField(_("Service"), validate_choice=False)


class ChangeForm(OnceForm):
    """A change of a scenario. `order`: the fields of the page, in order."""

    order: ClassVar[tuple[str, ...]] = ()
    version = HiddenField()

    def offer(self, offered: Mapping[str, Mapping[str, str]]) -> None:
        """Fill the choices: name of a field → value → words. A field that may stay empty says what then."""
        for name, values in offered.items():
            if name in self:
                pairs = sorted(values.items(), key=lambda pair: (pair[0] != "", pair[1].casefold()))
                first = [] if "" in values else [("", gettext("Choose"))]
                self[name].choices = choices([*first, *pairs])

    def values(self) -> dict[str, Any]:
        """Field → value as the change takes it; an empty choice is None."""
        return {name: self[name].data if self[name].data != "" else None for name in self.order}

    def shown(self) -> list[Any]:
        """The fields of the page, in order."""
        return [self[name] for name in self.order]


def day_given(label: Any, **given: Any) -> DayField:
    """A day that must be given."""
    return DayField(label, validators=[DayGiven(_("Enter the day"))], **given)


def choice(label: Any, *, needed: bool = True, **given: Any) -> SelectField:
    """One of several; `needed` False: it may stay empty."""
    return SelectField(label, validators=[InputRequired(_("Choose one"))] if needed else [], **given)


class PersonLeavesForm(ChangeForm):
    """When somebody leaves."""

    order = ("last_day",)
    last_day = day_given(_("Last day of work"))

    def validate_last_day(self, field: Any) -> None:
        """Whoever leaves in a scenario leaves from now on."""
        _from_today(field)


class PersonJoinsForm(ChangeForm):
    """Somebody new."""

    order = ("name", "service", "role", "basis", "starts_on", "trained")
    name = StringField(
        _("What to call them"),
        description=_("For example, New support worker"),
        validators=[InputRequired(_("Enter a name for them")), OneLine(longest=80)],
    )
    service = choice(_("Service"))
    role = choice(_("Role"))
    basis = choice(_("Basis"))
    starts_on = day_given(_("First day"))
    trained = BooleanField(
        _("They hold all that the post asks for from the first day"),
        description=_("What needs a professional registration stays suspended: theirs is not known."),
    )


class PostStartsForm(ChangeForm):
    """Another post of somebody."""

    order = ("service", "role", "basis", "starts_on", "ends_on")
    service = choice(_("Service"))
    role = choice(_("Role"))
    basis = choice(_("Basis"))
    starts_on = day_given(_("First day"))
    ends_on = DayField(_("Last day"), description=_NO_END)

    def validate_ends_on(self, field: Any) -> None:
        """Not before the first day."""
        _not_before(field, self.starts_on)


class CompetencyGainedForm(ChangeForm):
    """Who gains what."""

    order = ("staff", "competency", "level", "held_from")
    staff = SelectMultipleField(
        _("Who gains it?"), validators=[InputRequired(_("Choose at least one person"))], validate_choice=False
    )
    competency = choice(_("Competency"))
    level = WholeNumberField(
        _("Level"),
        default=1,
        validators=[InputRequired(_("Enter a whole number")), NumberRange(1, 9)],
        render_kw=_SHORT,
    )
    held_from = day_given(
        _("From"),
        description=_("The day on which the learning and the sign-off it needs are done. 28/2/2027"),
    )

    def validate_staff(self, field: Any) -> None:
        """A change is about some people, not about everybody."""
        if len(field.data or ()) > MOST_PEOPLE:
            raise ValidationError(gettext("Choose %(most)s people at most", most=MOST_PEOPLE))

    def values(self) -> dict[str, Any]:
        """As a change takes them."""
        return {**super().values(), "staff": tuple(dict.fromkeys(self.staff.data or ()))}


class CourseMovesForm(ChangeForm):
    """When a course date is held instead."""

    order = ("held_on",)
    held_on = day_given(
        _("New day"), description=_("Whoever has a seat completes the course on this day. 28/2/2027")
    )

    def validate_held_on(self, field: Any) -> None:
        """A course that is still to come is held from now on."""
        _from_today(field)


class ServiceOpensForm(ChangeForm):
    """When a service opens."""

    order = ("opens_on",)
    opens_on = day_given(_("First day open"))


class ServiceClosesForm(ChangeForm):
    """When a service closes."""

    order = ("closes_on",)
    closes_on = day_given(_("Last day open"))

    def validate_closes_on(self, field: Any) -> None:
        """A service that closes in a scenario closes from now on."""
        _from_today(field)


class ServiceAddedForm(ChangeForm):
    """A new service."""

    order = ("name", "opens_on", "like")
    name = StringField(
        _("Name of the new service"),
        validators=[InputRequired(_("Enter a name for it")), OneLine(longest=80)],
    )
    opens_on = day_given(_("First day open"))
    like = choice(
        _("With the requirements of"),
        needed=False,
        description=_("What is required in every service is required there in any case."),
    )


class _Asked(ChangeForm):
    """What a requirement asks."""

    level = WholeNumberField(
        _("Level"),
        default=1,
        validators=[InputRequired(_("Enter a whole number")), NumberRange(1, 9)],
        render_kw=_SHORT,
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
        render_kw=_SHORT,
    )
    hard_stop = BooleanField(_("Hard stop: without it the activity stops"))

    def validate_cover(self, field: Any) -> None:
        """A share or a number needs its figure."""
        if field.data != Cover.EACH.value and self.amount.data is None and not self.amount.process_errors:
            raise ValidationError(gettext("A share or a number of people needs a figure"))
        if field.data == Cover.PERCENT.value and (self.amount.data or 0) > 100:
            raise ValidationError(gettext("A share is 100 per cent at most"))

    def values(self) -> dict[str, Any]:
        """As a change takes them."""
        found = super().values()
        cover = Cover(found["cover"])
        return {**found, "cover": cover, "amount": None if cover is Cover.EACH else found["amount"]}


class RequirementAddedForm(_Asked):
    """Something more that is asked."""

    order = (
        "competency",
        "service",
        "role",
        "level",
        "cover",
        "amount",
        "hard_stop",
        "in_force_from",
        "induction_days",
    )
    competency = choice(_("Competency"))
    service = choice(_("Service"))
    role = choice(_("Role"), needed=False)
    in_force_from = day_given(_("From"))
    induction_days = WholeNumberField(
        _("Days of induction"),
        description=_("Time given to new starters. Leave it empty for none."),
        validators=[Optional(), NumberRange(0, 999)],
        render_kw=_SHORT,
    )


class RequirementChangedForm(_Asked):
    """What a requirement asks instead."""

    order = ("level", "cover", "amount", "hard_stop", "takes_effect_on")
    takes_effect_on = day_given(_("From"))


class RequirementEndedForm(ChangeForm):
    """Until when it is asked."""

    order = ("in_force_to",)
    in_force_to = day_given(_("Last day on which it is required"))


class LengthChangedForm(ChangeForm):
    """How long evidence counts."""

    order = ("learning_months", "sign_off_months")
    learning_months = WholeNumberField(
        _("Months for which learning counts"),
        description=_("Leave it empty when it never runs out."),
        validators=[Optional(), NumberRange(1, 600)],
        render_kw=_SHORT,
    )
    sign_off_months = WholeNumberField(
        _("Months for which a sign-off counts"),
        description=_("Leave it empty when it never runs out."),
        validators=[Optional(), NumberRange(1, 600)],
        render_kw=_SHORT,
    )


FORMS: Final[Mapping[str, type[ChangeForm]]] = {
    "person_leaves": PersonLeavesForm,
    "person_joins": PersonJoinsForm,
    "post_starts": PostStartsForm,
    "competency_gained": CompetencyGainedForm,
    "course_moves": CourseMovesForm,
    "service_opens": ServiceOpensForm,
    "service_closes": ServiceClosesForm,
    "service_added": ServiceAddedForm,
    "requirement_added": RequirementAddedForm,
    "requirement_changed": RequirementChangedForm,
    "requirement_ended": RequirementEndedForm,
    "length_changed": LengthChangedForm,
}


def version_of(text: str | None) -> datetime:
    """The version a form carries; for anything else an instant that no version has."""
    try:
        return datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def bases() -> dict[str, str]:
    """The terms of a post."""
    return {basis.value: str(words) for basis, words in BASES.items()}


def _from_today(field: Any) -> None:
    if field.data and field.data < g.today:
        raise ValidationError(
            gettext("The day is over: enter today, %(day)s, or a later day", day=day(g.today))
        )


def _not_before(field: Any, first: Any) -> None:
    if field.data and first.data and field.data < first.data:
        raise ValidationError(gettext("The last day cannot be before the first"))
