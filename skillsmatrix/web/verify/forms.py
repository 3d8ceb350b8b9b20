"""The two ways to ask: by number, or with the file."""

from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import Length

from skillsmatrix.web.shared.forms import FilterForm, PageForm
from skillsmatrix.web.shared.wording import lazy_gettext as _


class NumberForm(FilterForm):
    """The number printed on the certificate."""

    number = StringField(
        _("Number of the certificate"),
        description=_("Seven groups of four letters and digits. Capitals, spaces and hyphens do not matter."),
        validators=[Length(max=100)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class FileForm(PageForm):
    """The certificate itself."""

    document = FileField(
        _("The certificate as a PDF file"),
        description=_("The file as you were given it. It is looked at and not kept."),
        validators=[FileRequired(_("Choose the file of the certificate"))],
        render_kw={"accept": "application/pdf"},
    )
