"""The forms of signing in and of changing a password."""

from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from skillsmatrix.domain.sign_in import LONGEST, SHORTEST, PasswordFault
from skillsmatrix.web.shared.forms import PageForm, PlainAddress
from skillsmatrix.web.shared.wording import lazy_gettext as _

FAULTS = {
    PasswordFault.TOO_SHORT: _("Use %(shortest)s characters or more", shortest=SHORTEST),
    PasswordFault.TOO_LONG: _("Use %(longest)s characters or fewer", longest=LONGEST),
    PasswordFault.ABOUT_YOU: _("Choose a password that is not built on your name or e-mail address"),
    PasswordFault.COMMON: _("This password is easy to guess. Choose another, such as three random words"),
}


class SignInForm(PageForm):
    """Who, and the password. Both limits keep a novel from being hashed."""

    email = EmailField(
        _("E-mail address"),
        validators=[InputRequired(_("Enter your e-mail address")), Length(max=254)],
        render_kw={"autocomplete": "username", "width": "30", "spellcheck": False},
    )
    password = PasswordField(
        _("Password"),
        validators=[InputRequired(_("Enter your password")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password", "width": "30"},
    )
    next = HiddenField()
    kept_form = HiddenField()


class ChangePasswordForm(PageForm):
    """The password in use, and the new one twice."""

    current = PasswordField(
        _("Password you use now"),
        validators=[InputRequired(_("Enter the password you use now")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password", "width": "30"},
    )
    new = PasswordField(
        _("New password"),
        description=_(
            "%(shortest)s characters or more. Three random words are easy to remember.", shortest=SHORTEST
        ),
        validators=[InputRequired(_("Enter a new password"))],
        render_kw={"autocomplete": "new-password", "width": "30"},
    )
    again = PasswordField(
        _("New password again"),
        validators=[
            InputRequired(_("Enter the new password again")),
            EqualTo("new", message=_("The two new passwords are not the same")),
        ],
        render_kw={"autocomplete": "new-password", "width": "30"},
    )


class ForgottenForm(PageForm):
    """Whose password was forgotten."""

    email = EmailField(
        _("E-mail address"),
        description=_("The one you sign in with."),
        validators=[InputRequired(_("Enter your e-mail address")), PlainAddress()],
        render_kw={"autocomplete": "username", "width": "30", "spellcheck": False},
    )


class SetPasswordForm(PageForm):
    """A password of one's own, twice."""

    new = PasswordField(
        _("Password"),
        description=_(
            "%(shortest)s characters or more. Three random words are easy to remember.", shortest=SHORTEST
        ),
        validators=[InputRequired(_("Enter a password"))],
        render_kw={"autocomplete": "new-password", "width": "30"},
    )
    again = PasswordField(
        _("Password again"),
        validators=[
            InputRequired(_("Enter the password again")),
            EqualTo("new", message=_("The two passwords are not the same")),
        ],
        render_kw={"autocomplete": "new-password", "width": "30"},
    )


class BareForm(PageForm):
    """A button: nothing but the token against forged requests."""
