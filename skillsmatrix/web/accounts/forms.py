"""The forms of looking after accounts."""

from datetime import date, timedelta
from typing import Any

from wtforms import EmailField, RadioField, SearchField, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.trust import AccountState, RoleTerms
from skillsmatrix.web.accounts.sight import Bounds
from skillsmatrix.web.accounts.words import STATES
from skillsmatrix.web.shared.forms import (
    DayField,
    DayGiven,
    FilterForm,
    OnceForm,
    OneLine,
    PageForm,
    PlainAddress,
    choices,
)
from skillsmatrix.web.shared.role_words import ROLE_WORDS
from skillsmatrix.web.shared.wording import gettext
from skillsmatrix.web.shared.wording import lazy_gettext as _


class AccountFilter(FilterForm):
    """Name or address, and state."""

    q = SearchField(_("Name or e-mail"))
    state = SelectField(
        _("State"),
        choices=choices([("", _("Any")), *((state.value, words) for state, words in STATES.items())]),
        validate_choice=False,
    )

    def wanted_state(self) -> AccountState | None:
        """The state asked for; None for any."""
        return AccountState(self.state.data) if self.state.data in set(AccountState) else None


class StaffSearch(FilterForm):
    """Whom to make an account for."""

    q = SearchField(_("Name, staff code or work e-mail"))


class NewAccount(OnceForm):
    """Under which address a member of staff signs in; the name is the record's."""

    email = EmailField(
        _("E-mail address"),
        description=_("They sign in with it, and the way in goes there."),
        validators=[InputRequired(_("Enter the e-mail address")), PlainAddress()],
        render_kw={"width": "30", "autocomplete": "off"},
    )


class NewOutsideAccount(NewAccount):
    """The same for somebody who is no member of staff: with a name, and it always ends."""

    name = StringField(
        _("Name"),
        description=_("As others see it."),
        validators=[InputRequired(_("Enter the name")), OneLine(longest=100)],
        render_kw={"width": "30"},
    )
    ends_on = DayField(
        _("Last day"),
        description=_("For example 28/2/2027. The account works up to and including this day."),
        validators=[DayGiven(_("Enter the last day"))],
    )

    def validate_ends_on(self, field: DayField) -> None:
        """The account has a day to be used on."""
        not_over(field.data, self.today)

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(**kwargs)


class LastDayForm(PageForm):
    """Until when somebody from outside may use their account."""

    ends_on = DayField(
        _("Last day"),
        description=_("For example 28/2/2027. The account works up to and including this day."),
        validators=[DayGiven(_("Enter the last day"))],
    )

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(**kwargs)

    def validate_ends_on(self, field: DayField) -> None:
        """The account has a day to be used on."""
        not_over(field.data, self.today)


class RoleForm(OnceForm):
    """A role, what it is limited to, and its days."""

    role = SelectField(_("Role"), validators=[InputRequired(_("Choose a role"))])
    service = SelectField(
        _("Service"), description=_("For a service manager; for an auditor or inspector of one service.")
    )
    organisation = SelectField(
        _("Organisation"),
        description=_("For a host partner; for an auditor or inspector; otherwise a limit, if there is one."),
    )
    from_on = DayField(_("First day"), validators=[DayGiven(_("Enter the first day"))])
    to_on = DayField(_("Last day"), description=_("Leave it empty when there is none."))

    def offer(self, within: Bounds) -> None:
        """Fill the choices with what whoever asks may give."""
        roles = [
            (role.value, str(words)) for role, words in ROLE_WORDS.items() if role is not AccessRole.STAFF
        ]
        self.role.choices = choices([("", gettext("Choose one")), *roles])
        for field, listed in ((self.service, within.services), (self.organisation, within.organisations)):
            named = [(str(number), name) for number, _code, name in listed]
            field.choices = choices([("", gettext("None")), *named])

    def terms(self) -> RoleTerms:
        """What was asked for, once the form has been found good."""
        if self.from_on.data is None:
            raise ValueError("the first day was not checked")
        return RoleTerms(
            role=AccessRole(self.role.data),
            from_on=self.from_on.data,
            to_on=self.to_on.data,
            service_id=int(self.service.data) if self.service.data else None,
            organisation_id=int(self.organisation.data) if self.organisation.data else None,
        )


class EndRoleForm(PageForm):
    """When a role ends."""

    when = RadioField(
        _("When does it end?"),
        choices=choices([("now", _("At once")), ("day", _("After a day"))]),
        validators=[InputRequired(_("Choose when it ends"))],
    )
    last_on = DayField(_("Last day"), description=_("Only when it ends after a day. For example 28/2/2027."))

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(**kwargs)

    def validate_last_on(self, field: DayField) -> None:
        """A day that has not passed, when it ends after a day."""
        if self.when.data == "day" and not field.process_errors:
            if field.data is None:
                raise ValidationError(gettext("Enter the last day"))
            not_over(field.data, self.today)

    def last_day(self) -> date:
        """The last day on which the role holds, once the form has been found good."""
        if self.when.data == "now" or self.last_on.data is None:
            return self.today - timedelta(days=1)
        return self.last_on.data


class ActForm(PageForm):
    """A button: nothing but the token against forged requests."""


def not_over(day: date | None, today: date) -> None:
    """Raises ValidationError for a day that has passed."""
    if day is not None and day < today:
        raise ValidationError(gettext("Enter today or a later day"))
