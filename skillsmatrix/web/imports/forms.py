"""The forms of an import: the file, and the word that lets it happen."""

from wtforms import FileField, HiddenField, StringField
from wtforms.validators import ValidationError

from skillsmatrix.web.shared.forms import OneLine, PageForm
from skillsmatrix.web.shared.wording import lazy_gettext as _


class HandInForm(PageForm):
    """The file."""

    file = FileField(
        _("Data package"),
        description=_("One Excel workbook (.xlsx), or a zip of CSV files named after their tables."),
    )

    def validate_file(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_("Choose a file"))


class ImportForm(PageForm):
    """Why, for the corrections it makes. `seen`: the digest of the preview that the form stood under."""

    seen = HiddenField()
    reason = StringField(
        _("Why is it corrected? (optional)"),
        description=_("Kept with every correction, for whoever reads the record later."),
        validators=[OneLine()],
    )
