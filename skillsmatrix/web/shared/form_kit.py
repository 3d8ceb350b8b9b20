"""WTForms fields as the kit draws them: `{{ form_field(form.email) }}`.

Every field gets its label, its hint (the field's `description`) and its errors tied to it; a field at fault
also says so to screen readers (`aria-invalid`), which the kit's macros leave out.
"""

from collections.abc import Callable
from typing import Any, Final

from markupsafe import Markup
from wtforms import Field, HiddenField

from skillsmatrix.web.shared.forms import PageForm, first_id, flat
from skillsmatrix.web.shared.kit import Kit
from skillsmatrix.web.shared.wording import gettext as _

kit = Kit()

_OWN_PARAMETERS: Final = (
    "width",
    "autocomplete",
    "inputmode",
    "spellcheck",
    "classes",
    "rows",
    "autocapitalize",
)
_TYPED_AS: Final = {
    "EmailField": "email",
    "TelField": "tel",
    "WholeNumberField": "text",
    "SearchField": "search",
}


def form_field(field: Field, **given: Any) -> Markup:
    """The field with label, hint and error. `given`: the kit's own parameters, which win over ours."""
    draw = _DRAWN_BY.get(field.type, _text)
    return draw(field, given)


def form_errors(form: PageForm) -> Markup:
    """The summary at the top of the page, each line leading to its field; nothing when nothing is wrong."""
    problems = form.problems()
    if not problems:
        return Markup("")
    listed = [
        {"text": message, "href": f"#{target}"} if target else {"text": message}
        for target, message in problems
    ]
    return kit.error_summary({"titleText": _("There is a problem"), "errorList": listed})


def hidden_fields(form: PageForm) -> Markup:
    """The token against forged requests, and whatever else is hidden."""
    hidden = [field for field in form if isinstance(field, HiddenField)]
    return Markup("").join(field(id=False) for field in hidden)  # several forms may share a page


def submit(text: str, **given: Any) -> Markup:
    """The button that sends the form, which a second click does not send again."""
    return kit.button({"text": text, "preventDoubleClick": True, **given})


def _common(field: Field, given: dict[str, Any], *, label: str = "label") -> dict[str, Any]:
    settings = dict(field.render_kw or {})
    parameters: dict[str, Any] = {
        "id": field.id,
        "name": field.name,
        **{name: settings.pop(name) for name in _OWN_PARAMETERS if name in settings},
    }
    if field.flags.required:
        settings.setdefault("aria-required", "true")
    text = {"text": str(field.label.text)}
    parameters[label] = {"legend": text} if label == "fieldset" else text
    if field.description:
        parameters["hint"] = {"text": str(field.description)}
    messages = [str(message) for message in flat(field.errors)]
    if messages:
        parameters["errorMessage"] = {"text": " ".join(messages)}
        settings["aria-invalid"] = "true"
    parameters["attributes"] = settings
    return {**parameters, **given}


def _text(field: Field, given: dict[str, Any]) -> Markup:
    parameters = _common(field, given)
    parameters.setdefault("type", _TYPED_AS.get(field.type, "text"))
    if field.type == "WholeNumberField":
        parameters.setdefault("inputmode", "numeric")
    return kit.input({"value": field._value(), **parameters})


def _day(field: Field, given: dict[str, Any]) -> Markup:
    given = {"width": "10", "autocomplete": "off", **given}
    parameters = _common(field, given)
    parameters.setdefault("hint", {"text": _("For example, 28/2/2027")})
    return kit.input({"value": field._value(), **parameters})


def _password(field: Field, given: dict[str, Any]) -> Markup:
    return kit.password_input(_common(field, given))  # never filled in again


def _textarea(field: Field, given: dict[str, Any]) -> Markup:
    return kit.textarea({"value": field.data or "", **_common(field, given)})


def _select(field: Field, given: dict[str, Any]) -> Markup:
    items = [
        {"value": choice.value, "text": str(choice.label), "selected": choice.selected}
        for choice in field.iter_choices()
    ]
    return kit.select({"items": items, **_common(field, given)})


def _file(field: Field, given: dict[str, Any]) -> Markup:
    return kit.file_upload(_common(field, given))


def _choices(field: Field, given: dict[str, Any], macro: Callable[[dict[str, Any]], Markup]) -> Markup:
    # The group must not share its id with its first choice.
    items = [
        {
            "value": option._value(),
            "text": str(option.label.text),
            "id": option.id,
            "checked": bool(option.checked),
            "attributes": {"aria-invalid": "true"} if field.errors else {},
        }
        for option in field
    ]
    parameters = _common(field, given, label="fieldset")
    parameters["idPrefix"] = f"{parameters.pop('id')}-choice"
    parameters["attributes"] = {}
    return macro({"items": items, **parameters})


def _radios(field: Field, given: dict[str, Any]) -> Markup:
    return _choices(field, given, kit.radios)


def _checkboxes(field: Field, given: dict[str, Any]) -> Markup:
    return _choices(field, given, kit.checkboxes)


def _checkbox(field: Field, given: dict[str, Any]) -> Markup:
    parameters = _common(field, given)
    item = {
        "id": first_id(field),
        "value": "y",
        "text": str(field.label.text),
        "checked": bool(field.data),
        "attributes": parameters.pop("attributes"),
    }
    if "hint" in parameters:
        item["hint"] = parameters.pop("hint")
    del parameters["label"]
    parameters["idPrefix"] = f"{parameters.pop('id')}-choice"
    return kit.checkboxes({"items": [item], **parameters})


_DRAWN_BY: Final[dict[str, Callable[[Field, dict[str, Any]], Markup]]] = {
    "DayField": _day,
    "PasswordField": _password,
    "TextAreaField": _textarea,
    "SelectField": _select,
    "RadioField": _radios,
    "SelectMultipleField": _checkboxes,
    "BooleanField": _checkbox,
    "FileField": _file,
    "MultipleFileField": _file,
}
