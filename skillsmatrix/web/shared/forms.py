"""Forms: what every form has, and the fields that the kit has no equal for.

A form that changes something is a `PageForm` (with its token against forged requests); one that narrows a
list is a `FilterForm` and lives in the address. Only declared fields are read; whatever else is sent is left.
"""

import json
import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, ClassVar, Final

from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import TextInput

from skillsmatrix.domain.sign_in import is_address
from skillsmatrix.web.shared.formats import typed_day
from skillsmatrix.web.shared.kept_forms import is_given_back
from skillsmatrix.web.shared.moment import days_in_reach, is_out_of_reach, read_day
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.shared.wording import lazy_gettext as _l

_NO_NUMBER: Final = "Not a valid integer value."
# What WTForms says without naming the field → what to do, said after the name of the field.
_NAMELESS: Final = {
    "Not a valid choice.": _l("choose one of those listed"),
    "Invalid Choice: could not coerce.": _l("choose one of those listed"),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l("tick only what is listed"),
    _NO_NUMBER: _l("enter a whole number, such as 12"),
    "This field is required.": _l("fill this in"),
    "Choose one": _l("choose one"),
}
_NOT_ENTERED: Final = frozenset({"csrf_token", "once", "step"})
_NOT_LISTED: Final = re.compile(r"'.*' (is|are) not (a )?valid choices? for this field\.", re.DOTALL)
GIVEN_BACK: Final = _l(
    "Nothing of this has been saved: you were signed out, or the page was open for too long."
    " Look through it and send it again. Choose files again."
)


class PageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is published without types
    """A form that changes something. `about`: field name → name of the fact that a broken rule speaks of."""

    def validate(self, extra_validators: Any = None) -> bool:
        """As WTForms does, and every message names its field and says what to do.

        A form that is only given back is never in order: it is shown again, filled, and says why.
        """
        if self.meta.csrf and is_given_back():
            self.form_errors.append(GIVEN_BACK)
            return False
        good = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field.errors, list | tuple) and field.errors:
                field.errors = [_named(field, error) for error in field.errors]
        return good

    def seen(self) -> list[Field]:
        """The fields that are not hidden, in the order of the form."""
        return [field for field in self if not isinstance(field, HiddenField)]

    def problems(self) -> list[tuple[str, str]]:
        """(id of the field, what is wrong), in the order of the form; empty when nothing is."""
        found = [(first_id(field), str(error)) for field in self for error in flat(field.errors)]
        return found + [("", str(error)) for error in self.form_errors]

    def refuse(self, name: str, message: str) -> None:
        """Show on a field what an operation found wrong with it."""
        field = self[name]
        field.errors = [*field.errors, message]


class FilterForm(PageForm):
    """A form in the address: narrows a list, changes nothing, needs no token."""

    class Meta:
        csrf = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formdata=request.args, **kwargs)


class OnceField(HiddenField):  # type: ignore[misc]  # WTForms is published without types
    """Carries the token of one showing of a form.

    `data`, once it is sent, stands for the token, the address and all that was entered: the same sent again
    is the same, and filled in otherwise it is another.
    """

    token: str | None = None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        if not valuelist:
            return  # sent without one: it is like no other
        self.token = valuelist[0]
        entered = [
            *(each for each in request.form.items(multi=True) if each[1] and each[0] not in _NOT_ENTERED),
            *((name, each.filename) for name, each in request.files.items(multi=True) if each.filename),
        ]
        self.data = sha256(json.dumps([request.path, self.token, entered]).encode()).hexdigest()

    def _value(self) -> str:
        return str(self.data if self.token is None else self.token)


class OnceForm(PageForm):
    """A form that must not take effect twice (see IdempotencyKey)."""

    once = OnceField(default=lambda: secrets.token_urlsafe(18))


class DayField(Field):  # type: ignore[misc]  # WTForms is published without types
    """A day in one text box, as 28/2/2027; the value is a `date`, or None when the box is left empty."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return typed_day(self.data) if self.data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data: date | None = None
        text = valuelist[0] if valuelist else ""
        if not text.strip():
            return
        self.data = read_day(text)
        if self.data is None and is_out_of_reach(text):
            raise ValueError(days_in_reach())
        if self.data is None:
            raise ValueError(_("Enter a real date, such as 28/2/2027"))


class WholeNumberField(IntegerField):  # type: ignore[misc]  # WTForms is published without types
    """A whole number in one text box, or None when it is left empty. What is no number is told that alone."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data: Any = None
        text = valuelist[0].strip() if valuelist else ""
        if text and not (text.isascii() and text.isdigit() and len(text) <= 6):
            raise ValueError(_NO_NUMBER)
        self.data = int(text) if text else None

    def pre_validate(self, _form: FlaskForm) -> None:
        if self.process_errors:
            raise StopValidation


class DayGiven:
    """Validator: a day is there. A box of blanks is empty; a day that is none keeps its own message."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if field.data is None and not field.process_errors:
            raise ValidationError(str(self.message))


class OneLine:
    """Validator: no line breaks, control or direction-changing characters; trims and composes accents."""

    def __init__(self, *, longest: int = 200) -> None:
        self.longest = longest

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if not field.data:
            return
        field.data = unicodedata.normalize("NFC", field.data).strip()
        if len(field.data) > self.longest:
            raise ValidationError(_("Use %(longest)s characters or fewer", longest=self.longest))
        if any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in field.data):
            raise ValidationError(_("Use letters, figures and ordinary punctuation only"))


def _named(field: Field, error: Any) -> Any:
    """A message that names no field, with the name of its field before it; any other as it is."""
    text = str(error) if not isinstance(error, dict | list) else ""
    advice = _("tick only what is listed") if _NOT_LISTED.fullmatch(text) else _NAMELESS.get(text)
    if advice is None:
        return error
    label = str(field.label.text).rstrip("?:. ")
    return _("%(field)s: %(advice)s", field=label, advice=str(advice))


class PlainAddress:
    """Validator: one e-mail address, in letters that look like nothing else."""

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if field.data and not is_address(field.data.strip()):
            raise ValidationError(_("Enter an e-mail address such as name@example.org"))


def choices(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """(value, words) as a select, radio or checkbox field takes them."""
    return [SelectChoice(value, words) for value, words in pairs]


def first_id(field: Field) -> str:
    """The id of the element an error leads to: the first choice of a group, else the field."""
    if getattr(field, "choices", None) is not None and field.type in {"RadioField", "SelectMultipleField"}:
        first = next(iter(field), None)
        return str(first.id) if first is not None else str(field.id)
    return str(field.id)


def flat(errors: Any) -> list[Any]:
    """The messages of a field; a list field keeps them nested."""
    if isinstance(errors, dict):
        return [message for nested in errors.values() for message in flat(nested)]
    if isinstance(errors, list | tuple):
        return [message for nested in errors for message in flat(nested)]
    return [errors]
