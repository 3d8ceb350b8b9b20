"""The NHS.UK macros as functions: `{{ kit.button({"text": "Save"}) }}`.

They want Jinja's forgiving undefined, which hides typing errors; so they live in an environment of their own
and our templates stay strict. The kit's page and header templates are not used: they carry the NHS logo.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from jinja2 import ChainableUndefined, Environment, PackageLoader
from markupsafe import Markup

# Name in our templates → folder and macro of the kit.
_MACROS: Final = {
    "action_link": ("action-link", "actionLink"),
    "back_link": ("back-link", "backLink"),
    "breadcrumb": ("breadcrumb", "breadcrumb"),
    "button": ("button", "button"),
    "card": ("card", "card"),
    "checkboxes": ("checkboxes", "checkboxes"),
    "details": ("details", "details"),
    "error_message": ("error-message", "errorMessage"),
    "error_summary": ("error-summary", "errorSummary"),
    "file_upload": ("file-upload", "fileUpload"),
    "input": ("input", "input"),
    "inset_text": ("inset-text", "insetText"),
    "notification_banner": ("notification-banner", "notificationBanner"),
    "panel": ("panel", "panel"),
    "password_input": ("password-input", "passwordInput"),
    "radios": ("radios", "radios"),
    "select": ("select", "select"),
    "skip_link": ("skip-link", "skipLink"),
    "summary_list": ("summary-list", "summaryList"),
    "tabs": ("tabs", "tabs"),
    "tag": ("tag", "tag"),
    "textarea": ("textarea", "textarea"),
    "warning_callout": ("warning-callout", "warningCallout"),
}

# Drawn over and over with the same words; the same parameters give the same markup. What somebody typed into
# a field is not kept.
_SAME_ON_EVERY_PAGE: Final = frozenset(
    {"back_link", "breadcrumb", "button", "checkboxes", "input", "select", "skip_link"}
)
_MOST_DRAWN: Final = 200

_environment = Environment(
    loader=PackageLoader("nhsuk_frontend_jinja"),
    undefined=ChainableUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # a package does not change while we run
)


class Kit:
    """The macros by name; each takes the kit's own parameters as one mapping."""

    def __getattr__(self, name: str) -> Callable[[dict[str, Any]], Markup]:
        if name not in _MACROS:
            raise AttributeError(f"the kit has no {name}; see skillsmatrix/web/shared/kit.py")
        return _macro(name)


@cache
def _macro(name: str) -> Callable[[dict[str, Any]], Markup]:
    folder, macro = _MACROS[name]
    module = _environment.get_template(f"nhsuk/components/{folder}/macro.jinja").module
    render = getattr(module, macro)

    def draw(parameters: dict[str, Any]) -> Markup:
        if name not in _SAME_ON_EVERY_PAGE or parameters.get("value"):
            return Markup(render(parameters).strip())  # noqa: S704 - escaped by the kit's own environment
        said = repr(parameters)
        if said not in drawn:
            if len(drawn) >= _MOST_DRAWN:
                drawn.clear()
            drawn[said] = Markup(render(parameters).strip())  # noqa: S704 - the same
        return drawn[said]

    drawn: dict[str, Markup] = {}
    return draw
