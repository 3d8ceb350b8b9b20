"""Switching the weekly mail, and the bare buttons of the calendar feed."""

from wtforms import HiddenField
from wtforms.validators import AnyOf

from skillsmatrix.web.shared.forms import PageForm


class BareForm(PageForm):
    """A button."""


class SwitchForm(PageForm):
    """The weekly mail on or off."""

    wanted = HiddenField(validators=[AnyOf(("yes", "no"))])
