"""The forms of certificates."""

from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from skillsmatrix.domain.certificate import RevocationKind
from skillsmatrix.web.shared.forms import FilterForm, OnceForm, OneLine, PageForm, choices
from skillsmatrix.web.shared.wording import lazy_gettext as _

KINDS = {
    RevocationKind.ISSUED_IN_ERROR: _("It was issued in error"),
    RevocationKind.AWARD_WITHDRAWN: _("The award was withdrawn"),
    RevocationKind.KEY_LOST: _("The signing key was lost"),
    RevocationKind.OTHER: _("Another reason"),
}


class SearchForm(FilterForm):
    """Find a certificate."""

    q = StringField(_("Name, number or competency"), validators=[OneLine()])


class IssueForm(OnceForm):
    """The word that lets a certificate be issued, once."""


class RevokeForm(OnceForm):
    """Why a certificate is revoked: the kind is public, the reason stays inside."""

    kind = SelectField(
        _("Kind of reason"),
        description=_("Shown to anybody who checks the certificate."),
        choices=choices([(kind.value, words) for kind, words in KINDS.items()]),
    )
    reason = TextAreaField(
        _("Reason"),
        description=_("Kept in the record and never shown outside."),
        validators=[InputRequired(_("Say why it is revoked")), Length(max=1000)],
    )


class BareForm(PageForm):
    """A button and nothing else."""


class RunFilter(FilterForm):
    """Who would get a certificate: everybody in these services who holds the competency today."""

    competency = SelectField(_("Competency"), validate_choice=False)
    services = SelectMultipleField(
        _("Services"), description=_("Leave all of them empty for every service."), validate_choice=False
    )


class RunForm(OnceForm):
    """The word that lets many certificates be issued, once."""


class PassportForm(OnceForm):
    """The word that lets a passport be made, once."""


class RevocationFilterForm(FilterForm):
    """Which certificates are to be revoked: everything that is chosen has to be true of one."""

    competency = SelectField(_("Competency"), validate_choice=False)
    assessor = SelectField(
        _("Signed off by"),
        description=_("The assessor whose assessment the certificate names."),
        validate_choice=False,
    )
    key = SelectField(_("Signing key"), validate_choice=False)
    services = SelectMultipleField(
        _("Services"),
        description=_("Where the holder has a post today. Leave all of them empty for every service."),
        validate_choice=False,
    )


class RevokeManyForm(RevokeForm):
    """Why all of them are revoked."""
