"""What every template can use, and the settings of Jinja: strict, so that a misspelt name is an error."""

from flask import Flask, g
from jinja2 import StrictUndefined
from markupsafe import Markup

from skillsmatrix.foundation.settings import Settings
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.assets import asset_url
from skillsmatrix.web.shared.evidence_rows import evidence_rows
from skillsmatrix.web.shared.form_kit import form_errors, form_field, hidden_fields, kit, submit
from skillsmatrix.web.shared.guards import allowed
from skillsmatrix.web.shared.links import here, kept_values, link
from skillsmatrix.web.shared.navigation import navigation
from skillsmatrix.web.shared.sight import shown_name
from skillsmatrix.web.shared.standings import standing_words
from skillsmatrix.web.shared.wording import Babel, translations


def init_pages(app: Flask, settings: Settings) -> None:
    """Give templates the kit, the formats, the rights of whoever is signed in, and the organisation."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    Babel(app, default_locale="en_GB", default_timezone="Europe/London")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension that Babel adds
        gettext=lambda text: translations().ugettext(text),
        ngettext=lambda one, many, num: translations().ungettext(one, many, num),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = _said
    logo = settings.organisation_logo
    app.jinja_env.globals.update(
        allowed=allowed,
        asset=asset_url,
        evidence_rows=evidence_rows,
        form_errors=form_errors,
        form_field=form_field,
        here=here,
        shown_name=shown_name,
        hidden_fields=hidden_fields,
        kept_values=kept_values,
        kit=kit,
        link=link,
        navigation=navigation,
        organisation=settings.organisation_name,
        organisation_logo=None if logo is None else f"logo{logo.suffix.lower()}",
        standing_words=standing_words,
        submit=submit,
    )
    for name in ("capital", "day", "short_day", "typed_day", "instant"):
        app.jinja_env.filters[name] = getattr(formats, name)
    app.jinja_env.globals.update(fraction=formats.fraction, count=formats.count)
    app.context_processor(_request_context)


def _said(text: str, **values: object) -> Markup:
    """As Jinja's own, which takes twice as long: the text, as a format also where it is given no values."""
    said = Markup(translations().ugettext(text))  # noqa: S704 - of the templates and the catalogues
    return said % values if values or "%" in said else said


def _request_context() -> dict[str, object]:
    return {"actor": g.get("actor"), "asked_on": g.get("on"), "today": g.get("today")}
